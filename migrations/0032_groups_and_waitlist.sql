-- Up Migration
-- Groups with seats, who is to be kept apart, and who waits for a time or a seat.

-- Whoever comes and goes in such a chart takes and gives up a seat of its group.
alter table cairn.charts add column has_seats boolean not null default false;

-- What is scheduled of a group; the people, the care team and the name stand in its chart.
create table cairn.therapy_groups (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  service_id uuid not null,
  kind text not null,
  enrollment text not null,
  gender_rule text not null default 'any',
  capacity integer not null,
  facilitator_ids uuid[] not null,
  curriculum text[] not null default '{}',
  status text not null default 'forming',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint therapy_groups_pkey primary key (practice_id, id),
  constraint therapy_groups_chart_key unique (practice_id, chart_id),
  constraint therapy_groups_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint therapy_groups_service_fkey foreign key (practice_id, service_id) references cairn.services (practice_id, id),
  constraint therapy_groups_kind_check check (
    kind in ('process', 'psychoeducation', 'task', 'partner', 'couples', 'twelve_step_facilitation')),
  constraint therapy_groups_enrollment_check check (enrollment in ('open', 'closed')),
  constraint therapy_groups_gender_rule_check check (gender_rule in ('any', 'women', 'men')),
  constraint therapy_groups_capacity_check check (capacity between 1 and 60),
  constraint therapy_groups_facilitators_check check (cardinality(facilitator_ids) between 1 and 4),
  constraint therapy_groups_status_check check (status in ('forming', 'running', 'paused', 'ended'))
);
call app.tenant_table('therapy_groups', 'select, insert, update');

-- As many rows as there are seats: a member sits on one, and one on which somebody sits cannot be taken away.
create table cairn.therapy_group_seats (
  practice_id uuid not null,
  group_id uuid not null,
  number integer not null,
  constraint therapy_group_seats_pkey primary key (practice_id, group_id, number),
  constraint therapy_group_seats_group_fkey foreign key (practice_id, group_id) references cairn.therapy_groups (practice_id, id),
  constraint therapy_group_seats_number_check check (number between 1 and 60)
);
call app.tenant_table('therapy_group_seats', 'select, insert, delete');

-- Who was a member from when to when. Present members have a seat, each their own.
create table cairn.therapy_group_members (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  group_id uuid not null,
  client_id uuid not null,
  seat_number integer,
  joined_at timestamptz not null default now(),
  agreement_signed_on date,
  left_at timestamptz,
  leaving_reason text,
  constraint therapy_group_members_pkey primary key (practice_id, id),
  constraint therapy_group_members_seat_key unique (practice_id, group_id, seat_number),
  constraint therapy_group_members_group_fkey foreign key (practice_id, group_id) references cairn.therapy_groups (practice_id, id),
  constraint therapy_group_members_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint therapy_group_members_seat_fkey foreign key (practice_id, group_id, seat_number)
    references cairn.therapy_group_seats (practice_id, group_id, number),
  constraint therapy_group_members_left_check check (
    (left_at is null) = (seat_number is not null) and (left_at is null) = (leaving_reason is null) and left_at >= joined_at),
  constraint therapy_group_members_reason_check check (
    leaving_reason in ('completed', 'moved_away', 'client_choice', 'schedule', 'not_suitable', 'other_care', 'other'))
);
create unique index therapy_group_members_present_key on cairn.therapy_group_members (practice_id, group_id, client_id)
  where left_at is null;
create index therapy_group_members_client on cairn.therapy_group_members (practice_id, client_id);
call app.tenant_table('therapy_group_members', 'select, insert, update');

-- One time at which a group meets. What happened there is documented in `group_sessions` (0024).
create table cairn.group_meetings (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  group_id uuid not null,
  facilitator_ids uuid[] not null,
  mode text not null,
  location_id uuid,
  room_id uuid,
  time_zone text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  buffer_before_minutes integer not null,
  buffer_after_minutes integer not null,
  topic text,
  status text not null default 'scheduled',
  canceled_at timestamptz,
  cancellation_reason text,
  actual_starts_at timestamptz,
  actual_ends_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint group_meetings_pkey primary key (practice_id, id),
  constraint group_meetings_group_fkey foreign key (practice_id, group_id) references cairn.therapy_groups (practice_id, id),
  constraint group_meetings_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint group_meetings_room_fkey foreign key (practice_id, location_id, room_id) references cairn.rooms (practice_id, location_id, id),
  constraint group_meetings_mode_check check (mode in ('in_person', 'telehealth')),
  constraint group_meetings_place_check check ((mode = 'in_person') = (location_id is not null) and (room_id is null or location_id is not null)),
  constraint group_meetings_facilitators_check check (cardinality(facilitator_ids) between 1 and 4),
  constraint group_meetings_times_check check (ends_at > starts_at and ends_at <= starts_at + interval '24 hours'),
  constraint group_meetings_buffers_check check (buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240),
  constraint group_meetings_status_check check (status in ('scheduled', 'held', 'canceled')),
  constraint group_meetings_cancellation_check check (
    num_nonnulls(canceled_at, cancellation_reason) = case status when 'canceled' then 2 else 0 end),
  constraint group_meetings_actual_check check (
    num_nonnulls(actual_starts_at, actual_ends_at) = case status when 'held' then 2 else 0 end
    and actual_ends_at > actual_starts_at)
);
create index group_meetings_time on cairn.group_meetings (practice_id, starts_at, id);
create index group_meetings_group on cairn.group_meetings (practice_id, group_id, starts_at, id);
call app.tenant_table('group_meetings', 'select, insert, update');

-- Who of the members was there.
create table cairn.group_meeting_attendance (
  practice_id uuid not null,
  meeting_id uuid not null,
  member_id uuid not null,
  presence text not null,
  recorded_by uuid,
  recorded_at timestamptz not null default now(),
  constraint group_meeting_attendance_pkey primary key (practice_id, meeting_id, member_id),
  constraint group_meeting_attendance_meeting_fkey foreign key (practice_id, meeting_id) references cairn.group_meetings (practice_id, id),
  constraint group_meeting_attendance_member_fkey foreign key (practice_id, member_id) references cairn.therapy_group_members (practice_id, id),
  constraint group_meeting_attendance_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint group_meeting_attendance_presence_check check (presence in ('present', 'late', 'left_early', 'absent_excused', 'absent'))
);
create index group_meeting_attendance_member on cairn.group_meeting_attendance (practice_id, member_id);
call app.tenant_table('group_meeting_attendance', 'select, insert, update');

-- Each step of a group, its members and its meetings, with what held after it.
create table cairn.therapy_group_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  group_id uuid not null,
  kind text not null,
  actor_kind text not null,
  actor_id uuid not null,
  staff_id uuid,
  status text,
  capacity integer,
  facilitator_ids uuid[],
  member_id uuid,
  meeting_id uuid,
  location_id uuid,
  room_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  reason_code text,
  occurred_at timestamptz not null default now(),
  constraint therapy_group_changes_pkey primary key (practice_id, id),
  constraint therapy_group_changes_group_fkey foreign key (practice_id, group_id) references cairn.therapy_groups (practice_id, id),
  constraint therapy_group_changes_member_fkey foreign key (practice_id, member_id) references cairn.therapy_group_members (practice_id, id),
  constraint therapy_group_changes_meeting_fkey foreign key (practice_id, meeting_id) references cairn.group_meetings (practice_id, id),
  constraint therapy_group_changes_kind_check check (kind in ('created', 'updated', 'status_changed', 'member_joined', 'member_left',
    'meeting_booked', 'meeting_moved', 'meeting_held', 'meeting_canceled')),
  constraint therapy_group_changes_actor_kind_check check (actor_kind in ('user', 'api_client', 'system')),
  constraint therapy_group_changes_status_check check (status in ('forming', 'running', 'paused', 'ended'))
);
create index therapy_group_changes_group on cairn.therapy_group_changes (practice_id, group_id, id);
call app.tenant_table('therapy_group_changes', 'select, insert');

-- Two people who are to be kept apart, or a couple for whom the practice's policy does not count. Never a reason in
-- words: a key word, and the rest is said in the charts.
create table cairn.separation_rules (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  first_client_id uuid not null,
  second_client_id uuid not null,
  apart_in_groups boolean not null,
  apart_minutes integer not null,
  reason_code text not null,
  created_by uuid not null,
  ended_at timestamptz,
  ended_by uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint separation_rules_pkey primary key (practice_id, id),
  constraint separation_rules_first_fkey foreign key (practice_id, first_client_id) references cairn.clients (practice_id, id),
  constraint separation_rules_second_fkey foreign key (practice_id, second_client_id) references cairn.clients (practice_id, id),
  constraint separation_rules_created_by_fkey foreign key (practice_id, created_by) references cairn.staff_members (practice_id, id),
  constraint separation_rules_ended_by_fkey foreign key (practice_id, ended_by) references cairn.staff_members (practice_id, id),
  constraint separation_rules_order_check check (first_client_id < second_client_id),
  constraint separation_rules_minutes_check check (apart_minutes between 0 and 240),
  constraint separation_rules_reason_check check (reason_code in ('partners', 'former_partners', 'family', 'safety', 'court_order', 'couple_work', 'other')),
  constraint separation_rules_ended_check check ((ended_at is null) = (ended_by is null))
);
create unique index separation_rules_pair_key on cairn.separation_rules (practice_id, first_client_id, second_client_id)
  where ended_at is null;
create index separation_rules_second on cairn.separation_rules (practice_id, second_client_id) where ended_at is null;
call app.tenant_table('separation_rules', 'select, insert, update');

-- Who waits, for a time or for a seat, with what would suit them. Empty lists and nulls ask for nothing.
create table cairn.waitlist_entries (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  service_id uuid,
  group_id uuid,
  clinician_ids uuid[] not null default '{}',
  location_ids uuid[] not null default '{}',
  modes text[] not null default '{}',
  weekdays integer[] not null default '{}',
  earliest_minute integer not null default 0,
  latest_minute integer not null default 1440,
  from_on date,
  until_on date,
  priority integer not null,
  note_sealed bytea,
  status text not null default 'waiting',
  appointment_id uuid,
  member_id uuid,
  ended_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint waitlist_entries_pkey primary key (practice_id, id),
  constraint waitlist_entries_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint waitlist_entries_service_fkey foreign key (practice_id, service_id) references cairn.services (practice_id, id),
  constraint waitlist_entries_group_fkey foreign key (practice_id, group_id) references cairn.therapy_groups (practice_id, id),
  constraint waitlist_entries_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint waitlist_entries_member_fkey foreign key (practice_id, member_id) references cairn.therapy_group_members (practice_id, id),
  constraint waitlist_entries_subject_check check (num_nonnulls(service_id, group_id) = 1),
  constraint waitlist_entries_modes_check check (modes <@ array['in_person', 'telehealth']),
  constraint waitlist_entries_weekdays_check check (weekdays <@ array[1, 2, 3, 4, 5, 6, 7]),
  constraint waitlist_entries_minutes_check check (
    earliest_minute between 0 and 1439 and latest_minute between 1 and 1440 and latest_minute > earliest_minute),
  constraint waitlist_entries_dates_check check (until_on >= from_on),
  constraint waitlist_entries_priority_check check (priority between 1 and 3),
  constraint waitlist_entries_status_check check (status in ('waiting', 'booked', 'withdrawn')),
  constraint waitlist_entries_ended_check check ((status = 'waiting') = (ended_at is null)),
  constraint waitlist_entries_booked_check check (num_nonnulls(appointment_id, member_id) = case status when 'booked' then 1 else 0 end)
);
create unique index waitlist_entries_service_key on cairn.waitlist_entries (practice_id, chart_id, service_id) where status = 'waiting';
create unique index waitlist_entries_seat_key on cairn.waitlist_entries (practice_id, chart_id, group_id) where status = 'waiting';
create index waitlist_entries_turn on cairn.waitlist_entries (practice_id, status, priority, id);
call app.tenant_table('waitlist_entries', 'select, insert, update');

-- A time or a seat that became free and is offered to those who wait.
create table cairn.waitlist_openings (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  group_id uuid,
  clinician_id uuid,
  mode text,
  location_id uuid,
  room_id uuid,
  time_zone text,
  starts_at timestamptz,
  ends_at timestamptz,
  way text not null,
  offer_minutes integer not null,
  status text not null default 'open',
  created_at timestamptz not null default now(),
  constraint waitlist_openings_pkey primary key (practice_id, id),
  constraint waitlist_openings_group_fkey foreign key (practice_id, group_id) references cairn.therapy_groups (practice_id, id),
  constraint waitlist_openings_clinician_fkey foreign key (practice_id, clinician_id) references cairn.staff_members (practice_id, id),
  constraint waitlist_openings_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint waitlist_openings_room_fkey foreign key (practice_id, location_id, room_id) references cairn.rooms (practice_id, location_id, id),
  constraint waitlist_openings_mode_check check (mode in ('in_person', 'telehealth')),
  constraint waitlist_openings_place_check check ((mode = 'in_person') = (location_id is not null) and (room_id is null or location_id is not null)),
  constraint waitlist_openings_what_check check (
    num_nonnulls(clinician_id, mode, time_zone, starts_at, ends_at) = case when group_id is null then 5 else 0 end),
  constraint waitlist_openings_times_check check (ends_at > starts_at),
  constraint waitlist_openings_way_check check (way in ('in_turn', 'first_come')),
  constraint waitlist_openings_minutes_check check (offer_minutes between 5 and 10080),
  constraint waitlist_openings_status_check check (status in ('open', 'filled', 'closed'))
);
create index waitlist_openings_time on cairn.waitlist_openings (practice_id, status, id);
call app.tenant_table('waitlist_openings', 'select, insert, update');

-- An offer to one who waits. `way` is the opening's: in turn, one is open at a time.
create table cairn.waitlist_offers (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  opening_id uuid not null,
  entry_id uuid not null,
  way text not null,
  status text not null default 'open',
  expires_at timestamptz not null,
  answered_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint waitlist_offers_pkey primary key (practice_id, id),
  constraint waitlist_offers_entry_key unique (practice_id, opening_id, entry_id),
  constraint waitlist_offers_opening_fkey foreign key (practice_id, opening_id) references cairn.waitlist_openings (practice_id, id),
  constraint waitlist_offers_entry_fkey foreign key (practice_id, entry_id) references cairn.waitlist_entries (practice_id, id),
  constraint waitlist_offers_way_check check (way in ('in_turn', 'first_come')),
  constraint waitlist_offers_status_check check (status in ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  constraint waitlist_offers_answered_check check ((status = 'open') = (answered_at is null))
);
create unique index waitlist_offers_accepted_key on cairn.waitlist_offers (practice_id, opening_id) where status = 'accepted';
create unique index waitlist_offers_turn_key on cairn.waitlist_offers (practice_id, opening_id) where status = 'open' and way = 'in_turn';
create index waitlist_offers_entry on cairn.waitlist_offers (practice_id, entry_id, id);
create index waitlist_offers_status on cairn.waitlist_offers (practice_id, status, id);
call app.tenant_table('waitlist_offers', 'select, insert, update');

-- Down Migration
drop table cairn.waitlist_offers, cairn.waitlist_openings, cairn.waitlist_entries, cairn.separation_rules, cairn.therapy_group_changes,
  cairn.group_meeting_attendance, cairn.group_meetings, cairn.therapy_group_members, cairn.therapy_group_seats, cairn.therapy_groups;
alter table cairn.charts drop column has_seats;
