"""How long mentions are kept, and with them what was said."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils.translation import gettext_noop

from comptoir.kernel.stores import StoreFailed
from comptoir.listening import storing
from comptoir.listening.models import Mention, Sample
from comptoir.listening.models.mention import drop
from comptoir.networks.purging import holds_on
from comptoir.organisation.models import Brand
from comptoir.organisation.retention import house_keeps, keeps

log = logging.getLogger(__name__)

holds_on("mentions")


@keeps("mentions", gettext_noop("Mentions"), gettext_noop("after they were said"), days=730)
def _mentions(brand: Brand, before: datetime, most: int) -> int:
    ids = list(Mention.objects.of(brand).filter(at__lt=before).values_list("pk", flat=True)[:most])
    gone = drop(Mention.objects.of(brand).filter(pk__in=ids))
    if gone == most:
        return gone
    try:
        return gone + storing.let_go_before(brand, before)
    except StoreFailed as error:
        log.error("old mentions are still stored: %s", error)
        return gone


@house_keeps("sample", days=30)
def _sample(before: datetime, most: int) -> int:
    """The sample rolls by itself; where hardly anything passes, it is not kept for ever."""
    ids = list(Sample.objects.filter(heard__lt=before).values_list("pk", flat=True)[:most])
    return Sample.objects.filter(pk__in=ids).delete()[0]
