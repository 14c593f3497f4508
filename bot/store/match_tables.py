"""The tables of matches, numbered from m311; see bot/store/migrations.py.

A match is a contest (bot/store/contest_tables.py); here is what is special to it.
"""

from __future__ import annotations

from typing import get_args

from sqlite_utils import Database

from bot.core.match import (
    LATE_MOST,
    QUESTIONS_MOST,
    SECONDS_LEAST,
    SECONDS_MOST,
    Ending,
    PauseCause,
    Phase,
)

_INSTANT = "GLOB '????-??-??T??:??:??.??????+00:00'"


def _one_of(kind: object) -> str:
    return ", ".join(f"'{name}'" for name in get_args(kind))


def m311_matches(db: Database) -> None:
    """Keep matches with their clock, what was asked when, and when the clock stood still.

    None of it names a member: who plays is in ``contestants``.
    """
    db.executescript(f"""
-- While ``phase_ends_at`` is empty the clock stands; ``left_ms`` is what is left then, below 0
-- between the bell and the close.
CREATE TABLE matches (
    contest_id INTEGER PRIMARY KEY REFERENCES contests (id),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    questions INTEGER NOT NULL CHECK (questions BETWEEN 1 AND {QUESTIONS_MOST}),
    seconds INTEGER NOT NULL CHECK (seconds BETWEEN {SECONDS_LEAST} AND {SECONDS_MOST}),
    late_seconds INTEGER NOT NULL CHECK (late_seconds BETWEEN 0 AND {LATE_MOST}),
    has_speed INTEGER NOT NULL CHECK (has_speed IN (0, 1)),
    subject TEXT CHECK (subject <> ''),
    in_thread INTEGER NOT NULL CHECK (in_thread IN (0, 1)),
    phase TEXT NOT NULL CHECK (phase IN ({_one_of(Phase)})),
    place INTEGER NOT NULL DEFAULT 0 CHECK (place >= 0),
    phase_ends_at TEXT CHECK (phase_ends_at {_INSTANT}),
    alive_at TEXT NOT NULL CHECK (alive_at {_INSTANT}),
    paused_at TEXT CHECK (paused_at {_INSTANT}),
    left_ms INTEGER,
    cause TEXT CHECK (cause IN ({_one_of(PauseCause)})),
    ending TEXT CHECK (ending IN ({_one_of(Ending)})),
    thread_id INTEGER CHECK (thread_id > 0),
    lobby_message_id INTEGER CHECK (lobby_message_id > 0),
    finale_message_id INTEGER CHECK (finale_message_id > 0),
    CHECK ((paused_at IS NULL) = (left_ms IS NULL)),
    CHECK ((paused_at IS NULL) = (cause IS NULL)),
    CHECK ((ending IS NOT NULL) = (phase IN ('finale', 'over'))),
    CHECK ((phase_ends_at IS NULL) = (paused_at IS NOT NULL OR ending IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX matches_running ON matches (channel_id) WHERE phase <> 'over';

-- The questions that were asked; each is the contest's post of that place.
CREATE TABLE match_rounds (
    contest_id INTEGER NOT NULL REFERENCES contests (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    opened_at TEXT NOT NULL CHECK (opened_at {_INSTANT}),
    is_void INTEGER NOT NULL DEFAULT 0 CHECK (is_void IN (0, 1)),
    PRIMARY KEY (contest_id, place)
) STRICT, WITHOUT ROWID;

-- When the clock of a question stood still; for points of speed.
CREATE TABLE match_gaps (
    contest_id INTEGER NOT NULL REFERENCES contests (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    since TEXT NOT NULL CHECK (since {_INSTANT}),
    until TEXT CHECK (until {_INSTANT}),
    PRIMARY KEY (contest_id, place, since)
) STRICT, WITHOUT ROWID;
""")
