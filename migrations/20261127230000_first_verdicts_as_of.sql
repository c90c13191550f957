-- Who looks back sees of first verdicts what was told then: that one was given, and not which.

-- what was taken back since a moment
create index verdict_undone_at_idx on verdict_undone (at);

create or replace function see_as_of(moment timestamptz, chains uuid[]) returns void language plpgsql as $$
declare
    kept text;
begin
    create temporary table past_chain (id uuid primary key);
    insert into past_chain select distinct unnest(chains);
    analyze past_chain;
    for kept in
        select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
         where t.tgfoid = 'keep_version'::regproc and t.tgname = c.relname || '_kept_insert'
    loop
        execute format(
            'create temporary view %1$I as
             select r.*
               from (select distinct on (v.chain, v.key) v.row, v.gone
                       from past_chain c
                       cross join lateral (
                            select e.kept from public.event e
                             where e.chain = c.id and e.at <= %2$L order by e.number desc limit 1) known
                       join public.version v on v.chain = c.id and v.id <= known.kept and v.what = %1$L
                      order by v.chain, v.key, v.id desc) said,
                    jsonb_populate_record(null::public.%1$I, said.row) r
              where not said.gone', kept, moment);
    end loop;
    execute format('create temporary view event as select e.* from public.event e where e.at <= %L', moment);
    execute format(
        'create temporary view claim_let_go as
         select m.claim_id, m.since, null::timestamptz as until
           from public.claim_let_go m where m.since <= %1$L and (m.until is null or m.until > %1$L)', moment);
    execute format(
        'create temporary view article_tally as
         select cl.article_id, stood.stage, coalesce(stood.rating, '''') as rating, count(*) as n,
                count(m.claim_id) filter (where runs_unchecked(stood.stage, stood.rating, stood.first_reviewer)) as let_go
           from past_chain c
           join public.claim cl on cl.article_id = c.id
           cross join lateral (
                select e.kept from public.event e
                 where e.chain = cl.id and e.at <= %1$L order by e.number desc limit 1) known
           cross join lateral (
                select v.row ->> ''stage'' as stage, v.row ->> ''rating'' as rating,
                       (v.row ->> ''first_reviewer'')::uuid as first_reviewer,
                       (v.row ->> ''in_latest'')::boolean as in_latest
                  from public.version v
                 where v.chain = cl.id and v.id <= known.kept and v.what = ''claim''
                 order by v.id desc limit 1) stood
           left join public.claim_let_go m
             on m.claim_id = cl.id and m.since <= %1$L and (m.until is null or m.until > %1$L)
          where stood.in_latest
          group by 1, 2, 3', moment);
    execute format(
        'create temporary view desk_tally as
         select stage, rating, 0::smallint as shard, sum(n)::bigint as n
           from (select t.stage, t.rating, t.n from public.desk_tally t
                 union all
                 select e.stage, coalesce(e.rating, ''''), -1 from public.event e where e.moved and e.at > %1$L
                 union all
                 select e.was_stage, coalesce(e.was_rating, ''''), 1
                   from public.event e where e.moved and e.at > %1$L and e.was_stage is not null) change
          group by 1, 2', moment);
    -- As tally_verdict and tally_undone count: a first verdict tells its rating once a later one is in, and
    -- what was taken back counts for nothing. Earlier days are as they are counted now, less what happened
    -- to their verdicts since.
    execute format(
        'create temporary view reviewer_tally as
         select t.reviewer_id, t.day, t.rating, t.n::bigint as n
           from public.reviewer_tally t where t.day < %2$L
         union all
         select shown.reviewer_id, (shown.given_at at time zone ''UTC'')::date, change.rating, change.step
           from (select distinct v.id, v.reviewer_id, v.given_at, v.rating
                   from public.verdict later
                   join public.verdict v
                     on v.claim_id = later.claim_id and v.number < later.number and v.part = ''first''
                  where later.given_at > %1$L and later.part <> ''first'' and v.given_at < %3$L
                    and not exists (select from public.verdict known
                                     where known.claim_id = v.claim_id and known.number > v.number
                                       and known.part <> ''first'' and known.given_at <= %1$L)
                    and not exists (select from public.verdict_undone u where u.verdict_id = v.id)) shown
          cross join lateral (values ('''', 1), (shown.rating, -1)) change (rating, step)
         union all
         select v.reviewer_id, (v.given_at at time zone ''UTC'')::date,
                case v.part when ''first'' then '''' else v.rating end, 1
           from public.verdict_undone u join public.verdict v on v.id = u.verdict_id
          where u.at > %1$L and v.given_at < %3$L
         union all
         select v.reviewer_id, %2$L::date,
                case when v.part = ''first'' and not exists (
                         select from public.verdict known
                          where known.claim_id = v.claim_id and known.number > v.number
                            and known.part <> ''first'' and known.given_at <= %1$L)
                     then '''' else v.rating end, 1
           from public.verdict v
          where v.given_at >= %3$L and v.given_at <= %1$L
            and not exists (select from public.verdict_undone u where u.verdict_id = v.id and u.at <= %1$L)',
        moment, (moment at time zone 'UTC')::date, date_trunc('day', moment, 'UTC'));
end $$;
