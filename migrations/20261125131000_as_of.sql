-- What the desk knew at a moment: the tables as they were, for one connection, under their own names.

-- what moved since a moment, whole from the index
drop index event_moved_idx;
create index event_moved_idx on event (at) include (claim_id, was_stage, was_rating, was_since, stage, rating) where moved;
-- verdicts come in the order of their time
create index verdict_given_idx on verdict using brin (given_at);

-- From here on this connection sees, of these claims and articles, what the history recorded up to
-- the moment; counters are those of now less what moved since. Views of a session hide the tables
-- they are named after, so every query that reads the present reads the past as well, whatever
-- columns and tables migrations will add.
create function see_as_of(moment timestamptz, chains uuid[]) returns void language plpgsql as $$
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
        'create temporary view article_tally as
         select article_id, stage, rating, sum(n)::bigint as n
           from (select t.article_id, t.stage, t.rating, t.n
                   from past_chain c join public.article_tally t on t.article_id = c.id
                 union all
                 select e.article_id, e.stage, coalesce(e.rating, ''''), -1
                   from past_chain c join public.event e on e.article_id = c.id where e.moved and e.at > %1$L
                 union all
                 select e.article_id, e.was_stage, coalesce(e.was_rating, ''''), 1
                   from past_chain c join public.event e on e.article_id = c.id
                  where e.moved and e.at > %1$L and e.was_stage is not null) change
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
    execute format(
        'create temporary view reviewer_tally as
         select t.reviewer_id, t.day, t.rating, t.n
           from public.reviewer_tally t where t.day < %2$L
         union all
         select v.reviewer_id, %2$L::date, v.rating, count(*)
           from public.verdict v
          where v.given_at >= %3$L and v.given_at <= %1$L
          group by v.reviewer_id, v.rating',
        moment, (moment at time zone 'UTC')::date, date_trunc('day', moment, 'UTC'));
end $$;

-- These run with every change, always with the same few statements: a plan that is made once serves
-- all of them, whatever the connection prefers for its own.
alter function keep_version() set plan_cache_mode = 'force_generic_plan';
alter function chain_event() set plan_cache_mode = 'force_generic_plan';
