"""The brand's own page, for everybody: no session, no cookie, nothing of anybody's but what the brand published."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.csp import CSP
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from comptoir.kernel.numbers import number_of
from comptoir.organisation.models import InformationPage
from comptoir.publishing.models import OwnPage, PageEntry, PagePicture
from comptoir.publishing.page_feeds import as_atom, as_json_feed
from comptoir.publishing.reading_page import Read, absolute, named, picture_url, read_by
from comptoir.publishing.visiting import ALL, Visitor, apart, visitor_of

AT_ONCE = 20
"""Entries on one page."""
WIDGET = 5
LOOKS = ("light", "dark")
CACHED = 60
"""Seconds for which browsers, and what stands before them, may show a copy without asking."""
KEPT = 31_536_000
"""The same of pictures, which never change."""
_NOTHING: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


class Nowhere(Exception):
    """No page is open at an address."""


def _public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only looked at; where no page is open that is said without the forms of the house, which need cookies."""

    @wraps(view)
    def passed(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (Nowhere, Http404):
            return render(request, "publishing/own_page_nowhere.html", status=404)

    return require_safe(passed)


@_public
def own_page(request: HttpRequest, page: str, locale: str = "") -> HttpResponse:
    """The newest entries for whoever asks; `before`: those that stand below one of them."""
    found = _found(page)
    visitor = visitor_of(request, found.languages, locale)

    def drawn() -> HttpResponse:
        entries, older = _entries(request, found, visitor, AT_ONCE)
        # Words in another language are more than none.
        if foreign := not entries and visitor.language != "" and "before" not in request.GET:
            entries, older = _entries(request, found, visitor, AT_ONCE, any_language=True)
        context = _around(found, visitor) | {
            "entries": entries,
            "foreign": foreign and bool(entries),
            "older": older,
            "older_in": ALL if foreign else visitor.locale,
            "first": "before" not in request.GET,
            "about": found.about(visitor.language),
            "alternates": [
                *(
                    (each, absolute(reverse("own-page-in", args=[found.slug, each])))
                    for each in found.languages
                ),
                ("x-default", found.address),
            ],
            "canonical": absolute(reverse("own-page-in", args=[found.slug, visitor.language or ALL])),
            "information": InformationPage.published(found.brand.slug) is not None,
        }
        return render(request, "publishing/own_page.html", context)

    return _answer(request, found, visitor, drawn)


@_public
def entry(request: HttpRequest, page: str, word: str, locale: str = "") -> HttpResponse:
    """One entry, whatever country it is for: an address that was shared leads there."""
    found = _found(page)
    rows = PageEntry.objects.of(found.brand_id).filter(page=found, word=word)
    row = rows.prefetch_related("texts", _pictures(found)).first()
    if row is None or row.taken_back:
        return _gone(request, found, locale, 410 if row else 404)
    visitor = visitor_of(request, [*dict.fromkeys([*found.languages, *row.languages])], locale)

    def drawn() -> HttpResponse:
        read = next(iter(read_by(found, visitor, [row])), None)
        if read is None:
            raise Nowhere
        places = {
            each: absolute(reverse("own-page-entry-in", args=[found.slug, each, row.word]))
            for each in row.languages
        }
        context = _around(found, visitor) | {
            "read": read,
            "others": [
                (each, name, places[each]) for each, name in named(row.languages) if each != read.language
            ],
            "alternates": [*places.items(), ("x-default", read.address)],
            "canonical": places.get(read.language, read.address),
            "image": absolute(picture_url(found, read.picture)) if read.picture else "",
        }
        return render(request, "publishing/own_page_entry.html", context)

    return _answer(request, found, visitor, drawn)


@_public
def picture(request: HttpRequest, page: str, pk: int) -> HttpResponse:
    """A picture of an entry that stands. Its bytes never change, so it is kept for long."""
    found = _found(page)
    rows = PagePicture.objects.of(found.brand_id).filter(pk=pk, entry__page=found, entry__taken_back=None)
    row = rows.first()
    if row is None:
        raise Nowhere
    response = HttpResponse(bytes(row.content), content_type=row.mime)
    response["Cache-Control"] = f"public, max-age={KEPT}, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    # Readers of feeds show it on pages of their own.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Disposition"] = "inline"
    return response


@_public
def atom(request: HttpRequest, page: str, locale: str = "") -> HttpResponse:
    """The same entries for programs that read Atom."""
    found = _found(page)
    visitor = visitor_of(request, found.languages, locale)

    def drawn() -> HttpResponse:
        entries, older = _entries(request, found, visitor, AT_ONCE)
        return HttpResponse(
            as_atom(found, visitor, entries, older), content_type="application/atom+xml; charset=utf-8"
        )

    return _answer(request, found, visitor, drawn)


@_public
def json_feed(request: HttpRequest, page: str, locale: str = "") -> HttpResponse:
    """The same entries for programs, as JSON Feed 1.1; pages of other sites may ask for it too."""
    found = _found(page)
    visitor = visitor_of(request, found.languages, locale)

    def drawn() -> HttpResponse:
        entries, older = _entries(request, found, visitor, AT_ONCE)
        return JsonResponse(
            as_json_feed(found, visitor, entries, older), content_type="application/feed+json"
        )

    response = _answer(request, found, visitor, drawn)
    # Everybody may read it, and no cookie goes with the question: any page may.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@_public
def widget(request: HttpRequest, page: str, locale: str = "") -> HttpResponse:
    """The newest entries in a frame of the brand's site: of all addresses here only this one may be framed, and only by
    the sites that a manager named."""
    found = _found(page)
    visitor = visitor_of(request, found.languages, locale)
    most = min(max(number_of(request.GET.get("n", "")) or WIDGET, 1), AT_ONCE)
    look = request.GET.get("look", "")

    def drawn() -> HttpResponse:
        entries, _older = _entries(request, found, visitor, most)
        entries = entries or _entries(request, found, visitor, most, any_language=True)[0]
        return render(
            request,
            "publishing/own_page_widget.html",
            _around(found, visitor) | {"entries": entries, "look": look if look in LOOKS else ""},
        )

    response = _answer(request, found, visitor, drawn)
    if found.sites:
        _allow(response, {**_NOTHING, "frame-ancestors": list(found.sites)})
        response.xframe_options_exempt = True
    return response


def _gone(request: HttpRequest, page: OwnPage, locale: str, status: int) -> HttpResponse:
    """What is said to those who look for an entry that is not there: the page still is."""
    known = apart(locale)[0] in (*page.languages, ALL)
    visitor = visitor_of(request, page.languages, locale if known else "")
    with translation.override(visitor.chrome):
        response = render(request, "publishing/own_page_gone.html", _around(page, visitor), status=status)
    _allow(response, _NOTHING)
    return response


def _found(slug: str) -> OwnPage:
    found = OwnPage.behind(slug)
    if found is None:
        raise Nowhere
    return found


def _pictures(page: OwnPage) -> Prefetch[Any]:
    """Those of entries, without their bytes."""
    return Prefetch("pictures", PagePicture.objects.of(page.brand_id).defer("content"))


def _entries(
    request: HttpRequest, page: OwnPage, visitor: Visitor, most: int, any_language: bool = False
) -> tuple[list[Read], str]:
    """What a visitor reads, and the word below which it goes on, "" where that is all."""
    of_page = PageEntry.objects.of(page.brand_id).filter(page=page)
    rows = of_page.standing().newest()
    if visitor.language:
        rows = rows.for_reader("" if any_language else visitor.language, visitor.country)
    if below := request.GET.get("before", ""):
        # One that was taken back meanwhile still says where to go on.
        last = of_page.filter(word=below[:20].replace("\0", "")).first()
        if last is None:
            raise Nowhere
        rows = rows.before(last)
    found = list(rows.prefetch_related("texts", _pictures(page))[: most + 1])
    older = found[most - 1].word if len(found) > most else ""
    return read_by(page, visitor, found[:most]), older


def _around(page: OwnPage, visitor: Visitor) -> dict[str, Any]:
    """What every address of a page shows beside its own."""
    country = visitor.country
    return {
        "own_page": page,
        "visitor": visitor,
        "languages": [
            (each, name, "-".join(filter(None, [each, country]))) for each, name in named(page.languages)
        ],
        "countries": [(each, f"{visitor.language or page.languages[0]}-{each}") for each in page.countries],
        "everything": ALL,
        "atom": reverse("own-page-atom-in", args=[page.slug, visitor.locale]),
        "json": reverse("own-page-json-in", args=[page.slug, visitor.locale]),
    }


def _answer(
    request: HttpRequest, page: OwnPage, visitor: Visitor, drawn: Callable[[], HttpResponse]
) -> HttpResponse:
    """An answer that caches may keep, drawn only for those whose copy is old."""
    chrome = visitor.chrome
    told = (static("web/own_page.css"), request.get_full_path(), page.pk, page.version, visitor, chrome)
    etag = quote_etag(sha256(repr(told).encode()).hexdigest()[:32])
    response = get_conditional_response(request, etag, int(page.changed.timestamp()))
    if response is None:
        with translation.override(chrome), timezone.override(page.brand.zone):
            response = drawn()
            response["Content-Language"] = visitor.language or chrome
    response["ETag"], response["Last-Modified"] = etag, http_date(page.changed.timestamp())
    response["Cache-Control"] = f"public, max-age={CACHED}"
    _allow(response, _NOTHING)
    if not visitor.chosen:
        patch_vary_headers(response, ["Accept-Language", *filter(None, [settings.COUNTRY_HEADER])])
    return response


def _allow(response: Any, policy: dict[str, list[str]]) -> None:
    """What a browser may do with an answer, where that is less than elsewhere in the house."""
    response._csp_config = policy
