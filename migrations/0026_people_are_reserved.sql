-- Up Migration
-- Whatever takes time reserves clinicians, rooms and clients in one table; an appointment has the states of a front desk;
-- telehealth starts with a check-in; and what a late cancellation costs is agreed on beforehand.

-- `holder_id` names what reserves; rows of the first release have `appointment_id` only. Rows of an appointment's clinician
-- and room keep naming it in both. A hold's row ends by itself: who finds an expired one in the way removes it.
-- The release before always writes the column and never reads it.
-- squawk-ignore ban-drop-not-null
alter table cairn.reservations alter column appointment_id drop not null;
alter table cairn.reservations
  add column holder_kind text not null default 'appointment',
  add column holder_id uuid,
  add column expires_at timestamptz;
alter table cairn.reservations drop constraint reservations_resource_kind_check;
alter table cairn.reservations
  add constraint reservations_resource_kind_check check (resource_kind in ('clinician', 'room', 'client')) not valid,
  add constraint reservations_holder_kind_check check (
    holder_kind in ('appointment', 'hold', 'intensive_block', 'group_session')) not valid,
  add constraint reservations_holder_check check (
    num_nonnulls(holder_id, appointment_id) > 0 and (appointment_id is null or holder_kind = 'appointment')) not valid,
  -- A day and the longest buffers: whoever looks for what overlaps an hour need not look farther back.
  add constraint reservations_length_check check (ends_at <= starts_at + interval '32 hours') not valid;

-- Rows that are there fit each of the wider lists, so nothing has to be looked through. `booked` is the first release's
-- word for `scheduled`, `attended` its word for `completed`.
alter table cairn.appointments
  add column overbooked boolean not null default false,
  add column planned_state text,
  add column telehealth_link_sealed bytea;
alter table cairn.appointments
  drop constraint appointments_status_check,
  drop constraint appointments_cancellation_check,
  drop constraint appointments_attendance_check;
alter table cairn.appointments
  add constraint appointments_status_check check (status in ('booked', 'attended', 'scheduled', 'confirmed', 'arrived',
    'in_session', 'completed', 'no_show', 'canceled', 'late_canceled')) not valid,
  add constraint appointments_cancellation_check check (
    num_nonnulls(canceled_at, cancellation_by, cancellation_reason)
      = case when status in ('canceled', 'late_canceled') then 3 else 0 end
    and cancellation_by in ('client', 'practice')) not valid,
  add constraint appointments_attendance_check check (
    (actual_starts_at is not null) = (status in ('in_session', 'attended', 'completed'))
    and (actual_ends_at is not null) = (status in ('attended', 'completed'))
    and actual_ends_at > actual_starts_at) not valid,
  add constraint appointments_planned_state_check check (planned_state ~ '^[A-Z]{2}$') not valid;

alter table cairn.appointment_changes add column override_reason text;
alter table cairn.appointment_changes drop constraint appointment_changes_kind_check;
alter table cairn.appointment_changes
  add constraint appointment_changes_kind_check check (kind in ('booked', 'moved', 'confirmed', 'arrived', 'started',
    'completed', 'attended', 'no_show', 'canceled', 'late_canceled', 'uncanceled')) not valid,
  add constraint appointment_changes_override_reason_check check (
    override_reason in ('temporary_practice_rule', 'privilege_not_recorded', 'crisis', 'recorded_elsewhere')) not valid;

-- Who of the clients was there.
create table cairn.appointment_attendees (
  practice_id uuid not null,
  appointment_id uuid not null,
  client_id uuid not null,
  presence text not null,
  recorded_by uuid,
  recorded_at timestamptz not null default now(),
  constraint appointment_attendees_pkey primary key (practice_id, appointment_id, client_id),
  constraint appointment_attendees_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint appointment_attendees_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint appointment_attendees_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint appointment_attendees_presence_check check (presence in ('present', 'late', 'left_early', 'absent'))
);
create index appointment_attendees_client on cairn.appointment_attendees (practice_id, client_id);
call app.tenant_table('appointment_attendees', 'select, insert, update');

-- Where a client is when a telehealth session begins (16 CCR 1815.5). The newest of each client counts.
create table cairn.telehealth_check_ins (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  appointment_id uuid not null,
  client_id uuid not null,
  state text not null,
  is_private boolean not null,
  is_appropriate boolean not null,
  -- Present address, emergency contact and the emergency services near there.
  content_sealed bytea not null,
  recorded_by uuid not null,
  checked_in_at timestamptz not null default now(),
  constraint telehealth_check_ins_pkey primary key (practice_id, id),
  constraint telehealth_check_ins_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint telehealth_check_ins_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint telehealth_check_ins_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint telehealth_check_ins_state_check check (state ~ '^[A-Z]{2}$')
);
create index telehealth_check_ins_appointment on cairn.telehealth_check_ins (practice_id, appointment_id, id);
create index telehealth_check_ins_client on cairn.telehealth_check_ins (practice_id, client_id);
call app.tenant_table('telehealth_check_ins', 'select, insert');

-- Each row is one version; nothing is edited, because somebody may have signed it.
create table cairn.cancellation_policies (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  number integer not null,
  text text not null,
  window_hours integer not null,
  late_cancellation_fee_cents integer not null,
  no_show_fee_cents integer not null,
  currency text not null default 'USD',
  grace_count integer not null,
  grace_months integer not null,
  effective_on date not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  constraint cancellation_policies_pkey primary key (practice_id, id),
  constraint cancellation_policies_number_key unique (practice_id, number),
  constraint cancellation_policies_created_by_fkey foreign key (practice_id, created_by) references cairn.staff_members (practice_id, id),
  constraint cancellation_policies_window_hours_check check (window_hours between 0 and 336),
  constraint cancellation_policies_fees_check check (
    late_cancellation_fee_cents between 0 and 1000000 and no_show_fee_cents between 0 and 1000000),
  constraint cancellation_policies_currency_check check (currency = 'USD'),
  constraint cancellation_policies_grace_check check (grace_count between 0 and 20 and grace_months between 1 and 60)
);
call app.tenant_table('cancellation_policies', 'select, insert');

create table cairn.cancellation_policy_signatures (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  policy_id uuid not null,
  client_id uuid not null,
  method text not null,
  signed_on date not null,
  recorded_by uuid,
  entered_by text not null,
  representative_id uuid,
  created_at timestamptz not null default now(),
  constraint cancellation_policy_signatures_pkey primary key (practice_id, id),
  constraint cancellation_policy_signatures_client_key unique (practice_id, client_id, policy_id),
  constraint cancellation_policy_signatures_policy_fkey foreign key (practice_id, policy_id) references cairn.cancellation_policies (practice_id, id),
  constraint cancellation_policy_signatures_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint cancellation_policy_signatures_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint cancellation_policy_signatures_representative_fkey foreign key (practice_id, representative_id) references cairn.related_people (practice_id, id),
  constraint cancellation_policy_signatures_method_check check (method in ('paper', 'electronic', 'portal')),
  constraint cancellation_policy_signatures_entered_by_check check (entered_by in ('staff', 'client')
    and (entered_by = 'staff') = (recorded_by is not null) and (entered_by = 'client') = (method = 'portal'))
);
call app.tenant_table('cancellation_policy_signatures', 'select, insert');

-- What a late cancellation or a missed session costs by the version that was signed: data for billing, never on a claim.
create table cairn.appointment_fees (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  appointment_id uuid not null,
  chart_id uuid not null,
  policy_id uuid not null,
  kind text not null,
  amount_cents integer not null,
  currency text not null,
  status text not null,
  -- Until when it would have cost nothing.
  free_until timestamptz not null,
  occurred_at timestamptz not null,
  waiver_reason text,
  waiver_note_sealed bytea,
  waived_by uuid,
  waived_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint appointment_fees_pkey primary key (practice_id, id),
  constraint appointment_fees_appointment_fkey foreign key (practice_id, appointment_id) references cairn.appointments (practice_id, id),
  constraint appointment_fees_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint appointment_fees_policy_fkey foreign key (practice_id, policy_id) references cairn.cancellation_policies (practice_id, id),
  constraint appointment_fees_waived_by_fkey foreign key (practice_id, waived_by) references cairn.staff_members (practice_id, id),
  constraint appointment_fees_kind_check check (kind in ('late_cancellation', 'no_show')),
  constraint appointment_fees_amount_check check (amount_cents between 0 and 1000000),
  constraint appointment_fees_status_check check (status in ('due', 'grace', 'waived', 'void')),
  constraint appointment_fees_waiver_check check (
    (status <> 'waived' or waived_at is not null) and num_nonnulls(waiver_reason, waived_by, waived_at) in (0, 3)
    and waiver_reason in ('first_time', 'illness', 'emergency', 'weather', 'practice_error', 'hardship', 'other'))
);
create unique index appointment_fees_standing_key on cairn.appointment_fees (practice_id, appointment_id) where status <> 'void';
create index appointment_fees_chart on cairn.appointment_fees (practice_id, chart_id, occurred_at);
create index appointment_fees_time on cairn.appointment_fees (practice_id, occurred_at, id);
call app.tenant_table('appointment_fees', 'select, insert, update');

-- Down Migration
drop table cairn.appointment_fees, cairn.cancellation_policy_signatures, cairn.cancellation_policies,
  cairn.telehealth_check_ins, cairn.appointment_attendees;
alter table cairn.appointment_changes
  drop constraint appointment_changes_override_reason_check, drop constraint appointment_changes_kind_check,
  drop column override_reason;
alter table cairn.appointment_changes add constraint appointment_changes_kind_check check (
  kind in ('booked', 'moved', 'canceled', 'uncanceled', 'no_show', 'attended'));
alter table cairn.appointments
  drop constraint appointments_planned_state_check, drop constraint appointments_status_check,
  drop constraint appointments_cancellation_check, drop constraint appointments_attendance_check,
  drop column overbooked, drop column planned_state, drop column telehealth_link_sealed;
alter table cairn.appointments
  add constraint appointments_status_check check (status in ('booked', 'attended', 'no_show', 'canceled')),
  add constraint appointments_cancellation_check check (
    num_nonnulls(canceled_at, cancellation_by, cancellation_reason) = case status when 'canceled' then 3 else 0 end
    and cancellation_by in ('client', 'practice')),
  add constraint appointments_attendance_check check (
    num_nonnulls(actual_starts_at, actual_ends_at) = case status when 'attended' then 2 else 0 end
    and actual_ends_at > actual_starts_at);
alter table cairn.reservations
  drop constraint reservations_length_check, drop constraint reservations_holder_check, drop constraint reservations_holder_kind_check,
  drop constraint reservations_resource_kind_check,
  drop column holder_kind, drop column holder_id, drop column expires_at;
alter table cairn.reservations
  alter column appointment_id set not null,
  add constraint reservations_resource_kind_check check (resource_kind in ('clinician', 'room'));
