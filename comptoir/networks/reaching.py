"""Abilities of networks where a message says for whom it is. Connectors import them from `networks.connector`, which
is the whole contract.
"""

from __future__ import annotations


class SaysLanguage:
    """Marks a network whose messages say in which language they are: `reply` and `publish` take `language` as well, a
    BCP 47 code, "" where nobody said."""


class Targets:
    """Marks a network where a post can be shown to people in some countries alone: `publish` takes `countries` as well,
    ISO 3166-1 alpha-2 codes, none for all. What is shown to more people than these is no targeting."""
