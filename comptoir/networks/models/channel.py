"""A channel: one account of a brand on one network, and the grant that lets us speak for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.kernel.secrets import seal, unseal
from comptoir.networks import connector as contract
from comptoir.networks.found import connector_class, installed, label_of
from comptoir.networks.sentences import sentence
from comptoir.organisation.announcing import announce
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Notice

SILENT = timedelta(hours=1)
"""After so long without an answer of its network, a channel is more than late."""

ONLY_LISTENS = "listen_only"
"""Why something did not leave a channel that only listens."""
SPEAKING = frozenset({
    contract.Replies, contract.Publishes, contract.Deletes, contract.Edits, contract.Moderates, contract.Blocks,
    contract.Reports, contract.Discusses,
})  # fmt: skip
"""The abilities by which something leaves."""


class Signing(models.TextChoices):
    """How what people answer is signed."""

    NONE = "none", _("No signature")
    FIRST_NAME = "first_name", _("First name")
    REAL_NAME = "real_name", _("Full name")
    INITIALS = "initials", _("Initials")


class ChannelQuerySet(BrandQuerySet["Channel"]):
    def due(self) -> ChannelQuerySet:
        """Channels whose next fetch is due."""
        return self.filter(state=Channel.State.ACTIVE, next_fetch__lte=clock.now())


class ChannelManager(BrandManager["Channel", "ChannelQuerySet"]):
    queryset_class = ChannelQuerySet


class Channel(models.Model):
    """One account of a brand on one network. `country` is the one that it serves ("FR"), "" for any; of one that is
    `listen_only` everything arrives and nothing leaves."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Connected")
        RECONNECT = "reconnect", _("To be reconnected")
        OFF = "off", _("Switched off")

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="channels")
    network = models.CharField(max_length=30)
    remote_id = models.TextField()
    handle = models.TextField()
    name = models.TextField(blank=True)
    avatar = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    code = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    cursor = models.JSONField(null=True)
    history_cursor = models.JSONField(null=True)
    history_from = models.DateTimeField(null=True)
    history_done = models.BooleanField(default=False)
    next_fetch = models.DateTimeField(default=clock.now)
    next_recheck = models.DateTimeField(default=clock.now)
    fetched_at = models.DateTimeField(null=True)
    measured_at = models.DateTimeField(null=True)
    listener = models.UUIDField(null=True)
    listening_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=clock.now)
    signing = models.CharField(
        max_length=10, choices=Signing.choices, default=Signing.NONE, db_default=Signing.NONE
    )
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    listen_only = models.BooleanField(default=False, db_default=False)

    objects: ClassVar[ChannelManager] = ChannelManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "network", "remote_id"], name="channel_once_a_brand"),
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "reconnect", "off"]), name="channel_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(signing__in=Signing.values), name="channel_signing_known"
            ),
        ]
        indexes = [
            models.Index(fields=["next_fetch"], condition=models.Q(state="active"), name="channel_due")
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.network})"

    @property
    def title(self) -> str:
        """What tells it from the brand's other channels, for people: its account and its network."""
        return f"{self.handle} ({self.label})"

    @property
    def label(self) -> str:
        """The network's name as people say it."""
        return label_of(self.network)

    @property
    def me(self) -> contract.Actor:
        """The account that this channel speaks for."""
        return contract.Actor(self.remote_id, self.handle, self.name, self.avatar)

    def can(self, ability: type[Any]) -> bool:
        """Whether the channel has an ability of `networks.connector`, as its network has.

        None when the network is no longer installed; none by which something leaves where the channel only listens.
        """
        kind = installed(self.network)
        if kind is None or not issubclass(kind, ability):
            return False
        return not (self.listen_only and ability in SPEAKING)

    @property
    def silence(self) -> str:
        """Why nothing may leave here for as long as the brand wants it so, as a sentence; "" where something may."""
        return sentence(ONLY_LISTENS, {}, self.label) if self.listen_only else ""

    def can_now(self, ability: type[Any]) -> bool:
        """The same, of a channel that is on: what is done with it leaves."""
        return self.can(ability) and self.state == self.State.ACTIVE

    def connector(self, now: datetime | None = None, apart: bool = False) -> Any:
        """The network's connector, ready to work for this channel. `apart`: in a thread beside others, which holds no
        connection to the database while it waits for the network."""
        from comptoir.networks.outside import http

        grant = GrantSecrets(self)
        if apart:
            grant.read_ahead()
        return connector_class(self.network)(
            http=http(),
            grant=grant,
            settings=self.settings,
            me=self.me,
            now=now,
            facts=let_go_after(self.facts_of) if apart else self.facts_of,
        )

    def facts_of(self, remote_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What the network's connectors gave with messages, for themselves, by the messages' ids."""
        from comptoir.networks.models.activity import Activity

        rows = Activity.objects.of(self.brand_id).filter(network=self.network, remote_id__in=list(remote_ids))
        return dict(rows.values_list("remote_id", "facts"))

    def receive(self, items: Sequence[Any], historic: bool = False) -> list[int]:
        """Store a batch once and tell one event for it; ids of the activities that are new here or changed."""
        from comptoir.networks.receiving import receive

        return receive(self, items, historic)

    def adjust(self, **changes: Any) -> None:
        """Change some of the plain settings, over whatever somebody else changed meanwhile."""
        with transaction.atomic():
            row = Channel.objects.of(self.brand_id).select_for_update().get(pk=self.pk)
            row.settings = {**row.settings, **changes}
            row.save(update_fields=["settings"])
        self.settings = row.settings

    def listened(self, by: UUID, for_: timedelta) -> bool:
        """Lease the channel's stream to one listener, or prolong its lease; False when another one has it."""
        now = clock.now()
        rows = Channel.objects.of(self.brand_id).filter(pk=self.pk, state=self.State.ACTIVE)
        free = models.Q(listener=by) | models.Q(listening_until=None) | models.Q(listening_until__lte=now)
        return bool(rows.filter(free).update(listener=by, listening_until=now + for_))

    def unheard(self, by: UUID) -> None:
        """The stream ended: fetching goes on at its usual pace."""
        rows = Channel.objects.of(self.brand_id).filter(pk=self.pk, listener=by)
        rows.update(listener=None, listening_until=None, next_fetch=clock.now())

    def wake(self) -> None:
        """Something may have come: the next fetch is due, unless the network asked for patience."""
        rows = Channel.objects.of(self.brand_id).filter(pk=self.pk, state=self.State.ACTIVE, failures=0)
        rows.update(next_fetch=clock.now())

    def worked(self, next_fetch: timedelta) -> None:
        """A fetch went well: plan the next one and take down what was said about the channel."""
        now = clock.now()
        mended = bool(self.failures or self.code)
        Channel.objects.of(self.brand_id).filter(pk=self.pk, state=self.State.ACTIVE).update(
            fetched_at=now, next_fetch=now + next_fetch, failures=0, code="", facts={}
        )
        if mended:
            Notice.settle(self.brand_id, f"channel:{self.pk}")

    def failed(self, error: contract.ConnectorError, after: timedelta | None = None) -> None:
        """A fetch failed and may pass: wait as the network says, else longer each time, five minutes at the most."""
        self.failures += 1
        wait = after or min(timedelta(minutes=5), timedelta(seconds=2.0 ** min(self.failures, 9)))
        Channel.objects.of(self.brand_id).filter(pk=self.pk).update(
            next_fetch=clock.now() + wait, failures=self.failures, code=error.code, facts=error.facts
        )
        if clock.now() - (self.fetched_at or self.created) > SILENT:
            Notice.post(self.brand_id, "channel_silent", f"channel:{self.pk}", channel=str(self), id=self.pk)

    @property
    def called(self) -> str:
        """What its people call it, "" for its own name."""
        return str(self.settings.get("called", ""))

    def choose(
        self, called: str, options: dict[str, str], signing: str = "", country: str | None = None
    ) -> bool:
        """Call it something, answer its connector's options, have answers signed ("": as before), say which country it
        serves (None: as before); False when all is as it was."""
        with transaction.atomic():
            held = Channel.objects.of(self.brand_id).select_for_update().get(pk=self.pk)
            chosen = {**held.settings, "called": called, "options": options}
            kept = {
                "signing": signing or held.signing,
                "country": held.country if country is None else country,
            }
            same = all(getattr(held, name) == value for name, value in kept.items())
            if same and (held.called, held.settings.get("options", {})) == (called, options):
                return False
            Channel.objects.of(self.brand_id).filter(pk=self.pk).update(settings=chosen, **kept)
            record("channel_settled", self.brand_id, self, channel=str(self))
        self.settings, self.signing, self.country = chosen, kept["signing"], kept["country"]
        return True

    def switch_off(self) -> None:
        """A person wants silence here: nothing comes in or leaves until somebody switches it on."""
        with transaction.atomic():
            on = Channel.objects.of(self.brand_id).filter(pk=self.pk).exclude(state=self.State.OFF)
            if on.update(state=self.State.OFF, code="", facts={}):
                record("channel_off", self.brand_id, self, channel=str(self))
            Notice.settle(self.brand_id, f"channel:{self.pk}")

    def switch_on(self) -> None:
        """Let it hear and speak again, from where it stopped, with the grant that it has."""
        off = Channel.objects.of(self.brand_id).filter(pk=self.pk, state=self.State.OFF)
        with transaction.atomic():
            if off.update(state=self.State.ACTIVE, next_fetch=clock.now(), failures=0):
                record("channel_on", self.brand_id, self, channel=str(self))

    def lose(self, error: contract.ConnectorError) -> None:
        """The grant died: nothing leaves or comes until a person connects again, and all who work here see it."""
        rows = Channel.objects.of(self.brand_id).filter(pk=self.pk).exclude(state=self.State.OFF)
        with transaction.atomic():
            if rows.exclude(state=self.State.RECONNECT).update(state=self.State.RECONNECT):
                record("channel_lost", self.brand_id, self, channel=str(self), code=error.code)
                announce(self.brand_id, "channel.lost", channel=self.pk, code=error.code)
            if rows.update(code=error.code, facts=error.facts):
                Notice.post(
                    self.brand_id, "channel_reconnect", f"channel:{self.pk}", channel=str(self), id=self.pk
                )


class Grant(models.Model):
    """What a network gave us to act for an account: encrypted at rest, never logged."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="grant")
    sealed = models.BinaryField()
    changed = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"grant of {self.channel_id}"

    def secrets(self) -> dict[str, str]:
        """The secrets in the clear. `kernel.secrets.Unreadable` without the right key."""
        return dict(json.loads(unseal(self.sealed)))


def let_go_after[**Given, Found](work: Callable[Given, Found]) -> Callable[Given, Found]:
    """The same, and the thread's connection to the database is given back."""

    def done(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        try:
            return work(*args, **kwargs)
        finally:
            connection.close()

    return done


class GrantSecrets:
    """The secrets as a connector sees them: read when first asked for, changed ones kept at once."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._secrets: dict[str, str] | None = None

    def _all(self) -> dict[str, str]:
        if self._secrets is None:
            grant = Grant.objects.filter(channel=self._channel).first()
            self._secrets = grant.secrets() if grant else {}
        return self._secrets

    def read_ahead(self) -> None:
        """Read them now, and give the connection to the database back after each change of theirs."""
        self._all()
        self.keep = let_go_after(self.keep)  # type: ignore[method-assign]

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def get(self, name: str, default: str = "") -> str:
        return self._all().get(name, default)

    def keep(self, **changes: str) -> None:
        """Store changed secrets, in a transaction of their own, over whatever another worker stored meanwhile."""
        with transaction.atomic():
            grant = Grant.objects.select_for_update().filter(channel=self._channel).first()
            secrets = {**(grant.secrets() if grant else {}), **changes}
            sealed = seal(json.dumps(secrets))
            Grant.objects.update_or_create(channel=self._channel, defaults={"sealed": sealed})
        self._secrets = secrets

    def __repr__(self) -> str:
        return "<secrets>"
