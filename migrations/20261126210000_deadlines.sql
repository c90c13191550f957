-- By when an article's claims have to be decided.

alter table article
    add column deadline        timestamptz,
    add column deadline_by     uuid references account (id),
    add column deadline_set_at timestamptz,
    -- how close it was when that was last weighed into the priority of the claims: each step is taken once
    add column deadline_phase  text constraint article_deadline_phase_check
                               check (deadline_phase in ('set', 'due_soon', 'overdue')),
    add constraint article_deadline_check check (
        (deadline is null) = (deadline_by is null) and (deadline is null) = (deadline_set_at is null)
        and (deadline is null) = (deadline_phase is null));
-- what may have come closer
create index article_deadline_idx on article (deadline) where deadline_phase in ('set', 'due_soon');

create table deadline_watch (
    article_id uuid primary key references article (id),
    at         timestamptz not null,
    -- claims that are still in work
    blocking   bigint not null
);
comment on table deadline_watch is 'Articles with a deadline, and how many of their claims are not decided.';
create index deadline_watch_idx on deadline_watch (at, article_id) where blocking > 0;

create function is_in_work(stage text) returns boolean language sql immutable parallel safe as
$$ select stage in ('open', 'in_review', 'awaiting_second_review', 'disagreed', 'reopened') $$;

-- Whoever moves one of the article's claims holds a row of its tally: what they count is waited for,
-- and whoever comes later finds the watch.
create function watch_deadline() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if new.deadline is null then
        delete from deadline_watch where article_id = new.id;
        return null;
    end if;
    perform from article_tally where article_id = new.id order by stage, rating for update;
    insert into deadline_watch (article_id, at, blocking)
    values (new.id, new.deadline,
            (select coalesce(sum(n), 0) from article_tally where article_id = new.id and is_in_work(stage)))
    on conflict (article_id) do update set at = excluded.at;
    return null;
end $$;
create trigger article_deadline_watch after update of deadline on article
    for each row when (old.deadline is distinct from new.deadline) execute function watch_deadline();

create function watch_claims_inserted() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    update deadline_watch w set blocking = w.blocking + change.step
      from (select article_id, count(*) as step from new_claim where is_in_work(stage) group by 1) change
     where w.article_id = change.article_id;
    return null;
end $$;
create function watch_claims_updated() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    update deadline_watch w set blocking = w.blocking + change.step
      from (select n.article_id, sum(is_in_work(n.stage)::int - is_in_work(o.stage)::int) as step
              from new_claim n join old_claim o using (id)
             where is_in_work(n.stage) <> is_in_work(o.stage) group by 1) change
     where w.article_id = change.article_id and change.step <> 0;
    return null;
end $$;
create trigger claim_watch_insert after insert on claim
    referencing new table as new_claim
    for each statement execute function watch_claims_inserted();
create trigger claim_watch_update after update on claim
    referencing old table as old_claim new table as new_claim
    for each statement execute function watch_claims_updated();
