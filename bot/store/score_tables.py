"""The tables behind scores: what each answer brought, boards that are kept ready, streaks.

``awards`` and ``closes`` are facts: written once, at the close. ``boards``, ``totals``,
``streaks`` and the two counts are derived from them and can be made again
(bot/store/rebuilding.py); triggers keep the counts, so that a rank is a sum over a few rows.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL
from __future__ import annotations

from sqlite_utils import Database

_INSTANT = "GLOB '????-??-??T??:??:??.??????+00:00'"
_DAY = "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'"


def _counted(measure: str) -> str:
    """Return the triggers that count the listed members of a board by one value."""

    def add(row: str) -> str:
        return (
            f"INSERT INTO rank_counts SELECT {row}.board_id, '{measure}', {row}.{measure}, 1"
            f" WHERE {row}.is_listed AND {row}.{measure} IS NOT NULL"
            " ON CONFLICT (board_id, measure, value) DO UPDATE SET members = members + 1;"
        )

    def remove(row: str) -> str:
        return (
            f"UPDATE rank_counts SET members = members - 1 WHERE {row}.is_listed"
            f" AND board_id = {row}.board_id AND measure = '{measure}' AND value = {row}.{measure};"
        )

    return f"""
CREATE TRIGGER totals_{measure}_in AFTER INSERT ON totals BEGIN {add("NEW")} END;
CREATE TRIGGER totals_{measure}_out AFTER DELETE ON totals BEGIN {remove("OLD")} END;
CREATE TRIGGER totals_{measure}_moved AFTER UPDATE OF {measure}, is_listed ON totals
WHEN OLD.{measure} IS NOT NEW.{measure} OR OLD.is_listed <> NEW.is_listed
BEGIN {remove("OLD")} {add("NEW")} END;
"""


def m201_awards(db: Database) -> None:
    """Keep what each answer in a server brought and why, and what made a challenge hard.

    Points that were told before stay what they were: one award for each answer to a closed post.
    """
    db.executescript(f"""
CREATE TABLE awards (
    answer_id INTEGER PRIMARY KEY REFERENCES answers (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    kind TEXT NOT NULL CHECK (kind IN ('daily', 'quiz')),
    study_date TEXT NOT NULL CHECK (study_date {_DAY}),
    topic TEXT NOT NULL,
    is_correct INTEGER NOT NULL CHECK (is_correct IN (0, 1)),
    reason TEXT NOT NULL CHECK (reason IN ('right', 'wrong', 'asked', 'capped', 'void')),
    base INTEGER NOT NULL CHECK (base >= 0),
    hard INTEGER NOT NULL CHECK (hard >= 0),
    streak INTEGER NOT NULL CHECK (streak >= 0),
    paid INTEGER NOT NULL CHECK (paid >= 0),
    points INTEGER NOT NULL CHECK (points >= 0),
    days INTEGER NOT NULL CHECK (days >= 0),
    formula INTEGER NOT NULL CHECK (formula >= 1),
    CHECK (points = base + hard + streak - paid)
) STRICT;
CREATE INDEX awards_of_member ON awards (guild_id, member_id, study_date, kind, points, is_correct);
CREATE INDEX awards_by_day ON awards (guild_id, study_date, member_id, points, is_correct, topic);
CREATE INDEX awards_of_post ON awards (post_id);
CREATE TRIGGER awards_never_change BEFORE UPDATE ON awards
BEGIN SELECT RAISE(ABORT, 'what an answer brought never changes'); END;

-- How a closed challenge was answered, and up to which member the awards are written.
CREATE TABLE closes (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id),
    base INTEGER NOT NULL CHECK (base >= 0),
    hard INTEGER NOT NULL CHECK (hard >= 0),
    right INTEGER NOT NULL CHECK (right BETWEEN 0 AND answers),
    answers INTEGER NOT NULL CHECK (answers >= 0),
    settled_to INTEGER NOT NULL DEFAULT 0 CHECK (settled_to >= 0),
    is_settled INTEGER NOT NULL DEFAULT 0 CHECK (is_settled IN (0, 1))
) STRICT;
CREATE INDEX closes_unsettled ON closes (post_id) WHERE is_settled = 0;
CREATE TRIGGER closes_keep_what_was_told BEFORE UPDATE OF base, hard, right, answers ON closes
BEGIN SELECT RAISE(ABORT, 'how a closed challenge was answered never changes'); END;

INSERT INTO awards
SELECT answers.id, posts.id, posts.guild_id, answers.member_id, posts.kind, posts.study_date,
    coalesce(json_extract(posts.question, '$.topic'), ''), answers.is_correct,
    CASE WHEN NOT answers.is_correct THEN 'wrong' WHEN posts.worth > 0 THEN 'right'
        WHEN posts.kind = 'daily' THEN 'void' ELSE 'capped' END,
    answers.is_correct * posts.worth, 0, 0, 0, answers.is_correct * posts.worth, 0, posts.formula
FROM answers JOIN posts ON posts.id = answers.post_id
WHERE posts.closed_at IS NOT NULL AND posts.guild_id IS NOT NULL;
INSERT INTO closes
SELECT posts.id, posts.worth, 0,
    (SELECT count(*) FROM answers WHERE post_id = posts.id AND is_correct),
    (SELECT count(*) FROM answers WHERE post_id = posts.id), 0, 1
FROM posts WHERE posts.kind = 'daily' AND posts.closed_at IS NOT NULL;
CREATE INDEX posts_days ON posts (guild_id, study_date, posted_at, closed_at)
    WHERE kind = 'daily';
""")


def m202_boards(db: Database) -> None:
    """Boards that are kept ready, streaks, and who is not listed on either."""
    db.executescript(f"""
-- Members that are not shown to others: they hid, or they left the server.
CREATE TABLE unlisted (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    reason TEXT NOT NULL CHECK (reason IN ('hidden', 'left')),
    since TEXT NOT NULL CHECK (since {_INSTANT}),
    PRIMARY KEY (guild_id, member_id, reason)
) STRICT, WITHOUT ROWID;

-- ``first`` is empty for all time, ``topic`` for all topics.
CREATE TABLE boards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    kind TEXT NOT NULL CHECK (kind <> ''),
    first TEXT NOT NULL CHECK (first = '' OR first {_DAY}),
    topic TEXT NOT NULL,
    UNIQUE (guild_id, kind, first, topic)
) STRICT;

CREATE TABLE totals (
    board_id INTEGER NOT NULL REFERENCES boards (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    points INTEGER NOT NULL CHECK (points >= 0),
    right INTEGER NOT NULL CHECK (right BETWEEN 0 AND answered),
    answered INTEGER NOT NULL CHECK (answered > 0),
    accuracy INTEGER,
    gain INTEGER,
    is_listed INTEGER NOT NULL CHECK (is_listed IN (0, 1)),
    PRIMARY KEY (board_id, member_id)
) STRICT, WITHOUT ROWID;
-- With ``is_listed`` at the end they hold all that a page asks for, so that passing over a
-- thousand members with equal values reads no row of theirs.
CREATE INDEX totals_by_points ON totals (board_id, points DESC, member_id, is_listed)
    WHERE is_listed;
CREATE INDEX totals_by_accuracy ON totals (board_id, accuracy DESC, member_id, is_listed)
    WHERE is_listed AND accuracy IS NOT NULL;
CREATE INDEX totals_by_gain ON totals (board_id, gain DESC, member_id, is_listed)
    WHERE is_listed AND gain IS NOT NULL;

-- How many listed members of a board have a value.
CREATE TABLE rank_counts (
    board_id INTEGER NOT NULL REFERENCES boards (id),
    measure TEXT NOT NULL CHECK (measure IN ('points', 'accuracy', 'gain')),
    value INTEGER NOT NULL,
    members INTEGER NOT NULL CHECK (members >= 0),
    PRIMARY KEY (board_id, measure, value)
) STRICT, WITHOUT ROWID;
{_counted("points")}{_counted("accuracy")}{_counted("gain")}

CREATE TABLE streaks (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    length INTEGER NOT NULL CHECK (length >= 0),
    best INTEGER NOT NULL CHECK (best >= length),
    freezes INTEGER NOT NULL CHECK (freezes BETWEEN 0 AND 2),
    studied INTEGER NOT NULL CHECK (studied >= 0),
    last_day TEXT NOT NULL CHECK (last_day {_DAY}),
    is_listed INTEGER NOT NULL CHECK (is_listed IN (0, 1)),
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX streaks_by_length ON streaks (guild_id, length DESC, member_id, is_listed)
    WHERE is_listed AND length > 0;
CREATE INDEX streaks_alive ON streaks (guild_id, freezes, last_day) WHERE length > 0;

-- How many listed members have a streak of a length.
CREATE TABLE streak_counts (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    length INTEGER NOT NULL CHECK (length > 0),
    members INTEGER NOT NULL CHECK (members >= 0),
    PRIMARY KEY (guild_id, length)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER streaks_in AFTER INSERT ON streaks WHEN NEW.is_listed AND NEW.length > 0 BEGIN
    INSERT INTO streak_counts VALUES (NEW.guild_id, NEW.length, 1)
    ON CONFLICT (guild_id, length) DO UPDATE SET members = members + 1;
END;
CREATE TRIGGER streaks_out AFTER DELETE ON streaks WHEN OLD.is_listed AND OLD.length > 0 BEGIN
    UPDATE streak_counts SET members = members - 1
    WHERE guild_id = OLD.guild_id AND length = OLD.length;
END;
CREATE TRIGGER streaks_moved AFTER UPDATE OF length, is_listed ON streaks
WHEN OLD.length <> NEW.length OR OLD.is_listed <> NEW.is_listed BEGIN
    UPDATE streak_counts SET members = members - 1
    WHERE OLD.is_listed AND guild_id = OLD.guild_id AND length = OLD.length;
    INSERT INTO streak_counts SELECT NEW.guild_id, NEW.length, 1
    WHERE NEW.is_listed AND NEW.length > 0
    ON CONFLICT (guild_id, length) DO UPDATE SET members = members + 1;
END;
""")


def m203_honours(db: Database) -> None:
    """Winners of weeks and months, and reminders that members asked for."""
    db.executescript(f"""
-- One row a server and period; a message that was claimed and not recorded is looked for.
CREATE TABLE honours (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    kind TEXT NOT NULL CHECK (kind <> ''),
    first TEXT NOT NULL CHECK (first {_DAY}),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    members INTEGER NOT NULL CHECK (members > 0),
    nonce TEXT NOT NULL UNIQUE CHECK (length(nonce) BETWEEN 1 AND 25),
    claimed_at TEXT NOT NULL CHECK (claimed_at {_INSTANT}),
    message_id INTEGER CHECK (message_id > 0),
    posted_at TEXT CHECK (posted_at {_INSTANT}),
    given_up_at TEXT CHECK (given_up_at {_INSTANT}),
    UNIQUE (guild_id, kind, first),
    CHECK ((message_id IS NULL) = (posted_at IS NULL))
) STRICT;
CREATE INDEX honours_waiting ON honours (id) WHERE message_id IS NULL AND given_up_at IS NULL;

-- The places as they were told. A forgotten member's row stays, and names nobody.
CREATE TABLE winners (
    honour_id INTEGER NOT NULL REFERENCES honours (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    member_id INTEGER CHECK (member_id > 0),
    rank INTEGER NOT NULL CHECK (rank > 0),
    points INTEGER NOT NULL CHECK (points >= 0),
    right INTEGER NOT NULL CHECK (right BETWEEN 0 AND answered),
    answered INTEGER NOT NULL CHECK (answered > 0),
    PRIMARY KEY (honour_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX winners_by_member ON winners (member_id) WHERE member_id IS NOT NULL;

CREATE TABLE reminders (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    set_at TEXT NOT NULL CHECK (set_at {_INSTANT}),
    refused_at TEXT CHECK (refused_at {_INSTANT}),
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;

-- One reminder a member and post, claimed before it is sent.
CREATE TABLE reminded (
    post_id INTEGER NOT NULL REFERENCES posts (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    claimed_at TEXT NOT NULL CHECK (claimed_at {_INSTANT}),
    PRIMARY KEY (post_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminded_by_age ON reminded (claimed_at);
""")


def m204_winners(db: Database) -> None:
    """Let a challenge tell no winners; all did before."""
    db.executescript("""
ALTER TABLE challenges ADD COLUMN has_winners INTEGER NOT NULL DEFAULT 1
    CHECK (has_winners IN (0, 1));
""")


COUNT_QUESTIONS = """
INSERT INTO first_answers
SELECT awards.guild_id, posts.question_id, awards.member_id, min(awards.answer_id), posts.id,
    json_extract(posts.shown_order, '$[' || answers.place || ']'), answers.answered_at,
    sum(awards.is_correct), count(*)
FROM awards JOIN posts ON posts.id = awards.post_id JOIN answers ON answers.id = awards.answer_id
GROUP BY awards.guild_id, posts.question_id, awards.member_id;
INSERT INTO question_counts
SELECT guild_id, question_id, sum(right), sum(answered), 0 FROM first_answers
GROUP BY guild_id, question_id;
"""
"""Makes both tables from the awards; the columns beside ``min`` are those of its row."""


def m205_question_counts(db: Database) -> None:
    """Keep how each question is answered, so that nobody counts a year of answers for it.

    A row a member and question, with the first of their answers (its post, and which choice), and
    a row a question. An answer is written to both with its award. ``checked`` is how many of a
    question's answers were there when they were last looked at for a wrong key.
    """
    db.executescript(f"""
CREATE TABLE first_answers (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    question_id TEXT NOT NULL CHECK (question_id <> ''),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    answer_id INTEGER NOT NULL CHECK (answer_id > 0),
    post_id INTEGER NOT NULL CHECK (post_id > 0),
    choice INTEGER NOT NULL CHECK (choice >= 0),
    answered_at TEXT NOT NULL CHECK (answered_at {_INSTANT}),
    right INTEGER NOT NULL CHECK (right BETWEEN 0 AND answered),
    answered INTEGER NOT NULL CHECK (answered > 0),
    PRIMARY KEY (guild_id, question_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE question_counts (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    question_id TEXT NOT NULL CHECK (question_id <> ''),
    right INTEGER NOT NULL CHECK (right BETWEEN 0 AND answered),
    answered INTEGER NOT NULL CHECK (answered >= 0),
    checked INTEGER NOT NULL CHECK (checked >= 0),
    PRIMARY KEY (guild_id, question_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX question_counts_unchecked ON question_counts (guild_id, question_id)
    WHERE answered <> checked;
{COUNT_QUESTIONS}
CREATE TRIGGER awards_in AFTER INSERT ON awards BEGIN
    INSERT INTO first_answers
    SELECT NEW.guild_id, posts.question_id, NEW.member_id, NEW.answer_id, NEW.post_id,
        json_extract(posts.shown_order, '$[' || answers.place || ']'), answers.answered_at,
        NEW.is_correct, 1
    FROM posts JOIN answers ON answers.id = NEW.answer_id WHERE posts.id = NEW.post_id
    ON CONFLICT (guild_id, question_id, member_id) DO UPDATE
    SET right = right + excluded.right, answered = answered + 1;
    INSERT INTO question_counts
    SELECT NEW.guild_id, question_id, NEW.is_correct, 1, 0 FROM posts WHERE id = NEW.post_id
    ON CONFLICT (guild_id, question_id) DO UPDATE
    SET right = right + excluded.right, answered = answered + 1;
END;
-- Only a member who is forgotten, or a server that is, loses awards; then all of them go.
CREATE TRIGGER awards_out AFTER DELETE ON awards BEGIN
    DELETE FROM first_answers WHERE guild_id = OLD.guild_id AND member_id = OLD.member_id
    AND question_id = (SELECT question_id FROM posts WHERE id = OLD.post_id);
    UPDATE question_counts SET right = right - OLD.is_correct, answered = answered - 1
    WHERE guild_id = OLD.guild_id
    AND question_id = (SELECT question_id FROM posts WHERE id = OLD.post_id);
END;
""")
