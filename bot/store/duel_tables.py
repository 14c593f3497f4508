"""The tables behind duels and ratings, numbered from m321; see bot/store/migrations.py.

What an accepted duel has in common with a match is a contest (bot/store/contest_tables.py).
"""

from __future__ import annotations

from sqlite_utils import Database

_INSTANT = "GLOB '????-??-??T??:??:??.??????+00:00'"


def m321_duels(db: Database) -> None:
    """Keep invitations to duels, and when each question was shown to whom."""
    db.executescript(f"""
-- An invitation until ``contest_id`` is set, running until ``ended_at`` is. A forgotten member is
-- NULL. ``told`` is which of the ``changes`` the message shows.
CREATE TABLE duels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    challenger_id INTEGER CHECK (challenger_id > 0),
    opponent_id INTEGER CHECK (opponent_id > 0),
    topic TEXT,
    nonce TEXT NOT NULL UNIQUE CHECK (length(nonce) BETWEEN 1 AND 25),
    made_at TEXT NOT NULL CHECK (made_at {_INSTANT}),
    expires_at TEXT NOT NULL CHECK (expires_at {_INSTANT}),
    message_id INTEGER UNIQUE CHECK (message_id > 0),
    contest_id INTEGER UNIQUE REFERENCES contests (id),
    deadline TEXT CHECK (deadline {_INSTANT}),
    ended_at TEXT CHECK (ended_at {_INSTANT}),
    ending TEXT CHECK (ending IN
        ('played', 'unplayed', 'declined', 'withdrawn', 'expired', 'unsent', 'off')),
    changes INTEGER NOT NULL DEFAULT 0 CHECK (changes >= 0),
    told INTEGER NOT NULL DEFAULT 0 CHECK (told BETWEEN 0 AND changes),
    CHECK (challenger_id <> opponent_id),
    CHECK ((contest_id IS NULL) = (deadline IS NULL)),
    CHECK ((ended_at IS NULL) = (ending IS NULL))
) STRICT;
-- Two members have one open duel in a server at most, whoever challenged whom.
CREATE UNIQUE INDEX duels_open_of_pair
    ON duels (guild_id, min(challenger_id, opponent_id), max(challenger_id, opponent_id))
    WHERE ended_at IS NULL;
CREATE INDEX duels_open ON duels (id) WHERE ended_at IS NULL;
CREATE INDEX duels_untold ON duels (id) WHERE told < changes;
CREATE INDEX duels_of_challenger ON duels (challenger_id, guild_id);
CREATE INDEX duels_of_opponent ON duels (opponent_id, guild_id);

-- By place and not by post: a question that nobody answered goes when the duel is over.
CREATE TABLE duel_times (
    contest_id INTEGER NOT NULL REFERENCES contests (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    shown_at TEXT NOT NULL CHECK (shown_at {_INSTANT}),
    PRIMARY KEY (contest_id, place, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX duel_times_of_member ON duel_times (member_id);
CREATE TRIGGER duel_times_never_change BEFORE UPDATE ON duel_times
BEGIN SELECT RAISE(ABORT, 'when a question was first shown never changes'); END;
""")


def m322_ratings(db: Database) -> None:
    """Keep what each contest did to whose rating, and the ratings as they are now."""
    db.executescript("""
-- One row a finished contest, in the order in which they were rated. ``counted`` is how many
-- contestants it compared, 0 when ``verdict`` says why it does not count.
CREATE TABLE rated (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contest_id INTEGER NOT NULL UNIQUE REFERENCES contests (id),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    verdict TEXT NOT NULL CHECK (verdict IN ('counts', 'alone', 'again', 'in a row')),
    counted INTEGER NOT NULL CHECK (counted >= 0),
    CHECK ((verdict = 'counts') = (counted > 1))
) STRICT;
CREATE INDEX rated_of_server ON rated (guild_id, id);

-- A forgotten member's row goes; those of the others hold all that theirs follow from.
CREATE TABLE rating_steps (
    contest_id INTEGER NOT NULL REFERENCES contests (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    rank INTEGER NOT NULL CHECK (rank > 0),
    mu_before REAL NOT NULL,
    sigma_before REAL NOT NULL CHECK (sigma_before > 0),
    mu REAL NOT NULL,
    sigma REAL NOT NULL CHECK (sigma > 0),
    PRIMARY KEY (contest_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rating_steps_of_member ON rating_steps (guild_id, member_id, contest_id);

-- Derived from the steps. ``low`` is the lower end of the range, which boards go by; NULL while
-- the rating is new.
CREATE TABLE ratings (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    mu REAL NOT NULL,
    sigma REAL NOT NULL CHECK (sigma > 0),
    contests INTEGER NOT NULL CHECK (contests > 0),
    low INTEGER,
    is_listed INTEGER NOT NULL CHECK (is_listed IN (0, 1)),
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_by_low ON ratings (guild_id, low DESC, member_id, is_listed)
    WHERE is_listed AND low IS NOT NULL;
""")


def m323_duels_alive(db: Database) -> None:
    """Keep when the bot was there last while a duel was open, so that an outage extends it."""
    db.executescript(f"""
ALTER TABLE duels ADD COLUMN alive_at TEXT CHECK (alive_at {_INSTANT});
""")


def m324_unrated_contests(db: Database) -> None:
    """Let the contests that wait to be rated be found among all that ever ended."""
    db.executescript("""
ALTER TABLE contests ADD COLUMN is_rated INTEGER NOT NULL DEFAULT 0 CHECK (is_rated IN (0, 1));
UPDATE contests SET is_rated = 1 WHERE id IN (SELECT contest_id FROM rated);
CREATE INDEX contests_unrated ON contests (guild_id, finished_at, id)
    WHERE finished_at IS NOT NULL AND NOT is_cancelled AND NOT is_rated;
CREATE TRIGGER rated_marks_the_contest AFTER INSERT ON rated
BEGIN UPDATE contests SET is_rated = 1 WHERE id = NEW.contest_id; END;
""")
