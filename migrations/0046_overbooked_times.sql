-- Up Migration
-- Outside a transaction
-- Which overbooked appointments take time within some hours: few rows, however many appointments there are.
create index concurrently if not exists appointments_overbooked on cairn.appointments (practice_id, starts_at)
  where overbooked;

-- Down Migration
drop index cairn.appointments_overbooked;
