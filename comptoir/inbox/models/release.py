"""A release: the people of a cluster answered together, one reply to each, once a person has looked at them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Coalesce

from comptoir.inbox.events import ReleaseAsked
from comptoir.inbox.models.acts import Reply
from comptoir.inbox.models.clusters import Cluster
from comptoir.inbox.models.custom import fields_for
from comptoir.inbox.models.gathered import ASKED, NEVER, Member, Why, Wording, objections, waiting_in
from comptoir.inbox.models.signing import signature
from comptoir.inbox.models.stepwise import Stepwise
from comptoir.inbox.models.survey import as_long
from comptoir.inbox.models.thread import Answered, Thread
from comptoir.inbox.models.variables import check
from comptoir.inbox.models.writing import Locked
from comptoir.kernel import clock
from comptoir.kernel.events import tell
from comptoir.kernel.live import nudge
from comptoir.networks.connector import Length, Replies
from comptoir.networks.models import Activity, Actor, Channel, Delivery
from comptoir.networks.pacing import Departures
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet
from comptoir.organisation.models.brand import is_shielded

if TYPE_CHECKING:
    from comptoir.organisation.models import User


class NothingToSend(ValueError):
    """Nobody in it would get an answer."""


class NotSeen(ValueError):
    """Who would get an answer is not who was shown."""


class NotYours(ValueError):
    """It was prepared, and shown, as answers of somebody else: with their name, and counted with it."""


class ReleaseQuerySet(BrandQuerySet["Release"]):
    def counted(self) -> ReleaseQuerySet:
        """With how many are `ticked` and `spared`, how many to be looked at (`odd`), `answered` and on their network
        (`sent`)."""
        of: dict[str, models.Q] = {
            "ticked": models.Q(chosen=True),
            "spared": models.Q(chosen=False),
            "odd": ~models.Q(why=[]),
            "answered": models.Q(outcome=Part.Outcome.ANSWERED),
            "sent": models.Q(reply__delivery__state=Delivery.State.SENT),
        }
        # Whoever is given some channels only has a view for this table, by whose key nothing can be grouped.
        theirs = Part.objects.filter(release=models.OuterRef("pk")).order_by().values("release")
        counts = {
            name: theirs.filter(which).annotate(n=models.Count("pk")).values("n")
            for name, which in of.items()
        }
        return self.annotate(**{name: Coalesce(models.Subquery(n), 0) for name, n in counts.items()})


class ReleaseManager(BrandManager["Release", "ReleaseQuerySet"]):
    queryset_class = ReleaseQuerySet


class Release(Stepwise):
    """`texts` by language, for the `parts` that are chosen: a draft until somebody releases it.

    It holds who waited when it was prepared: whoever comes into the cluster later is not in it.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        STOPPING = "stopping"
        STOPPED = "stopped"

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    cluster = models.ForeignKey(Cluster, on_delete=models.SET_NULL, null=True, related_name="releases")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    texts = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    created = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True)

    objects: ClassVar[ReleaseManager] = ReleaseManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "waiting", "running", "done", "stopping", "stopped"]),
                name="release_state_known",
            )
        ]

    def __str__(self) -> str:
        return f"release {self.pk}"

    @classmethod
    def prepare(cls, cluster: Cluster, by: User, texts: Mapping[str, str]) -> Release:
        """A draft for everybody who waits in the cluster. UnknownVariable or Unclosed for a text that cannot be filled,
        NothingToSend when nobody waits or no text is given."""
        texts = {language: text.strip() for language, text in texts.items() if text.strip()}
        own = {each.folded for each in fields_for(cluster.brand_id, texts.values())}
        for text in texts.values():
            check(text, own)
        members = waiting_in(cluster)
        if not texts or not members:
            raise NothingToSend
        brand = cluster.brand
        with transaction.atomic():
            cls.objects.of(brand).filter(cluster=cluster, by=by, state=cls.State.DRAFT).delete()
            made = cls.objects.create(brand=brand, cluster=cluster, by=by, texts=texts)
            Part.objects.bulk_create(_parts(made, members, by), 500)
            record("release_prepared", brand, made, by, count=len(members))
            made._announce("release.prepared", by)
        return made

    def choose(self, by: User, shown: Collection[int], ticked: Collection[int]) -> bool:
        """Of the parts `shown`, answer the `ticked` ones; False when it is no draft any more."""
        with transaction.atomic():
            held = Release.objects.of(self.brand_id).select_for_update().get(pk=self.pk)
            if held.state != self.State.DRAFT:
                return False
            for part in self.parts.filter(pk__in=shown):
                chosen = part.pk in ticked and part.may_be_chosen
                if chosen != part.chosen:
                    Part.objects.filter(pk=part.pk).update(chosen=chosen)
            record("release_changed", self.brand_id, self, by)
        return True

    def version(self) -> int:
        """Who is in it and who of these is chosen, as a number: another one as soon as somebody chooses otherwise."""
        parts = list(self.parts.order_by("pk").values_list("pk", "chosen"))
        return int.from_bytes(blake2b(repr(parts).encode(), digest_size=6).digest())

    def release(self, by: User, looked: int | None = None) -> bool:
        """Have the answers leave; False when that was done already. NothingToSend when nobody is chosen, NotSeen when
        its version is not the one that was `looked` at, NotYours for anybody but who prepared it."""
        with transaction.atomic():
            # Whoever chooses otherwise at this moment is waited for.
            held = Release.objects.of(self.brand_id).select_for_update().filter(pk=self.pk).first()
            if held is None or held.state != self.State.DRAFT:
                return False
            if held.by_id != by.pk:
                raise NotYours
            if looked not in (None, self.version()):
                raise NotSeen
            if not self.parts.filter(chosen=True).exists():
                raise NothingToSend
            self._move(self.State.DRAFT, self.State.WAITING, by=by, released_at=clock.now())
            record("released", self.brand_id, self, by, count=self.parts.filter(chosen=True).count())
            self._announce("release.released", by)
            tell(ReleaseAsked(self.pk))
        return True

    def stop(self, by: User) -> bool:
        """Answer nobody more, and keep from leaving what has not left; False when there is nothing to stop."""
        with transaction.atomic():
            moved = any(
                self._move(state, self.State.STOPPING)
                for state in (self.State.WAITING, self.State.RUNNING, self.State.DONE)
            )
            if not moved:
                return False
            record("release_stopped", self.brand_id, self, by)
            self._announce("release.stopped", by)
            tell(ReleaseAsked(self.pk))
        return True

    def run(self) -> None:
        """Answer who is left of it. Whoever is interrupted goes on where they were."""
        self._move(self.State.WAITING, self.State.RUNNING)
        if self.state == self.State.RUNNING:
            self._departures: dict[int, Departures] = {}
            self._wording: Wording | None = None
            chosen = self.parts.filter(chosen=True).order_by("pk").values_list("pk", flat=True)
            if self._go_on(list(chosen), self._answer):
                self._finish()
        if self.state == self.State.STOPPING:
            under_way = self.parts.filter(reply__delivery__state=Delivery.State.WAITING)
            for part in under_way.select_related("reply__delivery", "reply__thread").iterator():
                if part.reply is not None and part.reply.undo():
                    Part.objects.filter(pk=part.pk).update(outcome=Part.Outcome.UNDONE)
                    nudge(self.brand_id, [part.thread_id])
            self._move(self.State.STOPPING, self.State.STOPPED)
        nudge(self.brand_id, what=self.word)

    def _finish(self) -> None:
        with transaction.atomic():
            if self._move(self.State.RUNNING, self.State.DONE):
                self._announce("release.done", self.by)

    def _announce(self, kind: str, by: User | None) -> None:
        """Tell programs, with how many people are chosen and how many were answered so far."""
        chosen = models.Count("pk", filter=models.Q(chosen=True))
        answered = models.Count("pk", filter=models.Q(outcome=Part.Outcome.ANSWERED))
        counts = self.parts.aggregate(chosen=chosen, answered=answered)
        announce(
            self.brand_id, kind, release=self.pk, cluster=self.cluster_id, **counts, by=by.pk if by else None
        )

    def _answer(self, pk: int) -> None:
        """Answer one person, unless something happened since it was looked at."""
        part = Part.objects.get(pk=pk)
        reply: Reply | None = None
        rows: Any = Thread.objects.of(self.brand_id).select_related("channel", "person")
        thread: Thread | None = rows.select_for_update(of=("self",)).filter(pk=part.thread_id).first()
        outcome = self._against(part, thread)
        if thread is not None and self.by is not None and not outcome:
            departures = self._departures.setdefault(thread.channel_id, Departures(thread.channel))
            leaves = departures.next(settings.SEND_DELAY) - clock.now()
            newest = thread.replies.order_by("-pk").values_list("pk", flat=True).first()
            self._wording = self._wording or Wording(self.texts, self.brand, self.by)
            text = self._wording.text(part.language, thread.person, thread.channel, thread.fields)
            try:
                reply = thread.reply(
                    text, self.by, seen=newest or 0, key=part.key, after=max(0.0, leaves.total_seconds())
                )
            except Locked:
                outcome = Part.Outcome.LOCKED
            except Answered:
                outcome = Part.Outcome.MEANWHILE
            except ValueError:
                outcome = Part.Outcome.GONE
        Part.objects.filter(pk=pk).update(outcome=outcome or Part.Outcome.ANSWERED, reply=reply)

    def _against(self, part: Part, thread: Thread | None) -> str:
        """Why a thread is not answered now, "" for no reason."""
        told = Part.Outcome
        if self.by is None or not self.brand.answerers().filter(pk=self.by.pk).exists():
            return told.LEFT
        if thread is None or thread.merged_into_id is not None:
            return told.GONE
        if thread.answered:
            return told.MEANWHILE
        if not thread.is_open:
            return told.CLOSED
        if not thread.channel.can_now(Replies):
            return told.CHANNEL
        heard = thread.last_inbound()
        if heard is None or not thread.entries.filter(activity=heard, addressed=True).exists():
            return told.GONE
        return told.CHANGED if self._changed(part, thread, heard) else ""

    def _changed(self, part: Part, thread: Thread, heard: Activity) -> bool:
        """Whether the person said something else, or more, since somebody looked."""
        another = heard.pk != part.activity_id and Why.MORE not in part.why
        since = [at for at in (heard.edited, thread.last_in) if at is not None]
        return another or any(at > self.created for at in since)


class Part(models.Model):
    """A thread of a release: whether it is chosen, what speaks against it, and what became of it."""

    class Outcome(models.TextChoices):
        TO_DO = ""
        ANSWERED = "answered"
        UNDONE = "undone"
        MEANWHILE = "meanwhile"
        LOCKED = "locked"
        CLOSED = "closed"
        CHANGED = "changed"
        GONE = "gone"
        CHANNEL = "channel"
        LEFT = "left"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="parts", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=16)
    likeness = models.FloatField(default=1.0)
    why = ArrayField(models.CharField(max_length=12), default=list)
    chosen = models.BooleanField(default=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True, default="")
    reply = models.OneToOneField(Reply, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "thread"], name="answered_once_a_release")]

    def __str__(self) -> str:
        return f"{self.thread_id} in {self.release_id}"

    @property
    def may_be_chosen(self) -> bool:
        """Whether somebody may have it answered with the others."""
        return not NEVER & set(self.why)

    @property
    def key(self) -> str:
        """What its answer leaves with: the same for every try, so that nobody is answered twice."""
        return blake2b(f"release:{self.release_id}:{self.thread_id}".encode(), digest_size=16).hexdigest()


def answering_channels(brand: Brand) -> list[Channel]:
    """The brand's channels on which answers can leave now."""
    return [each for each in Channel.objects.of(brand) if each.can_now(Replies)]


def _parts(release: Release, members: list[Member], by: User) -> list[Part]:
    """Everybody who waits, with what speaks against each."""
    brand = release.brand
    channels = {each.pk: each for each in answering_channels(brand)}
    why = objections(members, by, channels)
    wording = Wording(release.texts, brand, by)
    people = Actor.objects.in_bulk([each.person for each in members if each.person])
    said = (
        Activity.objects.of(brand).select_related("actor").distinct().in_bulk([m.activity for m in members])
    )
    shielded = is_shielded(brand.pk)
    counts = {pk: Counting(channel, by, shielded) for pk, channel in channels.items()}
    parts = []
    for member in members:
        against, language = why[member.thread], wording.language(member.language)
        heard = said.get(member.activity)
        if heard is not None and member.channel in counts:
            person = people.get(member.person or 0)
            text = wording.text(language, person, channels[member.channel], member.fields)
            if not counts[member.channel].fits(heard, text):
                against.append(Why.LONG)
        chosen = not (NEVER | ASKED) & set(against)
        parts.append(Part(
            release=release, thread_id=member.thread, activity_id=member.activity, language=language,
            likeness=member.likeness, why=[str(each) for each in against], chosen=chosen,
        ))  # fmt: skip
    return parts


class Counting:
    """How a channel's network counts an answer, with what it is signed with."""

    def __init__(self, channel: Channel, by: User, shielded: bool) -> None:
        self._connector: Any = channel.connector()
        self._signed = signature(channel, by, shielded).text

    def of(self, heard: Activity, text: str) -> Length:
        """How long an answer to a message is."""
        length: Length = self._connector.answer_length(heard.as_contract(), as_long(text) + self._signed, "")
        return length

    def fits(self, heard: Activity, text: str) -> bool:
        """Whether it says something, and not more than the network takes."""
        return bool(text.strip()) and self.of(heard, text).fits
