"""Laws 4 and 5: no network's name in the rooms, and few, known places look across all brands."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "comptoir"
ROOMS = (
    "kernel",
    "reading",
    "organisation",
    "networks",
    "inbox",
    "listening",
    "publishing",
    "measurement",
    "upkeep",
    "web",
)
NETWORKS = re.compile(r"bluesky|atproto|mastodon|rehearsal", re.IGNORECASE)
EVERYWHERE = re.compile(r"\.everywhere\(\)")
CROSSINGS = {
    "inbox/jobs.py": 7,
    # A delivery of any brand moved: its own brand's programs are told.
    "inbox/changes.py": 1,
    # A message is stored once for all brands that it reached: whoever erases, erases it for all.
    "inbox/persons.py": 3,
    # The reminder of promises serves the whole house, and whoever is erased is erased for all brands.
    "inbox/models/contact.py": 5,
    "inbox/models/standing.py": 1,
    # Whatever is late anywhere: each brand's people are called for their own.
    "inbox/models/ringing.py": 1,
    # What is said in public is put to the queries of all brands, and kept once for all of them.
    "listening/hearing.py": 4,
    "listening/explaining.py": 1,
    "listening/jobs.py": 4,
    # Lines to public places serve whoever listens there; what becomes of an account reaches all that it said.
    "listening/lines.py": 1,
    "listening/minding.py": 2,
    # What is kept is asked for again, whosever it is.
    "listening/rechecking.py": 6,
    "listening/models/mention.py": 1,
    "listening/hubs.py": 2,
    "listening/models/source.py": 5,
    "listening/rereading.py": 1,
    "listening/telling.py": 1,
    # Each night old mentions of all brands go to files, and each minute what was taken back leaves these.
    "listening/storing.py": 2,
    # The job that counts works for the whole house, each thread by its own brand's calendar.
    "measurement/counting.py": 3,
    # Watches over events as well.
    "listening/event_watching.py": 1,
    # Watches are fed for the whole house, each with its own brand's clock.
    "listening/watching.py": 5,
    "networks/holding.py": 7,
    "networks/discussing.py": 1,
    "networks/jobs.py": 9,
    # What is due leaves, whosever it is.
    "networks/models/delivery.py": 4,
    # A hold may be over the whole house.
    "networks/models/hold.py": 2,
    "networks/sending_many.py": 1,
    "networks/objections.py": 7,
    "networks/persons.py": 1,
    "networks/purging.py": 3,
    "networks/rehearsing.py": 1,
    "networks/restored.py": 3,
    "upkeep/telling.py": 2,
    # The purge goes through the whole house.
    "organisation/models/retention.py": 3,
    # Posts of all brands leave at their minutes, each for its own.
    "publishing/departing.py": 12,
    "publishing/jobs.py": 7,
    "publishing/models/evergreen.py": 1,
    "publishing/saying_again.py": 2,
    # Whoever holds the link may read the one version and decide.
    "publishing/models/approval.py": 1,
    # Posts of several brands leave together, each with pictures of its own; with a person their permissions go, in
    # whatever brand.
    "publishing/models/permission.py": 1,
    "publishing/models/readiness.py": 1,
    "publishing/persons.py": 2,
    "publishing/models/post.py": 2,
    # What left for the brands' own pages stands there; whoever knows an address of theirs reads what is open.
    "publishing/standing.py": 6,
    "publishing/models/own_page.py": 3,
    # Posts of several brands leave together, each marked by its own rules.
    "publishing/models/link_rule.py": 1,
    "publishing/models/short_link.py": 1,
    # Posts of several brands leave together, each with the credit of what it shares.
    "publishing/models/found_piece.py": 1,
    # Whoever holds the address may read what its person sees.
    "publishing/models/calendar_feed.py": 1,
    # Each night the holidays of another year are written down.
    "publishing/models/public_holidays.py": 2,
    "publishing/stock.py": 3,
    "organisation/reaching.py": 1,
    # Whoever is to be called next, for every brand; and open calls in a backup.
    # Cases leave by their number; what a desk's program says is known by its signature; sealed secrets and backups.
    "inbox/casework.py": 4,
    "inbox/models/case.py": 1,
    # Whoever holds the link may answer the one question.
    "inbox/models/survey.py": 1,
    "inbox/views/case_answers.py": 1,
    "organisation/models/alarm.py": 1,
    "organisation/alarm_keeping.py": 1,
    "organisation/retention.py": 4,
    # Calls of a webhook are made by its number; what is due, what is sealed, what a backup brings back: of all brands.
    "organisation/calling.py": 2,
    "organisation/jobs.py": 1,
    "organisation/programs/keeping.py": 1,
    # Whose address is of a company may ask to join: whether any brand named a mail domain, and which named this one.
    "organisation/models/joining.py": 2,
    "networks/streaming.py": 1,
    # Whoever comes through the identity provider: which invitations wait for a proven address.
    "web/oidc.py": 1,
}


def _sources() -> list[Path]:
    found = [p for room in ROOMS for p in (ROOT / room).rglob("*.py")]
    return [p for p in found if "tests" not in p.parts and "migrations" not in p.parts]


def test_rooms_name_no_network() -> None:
    named = [
        f"{p.relative_to(ROOT)}: {m.group()}"
        for p in _sources()
        for m in [NETWORKS.search(p.read_text())]
        if m
    ]
    assert not named


def test_every_look_across_brands_is_known() -> None:
    """Each of these is a job or a command of the whole house; a view never is. Add one only with its reason."""
    counted = {str(p.relative_to(ROOT)): len(EVERYWHERE.findall(p.read_text())) for p in _sources()}
    assert {place: n for place, n in counted.items() if n and "scope.py" not in place} == CROSSINGS


def test_only_the_kernel_opens_connections() -> None:
    """Law 3: everything that leaves passes the inside guard of the kernel."""
    doors = {"socket", "ssl", "urllib.request", "http.client", "asyncio.streams", "smtplib", "ftplib"}
    opened = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in _sources()
        if "kernel" not in path.parts
        for name in _imported(path)
        if name in doors
    }
    assert not opened


def test_connectors_open_no_connection() -> None:
    """They are handed one. Mail speaks over it through clients of the library, which its tests keep from dialling."""
    doors = {
        "socket",
        "ssl",
        "asyncio",
        "urllib.request",
        "http.client",
        "ftplib",
        "poplib",
        "imaplib",
        "smtplib",
    }
    handed = {
        "connectors/mail/imap.py: imaplib",
        "connectors/mail/mailbox.py: imaplib",
        "connectors/mail/smtp.py: smtplib",
    }
    opened = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "connectors").rglob("*.py")
        if "tests" not in path.parts
        for name in _imported(path)
        if name in doors
    }
    assert opened == handed


def _imported(path: Path) -> list[str]:
    """The modules that a file imports."""
    return [
        str(name)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        )
    ]
