-- Figures of incidents that readers see.

create table incident_publication (
    id           uuid primary key,
    incident_id  uuid not null references incident (id),
    -- 1, 2, …: the newest says whether readers see it
    number       integer not null,
    -- the last part of the page's address; the same for all rows of an incident
    slug         text not null,
    kind         text not null constraint incident_publication_kind_check
                 check (kind in ('published', 'withdrawn', 'reinstated')),
    -- what readers are told where it was withdrawn
    note         text,
    published_by uuid not null references account (id),
    published_at timestamptz not null,
    constraint incident_publication_number_key unique (incident_id, number),
    constraint incident_publication_note_check check ((kind = 'withdrawn') = (note is not null))
);
comment on table incident_publication is
    'When the figures of an incident were made public and withdrawn. What the page says is read from the ledger.';
create unique index incident_publication_slug_key on incident_publication (slug) where number = 1;
-- what was made public last, first
create index incident_publication_published_idx on incident_publication (published_at desc, id desc);

create trigger incident_publication_append_only before update or delete on incident_publication
    for each row execute function refuse_change();
create trigger incident_publication_no_truncate before truncate on incident_publication
    for each statement execute function refuse_change();

-- Rows of an incident follow one another without a gap, under one address: public, withdrawn, public
-- again.
create function check_incident_publication() returns trigger language plpgsql as $$
declare
    before record;
begin
    select number, slug, kind into before
      from incident_publication where incident_id = new.incident_id order by number desc limit 1;
    if new.number <> coalesce(before.number, 0) + 1 or new.slug <> coalesce(before.slug, new.slug)
        or new.kind <> (case when before.kind is null then 'published'
                             when before.kind = 'withdrawn' then 'reinstated'
                             else 'withdrawn' end) then
        raise exception 'figures of an incident are published, withdrawn and published again, under one address'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger incident_publication_in_order before insert on incident_publication
    for each row execute function check_incident_publication();

select keep_versions('incident_publication', 'incident_id', 'id');
