-- A first verdict waits for its second: within its round nobody forgets who gave it, short of a decision.
create function refuse_to_forget_the_first() returns trigger language plpgsql as $$
begin
    raise exception 'round % of the claim has a first verdict, which only a second one settles', old.round
        using errcode = 'check_violation';
end $$;
create trigger claim_first_stays before update on claim
    for each row
    when (old.first_reviewer is not null and new.first_reviewer is distinct from old.first_reviewer
          and new.round = old.round and new.stage <> 'settled')
    execute function refuse_to_forget_the_first();
