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

table appointment_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  appointment_id uuid not null
  appointment_version integer not null
  kind text not null
  actor_kind text not null
  actor_id uuid not null
  staff_id uuid
  clinician_id uuid not null
  location_id uuid
  room_id uuid
  mode text not null
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  reason_code text
  asked_by text
  note bytea
  occurred_at timestamp with time zone not null default now()
  constraint appointment_changes_version_key UNIQUE (practice_id, appointment_id, appointment_version)
  constraint appointment_changes_pkey PRIMARY KEY (practice_id, id)
  constraint appointment_changes_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint appointment_changes_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_client'::text, 'system'::text])))
  constraint appointment_changes_asked_by_check CHECK ((asked_by = ANY (ARRAY['client'::text, 'practice'::text])))
  constraint appointment_changes_kind_check CHECK ((kind = ANY (ARRAY['booked'::text, 'moved'::text, 'canceled'::text, 'uncanceled'::text, 'no_show'::text, 'attended'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  buffer_before_minutes integer not null default 0
  buffer_after_minutes integer not null default 0
  status text not null default 'booked'::text
  canceled_at timestamp with time zone
  cancellation_by text
  cancellation_reason text
  actual_starts_at timestamp with time zone
  actual_ends_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint appointments_pkey PRIMARY KEY (practice_id, id)
  constraint appointments_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint appointments_clinician_fkey FOREIGN KEY (practice_id, clinician_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint appointments_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint appointments_room_fkey FOREIGN KEY (practice_id, location_id, room_id) REFERENCES cairn.rooms(practice_id, location_id, id)
  constraint appointments_service_fkey FOREIGN KEY (practice_id, service_id) REFERENCES cairn.services(practice_id, id)
  constraint appointments_attendance_check CHECK (((num_nonnulls(actual_starts_at, actual_ends_at) =
CASE status
    WHEN 'attended'::text THEN 2
    ELSE 0
END) AND (actual_ends_at > actual_starts_at)))
  constraint appointments_buffers_check CHECK ((((buffer_before_minutes >= 0) AND (buffer_before_minutes <= 240)) AND ((buffer_after_minutes >= 0) AND (buffer_after_minutes <= 240))))
  constraint appointments_cancellation_check CHECK (((num_nonnulls(canceled_at, cancellation_by, cancellation_reason) =
CASE status
    WHEN 'canceled'::text THEN 3
    ELSE 0
END) AND (cancellation_by = ANY (ARRAY['client'::text, 'practice'::text]))))
  constraint appointments_mode_check CHECK ((mode = ANY (ARRAY['in_person'::text, 'telehealth'::text])))
  constraint appointments_place_check CHECK ((((mode = 'in_person'::text) = (location_id IS NOT NULL)) AND ((room_id IS NULL) OR (location_id IS NOT NULL))))
  constraint appointments_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'attended'::text, 'no_show'::text, 'canceled'::text])))
  constraint appointments_times_check CHECK (((ends_at > starts_at) AND (ends_at <= (starts_at + '24:00:00'::interval))))
  CREATE INDEX appointments_calendar ON cairn.appointments USING btree (practice_id, starts_at, id)
  CREATE INDEX appointments_chart ON cairn.appointments USING btree (practice_id, chart_id, starts_at, id)
  CREATE INDEX appointments_clinician ON cairn.appointments USING btree (practice_id, clinician_id, starts_at, id)
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
  CREATE INDEX audit_log_actor ON ONLY cairn.audit_log USING btree (practice_id, actor_id, occurred_at DESC)
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
  CREATE INDEX audit_seals_occurred ON cairn.audit_seals USING btree (practice_id, occurred_at)
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
  starts_on date not null
  ends_on date
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint care_team_members_primary_excl EXCLUDE USING gist (practice_id WITH =, chart_id WITH =, daterange(starts_on, ends_on) WITH &&) WHERE ((role = 'primary'::text))
  constraint care_team_members_staff_excl EXCLUDE USING gist (practice_id WITH =, chart_id WITH =, staff_id WITH =, daterange(starts_on, ends_on) WITH &&)
  constraint care_team_members_pkey PRIMARY KEY (practice_id, id)
  constraint care_team_members_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint care_team_members_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint care_team_members_dates_check CHECK ((ends_on >= starts_on))
  constraint care_team_members_role_check CHECK ((role = ANY (ARRAY['primary'::text, 'co_therapist'::text, 'consultant'::text, 'covering'::text])))
  CREATE INDEX care_team_members_chart ON cairn.care_team_members USING btree (practice_id, chart_id, id)
  CREATE INDEX care_team_members_staff ON cairn.care_team_members USING btree (practice_id, staff_id, chart_id)
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
  CREATE INDEX chart_members_chart ON cairn.chart_members USING btree (practice_id, chart_id, id)
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
  constraint charts_closed_check CHECK (((status = 'closed'::text) = (closed_at IS NOT NULL)))
  constraint charts_kind_check CHECK ((kind = ANY (ARRAY['individual'::text, 'couple'::text, 'group'::text])))
  constraint charts_name_check CHECK (((kind = 'group'::text) = (name IS NOT NULL)))
  constraint charts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])))
  CREATE INDEX charts_kind ON cairn.charts USING btree (practice_id, kind, id)
  CREATE INDEX charts_status ON cairn.charts USING btree (practice_id, status, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table client_contact_points (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  client_id uuid not null
  position integer not null
  system text not null
  value text not null
  value_normalized text not null
  kind text not null
  label text
  is_primary boolean not null default false
  usable boolean not null default true
  constraint client_contact_points_position_key UNIQUE (practice_id, client_id, "position")
  constraint client_contact_points_value_key UNIQUE (practice_id, client_id, system, value_normalized)
  constraint client_contact_points_pkey PRIMARY KEY (practice_id, id)
  constraint client_contact_points_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_contact_points_kind_check CHECK ((kind = ANY (ARRAY['mobile'::text, 'home'::text, 'work'::text, 'other'::text])))
  constraint client_contact_points_system_check CHECK ((system = ANY (ARRAY['phone'::text, 'email'::text])))
  CREATE INDEX client_contact_points_value ON cairn.client_contact_points USING btree (practice_id, system, value_normalized)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table client_external_ids (row security forced)
  practice_id uuid not null
  system text not null
  value text not null
  client_id uuid not null
  created_at timestamp with time zone not null default now()
  constraint client_external_ids_value_key UNIQUE (practice_id, system, value)
  constraint client_external_ids_pkey PRIMARY KEY (practice_id, client_id, system)
  constraint client_external_ids_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table client_identifiers (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  client_id uuid not null
  kind text not null
  issuer text
  value_sealed bytea not null
  value_index bytea not null
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint client_identifiers_pkey PRIMARY KEY (practice_id, id)
  constraint client_identifiers_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_identifiers_kind_check CHECK ((kind = ANY (ARRAY['ssn'::text, 'insurance_member_id'::text, 'medicare'::text, 'medicaid'::text, 'driver_license'::text, 'passport'::text, 'other'::text])))
  constraint client_identifiers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'ended'::text])))
  CREATE INDEX client_identifiers_value ON cairn.client_identifiers USING btree (practice_id, value_index)
  CREATE UNIQUE INDEX client_identifiers_value_key ON cairn.client_identifiers USING btree (practice_id, client_id, kind, value_index) WHERE (status = 'active'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table client_import_rows (row security forced)
  practice_id uuid not null
  import_id uuid not null
  row_number integer not null
  content jsonb not null
  external_key text
  constraint client_import_rows_external_key UNIQUE (practice_id, import_id, external_key)
  constraint client_import_rows_pkey PRIMARY KEY (practice_id, import_id, row_number)
  constraint client_import_rows_import_fkey FOREIGN KEY (practice_id, import_id) REFERENCES cairn.client_imports(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table client_imports (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  dry_run boolean not null
  status text not null default 'staged'::text
  row_count integer not null default 0
  problem_count integer not null default 0
  created_by uuid not null
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint client_imports_pkey PRIMARY KEY (practice_id, id)
  constraint client_imports_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint client_imports_status_check CHECK ((status = ANY (ARRAY['staged'::text, 'committed'::text, 'discarded'::text])))
  CREATE INDEX client_imports_staged ON cairn.client_imports USING btree (practice_id, created_at) WHERE (status = 'staged'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table client_merges (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  survivor_id uuid not null
  merged_id uuid not null
  reason text not null
  survivor_version integer not null
  merged_version integer not null
  merged_status text not null
  joined_chart_ids uuid[] not null default '{}'::uuid[]
  merged_by uuid not null
  undone_at timestamp with time zone
  undone_by uuid
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  constraint client_merges_pkey PRIMARY KEY (practice_id, id)
  constraint client_merges_merged_by_fkey FOREIGN KEY (practice_id, merged_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint client_merges_merged_fkey FOREIGN KEY (practice_id, merged_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_merges_survivor_fkey FOREIGN KEY (practice_id, survivor_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_merges_undone_by_fkey FOREIGN KEY (practice_id, undone_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint client_merges_two_check CHECK ((survivor_id <> merged_id))
  constraint client_merges_undone_check CHECK (((undone_at IS NULL) = (undone_by IS NULL)))
  CREATE INDEX client_merges_merged ON cairn.client_merges USING btree (practice_id, merged_id, id)
  CREATE INDEX client_merges_survivor ON cairn.client_merges USING btree (practice_id, survivor_id, id)
  CREATE UNIQUE INDEX client_merges_merged_key ON cairn.client_merges USING btree (practice_id, merged_id) WHERE (undone_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table client_minor_consents (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  client_id uuid not null
  basis text not null
  jurisdiction text not null
  rule_source text not null
  decided_on date not null
  consenting_person_id uuid
  maturity_determined_by uuid
  maturity_determined_on date
  parent_involvement jsonb
  recorded_by uuid
  created_at timestamp with time zone not null default now()
  constraint client_minor_consents_pkey PRIMARY KEY (practice_id, id)
  constraint client_minor_consents_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_minor_consents_person_fkey FOREIGN KEY (practice_id, consenting_person_id) REFERENCES cairn.related_people(practice_id, id)
  constraint client_minor_consents_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint client_minor_consents_staff_fkey FOREIGN KEY (practice_id, maturity_determined_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint client_minor_consents_basis_check CHECK ((basis = ANY (ARRAY['parent'::text, 'minor_self'::text, 'court'::text, 'emancipated'::text])))
  constraint client_minor_consents_maturity_check CHECK (((maturity_determined_by IS NULL) = (maturity_determined_on IS NULL)))
  CREATE INDEX client_minor_consents_client ON cairn.client_minor_consents USING btree (practice_id, client_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table client_search_terms (row security forced)
  practice_id uuid not null
  kind text not null
  term text not null
  client_id uuid not null
  constraint client_search_terms_pkey PRIMARY KEY (practice_id, kind, term, client_id)
  constraint client_search_terms_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint client_search_terms_kind_check CHECK ((kind = ANY (ARRAY['name'::text, 'trigram'::text])))
  CREATE INDEX client_search_terms_client ON cairn.client_search_terms USING btree (practice_id, client_id, kind)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table client_status_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  client_id uuid not null
  from_status text
  to_status text not null
  reason text not null
  effective_on date not null
  recorded_by uuid
  created_at timestamp with time zone not null default now()
  constraint client_status_changes_pkey PRIMARY KEY (practice_id, id)
  constraint client_status_changes_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_status_changes_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  CREATE INDEX client_status_changes_client ON cairn.client_status_changes USING btree (practice_id, client_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  addresses jsonb not null default '[]'::jsonb
  safe_contact jsonb not null default '{}'::jsonb
  status text not null default 'inquiry'::text
  status_changed_at timestamp with time zone not null default now()
  merged_into_id uuid
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint clients_pkey PRIMARY KEY (practice_id, id)
  constraint clients_merged_into_fkey FOREIGN KEY (practice_id, merged_into_id) REFERENCES cairn.clients(practice_id, id)
  constraint clients_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint clients_merged_check CHECK ((((status = 'merged'::text) = (merged_into_id IS NOT NULL)) AND (merged_into_id <> id)))
  constraint clients_status_check CHECK ((status = ANY (ARRAY['inquiry'::text, 'waitlisted'::text, 'active'::text, 'inactive'::text, 'discharged'::text, 'deceased'::text, 'merged'::text])))
  CREATE INDEX clients_birth_date ON cairn.clients USING btree (practice_id, birth_date)
  CREATE INDEX clients_merged_into ON cairn.clients USING btree (practice_id, merged_into_id) WHERE (merged_into_id IS NOT NULL)
  CREATE INDEX clients_status ON cairn.clients USING btree (practice_id, status, id)
  CREATE INDEX clients_updated ON cairn.clients USING btree (practice_id, updated_at, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table couple_agreement_acceptances (row security forced)
  practice_id uuid not null
  agreement_id uuid not null
  client_id uuid not null
  accepted_on date not null
  attested_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint couple_agreement_acceptances_pkey PRIMARY KEY (practice_id, agreement_id, client_id)
  constraint couple_agreement_acceptances_agreement_fkey FOREIGN KEY (practice_id, agreement_id) REFERENCES cairn.couple_agreements(practice_id, id)
  constraint couple_agreement_acceptances_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint couple_agreement_acceptances_staff_fkey FOREIGN KEY (practice_id, attested_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table couple_agreement_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  agreement_id uuid not null
  status text not null
  effective_on date not null
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint couple_agreement_changes_pkey PRIMARY KEY (practice_id, id)
  constraint couple_agreement_changes_agreement_fkey FOREIGN KEY (practice_id, agreement_id) REFERENCES cairn.couple_agreements(practice_id, id)
  constraint couple_agreement_changes_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint couple_agreement_changes_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'agreed'::text, 'broken'::text, 'ended'::text])))
  CREATE INDEX couple_agreement_changes_agreement ON cairn.couple_agreement_changes USING btree (practice_id, agreement_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table couple_agreements (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  couple_id uuid not null
  topic text not null
  content_sealed bytea not null
  status text not null default 'proposed'::text
  starts_on date
  ends_on date
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint couple_agreements_pkey PRIMARY KEY (practice_id, id)
  constraint couple_agreements_couple_fkey FOREIGN KEY (practice_id, couple_id) REFERENCES cairn.couples(practice_id, id)
  constraint couple_agreements_dates_check CHECK ((ends_on >= starts_on))
  constraint couple_agreements_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'agreed'::text, 'broken'::text, 'ended'::text])))
  constraint couple_agreements_topic_check CHECK ((topic = ANY (ARRAY['communication'::text, 'technology'::text, 'financial_transparency'::text, 'boundary'::text, 'check_in'::text, 'lapse_disclosure'::text, 'sexual_break'::text, 'other'::text])))
  CREATE INDEX couple_agreements_couple ON cairn.couple_agreements USING btree (practice_id, couple_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table couple_identified_patients (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  couple_id uuid not null
  client_id uuid
  effective_from date not null
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint couple_identified_patients_pkey PRIMARY KEY (practice_id, id)
  constraint couple_identified_patients_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint couple_identified_patients_couple_fkey FOREIGN KEY (practice_id, couple_id) REFERENCES cairn.couples(practice_id, id)
  constraint couple_identified_patients_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  CREATE INDEX couple_identified_patients_couple ON cairn.couple_identified_patients USING btree (practice_id, couple_id, effective_from DESC, recorded_at DESC)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table couple_member_periods (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  couple_id uuid not null
  client_id uuid not null
  joined_at timestamp with time zone not null default now()
  left_at timestamp with time zone
  constraint couple_member_periods_pkey PRIMARY KEY (practice_id, id)
  constraint couple_member_periods_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint couple_member_periods_couple_fkey FOREIGN KEY (practice_id, couple_id) REFERENCES cairn.couples(practice_id, id)
  constraint couple_member_periods_dates_check CHECK ((left_at >= joined_at))
  CREATE UNIQUE INDEX couple_member_periods_present ON cairn.couple_member_periods USING btree (practice_id, couple_id, client_id) WHERE (left_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table couple_policies (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  couple_id uuid not null
  number integer not null
  revision integer not null default 1
  status text not null default 'draft'::text
  offered_at timestamp with time zone
  in_force_at timestamp with time zone
  ended_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint couple_policies_number_key UNIQUE (practice_id, couple_id, number)
  constraint couple_policies_pkey PRIMARY KEY (practice_id, id)
  constraint couple_policies_couple_fkey FOREIGN KEY (practice_id, couple_id) REFERENCES cairn.couples(practice_id, id)
  constraint couple_policies_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'offered'::text, 'in_force'::text, 'suspended'::text, 'superseded'::text, 'canceled'::text])))
  CREATE UNIQUE INDEX couple_policies_in_force_key ON cairn.couple_policies USING btree (practice_id, couple_id) WHERE (status = ANY (ARRAY['in_force'::text, 'suspended'::text]))
  CREATE UNIQUE INDEX couple_policies_open_key ON cairn.couple_policies USING btree (practice_id, couple_id) WHERE (status = ANY (ARRAY['draft'::text, 'offered'::text]))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table couple_policy_signatures (row security forced)
  practice_id uuid not null
  policy_id uuid not null
  policy_version integer not null
  revision integer not null
  client_id uuid not null
  act text not null
  method text not null
  acted_at timestamp with time zone not null
  content_hash bytea not null
  attested_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint couple_policy_signatures_pkey PRIMARY KEY (practice_id, policy_id, policy_version)
  constraint couple_policy_signatures_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint couple_policy_signatures_staff_fkey FOREIGN KEY (practice_id, attested_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint couple_policy_signatures_text_fkey FOREIGN KEY (practice_id, policy_id, revision) REFERENCES cairn.couple_policy_texts(practice_id, policy_id, revision)
  constraint couple_policy_signatures_act_check CHECK ((act = ANY (ARRAY['signed'::text, 'withdrawn'::text])))
  constraint couple_policy_signatures_method_check CHECK ((method = ANY (ARRAY['wet_ink'::text, 'electronic'::text, 'in_person'::text, 'in_writing'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table couple_policy_texts (row security forced)
  practice_id uuid not null
  policy_id uuid not null
  revision integer not null
  kind text not null
  text_sealed bytea not null
  content_hash bytea not null
  written_by uuid not null
  written_at timestamp with time zone not null default now()
  constraint couple_policy_texts_pkey PRIMARY KEY (practice_id, policy_id, revision)
  constraint couple_policy_texts_policy_fkey FOREIGN KEY (practice_id, policy_id) REFERENCES cairn.couple_policies(practice_id, id)
  constraint couple_policy_texts_staff_fkey FOREIGN KEY (practice_id, written_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint couple_policy_texts_kind_check CHECK ((kind = ANY (ARRAY['no_secrets'::text, 'limited_secrets'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table couple_status_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  couple_id uuid not null
  status text not null
  effective_from date not null
  end_reason text
  reason_sealed bytea
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint couple_status_changes_pkey PRIMARY KEY (practice_id, id)
  constraint couple_status_changes_couple_fkey FOREIGN KEY (practice_id, couple_id) REFERENCES cairn.couples(practice_id, id)
  constraint couple_status_changes_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint couple_status_changes_end_check CHECK (((end_reason IS NOT NULL) = (status = 'ended'::text)))
  constraint couple_status_changes_end_reason_check CHECK ((end_reason = ANY (ARRAY['deceased'::text, 'care_concluded'::text, 'linked_in_error'::text])))
  constraint couple_status_changes_status_check CHECK ((status = ANY (ARRAY['together'::text, 'separated'::text, 'divorced'::text, 'rejoined'::text, 'ended'::text])))
  CREATE INDEX couple_status_changes_couple ON cairn.couple_status_changes USING btree (practice_id, couple_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table couples (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  first_client_id uuid not null
  second_client_id uuid
  related_person_id uuid
  chart_id uuid
  opening_clinician_id uuid
  status text not null default 'together'::text
  status_from date not null
  created_by uuid not null
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint couples_chart_key UNIQUE (practice_id, chart_id)
  constraint couples_pkey PRIMARY KEY (practice_id, id)
  constraint couples_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint couples_clinician_fkey FOREIGN KEY (practice_id, opening_clinician_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint couples_created_by_fkey FOREIGN KEY (practice_id, created_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint couples_first_fkey FOREIGN KEY (practice_id, first_client_id) REFERENCES cairn.clients(practice_id, id)
  constraint couples_related_person_fkey FOREIGN KEY (practice_id, related_person_id) REFERENCES cairn.related_people(practice_id, id)
  constraint couples_second_fkey FOREIGN KEY (practice_id, second_client_id) REFERENCES cairn.clients(practice_id, id)
  constraint couples_chart_check CHECK (((chart_id IS NULL) = (second_client_id IS NULL)))
  constraint couples_partner_check CHECK (((second_client_id IS NOT NULL) OR (related_person_id IS NOT NULL)))
  constraint couples_partners_check CHECK ((second_client_id <> first_client_id))
  constraint couples_status_check CHECK ((status = ANY (ARRAY['together'::text, 'separated'::text, 'divorced'::text, 'rejoined'::text, 'ended'::text])))
  CREATE INDEX couples_first ON cairn.couples USING btree (practice_id, first_client_id)
  CREATE INDEX couples_related_person ON cairn.couples USING btree (practice_id, related_person_id) WHERE (related_person_id IS NOT NULL)
  CREATE INDEX couples_second ON cairn.couples USING btree (practice_id, second_client_id) WHERE (second_client_id IS NOT NULL)
  CREATE UNIQUE INDEX couples_pair_key ON cairn.couples USING btree (practice_id, LEAST(first_client_id, second_client_id), GREATEST(first_client_id, second_client_id)) WHERE ((second_client_id IS NOT NULL) AND (status <> 'ended'::text))
  CREATE UNIQUE INDEX couples_related_person_key ON cairn.couples USING btree (practice_id, related_person_id) WHERE ((related_person_id IS NOT NULL) AND (second_client_id IS NULL) AND (status <> 'ended'::text))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table emergency_accesses (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  staff_id uuid not null
  reason_code text not null
  narrative bytea not null
  starts_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  ended_at timestamp with time zone
  reviewed_at timestamp with time zone
  reviewed_by uuid
  review_outcome text
  review_comment bytea
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint emergency_accesses_running_excl EXCLUDE USING gist (practice_id WITH =, chart_id WITH =, staff_id WITH =, tstzrange(starts_at, COALESCE(ended_at, expires_at)) WITH &&)
  constraint emergency_accesses_pkey PRIMARY KEY (practice_id, id)
  constraint emergency_accesses_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint emergency_accesses_reviewer_fkey FOREIGN KEY (practice_id, reviewed_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint emergency_accesses_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint emergency_accesses_end_check CHECK (((ended_at >= starts_at) AND (ended_at <= expires_at)))
  constraint emergency_accesses_length_check CHECK (((expires_at > starts_at) AND (expires_at <= (starts_at + '01:00:00'::interval))))
  constraint emergency_accesses_outcome_check CHECK ((review_outcome = ANY (ARRAY['justified'::text, 'not_justified'::text])))
  constraint emergency_accesses_reason_check CHECK ((reason_code = ANY (ARRAY['danger_to_self'::text, 'danger_to_others'::text, 'medical'::text, 'clinician_unavailable'::text, 'other'::text])))
  constraint emergency_accesses_review_check CHECK ((num_nonnulls(reviewed_at, reviewed_by, review_outcome) = ANY (ARRAY[0, 3])))
  constraint emergency_accesses_self_check CHECK ((reviewed_by <> staff_id))
  CREATE INDEX emergency_accesses_staff ON cairn.emergency_accesses USING btree (practice_id, staff_id, expires_at)
  CREATE INDEX emergency_accesses_unreviewed ON cairn.emergency_accesses USING btree (practice_id, starts_at) WHERE (reviewed_at IS NULL)
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

table keyrings (global: the digest of the one keyring of this database; no key)
  fingerprint text not null
  first_used_at timestamp with time zone not null default now()
  constraint keyrings_pkey PRIMARY KEY (fingerprint)
  grant select to cairn_app

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

table mails (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  content bytea
  created_at timestamp with time zone not null default now()
  sent_at timestamp with time zone
  constraint mails_pkey PRIMARY KEY (practice_id, id)
  constraint mails_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint mails_content_check CHECK (((content IS NOT NULL) OR (sent_at IS NOT NULL)))
  CREATE INDEX mails_created ON cairn.mails USING btree (practice_id, created_at)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table outbox (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  kind text not null
  subject_id uuid not null
  created_at timestamp with time zone not null default now()
  run_after timestamp with time zone not null default now()
  handed_over_at timestamp with time zone
  done_at timestamp with time zone
  constraint outbox_pkey PRIMARY KEY (practice_id, id)
  constraint outbox_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  CREATE INDEX outbox_done ON cairn.outbox USING btree (done_at) WHERE (done_at IS NOT NULL)
  CREATE INDEX outbox_id ON cairn.outbox USING btree (id)
  CREATE INDEX outbox_waiting ON cairn.outbox USING btree (run_after) WHERE (handed_over_at IS NULL)
  policy relay to cairn_relay using (true) check (true)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app
  grant delete, select, update to cairn_relay

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

table related_people (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  client_id uuid not null
  given_name text not null
  family_name text
  relationship text not null
  roles text[] not null default '{}'::text[]
  phone text
  email text
  address jsonb
  may_know text[] not null default '{}'::text[]
  became_client_id uuid
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint related_people_pkey PRIMARY KEY (practice_id, id)
  constraint related_people_became_client_fkey FOREIGN KEY (practice_id, became_client_id) REFERENCES cairn.clients(practice_id, id)
  constraint related_people_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint related_people_became_client_check CHECK ((became_client_id <> client_id))
  constraint related_people_may_know_check CHECK ((may_know <@ ARRAY['attendance'::text, 'appointments'::text, 'billing'::text, 'emergency'::text, 'treatment'::text]))
  constraint related_people_roles_check CHECK ((roles <@ ARRAY['emergency_contact'::text, 'guardian'::text, 'guarantor'::text, 'partner'::text, 'personal_representative'::text]))
  constraint related_people_status_check CHECK ((status = ANY (ARRAY['active'::text, 'ended'::text])))
  CREATE INDEX related_people_became_client ON cairn.related_people USING btree (practice_id, became_client_id) WHERE (became_client_id IS NOT NULL)
  CREATE INDEX related_people_client ON cairn.related_people USING btree (practice_id, client_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table reservations (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  appointment_id uuid not null
  resource_kind text not null
  resource_id uuid not null
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  active boolean not null default true
  constraint reservations_overlap_excl EXCLUDE USING gist (practice_id WITH =, resource_id WITH =, tstzrange(starts_at, ends_at, '[)'::text) WITH &&) WHERE (active)
  constraint reservations_resource_key UNIQUE (practice_id, appointment_id, resource_kind)
  constraint reservations_pkey PRIMARY KEY (practice_id, id)
  constraint reservations_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint reservations_resource_kind_check CHECK ((resource_kind = ANY (ARRAY['clinician'::text, 'room'::text])))
  constraint reservations_times_check CHECK ((ends_at > starts_at))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

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

table session_note_addenda (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  note_id uuid not null
  author_id uuid not null
  document bytea not null
  credentials text not null
  signed_at timestamp with time zone not null
  content_hash bytea not null
  seal bytea not null
  constraint session_note_addenda_pkey PRIMARY KEY (practice_id, id)
  constraint session_note_addenda_author_fkey FOREIGN KEY (practice_id, author_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint session_note_addenda_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint session_note_addenda_hash_check CHECK ((octet_length(content_hash) = 32))
  CREATE INDEX session_note_addenda_note ON cairn.session_note_addenda USING btree (practice_id, note_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_note_contents (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  document bytea not null
  created_at timestamp with time zone not null default now()
  constraint session_note_contents_pkey PRIMARY KEY (practice_id, note_id, revision)
  constraint session_note_contents_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint session_note_contents_revision_check CHECK ((revision > 0))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_note_corrections (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  note_id uuid not null
  revision integer not null
  kind text not null
  staff_id uuid not null
  document bytea not null
  occurred_at timestamp with time zone not null
  seal bytea not null
  constraint session_note_corrections_kind_key UNIQUE (practice_id, note_id, revision, kind)
  constraint session_note_corrections_pkey PRIMARY KEY (practice_id, id)
  constraint session_note_corrections_content_fkey FOREIGN KEY (practice_id, note_id, revision) REFERENCES cairn.session_note_contents(practice_id, note_id, revision)
  constraint session_note_corrections_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint session_note_corrections_kind_check CHECK ((kind = ANY (ARRAY['returned'::text, 'entered_in_error'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_note_drafts (row security forced)
  practice_id uuid not null
  note_id uuid not null
  document bytea not null
  version integer not null
  updated_at timestamp with time zone not null default now()
  constraint session_note_drafts_pkey PRIMARY KEY (practice_id, note_id)
  constraint session_note_drafts_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table session_note_signatures (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  role text not null
  signer_id uuid not null
  credentials text not null
  signed_at timestamp with time zone not null
  content_hash bytea not null
  seal bytea not null
  constraint session_note_signatures_pkey PRIMARY KEY (practice_id, note_id, revision, role)
  constraint session_note_signatures_content_fkey FOREIGN KEY (practice_id, note_id, revision) REFERENCES cairn.session_note_contents(practice_id, note_id, revision)
  constraint session_note_signatures_signer_fkey FOREIGN KEY (practice_id, signer_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint session_note_signatures_hash_check CHECK ((octet_length(content_hash) = 32))
  constraint session_note_signatures_role_check CHECK ((role = ANY (ARRAY['author'::text, 'cosigner'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_notes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  author_id uuid not null
  appointment_id uuid
  template_key text not null
  template_version integer not null
  session_date date not null
  started_at timestamp with time zone
  ended_at timestamp with time zone
  time_zone text not null
  status text not null default 'draft'::text
  revision integer not null default 0
  signed_at timestamp with time zone
  late_entry boolean not null default false
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint session_notes_pkey PRIMARY KEY (practice_id, id)
  constraint session_notes_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint session_notes_author_fkey FOREIGN KEY (practice_id, author_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint session_notes_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint session_notes_signed_check CHECK (((status = 'draft'::text) OR ((revision > 0) AND (signed_at IS NOT NULL))))
  constraint session_notes_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'signed'::text, 'pending_cosign'::text, 'cosigned'::text, 'entered_in_error'::text])))
  constraint session_notes_times_check CHECK ((ended_at > started_at))
  CREATE INDEX session_notes_author ON cairn.session_notes USING btree (practice_id, author_id, session_date DESC, id DESC)
  CREATE INDEX session_notes_chart ON cairn.session_notes USING btree (practice_id, chart_id, session_date DESC, id DESC)
  CREATE INDEX session_notes_worklist ON cairn.session_notes USING btree (practice_id, author_id, status, session_date DESC, id DESC)
  CREATE UNIQUE INDEX session_notes_appointment_key ON cairn.session_notes USING btree (practice_id, appointment_id, author_id) WHERE ((appointment_id IS NOT NULL) AND (status <> 'entered_in_error'::text))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table session_past_tokens (row security forced)
  practice_id uuid not null
  session_id uuid not null
  secret_hash bytea not null
  constraint session_past_tokens_pkey PRIMARY KEY (practice_id, session_id, secret_hash)
  constraint session_past_tokens_session_fkey FOREIGN KEY (practice_id, session_id) REFERENCES cairn.sessions(practice_id, id) ON DELETE CASCADE
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table sessions (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  user_id uuid not null
  staff_id uuid not null
  credentials_version integer not null default 1
  refresh_hash bytea not null
  refresh_generation integer not null default 1
  previous_hash bytea
  successor bytea
  rotated_at timestamp with time zone not null default now()
  mfa_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  idle_expires_at timestamp with time zone not null
  absolute_expires_at timestamp with time zone not null
  ended_at timestamp with time zone
  end_reason text
  constraint sessions_pkey PRIMARY KEY (practice_id, id)
  constraint sessions_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint sessions_end_check CHECK (((ended_at IS NULL) = (end_reason IS NULL)))
  constraint sessions_end_reason_check CHECK ((end_reason = ANY (ARRAY['signed_out'::text, 'revoked'::text, 'reused'::text, 'disabled'::text, 'expired'::text])))
  CREATE INDEX sessions_expiry ON cairn.sessions USING btree (practice_id, absolute_expires_at)
  CREATE INDEX sessions_staff ON cairn.sessions USING btree (practice_id, staff_id) WHERE (ended_at IS NULL)
  CREATE INDEX sessions_user ON cairn.sessions USING btree (practice_id, user_id) WHERE (ended_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table sign_in_addresses (global: before sign-in no practice is known)
  account bytea not null
  address bytea not null
  last_seen_at timestamp with time zone not null default now()
  constraint sign_in_addresses_pkey PRIMARY KEY (account, address)
  CREATE INDEX sign_in_addresses_seen ON cairn.sign_in_addresses USING btree (last_seen_at)
  grant delete, insert, select, update to cairn_app

table sign_in_attempts (global: before sign-in no practice is known)
  id uuid not null default uuidv7()
  subject bytea not null
  occurred_at timestamp with time zone not null default now()
  constraint sign_in_attempts_pkey PRIMARY KEY (id)
  CREATE INDEX sign_in_attempts_occurred ON cairn.sign_in_attempts USING btree (occurred_at)
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
  constraint staff_credentials_pkey PRIMARY KEY (practice_id, id)
  constraint staff_credentials_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint staff_credentials_dates_check CHECK ((expires_on >= issued_on))
  constraint staff_credentials_status_check CHECK ((status = ANY (ARRAY['candidate'::text, 'held'::text, 'lapsed'::text, 'entered_in_error'::text])))
  CREATE INDEX staff_credentials_staff ON cairn.staff_credentials USING btree (practice_id, staff_id, id)
  CREATE UNIQUE INDEX staff_credentials_code_key ON cairn.staff_credentials USING btree (practice_id, staff_id, code) WHERE (status <> 'entered_in_error'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

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
  constraint staff_licenses_pkey PRIMARY KEY (practice_id, id)
  constraint staff_licenses_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint staff_licenses_dates_check CHECK ((expires_on >= issued_on))
  constraint staff_licenses_status_check CHECK ((status = ANY (ARRAY['active'::text, 'expired'::text, 'suspended'::text, 'surrendered'::text, 'entered_in_error'::text])))
  CREATE INDEX staff_licenses_expiry ON cairn.staff_licenses USING btree (practice_id, expires_on, id) WHERE (status = 'active'::text)
  CREATE INDEX staff_licenses_staff ON cairn.staff_licenses USING btree (practice_id, staff_id, id)
  CREATE UNIQUE INDEX staff_licenses_number_key ON cairn.staff_licenses USING btree (practice_id, state, license_type, number) WHERE (status <> 'entered_in_error'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

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

table staff_supervisions (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  staff_id uuid not null
  supervisor_id uuid not null
  for_training boolean not null
  starts_on date not null
  ends_on date
  created_at timestamp with time zone not null default now()
  constraint staff_supervisions_pkey PRIMARY KEY (practice_id, id)
  constraint staff_supervisions_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint staff_supervisions_supervisor_fkey FOREIGN KEY (practice_id, supervisor_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint staff_supervisions_dates_check CHECK ((ends_on >= starts_on))
  constraint staff_supervisions_self_check CHECK ((supervisor_id <> staff_id))
  CREATE INDEX staff_supervisions_staff ON cairn.staff_supervisions USING btree (practice_id, staff_id, id)
  CREATE INDEX staff_supervisions_supervisor ON cairn.staff_supervisions USING btree (practice_id, supervisor_id) WHERE (ends_on IS NULL)
  CREATE UNIQUE INDEX staff_supervisions_present_key ON cairn.staff_supervisions USING btree (practice_id, staff_id) WHERE (ends_on IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table user_recovery_codes (global: belongs to users)
  user_id uuid not null
  code_hash bytea not null
  used_at timestamp with time zone
  constraint user_recovery_codes_pkey PRIMARY KEY (user_id, code_hash)
  constraint user_recovery_codes_user_fkey FOREIGN KEY (user_id) REFERENCES cairn.users(id)
  grant delete, insert, select, update to cairn_app

table user_tokens (global: belongs to users)
  id uuid not null default uuidv7()
  user_id uuid not null
  purpose text not null
  secret_hash bytea not null
  expires_at timestamp with time zone not null
  used_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  constraint user_tokens_pkey PRIMARY KEY (id)
  constraint user_tokens_user_fkey FOREIGN KEY (user_id) REFERENCES cairn.users(id)
  constraint user_tokens_purpose_check CHECK ((purpose = ANY (ARRAY['password_reset'::text, 'mfa_setup'::text])))
  CREATE INDEX user_tokens_user ON cairn.user_tokens USING btree (user_id, purpose)
  grant delete, insert, select, update to cairn_app

table users (global: people who sign in; no practice data)
  id uuid not null default uuidv7()
  email text not null
  email_normalized text not null
  password_hash text
  password_changed_at timestamp with time zone
  totp_secret bytea
  totp_pending bytea
  totp_confirmed_at timestamp with time zone
  totp_last_step bigint
  credentials_version integer not null default 1
  status text not null default 'active'::text
  created_at timestamp with time zone not null default now()
  constraint users_email_key UNIQUE (email_normalized)
  constraint users_pkey PRIMARY KEY (id)
  constraint users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
  grant insert, select, update to cairn_app

function app.current_actor()
function app.current_practice()
function app.ensure_partitions(integer) security definer
function app.enter_as_api_client(uuid,uuid,boolean,uuid)
function app.enter_as_user(uuid,uuid,boolean,uuid)
function app.relay_table(text,text)
function app.tenant_table(text,text)
function app.use_practice(uuid,uuid,boolean)
