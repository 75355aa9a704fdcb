-- Up Migration
-- When clinicians and rooms are there, what services ask of them, how long it takes from place to place, and slots that
-- are kept while somebody makes up their mind. Wall-clock times: a weekday (1 is Monday) and minutes from midnight, in
-- the zone of the location, or of the practice where there is none.

-- One version of a clinician's week. Rows are only added: of those that begin on or before a day the one that begins
-- last counts, and of several with one beginning the one that was entered last.
create table cairn.working_hours (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  staff_id uuid not null,
  effective_from date not null,
  most_sessions_per_day integer,
  minimum_notice_minutes integer not null default 0,
  recorded_by uuid,
  created_at timestamptz not null default now(),
  constraint working_hours_pkey primary key (practice_id, id),
  constraint working_hours_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint working_hours_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint working_hours_most_check check (most_sessions_per_day between 1 and 48),
  constraint working_hours_notice_check check (minimum_notice_minutes between 0 and 43200)
);
create index working_hours_staff on cairn.working_hours (practice_id, staff_id, effective_from, id);
call app.tenant_table('working_hours', 'select, insert');

create table cairn.working_hours_spans (
  practice_id uuid not null,
  working_hours_id uuid not null,
  position integer not null,
  weekday integer not null,
  starts_minute integer not null,
  ends_minute integer not null,
  location_id uuid,
  telehealth boolean not null,
  constraint working_hours_spans_pkey primary key (practice_id, working_hours_id, position),
  constraint working_hours_spans_hours_fkey foreign key (practice_id, working_hours_id) references cairn.working_hours (practice_id, id),
  constraint working_hours_spans_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint working_hours_spans_weekday_check check (weekday between 1 and 7),
  constraint working_hours_spans_minutes_check check (starts_minute >= 0 and ends_minute > starts_minute and ends_minute <= 1440),
  constraint working_hours_spans_place_check check (location_id is not null or telehealth)
);
call app.tenant_table('working_hours_spans', 'select, insert');

-- What differs from the week: time off, extra hours, and days on which the practice (or one location) is closed.
-- Never a reason: it would tell of somebody's health.
create table cairn.calendar_exceptions (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null,
  staff_id uuid,
  location_id uuid,
  telehealth boolean not null default false,
  name text,
  starts_on date not null,
  starts_minute integer not null,
  ends_on date not null,
  ends_minute integer not null,
  recorded_by uuid,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  created_at timestamptz not null default now(),
  constraint calendar_exceptions_pkey primary key (practice_id, id),
  constraint calendar_exceptions_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint calendar_exceptions_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint calendar_exceptions_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint calendar_exceptions_withdrawn_by_fkey foreign key (practice_id, withdrawn_by) references cairn.staff_members (practice_id, id),
  constraint calendar_exceptions_kind_check check (kind in ('time_off', 'extra_hours', 'holiday')),
  constraint calendar_exceptions_fields_check check (case kind
    when 'time_off' then staff_id is not null and location_id is null and not telehealth and name is null
    when 'extra_hours' then staff_id is not null and (location_id is not null or telehealth) and name is null
    when 'holiday' then staff_id is null and not telehealth and name is not null
    else false end),
  constraint calendar_exceptions_minutes_check check (starts_minute between 0 and 1439 and ends_minute between 1 and 1440),
  constraint calendar_exceptions_times_check check (ends_on > starts_on or (ends_on = starts_on and ends_minute > starts_minute))
);
create index calendar_exceptions_staff on cairn.calendar_exceptions (practice_id, staff_id, ends_on, id);
create index calendar_exceptions_time on cairn.calendar_exceptions (practice_id, ends_on, id);
call app.tenant_table('calendar_exceptions', 'select, insert, update');

-- One row for both directions.
create table cairn.travel_times (
  practice_id uuid not null,
  first_location_id uuid not null,
  second_location_id uuid not null,
  minutes integer not null,
  updated_at timestamptz not null default now(),
  constraint travel_times_pkey primary key (practice_id, first_location_id, second_location_id),
  constraint travel_times_first_fkey foreign key (practice_id, first_location_id) references cairn.locations (practice_id, id),
  constraint travel_times_second_fkey foreign key (practice_id, second_location_id) references cairn.locations (practice_id, id),
  constraint travel_times_order_check check (first_location_id < second_location_id),
  constraint travel_times_minutes_check check (minutes between 0 and 600)
);
call app.tenant_table('travel_times', 'select, insert, update');

-- Opening hours: a list of {weekday, startsMinute, endsMinute}; null is open at any time.
alter table cairn.rooms
  add column features text[] not null default '{}',
  add column opening_hours jsonb;
-- An empty list asks for nothing. Of the credentials one is enough.
alter table cairn.services
  add column required_features text[] not null default '{}',
  add column credential_codes text[] not null default '{}',
  add column location_ids uuid[] not null default '{}';

-- A slot that is kept. Its time is taken in `reservations`, as that of appointments is.
create table cairn.slot_holds (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  service_id uuid not null,
  clinician_ids uuid[] not null,
  mode text not null,
  location_id uuid,
  room_id uuid,
  time_zone text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  expires_at timestamptz not null,
  status text not null default 'held',
  actor_id uuid not null,
  created_at timestamptz not null default now(),
  constraint slot_holds_pkey primary key (practice_id, id),
  constraint slot_holds_service_fkey foreign key (practice_id, service_id) references cairn.services (practice_id, id),
  constraint slot_holds_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint slot_holds_room_fkey foreign key (practice_id, location_id, room_id) references cairn.rooms (practice_id, location_id, id),
  constraint slot_holds_mode_check check (mode in ('in_person', 'telehealth')),
  constraint slot_holds_place_check check ((mode = 'in_person') = (location_id is not null) and (room_id is null or location_id is not null)),
  constraint slot_holds_clinicians_check check (cardinality(clinician_ids) between 1 and 4),
  constraint slot_holds_times_check check (ends_at > starts_at),
  constraint slot_holds_status_check check (status in ('held', 'released', 'booked'))
);
create index slot_holds_actor on cairn.slot_holds (practice_id, actor_id, expires_at);
create index slot_holds_expiry on cairn.slot_holds (practice_id, expires_at);
call app.tenant_table('slot_holds', 'select, insert, update, delete');

-- Down Migration
drop table cairn.slot_holds, cairn.travel_times, cairn.calendar_exceptions, cairn.working_hours_spans, cairn.working_hours;
alter table cairn.rooms drop column features, drop column opening_hours;
alter table cairn.services drop column required_features, drop column credential_codes, drop column location_ids;
