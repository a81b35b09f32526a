"""A person's tokens for programs: made, seen once, ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.kernel import clock
from comptoir.organisation.access import memberships_of
from comptoir.organisation.models import ApiToken, Brand, TooManyTokens, User
from comptoir.organisation.models.api_token import SCOPES

LIVES = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("One year"),
    "": gettext_lazy("Until it is ended"),
}


class TokenForm(forms.Form):
    """A token to make."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"), max_length=80,
        help_text=gettext_lazy("A name for yourself, such as the program's."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may"), choices=SCOPES.items(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )  # fmt: skip
    brand = forms.ChoiceField(
        label=gettext_lazy("For which brand"), required=False, widget=forms.Select(attrs={"class": "select"})
    )
    life = forms.ChoiceField(
        label=gettext_lazy("How long"), choices=LIVES.items(), required=False, initial="90",
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip

    def __init__(self, *args: Any, brands: list[Brand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brands = {str(brand.pk): brand for brand in brands}
        field: Any = self.fields["brand"]
        field.choices = [("", _("All of mine")), *((pk, brand.name) for pk, brand in self.brands.items())]

    def make(self, user: User) -> tuple[ApiToken, str]:
        """The token, and its key."""
        said = self.cleaned_data
        expires = clock.now() + timedelta(days=int(said["life"])) if said["life"] else None
        return ApiToken.make(user, said["name"], said["scopes"], self.brands.get(said["brand"]), expires)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """The person's tokens; a POST makes one, and its answer is the only page that ever shows the key."""
    user: Any = request.user
    brands = [each.brand for each in memberships_of(user)]
    form = TokenForm(request.POST if request.method == "POST" else None, brands=brands)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = form.make(user)
            form = TokenForm(brands=brands)
        except TooManyTokens:
            form.add_error(None, _("Nobody has more than fifty tokens: end one first."))
    context = {
        "form": form,
        "made": made,
        "tokens": user.api_tokens.select_related("brand"),
        "here": "settings",
    }
    return render(
        request, "web/api_tokens.html", context, status=422 if form.errors else 201 if made else 200
    )


@require_POST
@login_required
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    user: Any = request.user
    if not user.api_tokens.filter(pk=pk).end(user):
        raise Http404(_("There is no such token of yours."))
    messages.success(request, _("The token opens nothing any more."))
    return redirect("api-tokens")
