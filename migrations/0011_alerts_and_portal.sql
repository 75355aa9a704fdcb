-- Up Migration
-- Clients reach their own chart through a practice's front-end, and rules tell staff what needs a look.

-- What a front-end got a token for: one client, for minutes. Rows stay: the audit log's `session_id` names them, and
-- so who used a token in a client's name.
create table cairn.portal_sessions (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  client_id uuid not null,
  representative_id uuid,
  api_client_id uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint portal_sessions_pkey primary key (practice_id, id),
  constraint portal_sessions_client_fkey foreign key (practice_id, client_id) references cairn.clients (practice_id, id),
  constraint portal_sessions_representative_fkey foreign key (practice_id, representative_id) references cairn.related_people (practice_id, id),
  constraint portal_sessions_api_client_fkey foreign key (practice_id, api_client_id) references cairn.api_clients (practice_id, id),
  constraint portal_sessions_length_check check (expires_at > created_at and expires_at <= created_at + interval '15 minutes'),
  constraint portal_sessions_end_check check (ended_at >= created_at)
);
create index portal_sessions_client on cairn.portal_sessions (practice_id, client_id, expires_at) where ended_at is null;
create index portal_sessions_representative on cairn.portal_sessions (practice_id, representative_id) where representative_id is not null;
create index portal_sessions_api_client on cairn.portal_sessions (practice_id, api_client_id);
call app.tenant_table('portal_sessions', 'select, insert, update (ended_at)');

-- The tenant context and whether a portal token still holds: its session runs, the client's record is in use, who uses it
-- for them still may, and the front-end that got it is as it was then. Answers the front-end's version.
create function app.enter_as_portal(practice uuid, actor uuid, reads_only boolean, session uuid) returns integer
  language plpgsql
as $$
begin
  perform app.use_practice(practice, actor, reads_only);
  return (select c.version from cairn.portal_sessions s
    join cairn.api_clients c on c.practice_id = s.practice_id and c.id = s.api_client_id and c.revoked_at is null
      and (c.expires_at is null or c.expires_at > now())
    join cairn.clients k on k.practice_id = s.practice_id and k.id = s.client_id and k.status not in ('merged', 'deceased')
    where s.practice_id = practice and s.id = session and s.client_id = actor and s.ended_at is null and s.expires_at > now()
      and (s.representative_id is null or (
        exists (select from cairn.related_people r
          where r.practice_id = s.practice_id and r.id = s.representative_id and r.client_id = s.client_id
            and r.status = 'active' and r.roles && array['guardian', 'personal_representative']
            and 'treatment' = any(r.may_know))
        and coalesce((select m.basis from cairn.client_minor_consents m
          where m.practice_id = s.practice_id and m.client_id = s.client_id order by m.id desc limit 1), 'none')
          not in ('minor_self', 'emancipated'))));
end
$$;
revoke execute on function app.enter_as_portal(uuid, uuid, boolean, uuid) from public;
grant execute on function app.enter_as_portal(uuid, uuid, boolean, uuid) to cairn_app;

-- Clients act too. Every row that is there fits the wider list, so nothing has to be looked through.
alter table cairn.audit_log drop constraint audit_log_actor_kind_check;
alter table cairn.audit_log add constraint audit_log_actor_kind_check
  check (actor_kind in ('user', 'api_client', 'client', 'system')) not valid;

-- What a rule found in a chart. Evidence is ids, numbers, dates and key words, never what a person wrote.
create table cairn.alerts (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  chart_id uuid not null,
  rule text not null,
  key text not null,
  data_class text not null,
  severity text not null,
  status text not null default 'open',
  owner_id uuid,
  evidence jsonb not null default '{}',
  raised_at timestamptz not null default now(),
  respond_by timestamptz,
  overdue_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  resolved_at timestamptz,
  resolved_by uuid,
  outcome text,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  constraint alerts_pkey primary key (practice_id, id),
  constraint alerts_chart_fkey foreign key (practice_id, chart_id) references cairn.charts (practice_id, id),
  constraint alerts_owner_fkey foreign key (practice_id, owner_id) references cairn.staff_members (practice_id, id),
  constraint alerts_acknowledged_by_fkey foreign key (practice_id, acknowledged_by) references cairn.staff_members (practice_id, id),
  constraint alerts_resolved_by_fkey foreign key (practice_id, resolved_by) references cairn.staff_members (practice_id, id),
  constraint alerts_data_class_check check (data_class in ('clinical', 'restricted')),
  constraint alerts_severity_check check (severity in ('info', 'attention', 'urgent')),
  constraint alerts_status_check check (status in ('open', 'acknowledged', 'resolved')),
  constraint alerts_acknowledged_check check (num_nonnulls(acknowledged_at, acknowledged_by) in (0, 2)
    and (status <> 'acknowledged' or acknowledged_at is not null) and (status <> 'open' or acknowledged_at is null)),
  constraint alerts_resolved_check check (num_nonnulls(resolved_at, resolved_by, outcome) in (0, 3)
    and (status = 'resolved') = (resolved_at is not null)),
  constraint alerts_outcome_check check (outcome in ('handled', 'referred', 'no_longer_applies', 'false_alarm')),
  constraint alerts_overdue_check check (overdue_at is null or respond_by is not null)
);
-- One unresolved alert for the same thing: of two that find it at once, one writes it.
create unique index alerts_unresolved_key on cairn.alerts (practice_id, chart_id, rule, key) where status <> 'resolved';
create index alerts_chart on cairn.alerts (practice_id, chart_id, id);
create index alerts_owner on cairn.alerts (practice_id, owner_id, id) where owner_id is not null;
call app.tenant_table('alerts', 'select, insert, update');

create table cairn.alert_changes (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  alert_id uuid not null,
  -- The version of the alert this step made.
  alert_version integer not null,
  step text not null,
  severity text not null,
  owner_id uuid,
  outcome text,
  comment_sealed bytea,
  -- Null for a rule or the clock.
  made_by uuid,
  made_at timestamptz not null default now(),
  constraint alert_changes_pkey primary key (practice_id, id),
  constraint alert_changes_version_key unique (practice_id, alert_id, alert_version),
  constraint alert_changes_alert_fkey foreign key (practice_id, alert_id) references cairn.alerts (practice_id, id),
  constraint alert_changes_owner_fkey foreign key (practice_id, owner_id) references cairn.staff_members (practice_id, id),
  constraint alert_changes_made_by_fkey foreign key (practice_id, made_by) references cairn.staff_members (practice_id, id),
  constraint alert_changes_step_check check (step in ('raised', 'acknowledged', 'reassigned', 'overdue', 'resolved')),
  constraint alert_changes_severity_check check (severity in ('info', 'attention', 'urgent')),
  constraint alert_changes_outcome_check check (outcome in ('handled', 'referred', 'no_longer_applies', 'false_alarm')),
  constraint alert_changes_resolved_check check ((outcome is not null) = (step = 'resolved'))
);
call app.tenant_table('alert_changes', 'select, insert');

-- Down Migration
drop table cairn.alert_changes, cairn.alerts;
alter table cairn.audit_log drop constraint audit_log_actor_kind_check;
alter table cairn.audit_log add constraint audit_log_actor_kind_check
  check (actor_kind in ('user', 'api_client', 'system')) not valid;
drop function app.enter_as_portal(uuid, uuid, boolean, uuid);
drop table cairn.portal_sessions;
