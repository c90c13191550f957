-- Who is to do what: claims given to a person before anybody takes them.

alter table claim add column assignee uuid references account (id),
    -- only what is in work is anybody's to do, and nobody's whose verdict it waits to be compared with
    add constraint claim_assignee_check check (
        assignee is null
        or (stage in ('open', 'in_review', 'awaiting_second_review', 'disagreed', 'reopened')
            and assignee is distinct from first_reviewer and assignee is distinct from second_reviewer));

-- What is decided or set aside is nobody's to do any more, whatever moved it.
create function end_assignment() returns trigger language plpgsql as $$
begin
    new.assignee := null;
    return new;
end $$;
create trigger claim_assignment_ends before update on claim
    for each row
    when (new.assignee is not null
          and (new.stage in ('settled', 'published', 'dismissed')
               or new.assignee = new.first_reviewer or new.assignee = new.second_reviewer))
    execute function end_assignment();

-- what a person has to do; and what anybody may take, so that no walk along an index passes over
-- what is another's
create index claim_assignee_idx on claim (assignee, urgency, id) where assignee is not null;
create index claim_free_idx on claim (urgency, id) where stage in ('open', 'reopened') and assignee is null;
create index claim_second_free_idx on claim (first_reviewer, urgency, id)
    where stage = 'awaiting_second_review' and assignee is null;
drop index claim_queue_idx;

create table assignee_tally (
    account_id uuid not null references account (id),
    stage      text not null,
    n          bigint not null,
    primary key (account_id, stage)
);
comment on table assignee_tally is 'How many claims a person is to do, by where they stand.';

create function tally_assignees() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    insert into assignee_tally (account_id, stage, n)
    select assignee, stage, sum(step)
      from (select assignee, stage, 1 as step from new_claim where assignee is not null
            union all
            select assignee, stage, -1 from old_claim where assignee is not null) change
     group by 1, 2
    having sum(step) <> 0
     order by 1, 2
    on conflict (account_id, stage) do update set n = assignee_tally.n + excluded.n;
    return null;
end $$;
create trigger claim_who_update after update on claim
    referencing old table as old_claim new table as new_claim
    for each statement execute function tally_assignees();

create table handout (
    id        uuid primary key,
    by        uuid not null references account (id),
    at        timestamptz not null,
    undone_at timestamptz
);
comment on table handout is 'One time that somebody gave claims to people, to be undone as a whole.';
create index handout_by_idx on handout (by, at desc);
create table handout_claim (
    handout_id uuid not null references handout (id),
    claim_id   uuid not null references claim (id),
    before_id  uuid references account (id),
    after_id   uuid references account (id),
    primary key (handout_id, claim_id)
);

alter table notification_part
    drop constraint notification_part_occasion_check,
    add constraint notification_part_occasion_check check (occasion in (
        'mentioned', 'reply', 'comment', 'verdict', 'disagreement', 'adjudication', 'publication',
        'public_correction', 'reopening', 'dismissal', 'correction', 'takeover', 'lease_ran_out',
        'deadline', 'assignment'));
