-- What readers were told after a claim was published: few, and counted by the day.
create index publication_told_later_idx on publication (published_at) where kind <> 'published';
