"""The tables' steps for the daily challenge, numbered from m101; see bot/store/migrations.py.

They stand on the first steps and on nothing else, so they may be applied before or after others.
"""

from __future__ import annotations

from sqlite_utils import Database

from bot.core.audit import EVENTS
from bot.core.doubt import STATES


def _instant(column: str) -> str:
    return f"CHECK ({column} GLOB '????-??-??T??:??:??.??????+00:00')"


def _day(column: str) -> str:
    return f"CHECK ({column} GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]')"


def m101_challenge_settings(db: Database) -> None:
    """Keep what can be set up beyond channel and time, threads, and who was told of trouble."""
    db.executescript(f"""
ALTER TABLE challenges ADD COLUMN exam TEXT;
ALTER TABLE challenges ADD COLUMN role_id INTEGER CHECK (role_id > 0);
ALTER TABLE challenges ADD COLUMN has_thread INTEGER NOT NULL DEFAULT 0
    CHECK (has_thread IN (0, 1));
ALTER TABLE challenges ADD COLUMN days TEXT NOT NULL DEFAULT '1234567'
    CHECK (days <> '' AND NOT days GLOB '*[^1-7]*');
ALTER TABLE challenges ADD COLUMN catch_up_hours INTEGER NOT NULL DEFAULT 24
    CHECK (catch_up_hours BETWEEN 1 AND 24);
ALTER TABLE challenges ADD COLUMN is_paused INTEGER NOT NULL DEFAULT 0
    CHECK (is_paused IN (0, 1));
ALTER TABLE challenges ADD COLUMN version INTEGER NOT NULL DEFAULT 1 CHECK (version >= 1);
ALTER TABLE challenges ADD COLUMN trouble_since TEXT {_instant("trouble_since")};
ALTER TABLE challenges ADD COLUMN managers_told_at TEXT {_instant("managers_told_at")};

ALTER TABLE posts ADD COLUMN has_thread INTEGER NOT NULL DEFAULT 0 CHECK (has_thread IN (0, 1));
ALTER TABLE posts ADD COLUMN thread_id INTEGER CHECK (thread_id > 0);
ALTER TABLE posts ADD COLUMN explained_at TEXT {_instant("explained_at")};
CREATE INDEX posts_unthreaded ON posts (id)
    WHERE has_thread = 1 AND message_id IS NOT NULL AND explained_at IS NULL;
CREATE INDEX posts_by_message ON posts (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX posts_unsent ON posts (challenge_id, study_date)
    WHERE kind = 'daily' AND message_id IS NULL;
""")


def m102_audit(db: Database) -> None:
    """Keep what became of each study date, and settings that wait for "Save".

    Neither names a member: an audit line says what happened, a draft belongs to its server.
    """
    events = ", ".join(f"'{event}'" for event in EVENTS)
    db.executescript(f"""
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    challenge_id INTEGER NOT NULL REFERENCES challenges (id),
    study_date TEXT NOT NULL {_day("study_date")},
    event TEXT NOT NULL CHECK (event IN ({events})),
    detail TEXT CHECK (detail <> ''),
    at TEXT NOT NULL {_instant("at")},
    UNIQUE (challenge_id, study_date, event)
) STRICT;

CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    drafted_at TEXT NOT NULL {_instant("drafted_at")}
) STRICT;
""")


def m103_doubts(db: Database) -> None:
    """Keep questions that are said to be wrong, and by whom; held ones are not asked."""
    states = ", ".join(f"'{state}'" for state in STATES)
    db.executescript(f"""
CREATE TABLE doubts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    question_id TEXT NOT NULL CHECK (question_id <> ''),
    question TEXT NOT NULL CHECK (json_valid(question)),
    state TEXT NOT NULL CHECK (state IN ({states})),
    why TEXT,
    at TEXT NOT NULL {_instant("at")},
    settled_at TEXT {_instant("settled_at")},
    UNIQUE (guild_id, question_id)
) STRICT;

CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    doubt_id INTEGER NOT NULL REFERENCES doubts (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    reason TEXT CHECK (reason <> ''),
    at TEXT NOT NULL {_instant("at")},
    UNIQUE (doubt_id, member_id)
) STRICT;
CREATE INDEX reports_of_member ON reports (member_id);
""")
