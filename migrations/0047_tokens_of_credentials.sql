-- Up Migration
-- Which password a token was given for, as a session knows it: who proved the former one while a new one was being set
-- was given a token after the others were voided. Empty in tokens of the release before, which lack that guard.
alter table cairn.user_tokens add column credentials_version integer;

-- Down Migration
alter table cairn.user_tokens drop column credentials_version;
