-- People, their sessions and their keys to the API.

create table account (
    id            uuid primary key,
    email         text not null constraint account_email_key unique,
    name          text not null,
    role          text not null constraint account_role_check check (role in ('viewer', 'reviewer', 'editor', 'admin')),
    -- argon2id, in PHC string format
    password_hash text not null,
    -- part of what a session proves: raising it signs the person out everywhere
    session_epoch integer not null default 1,
    disabled_at   timestamptz,
    created_at    timestamptz not null
);
comment on table account is 'A person who works at the desk. Never deleted: the history names them.';

create table session (
    -- SHA-256 of the cookie's value: who reads the table cannot sign in with it
    id         bytea primary key,
    data       jsonb not null,
    expires_at timestamptz not null
);
create index session_expires_at_idx on session (expires_at);

create table sign_in_failure (
    id      bigint generated always as identity primary key,
    -- the e-mail address as typed, in lower case, whether or not such an account exists
    email   text not null,
    address inet not null,
    at      timestamptz not null
);
comment on table sign_in_failure is 'Failed attempts of the last hour, to throttle by account and by address.';
create index sign_in_failure_email_idx on sign_in_failure (email, at);
create index sign_in_failure_address_idx on sign_in_failure (address, at);

create table token (
    id         uuid primary key,
    account_id uuid not null references account (id),
    name       text not null,
    -- SHA-256 of the token: the token itself is shown once and not kept
    sha256     bytea not null constraint token_sha256_key unique,
    created_at timestamptz not null,
    revoked_at timestamptz
);
create index token_account_id_idx on token (account_id);

create table draft (
    account_id uuid not null references account (id),
    -- which form it belongs to, such as verdict:{claim}
    form       text not null,
    fields     jsonb not null,
    saved_at   timestamptz not null,
    primary key (account_id, form)
);
comment on table draft is 'What a person typed and has not sent, or sent and was refused: nothing typed is lost.';

create table idempotency_key (
    account_id uuid not null references account (id),
    key        text not null,
    -- SHA-256 of method, path and body: the same key with another request is an error
    request    bytea not null,
    -- id of what the first request made
    result     uuid,
    at         timestamptz not null,
    primary key (account_id, key)
);
create index idempotency_key_at_idx on idempotency_key (at);
