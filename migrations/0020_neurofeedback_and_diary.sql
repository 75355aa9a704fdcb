-- Up Migration
-- Neurofeedback: what was found before, what is trained and why that changed; and the days of DBT diary cards.

-- The frequency ranges a practice works with where they differ from the usual ones. The last revision counts.
create table cairn.neurofeedback_bands (
  practice_id uuid not null,
  band text not null,
  revision integer not null,
  low_hz double precision not null,
  high_hz double precision not null,
  source text not null,
  set_by uuid not null,
  created_at timestamptz not null default now(),
  constraint neurofeedback_bands_pkey primary key (practice_id, band, revision),
  constraint neurofeedback_bands_staff_fkey foreign key (practice_id, set_by) references cairn.staff_members (practice_id, id),
  constraint neurofeedback_bands_band_check check (band in ('delta', 'theta', 'alpha', 'smr', 'beta', 'high_beta')),
  constraint neurofeedback_bands_range_check check (low_hz >= 0 and high_hz > low_hz)
);
call app.tenant_table('neurofeedback_bands', 'select, insert');

create table cairn.neurofeedback_baselines (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  recorded_on date not null,
  content_sealed bytea not null,
  -- The baseline it takes the place of.
  corrects_id uuid,
  recorded_by uuid not null,
  created_at timestamptz not null default now(),
  constraint neurofeedback_baselines_pkey primary key (practice_id, id),
  constraint neurofeedback_baselines_chart_key unique (practice_id, chart_id, id),
  constraint neurofeedback_baselines_corrects_key unique (practice_id, corrects_id),
  constraint neurofeedback_baselines_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint neurofeedback_baselines_corrects_fkey foreign key (practice_id, chart_id, corrects_id)
    references cairn.neurofeedback_baselines (practice_id, chart_id, id),
  constraint neurofeedback_baselines_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id)
);
call app.tenant_table('neurofeedback_baselines', 'select, insert');

create table cairn.neurofeedback_protocols (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  status text not null default 'active',
  -- Counts its settings: which of them is in force.
  revision integer not null default 1,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint neurofeedback_protocols_pkey primary key (practice_id, id),
  constraint neurofeedback_protocols_chart_key unique (practice_id, chart_id, id),
  constraint neurofeedback_protocols_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint neurofeedback_protocols_status_check check (status in ('active', 'paused', 'ended'))
);
call app.tenant_table('neurofeedback_protocols', 'select, insert, update (status, revision, version, updated_at)');

-- All that became of a protocol. The version is the protocol's: of two changes at once the key lets one pass.
create table cairn.neurofeedback_protocol_changes (
  practice_id uuid not null,
  protocol_id uuid not null,
  version integer not null,
  change text not null,
  -- The settings in force after it.
  revision integer not null,
  -- Null where the settings stayed.
  content_sealed bytea,
  -- Null of the first only.
  reason_sealed bytea,
  recorded_by uuid not null,
  created_at timestamptz not null default now(),
  constraint neurofeedback_protocol_changes_pkey primary key (practice_id, protocol_id, version),
  constraint neurofeedback_protocol_changes_protocol_fkey foreign key (practice_id, protocol_id)
    references cairn.neurofeedback_protocols (practice_id, id),
  constraint neurofeedback_protocol_changes_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint neurofeedback_protocol_changes_change_check check (change in ('started', 'revised', 'paused', 'resumed', 'ended')),
  constraint neurofeedback_protocol_changes_content_check check ((change in ('started', 'revised')) = (content_sealed is not null)),
  constraint neurofeedback_protocol_changes_reason_check check ((change = 'started') = (reason_sealed is null))
);
create unique index neurofeedback_protocol_changes_revision_key
  on cairn.neurofeedback_protocol_changes (practice_id, protocol_id, revision) where content_sealed is not null;
call app.tenant_table('neurofeedback_protocol_changes', 'select, insert');

-- One day on a DBT diary card. What it says is sealed; a correction is another row, and both stay.
create table cairn.dbt_diary_cards (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  covers_on date not null,
  -- The client's day on which it was sent.
  entered_on date not null,
  in_force boolean not null default true,
  supersedes_id uuid,
  content_sealed bytea not null,
  recorded_by uuid,
  entered_by text not null,
  created_at timestamptz not null default now(),
  constraint dbt_diary_cards_pkey primary key (practice_id, id),
  constraint dbt_diary_cards_chart_key unique (practice_id, chart_id, id),
  constraint dbt_diary_cards_supersedes_key unique (practice_id, supersedes_id),
  constraint dbt_diary_cards_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint dbt_diary_cards_supersedes_fkey foreign key (practice_id, chart_id, supersedes_id)
    references cairn.dbt_diary_cards (practice_id, chart_id, id),
  constraint dbt_diary_cards_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint dbt_diary_cards_entered_by_check check (entered_by in ('staff', 'client')),
  constraint dbt_diary_cards_recorder_check check ((entered_by = 'staff') = (recorded_by is not null))
);
create unique index dbt_diary_cards_day_key on cairn.dbt_diary_cards (practice_id, chart_id, covers_on) where in_force;
create index dbt_diary_cards_chart on cairn.dbt_diary_cards (practice_id, chart_id, covers_on, id);
call app.tenant_table('dbt_diary_cards', 'select, insert, update (in_force)');

-- Down Migration
drop table cairn.dbt_diary_cards, cairn.neurofeedback_protocol_changes, cairn.neurofeedback_protocols,
  cairn.neurofeedback_baselines, cairn.neurofeedback_bands;
