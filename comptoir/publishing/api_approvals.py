"""For programs: who approves posts, where each stands, and deciding."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router, Status
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.models import Role
from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.api import post_of, refusing, stale
from comptoir.publishing.forms_of_approval import nameless, wordless
from comptoir.publishing.models import Approval, ApprovalStep, Post, Remark
from comptoir.publishing.models.approval import STEPS_MOST, WHO_MOST, WORDS_MOST
from comptoir.publishing.shapes_of_posts import POST, Text
from comptoir.publishing.views.approvals import nobody_asked, not_yours

router = Router(tags=["posts"])
STEPS = "/brands/{slug:brand}/posts/approval"
APPROVAL = f"{POST}/approval"
LISTED = 50
_READS, _WRITES = Bearer("posts:read"), Bearer("posts:write", "agent")


class StepGiven(BaseModel):
    """Who approves at one step: whoever has a role or more, or a client outside, by what they are called."""

    model_config = ConfigDict(extra="forbid")
    role: Literal["agent", "manager", "owner", "client"]
    who: Text = Field(default="", max_length=WHO_MOST, description=gettext_noop("What a client is called."))


class Steps(BaseModel):
    """Who approves the posts of a brand, one after the other; nobody where there is no step."""

    model_config = ConfigDict(extra="forbid")
    items: list[StepGiven] = Field(max_length=STEPS_MOST)


class DecisionShown(BaseModel):
    """A step that was asked about a version, and what was decided: "" while nobody did."""

    version: int
    role: str
    who: str
    asked: datetime
    decision: str
    decided: datetime | None
    by: str
    words: str


class RemarkShown(BaseModel):
    """What somebody said about a draft; a client reads what is `shared`."""

    version: int
    by: str
    text: str
    shared: bool
    at: datetime


class ApprovalShown(BaseModel):
    """Where the approval of a post stands: the last 50 steps that were asked, the newest first, and what was said."""

    state: str
    version: int
    decides: bool = Field(description=gettext_noop("Whether the token's person may decide now."))
    decisions: list[DecisionShown]
    remarks: list[RemarkShown]


class DecisionGiven(BaseModel):
    """What is decided about the version that was read; whoever does not approve says why."""

    model_config = ConfigDict(extra="forbid")
    version: int = Field(ge=1, description=gettext_noop("The version that was read."))
    decision: Literal["approved", "changes", "declined"]
    words: Text = Field(default="", max_length=WORDS_MOST)


class RemarkGiven(BaseModel):
    """Something to say about a draft."""

    model_config = ConfigDict(extra="forbid")
    text: Text = Field(min_length=1, max_length=WORDS_MOST)
    shared: bool = Field(default=False, description=gettext_noop("Whether clients with a link read it."))


class LinkShown(BaseModel):
    """The address by which a client decides. It is told this once."""

    link: str


@router.get(STEPS, auth=_READS, response=Steps, operation_id="approval-steps",
            summary=gettext_noop("Who approves posts"))  # fmt: skip
def steps(request: ApiRequest, brand: str) -> Steps:
    return _steps(request)


@router.put(STEPS, auth=Bearer("posts:write", "manager"), response=Steps, operation_id="set-approval-steps",
            summary=gettext_noop("Have posts approved in these steps from now on"))  # fmt: skip
def put_steps(request: ApiRequest, brand: str, given: Steps) -> Steps:
    found = []
    for number, each in enumerate(given.items):
        who = " ".join(each.who.split())
        if (each.role == "client") != bool(who):
            raise wrong_at(
                f"items.{number}.who", nameless() if not who else _("Only a client has a name here.")
            )
        found.append(("", who) if each.role == "client" else (Role(each.role).value, ""))
    ApprovalStep.put(request.brand, request.user, found)
    return _steps(request)


@router.get(APPROVAL, auth=_READS, response=ApprovalShown, operation_id="post-approval",
            summary=gettext_noop("Who was asked about a post, and what they decided"))  # fmt: skip
def approval(request: ApiRequest, brand: str, pk: int) -> ApprovalShown:
    return _shown(request, pk)


@router.post(f"{APPROVAL}/request", auth=_WRITES, response=ApprovalShown, operation_id="submit-post",
             summary=gettext_noop("Ask for the approval of the version that stands"))  # fmt: skip
def submit(request: ApiRequest, brand: str, pk: int) -> ApprovalShown:
    with refusing():
        post_of(request, pk).submit(request.user)
    return _shown(request, pk)


@router.post(f"{APPROVAL}/decision", auth=_WRITES, response=ApprovalShown, operation_id="decide-post",
             summary=gettext_noop("Decide the step that is asked, about the version that was read"))  # fmt: skip
def decide(request: ApiRequest, brand: str, pk: int, given: DecisionGiven) -> ApprovalShown:
    if given.decision != "approved" and not given.words.strip():
        raise wrong_at("words", wordless())
    asked = _asked(post_of(request, pk))
    if not asked.may(request.membership):
        raise Problem("role-too-low", not_yours())
    if given.version != asked.number or not asked.decide(given.decision, given.words, request.user):
        raise stale()
    return _shown(request, pk)


@router.post(f"{APPROVAL}/link", auth=_WRITES, response={201: LinkShown}, operation_id="make-approval-link",
             summary=gettext_noop("Make a link for the client who is asked; the one before opens nothing"))  # fmt: skip
def link(request: ApiRequest, brand: str, pk: int) -> Status[Any]:
    asked = _asked(post_of(request, pk))
    if asked.role:
        raise Problem("too-late", _("No client is asked about this post."))
    return Status(201, LinkShown.model_construct(link=asked.new_link(request.user)))


@router.post(f"{APPROVAL}/remarks", auth=_WRITES, response={201: ApprovalShown}, operation_id="remark-post",
             summary=gettext_noop("Say something about the version that stands"))  # fmt: skip
def remark(request: ApiRequest, brand: str, pk: int, given: RemarkGiven) -> Status[Any]:
    if not given.text.strip():
        raise wrong_at("text", _("Write something here."))
    Remark.say(post_of(request, pk), given.text, request.user, internal=not given.shared)
    return Status(201, _shown(request, pk))


def _steps(request: ApiRequest) -> Steps:
    rows = ApprovalStep.objects.of(request.brand)
    return Steps.model_construct(
        items=[StepGiven.model_construct(role=each.role or "client", who=each.who) for each in rows]
    )


def _asked(post: Post) -> Approval:
    """The step that is asked about a post. Problem where none is."""
    found = post.approvals.filter(decision="").first()
    if found is None:
        raise Problem("too-late", nobody_asked())
    found.post = post
    return found


def _shown(request: ApiRequest, pk: int) -> ApprovalShown:
    post = post_of(request, pk)
    rows = list(post.approvals.select_related("by").order_by("-asked", "-pk")[:LISTED])
    asked = next((each for each in rows if not each.decision), None)
    if asked is not None:
        asked.post = post
    decisions = [
        DecisionShown.model_construct(
            version=each.number, role=each.role or "client", who=each.who, asked=each.asked, decision=each.decision,
            decided=each.decided, by=str(each.by or ""), words=each.words,
        )
        for each in rows
    ]  # fmt: skip
    remarks = [
        RemarkShown.model_construct(
            version=each.number,
            by=str(each.by or each.who),
            text=each.text,
            shared=not each.internal,
            at=each.at,
        )
        for each in post.remarks.select_related("by").order_by("-at", "-pk")[:LISTED]
    ]
    return ApprovalShown.model_construct(
        state=post.state, version=post.number, decisions=decisions, remarks=remarks,
        decides=asked is not None and asked.may(request.membership),
    )  # fmt: skip
