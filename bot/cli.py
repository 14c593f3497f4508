"""`study-bot <command>`: reads the command line, calls the part that does it, prints.

Heavy parts are imported inside the commands, so that `ask` does not wait for discord.py.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TextIO

from dotenv import load_dotenv

from bot import __version__
from bot.config import DEFAULT_KNOWLEDGE, Settings
from bot.errors import ContentError, StudyBotError

if TYPE_CHECKING:
    from bot.content.shelf import Shelf

# A page that an author in Auckland read this morning was not read in the future.
_FIRST_TO_CHANGE_DATE = timezone(timedelta(hours=14))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 when it did what it should, else 1."""
    _tolerate(sys.stdout)
    _tolerate(sys.stderr)
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except ContentError as error:
        print(*error.faults, sep="\n", file=sys.stderr)
    except StudyBotError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # `study-bot ask --json - | head`
        sys.stderr.close()
    except KeyboardInterrupt:
        return 130
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="study-bot", description="A study assistant for Discord.")
    parser.add_argument("--version", action="version", version=f"study-bot {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)

    def add(
        name: str, command: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    play = add("play", _play, "the real bot in a local page: no account, no token")
    play.add_argument("--port", type=int, default=0, help="0 takes any free one (default)")
    play.add_argument("--no-browser", action="store_true", help="only print the address")
    play.add_argument("--db", type=Path, default=Path("data/play.db"), help="where scores are kept")

    add("run", _run, "connect to Discord with DISCORD_TOKEN")
    add("sync", _sync, "register the commands with Discord again")

    ask = add("ask", _ask, "answer a question here in the terminal")
    ask.add_argument("question", nargs="+", help="in your own words; - reads one a line (--json)")
    ask.add_argument("--json", action="store_true", help="one JSON object a line")

    ask.add_argument("--explain", action="store_true", help="say why, with words and weights")

    evaluate = add("evaluate", _evaluate, "run question files and print how many are answered")
    evaluate.add_argument("files", nargs="+", type=Path, help="tests/questions/*.yaml, or .jsonl")
    evaluate.add_argument("--scope", help="only the lines of this scope (.jsonl)")
    evaluate.add_argument("--counts", action="store_true", help="only counts, not the misses")

    check = add("check", _check, "read the knowledge files and list every fault")
    check.add_argument(
        "path",
        nargs="?",
        type=Path,
        default=DEFAULT_KNOWLEDGE,
        help="a file or folder; left out, the knowledge that comes with the bot",
    )

    add("coverage", _coverage, "what there is for each domain of the exams, and what is missing")

    draw = add("draw", _draw, "print questions with their answers: of one entry, or at random")
    draw.add_argument("entry", nargs="*", help="an id or a name; left out, questions are drawn")
    draw.add_argument("--count", type=int, default=10, help="how many to draw (default: 10)")
    draw.add_argument("--seed", type=int, help="the same number draws the same questions")
    draw.add_argument("--topic", help="draw from one topic or exam only, by name or id")

    missed = add("missed", _missed, "what members asked and the bot could not answer")
    missed.add_argument("--days", type=int, default=30, help="how far back, at most 30")

    backup = add("backup", _backup, "copy the database while the bot runs")
    backup.add_argument("path", type=Path, help="the file to make; it must not exist")
    restore = add("restore", _restore, "put a backup in place of the database; stop the bot first")
    restore.add_argument("path", type=Path, help="a file that `study-bot backup` made")

    add("health", _health, "exit 0 when a running bot has shown a sign of life lately")
    return parser


def _tolerate(stream: TextIO, encoding: str | None = None) -> None:
    """Put a question mark for what ``stream`` cannot hold, instead of failing.

    A stream that was replaced by something simpler stays as it is.
    """
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=encoding, errors="replace")


def _settings() -> Settings:
    load_dotenv(Path(".env"))
    settings = Settings.from_env(os.environ)
    logging.basicConfig(
        level=settings.level,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    # At DEBUG discord.py logs every payload: what members wrote, and interactions' tokens.
    logging.getLogger("discord").setLevel(max(settings.level, logging.INFO))
    return settings


def _shelf() -> Shelf:
    """Read the knowledge, quickly from what a start of the bot has kept; keep nothing elsewhere."""
    from bot.content.kept import was_kept
    from bot.content.shelf import Shelf

    settings = _settings()
    return Shelf.read(settings.knowledge, settings.copy if was_kept(settings.copy) else None)


def _play(arguments: argparse.Namespace) -> int:
    from bot.play_hall import open_hall

    settings = _settings()
    asyncio.run(
        open_hall(
            settings,
            database=arguments.db,
            port=arguments.port,
            open_browser=not arguments.no_browser,
            say=lambda line: print(line, flush=True),
        )
    )
    return 0


def _run(arguments: argparse.Namespace) -> int:
    from bot.runner import run

    asyncio.run(run(_settings()))
    return 0


def _sync(arguments: argparse.Namespace) -> int:
    from bot.runner import sync

    asyncio.run(sync(_settings()))
    print("The commands are registered.")
    return 0


def _ask(arguments: argparse.Namespace) -> int:
    from bot.terminal import reply_json, reply_text

    if arguments.json:
        _tolerate(sys.stdout, "utf-8")
    question = " ".join(arguments.question)
    if question == "-" and not arguments.json:
        print("Reading questions from standard input goes with --json.", file=sys.stderr)
        return 1
    shelf = _shelf()
    library = shelf.library
    if question != "-":
        reply = library.answer(question)
        print(reply_json(reply) if arguments.json else reply_text(reply, shelf.exams))
        if arguments.explain:
            print("", *library.explain(question), sep="\n")
        return 0
    _tolerate(sys.stdin, "utf-8")
    for line in sys.stdin:
        if line.strip():
            print(reply_json(library.answer(line.strip())), flush=True)
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from bot.evaluate import evaluate

    library = _shelf().library
    for line in evaluate(
        library, arguments.files, scope=arguments.scope, misses=not arguments.counts
    ):
        print(line)
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from bot.content.check import check

    path: Path = arguments.path
    if not path.exists():
        print(f"There is no file or folder {path}.", file=sys.stderr)
        return 1
    today = datetime.now(_FIRST_TO_CHANGE_DATE).date()
    print(check(path, home=DEFAULT_KNOWLEDGE, today=today))
    return 0


def _coverage(arguments: argparse.Namespace) -> int:
    from bot.core.coverage import coverage
    from bot.coverage import coverage_lines

    shelf = _shelf()
    found = coverage(shelf.knowledge, shelf.pool)
    print(*coverage_lines(found), sep="\n")
    return 1 if any(one.gaps for one in found) else 0


def _draw(arguments: argparse.Namespace) -> int:
    from bot.draw import draw_at_random, draw_entry

    shelf = _shelf()
    if arguments.entry:
        lines = draw_entry(shelf, " ".join(arguments.entry))
    else:
        seed = Random().randrange(1_000_000) if arguments.seed is None else arguments.seed  # noqa: S311
        lines = draw_at_random(shelf, arguments.topic, arguments.count, seed)
    print(*lines, sep="\n")
    return 0


def _missed(arguments: argparse.Namespace) -> int:
    from bot.store.store import Store

    async def read() -> int:
        since = datetime.now(UTC) - timedelta(days=min(max(arguments.days, 1), 30))
        async with Store(_settings().database, read_only=True) as store:
            rows = await store.missed(None, since=since)
        for row in rows:
            print(f"{row.count:4}  {row.last_at:%Y-%m-%d}  {row.text}")
        if not rows:
            print("Nothing: every question of the last days had an answer.")
        return 0

    return asyncio.run(read())


def _backup(arguments: argparse.Namespace) -> int:
    from bot.store.backup import backup

    backup(_settings().database, arguments.path)
    print(f"Wrote {arguments.path}")
    return 0


def _restore(arguments: argparse.Namespace) -> int:
    from bot.store.backup import restore

    database = _settings().database
    kept = restore(arguments.path, database)
    print(f"Restored {database}" + (f"; what was there is in {kept}" if kept else ""))
    return 0


def _health(arguments: argparse.Namespace) -> int:
    from bot.cogs.pulse import KEY, STALE
    from bot.store.store import Store

    async def read() -> int:
        async with Store(_settings().database, read_only=True) as store:
            seen = await store.get_meta(KEY)
        if seen is None:
            print("The bot has not started yet.", file=sys.stderr)
            return 1
        age = datetime.now(UTC) - datetime.fromisoformat(seen)
        if age > STALE:
            print(f"The last sign of life is {age} old.", file=sys.stderr)
            return 1
        print(f"Alive {age.total_seconds():.0f} seconds ago.")
        return 0

    return asyncio.run(read())
