-- Up Migration
-- What is worked through with EMDR in a client's own chart, and what became of it. All of it is restricted, like the
-- trauma inventory. The words are src/modules/session-notes/emdr/targets.rules.ts (test/session-notes/emdr-targets.test.ts
-- says so).

-- The head. Status, last measures and counts follow from the history; they stand here for the list.
create table cairn.emdr_targets (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  kind text not null,
  status text not null default 'identified',
  -- What the next session has to look at comes first.
  attention integer not null generated always as (case status
    when 'incomplete' then 1 when 'reopened' then 2 when 'processing' then 3 when 'desensitized' then 4
    when 'installed' then 5 when 'cleared' then 6 when 'assessed' then 7 when 'identified' then 8 else 9 end) stored,
  position integer not null,
  last_sud integer,
  last_voc integer,
  last_session_on date,
  incomplete_sessions integer not null default 0,
  -- The version whose history row holds the words in force.
  content_version integer not null default 1,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint emdr_targets_pkey primary key (practice_id, id),
  constraint emdr_targets_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint emdr_targets_kind_check check (kind in ('past', 'present_trigger', 'future_template', 'urge')),
  constraint emdr_targets_status_check check (status in ('identified', 'assessed', 'processing', 'incomplete', 'desensitized',
    'installed', 'cleared', 'rechecked', 'reopened')),
  constraint emdr_targets_position_check check (position between 1 and 1000),
  constraint emdr_targets_sud_check check (last_sud between 0 and 10),
  constraint emdr_targets_voc_check check (last_voc between 1 and 7)
);
create index emdr_targets_chart on cairn.emdr_targets (practice_id, chart_id, attention, position, id);
call app.tenant_table('emdr_targets', 'select, insert, update (kind, status, position, last_sud, last_voc, last_session_on,
  incomplete_sessions, content_version, version, updated_at)');

-- What became of each target, step by step. The version is the target's: of two steps at once the key lets one pass.
-- A move by a note is told by what the session found, so that the status can be told anew when a note is taken back.
create table cairn.emdr_target_history (
  practice_id uuid not null,
  target_id uuid not null,
  version integer not null,
  change text not null,
  from_status text,
  to_status text not null,
  -- When it was so: the session's start, where a note says it.
  occurred_at timestamptz not null default now(),
  session_on date,
  note_id uuid,
  note_revision integer,
  part_id uuid,
  findings text[] not null default '{}',
  sud integer,
  voc integer,
  -- Null where the words of the target stayed as they were.
  content_sealed bytea,
  reason_sealed bytea,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  constraint emdr_target_history_pkey primary key (practice_id, target_id, version),
  constraint emdr_target_history_target_fkey foreign key (practice_id, target_id) references cairn.emdr_targets (practice_id, id),
  constraint emdr_target_history_note_fkey foreign key (practice_id, note_id) references cairn.session_notes (practice_id, id),
  constraint emdr_target_history_staff_fkey foreign key (practice_id, recorded_by) references cairn.staff_members (practice_id, id),
  constraint emdr_target_history_change_check check (change in ('created', 'revised', 'set_by_hand', 'moved_by_note', 'taken_back')),
  constraint emdr_target_history_note_check check (num_nonnulls(note_id, note_revision) in (0, 2)
    and (note_id is not null) = (change in ('moved_by_note', 'taken_back'))),
  constraint emdr_target_history_part_check check ((change = 'moved_by_note') = (part_id is not null)),
  constraint emdr_target_history_content_check check ((content_sealed is not null) = (change in ('created', 'revised'))),
  constraint emdr_target_history_reason_check check ((reason_sealed is not null) = (change = 'set_by_hand')),
  constraint emdr_target_history_from_check check (from_status in ('identified', 'assessed', 'processing', 'incomplete',
    'desensitized', 'installed', 'cleared', 'rechecked', 'reopened')),
  constraint emdr_target_history_to_check check (to_status in ('identified', 'assessed', 'processing', 'incomplete',
    'desensitized', 'installed', 'cleared', 'rechecked', 'reopened')),
  constraint emdr_target_history_findings_check check (findings <@ array['held', 'came_back', 'assessed', 'processed',
    'desensitized', 'installed', 'cleared', 'left']),
  constraint emdr_target_history_sud_check check (sud between 0 and 10),
  constraint emdr_target_history_voc_check check (voc between 1 and 7)
);
create index emdr_target_history_note on cairn.emdr_target_history (practice_id, note_id) where note_id is not null;
call app.tenant_table('emdr_target_history', 'select, insert');

-- Down Migration
drop table cairn.emdr_target_history, cairn.emdr_targets;
