-- Mail that waits to go out, and what the link that stops it is signed with.

create table mail (
    id          uuid primary key,
    account_id  uuid not null references account (id),
    -- what it says, as it was put together: sent again, it says the same under the same Message-ID
    body        jsonb not null,
    made_at     timestamptz not null,
    -- when it is tried, or tried again
    due_at      timestamptz not null,
    attempts    integer not null default 0,
    -- why it did not go out the last time
    failed      text,
    -- no more tries: an admin decides
    given_up_at timestamptz
);
comment on table mail is 'Mail that was not delivered to the mail server yet. A row goes once it is.';
create index mail_due_idx on mail (due_at) where given_up_at is null;
create index mail_failed_idx on mail (made_at desc, id desc) where failed is not null;
create index mail_account_idx on mail (account_id);

create table mail_key (
    account_id uuid primary key references account (id),
    -- random; signs the links by which this person stops all mail without signing in
    key        bytea not null constraint mail_key_check check (length(key) = 32)
);
