"""The tables behind matches and duels, numbered from m301; see bot/store/migrations.py.

A contest's questions are posts like any other, so that its answers are in the one ledger.
"""

# ruff: noqa: S608 - only this module's own constants are joined into SQL
from __future__ import annotations

from sqlite_utils import Database

_INSTANT = "GLOB '????-??-??T??:??:??.??????+00:00'"
_DAY = "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'"


def m301_contests(db: Database) -> None:
    """Make room for contests: their tables, and their kinds among posts and awards.

    SQLite changes no CHECK in place, so both tables are made anew and filled from the old ones;
    nothing may refer to them meanwhile, which is why steps run before foreign keys are enforced.
    """
    db.executescript(f"""
-- ``study_date`` is the server's date at the start. While ``finished_at`` is empty it runs.
CREATE TABLE contests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('match', 'duel')),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    study_date TEXT NOT NULL CHECK (study_date {_DAY}),
    made_at TEXT NOT NULL CHECK (made_at {_INSTANT}),
    finished_at TEXT CHECK (finished_at {_INSTANT}),
    is_cancelled INTEGER NOT NULL DEFAULT 0 CHECK (is_cancelled IN (0, 1)),
    CHECK (is_cancelled = 0 OR finished_at IS NOT NULL)
) STRICT;
CREATE INDEX contests_of_server ON contests (guild_id, finished_at);
CREATE INDEX contests_running ON contests (id) WHERE finished_at IS NULL;

-- Who takes part, and from the finish on with which result. A forgotten member's row stays for
-- the others' sake, and names nobody.
CREATE TABLE contestants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contest_id INTEGER NOT NULL REFERENCES contests (id),
    member_id INTEGER CHECK (member_id > 0),
    joined_at TEXT NOT NULL CHECK (joined_at {_INSTANT}),
    left_at TEXT CHECK (left_at {_INSTANT}),
    rank INTEGER CHECK (rank > 0),
    score INTEGER CHECK (score >= 0),
    right INTEGER CHECK (right >= 0),
    answered INTEGER CHECK (answered >= right),
    took_ms INTEGER CHECK (took_ms >= 0),
    UNIQUE (contest_id, member_id),
    CHECK ((rank IS NULL) = (score IS NULL)),
    CHECK ((rank IS NULL) = (right IS NULL)),
    CHECK ((rank IS NULL) = (answered IS NULL)),
    CHECK (rank IS NOT NULL OR took_ms IS NULL)
) STRICT;
CREATE INDEX contestants_of_member ON contestants (member_id, contest_id)
    WHERE member_id IS NOT NULL;
CREATE TRIGGER contestants_keep_their_result
BEFORE UPDATE OF rank, score, right, answered, took_ms ON contestants WHEN OLD.rank IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the result of a contest never changes'); END;
""")
    kinds = (
        "CHECK (kind IN ('daily', 'quiz'))",
        "CHECK (kind IN ('daily', 'quiz', 'match', 'duel'))",
    )
    day = "    UNIQUE (challenge_id, study_date),\n"
    contest = """    contest_id INTEGER REFERENCES contests (id),
    UNIQUE (contest_id, place),
    CHECK ((kind IN ('match', 'duel')) = (contest_id IS NOT NULL)),
    CHECK (contest_id IS NULL OR (guild_id IS NOT NULL
        AND challenge_id IS NULL AND round_id IS NULL AND member_id IS NULL)),
"""
    _make_again(db, "posts", kinds, (day, contest + day))
    _make_again(db, "awards", kinds)
    db.executescript("""
CREATE INDEX posts_contest_open ON posts (guild_id, question_id)
    WHERE contest_id IS NOT NULL AND closed_at IS NULL;
CREATE TRIGGER posts_keep_their_contest BEFORE UPDATE OF contest_id ON posts
BEGIN SELECT RAISE(ABORT, 'what a post asks never changes'); END;
""")


def _make_again(db: Database, table: str, *changes: tuple[str, str]) -> None:
    """Make a table anew with changes in its definition, and fill it from the old one.

    Its indexes and every trigger that names it are put back, and ids that were given stay given.
    """
    (definition,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    new = f"{table}_anew"
    for old, text in (*changes, (f"CREATE TABLE {table} ", f"CREATE TABLE {new} ")):
        if definition.count(old) != 1:
            raise ValueError(f"The table {table} is not as this step expects it: {old.strip()}")
        definition = definition.replace(old, text)
    around = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?1"
        " AND sql IS NOT NULL OR type = 'trigger' AND sql LIKE '%' || ?1 || '%' ORDER BY rowid",
        (table,),
    ).fetchall()
    given = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    columns = ", ".join(row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall())
    db.execute(definition)
    db.execute(f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {table}")
    for kind, name, _ in around:
        db.execute(f"DROP {kind} {name}")
    db.execute(f"DROP TABLE {table}")
    db.execute(f"ALTER TABLE {new} RENAME TO {table}")
    if given is not None:
        db.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, given[0]))
    for _, _, sql in around:
        db.execute(sql)
