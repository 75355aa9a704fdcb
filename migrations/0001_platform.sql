-- Up Migration
-- The ground every module stands on: the tenant context, row security by construction, and the four
-- tables each request may write besides its own (audit, events, outbox, idempotency).

create schema app;
create schema cairn;
comment on schema app is 'Functions only. Never in a search_path: policies must name it in full.';
comment on schema cairn is 'Tables only.';
revoke all on schema public from public;
grant usage on schema public, app, cairn to cairn_app, cairn_relay;

-- The practice of this transaction. It raises when none is set: a silently empty list
-- ("no risk flags") is dangerous in a clinic.
create function app.current_practice() returns uuid
  language plpgsql stable parallel safe
as $$
declare
  practice text := current_setting('app.practice_id', true);
begin
  if practice is null or practice = '' then
    raise exception 'app.practice_id is not set' using errcode = '42501';
  end if;
  return practice::uuid;
end
$$;

create function app.current_actor() returns uuid
  language plpgsql stable parallel safe
as $$
declare
  actor text := current_setting('app.actor_id', true);
begin
  if actor is null or actor = '' then
    raise exception 'app.actor_id is not set' using errcode = '42501';
  end if;
  return actor::uuid;
end
$$;

-- Opens the tenant door for this transaction. SET LOCAL as a statement, not set_config(): a cluster
-- forwards only the statement to its workers. `reads_only` lets the commit of a pure read (with its
-- audit row) be asynchronous; a write never asks for it.
create function app.use_practice(practice uuid, actor uuid, reads_only boolean) returns void
  language plpgsql
as $$
begin
  execute format('set local app.practice_id = %L', practice);
  execute format('set local app.actor_id = %L', actor);
  if reads_only then
    set local synchronous_commit = off;
  end if;
end
$$;

-- Makes a table a tenant table: row security enabled and forced, one policy, grants to the runtime
-- role, and distribution where the database is a cluster. Every migration that creates a tenant
-- table ends with it, so a table cannot forget its fence.
create procedure app.tenant_table(name text, app_rights text)
  language plpgsql
as $$
begin
  execute format('alter table cairn.%I enable row level security', name);
  execute format('alter table cairn.%I force row level security', name);
  execute format(
    'create policy tenant on cairn.%I for all to cairn_app using (practice_id = app.current_practice()) with check (practice_id = app.current_practice())',
    name);
  if app_rights <> '' then
    execute format('grant %s on cairn.%I to cairn_app', app_rights, name);
  end if;
  if exists (select from pg_extension where extname = 'citus') and name <> 'practices' then
    execute format('select create_distributed_table(%L, ''practice_id'', colocate_with := ''cairn.practices'')', 'cairn.' || name);
  end if;
end
$$;

-- A table the relay works on across practices. Thin by rule: ids, types and times, never PHI.
create procedure app.relay_table(name text, relay_rights text)
  language plpgsql
as $$
begin
  execute format('create policy relay on cairn.%I for all to cairn_relay using (true) with check (true)', name);
  execute format('grant %s on cairn.%I to cairn_relay', relay_rights, name);
end
$$;

create table cairn.practices (
  practice_id uuid not null default uuidv7(),
  name text not null,
  time_zone text not null,
  jurisdiction text not null,
  phone text,
  email text,
  npi text,
  policies jsonb not null default '{}',
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint practices_pkey primary key (practice_id),
  constraint practices_status_check check (status in ('active', 'closed'))
);
call app.tenant_table('practices', 'select, insert, update');

-- Wrapped keys of a practice (envelope encryption). Destroying them shreds what they sealed.
create table cairn.practice_keys (
  practice_id uuid not null,
  purpose text not null,
  key_version integer not null,
  kek_version integer not null,
  wrapped bytea not null,
  state text not null default 'current',
  created_at timestamptz not null default now(),
  constraint practice_keys_pkey primary key (practice_id, purpose, key_version),
  constraint practice_keys_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint practice_keys_purpose_check check (purpose in ('data', 'index')),
  constraint practice_keys_state_check check (state in ('current', 'retired', 'destroyed'))
);
call app.tenant_table('practice_keys', 'select, insert');

-- One row per access, read or write, granted or denied. Ids and field names, never values.
create table cairn.audit_log (
  practice_id uuid not null,
  occurred_at timestamptz not null default now(),
  id uuid not null default uuidv7(),
  actor_kind text not null,
  actor_id uuid not null,
  session_id uuid,
  request_id text not null,
  operation text not null,
  decision text not null,
  outcome text,
  purpose text not null,
  resource_type text,
  resource_id uuid,
  chart_id uuid,
  client_ids uuid[] not null default '{}',
  fields text[] not null default '{}',
  emergency_access_id uuid,
  remote_address inet,
  constraint audit_log_pkey primary key (practice_id, occurred_at, id),
  constraint audit_log_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint audit_log_actor_kind_check check (actor_kind in ('user', 'api_client', 'system')),
  constraint audit_log_decision_check check (decision in ('granted', 'denied')),
  constraint audit_log_purpose_check check (purpose in ('treatment', 'payment', 'operations', 'emergency'))
) partition by range (occurred_at);
create index audit_log_resource on cairn.audit_log (practice_id, resource_type, resource_id, occurred_at desc);
create index audit_log_chart on cairn.audit_log (practice_id, chart_id, occurred_at desc) where chart_id is not null;
create index audit_log_actor on cairn.audit_log (practice_id, actor_id, occurred_at desc);
create index audit_log_occurred on cairn.audit_log (occurred_at);
call app.tenant_table('audit_log', 'select, insert');
grant select (practice_id, occurred_at, id) on cairn.audit_log to cairn_relay;
create policy relay on cairn.audit_log for select to cairn_relay using (true);

-- The chain over the audit log, one per practice, appended by the sealer.
create table cairn.audit_seals (
  practice_id uuid not null,
  sequence bigint not null,
  occurred_at timestamptz not null,
  audit_id uuid not null,
  hash bytea not null,
  sealed_at timestamptz not null default now(),
  constraint audit_seals_pkey primary key (practice_id, sequence),
  constraint audit_seals_audit_key unique (practice_id, audit_id),
  constraint audit_seals_practice_fkey foreign key (practice_id) references cairn.practices (practice_id)
);
create index audit_seals_occurred on cairn.audit_seals (practice_id, occurred_at);
call app.tenant_table('audit_seals', 'select, insert');
grant select (practice_id, audit_id) on cairn.audit_seals to cairn_relay;
create policy relay on cairn.audit_seals for select to cairn_relay using (true);

-- Thin domain events: ids, type, version.
create table cairn.events (
  practice_id uuid not null,
  occurred_at timestamptz not null default now(),
  id uuid not null default uuidv7(),
  type text not null,
  resource_type text not null,
  resource_id uuid not null,
  resource_version integer,
  chart_id uuid,
  constraint events_pkey primary key (practice_id, occurred_at, id),
  constraint events_practice_fkey foreign key (practice_id) references cairn.practices (practice_id)
) partition by range (occurred_at);
create index events_chart on cairn.events (practice_id, chart_id, occurred_at, id) where chart_id is not null;
call app.tenant_table('events', 'select, insert');
call app.relay_table('events', 'select');

-- What the relay has not numbered yet. Written with the event, removed with its number.
create table cairn.event_backlog (
  practice_id uuid not null,
  id uuid not null,
  occurred_at timestamptz not null default now(),
  constraint event_backlog_pkey primary key (practice_id, id),
  constraint event_backlog_practice_fkey foreign key (practice_id) references cairn.practices (practice_id)
);
call app.tenant_table('event_backlog', 'insert');
call app.relay_table('event_backlog', 'select, delete');

create table cairn.event_counters (
  practice_id uuid not null,
  last_position bigint not null default 0,
  constraint event_counters_pkey primary key (practice_id),
  constraint event_counters_practice_fkey foreign key (practice_id) references cairn.practices (practice_id)
);
call app.tenant_table('event_counters', 'select');
call app.relay_table('event_counters', 'select, insert, update');

-- The order in which readers see events: given after commit, so a late commit is never skipped.
create table cairn.event_positions (
  practice_id uuid not null,
  position bigint not null,
  event_id uuid not null,
  occurred_at timestamptz not null,
  constraint event_positions_pkey primary key (practice_id, position),
  constraint event_positions_event_key unique (practice_id, event_id),
  constraint event_positions_practice_fkey foreign key (practice_id) references cairn.practices (practice_id)
);
call app.tenant_table('event_positions', 'select');
call app.relay_table('event_positions', 'select, insert');

-- Later work, written in the same transaction as its cause; the relay hands it to the job queue.
create table cairn.outbox (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null,
  subject_id uuid not null,
  created_at timestamptz not null default now(),
  run_after timestamptz not null default now(),
  handed_over_at timestamptz,
  done_at timestamptz,
  constraint outbox_pkey primary key (practice_id, id),
  constraint outbox_practice_fkey foreign key (practice_id) references cairn.practices (practice_id)
);
create index outbox_waiting on cairn.outbox (run_after) where handed_over_at is null;
create index outbox_done on cairn.outbox (done_at) where done_at is not null;
-- A job knows only this id; whose it is stands in the row, which row security let only its practice write.
create index outbox_id on cairn.outbox (id);
call app.tenant_table('outbox', 'select, insert, update');
call app.relay_table('outbox', 'select, update, delete');

create table cairn.idempotency_keys (
  practice_id uuid not null,
  actor_id uuid not null,
  key text not null,
  fingerprint bytea not null,
  status integer,
  location text,
  response bytea,
  doors jsonb not null default '[]',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '48 hours',
  constraint idempotency_keys_pkey primary key (practice_id, actor_id, key),
  constraint idempotency_keys_practice_fkey foreign key (practice_id) references cairn.practices (practice_id)
);
create index idempotency_keys_expiry on cairn.idempotency_keys (practice_id, expires_at);
call app.tenant_table('idempotency_keys', 'select, insert, update, delete');

-- Which practices exist, for jobs that visit each of them. Ids only.
create table cairn.practice_directory (
  practice_id uuid not null,
  created_at timestamptz not null default now(),
  constraint practice_directory_pkey primary key (practice_id)
);
comment on table cairn.practice_directory is 'global: ids of practices, no tenant data';
grant select, insert on cairn.practice_directory to cairn_app;
grant select on cairn.practice_directory to cairn_relay;

-- Creates the monthly partitions from this month to `months_ahead`. SECURITY DEFINER because the
-- runtime roles have no DDL; it takes no text from its caller.
create function app.ensure_partitions(months_ahead integer) returns integer
  language plpgsql security definer set search_path = pg_catalog
as $$
declare
  parent text;
  month date;
  made integer := 0;
begin
  foreach parent in array array['audit_log', 'events'] loop
    for month in
      select generate_series(
        date_trunc('month', now() at time zone 'UTC') - interval '1 month',
        date_trunc('month', now() at time zone 'UTC') + make_interval(months => least(months_ahead, 24)),
        interval '1 month')::date
    loop
      if to_regclass(format('cairn.%I', parent || to_char(month, '_YYYY_MM'))) is null then
        execute format('create table cairn.%I partition of cairn.%I for values from (%L) to (%L)',
          parent || to_char(month, '_YYYY_MM'), parent,
          month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end
$$;
revoke all on function app.ensure_partitions(integer) from public;
grant execute on function app.ensure_partitions(integer) to cairn_relay;
select app.ensure_partitions(6);

grant execute on function app.current_practice(), app.current_actor(), app.use_practice(uuid, uuid, boolean) to cairn_app, cairn_relay;

-- Down Migration
drop schema cairn cascade;
drop schema app cascade;
