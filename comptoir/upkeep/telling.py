"""What concerns the whole house, told to the people of every brand."""

from __future__ import annotations

from typing import Any

from comptoir.organisation.models import Brand, Notice


def tell_all(code: str, **facts: Any) -> None:
    """Put a notice up for every brand."""
    for brand in Brand.objects.everywhere().values_list("pk", flat=True):
        Notice.post(brand, code, code, **facts)


def settle_all(code: str) -> None:
    """Take it down everywhere."""
    for brand in (
        Notice.objects.everywhere().filter(code=code, settled_at=None).values_list("brand", flat=True)
    ):
        Notice.settle(brand, code)
