"""The form of a brand's rules for links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from comptoir.publishing.models.link_rule import HOSTS_MOST, RULES_MOST
from comptoir.publishing.tagging import PARAMETERS, PLACEHOLDERS, VALUE_MOST, Rule, host_in, strange

PROPOSED = {"source": "{network}", "medium": "social", "campaign": "{campaign}"}
"""What a new rule begins with."""


class LinkRulesForm(forms.Form):
    """What links to a brand's sites are marked with: each rule that there is, and one more."""

    def __init__(self, rules: Sequence[Rule], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept = len(rules)
        self._many = min(len(rules) + 1, RULES_MOST)
        line = {"class": "input", "autocomplete": "off", "spellcheck": "false"}
        for number in range(self._many):
            rule = rules[number] if number < len(rules) else Rule((), PROPOSED)
            self.fields[f"hosts-{number}"] = forms.CharField(
                label=_("Sites"), required=False, max_length=HOSTS_MOST * 260,
                initial="\n".join(rule.hosts),
                help_text=_("One a line, such as example.org, which stands for shop.example.org as well."),
                widget=forms.Textarea(attrs={"class": "textarea", "rows": 2, "spellcheck": "false"}),
            )  # fmt: skip
            for name in PARAMETERS:
                self.fields[f"{name}-{number}"] = forms.CharField(
                    label=f"utm_{name}", required=False, max_length=VALUE_MOST,
                    initial=rule.values.get(name, ""), widget=forms.TextInput(attrs=line),
                )  # fmt: skip

    @property
    def groups(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The fields of each rule; 0 for the one that is to be added."""
        return [
            (n + 1 if n < self._kept else 0, [self[f"{name}-{n}"] for name in ("hosts", *PARAMETERS)])
            for n in range(self._many)
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        taken: set[str] = set()
        self.given: list[Rule] = []
        for number in range(self._many):
            words = re.split(r"[\s,;]+", given.get(f"hosts-{number}", ""))
            values = {each: given.get(f"{each}-{number}", "").strip() for each in PARAMETERS}
            if not any(words):
                continue
            try:
                rule = rule_of(words, values, taken)
            except forms.ValidationError as error:
                self.add_error(f"{error.code}-{number}", error.message)
            else:
                taken.update(rule.hosts)
                self.given.append(rule)
        return given


def rule_of(words: Iterable[str], values: dict[str, str], taken: set[str]) -> Rule:
    """A rule as somebody wrote it. ValidationError whose code is the field that is wrong."""
    hosts = tuple(dict.fromkeys(_host(each) for each in words if each))
    if not hosts:
        raise forms.ValidationError(_("Name at least one site."), code="hosts")
    if len(hosts) > HOSTS_MOST:
        raise forms.ValidationError(_("%(n)d sites at the most.") % {"n": HOSTS_MOST}, code="hosts")
    if twice := next((each for each in hosts if each in taken), ""):
        said = _("Another rule is for %(host)s already.") % {"host": twice}
        raise forms.ValidationError(said, code="hosts")
    if not any(values.values()):
        raise forms.ValidationError(
            _("Say at least one value: without one, the rule adds nothing."), code="source"
        )
    for name, value in values.items():
        if odd := strange(value):
            said = _("{%(odd)s} is nothing that can be filled in: there are %(known)s.")
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise forms.ValidationError(said % {"odd": odd[0], "known": known}, code=name)
    return Rule(hosts, values)


def _host(text: str) -> str:
    """A site, also where somebody pasted the address of a page there."""
    bare = re.sub(r"^[a-z]+://", "", text.strip(), flags=re.IGNORECASE).partition("/")[0].partition(":")[0]
    found = host_in(bare)
    if not found:
        said = _("“%(site)s” is no name of a site: write it like example.org.")
        raise forms.ValidationError(said % {"site": text[:80]}, code="hosts")
    return found
