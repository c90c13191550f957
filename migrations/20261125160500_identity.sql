-- Who signs in elsewhere: the accounts of an identity provider (OpenID Connect) that belong to people here.

create table identity (
    -- the provider's address and its unchanging name for the person
    issuer       text not null,
    subject      text not null,
    account_id   uuid not null references account (id),
    -- the verified address that the link was made by
    email        text not null,
    linked_at    timestamptz not null,
    constraint identity_pkey primary key (issuer, subject),
    constraint identity_account_key unique (account_id, issuer),
    constraint identity_subject_check check (length(subject) between 1 and 255)
);
comment on table identity is 'Links between people here and their accounts at an identity provider; the history says when each was made and cut.';
