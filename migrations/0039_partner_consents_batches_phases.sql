-- Up Migration
-- Consent of a partner to a contract of abstinence. It belongs to the contract's chart. A partner who is a client sees and
-- answers it at the portal: the words, and nothing else of that chart.
create table cairn.abstinence_consents (
  practice_id uuid not null,
  id uuid not null,
  chart_id uuid not null,
  contract_id uuid not null,
  -- Null where the partner is no client of the practice.
  partner_client_id uuid,
  partner_role text not null,
  -- On this day the client of the chart agreed that the partner is told these words.
  client_agreed_on date not null,
  words_sealed bytea not null,
  status text not null default 'asked',
  status_on date not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint abstinence_consents_pkey primary key (practice_id, id),
  constraint abstinence_consents_contract_fkey foreign key (practice_id, chart_id, contract_id) references cairn.abstinence_contracts (practice_id, chart_id, id),
  constraint abstinence_consents_partner_fkey foreign key (practice_id, partner_client_id) references cairn.clients (practice_id, id),
  constraint abstinence_consents_partner_role_check check (partner_role in ('spouse', 'partner', 'other')),
  constraint abstinence_consents_status_check check (status in ('asked', 'given', 'declined', 'withdrawn', 'retracted'))
);
-- A partner is asked once about a contract.
create unique index abstinence_consents_partner_key on cairn.abstinence_consents (practice_id, contract_id, partner_client_id)
  nulls not distinct where status <> 'retracted';
create index abstinence_consents_chart on cairn.abstinence_consents (practice_id, chart_id, contract_id, id);
create index abstinence_consents_partner on cairn.abstinence_consents (practice_id, partner_client_id, id)
  where partner_client_id is not null;
call app.tenant_table('abstinence_consents', 'select, insert, update (status, status_on, version, updated_at)');

create table cairn.abstinence_consent_steps (
  practice_id uuid not null,
  consent_id uuid not null,
  -- The version of the consent that this step made: two steps at once are decided by the key.
  version integer not null,
  step text not null,
  effective_on date not null,
  -- By a member of staff, who witnessed it or was told, or by the partner at the portal.
  recorded_by uuid,
  recorded_at timestamptz not null default now(),
  constraint abstinence_consent_steps_pkey primary key (practice_id, consent_id, version),
  constraint abstinence_consent_steps_consent_fkey foreign key (practice_id, consent_id) references cairn.abstinence_consents (practice_id, id),
  constraint abstinence_consent_steps_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint abstinence_consent_steps_step_check check (step in ('asked', 'given', 'declined', 'withdrawn', 'retracted'))
);
call app.tenant_table('abstinence_consent_steps', 'select, insert');

-- Days of review of contracts from before 0034 stand in their sealed terms alone. The watch lists them once.
alter table cairn.abstinence_contracts add column reviews_listed boolean not null default false;
alter table cairn.abstinence_contracts alter column reviews_listed set default true;
grant update (reviews_on, reviews_listed) on cairn.abstinence_contracts to cairn_app;

-- Journeys that go on under another version together. What each has come to stands with the journey.
create table cairn.journey_migration_batches (
  practice_id uuid not null,
  id uuid not null,
  from_template_id uuid not null,
  from_number integer not null,
  to_template_id uuid not null,
  to_number integer not null,
  mapping jsonb not null,
  status text not null default 'running',
  started_by uuid not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint journey_migration_batches_pkey primary key (practice_id, id),
  constraint journey_migration_batches_from_fkey foreign key (practice_id, from_template_id, from_number)
    references cairn.program_template_versions (practice_id, template_id, number),
  constraint journey_migration_batches_to_fkey foreign key (practice_id, to_template_id, to_number)
    references cairn.program_template_versions (practice_id, template_id, number),
  constraint journey_migration_batches_staff_fkey foreign key (practice_id, started_by) references cairn.staff_members (practice_id, id),
  constraint journey_migration_batches_status_check check ((status = 'running') = (finished_at is null) and status in ('running', 'finished'))
);
-- Of one version one batch runs at a time.
create unique index journey_migration_batches_running_key on cairn.journey_migration_batches (practice_id, from_template_id, from_number)
  where status = 'running';
call app.tenant_table('journey_migration_batches', 'select, insert, update (status, finished_at)');

create table cairn.journey_batch_members (
  practice_id uuid not null,
  batch_id uuid not null,
  journey_id uuid not null,
  status text not null default 'waiting',
  -- Why it needs a person; and which keys are to be decided on, where it is because of those.
  reason text,
  undecided_keys text[] not null default '{}',
  settled_at timestamptz,
  constraint journey_batch_members_pkey primary key (practice_id, batch_id, journey_id),
  constraint journey_batch_members_batch_fkey foreign key (practice_id, batch_id) references cairn.journey_migration_batches (practice_id, id),
  constraint journey_batch_members_journey_fkey foreign key (practice_id, journey_id) references cairn.journeys (practice_id, id),
  constraint journey_batch_members_status_check check (status in ('waiting', 'migrated', 'left')),
  constraint journey_batch_members_reason_check check ((reason is not null) = (status = 'left')
    and reason in ('undecided_keys', 'not_active', 'chart_closed', 'in_target_program', 'audience', 'moved_on'))
);
create index journey_batch_members_status on cairn.journey_batch_members (practice_id, batch_id, status, journey_id);
call app.tenant_table('journey_batch_members', 'select, insert, update (status, reason, undecided_keys, settled_at)');

-- Phases of the cycle that a practice begins with, in versions that are never edited; and which one a chart began with.
create table cairn.cycle_phase_sets (
  practice_id uuid not null,
  id uuid not null,
  number integer not null,
  phases jsonb not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  constraint cycle_phase_sets_pkey primary key (practice_id, id),
  constraint cycle_phase_sets_number_key unique (practice_id, number),
  constraint cycle_phase_sets_staff_fkey foreign key (practice_id, created_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('cycle_phase_sets', 'select, insert');

create table cairn.cycle_phase_starts (
  practice_id uuid not null,
  chart_id uuid not null,
  set_id uuid not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint cycle_phase_starts_pkey primary key (practice_id, chart_id, set_id),
  constraint cycle_phase_starts_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint cycle_phase_starts_set_fkey foreign key (practice_id, set_id) references cairn.cycle_phase_sets (practice_id, id),
  constraint cycle_phase_starts_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('cycle_phase_starts', 'select, insert');

-- Down Migration
drop table cairn.cycle_phase_starts, cairn.cycle_phase_sets, cairn.journey_batch_members, cairn.journey_migration_batches,
  cairn.abstinence_consent_steps, cairn.abstinence_consents;
revoke update (reviews_on, reviews_listed) on cairn.abstinence_contracts from cairn_app;
alter table cairn.abstinence_contracts drop column reviews_listed;
