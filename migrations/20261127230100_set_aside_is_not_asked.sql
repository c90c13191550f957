-- Nobody is asked whether a claim that is set aside belongs to an incident, and it contradicts nothing.

comment on column incident_tally.contradictory is 'Of the claims, those that contradict others and are not set aside.';
comment on column incident_tally.proposed is 'Claims that may be about it and are not set aside.';

create or replace function tally_incident() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
declare
    decided integer := is_undecided(new.stage)::int - is_undecided(old.stage)::int;
    asked integer := (new.stage <> 'dismissed')::int - (old.stage <> 'dismissed')::int;
begin
    update incident_tally t
       set open = t.open + case m.standing when 'confirmed' then decided else 0 end,
           contradictory = t.contradictory
               + case when m.standing = 'confirmed' and new.contradiction is not null then asked else 0 end,
           proposed = t.proposed + case m.standing when 'proposed' then asked else 0 end
      from incident_claim m
     where m.claim_id = new.id and m.standing in ('confirmed', 'proposed') and t.incident_id = m.incident_id;
    return null;
end $$;

-- As before, but for the two counters, and that what was only proposed or rejected did not leave with
-- those that a merge took out.
create or replace function see_incidents_as_of(moment timestamptz) returns void language plpgsql as $$
begin
    execute format(
        'create temporary view incident_change as select %s from public.incident_change c where c.at <= %L',
        columns_of('public.incident_change', 'c', jsonb_build_object(
            'undone_by', format('case when c.undone_at <= %L then c.undone_by end', moment),
            'undone_at', format('case when c.undone_at <= %L then c.undone_at end', moment))),
        moment);
    -- An incident that has no claim left keeps the time of the newest article of those that left it last.
    execute format(
        'create temporary view incident_tally as
         select i.id as incident_id,
                (count(*) filter (where m.standing = ''confirmed''))::integer as claims,
                (count(distinct c.article_id) filter (where m.standing = ''confirmed''))::integer as articles,
                (count(*) filter (where m.standing = ''confirmed'' and is_undecided(c.stage)))::integer as open,
                (count(*) filter (where m.standing = ''confirmed'' and c.contradiction is not null and c.stage <> ''dismissed''))::integer as contradictory,
                (count(*) filter (where m.standing = ''proposed'' and c.stage <> ''dismissed''))::integer as proposed,
                coalesce(
                    max(coalesce(a.published_at, a.added_at)) filter (where m.standing = ''confirmed''),
                    (select max(coalesce(was.published_at, was.added_at))
                       from (select last.key, rank() over (order by said.number desc) as nth
                               from (select distinct on (v.key) v.key, v.id, v.gone, v.row ->> ''standing'' as standing
                                       from public.version v
                                      where v.chain = i.id and v.what = ''incident_claim''
                                        and v.id <= (select e.kept from public.event e
                                                      where e.chain = i.id and e.at <= %L order by e.number desc limit 1)
                                      order by v.key, v.id desc) last
                              cross join lateral (
                                    select e.number from public.event e
                                     where e.chain = i.id and e.kept >= last.id order by e.number limit 1) said
                              where not last.gone or last.standing = ''confirmed'') went
                       join claim had on had.id = went.key::uuid
                       join article was on was.id = had.article_id
                      where went.nth = 1),
                    i.created_at) as last_at
           from incident i
           left join incident_claim m on m.incident_id = i.id
           left join claim c on c.id = m.claim_id
           left join article a on a.id = c.article_id
          group by i.id, i.created_at', moment);
    -- The first word since then tells what a name was: it had stood for itself where it was then put
    -- to a source, and for that source where it was then taken from it.
    create temporary table past_name (name text primary key, same_as uuid);
    insert into past_name
    select distinct on (e.body ->> 'name') e.body ->> 'name',
           case when e.kind = 'source_parted'
                then (select s.id from public.source s where lower(s.name) = lower(e.body ->> 'source')
                       order by s.name <> e.body ->> 'source', s.id limit 1) end
      from public.event e
     where e.kind in ('source_named', 'source_parted') and e.at > moment
     order by e.body ->> 'name', e.id;
    if exists (select from past_name) then
        execute format(
            'create temporary view source as
             select %s from public.source s left join past_name on past_name.name = s.name',
            columns_of('public.source', 's', jsonb_build_object(
                'same_as', 'case when past_name.name is null then s.same_as else past_name.same_as end')));
    end if;
end $$;

update incident_tally t set contradictory = t.contradictory - n.contradictory, proposed = t.proposed - n.proposed
  from (select m.incident_id,
               count(*) filter (where m.standing = 'confirmed' and c.contradiction is not null) as contradictory,
               count(*) filter (where m.standing = 'proposed') as proposed
          from claim c join incident_claim m on m.claim_id = c.id
         where c.stage = 'dismissed'
         group by 1) n
 where t.incident_id = n.incident_id and (n.contradictory > 0 or n.proposed > 0);
