"""`comptoir`: the one command. Each sub-command is read only when it is asked for, so that --help is quick.

A bench is a module of `comptoir.bench` with `run()`, which returns its figures.
"""

import argparse
import sys

_WHAT = {
    "up": "run everything in this terminal: database, pages, live stream, jobs",
    "web": "run the pages alone",
    "live": "run the live stream alone",
    "worker": "run the jobs alone",
    "migrate": "bring the tables of the database up to date",
    "doctor": "say what is wrong, and what to do about it",
    "connect": "connect a channel of a network",
    "rehearse": "have the people of the rehearsal town write",
    "brand": "list the brands, or make one",
    "member": "give a colleague a role on a brand, and a sign-in link",
    "account": "say how somebody signs in; unlock, reset the second step, end sessions",
    "token": "make, list or end a person's tokens for programs",
    "owner-link": "print a fresh sign-in link for the owner",
    "person": "give, erase or skip what concerns somebody who writes to the brands",
    "hold": "stop what leaves: everything, a brand's, what is for a country; without a reason, list holds",
    "lift": "let what was stopped leave again",
    "backup": "save everything in one file, while all goes on",
    "restore": "bring back what a backup holds",
    "key": "put a new key in use for what is kept sealed",
    "evaluate": "say what is read in texts, line by line, or in a series, row by row",
    "bench": "measure, and print the figures",
}
SCOPES = (
    "threads:read", "threads:write", "channels:read", "channels:write", "people:read", "people:write", "figures:read",
    "brand:write", "posts:read", "posts:write",
)  # fmt: skip
ROLES = ("reader", "agent", "manager", "owner")
TASKS = ("sentiment", "language", "spam", "toxicity", "near-duplicates", "spikes")
BENCHES = (
    "receive",
    "pages",
    "live",
    "search",
    "storm",
    "rush",
    "match",
    "explore",
    "schedule",
    "calendar",
    "footprint",
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="comptoir",
        description="One counter for everything that people say to a brand, on every network.",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    each = {name: commands.add_parser(name, help=what, description=what) for name, what in _WHAT.items()}
    connect = each["connect"]
    connect.add_argument("network", help="its name, such as bluesky")
    connect.add_argument(
        "answers", nargs="*", metavar="KEY=VALUE", help="fields of its form; the others are asked"
    )
    connect.add_argument("--brand", default="", help="the brand, when there are several")
    rehearse = each["rehearse"]
    rehearse.add_argument("scenario", help="quiet, volcano, badbuzz, spam or takeover")
    rehearse.add_argument(
        "--messages", type=int, metavar="N", help="so many in all, counted as they come in (volcano: 6000)"
    )
    rehearse.add_argument("--rate", type=float, metavar="N", help="messages a second (1)")
    rehearse.add_argument("--seconds", type=float, default=60, metavar="S", help="for how long (60)")
    _add_persons(each["person"])
    _add_people(each)
    _add_upkeep(each)
    _add_token(each["token"])
    _add_evaluate(each["evaluate"])
    bench = each["bench"]
    bench.add_argument("name", choices=BENCHES)
    bench.add_argument("--queries", type=int, metavar="N", help="match: how many queries (10,000)")
    bench.add_argument("--mentions", type=int, metavar="N", help="explore: how many mentions (5,000,000)")
    bench.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    return parser


def _add_people(each: dict[str, argparse.ArgumentParser]) -> None:
    member = each["member"]
    member.add_argument("email", nargs="?", default="", help="their address; without one, who is there")
    member.add_argument(
        "--role", choices=ROLES, default="", help="what they may do (agent, for a new colleague)"
    )
    member.add_argument("--name", default="", help="their name, as colleagues see it")
    member.add_argument("--brand", default="", help="the brand, when there are several")
    member.add_argument("--remove", action="store_true", help="take their role away")
    switch = member.add_mutually_exclusive_group()
    switch.add_argument("--off", action="store_true", help="switch their account off, on every brand")
    switch.add_argument("--on", action="store_true", help="switch their account on again")
    account = each["account"]
    account.add_argument("email", help="their address")
    account.add_argument("--unlock", action="store_true", help="let them try to sign in again at once")
    account.add_argument(
        "--reset-second-step", action="store_true", help="remove their app, passkeys and codes"
    )
    account.add_argument("--end-sessions", action="store_true", help="sign them out everywhere")
    brand = each["brand"]
    brand.add_argument("act", choices=("list", "new"), help="list: which there are; new: make one")
    brand.add_argument("name", nargs="?", default="", help="the new brand's name")
    brand.add_argument("--slug", default="", help="the word in its addresses; by default from the name")
    brand.add_argument(
        "--owner", default="", metavar="ADDRESS", help="who owns it; by default the house's owner"
    )


def _add_persons(person: argparse.ArgumentParser) -> None:
    person.add_argument(
        "act",
        choices=("export", "erase", "object"),
        help="export: everything in one ZIP; erase: for good, everywhere; object: skip what they write from now on",
    )
    person.add_argument("network", help="where, such as bluesky")
    person.add_argument("name", help="their handle there, or their id")
    person.add_argument("--out", default="", metavar="FILE", help="the ZIP to write (person-N.zip)")
    person.add_argument(
        "--brand", default="", help="object to one brand alone; by default to the whole house"
    )
    person.add_argument("--yes", action="store_true", help="erase without asking")
    person.add_argument("--back", action="store_true", help="take an objection back")


def _add_token(token: argparse.ArgumentParser) -> None:
    token.add_argument("email", help="whose it is")
    token.add_argument("--name", default="", help="what it is for; without one, those there are")
    token.add_argument(
        "--scope", action="append", choices=SCOPES, default=[], help="what it may; may be repeated"
    )
    token.add_argument("--brand", default="", help="the only brand that it reaches")
    token.add_argument(
        "--days", type=int, default=90, metavar="N", help="for how long (90); 0: without an end"
    )
    token.add_argument("--end", action="store_true", help="end it")


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("task", choices=TASKS, help="what to read")
    evaluate.add_argument(
        "input", metavar="INPUT", help="texts, one object a line; for spikes a table: timestamp,value"
    )
    evaluate.add_argument("output", metavar="OUTPUT", help="the same, each line with what was read")
    evaluate.add_argument(
        "--tier", choices=("better", "fast"), default="better", help="by meaning too (better), or words alone"
    )


def _add_upkeep(each: dict[str, argparse.ArgumentParser]) -> None:
    doctor = each["doctor"]
    doctor.add_argument(
        "--mail", default="", metavar="ADDRESS", help="send a mail there, to see that it arrives"
    )
    hold = each["hold"]
    hold.add_argument("reason", nargs="?", default="", help="why; it stands at the top of every page")
    hold.add_argument("--brand", default="", help="this brand alone; by default the whole house")
    hold.add_argument("--country", default="", metavar="FR", help="only channels that serve this country")
    hold.add_argument("--replies", action="store_true", help="answers stop as well")
    each["lift"].add_argument("number", type=int, help="which one, as comptoir hold lists them")
    backup = each["backup"]
    backup.add_argument(
        "file", nargs="?", default="", metavar="FILE", help="a new file; by default in BACKUP_DIR"
    )
    backup.add_argument("--with-key", action="store_true", help="put the keys in: it opens every grant then")
    restore = each["restore"]
    restore.add_argument("file", metavar="FILE", help="what comptoir backup made")
    restore.add_argument("--replace", action="store_true", help="put it in the place of what is there")
    key = each["key"]
    key.add_argument("act", choices=("rotate",), help="rotate: make a new key and seal everything with it")


def main(words: list[str] | None = None) -> int:
    """Run a sub-command. The exit code: 0 well, 1 something is wrong, 2 not understood."""
    parser = _parser()
    asked = parser.parse_args(words)
    if asked.version:
        from importlib.metadata import version

        print(version("comptoir"))
        return 0
    if asked.command is None:
        parser.print_help()
        return 2
    if asked.command == "up":
        from comptoir.command.up import up

        return up()
    if asked.command == "doctor":
        from comptoir.command.doctor import doctor

        return doctor(asked.mail)
    if asked.command == "evaluate":
        if asked.task == "spikes":
            from comptoir.command.scoring import score_spikes

            return score_spikes(asked.input, asked.output)
        from comptoir.command.evaluating import evaluate

        return evaluate(asked.task, asked.input, asked.output, asked.tier)
    if asked.command == "restore":
        from comptoir.command.backups import restore

        return restore(asked.file, asked.replace)
    from comptoir.command import tasks

    return tasks.run(asked)


if __name__ == "__main__":
    sys.exit(main())
