"""The tables of seasons: what was set up, what is kept ready meanwhile, what was told at the end.

A season's board is one of ``boards``, of kind ``season``; its streaks are ``season_streaks``, made
again from the awards like every board (bot/store/rebuilding.py). Both go once the season is
closed. From then on ``season_places``, ``season_prizes`` and ``season_teams`` have what was told.
"""

from __future__ import annotations

from sqlite_utils import Database

_INSTANT = "GLOB '????-??-??T??:??:??.??????+00:00'"
_DAY = "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'"
_OVERLAPS = """
    SELECT 1 FROM seasons WHERE guild_id = NEW.guild_id AND id IS NOT NEW.id
    AND first <= NEW.last AND last >= NEW.first
"""


def m341_seasons(db: Database) -> None:
    """Seasons of a server, their ceremonies with the standings of then, and champions' roles."""
    db.executescript(f"""
CREATE TABLE seasons (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    name TEXT NOT NULL CHECK (name <> ''),
    first TEXT NOT NULL CHECK (first {_DAY}),
    last TEXT NOT NULL CHECK (last {_DAY}),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    role_id INTEGER CHECK (role_id > 0),
    set_by INTEGER CHECK (set_by > 0),
    set_at TEXT NOT NULL CHECK (set_at {_INSTANT}),
    ended_at TEXT CHECK (ended_at {_INSTANT}),
    closed_at TEXT CHECK (closed_at {_INSTANT}),
    CHECK (first <= last)
) STRICT;
CREATE INDEX seasons_of_server ON seasons (guild_id, first);
CREATE INDEX seasons_to_close ON seasons (guild_id, first, last) WHERE closed_at IS NULL;
CREATE TRIGGER seasons_never_overlap_new BEFORE INSERT ON seasons WHEN EXISTS ({_OVERLAPS})
BEGIN SELECT RAISE(ABORT, 'a server has one season at a time'); END;
CREATE TRIGGER seasons_never_overlap BEFORE UPDATE OF first, last ON seasons
WHEN EXISTS ({_OVERLAPS})
BEGIN SELECT RAISE(ABORT, 'a server has one season at a time'); END;
CREATE TRIGGER seasons_stay_closed
BEFORE UPDATE OF name, first, last, ended_at, closed_at ON seasons
WHEN OLD.closed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was told of a season never changes'); END;

-- The longest run of counted days within a season that is not closed, by member.
CREATE TABLE season_streaks (
    season_id INTEGER NOT NULL REFERENCES seasons (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    best INTEGER NOT NULL CHECK (best > 0),
    is_listed INTEGER NOT NULL CHECK (is_listed IN (0, 1)),
    PRIMARY KEY (season_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX season_streaks_by_best ON season_streaks (season_id, best DESC, member_id, is_listed)
    WHERE is_listed;

-- A message that was claimed and not recorded is looked for where and since it was tried.
CREATE TABLE ceremonies (
    season_id INTEGER PRIMARY KEY REFERENCES seasons (id),
    members INTEGER NOT NULL CHECK (members >= 0),
    nonce TEXT NOT NULL UNIQUE CHECK (length(nonce) BETWEEN 1 AND 25),
    claimed_at TEXT NOT NULL CHECK (claimed_at {_INSTANT}),
    tried_at TEXT CHECK (tried_at {_INSTANT}),
    tried_in INTEGER CHECK (tried_in > 0),
    told_in INTEGER CHECK (told_in > 0),
    message_id INTEGER CHECK (message_id > 0),
    posted_at TEXT CHECK (posted_at {_INSTANT}),
    trouble TEXT CHECK (trouble <> ''),
    role_trouble TEXT CHECK (role_trouble <> ''),
    CHECK ((message_id IS NULL) = (posted_at IS NULL)),
    CHECK ((message_id IS NULL) = (told_in IS NULL)),
    CHECK ((tried_at IS NULL) = (tried_in IS NULL))
) STRICT;
CREATE INDEX ceremonies_waiting ON ceremonies (season_id) WHERE message_id IS NULL;

-- Final standings. A forgotten member's row stays, and names nobody.
CREATE TABLE season_places (
    season_id INTEGER NOT NULL REFERENCES seasons (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    member_id INTEGER CHECK (member_id > 0),
    rank INTEGER NOT NULL CHECK (rank > 0),
    points INTEGER NOT NULL CHECK (points >= 0),
    right INTEGER NOT NULL CHECK (right BETWEEN 0 AND answered),
    answered INTEGER NOT NULL CHECK (answered > 0),
    PRIMARY KEY (season_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX season_places_of_member ON season_places (member_id, season_id)
    WHERE member_id IS NOT NULL;
CREATE TRIGGER season_places_never_change
BEFORE UPDATE OF place, rank, points, right, answered ON season_places
BEGIN SELECT RAISE(ABORT, 'final standings never change'); END;

CREATE TABLE season_prizes (
    season_id INTEGER NOT NULL REFERENCES seasons (id),
    kind TEXT NOT NULL CHECK (kind IN ('improved', 'streak')),
    place INTEGER NOT NULL CHECK (place >= 0),
    member_id INTEGER CHECK (member_id > 0),
    value INTEGER NOT NULL CHECK (value > 0),
    PRIMARY KEY (season_id, kind, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX season_prizes_of_member ON season_prizes (member_id) WHERE member_id IS NOT NULL;

-- ``score`` is points a member, in hundredths.
CREATE TABLE season_teams (
    season_id INTEGER NOT NULL REFERENCES seasons (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    team_id INTEGER NOT NULL REFERENCES teams (id),
    name TEXT NOT NULL CHECK (name <> ''),
    rank INTEGER NOT NULL CHECK (rank > 0),
    score INTEGER NOT NULL CHECK (score >= 0),
    members INTEGER NOT NULL CHECK (members > 0),
    PRIMARY KEY (season_id, place)
) STRICT, WITHOUT ROWID;

-- Champions' roles: to be given while ``given_at`` is empty, to be taken once a later season of
-- the server has a champion with a role. What is done with goes.
CREATE TABLE champions (
    season_id INTEGER NOT NULL REFERENCES seasons (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    role_id INTEGER NOT NULL CHECK (role_id > 0),
    given_at TEXT CHECK (given_at {_INSTANT}),
    PRIMARY KEY (season_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX champions_by_member ON champions (member_id);
""")


def m342_season_streak_counts(db: Database) -> None:
    """How many listed members have which longest streak in a season, so that a rank is a sum."""
    db.executescript("""
CREATE TABLE season_streak_counts (
    season_id INTEGER NOT NULL REFERENCES seasons (id),
    best INTEGER NOT NULL CHECK (best > 0),
    members INTEGER NOT NULL CHECK (members >= 0),
    PRIMARY KEY (season_id, best)
) STRICT, WITHOUT ROWID;
INSERT INTO season_streak_counts
SELECT season_id, best, count(*) FROM season_streaks WHERE is_listed GROUP BY season_id, best;
CREATE TRIGGER season_streaks_in AFTER INSERT ON season_streaks WHEN NEW.is_listed BEGIN
    INSERT INTO season_streak_counts VALUES (NEW.season_id, NEW.best, 1)
    ON CONFLICT (season_id, best) DO UPDATE SET members = members + 1;
END;
CREATE TRIGGER season_streaks_out AFTER DELETE ON season_streaks WHEN OLD.is_listed BEGIN
    UPDATE season_streak_counts SET members = members - 1
    WHERE season_id = OLD.season_id AND best = OLD.best;
END;
CREATE TRIGGER season_streaks_moved AFTER UPDATE OF best, is_listed ON season_streaks
WHEN OLD.best <> NEW.best OR OLD.is_listed <> NEW.is_listed BEGIN
    UPDATE season_streak_counts SET members = members - 1
    WHERE OLD.is_listed AND season_id = OLD.season_id AND best = OLD.best;
    INSERT INTO season_streak_counts SELECT NEW.season_id, NEW.best, 1 WHERE NEW.is_listed
    ON CONFLICT (season_id, best) DO UPDATE SET members = members + 1;
END;
""")
