"""`study-bot <command>`: reads the command line, calls the part that does it, prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bot.config import DEFAULT_KNOWLEDGE
from bot.errors import ContentError, StudyBotError

# A page that an author in Auckland read this morning was not read in the future.
_FIRST_TO_CHANGE_DATE = timezone(timedelta(hours=14))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 when it did what it should, else 1."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except ContentError as error:
        print(*error.faults, sep="\n", file=sys.stderr)
    except StudyBotError as error:
        print(error, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="study-bot", description="A study assistant for Discord.")
    commands = parser.add_subparsers(metavar="command", required=True)
    check = commands.add_parser("check", help="read the knowledge files and list every fault")
    check.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=DEFAULT_KNOWLEDGE,
        help="a file or folder; left out, the knowledge that comes with the bot",
    )
    check.set_defaults(run=_check)
    return parser


def _check(arguments: argparse.Namespace) -> int:
    # Only here, so that the other commands do not pay for it at their start.
    from bot.content.check import check

    path: Path = arguments.path
    if not path.exists():
        print(f"There is no file or folder {path}.", file=sys.stderr)
        return 1
    today = datetime.now(_FIRST_TO_CHANGE_DATE).date()
    print(check(path, home=DEFAULT_KNOWLEDGE, today=today))
    return 0
