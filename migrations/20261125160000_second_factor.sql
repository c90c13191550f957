-- A second thing that signing in takes, beside the password: codes of an authenticator (RFC 6238).

create table second_factor (
    account_id   uuid primary key references account (id),
    -- the shared secret: a byte that says how it is kept (0 as it is, 1 sealed with the server's key), then the rest
    secret       bytea not null,
    -- a setup that is not confirmed soon is void
    begun_at     timestamptz not null,
    -- null: being set up; it does not count yet
    confirmed_at timestamptz,
    -- the newest time step whose code was accepted: a code is good once
    last_step    bigint not null default 0,
    constraint second_factor_secret_check check (octet_length(secret) between 17 and 200)
);
comment on table second_factor is 'The authenticator of a person. Gone once it is switched off; the history says when.';

create table recovery_code (
    account_id uuid not null references account (id),
    -- SHA-256 of a code of 80 random bits: too many to try, so a slow hash would add nothing
    sha256     bytea not null,
    used_at    timestamptz,
    constraint recovery_code_pkey primary key (account_id, sha256)
);
comment on table recovery_code is 'For when the authenticator is lost: each lets its owner in once. Shown once and kept as hashes.';

alter table account add column last_sign_in_at timestamptz;
comment on column account.last_sign_in_at is 'When the person last signed in, all steps of it done.';
