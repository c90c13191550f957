-- Whom reviewers agree with, newest first.
create index verdict_second_idx on verdict (given_at) where part = 'second';
