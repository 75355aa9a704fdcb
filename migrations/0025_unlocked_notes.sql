-- Up Migration
-- Outside a transaction
-- What the hourly round that locks notes looks through.
create index concurrently if not exists session_notes_unlocked on cairn.session_notes (practice_id, updated_at)
  where status in ('signed', 'cosigned');

-- Down Migration
drop index cairn.session_notes_unlocked;
