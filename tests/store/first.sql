BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'study-bot','m001_first','2026-11-24 04:01:19.220986+00:00');
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    post_id INTEGER NOT NULL REFERENCES posts (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    place INTEGER NOT NULL CHECK (place >= 0),
    is_correct INTEGER NOT NULL CHECK (is_correct IN (0, 1)),
    answered_at TEXT NOT NULL CHECK (answered_at GLOB '????-??-??T??:??:??.??????+00:00'),
    answered_on TEXT NOT NULL CHECK (answered_on GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    UNIQUE (post_id, member_id)
) STRICT;
INSERT INTO "answers" VALUES(1,1,5,2,1,'2026-11-24T08:00:00.000000+00:00','2026-11-24');
INSERT INTO "answers" VALUES(2,1,6,2,1,'2026-11-24T08:00:00.000000+00:00','2026-11-24');
INSERT INTO "answers" VALUES(4,2,5,0,0,'2026-11-24T08:00:00.000000+00:00','2026-11-24');
CREATE TABLE challenges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    at TEXT NOT NULL CHECK (at GLOB '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'),
    zone TEXT NOT NULL CHECK (zone <> ''),
    reveal_at TEXT CHECK (reveal_at GLOB '[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'),
    topic TEXT,
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    since TEXT NOT NULL CHECK (since GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    set_by INTEGER CHECK (set_by > 0),
    set_at TEXT NOT NULL CHECK (set_at GLOB '????-??-??T??:??:??.??????+00:00'),
    trouble TEXT,
    trouble_at TEXT CHECK (trouble_at GLOB '????-??-??T??:??:??.??????+00:00'),
    CHECK ((trouble IS NULL) = (trouble_at IS NULL))
) STRICT;
INSERT INTO "challenges" VALUES(1,900,901,'09:00:00','Europe/Zurich',NULL,NULL,1,'2026-11-24',77,'2026-11-24T08:00:00.000000+00:00',NULL,NULL);
CREATE TABLE former_answers (
    post_id INTEGER NOT NULL REFERENCES posts (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    count INTEGER NOT NULL CHECK (count > 0),
    PRIMARY KEY (post_id, place)
) STRICT, WITHOUT ROWID;
INSERT INTO "former_answers" VALUES(1,0,1);
CREATE TABLE lookups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    question TEXT NOT NULL,
    entry_id TEXT,
    asked_at TEXT NOT NULL CHECK (asked_at GLOB '????-??-??T??:??:??.??????+00:00'),
    UNIQUE (member_id, question)
) STRICT;
INSERT INTO "lookups" VALUES(1,5,'what is macie','amazon-macie','2026-11-24T08:00:00.000000+00:00');
CREATE TABLE members (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    name TEXT NOT NULL,
    seen_at TEXT NOT NULL CHECK (seen_at GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "members" VALUES(900,5,'Ada','2026-11-24T08:00:00.000000+00:00');
CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('key','value');
CREATE TABLE missed (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    text TEXT NOT NULL CHECK (text <> ''),
    count INTEGER NOT NULL CHECK (count > 0),
    last_at TEXT NOT NULL CHECK (last_at GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (guild_id, text)
) STRICT, WITHOUT ROWID;
INSERT INTO "missed" VALUES(900,'capital of france',1,'2026-11-24T08:00:00.000000+00:00');
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
    study_date TEXT NOT NULL CHECK (study_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    nonce TEXT UNIQUE CHECK (length(nonce) BETWEEN 1 AND 25),
    channel_id INTEGER CHECK (channel_id > 0),
    message_id INTEGER CHECK (message_id > 0),
    claimed_at TEXT NOT NULL CHECK (claimed_at GLOB '????-??-??T??:??:??.??????+00:00'),
    posted_at TEXT CHECK (posted_at GLOB '????-??-??T??:??:??.??????+00:00'),
    closes_at TEXT CHECK (closes_at GLOB '????-??-??T??:??:??.??????+00:00'),
    closed_at TEXT CHECK (closed_at GLOB '????-??-??T??:??:??.??????+00:00'),
    revealed_at TEXT CHECK (revealed_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
INSERT INTO "posts" VALUES(1,'daily',900,1,NULL,0,NULL,'macie','{"answer": 0, "choices": ["right", "wrong one", "wrong two", "wrong three"], "domain": "security", "entry_id": "entry-macie", "exam": "CLF-C02", "explanation": "Because it says “so”.", "id": "macie", "prompt": "Which service is macie?", "source": "https://docs.example/", "topic": "data-protection"}','[3, 1, 0, 2]','2026-11-24','1-2026-11-24',901,5001,'2026-11-24T08:00:00.000000+00:00','2026-11-24T08:00:00.000000+00:00','2026-11-25T04:00:00.000000+00:00','2026-11-24T08:00:00.000000+00:00','2026-11-24T08:00:00.000000+00:00',10,1);
INSERT INTO "posts" VALUES(2,'quiz',900,NULL,1,0,5,'lex','{"answer": 0, "choices": ["right", "wrong one", "wrong two", "wrong three"], "domain": "security", "entry_id": "entry-lex", "exam": "CLF-C02", "explanation": "Because it says “so”.", "id": "lex", "prompt": "Which service is lex?", "source": "https://docs.example/", "topic": "data-protection"}','[3, 1, 0, 2]','2026-11-24',NULL,NULL,NULL,'2026-11-24T08:00:00.000000+00:00',NULL,NULL,'2026-11-24T08:00:00.000000+00:00',NULL,2,1);
INSERT INTO "posts" VALUES(3,'quiz',900,NULL,1,1,5,'polly','{"answer": 0, "choices": ["right", "wrong one", "wrong two", "wrong three"], "domain": "security", "entry_id": "entry-polly", "exam": "CLF-C02", "explanation": "Because it says “so”.", "id": "polly", "prompt": "Which service is polly?", "source": "https://docs.example/", "topic": "data-protection"}','[3, 1, 0, 2]','2026-11-24',NULL,NULL,NULL,'2026-11-24T08:00:00.000000+00:00',NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE rounds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    guild_id INTEGER REFERENCES servers (guild_id),
    study_date TEXT NOT NULL CHECK (study_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.??????+00:00')
) STRICT;
INSERT INTO "rounds" VALUES(1,5,900,'2026-11-24','2026-11-24T08:00:00.000000+00:00');
CREATE TABLE servers (
    guild_id INTEGER PRIMARY KEY CHECK (guild_id > 0),
    zone TEXT NOT NULL DEFAULT 'UTC' CHECK (zone <> ''),
    joined_at TEXT CHECK (joined_at GLOB '????-??-??T??:??:??.??????+00:00'),
    left_at TEXT CHECK (left_at GLOB '????-??-??T??:??:??.??????+00:00')
) STRICT;
INSERT INTO "servers" VALUES(900,'Europe/Zurich','2026-11-24T08:00:00.000000+00:00',NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX challenges_of_server ON challenges (guild_id);
CREATE INDEX rounds_of_member ON rounds (member_id);
CREATE INDEX posts_by_day ON posts (guild_id, study_date);
CREATE INDEX posts_of_member ON posts (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX posts_open ON posts (id) WHERE kind = 'daily' AND closed_at IS NULL;
CREATE INDEX posts_unrevealed ON posts (id)
    WHERE kind = 'daily' AND closed_at IS NOT NULL AND revealed_at IS NULL;
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
CREATE INDEX members_by_member ON members (member_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('challenges',1);
INSERT INTO "sqlite_sequence" VALUES('posts',3);
INSERT INTO "sqlite_sequence" VALUES('answers',4);
INSERT INTO "sqlite_sequence" VALUES('rounds',1);
INSERT INTO "sqlite_sequence" VALUES('lookups',1);
COMMIT;
