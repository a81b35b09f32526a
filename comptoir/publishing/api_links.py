"""For programs: what links leave with."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from comptoir.organisation.programs.door import ApiRequest, Bearer
from comptoir.organisation.programs.wrong import wrong_at
from comptoir.publishing.forms_of_links import rule_of
from comptoir.publishing.models import LinkRule
from comptoir.publishing.models.link_rule import HOSTS_MOST, RULES_MOST
from comptoir.publishing.shapes_of_posts import Text
from comptoir.publishing.tagging import PARAMETERS, VALUE_MOST

router = Router(tags=["posts"])
RULES = "/brands/{slug:brand}/links/rules"


class RuleGiven(BaseModel):
    """What links to some sites are given, with placeholders: {network}, {channel}, {campaign}, {language}, {date}."""

    model_config = ConfigDict(extra="forbid")
    hosts: list[Text] = Field(
        min_length=1, max_length=HOSTS_MOST,
        description=gettext_noop("example.org stands for shop.example.org as well."),
    )  # fmt: skip
    source: Text = Field(default="", max_length=VALUE_MOST)
    medium: Text = Field(default="", max_length=VALUE_MOST)
    campaign: Text = Field(default="", max_length=VALUE_MOST)
    content: Text = Field(default="", max_length=VALUE_MOST)
    term: Text = Field(default="", max_length=VALUE_MOST)


class Rules(BaseModel):
    """All rules of a brand; the one that names a host most exactly applies to it."""

    model_config = ConfigDict(extra="forbid")
    rules: list[RuleGiven] = Field(max_length=RULES_MOST)


@router.get(RULES, auth=Bearer("posts:read"), response=Rules, operation_id="link-rules",
            summary=gettext_noop("What links are marked with (UTM)"))  # fmt: skip
def rules(request: ApiRequest, brand: str) -> Rules:
    return _shown(request)


@router.put(RULES, auth=Bearer("posts:write", "manager"), response=Rules, operation_id="set-link-rules",
            summary=gettext_noop("Have links marked otherwise; what has left stays as it is"))  # fmt: skip
def put(request: ApiRequest, brand: str, given: Rules) -> Rules:
    found, taken = [], set[str]()
    for number, each in enumerate(given.rules):
        try:
            rule = rule_of(each.hosts, {name: getattr(each, name).strip() for name in PARAMETERS}, taken)
        except ValidationError as error:
            raise wrong_at(f"rules.{number}.{error.code}", str(error.message)) from None
        taken.update(rule.hosts)
        found.append(rule)
    LinkRule.put(request.brand, request.user, found)
    return _shown(request)


def _shown(request: ApiRequest) -> Rules:
    rows = [each.rule for each in LinkRule.objects.of(request.brand)]
    return Rules.model_construct(rules=[RuleGiven(hosts=list(each.hosts), **each.values) for each in rows])
