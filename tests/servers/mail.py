"""A mail exchange of its own: Debian's postfix and dovecot as private instances on ports nobody else uses.

Three domains live on it: `brand.test` and `fan.test`, whose mailboxes are made when asked for, and `slow.test`, which
never answers, so that mail for it is delayed. Mail for a mailbox that is not there comes back. Other domains and
`refused@fan.test` are turned away while the sender waits; `later@fan.test` is put off.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from comptoir.kernel.ports import free_port
from tests.servers.certificates import certificates
from tests.servers.install import Unavailable, reason_for, sbin
from tests.servers.running import end, temporary_folder, with_us

DOVECOT = """
protocols = imap lmtp
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/tls/server.pem
ssl_key = <{folder}/tls/server.key
disable_plaintext_auth = no
first_valid_uid = 1
mail_uid = nobody
mail_gid = nogroup
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
mail_max_userip_connections = 100
imap_idle_notify_interval = 20 secs
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = {folder}/users/%u
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {folder}/queue/private/auth {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Gone {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
"""
"""The folder for what was sent has an odd name, so that only its special use leads to it."""

POSTFIX = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.brand.test
mydestination =
virtual_mailbox_domains = brand.test, fan.test
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{ slow.test=lmtp:inet:127.0.0.1:1 }}
delay_warning_time = 1s
queue_run_delay = 2s
minimal_backoff_time = 2s
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = may
smtpd_tls_cert_file = {folder}/tls/server.pem
smtpd_tls_key_file = {folder}/tls/server.key
smtpd_recipient_restrictions =
    check_recipient_access inline:{{ {{refused@fan.test = REJECT no such luck}} {{later@fan.test = DEFER not now}} }},
    permit_sasl_authenticated, reject_unauth_destination
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_peername_lookup = no
smtpd_client_connection_rate_limit = 0
message_size_limit = 30000000
mynetworks = 127.0.0.250/32
default_transport = error:5.1.2 nobody lives there
relay_transport = error:5.1.2 nobody lives there
alias_maps =
alias_database =
disable_dns_lookups = yes
"""

PASSWORD = "correct horse"
_TIED = "\"$@\" & child=$!; trap 'kill $child' TERM; wait $child; wait $child"
"""A process that changes who it is, as postfix does, is no longer told that its parent died: a shell tells it."""


@dataclass(frozen=True)
class Mailbox:
    """Somebody's mailbox on the exchange."""

    address: str
    password: str = PASSWORD


@dataclass(frozen=True)
class MailServer:
    """Where the exchange listens, on the loop-back, and the authority that signed its certificate."""

    folder: Path
    imap: int
    imaps: int
    smtp: int
    smtps: int
    lmtp: int

    @property
    def authority(self) -> Path:
        return self.folder / "tls" / "authority.pem"

    @property
    def addresses(self) -> list[str]:
        """host:port of each door, as the inside guard's exception wants them."""
        ports = (self.imap, self.imaps, self.smtp, self.smtps)
        return [f"{host}:{port}" for host in ("localhost", "127.0.0.1") for port in ports]

    def new_mailbox(self, name: str = "someone", domain: str = "brand.test") -> Mailbox:
        """A mailbox whose address begins with `name`."""
        box = Mailbox(f"{name}{uuid.uuid4().hex[:8]}@{domain}")
        self.set_password(box.address, PASSWORD)
        return box

    def set_password(self, address: str, password: str) -> None:
        """The password that this mailbox has from now on. Dovecot looks at a file anew once a second."""
        known = (self.folder / "users" / address).exists()
        (self.folder / "users" / address).write_text(
            f"{address}:{{PLAIN}}{password}::::::\n", encoding="utf-8"
        )
        if known:
            time.sleep(1.1)

    def close_mailbox(self, address: str) -> None:
        """The mailbox is no more: mail for it comes back."""
        (self.folder / "users" / address).unlink()
        time.sleep(1.1)

    def forget(self, address: str, folder: str = "") -> None:
        """Let a folder be numbered anew, as after a move to another server: its UIDVALIDITY changes, its mail stays."""
        place = self.folder / "mail" / address / (f".{folder}" if folder else "")
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (place / name).unlink(missing_ok=True)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """The exchange, running, for as long as a block lasts."""
    _check()
    with temporary_folder("mail") as folder, ExitStack() as stack:
        folder.chmod(0o755)
        for name in ("run", "mail", "config", "queue", "data", "users", "tls"):
            (folder / name).mkdir()
        shutil.chown(folder / "mail", "nobody", "nogroup")
        shutil.chown(folder / "data", "postfix")
        certificates(folder / "tls")
        ports = _ports(5)
        server = MailServer(folder, *ports)
        values = {"folder": folder, "imap": server.imap, "imaps": server.imaps, "lmtp": server.lmtp}
        (folder / "dovecot.conf").write_text(DOVECOT.format(**values), encoding="utf-8")
        (folder / "config" / "main.cf").write_text(POSTFIX.format(**values), encoding="utf-8")
        (folder / "config" / "master.cf").write_text(_services(server), encoding="utf-8")
        stack.enter_context(_postfix(folder))
        stack.enter_context(_daemon(folder, "dovecot", "-F", "-c", str(folder / "dovecot.conf")))
        for port in (server.imap, server.imaps, server.smtp, server.smtps, server.lmtp):
            _wait(port, folder)
        yield server


def _check() -> None:
    if os.geteuid() != 0:
        raise Unavailable("postfix and dovecot start as root alone, and we are not")
    if not sbin("postfix") or not sbin("dovecot") or not Path("/usr/lib/dovecot/lmtp").exists():
        why = reason_for("debian")
        raise Unavailable(why or "postfix and dovecot are not installed: python -m tests.servers.install")


def _ports(count: int) -> list[int]:
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return list(ports)


def _services(server: MailServer) -> str:
    """Debian's list of postfix's services, none of them locked in a folder, on our ports alone."""
    path = Path("/etc/postfix/master.cf")
    lines = (path if path.exists() else Path("/usr/share/postfix/master.cf.dist")).read_text().splitlines()
    kept = []
    for line in lines:
        words = line.split()
        if not words or line.startswith((" ", "\t", "#")) or words[1:2] == ["inet"] or "chroot=" in line:
            continue
        if words[0] in ("maildrop", "uucp", "ifmail", "bsmtp", "scalemail-backend", "mailman"):
            continue
        words[4] = "n"
        kept.append(" ".join(words))
    doors = [
        f"127.0.0.1:{server.smtp} inet n - n - - smtpd",
        f"127.0.0.1:{server.smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes",
    ]
    return "\n".join([*doors, *kept]) + "\n"


@contextmanager
def _daemon(folder: Path, name: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    program = sbin(name)
    assert program
    with (folder / f"{name}.out").open("wb") as out:
        process = _start([*with_us("TERM"), program, *words], out)
    try:
        yield process
    finally:
        end(process, signal.SIGTERM)


def _start(command: list[str], out: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", start_new_session=True
    )


@contextmanager
def _postfix(folder: Path) -> Iterator[None]:
    """Postfix's master, which we start without its own script so that it is a child of ours."""
    config = str(folder / "config")
    for name in ("dynamicmaps.cf", "postfix-files"):
        if (path := Path("/etc/postfix") / name).exists():
            shutil.copy(path, config)
    checked = subprocess.run(
        [str(sbin("postfix")), "-c", config, "check"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if checked.returncode:
        raise Unavailable(f"postfix does not take its settings: {checked.stderr.strip()[-400:]}")
    with (folder / "master.out").open("wb") as out:
        master = ["/usr/lib/postfix/sbin/master", "-c", config, "-d"]
        process = _start([*with_us("TERM"), "sh", "-c", _TIED, "sh", *master], out)
    try:
        yield
    finally:
        end(process, signal.SIGTERM)


def _wait(port: int, folder: Path) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            if time.monotonic() > until:
                logs = [folder / name for name in ("dovecot.log", "postfix.log", "dovecot.out", "master.out")]
                said = " / ".join(log.read_text(errors="replace")[-300:] for log in logs if log.exists())
                raise Unavailable(f"the mail exchange did not start: {said}") from None
            time.sleep(0.05)
