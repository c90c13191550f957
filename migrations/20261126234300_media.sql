-- What the pictures, videos and recordings among the evidence are found to be: schema.org's MediaReview.

create table media_assessment (
    id          uuid primary key,
    -- the piece of evidence that has the medium
    evidence_id uuid not null references evidence (id),
    -- 1, 2, …: the newest stands, the others stay below it
    number      integer not null,
    medium      text not null constraint media_assessment_medium_check
                check (medium in ('image', 'video', 'audio')),
    -- members of schema.org's MediaManipulationRatingEnumeration; several may hold
    categories  text[] not null constraint media_assessment_categories_check check (
        cardinality(categories) > 0
        and categories <@ array['OriginalMediaContent', 'DecontextualizedContent', 'EditedOrCroppedContent',
                                'TransformedContent', 'StagedContent', 'SatireOrParodyContent']
        -- what is original is not altered as well
        and not ('OriginalMediaContent' = any(categories)
                 and categories && array['EditedOrCroppedContent', 'TransformedContent', 'StagedContent'])),
    -- where the medium is
    address     text,
    -- the copy of the evidence that is the medium, byte for byte
    sha256      bytea,
    -- what the original shows and where it comes from, and where it is
    context     text,
    original    text,
    given_by    uuid not null references account (id),
    given_at    timestamptz not null,
    constraint media_assessment_number_key unique (evidence_id, number),
    constraint media_assessment_copy_fkey foreign key (evidence_id, sha256) references copy (evidence_id, sha256),
    constraint media_assessment_object_check check (num_nonnulls(address, sha256) > 0),
    constraint media_assessment_context_check check (
        not 'DecontextualizedContent' = any(categories) or num_nonnulls(context, original) > 0)
);
comment on table media_assessment is
    'What a picture, a video or a recording was found to be, each time somebody said so. Never changed: another one is a further row.';

create trigger media_assessment_append_only before update or delete on media_assessment
    for each row execute function refuse_change();
create trigger media_assessment_no_truncate before truncate on media_assessment
    for each statement execute function refuse_change();

-- Assessments of a piece of evidence follow one another without a gap.
create function check_media_assessment() returns trigger language plpgsql as $$
declare
    before integer := (select max(number) from media_assessment where evidence_id = new.evidence_id);
begin
    if new.number <> coalesce(before, 0) + 1 then
        raise exception 'assessment % of evidence % does not follow %', new.number, new.evidence_id, before
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger media_assessment_in_order before insert on media_assessment
    for each row execute function check_media_assessment();

-- They belong to the chain of the evidence's claim, as its copies do.
select keep_versions('media_assessment', 'evidence_id', 'id');
