-- Finding anything by a part of its name: trigrams find it wherever in the name it stands.
-- pg_trgm comes with PostgreSQL and is trusted: whoever may create in the database may have it.
create extension if not exists pg_trgm;

create index article_title_trgm_idx on article using gin (lower(title) gin_trgm_ops);
create index source_name_trgm_idx on source using gin (lower(name) gin_trgm_ops);
create index account_name_trgm_idx on account using gin (lower(name) gin_trgm_ops);
