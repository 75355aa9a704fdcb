-- Up Migration
-- Appointments, the reservations that make double-booking impossible, and what became of each.

create table cairn.appointments (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  service_id uuid not null,
  clinician_id uuid not null,
  location_id uuid,
  room_id uuid,
  mode text not null,
  time_zone text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- As the service had them when this was booked: a service that changes later moves no reservation.
  buffer_before_minutes integer not null default 0,
  buffer_after_minutes integer not null default 0,
  status text not null default 'booked',
  canceled_at timestamptz,
  cancellation_by text,
  cancellation_reason text,
  actual_starts_at timestamptz,
  actual_ends_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointments_pkey primary key (practice_id, id),
  constraint appointments_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint appointments_service_fkey foreign key (practice_id, service_id) references cairn.services (practice_id, id),
  constraint appointments_clinician_fkey foreign key (practice_id, clinician_id) references cairn.staff_members (practice_id, id),
  constraint appointments_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint appointments_room_fkey foreign key (practice_id, location_id, room_id) references cairn.rooms (practice_id, location_id, id),
  constraint appointments_mode_check check (mode in ('in_person', 'telehealth')),
  constraint appointments_place_check check ((mode = 'in_person') = (location_id is not null) and (room_id is null or location_id is not null)),
  constraint appointments_times_check check (ends_at > starts_at and ends_at <= starts_at + interval '24 hours'),
  constraint appointments_buffers_check check (buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240),
  constraint appointments_status_check check (status in ('booked', 'attended', 'no_show', 'canceled')),
  constraint appointments_cancellation_check check (
    num_nonnulls(canceled_at, cancellation_by, cancellation_reason) = case status when 'canceled' then 3 else 0 end
    and cancellation_by in ('client', 'practice')),
  constraint appointments_attendance_check check (
    num_nonnulls(actual_starts_at, actual_ends_at) = case status when 'attended' then 2 else 0 end
    and actual_ends_at > actual_starts_at)
);
create index appointments_calendar on cairn.appointments (practice_id, starts_at, id);
create index appointments_clinician on cairn.appointments (practice_id, clinician_id, starts_at, id);
create index appointments_chart on cairn.appointments (practice_id, chart_id, starts_at, id);
call app.tenant_table('appointments', 'select, insert, update');

-- What an appointment takes up, buffers included. Clients are not among the resources: see
-- docs/decisions. An hour that is given back stays here, inactive, until the appointment takes one again.
create table cairn.reservations (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  appointment_id uuid not null,
  resource_kind text not null,
  resource_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  active boolean not null default true,
  constraint reservations_pkey primary key (practice_id, id),
  constraint reservations_resource_key unique (practice_id, appointment_id, resource_kind),
  constraint reservations_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint reservations_resource_kind_check check (resource_kind in ('clinician', 'room')),
  constraint reservations_times_check check (ends_at > starts_at),
  constraint reservations_overlap_excl exclude using gist (
    practice_id with =, resource_id with =, tstzrange(starts_at, ends_at, '[)') with &&) where (active)
);
call app.tenant_table('reservations', 'select, insert, update, delete');

-- Each step of an appointment with what held after it, so that a move keeps the time it moved from.
create table cairn.appointment_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  appointment_id uuid not null,
  appointment_version integer not null,
  kind text not null,
  actor_kind text not null,
  actor_id uuid not null,
  staff_id uuid,
  clinician_id uuid not null,
  location_id uuid,
  room_id uuid,
  mode text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason_code text,
  asked_by text,
  note bytea,
  occurred_at timestamptz not null default now(),
  constraint appointment_changes_pkey primary key (practice_id, id),
  constraint appointment_changes_version_key unique (practice_id, appointment_id, appointment_version),
  constraint appointment_changes_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint appointment_changes_kind_check check (kind in ('booked', 'moved', 'canceled', 'uncanceled', 'no_show', 'attended')),
  constraint appointment_changes_actor_kind_check check (actor_kind in ('user', 'api_client', 'system')),
  constraint appointment_changes_asked_by_check check (asked_by in ('client', 'practice'))
);
call app.tenant_table('appointment_changes', 'select, insert');

-- Down Migration
drop table cairn.appointment_changes, cairn.reservations, cairn.appointments;
