-- Up Migration
-- The rest of recovery work: phases of a client's own cycle, milestones of streaks, and which lapse opened a task again.

-- One more kind of document. The checks let pass all that they let pass before, so no row needs to be looked at again.
alter table cairn.recovery_documents drop constraint recovery_documents_kind_check;
alter table cairn.recovery_documents add constraint recovery_documents_kind_check check (kind in ('addiction',
  'addiction_interaction', 'behavior', 'abstinence_contract', 'trigger', 'coping_skill', 'lapse', 'cycle_phase')) not valid;
alter table cairn.recovery_documents drop constraint recovery_documents_status_check;
alter table cairn.recovery_documents add constraint recovery_documents_status_check check (
  (kind = 'addiction' and status in ('active', 'early_remission', 'sustained_remission', 'watch'))
  or (kind = 'addiction_interaction' and status in ('observed', 'ended'))
  or (kind = 'behavior' and status in ('active', 'in_remission', 'returned'))
  or (kind = 'abstinence_contract' and status in ('proposed', 'agreed', 'active', 'broken', 'completed', 'ended_early'))
  or (kind in ('trigger', 'coping_skill', 'cycle_phase') and status in ('active', 'retired'))
  or (kind = 'lapse' and status in ('reported', 'explored', 'learning_captured', 'plan_updated', 'closed', 'withdrawn'))) not valid;

-- What was told of streaks. The days that were told of as one streak are told of once for each number of days or years:
-- a streak that is counted anew over the same days, after a lapse that was told late, is no other one.
create table cairn.sobriety_milestones (
  practice_id uuid not null,
  addiction_id uuid not null,
  unit text not null,
  count integer not null,
  starts_on date not null,
  reached_on date not null,
  chart_id uuid not null,
  told_at timestamptz not null default now(),
  constraint sobriety_milestones_pkey primary key (practice_id, addiction_id, unit, count, starts_on),
  constraint sobriety_milestones_addiction_fkey foreign key (practice_id, chart_id, addiction_id)
    references cairn.addictions (practice_id, chart_id, id),
  constraint sobriety_milestones_unit_check check (unit in ('days', 'years')),
  constraint sobriety_milestones_count_check check (count > 0),
  constraint sobriety_milestones_days_check check (reached_on >= starts_on),
  constraint sobriety_milestones_streak_excl exclude using gist (practice_id with =, addiction_id with =, unit with =,
    count with =, daterange(starts_on, reached_on, '[]') with &&)
);
call app.tenant_table('sobriety_milestones', 'select, insert');

-- The client's day on which the clock looked at the streaks of a chart last: once a day is enough.
create table cairn.streak_watches (
  practice_id uuid not null,
  chart_id uuid not null,
  looked_on date not null,
  constraint streak_watches_pkey primary key (practice_id, chart_id),
  constraint streak_watches_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id)
);
call app.tenant_table('streak_watches', 'select, insert, update (looked_on)');

-- The lapse for which a task was opened again. It is of the chart that the journey is of.
create table cairn.journey_reopening_lapses (
  practice_id uuid not null,
  event_id uuid not null,
  chart_id uuid not null,
  lapse_id uuid not null,
  constraint journey_reopening_lapses_pkey primary key (practice_id, event_id),
  constraint journey_reopening_lapses_event_fkey foreign key (practice_id, event_id)
    references cairn.journey_events (practice_id, id),
  constraint journey_reopening_lapses_lapse_fkey foreign key (practice_id, chart_id, lapse_id)
    references cairn.lapses (practice_id, chart_id, id)
);
call app.tenant_table('journey_reopening_lapses', 'select, insert');

-- Down Migration
drop table cairn.journey_reopening_lapses, cairn.streak_watches, cairn.sobriety_milestones;
alter table cairn.recovery_documents drop constraint recovery_documents_kind_check;
alter table cairn.recovery_documents add constraint recovery_documents_kind_check check (kind in ('addiction',
  'addiction_interaction', 'behavior', 'abstinence_contract', 'trigger', 'coping_skill', 'lapse'));
alter table cairn.recovery_documents drop constraint recovery_documents_status_check;
alter table cairn.recovery_documents add constraint recovery_documents_status_check check (
  (kind = 'addiction' and status in ('active', 'early_remission', 'sustained_remission', 'watch'))
  or (kind = 'addiction_interaction' and status in ('observed', 'ended'))
  or (kind = 'behavior' and status in ('active', 'in_remission', 'returned'))
  or (kind = 'abstinence_contract' and status in ('proposed', 'agreed', 'active', 'broken', 'completed', 'ended_early'))
  or (kind in ('trigger', 'coping_skill') and status in ('active', 'retired'))
  or (kind = 'lapse' and status in ('reported', 'explored', 'learning_captured', 'plan_updated', 'closed', 'withdrawn')));
