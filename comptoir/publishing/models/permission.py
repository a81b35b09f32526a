"""What the author of a picture was asked, and what they answered: the proof that it may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comptoir.kernel import clock
from comptoir.networks.models import Activity, Actor, Channel, Delivery
from comptoir.networks.sending import send
from comptoir.organisation.audit import record
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet, Draft, Notice, take_hold
from comptoir.publishing.models.asset import Asset

if TYPE_CHECKING:
    from comptoir.organisation.models import User

QUESTION_MOST = 2_000
PROOF_MOST = 4_000
WAITED_FOR = timedelta(days=90)
"""How long after a question answers to it are looked for."""
AT_ONCE = 1_000


class Permission(models.Model):
    """A picture of somebody's, and what they said to the brand's showing it.

    target       the message that the picture stood beside
    delivery     the question on the network
    proof, proof_url, answered    what they answered, where and when: kept when the message itself is gone
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Not answered yet")
        GRANTED = "granted", _("Permitted")
        REFUSED = "refused", _("Refused")

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, related_name="permission")
    person = models.ForeignKey(Actor, on_delete=models.SET_NULL, null=True, related_name="permissions")
    target = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, related_name="permissions")
    delivery = models.ForeignKey(Delivery, on_delete=models.SET_NULL, null=True, related_name="permissions")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    question = models.TextField()
    asked = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    proof = models.TextField(blank=True, default="")
    proof_url = models.TextField(blank=True, default="")
    answered = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: ClassVar[BrandManager[Permission, BrandQuerySet[Permission]]] = BrandManager.along(
        "asset__brand"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "granted", "refused"]), name="permission_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | ~Q(proof=""), name="permission_has_its_proof"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} for {self.asset_id}"

    @classmethod
    def ask(
        cls,
        brand: Brand,
        by: User,
        channel: Channel,
        target: Activity,
        contents: Sequence[bytes],
        question: str,
    ) -> list[Permission]:
        """Bring pictures of a message in, to be shown once their author agrees, and ask them on the network, once.

        ValueError("listens") where the channel only listens; kernel.media.Unusable where one is no picture.
        """
        who = target.actor
        name = (who.name or who.handle) if who else ""
        with transaction.atomic():
            assets = [Asset.bring(brand, by, each, name) for each in contents]
            credit = name if not who or who.handle in ("", name) else f"{name} ({who.handle})"
            delivery = send(channel, question, by=by, target=target)
            made = []
            for each in assets:
                each.credit, each.source, each.rights = credit[:200], target.url[:1_000], Asset.Rights.ASKED
                each.save(update_fields=["credit", "source", "rights"])
                made.append(
                    cls(asset=each, person=who, target=target, delivery=delivery, question=question, by=by)
                )
            cls.objects.bulk_create(made)
            record("permission_asked", brand, assets[0], by, author=credit)
        return made

    def settle(self, by: User, granted: bool, proof: str, url: str = "") -> None:
        """Write down what they answered. ValueError("unproved") where they agree and nothing shows it."""
        if granted and not proof.strip():
            raise ValueError("unproved")
        brand = self.asset.brand_id
        with transaction.atomic():
            held = take_hold(Permission.objects.of(brand), self.pk)
            held.state = self.State.GRANTED if granted else self.State.REFUSED
            held.proof, held.proof_url = proof.strip()[:PROOF_MOST], url
            held.answered, held.settled_by = clock.now(), by
            held.save(update_fields=["state", "proof", "proof_url", "answered", "settled_by"])
            rights = Asset.Rights.PERMITTED if granted else Asset.Rights.REFUSED
            Asset.objects.of(brand).filter(pk=held.asset_id).update(rights=rights)
            code = "permission_granted" if granted else "permission_refused"
            record(code, brand, self.asset, by, picture=str(self.asset))
            Notice.settle_each(brand, [f"asset:{held.asset_id}"], "permission_answered")
        self.refresh_from_db()
        self.asset.refresh_from_db(fields=["rights"])

    @classmethod
    def tell_of_answers(cls) -> None:
        """Tell whoever asked that the author wrote something since, once for each question."""
        rows = cls.objects.everywhere().filter(state=cls.State.ASKED, asked__gte=clock.now() - WAITED_FOR)
        drafts = []
        for each in rows.select_related("asset", "delivery", "target").defer("asset__content")[:AT_ONCE]:
            if each.by_id and each.answers():
                about, facts = f"asset:{each.asset_id}", {"name": each.asset.credit or str(each.asset)}
                drafts.append(Draft(each.asset.brand_id, "permission_answered", about, facts, each.by_id))
        Notice.post_all(drafts)

    def answers(self) -> list[Activity]:
        """What the author wrote since, below the question or below the message: the newest first."""
        if self.person_id is None or self.delivery is None:
            return []
        to = [
            each for each in (self.delivery.remote_id, self.target.remote_id if self.target else "") if each
        ]
        rows = Activity.objects.of(self.asset.brand_id).filter(
            actor=self.person_id, in_reply_to__in=to, published__gte=self.asked, deleted=None
        )
        return list(rows.order_by("-published")[:20])
