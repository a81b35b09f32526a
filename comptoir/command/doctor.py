"""`comptoir doctor`: looks at all that Comptoir needs, says what is wrong and what to do about it."""

import os
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from comptoir.command import from_database, from_outside, preparing, tasks, up
from comptoir.command.findings import Findings, Mark, fine, note, wrong
from comptoir.kernel import config, onboard
from comptoir.kernel.cluster import Home
from comptoir.kernel.stores import INSTALL, StoreFailed, lacking
from comptoir.listening import stored
from comptoir.reading import larger
from comptoir.upkeep import daily, space


def doctor(mail_to: str = "") -> int:
    """Look at everything. The exit code: 1 when anything is wrong."""
    up.join()
    count = 0
    looks = [_python, _data, _backups, _addresses, _inside, _identity, reads, _stored]
    if up.running(config.data_folder()):
        looks += [from_outside.pages, from_outside.short_hosts, from_outside.live]
    for look in looks:
        count += _say(look)
    with ExitStack() as stack:
        count += _say(lambda: _database(stack))
        count += _say(lambda: _mail(mail_to))
    print("Nothing is wrong." if not count else f"{count} thing{'s' * (count > 1)} to put right.")
    return 1 if count else 0


def _say(look: Callable[[], Findings]) -> int:
    """Print what a look finds as it comes; how many things are wrong."""
    count = 0
    for finding in look():
        count += finding.mark is Mark.WRONG
        print(f"{finding.mark:<6} {finding.name:<11} {finding.text}", flush=True)
    return count


def _python() -> Findings:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < (3, 12):  # noqa: UP036
        yield wrong("python", f"{version} is too old: install 3.12 or newer.")
    else:
        yield fine("python", version)


def _data() -> Findings:
    data = config.data_folder()
    if not os.access(data, os.W_OK):
        yield wrong("data", f"{data} cannot be written to: give it to the user who runs Comptoir.")
        return
    yield fine("data", str(data))
    said = f"{space.free() / 1e9:.1f} GB free in {space.place()}"
    if space.free() < space.least():
        yield wrong("space", f"{said}: make room, the database stops when there is none.")
    else:
        yield fine("space", said)
    for name in ("secret.key", "grant.key"):
        yield from _key(data / name)


def _stored() -> Findings:
    """Whether old mentions can go where they should."""
    if (age := stored.after()) is None:
        return
    if missing := lacking():
        yield wrong(
            "stored", f"MENTIONS_STORED_AFTER is set, and {', '.join(missing)} is not here: {INSTALL}"
        )
        return
    place, name = stored.place(), f"doctor-{os.getpid()}"
    try:
        place.put(name, lambda file: file.write(b"comptoir"))
        place.drop(name)
    except StoreFailed as error:
        yield wrong("stored", f"{error}. See MENTIONS_STORED_IN.")
    else:
        yield fine("stored", f"mentions of more than {age.days} days go to {place}")


def _key(path: Path) -> Findings:
    if path.name == "grant.key" and os.environ.get("COMPTOIR_KEYS"):
        yield fine("keys", "the grants are sealed with COMPTOIR_KEYS")
    elif not path.exists():
        yield note("keys", f"{path.name} is not there yet: it is made when it is first needed")
    elif not os.access(path, os.R_OK):
        yield wrong("keys", f"{path} cannot be read: run this as its owner.")
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield wrong("keys", f"{path} can be read by others: chmod 600 {path}")
    else:
        yield fine("keys", f"{path.name} is readable by its owner alone")


def _addresses() -> Findings:
    url = config.public_url()
    if already := up.running(config.data_folder()):
        yield fine("up", already)
    else:
        yield note("up", "Comptoir does not run on this data folder: comptoir up")
        for port in (config.port(), config.port() + 1):
            try:
                up.check_free(config.bind(), port)
                yield fine("port", f"{port} is free")
            except onboard.Unusable as error:
                yield wrong("port", str(error))
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        yield wrong("address", f"PUBLIC_URL={url} is no address: say https://counter.example.org")
    elif parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        yield wrong("address", f"{url}: passwords travel in clear. Put https before it: PUBLIC_URL")
    else:
        yield fine("address", url)


def _inside() -> Findings:
    """The one way past the inside guard: shown, whatever it is."""
    allowed = config.words("INSIDE_ALLOWED")
    if not allowed:
        yield fine("inside", "INSIDE_ALLOWED is empty: no address of our own network is reached")
    for place in allowed:
        host, _, port = place.rpartition(":")
        if not host or not port.isdecimal():
            yield wrong("inside", f"INSIDE_ALLOWED has {place}: each is host:port")
        else:
            yield note("inside", f"whoever can post a link has Comptoir visit {place}: INSIDE_ALLOWED")


def reads() -> Findings:
    """The larger model for tone, where one is set; nothing else to say of reading."""
    if place := larger.folder():
        try:
            larger.opened(place)
        except larger.Unusable as error:
            yield wrong("tone", f"TONE_MODEL={place}: {error}.")
        else:
            yield fine("tone", f"read with the model in {place}")


def _mail(to: str) -> Findings:
    """Mail, with Django's own way of sending it; without a database, too."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.settings")
    import django

    django.setup()
    yield from from_outside.mail(to)


def _backups() -> Findings:
    """Whether there is a fresh one."""
    place = daily.folder()
    if place is None:
        yield note(
            "backups", "none are made by themselves: say where with BACKUP_DIR, or call comptoir backup"
        )
        return
    try:
        age = daily.age(place)
        place.mkdir(parents=True, exist_ok=True)
        writable = os.access(place, os.W_OK)
    except OSError as error:
        yield wrong("backups", f"{place} cannot be used: {error.strerror}.")
        return
    if not writable:
        yield wrong("backups", f"{place} cannot be written to: give it to the user who runs Comptoir.")
    elif age is None:
        yield note("backups", f"there is none yet in {place}: a worker makes it within the hour")
    elif age > daily.LATE:
        yield wrong(
            "backups", f"the newest in {place} is {age / 86_400:.0f} days old: what does the log say?"
        )
    else:
        yield fine(
            "backups", f"the newest is {age / 3600:.0f} hours old, {len(daily.made(place))} in {place}"
        )


def _identity() -> Findings:
    """The identity provider that people sign in through, where one is set."""
    issuer = (os.environ.get("OIDC_ISSUER") or "").rstrip("/")
    if not issuer:
        return
    if not os.environ.get("OIDC_CLIENT_ID"):
        yield wrong("identity", "OIDC_CLIENT_ID is missing: register Comptoir with the provider.")
    from comptoir.kernel.http import Outside
    from comptoir.kernel.openid import Unfit, discover, keys

    back = f"{config.public_url()}/account/login/sso/back/"
    try:
        with Outside(frozenset(config.words("INSIDE_ALLOWED"))) as outside:
            keys(discover(issuer, outside), outside)
        yield fine("identity", f"{issuer} answers; it sends people back to {back}")
    except Unfit as error:
        yield wrong("identity", f"{issuer}: {UNFIT[str(error)]}")


UNFIT = {
    "unreachable": "is not reached. Inside your own network it has to stand in INSIDE_ALLOWED, as host:port.",
    "status": "has no discovery document: OIDC_ISSUER is the address before /.well-known/.",
    "not_json": "has no discovery document: OIDC_ISSUER is the address before /.well-known/.",
    "issuer": "calls itself otherwise in its discovery document: OIDC_ISSUER has to be the same.",
    "endpoint": "names an endpoint that is not as safe as itself.",
    "keys": "gives no keys to check its signatures with.",
}
"""What is wrong with an identity provider, by `kernel.openid`'s codes."""


def _database(stack: ExitStack) -> Findings:
    """The database, then all that can only be seen in it."""
    data = config.data_folder()
    if not os.environ.get("DATABASE_URL") and not Home(data).made:
        yield note("database", "is not made yet: comptoir up makes it")
        return
    import psycopg
    from django.db import DatabaseError

    try:
        stack.enter_context(tasks.at_hand())
        preparing.knock()
        yield from from_database.looks()
    except onboard.Unusable as error:
        yield wrong("database", str(error))
    except (DatabaseError, psycopg.Error) as error:
        said = " ".join(str(error).split())
        yield wrong("database", f"does not answer: {said}. Is DATABASE_URL right?")
