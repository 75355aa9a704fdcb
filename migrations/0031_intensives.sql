-- Up Migration
-- Intensives: some days of blocks that are booked, moved and canceled as one, from the first inquiry to aftercare.

-- A practice's own itinerary templates. A list of {day, startsMinute, minutes, kind, participants, clinicians, needsRoom}:
-- times of the wall clock, participants and clinicians by their place (`a`, `b`; 1 to 4), never by name.
create table cairn.intensive_templates (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  name text not null,
  audience text not null,
  days integer not null,
  blocks jsonb not null,
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint intensive_templates_pkey primary key (practice_id, id),
  constraint intensive_templates_audience_check check (audience in ('individual', 'couple')),
  constraint intensive_templates_days_check check (days between 1 and 10),
  constraint intensive_templates_status_check check (status in ('active', 'retired'))
);
call app.tenant_table('intensive_templates', 'select, insert, update');

create table cairn.intensives (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  -- Who is `a` and who is `b` never changes, whoever leaves the couple.
  client_a uuid not null,
  client_b uuid,
  service_id uuid not null,
  lead_staff_id uuid,
  location_id uuid not null,
  time_zone text not null,
  status text not null default 'inquiry',
  price_cents integer not null,
  deposit_cents integer not null,
  currency text not null default 'USD',
  -- Of the deposit so many percent go back when it is canceled at least so many days before the first one.
  refund_days integer[] not null,
  refund_percents integer[] not null,
  -- Of what is booked; null before anything is.
  starts_at timestamptz,
  ends_at timestamptz,
  canceled_at timestamptz,
  cancellation_by text,
  cancellation_reason text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint intensives_pkey primary key (practice_id, id),
  constraint intensives_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint intensives_client_a_fkey foreign key (practice_id, client_a) references cairn.clients (practice_id, id),
  constraint intensives_client_b_fkey foreign key (practice_id, client_b) references cairn.clients (practice_id, id),
  constraint intensives_service_fkey foreign key (practice_id, service_id) references cairn.services (practice_id, id),
  constraint intensives_lead_fkey foreign key (practice_id, lead_staff_id) references cairn.staff_members (practice_id, id),
  constraint intensives_location_fkey foreign key (practice_id, location_id) references cairn.locations (practice_id, id),
  constraint intensives_status_check check (status in ('inquiry', 'screened', 'contracted', 'deposit_due', 'scheduled',
    'in_progress', 'completed', 'aftercare', 'canceled')),
  constraint intensives_money_check check (price_cents between 0 and 100000000 and deposit_cents between 0 and price_cents),
  constraint intensives_currency_check check (currency = 'USD'),
  constraint intensives_refunds_check check (cardinality(refund_days) = cardinality(refund_percents) and cardinality(refund_days) <= 6),
  constraint intensives_times_check check (num_nonnulls(starts_at, ends_at) in (0, 2) and ends_at > starts_at),
  constraint intensives_cancellation_check check (
    num_nonnulls(canceled_at, cancellation_by, cancellation_reason) = case status when 'canceled' then 3 else 0 end
    and cancellation_by in ('client', 'practice'))
);
create index intensives_chart on cairn.intensives (practice_id, chart_id, id);
create index intensives_client_a on cairn.intensives (practice_id, client_a, id);
create index intensives_client_b on cairn.intensives (practice_id, client_b, id) where client_b is not null;
call app.tenant_table('intensives', 'select, insert, update');

-- What is planned holds nothing and may be planned anew; from `booked` on the block holds its time in `reservations`.
create table cairn.intensive_blocks (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  intensive_id uuid not null,
  kind text not null,
  client_ids uuid[] not null,
  clinician_ids uuid[] not null,
  room_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'planned',
  delivered_minutes integer,
  undelivered_reason text,
  -- What of the price it stands for, in whole cents; stored when the intensive is completed, never worked out again.
  share_cents integer,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint intensive_blocks_pkey primary key (practice_id, id),
  constraint intensive_blocks_intensive_fkey foreign key (practice_id, intensive_id) references cairn.intensives (practice_id, id),
  constraint intensive_blocks_room_fkey foreign key (practice_id, room_id) references cairn.rooms (practice_id, id),
  constraint intensive_blocks_kind_check check (kind in ('joint', 'individual', 'emdr', 'neurofeedback', 'group', 'education',
    'break', 'staff_huddle')),
  constraint intensive_blocks_people_check check (cardinality(client_ids) <= 2 and cardinality(clinician_ids) <= 4
    and cardinality(client_ids) + cardinality(clinician_ids) > 0),
  constraint intensive_blocks_times_check check (ends_at > starts_at and ends_at <= starts_at + interval '12 hours'),
  constraint intensive_blocks_status_check check (status in ('planned', 'booked', 'delivered', 'partly_delivered',
    'not_delivered', 'canceled')),
  constraint intensive_blocks_delivery_check check (
    (delivered_minutes is not null) = (status in ('delivered', 'partly_delivered', 'not_delivered'))
    and delivered_minutes >= 0 and (undelivered_reason is null or status in ('partly_delivered', 'not_delivered')))
);
create index intensive_blocks_intensive on cairn.intensive_blocks (practice_id, intensive_id, starts_at, id);
create index intensive_blocks_time on cairn.intensive_blocks (practice_id, starts_at, id);
call app.tenant_table('intensive_blocks', 'select, insert, update, delete');

-- Each step of an intensive, and of its blocks what held after it: a move keeps the time it moved from.
create table cairn.intensive_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  intensive_id uuid not null,
  intensive_version integer not null,
  kind text not null,
  status text not null,
  actor_kind text not null,
  actor_id uuid not null,
  staff_id uuid,
  reason_code text,
  asked_by text,
  note_sealed bytea,
  occurred_at timestamptz not null default now(),
  constraint intensive_changes_pkey primary key (practice_id, id),
  constraint intensive_changes_version_key unique (practice_id, intensive_id, intensive_version),
  constraint intensive_changes_intensive_fkey foreign key (practice_id, intensive_id) references cairn.intensives (practice_id, id),
  constraint intensive_changes_kind_check check (kind in ('opened', 'updated', 'planned', 'gate_marked', 'status_changed',
    'booked', 'moved', 'blocks_canceled', 'canceled', 'delivered', 'money_recorded')),
  constraint intensive_changes_status_check check (status in ('inquiry', 'screened', 'contracted', 'deposit_due', 'scheduled',
    'in_progress', 'completed', 'aftercare', 'canceled')),
  constraint intensive_changes_actor_kind_check check (actor_kind in ('user', 'api_client', 'system')),
  constraint intensive_changes_asked_by_check check (asked_by in ('client', 'practice'))
);
call app.tenant_table('intensive_changes', 'select, insert');

create table cairn.intensive_block_changes (
  practice_id uuid not null,
  change_id uuid not null,
  block_id uuid not null,
  status text not null,
  clinician_ids uuid[] not null,
  room_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  delivered_minutes integer,
  constraint intensive_block_changes_pkey primary key (practice_id, change_id, block_id),
  constraint intensive_block_changes_change_fkey foreign key (practice_id, change_id) references cairn.intensive_changes (practice_id, id),
  constraint intensive_block_changes_block_fkey foreign key (practice_id, block_id) references cairn.intensive_blocks (practice_id, id),
  constraint intensive_block_changes_status_check check (status in ('booked', 'delivered', 'partly_delivered', 'not_delivered',
    'canceled'))
);
create index intensive_block_changes_block on cairn.intensive_block_changes (practice_id, block_id);
call app.tenant_table('intensive_block_changes', 'select, insert');

-- The checklist. The newest mark of a gate (and of a participant) counts; without one the gate is open.
create table cairn.intensive_gate_marks (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  intensive_id uuid not null,
  gate text not null,
  participant text,
  status text not null,
  reason_code text,
  note_sealed bytea,
  -- Null where what was paid settled it.
  recorded_by uuid,
  created_at timestamptz not null default now(),
  constraint intensive_gate_marks_pkey primary key (practice_id, id),
  constraint intensive_gate_marks_intensive_fkey foreign key (practice_id, intensive_id) references cairn.intensives (practice_id, id),
  constraint intensive_gate_marks_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint intensive_gate_marks_gate_check check (gate in ('stability', 'medical', 'risk', 'contract', 'deposit', 'estimate')),
  constraint intensive_gate_marks_participant_check check (participant in ('a', 'b')
    and (participant is not null) = (gate in ('stability', 'medical', 'risk', 'contract'))),
  constraint intensive_gate_marks_status_check check (status in ('open', 'met', 'overridden')),
  constraint intensive_gate_marks_reason_check check (
    (reason_code is not null) = (status = 'overridden')
    and reason_code in ('clinical_judgment', 'recorded_elsewhere', 'not_needed', 'urgent', 'other'))
);
create index intensive_gate_marks_intensive on cairn.intensive_gate_marks (practice_id, intensive_id, id);
call app.tenant_table('intensive_gate_marks', 'select, insert');

-- What billing needs: what is due, what came in, what goes back, what was earned. No payment is made here.
create table cairn.intensive_money_steps (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  intensive_id uuid not null,
  kind text not null,
  amount_cents integer not null,
  currency text not null,
  on_date date not null,
  recorded_by uuid,
  created_at timestamptz not null default now(),
  constraint intensive_money_steps_pkey primary key (practice_id, id),
  constraint intensive_money_steps_intensive_fkey foreign key (practice_id, intensive_id) references cairn.intensives (practice_id, id),
  constraint intensive_money_steps_recorded_by_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint intensive_money_steps_kind_check check (kind in ('deposit_due', 'deposit_received', 'refund_due', 'refund_paid',
    'forfeited', 'earned', 'unearned')),
  constraint intensive_money_steps_amount_check check (amount_cents between 0 and 100000000),
  constraint intensive_money_steps_currency_check check (currency = 'USD')
);
create index intensive_money_steps_intensive on cairn.intensive_money_steps (practice_id, intensive_id, id);
call app.tenant_table('intensive_money_steps', 'select, insert');

create table cairn.intensive_aftercare_tasks (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  intensive_id uuid not null,
  kind text not null,
  participant text,
  due_on date not null,
  note_sealed bytea,
  status text not null default 'open',
  -- The series that was booked for a follow-up.
  series_id uuid,
  settled_at timestamptz,
  settled_by uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint intensive_aftercare_tasks_pkey primary key (practice_id, id),
  constraint intensive_aftercare_tasks_intensive_fkey foreign key (practice_id, intensive_id) references cairn.intensives (practice_id, id),
  constraint intensive_aftercare_tasks_series_fkey foreign key (practice_id, series_id) references cairn.appointment_series (practice_id, id),
  constraint intensive_aftercare_tasks_settled_by_fkey foreign key (practice_id, settled_by) references cairn.staff_members (practice_id, id),
  constraint intensive_aftercare_tasks_kind_check check (kind in ('check_in_call', 'follow_up_session', 'follow_up_series',
    'assessment', 'summary', 'referral', 'support_group', 'other')),
  constraint intensive_aftercare_tasks_participant_check check (participant in ('a', 'b')),
  constraint intensive_aftercare_tasks_status_check check (status in ('open', 'done', 'dropped')
    and (status = 'open') = (settled_at is null)),
  constraint intensive_aftercare_tasks_series_check check (series_id is null or kind = 'follow_up_series')
);
create index intensive_aftercare_tasks_intensive on cairn.intensive_aftercare_tasks (practice_id, intensive_id, id);
call app.tenant_table('intensive_aftercare_tasks', 'select, insert, update');

-- Down Migration
drop table cairn.intensive_aftercare_tasks, cairn.intensive_money_steps, cairn.intensive_gate_marks,
  cairn.intensive_block_changes, cairn.intensive_changes, cairn.intensive_blocks, cairn.intensives, cairn.intensive_templates;
