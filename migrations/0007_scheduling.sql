-- Up Migration
-- Appointments, and the reservations that make double-booking impossible.

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
  status text not null default 'booked',
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
  constraint appointments_status_check check (status in ('booked', 'attended', 'no_show', 'canceled')),
  constraint appointments_times_check check (ends_at > starts_at)
);
call app.tenant_table('appointments', 'select, insert, update');

-- Down Migration
drop table cairn.appointments;
