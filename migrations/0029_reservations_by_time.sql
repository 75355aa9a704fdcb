-- Up Migration
-- Outside a transaction
-- Who is busy between two instants. Under row security the overlap operator of the exclusion constraint uses no index.
create index concurrently if not exists reservations_time on cairn.reservations (practice_id, resource_id, starts_at)
  where active;

-- Down Migration
drop index cairn.reservations_time;
