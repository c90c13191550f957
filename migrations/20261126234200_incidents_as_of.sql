-- An incident as the desk knew it at a moment. Its rows are kept in versions as those of claims are;
-- here is what is not: counters, what people took back later, and which names were one source.

-- names that were put together or taken apart since a moment
create index event_names_idx on event (at) where kind in ('source_named', 'source_parted');

-- All columns of a table under an alias, some of them given in another way.
create function columns_of(of_table regclass, alias text, instead jsonb) returns text language sql stable as $$
    select string_agg(case when instead ? attname::text
                           then format('%s as %I', instead ->> attname::text, attname)
                           else format('%s.%I', alias, attname) end, ', ' order by attnum)
      from pg_attribute where attrelid = of_table and attnum > 0 and not attisdropped
$$;

-- To be called after `see_as_of`, on the same connection: what it made is read here under the tables'
-- own names.
create function see_incidents_as_of(moment timestamptz) returns void language plpgsql as $$
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
                (count(*) filter (where m.standing = ''confirmed'' and c.contradiction is not null))::integer as contradictory,
                (count(*) filter (where m.standing = ''proposed''))::integer as proposed,
                coalesce(
                    max(coalesce(a.published_at, a.added_at)) filter (where m.standing = ''confirmed''),
                    (select max(coalesce(was.published_at, was.added_at))
                       from (select last.key, rank() over (order by said.number desc) as nth
                               from (select distinct on (v.key) v.key, v.id
                                       from public.version v
                                      where v.chain = i.id and v.what = ''incident_claim''
                                        and v.id <= (select e.kept from public.event e
                                                      where e.chain = i.id and e.at <= %L order by e.number desc limit 1)
                                      order by v.key, v.id desc) last
                              cross join lateral (
                                    select e.number from public.event e
                                     where e.chain = i.id and e.kept >= last.id order by e.number limit 1) said) went
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
