-- Up Migration
-- Sessions that come again: what was agreed on stands in wall-clock time, and each date of it is an appointment of its own.

-- What holds for the dates to come; how it came to that stands in `appointment_series_changes`. The time is that of the
-- wall clock in `time_zone`: minutes from midnight of the dates that the rule gives from `first_on` on.
create table cairn.appointment_series (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  service_id uuid not null,
  clinician_id uuid not null,
  location_id uuid,
  room_id uuid,
  mode text not null,
  planned_state text,
  duration_minutes integer not null,
  rule text not null,
  first_on date not null,
  starts_minute integer not null,
  time_zone text not null,
  on_closed_days text not null,
  -- Dates up to this one were booked or left out; a job goes on from here.
  booked_until date not null,
  -- The time-zone data by which the instants of its dates were worked out.
  zone_version text not null,
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointment_series_pkey primary key (practice_id, id),
  constraint appointment_series_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint appointment_series_service_fkey foreign key (practice_id, service_id) references cairn.services (practice_id, id),
  constraint appointment_series_clinician_fkey foreign key (practice_id, clinician_id) references cairn.staff_members (practice_id, id),
  constraint appointment_series_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint appointment_series_room_fkey foreign key (practice_id, location_id, room_id) references cairn.rooms (practice_id, location_id, id),
  constraint appointment_series_mode_check check (mode in ('in_person', 'telehealth')),
  constraint appointment_series_place_check check ((mode = 'in_person') = (location_id is not null) and (room_id is null or location_id is not null)),
  constraint appointment_series_planned_state_check check (planned_state ~ '^[A-Z]{2}$'),
  constraint appointment_series_duration_check check (duration_minutes between 5 and 1440),
  constraint appointment_series_rule_check check (rule ~ '^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)'),
  constraint appointment_series_starts_minute_check check (starts_minute between 0 and 1439),
  constraint appointment_series_on_closed_days_check check (on_closed_days in ('leave_out', 'book')),
  constraint appointment_series_status_check check (status in ('active', 'ended'))
);
create index appointment_series_chart on cairn.appointment_series (practice_id, chart_id, id);
create index appointment_series_clinician on cairn.appointment_series (practice_id, clinician_id, id);
create index appointment_series_due on cairn.appointment_series (practice_id, booked_until, id) where status = 'active';
call app.tenant_table('appointment_series', 'select, insert, update');

-- Every date that the rule gave so far, with its appointment or the reason why there is none. `exception`: it was moved
-- by itself, and a change of the series leaves it alone.
create table cairn.series_dates (
  practice_id uuid not null,
  series_id uuid not null,
  on_date date not null,
  starts_minute integer not null,
  standing text not null,
  appointment_id uuid,
  exception boolean not null default false,
  constraint series_dates_pkey primary key (practice_id, series_id, on_date),
  constraint series_dates_appointment_key unique (practice_id, appointment_id),
  constraint series_dates_series_fkey foreign key (practice_id, series_id) references cairn.appointment_series (practice_id, id),
  constraint series_dates_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint series_dates_starts_minute_check check (starts_minute between 0 and 1439),
  constraint series_dates_standing_check check (standing in ('booked', 'busy', 'closed', 'paused', 'unavailable')),
  constraint series_dates_booked_check check (
    (standing <> 'booked' or appointment_id is not null) and (appointment_id is null or standing in ('booked', 'paused')))
);
call app.tenant_table('series_dates', 'select, insert, update, delete');

-- From the first to the last date, both included. A pause that is over early is withdrawn.
create table cairn.series_pauses (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  series_id uuid not null,
  from_date date not null,
  until_date date not null,
  recorded_by uuid,
  withdrawn_at timestamptz,
  created_at timestamptz not null default now(),
  constraint series_pauses_pkey primary key (practice_id, id),
  constraint series_pauses_series_fkey foreign key (practice_id, series_id) references cairn.appointment_series (practice_id, id),
  constraint series_pauses_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint series_pauses_dates_check check (until_date >= from_date)
);
create index series_pauses_series on cairn.series_pauses (practice_id, series_id, until_date);
call app.tenant_table('series_pauses', 'select, insert, update');

-- Each step of a series with what held after it, and what it did to its dates.
create table cairn.appointment_series_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  series_id uuid not null,
  series_version integer not null,
  kind text not null,
  -- The first date that it was about.
  from_date date not null,
  actor_kind text not null,
  actor_id uuid not null,
  staff_id uuid,
  rule text not null,
  first_on date not null,
  starts_minute integer not null,
  duration_minutes integer not null,
  clinician_id uuid not null,
  location_id uuid,
  room_id uuid,
  mode text not null,
  booked_count integer not null,
  moved_count integer not null,
  canceled_count integer not null,
  left_out_count integer not null,
  reason_code text,
  asked_by text,
  note_sealed bytea,
  occurred_at timestamptz not null default now(),
  constraint appointment_series_changes_pkey primary key (practice_id, id),
  constraint appointment_series_changes_version_key unique (practice_id, series_id, series_version),
  constraint appointment_series_changes_series_fkey foreign key (practice_id, series_id) references cairn.appointment_series (practice_id, id),
  constraint appointment_series_changes_kind_check check (kind in ('booked', 'changed', 'canceled', 'paused', 'resumed', 'zone_changed')),
  constraint appointment_series_changes_actor_kind_check check (actor_kind in ('user', 'api_client', 'system')),
  constraint appointment_series_changes_asked_by_check check (asked_by in ('client', 'practice'))
);
call app.tenant_table('appointment_series_changes', 'select, insert');

-- Down Migration
drop table cairn.appointment_series_changes, cairn.series_pauses, cairn.series_dates, cairn.appointment_series;
