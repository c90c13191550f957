-- Which deadlines the desk was told of while claims of their article waited: one that was set when it was
-- close already is close, but nobody was told of it.

alter table deadline_watch
    -- the desk was told that this deadline came close or passed, and that claims were not decided
    add column escalated boolean not null default false;

update deadline_watch w set escalated = true
  from article
 where article.id = w.article_id
   and exists (select from event e
                where e.article_id = w.article_id and e.kind = 'escalated' and e.at >= article.deadline_set_at);

-- As before; of a deadline that is moved the desk is told anew.
create or replace function watch_deadline() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
begin
    if new.deadline is null then
        delete from deadline_watch where article_id = new.id;
        return null;
    end if;
    perform from article_tally where article_id = new.id order by stage, rating for update;
    insert into deadline_watch (article_id, at, blocking)
    values (new.id, new.deadline,
            (select coalesce(sum(n - let_go), 0) from article_tally where article_id = new.id and is_in_work(stage)))
    on conflict (article_id) do update set at = excluded.at, escalated = false;
    return null;
end $$;
