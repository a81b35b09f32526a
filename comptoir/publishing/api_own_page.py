"""For programs: the brand's own page. What stands on it, everybody reads in its feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.problems import Problem
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.forms_of_own_page import languages_in, sites_in, unfit
from comptoir.publishing.models import OwnPage, PageGiven
from comptoir.publishing.models.own_page import (
    ABOUT_MOST,
    LANGUAGES_MOST,
    SITES_MOST,
    SLUG_MOST,
    TITLE_MOST,
    Unfit,
)
from comptoir.publishing.reading_page import absolute
from comptoir.publishing.shapes_of_posts import Text

router = Router(tags=["posts"])
PAGE = "/brands/{slug:brand}/page"
_Code = Annotated[Text, Field(max_length=8)]


class OwnPageGiven(BaseModel):
    """The brand's own page as it is to be."""

    model_config = ConfigDict(extra="forbid")
    slug: str = Field(
        pattern=r"^[-a-zA-Z0-9_]+$", max_length=SLUG_MOST,
        description=gettext_noop("Its name in the address, which stays once something stands there."),
    )  # fmt: skip
    title: Text = Field(min_length=1, max_length=TITLE_MOST)
    languages: list[_Code] = Field(
        min_length=1, max_length=LANGUAGES_MOST,
        description=gettext_noop("Codes such as fr; the first is for those who read none of them."),
    )  # fmt: skip
    about: dict[_Code, Annotated[Text, Field(max_length=ABOUT_MOST)]] = Field(
        default_factory=dict, description=gettext_noop("What stands below its title, by language.")
    )
    sites: list[Annotated[Text, Field(max_length=300)]] = Field(
        default_factory=list, max_length=SITES_MOST,
        description=gettext_noop("Sites that may show the widget in a frame, such as https://www.example.org."),
    )  # fmt: skip
    open: bool = Field(default=False, description=gettext_noop("Whether everybody sees it."))


class OwnPageShown(OwnPageGiven):
    """The page as it is; `channel` is where posts leave for it."""

    address: str
    feed: str
    channel: int
    opened: datetime | None


@router.get(PAGE, auth=Bearer("posts:read"), response=OwnPageShown, operation_id="own-page",
            summary=gettext_noop("The brand’s own page"))  # fmt: skip
def own_page(request: ApiRequest, brand: str) -> OwnPageShown:
    return _shown(request)


@router.put(PAGE, auth=Bearer("posts:write", "manager"), response=OwnPageShown, operation_id="set-own-page",
            summary=gettext_noop("Open, change or close the brand’s own page"))  # fmt: skip
def put(request: ApiRequest, brand: str, given: OwnPageGiven) -> OwnPageShown:
    title = " ".join(given.title.split())
    if not title:
        raise wrong_at("title", _("Write something here."))
    try:
        languages = languages_in(given.languages)
    except ValidationError as error:
        raise wrong_at("languages", error.messages[0]) from error
    try:
        sites = sites_in(given.sites)
    except ValidationError as error:
        raise wrong_at("sites", error.messages[0]) from error
    if strange := next((each for each in given.about if each not in languages), ""):
        raise wrong_at("about", _("The page is not in the language “%(code)s”.") % {"code": strange})
    abouts = {each: words.strip() for each, words in given.about.items() if words.strip()}
    try:
        wanted = PageGiven(given.slug, title, languages, abouts, sites, given.open)
        OwnPage.settle(request.brand, request.user, wanted)
    except Unfit as error:
        raise wrong_at("slug", unfit(error)) from error
    return _shown(request)


def _shown(request: ApiRequest) -> OwnPageShown:
    page = OwnPage.objects.of(request.brand).first()
    if page is None:
        raise Problem("not-found")
    return OwnPageShown.model_construct(
        slug=page.slug, title=page.title, languages=page.languages, about=page.abouts, sites=page.sites,
        open=page.opened is not None, address=page.address, opened=page.opened, channel=page.channel_id,
        feed=absolute(reverse("own-page-json", args=[page.slug])),
    )  # fmt: skip
