"""The form of somebody who has no account yet and has shown that they may have one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.organisation.models import User
from comptoir.organisation.naming import visible
from comptoir.web import letters


class NewcomerForm(forms.Form):
    """A name, and a password for those who want one: without, they sign in by a code sent to `email`."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        help_text=gettext_lazy("As colleagues see it beside what you do."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=128,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].required = not letters.leaves()
        self.fields["password"].help_text = (
            _("At least ten characters. Leave it empty to sign in by a code sent to your address.")
            if letters.leaves()
            else _("At least ten characters.")
        )

    def clean_password(self) -> str:
        """ "" or one that is hard to guess."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, User(email=self.email, name=self.data.get("name", "")[:120]))
        return password

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])
