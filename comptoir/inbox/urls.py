"""Addresses of the counter, below a brand."""

from django.urls import path

from comptoir.inbox.views import acts, cases, correcting, queues, rules, saved
from comptoir.inbox.views.about import thread_about
from comptoir.inbox.views.bulk import bulk, bulk_undoing, bulks
from comptoir.inbox.views.calling import alarms
from comptoir.inbox.views.clusters import cluster, releases
from comptoir.inbox.views.contact import (
    person,
    person_links,
    person_notes,
    person_promises,
    person_tags,
    promise_settling,
    promises,
)
from comptoir.inbox.views.custom import custom_field, custom_fields, fields
from comptoir.inbox.views.defending import block, blocks, lifting, person_blocks, reports
from comptoir.inbox.views.enclosing import attachment, enclosure, enclosures
from comptoir.inbox.views.merging import merges, splits
from comptoir.inbox.views.offers import offers
from comptoir.inbox.views.presence import draft, lock, presence, presences
from comptoir.inbox.views.releases import choice, release, release_copies, release_stop
from comptoir.inbox.views.signing import length, shielding
from comptoir.inbox.views.sorting import tag, tags, view_removal, views
from comptoir.inbox.views.standing import closure, following, pause, priority
from comptoir.inbox.views.taking import choices
from comptoir.inbox.views.thread import thread
from comptoir.inbox.views.threads import surging, threads
from comptoir.organisation import addresses  # noqa: F401 - registers <number:...>

urlpatterns = [
    path("threads/", threads, name="threads"),
    path("threads/next/", acts.next_one, name="next"),
    path("threads/surging/", surging, name="surging"),
    path("threads/presence/", presences, name="presences"),
    path("threads/<number:pk>/", thread, name="thread"),
    path("offers/", offers, name="offers"),
    path("bulk/", bulks, name="bulks"),
    path("bulk/<number:pk>/", bulk, name="bulk"),
    path("bulk/<number:pk>/undoing/", bulk_undoing, name="bulk-undoing"),
    path("queues/", queues.queues, name="queues"),
    path("queues/target/", queues.usual_target, name="usual-target"),
    path("queues/<number:pk>/", queues.queue, name="queue"),
    path("queues/<number:pk>/target/", queues.target, name="queue-target"),
    path("queues/<number:pk>/place/", queues.place, name="queue-place"),
    path("queues/<number:pk>/dissolution/", queues.dissolution, name="queue-dissolution"),
    path("queues/<int:pk>/threads/", queues.queue_threads, name="queue-threads"),
    path("clerks/", queues.clerks, name="clerks"),
    path("clerks/<number:pk>/", queues.clerk, name="clerk"),
    path("surge/clusters/<number:pk>/", cluster, name="cluster"),
    path("surge/clusters/<number:pk>/releases/", releases, name="releases"),
    path("surge/releases/<number:pk>/choice/", choice, name="release-choice"),
    path("surge/releases/<number:pk>/", release, name="release"),
    path("surge/releases/<number:pk>/copies/", release_copies, name="release-copies"),
    path("surge/releases/<number:pk>/stop/", release_stop, name="release-stop"),
    path("views/", views, name="views"),
    path("views/<number:pk>/removal/", view_removal, name="view-removal"),
    path("tags/<number:pk>/", tag, name="tag"),
    path("persons/<number:pk>/", person, name="person"),
    path("persons/<number:pk>/notes/", person_notes, name="person-notes"),
    path("persons/<number:pk>/tags/", person_tags, name="person-tags"),
    path("persons/<number:pk>/promises/", person_promises, name="person-promises"),
    path("persons/<number:pk>/links/", person_links, name="person-links"),
    path("persons/<number:pk>/blocks/", person_blocks, name="person-blocks"),
    path("fields/", custom_fields, name="custom-fields"),
    path("fields/<number:pk>/", custom_field, name="custom-field"),
    path("threads/<number:pk>/fields/", fields, name="fields"),
    path("blocks/", blocks, name="blocks"),
    path("blocks/<number:pk>/lifting/", lifting, name="lifting"),
    path("promises/", promises, name="promises"),
    path("promises/<number:pk>/", promise_settling, name="promise"),
    path("threads/about/<number:pk>/", thread_about, name="thread-about"),
    path("threads/<number:pk>/presence/", presence, name="presence"),
    path("threads/<number:pk>/draft/", draft, name="draft"),
    path("threads/<number:pk>/lock/", lock, name="lock"),
    path("threads/<number:pk>/replies/", acts.replies, name="replies"),
    path("threads/<number:pk>/replies/<number:act>/deletion/", acts.deletion, name="deletion"),
    path("threads/<number:pk>/replies/<number:act>/edition/", acts.edition, name="edition"),
    path("threads/<number:pk>/enclosures/", enclosures, name="enclosures"),
    path("threads/<number:pk>/enclosures/<number:act>/", enclosure, name="enclosure"),
    path("threads/<number:pk>/attachments/<number:act>/", attachment, name="attachment"),
    path("threads/<number:pk>/notes/", acts.notes, name="notes"),
    path(
        "threads/<number:pk>/messages/<number:message>/corrections/",
        correcting.corrections,
        name="message-corrections",
    ),
    path("threads/<number:pk>/messages/<number:message>/moderations/", acts.moderations, name="moderations"),
    path("threads/<number:pk>/assignment/", acts.assignment, name="assignment"),
    path("threads/<number:pk>/closure/", closure, name="closure"),
    path("threads/<number:pk>/tags/", tags, name="tags"),
    path("threads/<number:pk>/pause/", pause, name="pause"),
    path("threads/<number:pk>/priority/", priority, name="priority"),
    path("threads/<number:pk>/following/", following, name="following"),
    path("threads/<number:pk>/cases/", cases.hand_over, name="hand-over"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<number:pk>/settlement/", cases.case_settlement, name="case-settlement"),
    path("desks/", cases.desks, name="desks"),
    path("desks/<number:pk>/retirement/", cases.desk_retirement, name="desk-retirement"),
    path("threads/<number:pk>/block/", block, name="block"),
    path("threads/<number:pk>/reports/", reports, name="reports"),
    path("threads/<number:pk>/alarms/", alarms, name="alarms"),
    path("threads/<number:pk>/merges/", merges, name="merges"),
    path("threads/<number:pk>/messages/<number:message>/splits/", splits, name="splits"),
    path("threads/<number:pk>/reading/", acts.reading, name="reading"),
    path("threads/<number:pk>/length/", length, name="length"),
    path("threads/<number:pk>/saved-replies/", choices, name="choices"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.rule_new, name="rule-new"),
    path("rules/ready/", rules.rule_ready, name="rule-ready"),
    path("rules/checking/", rules.rule_checking, name="rule-checking"),
    path("rules/<number:pk>/", rules.rule, name="rule"),
    path("rules/<number:pk>/edition/", rules.rule_edition, name="rule-edition"),
    path("rules/<number:pk>/trial/", rules.rule_trial, name="rule-trial"),
    path("rules/<number:pk>/switch/", rules.rule_switch, name="rule-switch"),
    path("rules/<number:pk>/place/", rules.rule_place, name="rule-place"),
    path("rules/<number:pk>/removal/", rules.rule_removal, name="rule-removal"),
    path("shield/", shielding, name="shield"),
    path("saved-replies/", saved.saved_replies, name="saved-replies"),
    path("saved-replies/new/", saved.saved_reply_new, name="saved-reply-new"),
    path("saved-replies/<number:pk>/", saved.saved_reply, name="saved-reply"),
    path("saved-replies/<number:pk>/removal/", saved.saved_reply_removal, name="saved-reply-removal"),
    *(
        path(
            f"threads/<number:pk>/{what}/<number:act>/withdrawal/",
            acts.withdrawal,
            {"what": what},
            name=f"{what}-withdrawal",
        )
        for what in ("replies", "notes", "assignments", "moderations", "merges", "defences", "corrections")
    ),
]
