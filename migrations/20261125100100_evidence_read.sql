-- Where evidence comes from, how good it is, and which figures were read in it.

alter table evidence
    -- who originally says it: ten outlets that quote one ministry are the ministry's evidence
    add column source_id    uuid references source (id),
    -- how the source was found: a person gave it, it was read in the excerpt, or the publisher says it itself
    add column source_by    text constraint evidence_source_by_check check (source_by in ('person', 'excerpt', 'publisher')),
    -- the excerpt's words that stand for the source, where it was read in them
    add column source_words text,
    -- who passed it on
    add column publisher    text,
    -- the Admiralty code's second half; 6: cannot be judged
    add column information  smallint not null default 6
                            constraint evidence_information_check check (information between 1 and 6),
    -- a photo or a video shows it
    add column visual       boolean not null default false,
    -- a party to the conflict says that it did it
    add column admission    boolean not null default false,
    -- domain::figure::Read, one for each number of the excerpt; null: not read yet
    add column reading      jsonb,
    add constraint evidence_source_check check ((source_id is null) = (source_by is null)),
    add constraint evidence_words_check check (source_words is null or source_by = 'excerpt');
create index evidence_source_idx on evidence (source_id, added_at desc) where source_id is not null;

create table source_grade (
    id        bigint generated always as identity primary key,
    source_id uuid not null references source (id),
    -- the Admiralty code's first half; F: cannot be judged, as long as nobody has
    grade     text not null constraint source_grade_check check (grade in ('A', 'B', 'C', 'D', 'E', 'F')),
    reason    text not null,
    by        uuid not null references account (id),
    at        timestamptz not null
);
comment on table source_grade is 'How reliable people have found a source. Never changed: the last entry holds.';
create index source_grade_source_idx on source_grade (source_id, id desc);
create trigger source_grade_append_only before update or delete on source_grade
    for each row execute function refuse_change();
create trigger source_grade_no_truncate before truncate on source_grade
    for each statement execute function refuse_change();
