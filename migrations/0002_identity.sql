-- Up Migration
-- People who sign in, what they are in each practice, their sessions, and machine clients.
-- A user is a person and may work in several practices, so users are global; what a user is in a
-- practice is that practice's own and fenced.

create table cairn.users (
  id uuid not null default uuidv7(),
  email text not null,
  email_normalized text not null,
  password_hash text,
  password_changed_at timestamptz,
  totp_secret bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  status text not null default 'active',
  version integer not null default 1,
  created_at timestamptz not null default now(),
  constraint users_pkey primary key (id),
  constraint users_email_key unique (email_normalized),
  constraint users_status_check check (status in ('active', 'disabled'))
);
comment on table cairn.users is 'global: people who sign in; no practice data';
grant select, insert, update on cairn.users to cairn_app;

create table cairn.user_recovery_codes (
  user_id uuid not null,
  code_hash bytea not null,
  used_at timestamptz,
  constraint user_recovery_codes_pkey primary key (user_id, code_hash),
  constraint user_recovery_codes_user_fkey foreign key (user_id) references cairn.users (id)
);
comment on table cairn.user_recovery_codes is 'global: belongs to users';
grant select, insert, update, delete on cairn.user_recovery_codes to cairn_app;

create table cairn.password_resets (
  id uuid not null default uuidv7(),
  user_id uuid not null,
  secret_hash bytea not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now(),
  constraint password_resets_pkey primary key (id),
  constraint password_resets_user_fkey foreign key (user_id) references cairn.users (id)
);
comment on table cairn.password_resets is 'global: belongs to users';
grant select, insert, update, delete on cairn.password_resets to cairn_app;

-- Where a user may sign in. Ids only: the rest is behind each practice's fence.
create table cairn.sign_in_directory (
  user_id uuid not null,
  practice_id uuid not null,
  staff_id uuid not null,
  constraint sign_in_directory_pkey primary key (user_id, practice_id),
  constraint sign_in_directory_user_fkey foreign key (user_id) references cairn.users (id)
);
comment on table cairn.sign_in_directory is 'global: ids only';
grant select, insert, delete on cairn.sign_in_directory to cairn_app;

-- Failures per account and per address (both as keyed hashes), kept here so that a restart or a second
-- process does not forget them.
create table cairn.sign_in_attempts (
  id uuid not null default uuidv7(),
  subject bytea not null,
  occurred_at timestamptz not null default now(),
  constraint sign_in_attempts_pkey primary key (id)
);
create index sign_in_attempts_subject on cairn.sign_in_attempts (subject, occurred_at);
comment on table cairn.sign_in_attempts is 'global: before sign-in no practice is known';
grant select, insert, delete on cairn.sign_in_attempts to cairn_app;

-- Sign-ins and refusals before a practice is known. Never an address of a person, never a password.
create table cairn.authentication_log (
  id uuid not null default uuidv7(),
  occurred_at timestamptz not null default now(),
  user_id uuid,
  operation text not null,
  outcome text not null,
  request_id text not null,
  remote_address inet,
  constraint authentication_log_pkey primary key (id)
);
comment on table cairn.authentication_log is 'global: before sign-in no practice is known';
grant insert on cairn.authentication_log to cairn_app;

create table cairn.staff_members (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  user_id uuid,
  email text not null,
  email_normalized text not null,
  given_name text not null,
  family_name text not null,
  display_name text not null,
  title text,
  roles text[] not null,
  roles_version integer not null default 1,
  status text not null default 'invited',
  npi text,
  supervisor_id uuid,
  cosign_required boolean not null default false,
  supervision_for_training boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint staff_members_pkey primary key (practice_id, id),
  constraint staff_members_email_key unique (practice_id, email_normalized),
  constraint staff_members_user_key unique (practice_id, user_id),
  constraint staff_members_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint staff_members_supervisor_fkey foreign key (practice_id, supervisor_id) references cairn.staff_members (practice_id, id),
  constraint staff_members_supervisor_check check (supervisor_id <> id),
  constraint staff_members_status_check check (status in ('invited', 'active', 'disabled')),
  constraint staff_members_roles_check check (roles <@ array['owner', 'admin', 'clinician', 'supervisor', 'biller'] and cardinality(roles) > 0)
);
create index staff_members_supervisor on cairn.staff_members (practice_id, supervisor_id) where supervisor_id is not null;
call app.tenant_table('staff_members', 'select, insert, update');

create table cairn.invitations (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  staff_id uuid not null,
  secret_hash bytea not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  constraint invitations_pkey primary key (practice_id, id),
  constraint invitations_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id)
);
create unique index invitations_open on cairn.invitations (practice_id, staff_id) where accepted_at is null and revoked_at is null;
call app.tenant_table('invitations', 'select, insert, update');

-- A session is a family of refresh tokens. Only the newest is valid; its predecessor is answered with
-- the same successor for a few seconds (two tabs), anything older ends the family.
create table cairn.sessions (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  user_id uuid not null,
  staff_id uuid not null,
  refresh_hash bytea not null,
  refresh_generation integer not null default 1,
  rotated_at timestamptz not null default now(),
  mfa_at timestamptz,
  created_at timestamptz not null default now(),
  idle_expires_at timestamptz not null,
  absolute_expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  constraint sessions_pkey primary key (practice_id, id),
  constraint sessions_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint sessions_end_reason_check check (end_reason in ('signed_out', 'reused', 'disabled', 'password_changed', 'expired'))
);
create index sessions_user on cairn.sessions (practice_id, user_id) where ended_at is null;
call app.tenant_table('sessions', 'select, insert, update, delete');

create table cairn.api_clients (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  name text not null,
  scopes text[] not null,
  secret_hash bytea,
  public_jwk jsonb,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_by uuid not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint api_clients_pkey primary key (practice_id, id),
  constraint api_clients_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint api_clients_credential_check check (secret_hash is not null or public_jwk is not null)
);
call app.tenant_table('api_clients', 'select, insert, update');

-- private_key_jwt assertions already used, so that none works twice.
create table cairn.api_client_assertions (
  practice_id uuid not null,
  client_id uuid not null,
  jti text not null,
  expires_at timestamptz not null,
  constraint api_client_assertions_pkey primary key (practice_id, client_id, jti),
  constraint api_client_assertions_client_fkey foreign key (practice_id, client_id) references cairn.api_clients (practice_id, id)
);
call app.tenant_table('api_client_assertions', 'select, insert, delete');

-- Down Migration
drop table cairn.api_client_assertions, cairn.api_clients, cairn.sessions, cairn.invitations, cairn.staff_members,
  cairn.authentication_log, cairn.sign_in_attempts, cairn.sign_in_directory, cairn.password_resets,
  cairn.user_recovery_codes, cairn.users;
