"""Brands: the choice between them, a new one, and what an owner settles about one."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comptoir.inbox.models.waiting import Waiting, open_and_unread
from comptoir.organisation.access import BrandRequest, memberships_of, on_brand
from comptoir.organisation.models import Brand, CompanyDomain, JoinRequest, Membership, Role, SlugTaken
from comptoir.organisation.models.joining import open_to
from comptoir.organisation.naming import visible
from comptoir.organisation.providers import domain_of, is_public
from comptoir.web import members

KINDS = ("threads", "listening", "channels", "people", "figures")
"""The pages that every brand has: going to another brand keeps the kind."""
MOST = 1000
TINTS = [
    ("", gettext_lazy("From the name")),
    ("0", gettext_lazy("Teal")),
    ("1", gettext_lazy("Blue")),
    ("2", gettext_lazy("Sand")),
    ("3", gettext_lazy("Violet")),
    ("4", gettext_lazy("Rose")),
    ("5", gettext_lazy("Green")),
]


class BrandForm(forms.Form):
    """What an owner may settle about a brand."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    sign = forms.CharField(
        label=gettext_lazy("Letters on its disc"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("One or two. Without any they come from the name."),
    )
    tint = forms.ChoiceField(
        label=gettext_lazy("Colour of its disc"), choices=TINTS, required=False,
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("As the browser asks")), ("en", "English"), ("fr", "Français")],
        required=False,
        help_text=gettext_lazy("Of mail to people who have not chosen one."),
        widget=forms.Select(attrs={"class": "select"}),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as Europe/Paris, for people whose browser does not name theirs."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])

    def clean_sign(self) -> str:
        sign: str = self.cleaned_data["sign"].strip().upper()
        if sign and not sign.isalnum():
            raise ValidationError(_("Letters or figures only."))
        return sign[:2]

    def clean_tint(self) -> int | None:
        """0 to 5, None when the name decides."""
        chosen: str = self.cleaned_data["tint"]
        return int(chosen) if chosen else None

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"].strip()
        if zone and zone not in available_timezones():
            raise ValidationError(_("There is no such time zone. They are written like Europe/Paris."))
        return zone


class NewBrandForm(BrandForm):
    """The same, and where its pages are to be."""

    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        max_length=50,
        required=False,
        help_text=gettext_lazy(
            "The word in the addresses of its pages, for good. Without one it comes from the name."
        ),
        widget=forms.TextInput(attrs={"class": "input", "autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ("name", "slug")


class DomainForm(forms.Form):
    """A company's mail domain."""

    domain = forms.CharField(
        label=gettext_lazy("Mail domain of the company"),
        max_length=260,
        widget=forms.TextInput(
            attrs={
                "class": "input",
                "placeholder": "example.org",
                "autocapitalize": "none",
                "autocomplete": "off",
            }
        ),
    )

    def clean_domain(self) -> str:
        domain = domain_of(self.cleaned_data["domain"])
        if not domain:
            raise ValidationError(_("That is no mail domain. It is what stands after the @: example.org."))
        if is_public(domain):
            raise ValidationError(
                _(
                    "Anybody can have an address at %(domain)s. Name a domain that only your company gives out."
                )
                % {"domain": domain}
            )
        return domain


@require_safe
@login_required
def brands(request: HttpRequest) -> HttpResponse:
    """The choice of brands, with what waits on each; for the menu only the part that it shows."""
    user: Any = request.user
    mine = memberships_of(user)
    kind = request.GET.get("kind", "")
    rows = _rows(mine, user.pk, kind if kind in KINDS else "threads")
    if request.headers.get("HX-Request"):
        return render(request, "web/switcher.html", {"rows": rows, "own": request.GET.get("own", "")})
    waiting = user.join_requests.filter(answered_at=None).select_related("brand").order_by("created")
    told = {
        "rows": rows,
        "archived": memberships_of(user, archived=True),
        "asked": waiting,
        "askable": _askable(user, {each.brand_id for each in waiting}),
        "owns": owns_one(user),
        "proven": members.is_proven(user),
    }
    return render(request, "web/home.html", told)


def _rows(mine: list[Membership], user_id: int, kind: str) -> list[dict[str, Any]]:
    """Each brand with its disc, its page of this kind, and its counts: one query for all of them."""
    shown = [each.brand_id for each in mine if not each.barred]
    counted = open_and_unread(shown, user_id, MOST) if shown else {}
    return [
        {
            "name": each.brand.name,
            "slug": each.brand.slug,
            "role": each.get_role_display(),
            "kind": kind,
            "waiting": _figures(counted.get(each.brand_id)),
            "sign": each.brand.initials,
            "tint": each.brand.shade,
        }
        for each in mine
    ]


def _figures(waiting: Waiting | None) -> tuple[str, str] | None:
    """How many are open and how many of them unread, "" for none; nothing of a brand that asks for a second step."""
    if waiting is None:
        return None
    opened, unread = (f"{MOST - 1}+" if n >= MOST else str(n) for n in waiting)
    return opened, "" if unread == "0" else unread


def _askable(user: Any, asked: set[int]) -> list[Brand]:
    """Brands that somebody may ask to join, for those whose address is proved."""
    if not members.is_proven(user):
        return []
    return [brand for brand in open_to(user.email, user) if brand.pk not in asked]


def owns_one(user: Any) -> bool:
    """Whether somebody owns a brand of the house, and so may make another one."""
    return any(each.may(Role.OWNER) for each in memberships_of(user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A new brand, for an owner of any."""
    user: Any = request.user
    if not owns_one(user):
        raise PermissionDenied(_("Whoever owns a brand of this house can make another one. Ask an owner."))
    form = NewBrandForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            made = Brand.make(given.pop("name"), user, given.pop("slug"), by=user, **given)
        except SlugTaken:
            form.add_error("slug", _("Another brand has this address."))
        else:
            words = _("%(brand)s is there. Connect its first channel, and invite whoever works for it.")
            messages.success(request, words % {"brand": made.name})
            return redirect("channels", made.slug)
    return render(request, "web/brand_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("owner", archived=True)
def brand(request: BrandRequest) -> HttpResponse:
    """What an owner settles about a brand."""
    found = request.brand
    form = BrandForm(request.POST if request.method == "POST" else None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        if found.change(request.user, **form.cleaned_data):
            messages.success(request, _("Kept."))
        return redirect("brand", found.slug)
    return _settings(request, form)


def initial_of(found: Brand) -> dict[str, Any]:
    """What the form shows of a brand as it is."""
    tinted = "" if found.tint is None else str(found.tint)
    return {
        "name": found.name, "sign": found.sign, "tint": tinted, "language": found.language,
        "time_zone": found.time_zone,
    }  # fmt: skip


def _settings(request: BrandRequest, form: BrandForm, domain: DomainForm | None = None) -> HttpResponse:
    wrong = bool(form.errors or (domain and domain.errors))
    told = {
        "brand": request.brand,
        "form": form,
        "domain": domain or DomainForm(),
        "domains": CompanyDomain.objects.of(request.brand).select_related("by").order_by("domain"),
        "house": settings.PUBLIC_URL,
    }
    return render(request, "web/brand.html", told, status=422 if wrong else 200)


@require_POST
@on_brand("owner")
def domains(request: BrandRequest) -> HttpResponse:
    """Let people with an address of a domain ask to join."""
    form = DomainForm(request.POST)
    if not form.is_valid():
        return _settings(request, BrandForm(initial=initial_of(request.brand)), form)
    named = CompanyDomain.open(request.brand, form.cleaned_data["domain"], request.user)
    words = _("Whoever has an address at %(domain)s can ask to join now.")
    messages.success(request, words % {"domain": named.domain})
    return redirect("brand", request.brand.slug)


@require_POST
@on_brand("owner")
def shutting(request: BrandRequest, pk: int) -> HttpResponse:
    """No longer let people of a domain ask."""
    named = CompanyDomain.objects.of(request.brand).filter(pk=pk).first()
    if named is None:
        raise Http404(_("There is no such domain here."))
    domain = named.domain
    named.shut(request.user)
    messages.success(request, _("Nobody at %(domain)s can ask any more.") % {"domain": domain})
    return redirect("brand", request.brand.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("owner", archived=True)
def archive(request: BrandRequest) -> HttpResponse:
    """Put a brand away, once its name is typed in; or with state=back, bring it back."""
    found, typed = request.brand, request.POST.get("name", "").strip()
    if request.method == "POST" and request.POST.get("state") == "back":
        if found.bring_back(request.user):
            words = _(
                "%(brand)s is back. Its channels are switched off: switch on those that are to be heard."
            )
            messages.success(request, words % {"brand": found.name})
        return redirect("channels", found.slug)
    if request.method == "POST" and typed.casefold() == found.name.strip().casefold():
        if found.archive(request.user):
            messages.success(request, _("%(brand)s is archived.") % {"brand": found.name})
        return redirect("brands")
    told = {
        "brand": found,
        "wrong": _("This is not the name of the brand.") if request.method == "POST" else "",
        "typed": typed[:120],
        "people": found.memberships.count(),
        "requests": JoinRequest.objects.of(found).open().count(),
    }
    return render(request, "web/archive.html", told, status=422 if told["wrong"] else 200)
