"""Fields of a brand's own: what a thread has of them, and the page on which managers keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from comptoir.inbox.forms_of_fields import FieldForm
from comptoir.inbox.models import CustomField, TooManyFields
from comptoir.inbox.models.custom import fill
from comptoir.inbox.views.acts import done
from comptoir.inbox.views.outcome import Outcome
from comptoir.inbox.views.thread import thread_for
from comptoir.organisation.access import BrandRequest, on_brand
from comptoir.organisation.models import NameTaken


@require_POST
@on_brand("agent")
def fields(request: BrandRequest, pk: int) -> HttpResponse:
    """Give a thread values of the brand's fields: each as `field-` and its number, empty for none."""
    found = thread_for(request, pk)
    values: dict[CustomField, Any] = {}
    for field in CustomField.objects.of(request.brand):
        if (given := request.POST.get(f"field-{field.pk}")) is None:
            continue
        try:
            values[field] = field.value_of(given)
        except (ValueError, KeyError):
            words = _("%(field)s: this cannot be its value.") % {"field": field.name}
            return done(request, found, Outcome(words, "warn", "bad"), status=422)
    changed = fill(found, values, request.user)
    words = _("Kept: %(fields)s.") % {"fields": ", ".join(changed)} if changed else _("Nothing changed.")
    return done(request, found, Outcome(words, "check"))


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def custom_fields(request: BrandRequest) -> HttpResponse:
    """The brand's own fields; POST makes one."""
    form = FieldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = CustomField.make(request.brand, request.user, **form.given)
        except NameTaken:
            form.add_error("name", _("There is a field of this name."))
        except TooManyFields:
            form.add_error(None, _("A brand has 30 fields at the most."))
        except ValueError:
            form.add_error("name", _("A name has at least one letter."))
        else:
            messages.success(request, _("The field %(field)s is there.") % {"field": made.name})
            return redirect("custom-fields", request.brand.slug)
    return _page(request, form, CustomField.objects.of(request.brand), status=422 if form.errors else 200)


def _page(request: BrandRequest, form: FieldForm, rows: Any, field: Any = None, **rest: Any) -> HttpResponse:
    status = rest.pop("status", 200)
    context = {"brand": request.brand, "here": "threads", "form": form, "rows": rows, "field": field, **rest}
    return render(request, "inbox/custom_fields.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@on_brand("manager")
def custom_field(request: BrandRequest, pk: int) -> HttpResponse:
    """One field to change; with do=remove it goes, once who asks has seen how many values go with it (confirm=yes)."""
    found = CustomField.objects.of(request.brand).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such field any more."))
    if request.POST.get("do") == "remove":
        if request.POST.get("confirm") != "yes":
            return _page(request, FieldForm.of(found), [], found, removing=True, count=found.count())
        gone = found.remove(request.user)
        words = ngettext(
            "The field %(field)s is removed, with the value of %(n)d thread.",
            "The field %(field)s is removed, with the values of %(n)d threads.",
            gone,
        )
        messages.success(request, words % {"field": found.name, "n": gone})
        return redirect("custom-fields", request.brand.slug)
    form = FieldForm(request.POST, kept=found) if request.method == "POST" else FieldForm.of(found)
    if request.method == "POST" and form.is_valid():
        try:
            found.change(request.user, **form.given)
        except NameTaken:
            form.add_error("name", _("There is a field of this name."))
        except ValueError:
            form.add_error("name", _("A name has at least one letter."))
        else:
            messages.success(request, _("Kept."))
            return redirect("custom-fields", request.brand.slug)
    return _page(request, form, [], found, status=422 if form.errors else 200)
