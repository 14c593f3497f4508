-- m002_speed
DROP INDEX posts_by_day;
CREATE INDEX posts_by_day ON posts (guild_id, study_date, closed_at, worth);
CREATE INDEX answers_of_post ON answers (post_id, member_id, is_correct);
CREATE INDEX posts_daily ON posts (guild_id, study_date, question_id) WHERE kind = 'daily';
CREATE INDEX posts_daily_by_age ON posts (id) WHERE kind = 'daily';
DROP INDEX posts_of_member;
CREATE INDEX posts_of_member ON posts (member_id, study_date) WHERE member_id IS NOT NULL;
-- m003_unfinished_quizzes
CREATE INDEX posts_unanswered ON posts (study_date) WHERE kind = 'quiz' AND closed_at IS NULL;
-- m101_challenge_settings
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
ALTER TABLE challenges ADD COLUMN trouble_since TEXT CHECK (trouble_since GLOB '????-??-??T??:??:??.??????+00:00');
ALTER TABLE challenges ADD COLUMN managers_told_at TEXT CHECK (managers_told_at GLOB '????-??-??T??:??:??.??????+00:00');

ALTER TABLE posts ADD COLUMN has_thread INTEGER NOT NULL DEFAULT 0 CHECK (has_thread IN (0, 1));
ALTER TABLE posts ADD COLUMN thread_id INTEGER CHECK (thread_id > 0);
ALTER TABLE posts ADD COLUMN explained_at TEXT CHECK (explained_at GLOB '????-??-??T??:??:??.??????+00:00');
CREATE INDEX posts_unthreaded ON posts (id)
    WHERE has_thread = 1 AND message_id IS NOT NULL AND explained_at IS NULL;
CREATE INDEX posts_by_message ON posts (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX posts_unsent ON posts (challenge_id, study_date)
    WHERE kind = 'daily' AND message_id IS NULL;
-- m102_audit
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    challenge_id INTEGER NOT NULL REFERENCES challenges (id),
    study_date TEXT NOT NULL CHECK (study_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    event TEXT NOT NULL CHECK (event IN ('posted', 'late', 'by_hand', 'skipped', 'missed', 'paused', 'deleted')),
    detail TEXT CHECK (detail <> ''),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.??????+00:00'),
    UNIQUE (challenge_id, study_date, event)
) STRICT;

CREATE TABLE drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    drafted_at TEXT NOT NULL CHECK (drafted_at GLOB '????-??-??T??:??:??.??????+00:00')
) STRICT;
-- m103_doubts
CREATE TABLE doubts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    question_id TEXT NOT NULL CHECK (question_id <> ''),
    question TEXT NOT NULL CHECK (json_valid(question)),
    state TEXT NOT NULL CHECK (state IN ('reported', 'held', 'settled')),
    why TEXT,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.??????+00:00'),
    settled_at TEXT CHECK (settled_at GLOB '????-??-??T??:??:??.??????+00:00'),
    UNIQUE (guild_id, question_id)
) STRICT;

CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    doubt_id INTEGER NOT NULL REFERENCES doubts (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    reason TEXT CHECK (reason <> ''),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.??????+00:00'),
    UNIQUE (doubt_id, member_id)
) STRICT;
CREATE INDEX reports_of_member ON reports (member_id);
