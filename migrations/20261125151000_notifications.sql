-- Who watches what, and what people are told of, collapsed per claim.

create table watch (
    claim_id   uuid not null references claim (id),
    account_id uuid not null references account (id),
    -- watching: told of everything; unwatched: only of what is said to the person; muted: of nothing
    level      text not null constraint watch_level_check check (level in ('watching', 'unwatched', 'muted')),
    at         timestamptz not null,
    primary key (claim_id, account_id)
);
comment on table watch is 'Who wants to know what happens to a claim. Giving a verdict or commenting begins it.';

create table notification (
    account_id uuid not null references account (id),
    claim_id   uuid not null references claim (id),
    -- when the newest of its parts came
    at         timestamptz not null,
    is_unread  boolean not null,
    read_at    timestamptz,
    primary key (account_id, claim_id),
    constraint notification_read_check check (is_unread or read_at is not null)
);
comment on table notification is
    'That something happened to a claim that a person is told of: one row, however much happened. It names things and never says how a verdict turned out.';
create index notification_list_idx on notification (account_id, at desc, claim_id desc);
-- the list of what is new, and how many that are
create index notification_unread_idx on notification (account_id, at desc, claim_id desc) where is_unread;
create index notification_read_idx on notification (read_at) where not is_unread;

create table notification_part (
    account_id uuid not null,
    claim_id   uuid not null,
    occasion   text not null constraint notification_part_occasion_check check (occasion in (
                   'mentioned', 'reply', 'comment', 'verdict', 'disagreement', 'adjudication', 'publication',
                   'public_correction', 'reopening', 'dismissal', 'correction', 'takeover', 'lease_ran_out')),
    -- how often since the notification was read
    n          integer not null,
    -- who did it last; null: the system itself
    actor_id   uuid references account (id),
    -- the last comment, where it is about one
    comment_id uuid references comment (id),
    at         timestamptz not null,
    -- when it goes out by mail, if it is not read before; null: it does not
    mail_due   timestamptz,
    primary key (account_id, claim_id, occasion),
    foreign key (account_id, claim_id) references notification (account_id, claim_id) on delete cascade
);
comment on table notification_part is 'What happened to the claim of a notification, by kind.';
create index notification_part_occasion_idx on notification_part (account_id, occasion, at desc, claim_id desc);
create index notification_part_mail_idx on notification_part (mail_due) where mail_due is not null;

create table notification_choice (
    account_id uuid not null references account (id),
    occasion   text not null,
    channel    text not null constraint notification_choice_channel_check
               check (channel in ('none', 'app', 'digest', 'mail')),
    primary key (account_id, occasion)
);
comment on table notification_choice is 'How a person wants to be told of what, where that is not the default.';

create table notification_hour (
    account_id uuid primary key references account (id),
    -- of the day in UTC
    hour       smallint not null constraint notification_hour_check check (hour between 0 and 23)
);
comment on table notification_hour is 'When a person wants the daily mail, where that is not the default.';

-- Tells every server whose page shows the number of what is new.
create function announce_notifications() returns trigger language plpgsql as $$
declare
    told uuid;
begin
    for told in select distinct account_id from changed_notification limit 50 loop
        perform pg_notify('claimdesk', json_build_object('told', told)::text);
    end loop;
    return null;
end $$;
create trigger notification_announce_insert after insert on notification
    referencing new table as changed_notification
    for each statement execute function announce_notifications();
create trigger notification_announce_update after update on notification
    referencing new table as changed_notification
    for each statement execute function announce_notifications();
