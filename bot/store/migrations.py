"""The tables, as steps from an empty file.

An applied step is never edited: add the next one. All tables are STRICT. Instants are ISO 8601
text in UTC of one width (bot/store/moment.py), dates ISO text, Discord ids INTEGER.

What a table is for stands in its step. Three guards are triggers, so that no later query can
break them by accident: a recorded answer never changes, no answer comes after the close, and
what a post asked and was worth is frozen.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL; values are bound
from __future__ import annotations

from sqlite_utils import Database, Migrations

from bot.store.contest_tables import m301_contests
from bot.store.daily_steps import m101_challenge_settings, m102_audit, m103_doubts
from bot.store.duel_tables import (
    m321_duels,
    m322_ratings,
    m323_duels_alive,
    m324_unrated_contests,
)
from bot.store.match_tables import m311_matches
from bot.store.score_tables import (
    m201_awards,
    m202_boards,
    m203_honours,
    m204_winners,
    m205_question_counts,
)
from bot.store.season_tables import m341_seasons, m342_season_streak_counts
from bot.store.team_tables import (
    m331_teams,
    m332_team_matches,
    m333_told_captains,
    m334_team_invitations,
)

MIGRATIONS = Migrations("study-bot")


def _instant(column: str) -> str:
    return f"CHECK ({column} GLOB '????-??-??T??:??:??.??????+00:00')"


def _day(column: str) -> str:
    return f"CHECK ({column} GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]')"


@MIGRATIONS()
def m001_first(db: Database) -> None:
    """Servers, challenges, rounds, posts, answers; what was looked up; members' names; settings."""
    db.executescript(f"""
CREATE TABLE servers (
    guild_id INTEGER PRIMARY KEY CHECK (guild_id > 0),
    zone TEXT NOT NULL DEFAULT 'UTC' CHECK (zone <> ''),
    joined_at TEXT {_instant("joined_at")},
    left_at TEXT {_instant("left_at")}
) STRICT;

CREATE TABLE challenges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    at TEXT NOT NULL CHECK (at GLOB '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'),
    zone TEXT NOT NULL CHECK (zone <> ''),
    reveal_at TEXT CHECK (reveal_at GLOB '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'),
    topic TEXT,
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    since TEXT NOT NULL {_day("since")},
    set_by INTEGER CHECK (set_by > 0),
    set_at TEXT NOT NULL {_instant("set_at")},
    trouble TEXT,
    trouble_at TEXT {_instant("trouble_at")},
    CHECK ((trouble IS NULL) = (trouble_at IS NULL))
) STRICT;
CREATE INDEX challenges_of_server ON challenges (guild_id);

CREATE TABLE rounds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    guild_id INTEGER REFERENCES servers (guild_id),
    study_date TEXT NOT NULL {_day("study_date")},
    started_at TEXT NOT NULL {_instant("started_at")}
) STRICT;
CREATE INDEX rounds_of_member ON rounds (member_id);

-- A quiz post whose member was forgotten has neither member nor round. AUTOINCREMENT, because
-- old messages have buttons with the ids of posts that are gone.
CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('daily', 'quiz')),
    guild_id INTEGER REFERENCES servers (guild_id),
    challenge_id INTEGER REFERENCES challenges (id),
    round_id INTEGER REFERENCES rounds (id),
    place INTEGER NOT NULL DEFAULT 0 CHECK (place >= 0),
    member_id INTEGER CHECK (member_id > 0),
    question_id TEXT NOT NULL CHECK (question_id <> ''),
    question TEXT NOT NULL CHECK (json_valid(question)),
    shown_order TEXT NOT NULL CHECK (json_valid(shown_order)),
    study_date TEXT NOT NULL {_day("study_date")},
    nonce TEXT UNIQUE CHECK (length(nonce) BETWEEN 1 AND 25),
    channel_id INTEGER CHECK (channel_id > 0),
    message_id INTEGER CHECK (message_id > 0),
    claimed_at TEXT NOT NULL {_instant("claimed_at")},
    posted_at TEXT {_instant("posted_at")},
    closes_at TEXT {_instant("closes_at")},
    closed_at TEXT {_instant("closed_at")},
    revealed_at TEXT {_instant("revealed_at")},
    worth INTEGER CHECK (worth >= 0),
    formula INTEGER CHECK (formula >= 1),
    UNIQUE (challenge_id, study_date),
    UNIQUE (round_id, place),
    CHECK ((message_id IS NULL) = (channel_id IS NULL)),
    CHECK ((message_id IS NULL) = (posted_at IS NULL)),
    CHECK ((closed_at IS NULL) = (worth IS NULL)),
    CHECK ((closed_at IS NULL) = (formula IS NULL)),
    CHECK (revealed_at IS NULL OR closed_at IS NOT NULL),
    CHECK (kind <> 'daily' OR (
        guild_id IS NOT NULL AND challenge_id IS NOT NULL AND nonce IS NOT NULL
        AND closes_at IS NOT NULL AND round_id IS NULL AND member_id IS NULL)),
    CHECK (kind <> 'quiz' OR (
        challenge_id IS NULL AND (round_id IS NULL) = (member_id IS NULL)))
) STRICT;
CREATE INDEX posts_by_day ON posts (guild_id, study_date);
CREATE INDEX posts_of_member ON posts (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX posts_open ON posts (id) WHERE kind = 'daily' AND closed_at IS NULL;
CREATE INDEX posts_unrevealed ON posts (id)
    WHERE kind = 'daily' AND closed_at IS NOT NULL AND revealed_at IS NULL;

-- The ledger. ``answered_on`` is the civil day of the answer in the server's zone of that moment;
-- the day an answer counts for is its post's study date.
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    post_id INTEGER NOT NULL REFERENCES posts (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    place INTEGER NOT NULL CHECK (place >= 0),
    is_correct INTEGER NOT NULL CHECK (is_correct IN (0, 1)),
    answered_at TEXT NOT NULL {_instant("answered_at")},
    answered_on TEXT NOT NULL {_day("answered_on")},
    UNIQUE (post_id, member_id)
) STRICT;
CREATE INDEX answers_of_member ON answers (member_id, post_id);

CREATE TRIGGER answers_never_change BEFORE UPDATE ON answers
BEGIN SELECT RAISE(ABORT, 'a recorded answer never changes'); END;
CREATE TRIGGER answers_before_the_close BEFORE INSERT ON answers
WHEN (SELECT closed_at FROM posts WHERE id = NEW.post_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a closed post takes no answers'); END;
CREATE TRIGGER posts_keep_their_question
BEFORE UPDATE OF kind, guild_id, challenge_id, question_id, question, shown_order, study_date
ON posts
BEGIN SELECT RAISE(ABORT, 'what a post asks never changes'); END;
CREATE TRIGGER posts_keep_their_worth BEFORE UPDATE OF closed_at, worth, formula ON posts
WHEN OLD.closed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what a closed post was worth never changes'); END;

-- How many forgotten members picked an option of a closed post.
CREATE TABLE former_answers (
    post_id INTEGER NOT NULL REFERENCES posts (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (post_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE lookups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    question TEXT NOT NULL,
    entry_id TEXT,
    asked_at TEXT NOT NULL {_instant("asked_at")},
    UNIQUE (member_id, question)
) STRICT;

CREATE TABLE missed (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    text TEXT NOT NULL CHECK (text <> ''),
    count INTEGER NOT NULL CHECK (count > 0),
    last_at TEXT NOT NULL {_instant("last_at")},
    PRIMARY KEY (guild_id, text)
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    name TEXT NOT NULL,
    seen_at TEXT NOT NULL {_instant("seen_at")},
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_member ON members (member_id);

CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
""")


@MIGRATIONS()
def m002_speed(db: Database) -> None:
    """Indexes with which boards and ticks stay quick after a million quiz answers.

    The first two hold all that a board needs, so it never reads the questions' text.
    """
    db.executescript("""
DROP INDEX posts_by_day;
CREATE INDEX posts_by_day ON posts (guild_id, study_date, closed_at, worth);
CREATE INDEX answers_of_post ON answers (post_id, member_id, is_correct);
CREATE INDEX posts_daily ON posts (guild_id, study_date, question_id) WHERE kind = 'daily';
CREATE INDEX posts_daily_by_age ON posts (id) WHERE kind = 'daily';
DROP INDEX posts_of_member;
CREATE INDEX posts_of_member ON posts (member_id, study_date) WHERE member_id IS NOT NULL;
""")


@MIGRATIONS()
def m003_unfinished_quizzes(db: Database) -> None:
    """Lets the daily tidying find quiz questions that nobody will answer any more."""
    db.executescript("""
CREATE INDEX posts_unanswered ON posts (study_date) WHERE kind = 'quiz' AND closed_at IS NULL;
""")


# Scores: bot/store/score_tables.py. They came first, so files of groups have them without m101.
MIGRATIONS()(m201_awards)
MIGRATIONS()(m202_boards)
MIGRATIONS()(m203_honours)

# The daily challenge's settings, audit and doubts: bot/store/daily_steps.py.
MIGRATIONS()(m101_challenge_settings)
MIGRATIONS()(m102_audit)
MIGRATIONS()(m103_doubts)

# Whether a challenge tells winners.
MIGRATIONS()(m204_winners)

# Matches and duels: bot/store/contest_tables.py.
MIGRATIONS()(m301_contests)

# Duels and ratings: bot/store/duel_tables.py.
MIGRATIONS()(m321_duels)
MIGRATIONS()(m322_ratings)

# Matches: bot/store/match_tables.py.
MIGRATIONS()(m311_matches)

# Teams: bot/store/team_tables.py.
MIGRATIONS()(m331_teams)

# Seasons: bot/store/season_tables.py.
MIGRATIONS()(m341_seasons)

# Matches for teams: bot/store/team_tables.py.
MIGRATIONS()(m332_team_matches)

# How questions are answered: bot/store/score_tables.py.
MIGRATIONS()(m205_question_counts)

# Captains who hear of requests: bot/store/team_tables.py.
MIGRATIONS()(m333_told_captains)

# How long a duel was open while the bot was down.
MIGRATIONS()(m323_duels_alive)

# Streaks of seasons: bot/store/season_tables.py.
MIGRATIONS()(m342_season_streak_counts)

# Invitations to teams: bot/store/team_tables.py.
MIGRATIONS()(m334_team_invitations)

# Contests that wait to be rated: bot/store/duel_tables.py.
MIGRATIONS()(m324_unrated_contests)
