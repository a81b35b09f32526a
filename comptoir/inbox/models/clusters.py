"""Clusters: the people who wait and say almost the same, gathered so that they can be answered together."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models

from comptoir.inbox.models.thread import Thread
from comptoir.kernel import clock
from comptoir.networks.models import Activity
from comptoir.organisation.models import Brand, BrandManager, BrandQuerySet

NEWS = timedelta(hours=1)
"""For so long what a brand had not heard before counts as new."""
ALONE = timedelta(days=2)
"""For so long a message that nobody else wrote is kept in mind, to find the next one like it."""
KNOWN = timedelta(days=30)
"""For so long after its last message a cluster is."""


class ClusterQuerySet(BrandQuerySet["Cluster"]):
    def sweep(self, most: int = 5_000) -> int:
        """Forget what nobody repeated for long, and what nothing is left of; how many."""
        now = clock.now()
        stale = (
            models.Q(size__lte=1, last_at__lt=now - ALONE)
            | models.Q(last_at__lt=now - KNOWN)
            | models.Q(exemplars=None)
        )
        return self.filter(pk__in=list(self.filter(stale).values_list("pk", flat=True)[:most])).delete()[0]


class ClusterManager(BrandManager["Cluster", "ClusterQuerySet"]):
    queryset_class = ClusterQuerySet


class Cluster(models.Model):
    """Something that people say to a brand in almost the same words. `size`: in how many threads they did so far.

    A thread stays in the cluster of the first message that waits there, whatever comes later: see `likening`.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+", db_index=False)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    size = models.PositiveIntegerField(default=0)

    objects: ClassVar[ClusterManager] = ClusterManager()

    class Meta:
        indexes = [models.Index(fields=["brand", "-last_at"], name="cluster_lately")]

    def __str__(self) -> str:
        return f"cluster {self.pk}"

    @property
    def is_new(self) -> bool:
        """Whether it was heard for the first time within the hour."""
        return self.first_at > clock.now() - NEWS


class Exemplar(models.Model):
    """A message that others are compared with; the first of a cluster is its centre."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="exemplars")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"exemplar {self.pk} of {self.cluster_id}"


class Band(models.Model):
    """A hash that near-copies of an exemplar are likely to have as well: how they find it."""

    band = models.BigIntegerField()
    exemplar = models.ForeignKey(Exemplar, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["band"], name="band_found")]

    def __str__(self) -> str:
        return f"{self.band} of {self.exemplar_id}"


class Likened(models.Model):
    """The cluster that a thread is in, by which of its messages (`activity`), and how like that is to the centre.

    `more`: its author has written further messages since. `pressing`: what waits there speaks of health, a child or
    danger.
    """

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, primary_key=True, related_name="likened")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="likened")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+")
    likeness = models.FloatField(default=1.0)
    more = models.BooleanField(default=False)
    pressing = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.thread_id} in {self.cluster_id}"


def sample_of(cluster: Cluster) -> str:
    """What it says, in the words of somebody whose message is still there."""
    said = Activity.objects.of(cluster.brand_id).filter(pk__in=cluster.exemplars.values("activity"))
    return said.exclude(text="").order_by("pk").values_list("text", flat=True).first() or ""
