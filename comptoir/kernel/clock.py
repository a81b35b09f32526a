"""The time, asked in one place so that tests can set it."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The moment, aware, in UTC."""
    return timezone.now()
