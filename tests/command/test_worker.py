"""A worker's jobs queue other jobs in their own transaction: a rollback leaves none, and none runs too early."""

import time

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.command.working import working_app
from comptoir.kernel.events import tell
from comptoir.kernel.tests.waiting import until
from comptoir.networks.events import ActivitiesReceived
from comptoir.networks.jobs import deliver
from tests.beside import running


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_news_told_in_a_job_is_part_of_its_transaction() -> None:
    jobs = ProcrastinateJob.objects.filter(task_name="comptoir.inbox.jobs.gather")
    before = jobs.count()
    with working_app().open():
        with transaction.atomic():
            tell(ActivitiesReceived(1, [1], []))
            transaction.set_rollback(True)
        assert jobs.count() == before
        with transaction.atomic():
            tell(ActivitiesReceived(1, [1], []))
        assert jobs.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_jobs_that_wait_for_one_lock_follow_each_other_at_once() -> None:
    """Sixty of them, none of which has anything to do: within seconds, not one each second."""
    for number in range(60):
        deliver.configure(lock="one").defer(delivery_id=-number)
    left = ProcrastinateJob.objects.filter(task_name=deliver.name)
    with running("comptoir.command.main", "worker"):
        until(lambda: left.count() < 60, 20, "the first job")
        began = time.monotonic()
        until(lambda: not left.exists(), 20, "all jobs")
        assert time.monotonic() - began < 8
