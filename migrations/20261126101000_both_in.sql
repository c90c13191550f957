-- What takes two people is not settled by one, nor published: also not by calling it another round.
-- A claim leaves its round decided with the second verdict in, or with the first one taken back.
create or replace function check_both_in() returns trigger language plpgsql as $$
begin
    if exists (select from verdict
                where claim_id = new.id and round = old.round and part in ('second', 'adjudication'))
       or exists (select from verdict join verdict_undone on verdict_undone.verdict_id = verdict.id
                   where verdict.claim_id = new.id and verdict.round = old.round and verdict.part = 'first')
    then
        return null;
    end if;
    raise exception 'a claim that takes two reviewers is not settled by one' using errcode = 'check_violation';
end $$;
drop trigger claim_both_in on claim;
create trigger claim_both_in after update on claim
    for each row
    when (old.first_reviewer is not null and new.first_reviewer is null and new.stage in ('settled', 'published'))
    execute function check_both_in();
