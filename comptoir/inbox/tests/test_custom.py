"""Fields of a brand's own: made by managers, filled at the thread, searched, needed before closing, removed."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from comptoir.inbox import jobs
from comptoir.inbox.forms_of_fields import value_of
from comptoir.inbox.models import Bulk, CustomField, SavedReply, Thread
from comptoir.inbox.models.custom import fill
from comptoir.inbox.models.offering import offers
from comptoir.inbox.models.variables import UnknownVariable
from comptoir.inbox.tests.building import HTMX, House, browser, hear, house, said
from comptoir.networks.persons import HOLDERS, erase
from comptoir.organisation.models import AuditEntry, NameTaken, Notice, Webhook, WebhookCall
from comptoir.organisation.tests.programs import Program, problem

pytestmark = pytest.mark.django_db
FIELDS: list[tuple[str, str, list[str]]] = [
    ("Motif", "choice", ["Remboursement", "Retard"]),
    ("N° de commande", "text", []),
    ("Montant", "number", []),
    ("Date d’achat", "date", []),
    ("Client fidèle", "yesno", []),
]
VALUES = ("remboursement", "A-48213", "1 234,5", "2026-11-02", "yes")
KEPT = ("Remboursement", "A-48213", 1234.5, "2026-11-02", True)


@pytest.fixture
def verdier() -> House:
    made = house()
    hear(made.channel, [said(f"m{n}", f"words {n}", 60 - n, by=n) for n in range(3)])
    for place, (name, kind, choices) in enumerate(FIELDS):
        CustomField.make(
            made.brand, made.people["manager"], name=name, kind=kind, choices=choices, place=place
        )
    return made


@pytest.fixture
def agent(verdier: House) -> Client:
    return browser(verdier.people["agent"])


def fields(verdier: House) -> list[CustomField]:
    return list(CustomField.objects.of(verdier.brand))


def post(verdier: House, client: Client, *values: str) -> Any:
    given = {f"field-{field.pk}": value for field, value in zip(fields(verdier), values, strict=False)}
    return client.post(verdier.url(f"{verdier.thread().pk}/fields/"), given, **HTMX)


def test_values_are_given_shown_and_taken_off_without_leaving_the_page(verdier: House, agent: Client) -> None:
    page = post(verdier, agent, *VALUES)
    assert page.status_code == 200
    thread = verdier.thread()
    assert tuple(thread.fields[str(field.pk)] for field in fields(verdier)) == KEPT
    shown = page.content.decode()
    for words in ("Remboursement", "A-48213", "1,234.5", "2 Nov 2026", "<b>Client fidèle</b> Yes"):
        assert words in shown
    post(verdier, agent, "", "B-1")
    thread.refresh_from_db()
    assert str(fields(verdier)[0].pk) not in thread.fields
    assert thread.fields[str(fields(verdier)[1].pk)] == "B-1"
    assert thread.fields[str(fields(verdier)[2].pk)] == 1234.5
    entries = AuditEntry.objects.of(verdier.brand).filter(what="field_filled")
    assert entries.count() == len(FIELDS) + 2


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, "Vol"), (1, "x" * 301), (2, "many"), (2, "nan"), (3, "2026-02-30"), (4, "perhaps")],
)
def test_what_cannot_be_a_value_is_said_and_not_kept(
    verdier: House, agent: Client, place: int, value: str
) -> None:
    field = fields(verdier)[place]
    path = verdier.url(f"{verdier.thread().pk}/fields/")
    answer = agent.post(path, {f"field-{field.pk}": value}, **HTMX)
    assert answer.status_code == 422
    assert "cannot be its value" in answer.content.decode()
    assert verdier.thread().fields == {}


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("field:motif", 1), ('field:"motif=remboursement"', 1), ('field:"Motif=Retard"', 0), ("field:motif=remb*", 1),
        ('field:"n° de commande=a-48213"', 1), ('field:"montant=1234.5"', 1), ('field:"client fidele=yes"', 1),
        ('field:"date d’achat=2026-11-*"', 1), ('words NOT field:"motif=remboursement"', 2), ("field:nothing", 0),
        ('field:"motif=retard" OR field:montant', 1),
    ],
)  # fmt: skip
def test_threads_are_found_by_their_fields(verdier: House, agent: Client, query: str, finds: int) -> None:
    post(verdier, agent, *VALUES)
    page = agent.get(verdier.url(), {"q": query}).content.decode()
    assert page.count('<li id="t') == finds


def test_what_is_needed_is_asked_for_before_closing(verdier: House, agent: Client) -> None:
    motif, *_rest = fields(verdier)
    motif.change(verdier.people["manager"], required=True)
    path = verdier.url(f"{verdier.thread().pk}/closure/")
    answer = agent.post(path, **HTMX)
    assert answer.status_code == 422
    assert "needs: Motif" in answer.content.decode()
    program = Program(verdier.people["agent"])
    api = f"brands/verdier/threads/{verdier.thread().pk}"
    assert problem(program.ask("POST", f"{api}/closure")) == "invalid"
    bulk = Bulk.ask(verdier.brand, verdier.people["agent"], "close", {}, threads=[verdier.thread().pk])
    jobs.bulk.func(bulk_id=bulk.pk)
    assert verdier.thread().closed_at is None
    post(verdier, agent, "Retard")
    assert agent.post(path, **HTMX).status_code == 200
    assert verdier.thread().closed_at is not None


def test_managers_keep_them_on_a_page_and_see_what_goes(verdier: House, agent: Client) -> None:
    manager = browser(verdier.people["manager"])
    assert agent.get("/b/verdier/fields/").status_code == 403
    given = {"name": "Boutique", "kind": "choice", "choices": "Lyon\nParis\nlyon", "place": "7"}
    assert manager.post("/b/verdier/fields/", given).status_code == 302
    made = CustomField.objects.of(verdier.brand).get(name="Boutique")
    assert made.choices == ["lyon", "Paris"]
    assert manager.post("/b/verdier/fields/", given).status_code == 422
    assert manager.post("/b/verdier/fields/", {"name": "Vide", "kind": "choice"}).status_code == 422
    assert manager.post("/b/verdier/fields/", {"name": "ﷺ" * 40, "kind": "text"}).status_code == 422
    assert "Boutique" in manager.get("/b/verdier/fields/").content.decode()
    changed = {"name": "Magasin", "choices": "Lyon\nParis", "required": "on"}
    assert manager.post(f"/b/verdier/fields/{made.pk}/", changed).status_code == 302
    with pytest.raises(NameTaken):
        made.change(verdier.people["manager"], name="MOTIF")
    post(verdier, agent, "Retard")
    motif = fields(verdier)[0]
    asked = manager.post(f"/b/verdier/fields/{motif.pk}/", {"do": "remove"})
    assert "1 thread has a value of it" in asked.content.decode()
    assert CustomField.objects.of(verdier.brand).filter(pk=motif.pk).exists()
    manager.post(f"/b/verdier/fields/{motif.pk}/", {"do": "remove", "confirm": "yes"})
    assert verdier.thread().fields == {}
    assert not CustomField.objects.of(verdier.brand).filter(pk=motif.pk).exists()


def test_a_choice_that_is_none_any_more_stays_where_it_was(verdier: House, agent: Client) -> None:
    post(verdier, agent, "Retard")
    fields(verdier)[0].change(verdier.people["manager"], choices=["Autre"])
    page = agent.get(verdier.url(f"{verdier.thread().pk}/")).content.decode()
    assert "<option selected>Retard</option>" in page


def test_programs_read_and_give_them(verdier: House) -> None:
    program, path = Program(verdier.people["agent"]), f"brands/verdier/threads/{verdier.thread().pk}"
    assert [each["kind"] for each in program.get("brands/verdier/fields")["items"]] == [
        kind for _n, kind, _c in FIELDS
    ]
    given = {"fields": {"motif": "Retard", "Montant": 12, "Client fidèle": False}}
    shown = program.ask("POST", f"{path}/fields", given).json()
    assert shown["fields"] == {"Motif": "Retard", "Montant": 12, "Client fidèle": False}
    shown = program.ask("POST", f"{path}/fields", {"fields": {"Motif": None}}).json()
    assert shown["fields"] == {"Montant": 12, "Client fidèle": False}
    assert program.get("brands/verdier/threads")["items"][0]["fields"] == shown["fields"]
    for wrong in ({"Nothing": "x"}, {"Montant": "many"}):
        assert problem(program.ask("POST", f"{path}/fields", {"fields": wrong})) == "invalid"


def test_the_person_is_given_them_and_they_go_with_the_person(verdier: House, agent: Client) -> None:
    post(verdier, agent, *VALUES)
    thread = verdier.thread()
    (row,) = HOLDERS["conversations"].rows(thread.person, verdier.brand)
    assert row["fields"]["N° de commande"] == "A-48213"
    erase(thread.person)
    assert Thread.objects.of(verdier.brand).get(pk=thread.pk).fields == {}


def test_pages_ask_no_more_for_fields(verdier: House, agent: Client) -> None:
    paths = [verdier.url(f"{verdier.thread().pk}/"), verdier.url()]
    counts = []
    for _time in range(2):
        for path in paths:
            agent.get(path)
            with CaptureQueriesContext(connection) as asked:
                agent.get(path)
            counts.append(len(asked))
        fill(verdier.thread(), dict(zip(fields(verdier), KEPT, strict=True)), verdier.people["agent"])
    assert counts[:2] == counts[2:]


def test_many_threads_get_a_value_and_have_theirs_back(verdier: House, agent: Client) -> None:
    first, second, _third = Thread.objects.of(verdier.brand).order_by("last_at")
    motif = fields(verdier)[0]
    fill(first, {motif: "Retard"}, verdier.people["agent"])
    page = unescape(agent.get("/b/verdier/threads/?choose=1").content.decode())
    assert "<option>Motif</option>" in page
    assert '<option value="Remboursement">' in page
    for given in (
        {"value": "Autre"},
        {"value": ""},
        {"value": "Retard", "field": "Montant"},
        {"field": "Nix"},
    ):
        refused = agent.post("/b/verdier/bulk/", {"do": "field", "field": "motif", "all": "on"} | given)
        assert refused.status_code == 400, given
    assert "one of Remboursement, Retard" in unescape(
        agent.post("/b/verdier/bulk/", {"do": "field", "field": "Motif", "value": "?"}).content.decode()
    )

    done = {"do": "field", "field": " motif ", "value": "remboursement", "thread": [first.pk, second.pk]}
    page = unescape(agent.post("/b/verdier/bulk/", done, follow=True).content.decode())
    assert "Fill in Motif: Remboursement" in page
    made = run(verdier)
    assert (made.state, made.changes.count()) == ("done", 2)
    assert values(verdier, motif) == ["Remboursement", "Remboursement", None]
    assert [each.state for each in Thread.objects.of(verdier.brand).order_by("last_at")] == [
        "open",
        "open",
        "new",
    ]
    fill(second, {motif: "Retard"}, verdier.people["owner"])
    agent.post(f"/b/verdier/bulk/{made.pk}/undoing/")
    assert run(verdier).state == "undone"
    assert values(verdier, motif) == ["Retard", "Retard", None], "what somebody changed since stays"
    agent.post("/b/verdier/bulk/", {"do": "unfield", "field": "Motif", "all": "on", "show": "open"})
    assert run(verdier).changes.count() == 2
    assert values(verdier, motif) == [None, None, None]
    agent.post(f"/b/verdier/bulk/{Bulk.objects.of(verdier.brand).latest('pk').pk}/undoing/")
    run(verdier)
    assert values(verdier, motif) == ["Retard", "Retard", None]


def test_programs_fill_many_and_kinds_stay_what_they_are(verdier: House) -> None:
    program, there = Program(verdier.people["agent"]), "brands/verdier/bulk"
    for field, value in zip(fields(verdier)[1:], ("A-1", 12.5, "2026-11-02", True), strict=True):
        given = {"do": "field", "field": field.name, "value": value, "show": "open"}
        assert program.ask("POST", there, given).json()["do"] == "field"
        run(verdier)
        assert values(verdier, field) == [value] * 3
    wrong = program.ask("POST", there, {"do": "field", "field": "Montant", "value": "much", "show": "open"})
    assert problem(wrong) == "invalid"
    assert "no number" in wrong.json()["detail"]
    with override("fr"):
        assert value_of(fields(verdier)[4], "Non") is False


def test_a_field_that_is_gone_meanwhile_is_passed_over(verdier: House, agent: Client) -> None:
    agent.post(
        "/b/verdier/bulk/", {"do": "field", "field": "Motif", "value": "Retard", "all": "on", "show": "open"}
    )
    fields(verdier)[0].remove(verdier.people["manager"])
    made = run(verdier)
    assert (made.state, made.changes.count()) == ("done", 0)


def test_saved_replies_tell_what_a_thread_has(verdier: House) -> None:
    manager, thread = verdier.people["manager"], verdier.thread()
    words = " ".join(f"{{{{field.{name.upper()}}}}}" for name, _kind, _choices in FIELDS) + "."
    texts = {"fr": words, "en": words, "de": words}
    saved = SavedReply.make(verdier.brand, manager, "Order", "order", texts)

    def told() -> dict[str, str]:
        (offer,) = offers(
            Thread.objects.of(verdier.brand).select_related("channel").get(pk=thread.pk), manager
        )
        return {code: text.replace("\u202f", " ").replace("\xa0", " ") for code, text in offer.texts.items()}

    assert told()["en"] == "."
    fill(thread, dict(zip(fields(verdier), KEPT, strict=True)), manager)
    assert told() == {
        "fr": "Remboursement A-48213 1 234,5 2 novembre 2026 oui.",
        "en": "Remboursement A-48213 1,234.5 2 November 2026 yes.",
        "de": "Remboursement A-48213 1.234,5 2. November 2026 ja.",
    }
    motif = fields(verdier)[0]
    motif.change(manager, name="Cause de l’appel")
    assert saved.texts.get(language="fr").text.startswith("{{field.Cause de l’appel}} {{field.N°")
    assert told()["fr"].startswith("Remboursement A-48213")
    motif.remove(manager)
    assert told()["fr"].startswith("A-48213"), "what nothing fills is left out, as of any other"
    with pytest.raises(UnknownVariable):
        SavedReply.make(verdier.brand, manager, "Cause", "cause", {"en": "{{field.Cause de l’appel}}"})


def test_the_page_of_saved_replies_names_the_fields(verdier: House) -> None:
    client = browser(verdier.people["manager"])
    given = {"name": "Order", "language": "en", "text": "Order {{field.n° de commande}} {{field.Nix}}"}
    page = unescape(client.post("/b/verdier/saved-replies/new/", given).content.decode())
    assert "There is no variable {{field.Nix}}" in page
    assert "<code>{{field.N° de commande}}</code>" in page
    given = {**given, "text": "Order {{field.n° de commande}}", "do": "preview"}
    page = unescape(client.post("/b/verdier/saved-replies/new/", given).content.decode())
    assert "Order [N° de commande]" in page


def test_webhooks_and_followers_hear_of_it(verdier: House) -> None:
    agent, owner, thread = verdier.people["agent"], verdier.people["owner"], verdier.thread()
    Webhook.make(verdier.brand, "https://example.org/hook", ["thread.filled"], owner)
    thread.follow(owner)
    motif, order, *_rest = fields(verdier)
    for _twice in range(2):
        fill(thread, {motif: "Retard", order: "A-1"}, agent)
    call = WebhookCall.objects.of(verdier.brand).get()
    assert call.data == {"threads": [thread.pk], "fields": ["Motif", "N° de commande"], "by": agent.pk}
    assert Notice.objects.of(verdier.brand).filter(to=owner, code="thread_followed").count() == 1


def run(verdier: House) -> Bulk:
    made = Bulk.objects.of(verdier.brand).latest("pk")
    for _twice in range(2):
        jobs.bulk.func(bulk_id=made.pk)
    made.refresh_from_db()
    return made


def values(verdier: House, field: CustomField) -> list[Any]:
    rows = Thread.objects.of(verdier.brand).order_by("last_at").values_list("fields", flat=True)
    return [row.get(str(field.pk)) for row in rows]
