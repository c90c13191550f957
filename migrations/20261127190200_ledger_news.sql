-- What readers of an incident's figures are told when these change: the news of a public ledger goes into the
-- feed and to receivers as what is published of claims does.

alter table incident_publication
    drop constraint incident_publication_kind_check,
    add constraint incident_publication_kind_check
        check (kind in ('published', 'changed', 'withdrawn', 'reinstated')),
    -- what readers see is worked out: whoever changed a figure did not write it
    alter column published_by drop not null,
    add constraint incident_publication_by_check check ((kind = 'changed') = (published_by is null)),
    -- what the desk held and which figures contradicted each other, as readers saw it then, and what was new
    -- in it; null: from before this was kept
    add column body jsonb,
    add constraint incident_publication_body_check check (kind <> 'changed' or body is not null);
comment on table incident_publication is
    'When the figures of an incident were made public, changed for readers and were withdrawn. What the page says is read from the ledger.';

-- Rows of an incident follow one another without a gap, under one address: public, changed while they are,
-- withdrawn, public again.
create or replace function check_incident_publication() returns trigger language plpgsql as $$
declare
    before record;
begin
    select number, slug, kind into before
      from incident_publication where incident_id = new.incident_id order by number desc limit 1;
    if new.number <> coalesce(before.number, 0) + 1 or new.slug <> coalesce(before.slug, new.slug)
        or (case when before.kind is null then new.kind <> 'published'
                 when before.kind = 'withdrawn' then new.kind <> 'reinstated'
                 else new.kind not in ('changed', 'withdrawn') end) then
        raise exception 'figures of an incident are published, withdrawn and published again, under one address'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create table ledger_look (
    id          bigint generated always as identity primary key,
    incident_id uuid not null references incident (id),
    due_at      timestamptz not null
);
comment on table ledger_look is
    'Incidents whose figures are public and may have changed: looked at when due, by one worker. Only ever added to by what changes them, so that nobody waits here.';
create index ledger_look_due_idx on ledger_look (due_at);
create index ledger_look_incident_idx on ledger_look (incident_id, due_at);

-- What readers see now is taken down, so that what changes from here on is told.
insert into ledger_look (incident_id, due_at)
select incident_id, now() from incident_publication where number = 1;

alter table delivery
    drop constraint delivery_event_check,
    add constraint delivery_event_check check (event in (
        'claim.published', 'claim.corrected', 'claim.withdrawn',
        'incident.published', 'incident.changed', 'incident.withdrawn', 'test')),
    -- what is told of an incident
    add column incident_publication_id uuid references incident_publication (id),
    drop constraint delivery_publication_check,
    add constraint delivery_publication_check check (
        case when event = 'test' then num_nonnulls(publication_id, incident_publication_id) = 0
             when event like 'incident.%' then publication_id is null and incident_publication_id is not null
             else publication_id is not null and incident_publication_id is null end);
create index delivery_incident_publication_idx on delivery (incident_publication_id)
    where incident_publication_id is not null;
