"""Networks are named as the reader calls them."""

from __future__ import annotations

from django.utils import translation

from comptoir.networks.models import Channel


def test_a_channel_s_network_is_named_in_the_reader_s_language() -> None:
    with translation.override("fr"):
        assert Channel(network="rehearsal").label == "Ville de répétition"
