-- Scales of ratings as data. A scale is never changed: an admin makes a new version of it, and every
-- verdict keeps the version it was given under.

create table scale (
    key      text primary key constraint scale_key_check check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    -- where it stands in lists; the first is what a desk starts with
    position smallint not null
);
comment on table scale is 'Something to judge claims by; what it says is in its versions.';

create table scale_version (
    scale   text not null references scale (key),
    -- 1, 2, …: the greatest is in force
    version integer not null constraint scale_version_check check (version > 0),
    name    text not null,
    about   text not null,
    -- null: it came with the program
    made_by uuid references account (id),
    made_at timestamptz not null,
    reason  text,
    primary key (scale, version)
);
comment on table scale_version is 'What a scale is called and when that began to hold.';

create table rating (
    scale          text not null,
    version        integer not null,
    position       smallint not null,
    -- the word in verdicts, the API and addresses
    key            text not null constraint rating_key_check check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
    name           text not null,
    meaning        text not null,
    -- the key on the keyboard that gives it
    shortcut       text constraint rating_shortcut_check check (shortcut ~ '^[a-z0-9]$'),
    tone           text not null constraint rating_tone_check
                   check (tone in ('verified', 'unverified', 'disputed', 'false', 'context')),
    icon           text not null,
    -- ratingValue of schema.org's ClaimReview; null where a number would mislead
    claim_review   smallint constraint rating_claim_review_check check (claim_review between 1 and 5),
    -- whether giving it says that the claim's figure is right
    asserts_figure boolean not null,
    -- domain::grounds::Precondition, in the order of the form
    needs          jsonb not null,
    primary key (scale, version, key),
    constraint rating_version_fkey foreign key (scale, version) references scale_version (scale, version),
    constraint rating_position_key unique (scale, version, position),
    constraint rating_shortcut_key unique (scale, version, shortcut)
);
comment on table rating is 'One step of one version of a scale.';

create trigger scale_append_only before update or delete on scale
    for each row execute function refuse_change();
create trigger scale_no_truncate before truncate on scale
    for each statement execute function refuse_change();
create trigger scale_version_append_only before update or delete on scale_version
    for each row execute function refuse_change();
create trigger scale_version_no_truncate before truncate on scale_version
    for each statement execute function refuse_change();
create trigger rating_append_only before update or delete on rating
    for each row execute function refuse_change();
create trigger rating_no_truncate before truncate on rating
    for each statement execute function refuse_change();

-- Every server keeps the scales in memory; this tells them that there is a new version.
create function announce_scale() returns trigger language plpgsql as $$
begin
    perform pg_notify('claimdesk', json_build_object('scale', new.scale)::text);
    return null;
end $$;
create trigger scale_version_announce after insert on scale_version
    for each row execute function announce_scale();

alter table verdict
    -- what the rating asked for and the evidence did not have, in words, when it was given all the same
    add column unmet           text[] not null default '{}',
    -- why it was given all the same
    add column override_reason text,
    add constraint verdict_override_check check ((cardinality(unmet) = 0) = (override_reason is null));

alter table claim
    -- the scale and version of the verdict that stands, by which the rating's name is found
    add column rating_scale   text,
    add column rating_version integer;
update claim set rating_scale = verdict.scale, rating_version = verdict.scale_version
  from verdict
 where verdict.claim_id = claim.id and claim.rating is not null
   and verdict.number = (select max(number) from verdict v where v.claim_id = claim.id);
alter table claim
    add constraint claim_rating_scale_check check (
        (rating_scale is null) = (rating_version is null) and (rating is not null or rating_scale is null));
