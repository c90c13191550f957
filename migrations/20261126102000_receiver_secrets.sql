-- Secrets of receivers are kept as those of authenticators are: the first byte says how, and these
-- were kept as they are. With a key they are sealed when something is next told to their receiver.
update receiver set secret = '\x00'::bytea || secret;
comment on column receiver.secret is 'What is told is signed with it; as desk::seal keeps it.';
