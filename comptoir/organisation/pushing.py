"""Web push: messages to the browsers that a person allowed to show them (RFC 8030, 8291, 8292)."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

from comptoir.kernel import clock
from comptoir.kernel.http import Outside
from comptoir.kernel.secrets import Unreadable, seal, unseal
from comptoir.organisation.models import Notice, User
from comptoir.organisation.models.taste import Device

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many keys the curve P-256 has (FIPS 186-4, D.1.2.3)."""
_DAY = 86_400
_MOST_DEVICES = 20
_GONE = (403, 404, 410)


class Unfit(Exception):
    """What a browser gave us is no subscription."""


class PushFailed(Exception):
    """No device took the message, and some may later."""


def public_key() -> str:
    """The key that browsers know this house by, as `applicationServerKey` wants it."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw = _house_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def enrol(user: User, subscription: Mapping[str, Any], name: str) -> Device:
    """Let a browser show notices to a person; one that did so for somebody else does no longer. Unfit if it is none."""
    try:
        endpoint, keys = str(subscription["endpoint"]), subscription["keys"]
        receiver, secret = _bytes(keys["p256dh"]), _bytes(keys["auth"])
        where = urlsplit(endpoint)
        fit = len(receiver) == 65 and receiver[0] == 4 and len(secret) == 16 and len(endpoint) < 2_000
    except (KeyError, TypeError, ValueError):
        raise Unfit from None
    if not fit or where.scheme not in ("https", "http") or not where.hostname:
        raise Unfit
    sealed = seal(json.dumps({"p256dh": keys["p256dh"], "auth": keys["auth"]}))
    device, _new = Device.objects.update_or_create(
        endpoint=endpoint, defaults={"user": user, "keys": sealed, "name": name[:120]}
    )
    old = Device.objects.filter(user=user).order_by("-created").values_list("pk", flat=True)[_MOST_DEVICES:]
    Device.objects.filter(pk__in=list(old)).delete()
    return device


def tell_by_push(user: User, notices: Sequence[Notice]) -> bool:
    """Show notices on all devices of a person; False when there is none. Devices that are gone are forgotten.

    PushFailed when no device took it though some may later.
    """
    from comptoir.organisation.reaching import lines

    told = lines(notices)
    first = told[0]
    more = f" (+{len(told) - 1})" if len(told) > 1 else ""
    message = {
        "title": first["brand"],
        "body": first["sentence"] + more,
        "url": first["url"],
        "tag": f"notice-{notices[0].pk}",
    }
    devices = list(Device.objects.filter(user=user))
    results = [_push(device, json.dumps(message, ensure_ascii=False).encode()) for device in devices]
    if results and not any(results) and Device.objects.filter(user=user).exists():
        raise PushFailed
    return any(results)


def _push(device: Device, message: bytes) -> bool:
    """Hand a message to the browser's push service, encrypted for the browser alone."""
    try:
        keys = json.loads(unseal(device.keys))
    except Unreadable:
        device.delete()
        return False
    from comptoir.kernel.faults import OutsideError

    try:
        with Outside(allowed=settings.INSIDE_ALLOWED, timeout=10, max_bytes=10_000) as outside:
            answer = outside.request(
                "POST",
                device.endpoint,
                headers={
                    **_vapid(device.endpoint),
                    "Content-Encoding": "aes128gcm",
                    "Content-Type": "application/octet-stream",
                    "TTL": str(_DAY),
                    "Urgency": "high",
                },
                content=_encrypted(message, keys),
            )
    except OutsideError:
        return False
    if answer.status in _GONE:
        device.delete()
    elif answer.status < 300:
        Device.objects.filter(pk=device.pk).update(told_at=clock.now())
        return True
    return False


def _encrypted(message: bytes, keys: Mapping[str, str]) -> bytes:
    import http_ece
    from cryptography.hazmat.primitives.asymmetric import ec

    sealed: bytes = http_ece.encrypt(
        message[:3_000],
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(keys["p256dh"]),
        auth_secret=_bytes(keys["auth"]),
        version="aes128gcm",
    )
    return sealed


def _vapid(endpoint: str) -> dict[str, str]:
    """The house says who it is, to this push service, for twelve hours."""
    from py_vapid import Vapid02

    where = urlsplit(endpoint)
    claims = {
        "aud": f"{where.scheme}://{where.netloc}",
        "sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}",
        "exp": int(clock.now().timestamp()) + _DAY // 2,
    }
    signed: dict[str, str] = Vapid02(_house_key()).sign(claims)
    return signed


@lru_cache(maxsize=1)
def _house_key() -> EllipticCurvePrivateKey:
    """Made from the house's own secret, so that all its machines have the same without keeping another file."""
    from cryptography.hazmat.primitives.asymmetric import ec

    digest = hmac.digest(settings.SECRET_KEY.encode(), b"comptoir.organisation.pushing", "sha512")
    return ec.derive_private_key(int.from_bytes(digest) % (_ORDER - 1) + 1, ec.SECP256R1())


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
