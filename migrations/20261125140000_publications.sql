-- What readers were told, each time they were told it.

create table publication (
    -- names the entry in the feed, for ever
    id           uuid primary key,
    claim_id     uuid not null references claim (id),
    -- 1, 2, …: the newest is what readers see, the others stay below it
    number       integer not null,
    -- the last part of the page's address; the same for all publications of a claim
    slug         text not null,
    kind         text not null constraint publication_kind_check
                 check (kind in ('published', 'corrected', 'withdrawn', 'reinstated')),
    -- the verdict that was published; null where the claim was withdrawn
    verdict_id   uuid references verdict (id),
    -- domain::publication::Body: the page as it was made public; null where the claim was withdrawn
    body         jsonb,
    -- what readers are told about the change
    note         text,
    published_by uuid not null references account (id),
    published_at timestamptz not null,
    constraint publication_number_key unique (claim_id, number),
    constraint publication_note_check check (kind = 'published' or note is not null),
    constraint publication_body_check check (
        (kind = 'withdrawn') = (body is null) and (body is null) = (verdict_id is null))
);
comment on table publication is
    'Everything that was ever made public of a claim, as it was made public. Never changed: a correction is a further row.';
create unique index publication_slug_key on publication (slug) where number = 1;
-- the feed, newest first
create index publication_published_idx on publication (published_at desc, id desc);

create trigger publication_append_only before update or delete on publication
    for each row execute function refuse_change();
create trigger publication_no_truncate before truncate on publication
    for each statement execute function refuse_change();

-- Publications of a claim follow one another without a gap, under one address.
create function check_publication() returns trigger language plpgsql as $$
declare
    before record;
begin
    select number, slug, kind into before
      from publication where claim_id = new.claim_id order by number desc limit 1;
    if new.number <> coalesce(before.number, 0) + 1 then
        raise exception 'publication % of claim % does not follow %', new.number, new.claim_id, before.number
            using errcode = 'restrict_violation';
    end if;
    if (new.number = 1) <> (new.kind = 'published') or new.slug <> coalesce(before.slug, new.slug)
        or (new.kind = 'withdrawn' and before.kind = 'withdrawn') then
        raise exception 'a claim is published once, under one address; what follows says what changed'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger publication_in_order before insert on publication
    for each row execute function check_publication();
