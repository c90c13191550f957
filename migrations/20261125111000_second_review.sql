-- Two people for one decision: rounds of verdicts, what is in of them, and what is undone.

alter table claim
    drop constraint claim_stage_check,
    add constraint claim_stage_check check (stage in (
        'open', 'in_review', 'awaiting_second_review', 'disagreed', 'settled', 'published', 'reopened', 'dismissed')),
    -- 1, 2, …: which decision it is
    add column round integer not null default 1,
    -- who gave the first verdict of a round that takes two, until it is decided
    add column first_reviewer uuid references account (id),
    -- who gave the second one, where the two differ
    add column second_reviewer uuid references account (id),
    -- the verdict that stands
    add column verdict_id uuid,
    add constraint claim_round_check check (round >= 1),
    add constraint claim_first_check check (
        case when stage in ('awaiting_second_review', 'disagreed') then first_reviewer is not null
             else first_reviewer is null or stage = 'in_review' end),
    add constraint claim_second_check check ((stage = 'disagreed') = (second_reviewer is not null)),
    -- a claim is never with its first reviewer for the second review, whoever asks
    add constraint claim_own_second_check check (lease_holder is distinct from first_reviewer or lease_holder is null),
    add constraint claim_reviewers_differ_check check (second_reviewer <> first_reviewer);

alter table verdict
    add column round integer,
    -- what it is in its round
    add column part text constraint verdict_part_check check (part in ('sole', 'first', 'second', 'adjudication')),
    -- of a first verdict: why the desk's policy asks for a second one, in words that do not tell the rating
    add column second_because text,
    -- the stage the claim was in, and the verdict that stood, before it
    add column stage_before text,
    add column replaced_id uuid references verdict (id);

-- Until now each verdict was a decision of its own.
alter table verdict disable trigger verdict_append_only;
update verdict
   set round = number, part = 'sole', stage_before = case number when 1 then 'open' else 'settled' end,
       replaced_id = (select before.id from verdict before
                       where before.claim_id = verdict.claim_id and before.number = verdict.number - 1);
alter table verdict enable trigger verdict_append_only;
alter table verdict
    alter column round set not null,
    alter column part set not null,
    alter column stage_before set not null,
    add constraint verdict_second_check check ((part = 'first') = (second_because is not null)),
    -- nobody gives two verdicts in a round, whatever their role
    add constraint verdict_round_key unique (claim_id, round, reviewer_id);

-- Claims are about to be moved once more: nothing that was counted changes.
update claim
   set round = given.last + case when claim.stage in ('settled', 'published') then 0 else 1 end,
       verdict_id = case when claim.rating is null then null else given.id end
  from (select distinct on (claim_id) claim_id, number as last, id from verdict order by claim_id, number desc) given
 where given.claim_id = claim.id;
alter table claim
    -- a claim and its verdict may come in one transaction, in any order
    add constraint claim_verdict_fkey foreign key (verdict_id) references verdict (id) deferrable initially deferred;

create table verdict_undone (
    verdict_id uuid primary key references verdict (id),
    by         uuid not null references account (id),
    at         timestamptz not null
);
comment on table verdict_undone is
    'Verdicts that their authors took back within a minute. They stay in the history; they count for nothing.';
create trigger verdict_undone_append_only before update or delete on verdict_undone
    for each row execute function refuse_change();
create trigger verdict_undone_no_truncate before truncate on verdict_undone
    for each statement execute function refuse_change();

-- what waits for a second reviewer, by whom it must not be given to; and what waits for an editor
create index claim_second_idx on claim (first_reviewer, urgency, id) where stage = 'awaiting_second_review';
create index claim_first_idx on claim (first_reviewer) where first_reviewer is not null;

-- The order of verdicts within a round, and that each is another person's. A verdict that was undone
-- has ended its round, so that the next one belongs to another.
create function check_verdict_round() returns trigger language plpgsql as $$
declare
    before record;
begin
    select coalesce(max(round), 0) as round into before from verdict where claim_id = new.claim_id;
    if new.part in ('sole', 'first') then
        if new.round <= before.round then
            raise exception 'round % of the claim has verdicts already', new.round using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if exists (select from verdict
                where claim_id = new.claim_id and round = new.round and reviewer_id = new.reviewer_id) then
        raise exception 'a % verdict is another person''s than the ones before it in its round', new.part
            using errcode = 'check_violation', constraint = 'verdict_round_key';
    end if;
    if (select array_agg(part order by number) from verdict
         where claim_id = new.claim_id and round = new.round
           and not exists (select from verdict_undone where verdict_id = verdict.id))
       is distinct from (case new.part when 'second' then array['first'] else array['first', 'second'] end) then
        raise exception 'a % verdict does not follow on what is in of round %', new.part, new.round
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger verdict_round before insert on verdict
    for each row execute function check_verdict_round();

-- What takes two people is not settled by one: the claim leaves its round with both verdicts in.
create function check_both_in() returns trigger language plpgsql as $$
begin
    if not exists (select from verdict
                    where claim_id = new.id and round = old.round and part in ('second', 'adjudication')) then
        raise exception 'a claim that takes two reviewers is not settled by one' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger claim_both_in after update on claim
    for each row
    when (old.first_reviewer is not null and new.first_reviewer is null and new.stage = 'settled'
          and old.round = new.round)
    execute function check_both_in();

-- A reviewer's counters do not tell what a first verdict says before the second one is in: until then
-- it counts under ''.
create or replace function tally_verdict() returns trigger language plpgsql as $$
begin
    insert into reviewer_tally (reviewer_id, day, rating, n)
    values (new.reviewer_id, (new.given_at at time zone 'UTC')::date,
            case new.part when 'first' then '' else new.rating end, 1)
    on conflict (reviewer_id, day, rating) do update set n = reviewer_tally.n + 1;
    if new.part = 'first' then
        return null;
    end if;
    -- Every first verdict that this one shows.
    insert into reviewer_tally (reviewer_id, day, rating, n)
    select shown.reviewer_id, (shown.given_at at time zone 'UTC')::date, moved.rating, sum(moved.step)
      from verdict shown, lateral (values ('', -1), (shown.rating, 1)) moved (rating, step)
     where shown.claim_id = new.claim_id and shown.number < new.number and shown.part = 'first'
       and shown.number > (select coalesce(max(number), 0) from verdict
                            where claim_id = new.claim_id and number < new.number and part <> 'first')
       and not exists (select from verdict_undone where verdict_id = shown.id)
     group by 1, 2, 3
     order by 1, 2, 3
    on conflict (reviewer_id, day, rating) do update set n = reviewer_tally.n + excluded.n;
    return null;
end $$;

create function tally_undone() returns trigger language plpgsql as $$
begin
    update reviewer_tally tally set n = n - 1
      from verdict
     where verdict.id = new.verdict_id and tally.reviewer_id = verdict.reviewer_id
       and tally.day = (verdict.given_at at time zone 'UTC')::date
       and tally.rating = case verdict.part when 'first' then '' else verdict.rating end;
    return null;
end $$;
create trigger verdict_undone_tally after insert on verdict_undone
    for each row execute function tally_undone();
