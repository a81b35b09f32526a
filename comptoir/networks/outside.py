"""The HTTP client handed to connectors: one for the process, behind the inside guard."""

from functools import lru_cache

from django.conf import settings

from comptoir.kernel.faults import OutsideError, Unreachable
from comptoir.kernel.http import Outside


@lru_cache(maxsize=1)
def http() -> Outside:
    """The client that all connectors of this process share."""
    return Outside(allowed=settings.INSIDE_ALLOWED)


def code_of(fault: OutsideError) -> str:
    """The code of a sentence about it. A connection that is refused is no refusal of the network's."""
    return "unreachable" if isinstance(fault, Unreachable) else fault.code
