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
-- m201_awards
CREATE TABLE awards (
    answer_id INTEGER PRIMARY KEY REFERENCES answers (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    kind TEXT NOT NULL CHECK (kind IN ('daily', 'quiz')),
    study_date TEXT NOT NULL CHECK (study_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
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
-- m202_boards
-- Members that are not shown to others: they hid, or they left the server.
CREATE TABLE unlisted (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    reason TEXT NOT NULL CHECK (reason IN ('hidden', 'left')),
    since TEXT NOT NULL CHECK (since GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (guild_id, member_id, reason)
) STRICT, WITHOUT ROWID;

-- ``first`` is empty for all time, ``topic`` for all topics.
CREATE TABLE boards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    kind TEXT NOT NULL CHECK (kind <> ''),
    first TEXT NOT NULL CHECK (first = '' OR first GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
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

CREATE TRIGGER totals_points_in AFTER INSERT ON totals BEGIN INSERT INTO rank_counts SELECT NEW.board_id, 'points', NEW.points, 1 WHERE NEW.is_listed AND NEW.points IS NOT NULL ON CONFLICT (board_id, measure, value) DO UPDATE SET members = members + 1; END;
CREATE TRIGGER totals_points_out AFTER DELETE ON totals BEGIN UPDATE rank_counts SET members = members - 1 WHERE OLD.is_listed AND board_id = OLD.board_id AND measure = 'points' AND value = OLD.points; END;
CREATE TRIGGER totals_points_moved AFTER UPDATE OF points, is_listed ON totals
WHEN OLD.points IS NOT NEW.points OR OLD.is_listed <> NEW.is_listed
BEGIN UPDATE rank_counts SET members = members - 1 WHERE OLD.is_listed AND board_id = OLD.board_id AND measure = 'points' AND value = OLD.points; INSERT INTO rank_counts SELECT NEW.board_id, 'points', NEW.points, 1 WHERE NEW.is_listed AND NEW.points IS NOT NULL ON CONFLICT (board_id, measure, value) DO UPDATE SET members = members + 1; END;

CREATE TRIGGER totals_accuracy_in AFTER INSERT ON totals BEGIN INSERT INTO rank_counts SELECT NEW.board_id, 'accuracy', NEW.accuracy, 1 WHERE NEW.is_listed AND NEW.accuracy IS NOT NULL ON CONFLICT (board_id, measure, value) DO UPDATE SET members = members + 1; END;
CREATE TRIGGER totals_accuracy_out AFTER DELETE ON totals BEGIN UPDATE rank_counts SET members = members - 1 WHERE OLD.is_listed AND board_id = OLD.board_id AND measure = 'accuracy' AND value = OLD.accuracy; END;
CREATE TRIGGER totals_accuracy_moved AFTER UPDATE OF accuracy, is_listed ON totals
WHEN OLD.accuracy IS NOT NEW.accuracy OR OLD.is_listed <> NEW.is_listed
BEGIN UPDATE rank_counts SET members = members - 1 WHERE OLD.is_listed AND board_id = OLD.board_id AND measure = 'accuracy' AND value = OLD.accuracy; INSERT INTO rank_counts SELECT NEW.board_id, 'accuracy', NEW.accuracy, 1 WHERE NEW.is_listed AND NEW.accuracy IS NOT NULL ON CONFLICT (board_id, measure, value) DO UPDATE SET members = members + 1; END;

CREATE TRIGGER totals_gain_in AFTER INSERT ON totals BEGIN INSERT INTO rank_counts SELECT NEW.board_id, 'gain', NEW.gain, 1 WHERE NEW.is_listed AND NEW.gain IS NOT NULL ON CONFLICT (board_id, measure, value) DO UPDATE SET members = members + 1; END;
CREATE TRIGGER totals_gain_out AFTER DELETE ON totals BEGIN UPDATE rank_counts SET members = members - 1 WHERE OLD.is_listed AND board_id = OLD.board_id AND measure = 'gain' AND value = OLD.gain; END;
CREATE TRIGGER totals_gain_moved AFTER UPDATE OF gain, is_listed ON totals
WHEN OLD.gain IS NOT NEW.gain OR OLD.is_listed <> NEW.is_listed
BEGIN UPDATE rank_counts SET members = members - 1 WHERE OLD.is_listed AND board_id = OLD.board_id AND measure = 'gain' AND value = OLD.gain; INSERT INTO rank_counts SELECT NEW.board_id, 'gain', NEW.gain, 1 WHERE NEW.is_listed AND NEW.gain IS NOT NULL ON CONFLICT (board_id, measure, value) DO UPDATE SET members = members + 1; END;


CREATE TABLE streaks (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    length INTEGER NOT NULL CHECK (length >= 0),
    best INTEGER NOT NULL CHECK (best >= length),
    freezes INTEGER NOT NULL CHECK (freezes BETWEEN 0 AND 2),
    studied INTEGER NOT NULL CHECK (studied >= 0),
    last_day TEXT NOT NULL CHECK (last_day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
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
-- m203_honours
-- One row a server and period; a message that was claimed and not recorded is looked for.
CREATE TABLE honours (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    kind TEXT NOT NULL CHECK (kind <> ''),
    first TEXT NOT NULL CHECK (first GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    members INTEGER NOT NULL CHECK (members > 0),
    nonce TEXT NOT NULL UNIQUE CHECK (length(nonce) BETWEEN 1 AND 25),
    claimed_at TEXT NOT NULL CHECK (claimed_at GLOB '????-??-??T??:??:??.??????+00:00'),
    message_id INTEGER CHECK (message_id > 0),
    posted_at TEXT CHECK (posted_at GLOB '????-??-??T??:??:??.??????+00:00'),
    given_up_at TEXT CHECK (given_up_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
    set_at TEXT NOT NULL CHECK (set_at GLOB '????-??-??T??:??:??.??????+00:00'),
    refused_at TEXT CHECK (refused_at GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;

-- One reminder a member and post, claimed before it is sent.
CREATE TABLE reminded (
    post_id INTEGER NOT NULL REFERENCES posts (id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    claimed_at TEXT NOT NULL CHECK (claimed_at GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (post_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminded_by_age ON reminded (claimed_at);
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
-- m204_winners
ALTER TABLE challenges ADD COLUMN has_winners INTEGER NOT NULL DEFAULT 1
    CHECK (has_winners IN (0, 1));
-- m301_contests
-- ``study_date`` is the server's date at the start. While ``finished_at`` is empty it runs.
CREATE TABLE contests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('match', 'duel')),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    study_date TEXT NOT NULL CHECK (study_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    made_at TEXT NOT NULL CHECK (made_at GLOB '????-??-??T??:??:??.??????+00:00'),
    finished_at TEXT CHECK (finished_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
    joined_at TEXT NOT NULL CHECK (joined_at GLOB '????-??-??T??:??:??.??????+00:00'),
    left_at TEXT CHECK (left_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
CREATE TABLE posts_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('daily', 'quiz', 'match', 'duel')),
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
    formula INTEGER CHECK (formula >= 1), has_thread INTEGER NOT NULL DEFAULT 0 CHECK (has_thread IN (0, 1)), thread_id INTEGER CHECK (thread_id > 0), explained_at TEXT CHECK (explained_at GLOB '????-??-??T??:??:??.??????+00:00'),
    contest_id INTEGER REFERENCES contests (id),
    UNIQUE (contest_id, place),
    CHECK ((kind IN ('match', 'duel')) = (contest_id IS NOT NULL)),
    CHECK (contest_id IS NULL OR (guild_id IS NOT NULL
        AND challenge_id IS NULL AND round_id IS NULL AND member_id IS NULL)),
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
INSERT INTO posts_anew (id, kind, guild_id, challenge_id, round_id, place, member_id, question_id, question, shown_order, study_date, nonce, channel_id, message_id, claimed_at, posted_at, closes_at, closed_at, revealed_at, worth, formula, has_thread, thread_id, explained_at) SELECT id, kind, guild_id, challenge_id, round_id, place, member_id, question_id, question, shown_order, study_date, nonce, channel_id, message_id, claimed_at, posted_at, closes_at, closed_at, revealed_at, worth, formula, has_thread, thread_id, explained_at FROM posts;
DROP index posts_open;
DROP index posts_unrevealed;
DROP trigger answers_before_the_close;
DROP trigger posts_keep_their_question;
DROP trigger posts_keep_their_worth;
DROP index posts_by_day;
DROP index posts_daily;
DROP index posts_daily_by_age;
DROP index posts_of_member;
DROP index posts_unanswered;
DROP index posts_days;
DROP index posts_unthreaded;
DROP index posts_by_message;
DROP index posts_unsent;
DROP TABLE posts;
ALTER TABLE posts_anew RENAME TO posts;
CREATE INDEX posts_open ON posts (id) WHERE kind = 'daily' AND closed_at IS NULL;
CREATE INDEX posts_unrevealed ON posts (id)
    WHERE kind = 'daily' AND closed_at IS NOT NULL AND revealed_at IS NULL;
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
CREATE INDEX posts_by_day ON posts (guild_id, study_date, closed_at, worth);
CREATE INDEX posts_daily ON posts (guild_id, study_date, question_id) WHERE kind = 'daily';
CREATE INDEX posts_daily_by_age ON posts (id) WHERE kind = 'daily';
CREATE INDEX posts_of_member ON posts (member_id, study_date) WHERE member_id IS NOT NULL;
CREATE INDEX posts_unanswered ON posts (study_date) WHERE kind = 'quiz' AND closed_at IS NULL;
CREATE INDEX posts_days ON posts (guild_id, study_date, posted_at, closed_at)
    WHERE kind = 'daily';
CREATE INDEX posts_unthreaded ON posts (id)
    WHERE has_thread = 1 AND message_id IS NOT NULL AND explained_at IS NULL;
CREATE INDEX posts_by_message ON posts (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX posts_unsent ON posts (challenge_id, study_date)
    WHERE kind = 'daily' AND message_id IS NULL;
CREATE TABLE awards_anew (
    answer_id INTEGER PRIMARY KEY REFERENCES answers (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    kind TEXT NOT NULL CHECK (kind IN ('daily', 'quiz', 'match', 'duel')),
    study_date TEXT NOT NULL CHECK (study_date GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
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
INSERT INTO awards_anew (answer_id, post_id, guild_id, member_id, kind, study_date, topic, is_correct, reason, base, hard, streak, paid, points, days, formula) SELECT answer_id, post_id, guild_id, member_id, kind, study_date, topic, is_correct, reason, base, hard, streak, paid, points, days, formula FROM awards;
DROP index awards_of_member;
DROP index awards_by_day;
DROP index awards_of_post;
DROP trigger awards_never_change;
DROP TABLE awards;
ALTER TABLE awards_anew RENAME TO awards;
CREATE INDEX awards_of_member ON awards (guild_id, member_id, study_date, kind, points, is_correct);
CREATE INDEX awards_by_day ON awards (guild_id, study_date, member_id, points, is_correct, topic);
CREATE INDEX awards_of_post ON awards (post_id);
CREATE TRIGGER awards_never_change BEFORE UPDATE ON awards
BEGIN SELECT RAISE(ABORT, 'what an answer brought never changes'); END;
CREATE INDEX posts_contest_open ON posts (guild_id, question_id)
    WHERE contest_id IS NOT NULL AND closed_at IS NULL;
CREATE TRIGGER posts_keep_their_contest BEFORE UPDATE OF contest_id ON posts
BEGIN SELECT RAISE(ABORT, 'what a post asks never changes'); END;
-- m321_duels
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
    made_at TEXT NOT NULL CHECK (made_at GLOB '????-??-??T??:??:??.??????+00:00'),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '????-??-??T??:??:??.??????+00:00'),
    message_id INTEGER UNIQUE CHECK (message_id > 0),
    contest_id INTEGER UNIQUE REFERENCES contests (id),
    deadline TEXT CHECK (deadline GLOB '????-??-??T??:??:??.??????+00:00'),
    ended_at TEXT CHECK (ended_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
    shown_at TEXT NOT NULL CHECK (shown_at GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (contest_id, place, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX duel_times_of_member ON duel_times (member_id);
CREATE TRIGGER duel_times_never_change BEFORE UPDATE ON duel_times
BEGIN SELECT RAISE(ABORT, 'when a question was first shown never changes'); END;
-- m322_ratings
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
-- m311_matches
-- While ``phase_ends_at`` is empty the clock stands; ``left_ms`` is what is left then, below 0
-- between the bell and the close.
CREATE TABLE matches (
    contest_id INTEGER PRIMARY KEY REFERENCES contests (id),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    questions INTEGER NOT NULL CHECK (questions BETWEEN 1 AND 30),
    seconds INTEGER NOT NULL CHECK (seconds BETWEEN 5 AND 120),
    late_seconds INTEGER NOT NULL CHECK (late_seconds BETWEEN 0 AND 15),
    has_speed INTEGER NOT NULL CHECK (has_speed IN (0, 1)),
    subject TEXT CHECK (subject <> ''),
    in_thread INTEGER NOT NULL CHECK (in_thread IN (0, 1)),
    phase TEXT NOT NULL CHECK (phase IN ('lobby', 'ready', 'asking', 'finale', 'over')),
    place INTEGER NOT NULL DEFAULT 0 CHECK (place >= 0),
    phase_ends_at TEXT CHECK (phase_ends_at GLOB '????-??-??T??:??:??.??????+00:00'),
    alive_at TEXT NOT NULL CHECK (alive_at GLOB '????-??-??T??:??:??.??????+00:00'),
    paused_at TEXT CHECK (paused_at GLOB '????-??-??T??:??:??.??????+00:00'),
    left_ms INTEGER,
    cause TEXT CHECK (cause IN ('host', 'trouble')),
    ending TEXT CHECK (ending IN ('played', 'stopped', 'idle', 'outage', 'lost', 'expired', 'called_off')),
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
    opened_at TEXT NOT NULL CHECK (opened_at GLOB '????-??-??T??:??:??.??????+00:00'),
    is_void INTEGER NOT NULL DEFAULT 0 CHECK (is_void IN (0, 1)),
    PRIMARY KEY (contest_id, place)
) STRICT, WITHOUT ROWID;

-- When the clock of a question stood still; for points of speed.
CREATE TABLE match_gaps (
    contest_id INTEGER NOT NULL REFERENCES contests (id),
    place INTEGER NOT NULL CHECK (place >= 0),
    since TEXT NOT NULL CHECK (since GLOB '????-??-??T??:??:??.??????+00:00'),
    until TEXT CHECK (until GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (contest_id, place, since)
) STRICT, WITHOUT ROWID;
-- m331_teams
-- A team that ended stays, for its results; its name is free again.
CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL CHECK (name_key <> ''),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    is_name_fixed INTEGER NOT NULL DEFAULT 0 CHECK (is_name_fixed IN (0, 1)),
    made_at TEXT NOT NULL CHECK (made_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
    joined_at TEXT NOT NULL CHECK (joined_at GLOB '????-??-??T??:??:??.??????+00:00'),
    left_at TEXT CHECK (left_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
    asked_at TEXT NOT NULL CHECK (asked_at GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (team_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_requests_of_member ON team_requests (member_id);

-- ``first`` is the first study date of the span, empty for all time.
CREATE TABLE team_totals (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    kind TEXT NOT NULL CHECK (kind IN ('day', 'month', 'all')),
    first TEXT NOT NULL CHECK (first = '' OR first GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
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
-- m341_seasons
CREATE TABLE seasons (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    name TEXT NOT NULL CHECK (name <> ''),
    first TEXT NOT NULL CHECK (first GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    last TEXT NOT NULL CHECK (last GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
    channel_id INTEGER NOT NULL CHECK (channel_id > 0),
    role_id INTEGER CHECK (role_id > 0),
    set_by INTEGER CHECK (set_by > 0),
    set_at TEXT NOT NULL CHECK (set_at GLOB '????-??-??T??:??:??.??????+00:00'),
    ended_at TEXT CHECK (ended_at GLOB '????-??-??T??:??:??.??????+00:00'),
    closed_at TEXT CHECK (closed_at GLOB '????-??-??T??:??:??.??????+00:00'),
    CHECK (first <= last)
) STRICT;
CREATE INDEX seasons_of_server ON seasons (guild_id, first);
CREATE INDEX seasons_to_close ON seasons (guild_id, first, last) WHERE closed_at IS NULL;
CREATE TRIGGER seasons_never_overlap_new BEFORE INSERT ON seasons WHEN EXISTS (
    SELECT 1 FROM seasons WHERE guild_id = NEW.guild_id AND id IS NOT NEW.id
    AND first <= NEW.last AND last >= NEW.first
)
BEGIN SELECT RAISE(ABORT, 'a server has one season at a time'); END;
CREATE TRIGGER seasons_never_overlap BEFORE UPDATE OF first, last ON seasons
WHEN EXISTS (
    SELECT 1 FROM seasons WHERE guild_id = NEW.guild_id AND id IS NOT NEW.id
    AND first <= NEW.last AND last >= NEW.first
)
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
    claimed_at TEXT NOT NULL CHECK (claimed_at GLOB '????-??-??T??:??:??.??????+00:00'),
    tried_at TEXT CHECK (tried_at GLOB '????-??-??T??:??:??.??????+00:00'),
    tried_in INTEGER CHECK (tried_in > 0),
    told_in INTEGER CHECK (told_in > 0),
    message_id INTEGER CHECK (message_id > 0),
    posted_at TEXT CHECK (posted_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
    given_at TEXT CHECK (given_at GLOB '????-??-??T??:??:??.??????+00:00'),
    PRIMARY KEY (season_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX champions_by_member ON champions (member_id);
-- m332_team_matches
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
-- m205_question_counts
CREATE TABLE first_answers (
    guild_id INTEGER NOT NULL REFERENCES servers (guild_id),
    question_id TEXT NOT NULL CHECK (question_id <> ''),
    member_id INTEGER NOT NULL CHECK (member_id > 0),
    answer_id INTEGER NOT NULL CHECK (answer_id > 0),
    post_id INTEGER NOT NULL CHECK (post_id > 0),
    choice INTEGER NOT NULL CHECK (choice >= 0),
    answered_at TEXT NOT NULL CHECK (answered_at GLOB '????-??-??T??:??:??.??????+00:00'),
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
INSERT INTO first_answers
SELECT awards.guild_id, posts.question_id, awards.member_id, min(awards.answer_id), posts.id,
    json_extract(posts.shown_order, '$[' || answers.place || ']'), answers.answered_at,
    sum(awards.is_correct), count(*)
FROM awards JOIN posts ON posts.id = awards.post_id JOIN answers ON answers.id = awards.answer_id
GROUP BY awards.guild_id, posts.question_id, awards.member_id;
INSERT INTO question_counts
SELECT guild_id, question_id, sum(right), sum(answered), 0 FROM first_answers
GROUP BY guild_id, question_id;
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
-- m333_told_captains
ALTER TABLE memberships ADD COLUMN is_told INTEGER NOT NULL DEFAULT 0 CHECK (is_told IN (0, 1));
-- m323_duels_alive
ALTER TABLE duels ADD COLUMN alive_at TEXT CHECK (alive_at GLOB '????-??-??T??:??:??.??????+00:00');
-- m342_season_streak_counts
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
-- m334_team_invitations
ALTER TABLE team_requests ADD COLUMN kind TEXT NOT NULL DEFAULT 'asked'
    CHECK (kind IN ('asked', 'invited', 'refused'));
-- m324_unrated_contests
ALTER TABLE contests ADD COLUMN is_rated INTEGER NOT NULL DEFAULT 0 CHECK (is_rated IN (0, 1));
UPDATE contests SET is_rated = 1 WHERE id IN (SELECT contest_id FROM rated);
CREATE INDEX contests_unrated ON contests (guild_id, finished_at, id)
    WHERE finished_at IS NOT NULL AND NOT is_cancelled AND NOT is_rated;
CREATE TRIGGER rated_marks_the_contest AFTER INSERT ON rated
BEGIN UPDATE contests SET is_rated = 1 WHERE id = NEW.contest_id; END;
