"""For programs: what was heard, how it is read, and saying what is true of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Query as Asked
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.listening.api import QUERY, query_found
from comptoir.listening.asked import Asked as Narrowed
from comptoir.listening.finding import find
from comptoir.listening.models import Fold, Mention
from comptoir.listening.rereading import reread
from comptoir.listening.sampled import EVERYTHING, SUBSTANCE
from comptoir.networks.answering import answering
from comptoir.networks.models import Correction
from comptoir.networks.shapes_of_corrections import CorrectionGiven, CorrectionShown
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.paging import NUMBER_MOST, USUAL, After, Limit, Page, moment, next_moment
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.organisation.query_words import sentence_of

router = Router(tags=["listening"])
MENTION = "/brands/{slug:brand}/mentions/{number:pk}"
_READS, _WRITES = Bearer("threads:read"), Bearer("threads:write", "agent")


class MentionShown(BaseModel):
    """Something that was said and that a query is true of."""

    id: int
    query: int
    network: str
    remote_id: str
    at: datetime
    author: str
    handle: str
    followers: int
    url: str
    title: str
    text: str
    language: str = Field(description=gettext_noop("Its code, empty where nobody can tell."))
    tone: Literal["positive", "neutral", "negative", ""]
    noise: Literal["", "spam", "repeat"] = Field(description=gettext_noop("Why it is passed over at first."))
    of: int | None = Field(description=gettext_noop("Of a repeat: the mention that is shown for it."))
    same: int = Field(description=gettext_noop("How many others say the same."))
    toxic: bool = Field(description=gettext_noop("Whether it may be hateful."))
    asks: bool = Field(description=gettext_noop("Whether its author waits for an answer."))
    presses: bool = Field(description=gettext_noop("Whether it speaks of health, of children or of danger."))
    closely: bool = Field(description=gettext_noop("Whether the better tier read it."))

    @classmethod
    def of_page(cls, brand: int, page: list[Mention]) -> list[MentionShown]:
        """Mentions as programs see them, in the order given."""
        folds = sorted({each.fold for each in page if each.fold})
        sizes: dict[int, int] = {}
        heads: dict[int, int] = {}
        if folds:
            sizes = dict(Fold.objects.of(brand).filter(pk__in=folds).values_list("pk", "size"))
            shown = Mention.objects.of(brand).filter(fold__in=folds, noise="")
            heads = {fold: pk for fold, pk in shown.values_list("fold", "pk") if fold}
        return [cls._of(each, sizes.get(each.fold or 0, 1) - 1, heads.get(each.fold or 0)) for each in page]

    @classmethod
    def _of(cls, mention: Mention, same: int, head: int | None) -> MentionShown:
        said = mention.activity
        return cls.model_construct(
            id=mention.pk, query=mention.query_id, network=mention.network, remote_id=said.remote_id,
            at=mention.at, author=said.actor.name if said.actor else "",
            handle=said.actor.handle if said.actor else "", followers=mention.followers, url=said.url,
            title=said.title, text=said.text, language=mention.language, tone=mention.tone, noise=mention.noise,
            of=head if mention.noise == Mention.Noise.REPEAT else None, same=same, toxic=mention.toxic,
            asks=mention.asks, presses=mention.presses, closely=mention.closely,
        )  # fmt: skip


class Mentions(Page[MentionShown]):
    """What a query heard, what was said last at the top."""


class BringGiven(BaseModel):
    """Where a mention is to be answered."""

    model_config = ConfigDict(extra="forbid")
    channel: int = Field(ge=1, le=NUMBER_MOST, description=gettext_noop("A channel of its network."))


Said = Annotated[str, Asked(max_length=30, description=gettext_noop("Only these."))]
Sought = Annotated[
    str, Asked(max_length=4_096, description=gettext_noop("A search in the language of queries."))
]
Day = Annotated[str, Asked(max_length=16, description=gettext_noop("A day, like 2026-05-01."))]
_NOISES = {"": EVERYTHING, "none": SUBSTANCE}


@router.get(f"{QUERY}/mentions", auth=_READS, response=Mentions, operation_id="mentions",
            summary=gettext_noop("What it heard, what was said last at the top"))  # fmt: skip
def mentions(
    request: ApiRequest, brand: str, pk: int, limit: Limit = USUAL, cursor: After = "",
    tone: Said = "", language: Said = "", network: Said = "",
    noise: Annotated[Literal["", "none", "spam", "repeat"], Asked(description=gettext_noop("Only these."))] = "",
    sign: Annotated[
        Literal["", "toxic", "asks", "presses"], Asked(description=gettext_noop("Only those so marked."))
    ] = "",
    q: Sought = "", since: Day = "", until: Day = "",
) -> Mentions:  # fmt: skip
    given = QueryDict(mutable=True)
    given.update({
        "tone": tone, "language": language, "network": network, "noise": _NOISES.get(noise, noise), "sign": sign,
        "q": q, "since": since, "until": until,
    })  # fmt: skip
    try:
        asked = Narrowed.of(request.brand, given, only=query_found(request, pk))
    except BadRequest as wrong:
        raise wrong_at("since", str(wrong)) from None
    found = find(asked, moment(cursor, "mentions"), limit)
    if found.wrong:
        raise wrong_at("q", sentence_of(found.wrong.problems[0]))
    last = found.mentions[-1] if found.mentions else None
    end = found.stopped or ((last.at, last.pk) if last else None)
    following = next_moment(request, "mentions", *end) if found.more and end else None
    return Mentions.model_construct(
        items=MentionShown.of_page(request.brand.pk, found.mentions), next=following
    )


@router.get(MENTION, auth=_READS, response=MentionShown, operation_id="mention",
            summary=gettext_noop("One mention"))  # fmt: skip
def mention(request: ApiRequest, brand: str, pk: int) -> MentionShown:
    return MentionShown.of_page(request.brand.pk, [_found(request, pk)])[0]


@router.post(f"{MENTION}/bringing", auth=_WRITES, response={204: None}, operation_id="bring-mention",
             summary=gettext_noop("Bring it to the counter, where it becomes a thread"))  # fmt: skip
def bring(request: ApiRequest, brand: str, pk: int, given: BringGiven) -> Status[Any]:
    found = _found(request, pk)
    channel = next(
        (each for each in answering(request.brand.pk, found.network) if each.pk == given.channel), None
    )
    if channel is None:
        raise wrong_at("channel", _("This is no channel of its network that could answer there."))
    found.bring(channel, request.user)
    return Status(204, None)


@router.post(f"{MENTION}/corrections", auth=_WRITES, response={201: CorrectionShown},
             operation_id="correct-mention", summary=gettext_noop("Say what is true of it"))  # fmt: skip
def correct(request: ApiRequest, brand: str, pk: int, given: CorrectionGiven) -> Status[Any]:
    found = _found(request, pk)
    was = {"tone": found.tone, "language": found.language, "spam": "spam" if found.noise == "spam" else "ham"}
    try:
        made = Correction.make(
            request.brand, found.activity, request.user, given.what, given.value, was[given.what]
        )
    except ValueError:
        raise wrong_at("value", _("A mention cannot be corrected to that.")) from None
    reread(request.brand.pk, [found.activity_id])
    return Status(201, CorrectionShown.of(made))


@router.delete(f"{MENTION}/corrections/{{number:act}}", auth=_WRITES, response={204: None},
               operation_id="uncorrect-mention", summary=gettext_noop("Take back what was said of it"))  # fmt: skip
def uncorrect(request: ApiRequest, brand: str, pk: int, act: int) -> Status[Any]:
    found = _found(request, pk)
    rows = Correction.objects.of(request.brand).filter(activity=found.activity_id, pk=act)
    if (said := rows.select_related("activity").first()) is None:
        raise Problem("not-found")
    if said.undo(request.user):
        reread(request.brand.pk, [found.activity_id])
    return Status(204, None)


def _found(request: ApiRequest, pk: int) -> Mention:
    rows = Mention.objects.of(request.brand).filter(pk=pk).select_related("query", "activity__actor")
    if (found := rows.first()) is None:
        raise Problem("not-found")
    return found
