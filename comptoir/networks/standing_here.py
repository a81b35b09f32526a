"""The ability of a network that is a page of this house. Connectors import it from `networks.connector`, which is the
whole contract.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from comptoir.networks.values import Connected


class StandsHere(ABC):
    """Is a page of this house itself: nobody elsewhere is asked, and what was said there is shown by the rooms."""

    @staticmethod
    @abstractmethod
    def opened(identity: str, address: str, name: str) -> Connected:
        """The channel of a page: `identity` is unlike any other one's for ever, `address` where browsers find it."""

    @staticmethod
    @abstractmethod
    def word_of(remote_id: str) -> str:
        """The word by which something said stands below the page's address: small letters and digits."""
