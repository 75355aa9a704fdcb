-- Generated from the migrations by `npm run database-files`. Do not edit.

table api_client_assertions (row security forced)
  practice_id uuid not null
  client_id uuid not null
  jti text not null
  expires_at timestamp with time zone not null
  constraint api_client_assertions_pkey PRIMARY KEY (practice_id, client_id, jti)
  constraint api_client_assertions_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.api_clients(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table api_clients (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  name text not null
  scopes text[] not null
  secret_hash bytea
  public_jwk jsonb
  expires_at timestamp with time zone
  last_used_at timestamp with time zone
  revoked_at timestamp with time zone
  created_by uuid not null
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint api_clients_pkey PRIMARY KEY (practice_id, id)
  constraint api_clients_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint api_clients_credential_check CHECK (((secret_hash IS NOT NULL) OR (public_jwk IS NOT NULL)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table appointments (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  service_id uuid not null
  clinician_id uuid not null
  location_id uuid
  room_id uuid
  mode text not null
  time_zone text not null
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  status text not null default 'booked'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint appointments_pkey PRIMARY KEY (practice_id, id)
  constraint appointments_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint appointments_clinician_fkey FOREIGN KEY (practice_id, clinician_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint appointments_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint appointments_room_fkey FOREIGN KEY (practice_id, location_id, room_id) REFERENCES cairn.rooms(practice_id, location_id, id)
  constraint appointments_service_fkey FOREIGN KEY (practice_id, service_id) REFERENCES cairn.services(practice_id, id)
  constraint appointments_mode_check CHECK ((mode = ANY (ARRAY['in_person'::text, 'telehealth'::text])))
  constraint appointments_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'attended'::text, 'no_show'::text, 'canceled'::text])))
  constraint appointments_times_check CHECK ((ends_at > starts_at))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table audit_log (row security forced)
  practice_id uuid not null
  occurred_at timestamp with time zone not null default now()
  id uuid not null default uuidv7()
  actor_kind text not null
  actor_id uuid not null
  session_id uuid
  request_id text not null
  operation text not null
  decision text not null
  outcome text
  purpose text not null
  resource_type text
  resource_id uuid
  chart_id uuid
  client_ids uuid[] not null default '{}'::uuid[]
  fields text[] not null default '{}'::text[]
  emergency_access_id uuid
  remote_address inet
  constraint audit_log_pkey PRIMARY KEY (practice_id, occurred_at, id)
  constraint audit_log_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint audit_log_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_client'::text, 'system'::text])))
  constraint audit_log_decision_check CHECK ((decision = ANY (ARRAY['granted'::text, 'denied'::text])))
  constraint audit_log_purpose_check CHECK ((purpose = ANY (ARRAY['treatment'::text, 'payment'::text, 'operations'::text, 'emergency'::text])))
  CREATE INDEX audit_log_chart ON ONLY cairn.audit_log USING btree (practice_id, chart_id, occurred_at DESC) WHERE (chart_id IS NOT NULL)
  CREATE INDEX audit_log_occurred ON ONLY cairn.audit_log USING btree (occurred_at)
  CREATE INDEX audit_log_resource ON ONLY cairn.audit_log USING btree (practice_id, resource_type, resource_id, occurred_at DESC)
  policy relay to cairn_relay using (true) check ()
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table audit_seals (row security forced)
  practice_id uuid not null
  sequence bigint not null
  occurred_at timestamp with time zone not null
  audit_id uuid not null
  hash bytea not null
  sealed_at timestamp with time zone not null default now()
  constraint audit_seals_audit_key UNIQUE (practice_id, audit_id)
  constraint audit_seals_pkey PRIMARY KEY (practice_id, sequence)
  constraint audit_seals_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  policy relay to cairn_relay using (true) check ()
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table authentication_log (global: before sign-in no practice is known)
  id uuid not null default uuidv7()
  occurred_at timestamp with time zone not null default now()
  user_id uuid
  operation text not null
  outcome text not null
  request_id text not null
  remote_address inet
  constraint authentication_log_pkey PRIMARY KEY (id)
  grant insert to cairn_app

table care_team_members (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  staff_id uuid not null
  role text not null
  starts_on date not null default CURRENT_DATE
  ends_on date
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  constraint care_team_members_pkey PRIMARY KEY (practice_id, id)
  constraint care_team_members_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint care_team_members_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint care_team_members_dates_check CHECK ((ends_on >= starts_on))
  constraint care_team_members_role_check CHECK ((role = ANY (ARRAY['primary'::text, 'co_therapist'::text, 'consultant'::text, 'covering'::text])))
  CREATE INDEX care_team_members_staff ON cairn.care_team_members USING btree (practice_id, staff_id, chart_id)
  CREATE UNIQUE INDEX care_team_members_present ON cairn.care_team_members USING btree (practice_id, chart_id, staff_id) WHERE (ends_on IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table chart_members (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_id uuid not null
  joined_at timestamp with time zone not null default now()
  left_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  constraint chart_members_pkey PRIMARY KEY (practice_id, id)
  constraint chart_members_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint chart_members_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint chart_members_dates_check CHECK ((left_at >= joined_at))
  CREATE INDEX chart_members_client ON cairn.chart_members USING btree (practice_id, client_id, chart_id)
  CREATE UNIQUE INDEX chart_members_present ON cairn.chart_members USING btree (practice_id, chart_id, client_id) WHERE (left_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table charts (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  kind text not null
  name text
  status text not null default 'open'::text
  opened_at timestamp with time zone not null default now()
  closed_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint charts_pkey PRIMARY KEY (practice_id, id)
  constraint charts_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint charts_kind_check CHECK ((kind = ANY (ARRAY['individual'::text, 'couple'::text, 'group'::text])))
  constraint charts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table clients (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  legal_given_name text not null
  legal_family_name text not null
  preferred_name text
  pronouns text
  birth_date date
  sex_recorded_at_birth text
  gender text
  languages text[] not null default '{}'::text[]
  status text not null default 'inquiry'::text
  status_changed_at timestamp with time zone not null default now()
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint clients_pkey PRIMARY KEY (practice_id, id)
  constraint clients_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint clients_status_check CHECK ((status = ANY (ARRAY['inquiry'::text, 'waitlisted'::text, 'active'::text, 'inactive'::text, 'discharged'::text, 'deceased'::text, 'merged'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table event_backlog (row security forced)
  practice_id uuid not null
  id uuid not null
  occurred_at timestamp with time zone not null default now()
  constraint event_backlog_pkey PRIMARY KEY (practice_id, id)
  constraint event_backlog_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  policy relay to cairn_relay using (true) check (true)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert to cairn_app
  grant delete, select to cairn_relay

table event_counters (row security forced)
  practice_id uuid not null
  last_position bigint not null default 0
  constraint event_counters_pkey PRIMARY KEY (practice_id)
  constraint event_counters_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  policy relay to cairn_relay using (true) check (true)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant select to cairn_app
  grant insert, select, update to cairn_relay

table event_positions (row security forced)
  practice_id uuid not null
  position bigint not null
  event_id uuid not null
  occurred_at timestamp with time zone not null
  constraint event_positions_event_key UNIQUE (practice_id, event_id)
  constraint event_positions_pkey PRIMARY KEY (practice_id, "position")
  constraint event_positions_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  policy relay to cairn_relay using (true) check (true)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant select to cairn_app
  grant insert, select to cairn_relay

table events (row security forced)
  practice_id uuid not null
  occurred_at timestamp with time zone not null default now()
  id uuid not null default uuidv7()
  type text not null
  resource_type text not null
  resource_id uuid not null
  resource_version integer
  chart_id uuid
  constraint events_pkey PRIMARY KEY (practice_id, occurred_at, id)
  constraint events_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  CREATE INDEX events_chart ON ONLY cairn.events USING btree (practice_id, chart_id, occurred_at, id) WHERE (chart_id IS NOT NULL)
  policy relay to cairn_relay using (true) check (true)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app
  grant select to cairn_relay

table idempotency_keys (row security forced)
  practice_id uuid not null
  actor_id uuid not null
  key text not null
  fingerprint bytea not null
  status integer
  location text
  response bytea
  doors jsonb not null default '[]'::jsonb
  created_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null default (now() + '48:00:00'::interval)
  constraint idempotency_keys_pkey PRIMARY KEY (practice_id, actor_id, key)
  constraint idempotency_keys_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  CREATE INDEX idempotency_keys_expiry ON cairn.idempotency_keys USING btree (practice_id, expires_at)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table invitations (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  staff_id uuid not null
  secret_hash bytea not null
  expires_at timestamp with time zone not null
  accepted_at timestamp with time zone
  revoked_at timestamp with time zone
  created_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint invitations_pkey PRIMARY KEY (practice_id, id)
  constraint invitations_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  CREATE UNIQUE INDEX invitations_open ON cairn.invitations USING btree (practice_id, staff_id) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table locations (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  name text not null
  time_zone text not null
  address jsonb
  phone text
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint locations_name_key UNIQUE (practice_id, name)
  constraint locations_pkey PRIMARY KEY (practice_id, id)
  constraint locations_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint locations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'closed'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table outbox (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  kind text not null
  subject_id uuid
  created_at timestamp with time zone not null default now()
  run_after timestamp with time zone not null default now()
  handed_over_at timestamp with time zone
  done_at timestamp with time zone
  constraint outbox_pkey PRIMARY KEY (practice_id, id)
  constraint outbox_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  CREATE INDEX outbox_waiting ON cairn.outbox USING btree (run_after) WHERE (handed_over_at IS NULL)
  policy relay to cairn_relay using (true) check (true)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app
  grant delete, select, update to cairn_relay

table password_resets (global: belongs to users)
  id uuid not null default uuidv7()
  user_id uuid not null
  secret_hash bytea not null
  expires_at timestamp with time zone not null
  used_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  constraint password_resets_pkey PRIMARY KEY (id)
  constraint password_resets_user_fkey FOREIGN KEY (user_id) REFERENCES cairn.users(id)
  grant delete, insert, select, update to cairn_app

table practice_directory (global: ids of practices, no tenant data)
  practice_id uuid not null
  created_at timestamp with time zone not null default now()
  constraint practice_directory_pkey PRIMARY KEY (practice_id)
  grant insert, select to cairn_app
  grant select to cairn_relay

table practice_keys (row security forced)
  practice_id uuid not null
  purpose text not null
  key_version integer not null
  kek_version integer not null
  wrapped bytea not null
  state text not null default 'current'::text
  created_at timestamp with time zone not null default now()
  constraint practice_keys_pkey PRIMARY KEY (practice_id, purpose, key_version)
  constraint practice_keys_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint practice_keys_purpose_check CHECK ((purpose = ANY (ARRAY['data'::text, 'index'::text])))
  constraint practice_keys_state_check CHECK ((state = ANY (ARRAY['current'::text, 'retired'::text, 'destroyed'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table practices (row security forced)
  practice_id uuid not null default uuidv7()
  name text not null
  time_zone text not null
  jurisdiction text not null
  phone text
  email text
  npi text
  policies jsonb not null default '{}'::jsonb
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint practices_pkey PRIMARY KEY (practice_id)
  constraint practices_status_check CHECK ((status = ANY (ARRAY['active'::text, 'closed'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table rooms (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  location_id uuid not null
  name text not null
  capacity integer not null default 2
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint rooms_location_key UNIQUE (practice_id, location_id, id)
  constraint rooms_name_key UNIQUE (practice_id, location_id, name)
  constraint rooms_pkey PRIMARY KEY (practice_id, id)
  constraint rooms_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint rooms_capacity_check CHECK (((capacity >= 1) AND (capacity <= 200)))
  constraint rooms_status_check CHECK ((status = ANY (ARRAY['active'::text, 'closed'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table services (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  name text not null
  kind text not null
  duration_minutes integer not null
  buffer_before_minutes integer not null default 0
  buffer_after_minutes integer not null default 0
  modes text[] not null
  default_code text
  fee_amount bigint
  fee_currency text
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint services_name_key UNIQUE (practice_id, name)
  constraint services_pkey PRIMARY KEY (practice_id, id)
  constraint services_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint services_buffers_check CHECK ((((buffer_before_minutes >= 0) AND (buffer_before_minutes <= 240)) AND ((buffer_after_minutes >= 0) AND (buffer_after_minutes <= 240))))
  constraint services_duration_check CHECK (((duration_minutes >= 5) AND (duration_minutes <= 1440)))
  constraint services_fee_check CHECK ((((fee_amount IS NULL) = (fee_currency IS NULL)) AND (fee_amount >= 0)))
  constraint services_kind_check CHECK ((kind = ANY (ARRAY['individual'::text, 'couple'::text, 'group'::text, 'intensive'::text])))
  constraint services_modes_check CHECK (((modes <@ ARRAY['in_person'::text, 'telehealth'::text]) AND (cardinality(modes) > 0)))
  constraint services_status_check CHECK ((status = ANY (ARRAY['active'::text, 'retired'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table sessions (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  user_id uuid not null
  staff_id uuid not null
  refresh_hash bytea not null
  refresh_generation integer not null default 1
  rotated_at timestamp with time zone not null default now()
  mfa_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  idle_expires_at timestamp with time zone not null
  absolute_expires_at timestamp with time zone not null
  ended_at timestamp with time zone
  end_reason text
  constraint sessions_pkey PRIMARY KEY (practice_id, id)
  constraint sessions_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint sessions_end_reason_check CHECK ((end_reason = ANY (ARRAY['signed_out'::text, 'reused'::text, 'disabled'::text, 'password_changed'::text, 'expired'::text])))
  CREATE INDEX sessions_user ON cairn.sessions USING btree (practice_id, user_id) WHERE (ended_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table sign_in_attempts (global: before sign-in no practice is known)
  id uuid not null default uuidv7()
  subject bytea not null
  occurred_at timestamp with time zone not null default now()
  constraint sign_in_attempts_pkey PRIMARY KEY (id)
  CREATE INDEX sign_in_attempts_subject ON cairn.sign_in_attempts USING btree (subject, occurred_at)
  grant delete, insert, select to cairn_app

table sign_in_directory (global: ids only)
  user_id uuid not null
  practice_id uuid not null
  staff_id uuid not null
  constraint sign_in_directory_pkey PRIMARY KEY (user_id, practice_id)
  constraint sign_in_directory_user_fkey FOREIGN KEY (user_id) REFERENCES cairn.users(id)
  grant delete, insert, select to cairn_app

table staff_credentials (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  staff_id uuid not null
  code text not null
  issuer text not null
  status text not null
  number text
  issued_on date
  expires_on date
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint staff_credentials_code_key UNIQUE (practice_id, staff_id, code)
  constraint staff_credentials_pkey PRIMARY KEY (practice_id, id)
  constraint staff_credentials_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint staff_credentials_dates_check CHECK ((expires_on >= issued_on))
  constraint staff_credentials_status_check CHECK ((status = ANY (ARRAY['candidate'::text, 'held'::text, 'lapsed'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table staff_licenses (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  staff_id uuid not null
  profession text not null
  state text not null
  license_type text not null
  number text not null
  status text not null
  issued_on date
  expires_on date
  source text
  verified_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint staff_licenses_number_key UNIQUE (practice_id, state, license_type, number)
  constraint staff_licenses_pkey PRIMARY KEY (practice_id, id)
  constraint staff_licenses_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint staff_licenses_dates_check CHECK ((expires_on >= issued_on))
  constraint staff_licenses_status_check CHECK ((status = ANY (ARRAY['active'::text, 'expired'::text, 'suspended'::text, 'surrendered'::text])))
  CREATE INDEX staff_licenses_expiry ON cairn.staff_licenses USING btree (practice_id, expires_on, id)
  CREATE INDEX staff_licenses_staff ON cairn.staff_licenses USING btree (practice_id, staff_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table staff_members (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  user_id uuid
  email text not null
  email_normalized text not null
  given_name text not null
  family_name text not null
  display_name text not null
  title text
  roles text[] not null
  roles_version integer not null default 1
  status text not null default 'invited'::text
  npi text
  supervisor_id uuid
  cosign_required boolean not null default false
  supervision_for_training boolean not null default false
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint staff_members_email_key UNIQUE (practice_id, email_normalized)
  constraint staff_members_user_key UNIQUE (practice_id, user_id)
  constraint staff_members_pkey PRIMARY KEY (practice_id, id)
  constraint staff_members_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint staff_members_supervisor_fkey FOREIGN KEY (practice_id, supervisor_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint staff_members_roles_check CHECK (((roles <@ ARRAY['owner'::text, 'admin'::text, 'clinician'::text, 'supervisor'::text, 'biller'::text]) AND (cardinality(roles) > 0)))
  constraint staff_members_status_check CHECK ((status = ANY (ARRAY['invited'::text, 'active'::text, 'disabled'::text])))
  constraint staff_members_supervisor_check CHECK ((supervisor_id <> id))
  CREATE INDEX staff_members_supervisor ON cairn.staff_members USING btree (practice_id, supervisor_id) WHERE (supervisor_id IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table user_recovery_codes (global: belongs to users)
  user_id uuid not null
  code_hash bytea not null
  used_at timestamp with time zone
  constraint user_recovery_codes_pkey PRIMARY KEY (user_id, code_hash)
  constraint user_recovery_codes_user_fkey FOREIGN KEY (user_id) REFERENCES cairn.users(id)
  grant delete, insert, select, update to cairn_app

table users (global: people who sign in; no practice data)
  id uuid not null default uuidv7()
  email text not null
  email_normalized text not null
  password_hash text
  password_changed_at timestamp with time zone
  totp_secret bytea
  totp_confirmed_at timestamp with time zone
  totp_last_step bigint
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  constraint users_email_key UNIQUE (email_normalized)
  constraint users_pkey PRIMARY KEY (id)
  constraint users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
  grant insert, select, update to cairn_app

function app.current_actor()
function app.current_practice()
function app.ensure_partitions(integer) security definer
function app.relay_table(text,text)
function app.tenant_table(text,text)
function app.use_practice(uuid,uuid,boolean)
