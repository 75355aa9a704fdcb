-- Up Migration
-- Outside a transaction
create index concurrently if not exists reservations_holder on cairn.reservations (practice_id, holder_id);
-- What ends by itself: few rows, however long the practice's past.
create index concurrently if not exists reservations_expiring on cairn.reservations (practice_id, resource_id, starts_at)
  where expires_at is not null;

-- Down Migration
drop index cairn.reservations_holder, cairn.reservations_expiring;
