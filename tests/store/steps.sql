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
