"""`comptoir connect` on the real network: a wrong password is told in a sentence, the right one connects."""

import subprocess

import pytest

from comptoir.networks.models import Channel, Grant
from comptoir.organisation.models import Brand
from tests.beside import start
from tests.servers.running import AtprotoNetwork

pytestmark = pytest.mark.django_db(transaction=True)


def connect(network: AtprotoNetwork, *words: str) -> int:
    process = start("comptoir.command.main", "connect", "bluesky", *words, allowed=network.addresses)
    try:
        return process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def test_connect(atproto: AtprotoNetwork) -> None:
    Brand.objects.create(name="Brand", slug="brand")
    account = atproto.new_account("cli")
    words = (f"handle={account.handle}", f"service={atproto.pds}")
    assert connect(atproto, *words, "password=nonsense") == 1
    assert not Channel.objects.everywhere().exists()
    assert connect(atproto, *words, f"password={account.app_password}") == 0
    channel = Channel.objects.everywhere().get()
    assert (channel.handle, channel.remote_id) == (account.handle, account.did)
    sealed = bytes(Grant.objects.get(channel=channel).sealed)
    secrets = Grant.objects.get(channel=channel).secrets()
    assert account.app_password not in secrets.values()
    assert not any(secret.encode() in sealed for secret in secrets.values())
    assert connect(atproto, *words, f"password={account.app_password}") == 1
