"""The tables of teams.

``team_totals`` is what members brought their teams, kept ready by a trigger on ``awards``: by day,
by month and for all time, of which any range of dates is made up (bot/store/team_boards.py).
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL
from __future__ import annotations

from sqlite_utils import Database

_INSTANT = "GLOB '????-??-??T??:??:??.??????+00:00'"
_DAY = "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'"


def m331_teams(db: Database) -> None:
    """Teams, who was in which from when to when, who waits for a captain, and what they earned."""
    db.executescript(f"""
-- A team that ended stays, for its results; its name is free again.
CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL CHECK (name_key <> ''),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    is_name_fixed INTEGER NOT NULL DEFAULT 0 CHECK (is_name_fixed IN (0, 1)),
    made_at TEXT NOT NULL CHECK (made_at {_INSTANT}),
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'ended', 'disbanded'))
) STRICT;
CREATE UNIQUE INDEX teams_by_name ON teams (guild_id, name_key) WHERE state = 'active';
CREATE INDEX teams_of_server ON teams (guild_id);

-- From ``joined_at`` up to but without ``left_at``.
CREATE TABLE memberships (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    is_captain INTEGER NOT NULL CHECK (is_captain IN (0, 1)),
    joined_at TEXT NOT NULL CHECK (joined_at {_INSTANT}),
    left_at TEXT CHECK (left_at {_INSTANT}),
    end TEXT CHECK (end IN ('left', 'removed', 'disbanded', 'gone')),
    CHECK ((left_at IS NULL) = (end IS NULL)),
    CHECK (left_at IS NULL OR (left_at >= joined_at AND NOT is_captain))
) STRICT;
CREATE UNIQUE INDEX memberships_one_a_server ON memberships (guild_id, member_id)
    WHERE left_at IS NULL;
CREATE UNIQUE INDEX memberships_one_captain ON memberships (team_id)
    WHERE is_captain;
CREATE INDEX memberships_of_member ON memberships (member_id, guild_id, joined_at, left_at);
CREATE INDEX memberships_of_team ON memberships (team_id, left_at);

CREATE TABLE team_requests (
    team_id INTEGER NOT NULL REFERENCES teams (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    asked_at TEXT NOT NULL CHECK (asked_at {_INSTANT}),
    PRIMARY KEY (team_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_requests_of_member ON team_requests (member_id);

-- ``first`` is the first study date of the span, empty for all time.
CREATE TABLE team_totals (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    kind TEXT NOT NULL CHECK (kind IN ('day', 'month', 'all')),
    first TEXT NOT NULL CHECK (first = '' OR first {_DAY}),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    points INTEGER NOT NULL CHECK (points >= 0),
    right INTEGER NOT NULL CHECK (right BETWEEN 0 AND answered),
    answered INTEGER NOT NULL CHECK (answered > 0),
    PRIMARY KEY (guild_id, kind, first, team_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_totals_of_member ON team_totals (member_id);

-- An answer counts for the team in which it was given, whenever it is settled.
CREATE TRIGGER awards_count_for_teams AFTER INSERT ON awards
WHEN EXISTS (SELECT 1 FROM memberships
    WHERE member_id = NEW.member_id AND guild_id = NEW.guild_id)
BEGIN
    INSERT INTO team_totals (guild_id, kind, first, team_id, member_id, points, right, answered)
    SELECT NEW.guild_id, spans.kind,
        CASE spans.kind WHEN 'day' THEN NEW.study_date
            WHEN 'month' THEN date(NEW.study_date, 'start of month') ELSE '' END,
        memberships.team_id, NEW.member_id, NEW.points, NEW.is_correct, 1
    FROM answers
    JOIN memberships ON memberships.member_id = NEW.member_id
        AND memberships.guild_id = NEW.guild_id
        AND memberships.joined_at <= answers.answered_at
        AND (memberships.left_at IS NULL OR memberships.left_at > answers.answered_at)
    CROSS JOIN (SELECT 'day' AS kind UNION ALL SELECT 'month' UNION ALL SELECT 'all') AS spans
    WHERE answers.id = NEW.answer_id
    ON CONFLICT (guild_id, kind, first, team_id, member_id) DO UPDATE SET
        points = points + excluded.points, right = right + excluded.right,
        answered = answered + 1;
END;
""")


def m332_team_matches(db: Database) -> None:
    """Let matches be for teams, and keep for which team a contestant plays.

    It names no member: the contestant does, until that member is forgotten. ``guild_id`` lets it
    go with its server. Without the index on sums, each team of a server that goes would be looked
    for in all servers' sums.
    """
    db.executescript("""
ALTER TABLE matches
    ADD COLUMN for_teams INTEGER NOT NULL DEFAULT 0 CHECK (for_teams IN (0, 1));
CREATE TABLE contestant_teams (
    contestant_id INTEGER PRIMARY KEY REFERENCES contestants (id),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id) CHECK (guild_id > 0),
    team_id INTEGER NOT NULL REFERENCES teams (id)
) STRICT;
CREATE INDEX contestant_teams_of_server ON contestant_teams (guild_id);
CREATE INDEX contestant_teams_of_team ON contestant_teams (team_id);
CREATE INDEX team_totals_of_team ON team_totals (team_id);
""")


def m333_told_captains(db: Database) -> None:
    """Keep which members want to hear of requests to join while they lead their team."""
    db.executescript("""
ALTER TABLE memberships ADD COLUMN is_told INTEGER NOT NULL DEFAULT 0 CHECK (is_told IN (0, 1));
""")


def m334_team_invitations(db: Database) -> None:
    """Keep invitations beside requests: both end when the member is in a team, or by themselves.

    A refused one stays until then, so that nobody is asked again and again.
    """
    db.executescript("""
ALTER TABLE team_requests ADD COLUMN kind TEXT NOT NULL DEFAULT 'asked'
    CHECK (kind IN ('asked', 'invited', 'refused'));
""")
