"""A worker's jobs queue other jobs in their own transaction: a rollback leaves none, and none runs too early."""

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.command.roles import working_app
from comptoir.kernel.events import tell
from comptoir.networks.events import ActivitiesReceived


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_news_told_in_a_job_is_part_of_its_transaction() -> None:
    with working_app().open():
        with transaction.atomic():
            tell(ActivitiesReceived(1, [1], []))
            transaction.set_rollback(True)
        assert not ProcrastinateJob.objects.exists()
        with transaction.atomic():
            tell(ActivitiesReceived(1, [1], []))
        assert ProcrastinateJob.objects.count() == 1
