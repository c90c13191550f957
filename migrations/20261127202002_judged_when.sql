-- Claims by the days of their verdicts: the list behind what was done on a day.
create index verdict_judged_idx on verdict (given_at) include (claim_id, id);
