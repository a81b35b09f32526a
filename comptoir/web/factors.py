"""Second steps and passkeys: allauth's, with secrets sealed and passkeys bound to our public name."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comptoir.kernel.live import revoke
from comptoir.kernel.secrets import seal, unseal
from comptoir.organisation.audit import record
from comptoir.organisation.models import User
from comptoir.web.clients import device_name

NAME = "Comptoir"


class FactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Our rules, where allauth asks for them."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That was not right. Codes change every 30 seconds: take the newest."),
        "unverified_email": gettext_lazy(
            "First show that your address is yours: sign in once with a code sent to it."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Unreadable when it was sealed with a key that we do not have."""
        return unseal(encrypted_text.encode())

    def get_totp_issuer(self) -> str:
        """What the app writes above the codes: which Comptoir, where there may be several."""
        host = public_host()
        return NAME if host == "localhost" else f"{NAME} {host}"

    def build_totp_svg(self, url: str) -> str:
        """The drawing for the app's camera, to stand in a page."""
        drawn: str = super().build_totp_svg(url)
        return re.sub(r"^<\?xml[^>]*\?>\s*", "", drawn)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a new passkey is called until somebody names it: by the device that asks for it."""
        request = context.request
        agent = request.headers.get("User-Agent", "") if request is not None else ""
        return device_name(agent) or _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the public name, whatever name a request came by."""
        return {"id": public_host(), "name": NAME}


def public_host() -> str:
    """The name under which browsers find us."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def passkeys_possible() -> bool:
    """Whether browsers do passkeys here: they want TLS and a name, or this very machine."""
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https" and public_host() != "localhost":
        return False
    try:
        ip_address(public_host())
    except ValueError:
        return True
    return False


def unused_codes(recovery: Authenticator) -> int:
    """How many recovery codes are left, without opening them."""
    from allauth.mfa import app_settings

    return int(app_settings.RECOVERY_CODE_COUNT) - int(recovery.data["used_mask"]).bit_count()


def steps_of(user: User) -> list[str]:
    """A person's second steps in a few English words, for the terminal: "app", "2 passkeys", "8 recovery codes"."""
    mine = list(Authenticator.objects.filter(user=user))
    keys = sum(each.type == Authenticator.Type.WEBAUTHN for each in mine)
    said = ["app"] if any(each.type == Authenticator.Type.TOTP for each in mine) else []
    said += [f"{keys} passkey{'s' * (keys > 1)}"] if keys else []
    codes = [unused_codes(each) for each in mine if each.type == Authenticator.Type.RECOVERY_CODES]
    return said + [f"{left} recovery code{'s' * (left != 1)}" for left in codes]


def protected(user: Any) -> bool:
    """Whether signing in as this person takes a second step."""
    mine = Authenticator.objects.filter(user=user)
    return bool(mine.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def reset(user: User, by: User | None) -> None:
    """Take away all second steps of somebody who lost theirs, sign them out everywhere, and tell them by mail."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        user.end_sessions()
        revoke(user.pk)
        record("factors_reset", None, user, by, account=str(user))
        who = str(by) if by else _("Whoever runs this Comptoir")
        get_adapter().send_notification_mail("factors_reset", user, {"who": who})
