-- An assessment of a medium can be taken back: a further row that says nothing of the medium, only why
-- nothing stands.

alter table media_assessment
    alter column medium drop not null,
    alter column categories drop not null,
    -- why the assessment before it was taken back
    add column reason text,
    drop constraint media_assessment_object_check,
    add constraint media_assessment_object_check check (reason is not null or num_nonnulls(address, sha256) > 0),
    add constraint media_assessment_reason_check check (
        (reason is null and num_nulls(medium, categories) = 0)
        or (reason is not null and num_nonnulls(medium, categories, address, sha256, context, original) = 0));
comment on table media_assessment is
    'What a picture, a video or a recording was found to be, each time somebody said so or took that back. Never changed: another word is a further row.';

-- Assessments of a piece of evidence follow one another without a gap, and only what stands is taken back.
create or replace function check_media_assessment() returns trigger language plpgsql as $$
declare
    before record;
begin
    select number, reason into before
      from media_assessment where evidence_id = new.evidence_id order by number desc limit 1;
    if new.number <> coalesce(before.number, 0) + 1 then
        raise exception 'assessment % of evidence % does not follow %', new.number, new.evidence_id, before.number
            using errcode = 'restrict_violation';
    end if;
    if new.reason is not null and (before.number is null or before.reason is not null) then
        raise exception 'nothing stands of evidence % that could be taken back', new.evidence_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
