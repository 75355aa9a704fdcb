-- Up Migration
-- People who sign in, what they are in each practice, their sessions, and machine clients.
-- A user is a person and may work in several practices, so users are global; what a user is in a
-- practice is that practice's own and fenced.

-- `credentials_version` grows when password or second factor change: sessions of another version are over,
-- in every practice at once. `totp_pending` becomes `totp_secret` when its first code is confirmed.
create table cairn.users (
  id uuid not null default uuidv7(),
  email text not null,
  email_normalized text not null,
  password_hash text,
  password_changed_at timestamptz,
  totp_secret bytea,
  totp_pending bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  credentials_version integer not null default 1,
  status text not null default 'active',
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

-- Single-use credentials of a person who is not signed in: a password reset, or the enrolment of a second
-- factor that the practice demands before the first sign-in.
create table cairn.user_tokens (
  id uuid not null default uuidv7(),
  user_id uuid not null,
  purpose text not null,
  secret_hash bytea not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now(),
  constraint user_tokens_pkey primary key (id),
  constraint user_tokens_user_fkey foreign key (user_id) references cairn.users (id),
  constraint user_tokens_purpose_check check (purpose in ('password_reset', 'mfa_setup'))
);
create index user_tokens_user on cairn.user_tokens (user_id, purpose);
comment on table cairn.user_tokens is 'global: belongs to users';
grant select, insert, update, delete on cairn.user_tokens to cairn_app;

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
create index sign_in_attempts_occurred on cairn.sign_in_attempts (occurred_at);
comment on table cairn.sign_in_attempts is 'global: before sign-in no practice is known';
grant select, insert, delete on cairn.sign_in_attempts to cairn_app;

-- Addresses from which an account signed in, as keyed hashes: failures elsewhere do not lock it there.
create table cairn.sign_in_addresses (
  account bytea not null,
  address bytea not null,
  last_seen_at timestamptz not null default now(),
  constraint sign_in_addresses_pkey primary key (account, address)
);
create index sign_in_addresses_seen on cairn.sign_in_addresses (last_seen_at);
comment on table cairn.sign_in_addresses is 'global: before sign-in no practice is known';
grant select, insert, update, delete on cairn.sign_in_addresses to cairn_app;

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

-- A session is a family of refresh tokens. Only the newest is valid. `previous_hash` and the sealed
-- `successor` let its immediate predecessor be answered with the same token for a few seconds (two tabs, a
-- lost answer); anything older ends the family.
create table cairn.sessions (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  user_id uuid not null,
  staff_id uuid not null,
  credentials_version integer not null default 1,
  refresh_hash bytea not null,
  refresh_generation integer not null default 1,
  previous_hash bytea,
  successor bytea,
  rotated_at timestamptz not null default now(),
  mfa_at timestamptz,
  created_at timestamptz not null default now(),
  idle_expires_at timestamptz not null,
  absolute_expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  constraint sessions_pkey primary key (practice_id, id),
  constraint sessions_staff_fkey foreign key (practice_id, staff_id) references cairn.staff_members (practice_id, id),
  constraint sessions_end_check check ((ended_at is null) = (end_reason is null)),
  constraint sessions_end_reason_check check (end_reason in ('signed_out', 'revoked', 'reused', 'disabled', 'expired'))
);
create index sessions_user on cairn.sessions (practice_id, user_id) where ended_at is null;
create index sessions_staff on cairn.sessions (practice_id, staff_id) where ended_at is null;
create index sessions_expiry on cairn.sessions (practice_id, absolute_expires_at);
call app.tenant_table('sessions', 'select, insert, update, delete');

-- Hashes of refresh tokens that were rotated away: only a token that was really given out ends its family,
-- so knowing a session's id is not enough to end it.
create table cairn.session_past_tokens (
  practice_id uuid not null,
  session_id uuid not null,
  secret_hash bytea not null,
  constraint session_past_tokens_pkey primary key (practice_id, session_id, secret_hash),
  constraint session_past_tokens_session_fkey foreign key (practice_id, session_id) references cairn.sessions (practice_id, id)
    on delete cascade
);
call app.tenant_table('session_past_tokens', 'select, insert, delete');

-- Mail to members of staff, sealed until it is sent and emptied then: it may hold a secret.
create table cairn.mails (
  practice_id uuid not null,
  id uuid not null default uuidv7(),
  content bytea,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  constraint mails_pkey primary key (practice_id, id),
  constraint mails_practice_fkey foreign key (practice_id) references cairn.practices (practice_id),
  constraint mails_content_check check (content is not null or sent_at is not null)
);
create index mails_created on cairn.mails (practice_id, created_at);
call app.tenant_table('mails', 'select, insert, update, delete');

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
drop table cairn.api_client_assertions, cairn.api_clients, cairn.mails, cairn.session_past_tokens, cairn.sessions,
  cairn.invitations, cairn.staff_members, cairn.authentication_log, cairn.sign_in_addresses, cairn.sign_in_attempts,
  cairn.sign_in_directory, cairn.user_tokens, cairn.user_recovery_codes, cairn.users;
