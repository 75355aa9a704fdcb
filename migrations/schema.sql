-- Generated from the migrations by `npm run database-files`. Do not edit.

table abstinence_consent_steps (row security forced)
  practice_id uuid not null
  consent_id uuid not null
  version integer not null
  step text not null
  effective_on date not null
  recorded_by uuid
  recorded_at timestamp with time zone not null default now()
  constraint abstinence_consent_steps_pkey PRIMARY KEY (practice_id, consent_id, version)
  constraint abstinence_consent_steps_consent_fkey FOREIGN KEY (practice_id, consent_id) REFERENCES cairn.abstinence_consents(practice_id, id)
  constraint abstinence_consent_steps_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint abstinence_consent_steps_step_check CHECK ((step = ANY (ARRAY['asked'::text, 'given'::text, 'declined'::text, 'withdrawn'::text, 'retracted'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table abstinence_consents (row security forced)
  practice_id uuid not null
  id uuid not null
  chart_id uuid not null
  contract_id uuid not null
  partner_client_id uuid
  partner_role text not null
  client_agreed_on date not null
  words_sealed bytea not null
  status text not null default 'asked'::text
  status_on date not null
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint abstinence_consents_pkey PRIMARY KEY (practice_id, id)
  constraint abstinence_consents_contract_fkey FOREIGN KEY (practice_id, chart_id, contract_id) REFERENCES cairn.abstinence_contracts(practice_id, chart_id, id)
  constraint abstinence_consents_partner_fkey FOREIGN KEY (practice_id, partner_client_id) REFERENCES cairn.clients(practice_id, id)
  constraint abstinence_consents_partner_role_check CHECK ((partner_role = ANY (ARRAY['spouse'::text, 'partner'::text, 'other'::text])))
  constraint abstinence_consents_status_check CHECK ((status = ANY (ARRAY['asked'::text, 'given'::text, 'declined'::text, 'withdrawn'::text, 'retracted'::text])))
  CREATE INDEX abstinence_consents_chart ON cairn.abstinence_consents USING btree (practice_id, chart_id, contract_id, id)
  CREATE INDEX abstinence_consents_partner ON cairn.abstinence_consents USING btree (practice_id, partner_client_id, id) WHERE (partner_client_id IS NOT NULL)
  CREATE UNIQUE INDEX abstinence_consents_partner_key ON cairn.abstinence_consents USING btree (practice_id, contract_id, partner_client_id) NULLS NOT DISTINCT WHERE (status <> 'retracted'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table abstinence_contract_steps (row security forced)
  practice_id uuid not null
  contract_id uuid not null
  version integer not null
  chart_id uuid not null
  step text not null
  effective_on date not null
  planned_days integer
  lapse_id uuid
  partner_role text
  partner_consented_on date
  recorded_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint abstinence_contract_steps_pkey PRIMARY KEY (practice_id, contract_id, version)
  constraint abstinence_contract_steps_contract_fkey FOREIGN KEY (practice_id, chart_id, contract_id) REFERENCES cairn.abstinence_contracts(practice_id, chart_id, id)
  constraint abstinence_contract_steps_lapse_fkey FOREIGN KEY (practice_id, chart_id, lapse_id) REFERENCES cairn.lapses(practice_id, chart_id, id)
  constraint abstinence_contract_steps_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint abstinence_contract_steps_days_check CHECK (((planned_days >= 1) AND (planned_days <= 730)))
  constraint abstinence_contract_steps_lapse_check CHECK (((step = 'broken'::text) = (lapse_id IS NOT NULL)))
  constraint abstinence_contract_steps_partner_check CHECK ((num_nonnulls(partner_role, partner_consented_on) =
CASE
    WHEN (step = 'partner_consented'::text) THEN 2
    ELSE 0
END))
  constraint abstinence_contract_steps_partner_role_check CHECK ((partner_role = ANY (ARRAY['spouse'::text, 'partner'::text, 'other'::text])))
  constraint abstinence_contract_steps_planned_check CHECK (((step = ANY (ARRAY['proposed'::text, 'extended'::text])) = (planned_days IS NOT NULL)))
  constraint abstinence_contract_steps_step_check CHECK ((step = ANY (ARRAY['proposed'::text, 'agreed'::text, 'started'::text, 'broken'::text, 'continued'::text, 'restarted'::text, 'extended'::text, 'completed'::text, 'ended_early'::text, 'partner_consented'::text, 'reviewed'::text]))) NOT VALID
  CREATE INDEX abstinence_contract_steps_chart ON cairn.abstinence_contract_steps USING btree (practice_id, chart_id, contract_id, version)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table abstinence_contracts (row security forced)
  practice_id uuid not null
  id uuid not null
  chart_id uuid not null
  addiction_id uuid
  scope text not null
  is_running boolean not null default false
  reviews_on date[] not null default '{}'::date[]
  reviews_listed boolean not null default true
  constraint abstinence_contracts_chart_key UNIQUE (practice_id, chart_id, id)
  constraint abstinence_contracts_pkey PRIMARY KEY (practice_id, id)
  constraint abstinence_contracts_addiction_fkey FOREIGN KEY (practice_id, chart_id, addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint abstinence_contracts_document_fkey FOREIGN KEY (practice_id, chart_id, id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  constraint abstinence_contracts_scope_check CHECK ((scope = ANY (ARRAY['all_sexual'::text, 'outside_relationship'::text, 'self'::text, 'specified'::text])))
  CREATE UNIQUE INDEX abstinence_contracts_running_key ON cairn.abstinence_contracts USING btree (practice_id, chart_id, scope, addiction_id) NULLS NOT DISTINCT WHERE is_running
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table abstinence_milestones (row security forced)
  practice_id uuid not null
  contract_id uuid not null
  starts_on date not null
  days integer not null
  chart_id uuid not null
  check_in_id uuid not null
  created_at timestamp with time zone not null default now()
  constraint abstinence_milestones_pkey PRIMARY KEY (practice_id, contract_id, starts_on, days)
  constraint abstinence_milestones_check_in_fkey FOREIGN KEY (practice_id, chart_id, check_in_id) REFERENCES cairn.check_ins(practice_id, chart_id, id)
  constraint abstinence_milestones_contract_fkey FOREIGN KEY (practice_id, chart_id, contract_id) REFERENCES cairn.abstinence_contracts(practice_id, chart_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table addiction_interactions (row security forced)
  practice_id uuid not null
  id uuid not null
  chart_id uuid not null
  from_addiction_id uuid not null
  to_addiction_id uuid not null
  constraint addiction_interactions_pkey PRIMARY KEY (practice_id, id)
  constraint addiction_interactions_document_fkey FOREIGN KEY (practice_id, chart_id, id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  constraint addiction_interactions_from_fkey FOREIGN KEY (practice_id, chart_id, from_addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint addiction_interactions_to_fkey FOREIGN KEY (practice_id, chart_id, to_addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint addiction_interactions_ends_check CHECK ((from_addiction_id <> to_addiction_id))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table addictions (row security forced)
  practice_id uuid not null
  id uuid not null
  chart_id uuid not null
  is_primary boolean not null
  in_check_ins boolean not null
  sober_since date
  constraint addictions_chart_key UNIQUE (practice_id, chart_id, id)
  constraint addictions_pkey PRIMARY KEY (practice_id, id)
  constraint addictions_document_fkey FOREIGN KEY (practice_id, chart_id, id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  CREATE UNIQUE INDEX addictions_primary_key ON cairn.addictions USING btree (practice_id, chart_id) WHERE is_primary
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table alert_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  alert_id uuid not null
  alert_version integer not null
  step text not null
  severity text not null
  owner_id uuid
  outcome text
  comment_sealed bytea
  made_by uuid
  made_at timestamp with time zone not null default now()
  constraint alert_changes_version_key UNIQUE (practice_id, alert_id, alert_version)
  constraint alert_changes_pkey PRIMARY KEY (practice_id, id)
  constraint alert_changes_alert_fkey FOREIGN KEY (practice_id, alert_id) REFERENCES cairn.alerts(practice_id, id)
  constraint alert_changes_made_by_fkey FOREIGN KEY (practice_id, made_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint alert_changes_owner_fkey FOREIGN KEY (practice_id, owner_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint alert_changes_outcome_check CHECK ((outcome = ANY (ARRAY['handled'::text, 'referred'::text, 'no_longer_applies'::text, 'false_alarm'::text])))
  constraint alert_changes_resolved_check CHECK (((outcome IS NOT NULL) = (step = 'resolved'::text)))
  constraint alert_changes_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'attention'::text, 'urgent'::text])))
  constraint alert_changes_step_check CHECK ((step = ANY (ARRAY['raised'::text, 'acknowledged'::text, 'reassigned'::text, 'overdue'::text, 'resolved'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table alerts (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  rule text not null
  key text not null
  data_class text not null
  severity text not null
  status text not null default 'open'::text
  owner_id uuid
  evidence jsonb not null default '{}'::jsonb
  raised_at timestamp with time zone not null default now()
  respond_by timestamp with time zone
  overdue_at timestamp with time zone
  acknowledged_at timestamp with time zone
  acknowledged_by uuid
  resolved_at timestamp with time zone
  resolved_by uuid
  outcome text
  version integer not null default 1
  updated_at timestamp with time zone not null default now()
  escalated_to uuid
  constraint alerts_pkey PRIMARY KEY (practice_id, id)
  constraint alerts_acknowledged_by_fkey FOREIGN KEY (practice_id, acknowledged_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint alerts_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint alerts_escalated_to_fkey FOREIGN KEY (practice_id, escalated_to) REFERENCES cairn.staff_members(practice_id, id) NOT VALID
  constraint alerts_owner_fkey FOREIGN KEY (practice_id, owner_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint alerts_resolved_by_fkey FOREIGN KEY (practice_id, resolved_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint alerts_acknowledged_check CHECK (((num_nonnulls(acknowledged_at, acknowledged_by) = ANY (ARRAY[0, 2])) AND ((status <> 'acknowledged'::text) OR (acknowledged_at IS NOT NULL)) AND ((status <> 'open'::text) OR (acknowledged_at IS NULL))))
  constraint alerts_data_class_check CHECK ((data_class = ANY (ARRAY['clinical'::text, 'restricted'::text])))
  constraint alerts_outcome_check CHECK ((outcome = ANY (ARRAY['handled'::text, 'referred'::text, 'no_longer_applies'::text, 'false_alarm'::text])))
  constraint alerts_overdue_check CHECK (((overdue_at IS NULL) OR (respond_by IS NOT NULL)))
  constraint alerts_resolved_check CHECK (((num_nonnulls(resolved_at, outcome) = ANY (ARRAY[0, 2])) AND ((resolved_by IS NULL) OR (resolved_at IS NOT NULL)) AND ((status = 'resolved'::text) = (resolved_at IS NOT NULL)))) NOT VALID
  constraint alerts_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'attention'::text, 'urgent'::text])))
  constraint alerts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'acknowledged'::text, 'resolved'::text])))
  CREATE INDEX alerts_chart ON cairn.alerts USING btree (practice_id, chart_id, id)
  CREATE INDEX alerts_owner ON cairn.alerts USING btree (practice_id, owner_id, id) WHERE (owner_id IS NOT NULL)
  CREATE UNIQUE INDEX alerts_unresolved_key ON cairn.alerts USING btree (practice_id, chart_id, rule, key) WHERE (status <> 'resolved'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

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

table appointment_attendees (row security forced)
  practice_id uuid not null
  appointment_id uuid not null
  client_id uuid not null
  presence text not null
  recorded_by uuid
  recorded_at timestamp with time zone not null default now()
  constraint appointment_attendees_pkey PRIMARY KEY (practice_id, appointment_id, client_id)
  constraint appointment_attendees_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint appointment_attendees_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint appointment_attendees_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint appointment_attendees_presence_check CHECK ((presence = ANY (ARRAY['present'::text, 'late'::text, 'left_early'::text, 'absent'::text])))
  CREATE INDEX appointment_attendees_client ON cairn.appointment_attendees USING btree (practice_id, client_id)
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
  override_reason text
  constraint appointment_changes_version_key UNIQUE (practice_id, appointment_id, appointment_version)
  constraint appointment_changes_pkey PRIMARY KEY (practice_id, id)
  constraint appointment_changes_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint appointment_changes_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_client'::text, 'client'::text, 'system'::text]))) NOT VALID
  constraint appointment_changes_asked_by_check CHECK ((asked_by = ANY (ARRAY['client'::text, 'practice'::text])))
  constraint appointment_changes_kind_check CHECK ((kind = ANY (ARRAY['booked'::text, 'moved'::text, 'confirmed'::text, 'arrived'::text, 'started'::text, 'completed'::text, 'attended'::text, 'no_show'::text, 'canceled'::text, 'late_canceled'::text, 'uncanceled'::text]))) NOT VALID
  constraint appointment_changes_override_reason_check CHECK ((override_reason = ANY (ARRAY['temporary_practice_rule'::text, 'privilege_not_recorded'::text, 'crisis'::text, 'recorded_elsewhere'::text]))) NOT VALID
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table appointment_fees (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  appointment_id uuid not null
  chart_id uuid not null
  policy_id uuid not null
  kind text not null
  amount_cents integer not null
  currency text not null
  status text not null
  free_until timestamp with time zone not null
  occurred_at timestamp with time zone not null
  waiver_reason text
  waiver_note_sealed bytea
  waived_by uuid
  waived_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint appointment_fees_pkey PRIMARY KEY (practice_id, id)
  constraint appointment_fees_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint appointment_fees_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint appointment_fees_policy_fkey FOREIGN KEY (practice_id, policy_id) REFERENCES cairn.cancellation_policies(practice_id, id)
  constraint appointment_fees_waived_by_fkey FOREIGN KEY (practice_id, waived_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint appointment_fees_amount_check CHECK (((amount_cents >= 0) AND (amount_cents <= 1000000)))
  constraint appointment_fees_kind_check CHECK ((kind = ANY (ARRAY['late_cancellation'::text, 'no_show'::text])))
  constraint appointment_fees_status_check CHECK ((status = ANY (ARRAY['due'::text, 'grace'::text, 'waived'::text, 'void'::text])))
  constraint appointment_fees_waiver_check CHECK ((((status <> 'waived'::text) OR (waived_at IS NOT NULL)) AND (num_nonnulls(waiver_reason, waived_by, waived_at) = ANY (ARRAY[0, 3])) AND (waiver_reason = ANY (ARRAY['first_time'::text, 'illness'::text, 'emergency'::text, 'weather'::text, 'practice_error'::text, 'hardship'::text, 'other'::text]))))
  CREATE INDEX appointment_fees_chart ON cairn.appointment_fees USING btree (practice_id, chart_id, occurred_at)
  CREATE INDEX appointment_fees_time ON cairn.appointment_fees USING btree (practice_id, occurred_at, id)
  CREATE UNIQUE INDEX appointment_fees_standing_key ON cairn.appointment_fees USING btree (practice_id, appointment_id) WHERE (status <> 'void'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table appointment_series (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  service_id uuid not null
  clinician_id uuid not null
  location_id uuid
  room_id uuid
  mode text not null
  planned_state text
  duration_minutes integer not null
  rule text not null
  first_on date not null
  starts_minute integer not null
  time_zone text not null
  on_closed_days text not null
  booked_until date not null
  zone_version text not null
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint appointment_series_pkey PRIMARY KEY (practice_id, id)
  constraint appointment_series_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint appointment_series_clinician_fkey FOREIGN KEY (practice_id, clinician_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint appointment_series_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint appointment_series_room_fkey FOREIGN KEY (practice_id, location_id, room_id) REFERENCES cairn.rooms(practice_id, location_id, id)
  constraint appointment_series_service_fkey FOREIGN KEY (practice_id, service_id) REFERENCES cairn.services(practice_id, id)
  constraint appointment_series_duration_check CHECK (((duration_minutes >= 5) AND (duration_minutes <= 1440)))
  constraint appointment_series_mode_check CHECK ((mode = ANY (ARRAY['in_person'::text, 'telehealth'::text])))
  constraint appointment_series_on_closed_days_check CHECK ((on_closed_days = ANY (ARRAY['leave_out'::text, 'book'::text])))
  constraint appointment_series_place_check CHECK ((((mode = 'in_person'::text) = (location_id IS NOT NULL)) AND ((room_id IS NULL) OR (location_id IS NOT NULL))))
  constraint appointment_series_planned_state_check CHECK ((planned_state ~ '^[A-Z]{2}$'::text))
  constraint appointment_series_rule_check CHECK ((rule ~ '^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)'::text))
  constraint appointment_series_starts_minute_check CHECK (((starts_minute >= 0) AND (starts_minute <= 1439)))
  constraint appointment_series_status_check CHECK ((status = ANY (ARRAY['active'::text, 'ended'::text])))
  CREATE INDEX appointment_series_chart ON cairn.appointment_series USING btree (practice_id, chart_id, id)
  CREATE INDEX appointment_series_clinician ON cairn.appointment_series USING btree (practice_id, clinician_id, id)
  CREATE INDEX appointment_series_due ON cairn.appointment_series USING btree (practice_id, booked_until, id) WHERE (status = 'active'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table appointment_series_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  series_id uuid not null
  series_version integer not null
  kind text not null
  from_date date not null
  actor_kind text not null
  actor_id uuid not null
  staff_id uuid
  rule text not null
  first_on date not null
  starts_minute integer not null
  duration_minutes integer not null
  clinician_id uuid not null
  location_id uuid
  room_id uuid
  mode text not null
  booked_count integer not null
  moved_count integer not null
  canceled_count integer not null
  left_out_count integer not null
  reason_code text
  asked_by text
  note_sealed bytea
  occurred_at timestamp with time zone not null default now()
  constraint appointment_series_changes_version_key UNIQUE (practice_id, series_id, series_version)
  constraint appointment_series_changes_pkey PRIMARY KEY (practice_id, id)
  constraint appointment_series_changes_series_fkey FOREIGN KEY (practice_id, series_id) REFERENCES cairn.appointment_series(practice_id, id)
  constraint appointment_series_changes_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_client'::text, 'system'::text])))
  constraint appointment_series_changes_asked_by_check CHECK ((asked_by = ANY (ARRAY['client'::text, 'practice'::text])))
  constraint appointment_series_changes_kind_check CHECK ((kind = ANY (ARRAY['booked'::text, 'changed'::text, 'canceled'::text, 'paused'::text, 'resumed'::text, 'zone_changed'::text])))
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
  overbooked boolean not null default false
  planned_state text
  telehealth_link_sealed bytea
  constraint appointments_pkey PRIMARY KEY (practice_id, id)
  constraint appointments_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint appointments_clinician_fkey FOREIGN KEY (practice_id, clinician_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint appointments_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint appointments_room_fkey FOREIGN KEY (practice_id, location_id, room_id) REFERENCES cairn.rooms(practice_id, location_id, id)
  constraint appointments_service_fkey FOREIGN KEY (practice_id, service_id) REFERENCES cairn.services(practice_id, id)
  constraint appointments_attendance_check CHECK ((((actual_starts_at IS NOT NULL) = (status = ANY (ARRAY['in_session'::text, 'attended'::text, 'completed'::text]))) AND ((actual_ends_at IS NOT NULL) = (status = ANY (ARRAY['attended'::text, 'completed'::text]))) AND (actual_ends_at > actual_starts_at))) NOT VALID
  constraint appointments_buffers_check CHECK ((((buffer_before_minutes >= 0) AND (buffer_before_minutes <= 240)) AND ((buffer_after_minutes >= 0) AND (buffer_after_minutes <= 240))))
  constraint appointments_cancellation_check CHECK (((num_nonnulls(canceled_at, cancellation_by, cancellation_reason) =
CASE
    WHEN (status = ANY (ARRAY['canceled'::text, 'late_canceled'::text])) THEN 3
    ELSE 0
END) AND (cancellation_by = ANY (ARRAY['client'::text, 'practice'::text])))) NOT VALID
  constraint appointments_mode_check CHECK ((mode = ANY (ARRAY['in_person'::text, 'telehealth'::text])))
  constraint appointments_place_check CHECK ((((mode = 'in_person'::text) = (location_id IS NOT NULL)) AND ((room_id IS NULL) OR (location_id IS NOT NULL))))
  constraint appointments_planned_state_check CHECK ((planned_state ~ '^[A-Z]{2}$'::text)) NOT VALID
  constraint appointments_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'attended'::text, 'scheduled'::text, 'confirmed'::text, 'arrived'::text, 'in_session'::text, 'completed'::text, 'no_show'::text, 'canceled'::text, 'late_canceled'::text]))) NOT VALID
  constraint appointments_times_check CHECK (((ends_at > starts_at) AND (ends_at <= (starts_at + '24:00:00'::interval))))
  CREATE INDEX appointments_calendar ON cairn.appointments USING btree (practice_id, starts_at, id)
  CREATE INDEX appointments_chart ON cairn.appointments USING btree (practice_id, chart_id, starts_at, id)
  CREATE INDEX appointments_clinician ON cairn.appointments USING btree (practice_id, clinician_id, starts_at, id)
  CREATE INDEX appointments_overbooked ON cairn.appointments USING btree (practice_id, starts_at) WHERE overbooked
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table assessment_alert_rules (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  instrument_key text not null
  scale text not null
  at_least double precision not null
  severity text not null
  respond_within_minutes integer
  created_by uuid not null
  created_at timestamp with time zone not null default now()
  ended_at timestamp with time zone
  at_most double precision not null default 'Infinity'::double precision
  subject text not null default 'scale'::text
  constraint assessment_alert_rules_pkey PRIMARY KEY (practice_id, id)
  constraint assessment_alert_rules_staff_fkey FOREIGN KEY (practice_id, created_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint assessment_alert_rules_minutes_check CHECK ((respond_within_minutes > 0))
  constraint assessment_alert_rules_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'attention'::text, 'urgent'::text])))
  constraint assessment_alert_rules_subject_check CHECK ((subject = ANY (ARRAY['scale'::text, 'item'::text]))) NOT VALID
  CREATE INDEX assessment_alert_rules_instrument ON cairn.assessment_alert_rules USING btree (practice_id, instrument_key) WHERE (ended_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table assessment_assignments (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_id uuid
  instrument_key text not null
  edition integer not null
  instrument_id uuid
  data_class text not null
  mode text not null
  target text
  status text not null default 'assigned'::text
  due_on date
  expires_on date
  repeat_weeks integer
  series_id uuid not null
  occurrence integer not null default 1
  replaces_id uuid
  assigned_by uuid not null
  released_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint assessment_assignments_replaces_key UNIQUE (practice_id, replaces_id)
  constraint assessment_assignments_series_key UNIQUE (practice_id, series_id, occurrence)
  constraint assessment_assignments_pkey PRIMARY KEY (practice_id, id)
  constraint assessment_assignments_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint assessment_assignments_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint assessment_assignments_instrument_fkey FOREIGN KEY (practice_id, instrument_id) REFERENCES cairn.instruments(practice_id, id)
  constraint assessment_assignments_replaces_fkey FOREIGN KEY (practice_id, replaces_id) REFERENCES cairn.assessment_assignments(practice_id, id)
  constraint assessment_assignments_staff_fkey FOREIGN KEY (practice_id, assigned_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint assessment_assignments_class_check CHECK ((data_class = ANY (ARRAY['clinical'::text, 'restricted'::text])))
  constraint assessment_assignments_days_check CHECK ((expires_on >= due_on))
  constraint assessment_assignments_mode_check CHECK ((mode = ANY (ARRAY['self'::text, 'clinician'::text])))
  constraint assessment_assignments_occurrence_check CHECK ((occurrence >= 1))
  constraint assessment_assignments_repeat_check CHECK (((repeat_weeks >= 1) AND (repeat_weeks <= 52)))
  constraint assessment_assignments_status_check CHECK ((status = ANY (ARRAY['assigned'::text, 'in_progress'::text, 'completed'::text, 'reviewed'::text, 'expired'::text, 'voided'::text])))
  constraint assessment_assignments_target_check CHECK ((target = ANY (ARRAY['mother'::text, 'father'::text, 'partner'::text, 'best_friend'::text])))
  CREATE INDEX assessment_assignments_chart ON cairn.assessment_assignments USING btree (practice_id, chart_id, id)
  CREATE INDEX assessment_assignments_due ON cairn.assessment_assignments USING btree (practice_id, chart_id, due_on, id) WHERE (status = ANY (ARRAY['assigned'::text, 'in_progress'::text]))
  CREATE INDEX assessment_assignments_expiry ON cairn.assessment_assignments USING btree (practice_id, expires_on) WHERE (status = ANY (ARRAY['assigned'::text, 'in_progress'::text]))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table assessment_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  assignment_id uuid not null
  change text not null
  comment_sealed bytea
  recorded_by uuid
  recorded_at timestamp with time zone not null default now()
  constraint assessment_changes_pkey PRIMARY KEY (practice_id, id)
  constraint assessment_changes_assignment_fkey FOREIGN KEY (practice_id, assignment_id) REFERENCES cairn.assessment_assignments(practice_id, id)
  constraint assessment_changes_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint assessment_changes_change_check CHECK ((change = ANY (ARRAY['assigned'::text, 'changed'::text, 'started'::text, 'completed'::text, 'reviewed'::text, 'released'::text, 'expired'::text, 'voided'::text])))
  CREATE INDEX assessment_changes_assignment ON cairn.assessment_changes USING btree (practice_id, assignment_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table assessment_drafts (row security forced)
  practice_id uuid not null
  assignment_id uuid not null
  version integer not null
  answers_sealed bytea not null
  constraint assessment_drafts_pkey PRIMARY KEY (practice_id, assignment_id)
  constraint assessment_drafts_assignment_fkey FOREIGN KEY (practice_id, assignment_id) REFERENCES cairn.assessment_assignments(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table assessment_scores (row security forced)
  practice_id uuid not null
  assignment_id uuid not null
  scale text not null
  value double precision
  missing integer not null
  prorated boolean not null
  band text
  met text[] not null
  constraint assessment_scores_pkey PRIMARY KEY (practice_id, assignment_id, scale)
  constraint assessment_scores_assessment_fkey FOREIGN KEY (practice_id, assignment_id) REFERENCES cairn.assessments(practice_id, assignment_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table assessments (row security forced)
  practice_id uuid not null
  assignment_id uuid not null
  answers_sealed bytea not null
  flags text[] not null
  algorithm_version integer not null
  text_id uuid
  completed_on date not null
  completed_at timestamp with time zone not null default now()
  entered_by text not null
  recorded_by uuid
  constraint assessments_pkey PRIMARY KEY (practice_id, assignment_id)
  constraint assessments_assignment_fkey FOREIGN KEY (practice_id, assignment_id) REFERENCES cairn.assessment_assignments(practice_id, id)
  constraint assessments_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint assessments_text_fkey FOREIGN KEY (practice_id, text_id) REFERENCES cairn.instrument_texts(practice_id, id)
  constraint assessments_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint assessments_recorded_by_check CHECK (((recorded_by IS NOT NULL) = (entered_by = 'staff'::text)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  constraint audit_log_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_client'::text, 'client'::text, 'system'::text]))) NOT VALID
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

table calendar_exceptions (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  kind text not null
  staff_id uuid
  location_id uuid
  telehealth boolean not null default false
  name text
  starts_on date not null
  starts_minute integer not null
  ends_on date not null
  ends_minute integer not null
  recorded_by uuid
  withdrawn_at timestamp with time zone
  withdrawn_by uuid
  created_at timestamp with time zone not null default now()
  constraint calendar_exceptions_pkey PRIMARY KEY (practice_id, id)
  constraint calendar_exceptions_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint calendar_exceptions_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint calendar_exceptions_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint calendar_exceptions_withdrawn_by_fkey FOREIGN KEY (practice_id, withdrawn_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint calendar_exceptions_fields_check CHECK (
CASE kind
    WHEN 'time_off'::text THEN ((staff_id IS NOT NULL) AND (location_id IS NULL) AND (NOT telehealth) AND (name IS NULL))
    WHEN 'extra_hours'::text THEN ((staff_id IS NOT NULL) AND ((location_id IS NOT NULL) OR telehealth) AND (name IS NULL))
    WHEN 'holiday'::text THEN ((staff_id IS NULL) AND (NOT telehealth) AND (name IS NOT NULL))
    ELSE false
END)
  constraint calendar_exceptions_kind_check CHECK ((kind = ANY (ARRAY['time_off'::text, 'extra_hours'::text, 'holiday'::text])))
  constraint calendar_exceptions_minutes_check CHECK ((((starts_minute >= 0) AND (starts_minute <= 1439)) AND ((ends_minute >= 1) AND (ends_minute <= 1440))))
  constraint calendar_exceptions_times_check CHECK (((ends_on > starts_on) OR ((ends_on = starts_on) AND (ends_minute > starts_minute))))
  CREATE INDEX calendar_exceptions_staff ON cairn.calendar_exceptions USING btree (practice_id, staff_id, ends_on, id)
  CREATE INDEX calendar_exceptions_time ON cairn.calendar_exceptions USING btree (practice_id, ends_on, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table calendar_feed_slots (row security forced)
  practice_id uuid not null
  owner_id uuid not null
  slot integer not null
  feed_id uuid not null
  constraint calendar_feed_slots_feed_key UNIQUE (practice_id, feed_id)
  constraint calendar_feed_slots_pkey PRIMARY KEY (practice_id, owner_id, slot)
  constraint calendar_feed_slots_feed_fkey FOREIGN KEY (practice_id, feed_id) REFERENCES cairn.calendar_feeds(practice_id, id)
  constraint calendar_feed_slots_slot_check CHECK (((slot >= 1) AND (slot <= 5)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table calendar_feeds (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  staff_id uuid
  client_id uuid
  secret_hash bytea not null
  entered_by text not null
  recorded_by uuid
  created_at timestamp with time zone not null default now()
  revoked_at timestamp with time zone
  constraint calendar_feeds_pkey PRIMARY KEY (practice_id, id)
  constraint calendar_feeds_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint calendar_feeds_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint calendar_feeds_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint calendar_feeds_entered_by_check CHECK (((entered_by = ANY (ARRAY['staff'::text, 'client'::text])) AND ((entered_by = 'staff'::text) OR ((client_id IS NOT NULL) AND (recorded_by IS NULL)))))
  constraint calendar_feeds_owner_check CHECK ((num_nonnulls(staff_id, client_id) = 1))
  CREATE INDEX calendar_feeds_client ON cairn.calendar_feeds USING btree (practice_id, client_id, id) WHERE (client_id IS NOT NULL)
  CREATE INDEX calendar_feeds_staff ON cairn.calendar_feeds USING btree (practice_id, staff_id, id) WHERE (staff_id IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table cancellation_policies (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  number integer not null
  text text not null
  window_hours integer not null
  late_cancellation_fee_cents integer not null
  no_show_fee_cents integer not null
  currency text not null default 'USD'::text
  grace_count integer not null
  grace_months integer not null
  effective_on date not null
  created_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint cancellation_policies_number_key UNIQUE (practice_id, number)
  constraint cancellation_policies_pkey PRIMARY KEY (practice_id, id)
  constraint cancellation_policies_created_by_fkey FOREIGN KEY (practice_id, created_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint cancellation_policies_currency_check CHECK ((currency = 'USD'::text))
  constraint cancellation_policies_fees_check CHECK ((((late_cancellation_fee_cents >= 0) AND (late_cancellation_fee_cents <= 1000000)) AND ((no_show_fee_cents >= 0) AND (no_show_fee_cents <= 1000000))))
  constraint cancellation_policies_grace_check CHECK ((((grace_count >= 0) AND (grace_count <= 20)) AND ((grace_months >= 1) AND (grace_months <= 60))))
  constraint cancellation_policies_window_hours_check CHECK (((window_hours >= 0) AND (window_hours <= 336)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table cancellation_policy_signatures (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  policy_id uuid not null
  client_id uuid not null
  method text not null
  signed_on date not null
  recorded_by uuid
  entered_by text not null
  representative_id uuid
  created_at timestamp with time zone not null default now()
  constraint cancellation_policy_signatures_client_key UNIQUE (practice_id, client_id, policy_id)
  constraint cancellation_policy_signatures_pkey PRIMARY KEY (practice_id, id)
  constraint cancellation_policy_signatures_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint cancellation_policy_signatures_policy_fkey FOREIGN KEY (practice_id, policy_id) REFERENCES cairn.cancellation_policies(practice_id, id)
  constraint cancellation_policy_signatures_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint cancellation_policy_signatures_representative_fkey FOREIGN KEY (practice_id, representative_id) REFERENCES cairn.related_people(practice_id, id)
  constraint cancellation_policy_signatures_entered_by_check CHECK (((entered_by = ANY (ARRAY['staff'::text, 'client'::text])) AND ((entered_by = 'staff'::text) = (recorded_by IS NOT NULL)) AND ((entered_by = 'client'::text) = (method = 'portal'::text))))
  constraint cancellation_policy_signatures_method_check CHECK ((method = ANY (ARRAY['paper'::text, 'electronic'::text, 'portal'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  CREATE INDEX care_team_members_reach ON cairn.care_team_members USING btree (practice_id, staff_id, chart_id) INCLUDE (starts_on, ends_on)
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
  has_seats boolean not null default false
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

table check_in_addictions (row security forced)
  practice_id uuid not null
  check_in_id uuid not null
  addiction_id uuid not null
  chart_id uuid not null
  urge integer
  inner_circle boolean
  middle_circle boolean
  outer_circle boolean
  constraint check_in_addictions_pkey PRIMARY KEY (practice_id, check_in_id, addiction_id)
  constraint check_in_addictions_addiction_fkey FOREIGN KEY (practice_id, chart_id, addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint check_in_addictions_check_in_fkey FOREIGN KEY (practice_id, chart_id, check_in_id) REFERENCES cairn.check_ins(practice_id, chart_id, id)
  constraint check_in_addictions_urge_check CHECK (((urge >= 0) AND (urge <= 10)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table check_ins (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  kind text not null
  covers_on date not null
  entered_on date not null
  in_force boolean not null default true
  supersedes_id uuid
  mood integer
  stress integer
  sleep_minutes integer
  meetings integer
  contacts integer
  anxiety integer
  irritability integer
  depression integer
  dysphoria integer
  shame integer
  hopelessness integer
  note_sealed bytea
  recorded_by uuid
  entered_by text not null
  created_at timestamp with time zone not null default now()
  constraint check_ins_chart_key UNIQUE (practice_id, chart_id, id)
  constraint check_ins_supersedes_key UNIQUE (practice_id, supersedes_id)
  constraint check_ins_pkey PRIMARY KEY (practice_id, id)
  constraint check_ins_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint check_ins_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint check_ins_supersedes_fkey FOREIGN KEY (practice_id, chart_id, supersedes_id) REFERENCES cairn.check_ins(practice_id, chart_id, id)
  constraint check_ins_counts_check CHECK ((((sleep_minutes >= 0) AND (sleep_minutes <= 1440)) AND ((meetings >= 0) AND (meetings <= 100)) AND ((contacts >= 0) AND (contacts <= 500))))
  constraint check_ins_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint check_ins_kind_check CHECK ((kind = ANY (ARRAY['daily'::text, 'weekly'::text])))
  constraint check_ins_ratings_check CHECK (((LEAST(mood, stress, anxiety, irritability, depression, dysphoria, shame, hopelessness) >= 0) AND (GREATEST(mood, stress, anxiety, irritability, depression, dysphoria, shame, hopelessness) <= 10)))
  CREATE INDEX check_ins_chart ON cairn.check_ins USING btree (practice_id, chart_id, covers_on, id)
  CREATE UNIQUE INDEX check_ins_day_key ON cairn.check_ins USING btree (practice_id, chart_id, kind, covers_on) WHERE in_force
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table client_check_ins (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  appointment_id uuid not null
  client_id uuid not null
  representative_id uuid
  state text not null
  is_private boolean not null
  content_sealed bytea not null
  checked_in_at timestamp with time zone not null default now()
  constraint client_check_ins_pkey PRIMARY KEY (practice_id, id)
  constraint client_check_ins_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint client_check_ins_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_check_ins_representative_fkey FOREIGN KEY (practice_id, representative_id) REFERENCES cairn.related_people(practice_id, id)
  constraint client_check_ins_state_check CHECK ((state ~ '^[A-Z]{2}$'::text))
  CREATE INDEX client_check_ins_appointment ON cairn.client_check_ins USING btree (practice_id, appointment_id, id)
  CREATE INDEX client_check_ins_client ON cairn.client_check_ins USING btree (practice_id, client_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  moved_seat_ids uuid[] not null default '{}'::uuid[]
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

table client_message_items (row security forced)
  practice_id uuid not null
  client_id uuid not null
  subject_id uuid not null
  key text not null
  message_id uuid not null
  subject_kind text not null
  what text not null
  starts_at timestamp with time zone not null
  dropped boolean not null default false
  constraint client_message_items_pkey PRIMARY KEY (practice_id, client_id, subject_id, key)
  constraint client_message_items_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_message_items_message_fkey FOREIGN KEY (practice_id, message_id) REFERENCES cairn.client_messages(practice_id, id)
  constraint client_message_items_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['appointment'::text, 'intensive_block'::text, 'group_session'::text, 'waitlist_offer'::text]))) NOT VALID
  constraint client_message_items_what_check CHECK ((what = ANY (ARRAY['reminder'::text, 'booked'::text, 'moved'::text, 'canceled'::text, 'offered'::text]))) NOT VALID
  CREATE INDEX client_message_items_message ON cairn.client_message_items USING btree (practice_id, message_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table client_messages (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  client_id uuid not null
  kind text not null
  purpose text not null
  status text not null default 'queued'::text
  channel text
  content_sealed bytea
  attempts integer not null default 0
  sent_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint client_messages_pkey PRIMARY KEY (practice_id, id)
  constraint client_messages_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint client_messages_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'text'::text])))
  constraint client_messages_kind_check CHECK ((kind = ANY (ARRAY['reminder'::text, 'change'::text])))
  constraint client_messages_purpose_check CHECK ((purpose = ANY (ARRAY['own-care'::text, 'joint-care'::text])))
  constraint client_messages_sent_check CHECK ((((sent_at IS NOT NULL) = (status = 'sent'::text)) AND ((status <> ALL (ARRAY['sending'::text, 'sent'::text, 'uncertain'::text])) OR ((channel IS NOT NULL) AND (content_sealed IS NOT NULL)))))
  constraint client_messages_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'uncertain'::text, 'failed'::text, 'dropped'::text])))
  CREATE INDEX client_messages_client ON cairn.client_messages USING btree (practice_id, client_id, id)
  CREATE INDEX client_messages_status ON cairn.client_messages USING btree (practice_id, status, id)
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
  time_zone text
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

table criteria_reviews (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  addiction_id uuid not null
  framework text not null
  rated_by text not null
  rated_on date not null
  met_count integer not null
  unclear_count integer not null
  rated_count integer not null
  content_sealed bytea not null
  recorded_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint criteria_reviews_pkey PRIMARY KEY (practice_id, id)
  constraint criteria_reviews_addiction_fkey FOREIGN KEY (practice_id, chart_id, addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint criteria_reviews_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint criteria_reviews_counts_check CHECK (((met_count >= 0) AND (unclear_count >= 0) AND ((met_count + unclear_count) <= rated_count)))
  constraint criteria_reviews_framework_check CHECK ((framework = ANY (ARRAY['interview_four'::text, 'csat_ten'::text, 'icd11_6c72'::text, 'dsm5_sud_eleven'::text])))
  constraint criteria_reviews_rated_by_check CHECK ((rated_by = ANY (ARRAY['self'::text, 'clinician'::text, 'collateral'::text])))
  CREATE INDEX criteria_reviews_addiction ON cairn.criteria_reviews USING btree (practice_id, addiction_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table cycle_phase_sets (row security forced)
  practice_id uuid not null
  id uuid not null
  number integer not null
  phases jsonb not null
  created_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint cycle_phase_sets_number_key UNIQUE (practice_id, number)
  constraint cycle_phase_sets_pkey PRIMARY KEY (practice_id, id)
  constraint cycle_phase_sets_staff_fkey FOREIGN KEY (practice_id, created_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table cycle_phase_starts (row security forced)
  practice_id uuid not null
  chart_id uuid not null
  set_id uuid not null
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint cycle_phase_starts_pkey PRIMARY KEY (practice_id, chart_id, set_id)
  constraint cycle_phase_starts_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint cycle_phase_starts_set_fkey FOREIGN KEY (practice_id, set_id) REFERENCES cairn.cycle_phase_sets(practice_id, id)
  constraint cycle_phase_starts_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table dbt_diary_cards (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  covers_on date not null
  entered_on date not null
  in_force boolean not null default true
  supersedes_id uuid
  content_sealed bytea not null
  recorded_by uuid
  entered_by text not null
  created_at timestamp with time zone not null default now()
  constraint dbt_diary_cards_chart_key UNIQUE (practice_id, chart_id, id)
  constraint dbt_diary_cards_supersedes_key UNIQUE (practice_id, supersedes_id)
  constraint dbt_diary_cards_pkey PRIMARY KEY (practice_id, id)
  constraint dbt_diary_cards_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint dbt_diary_cards_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint dbt_diary_cards_supersedes_fkey FOREIGN KEY (practice_id, chart_id, supersedes_id) REFERENCES cairn.dbt_diary_cards(practice_id, chart_id, id)
  constraint dbt_diary_cards_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint dbt_diary_cards_recorder_check CHECK (((entered_by = 'staff'::text) = (recorded_by IS NOT NULL)))
  CREATE INDEX dbt_diary_cards_chart ON cairn.dbt_diary_cards USING btree (practice_id, chart_id, covers_on, id)
  CREATE UNIQUE INDEX dbt_diary_cards_day_key ON cairn.dbt_diary_cards USING btree (practice_id, chart_id, covers_on) WHERE in_force
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table diagnosis_codes (row security forced)
  practice_id uuid not null
  system text not null
  code text not null
  valid_from date not null
  valid_to date
  label text not null
  source text not null
  imported_by uuid not null
  imported_at timestamp with time zone not null default now()
  constraint diagnosis_codes_validity_excl EXCLUDE USING gist (practice_id WITH =, system WITH =, code WITH =, daterange(valid_from, valid_to, '[]'::text) WITH &&)
  constraint diagnosis_codes_pkey PRIMARY KEY (practice_id, system, code, valid_from)
  constraint diagnosis_codes_staff_fkey FOREIGN KEY (practice_id, imported_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint diagnosis_codes_dates_check CHECK ((valid_to >= valid_from))
  constraint diagnosis_codes_system_check CHECK ((system = ANY (ARRAY['icd10cm'::text, 'icd11'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table disclosures (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_id uuid not null
  release_id uuid
  recipient_kind text not null
  released_categories text[]
  released_from date
  released_until date
  categories text[] not null
  data_class text not null
  letter_id uuid
  record_id uuid
  disclosed_on date not null
  disclosed_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint disclosures_pkey PRIMARY KEY (practice_id, id)
  constraint disclosures_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint disclosures_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint disclosures_letter_fkey FOREIGN KEY (practice_id, letter_id) REFERENCES cairn.journey_letters(practice_id, id)
  constraint disclosures_record_fkey FOREIGN KEY (practice_id, chart_id, record_id) REFERENCES cairn.recovery_records(practice_id, chart_id, id)
  constraint disclosures_release_fkey FOREIGN KEY (practice_id, release_id, chart_id, client_id, recipient_kind, released_categories, released_from, released_until) REFERENCES cairn.releases(practice_id, id, chart_id, client_id, recipient_kind, categories, from_on, until_on)
  constraint disclosures_staff_fkey FOREIGN KEY (practice_id, disclosed_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint disclosures_basis_check CHECK (
CASE
    WHEN (release_id IS NULL) THEN ((recipient_kind = 'client'::text) AND (num_nonnulls(released_categories, released_from, released_until) = 0))
    ELSE ((num_nonnulls(released_categories, released_from, released_until) = 3) AND (categories <@ released_categories) AND ((disclosed_on >= released_from) AND (disclosed_on <= released_until)))
END)
  constraint disclosures_categories_check CHECK (((cardinality(categories) > 0) AND (categories <@ ARRAY['attendance'::text, 'counts'::text, 'tasks'::text, 'stages'::text, 'compliance'::text, 'progress'::text, 'evaluation'::text])))
  constraint disclosures_data_class_check CHECK ((data_class = ANY (ARRAY['clinical'::text, 'restricted'::text])))
  constraint disclosures_subject_check CHECK ((num_nonnulls(letter_id, record_id) = 1))
  CREATE INDEX disclosures_chart ON cairn.disclosures USING btree (practice_id, chart_id, id)
  CREATE INDEX disclosures_client ON cairn.disclosures USING btree (practice_id, client_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table dual_roles (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  couple_chart_id uuid not null
  staff_id uuid not null
  status text not null default 'open'::text
  reason_sealed bytea
  reason_by uuid
  reason_at timestamp with time zone
  found_at timestamp with time zone not null default now()
  ended_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint dual_roles_pkey PRIMARY KEY (practice_id, id)
  constraint dual_roles_chart_fkey FOREIGN KEY (practice_id, couple_chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint dual_roles_reason_by_fkey FOREIGN KEY (practice_id, reason_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint dual_roles_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint dual_roles_end_check CHECK (((ended_at IS NOT NULL) = (status = 'ended'::text)))
  constraint dual_roles_reason_check CHECK ((((reason_sealed IS NULL) = (reason_by IS NULL)) AND ((reason_by IS NULL) = (reason_at IS NULL)) AND ((status <> 'justified'::text) OR (reason_by IS NOT NULL))))
  constraint dual_roles_status_check CHECK ((status = ANY (ARRAY['open'::text, 'justified'::text, 'ended'::text])))
  CREATE UNIQUE INDEX dual_roles_present_key ON cairn.dual_roles USING btree (practice_id, couple_chart_id, staff_id) WHERE (status <> 'ended'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table emdr_target_history (row security forced)
  practice_id uuid not null
  target_id uuid not null
  version integer not null
  change text not null
  from_status text
  to_status text not null
  occurred_at timestamp with time zone not null default now()
  session_on date
  note_id uuid
  note_revision integer
  part_id uuid
  findings text[] not null default '{}'::text[]
  sud integer
  voc integer
  content_sealed bytea
  reason_sealed bytea
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint emdr_target_history_pkey PRIMARY KEY (practice_id, target_id, version)
  constraint emdr_target_history_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint emdr_target_history_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint emdr_target_history_target_fkey FOREIGN KEY (practice_id, target_id) REFERENCES cairn.emdr_targets(practice_id, id)
  constraint emdr_target_history_change_check CHECK ((change = ANY (ARRAY['created'::text, 'revised'::text, 'set_by_hand'::text, 'moved_by_note'::text, 'taken_back'::text])))
  constraint emdr_target_history_content_check CHECK (((content_sealed IS NOT NULL) = (change = ANY (ARRAY['created'::text, 'revised'::text]))))
  constraint emdr_target_history_findings_check CHECK ((findings <@ ARRAY['held'::text, 'came_back'::text, 'assessed'::text, 'processed'::text, 'desensitized'::text, 'installed'::text, 'cleared'::text, 'left'::text]))
  constraint emdr_target_history_from_check CHECK ((from_status = ANY (ARRAY['identified'::text, 'assessed'::text, 'processing'::text, 'incomplete'::text, 'desensitized'::text, 'installed'::text, 'cleared'::text, 'rechecked'::text, 'reopened'::text])))
  constraint emdr_target_history_note_check CHECK (((num_nonnulls(note_id, note_revision) = ANY (ARRAY[0, 2])) AND ((note_id IS NOT NULL) = (change = ANY (ARRAY['moved_by_note'::text, 'taken_back'::text])))))
  constraint emdr_target_history_part_check CHECK (((change = 'moved_by_note'::text) = (part_id IS NOT NULL)))
  constraint emdr_target_history_reason_check CHECK (((reason_sealed IS NOT NULL) = (change = 'set_by_hand'::text)))
  constraint emdr_target_history_sud_check CHECK (((sud >= 0) AND (sud <= 10)))
  constraint emdr_target_history_to_check CHECK ((to_status = ANY (ARRAY['identified'::text, 'assessed'::text, 'processing'::text, 'incomplete'::text, 'desensitized'::text, 'installed'::text, 'cleared'::text, 'rechecked'::text, 'reopened'::text])))
  constraint emdr_target_history_voc_check CHECK (((voc >= 1) AND (voc <= 7)))
  CREATE INDEX emdr_target_history_note ON cairn.emdr_target_history USING btree (practice_id, note_id) WHERE (note_id IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table emdr_targets (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  kind text not null
  status text not null default 'identified'::text
  attention integer not null default 
CASE status
    WHEN 'incomplete'::text THEN 1
    WHEN 'reopened'::text THEN 2
    WHEN 'processing'::text THEN 3
    WHEN 'desensitized'::text THEN 4
    WHEN 'installed'::text THEN 5
    WHEN 'cleared'::text THEN 6
    WHEN 'assessed'::text THEN 7
    WHEN 'identified'::text THEN 8
    ELSE 9
END
  position integer not null
  last_sud integer
  last_voc integer
  last_session_on date
  incomplete_sessions integer not null default 0
  content_version integer not null default 1
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint emdr_targets_pkey PRIMARY KEY (practice_id, id)
  constraint emdr_targets_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint emdr_targets_kind_check CHECK ((kind = ANY (ARRAY['past'::text, 'present_trigger'::text, 'future_template'::text, 'urge'::text])))
  constraint emdr_targets_position_check CHECK ((("position" >= 1) AND ("position" <= 1000)))
  constraint emdr_targets_status_check CHECK ((status = ANY (ARRAY['identified'::text, 'assessed'::text, 'processing'::text, 'incomplete'::text, 'desensitized'::text, 'installed'::text, 'cleared'::text, 'rechecked'::text, 'reopened'::text])))
  constraint emdr_targets_sud_check CHECK (((last_sud >= 0) AND (last_sud <= 10)))
  constraint emdr_targets_voc_check CHECK (((last_voc >= 1) AND (last_voc <= 7)))
  CREATE INDEX emdr_targets_chart ON cairn.emdr_targets USING btree (practice_id, chart_id, attention, "position", id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  CREATE INDEX events_chart ON ONLY cairn.events USING btree (practice_id, chart_id, occurred_at, id) WHERE (chart_id IS NOT NULL)
  policy relay to cairn_relay using (true) check (true)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app
  grant select to cairn_relay

table group_meeting_attendance (row security forced)
  practice_id uuid not null
  meeting_id uuid not null
  member_id uuid not null
  presence text not null
  recorded_by uuid
  recorded_at timestamp with time zone not null default now()
  constraint group_meeting_attendance_pkey PRIMARY KEY (practice_id, meeting_id, member_id)
  constraint group_meeting_attendance_meeting_fkey FOREIGN KEY (practice_id, meeting_id) REFERENCES cairn.group_meetings(practice_id, id)
  constraint group_meeting_attendance_member_fkey FOREIGN KEY (practice_id, member_id) REFERENCES cairn.therapy_group_members(practice_id, id)
  constraint group_meeting_attendance_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint group_meeting_attendance_presence_check CHECK ((presence = ANY (ARRAY['present'::text, 'late'::text, 'left_early'::text, 'absent_excused'::text, 'absent'::text])))
  CREATE INDEX group_meeting_attendance_member ON cairn.group_meeting_attendance USING btree (practice_id, member_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table group_meetings (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  group_id uuid not null
  facilitator_ids uuid[] not null
  mode text not null
  location_id uuid
  room_id uuid
  time_zone text not null
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  buffer_before_minutes integer not null
  buffer_after_minutes integer not null
  topic text
  status text not null default 'scheduled'::text
  canceled_at timestamp with time zone
  cancellation_reason text
  actual_starts_at timestamp with time zone
  actual_ends_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint group_meetings_pkey PRIMARY KEY (practice_id, id)
  constraint group_meetings_group_fkey FOREIGN KEY (practice_id, group_id) REFERENCES cairn.therapy_groups(practice_id, id)
  constraint group_meetings_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint group_meetings_room_fkey FOREIGN KEY (practice_id, location_id, room_id) REFERENCES cairn.rooms(practice_id, location_id, id)
  constraint group_meetings_actual_check CHECK (((num_nonnulls(actual_starts_at, actual_ends_at) =
CASE status
    WHEN 'held'::text THEN 2
    ELSE 0
END) AND (actual_ends_at > actual_starts_at)))
  constraint group_meetings_buffers_check CHECK ((((buffer_before_minutes >= 0) AND (buffer_before_minutes <= 240)) AND ((buffer_after_minutes >= 0) AND (buffer_after_minutes <= 240))))
  constraint group_meetings_cancellation_check CHECK ((num_nonnulls(canceled_at, cancellation_reason) =
CASE status
    WHEN 'canceled'::text THEN 2
    ELSE 0
END))
  constraint group_meetings_facilitators_check CHECK (((cardinality(facilitator_ids) >= 1) AND (cardinality(facilitator_ids) <= 4)))
  constraint group_meetings_mode_check CHECK ((mode = ANY (ARRAY['in_person'::text, 'telehealth'::text])))
  constraint group_meetings_place_check CHECK ((((mode = 'in_person'::text) = (location_id IS NOT NULL)) AND ((room_id IS NULL) OR (location_id IS NOT NULL))))
  constraint group_meetings_status_check CHECK ((status = ANY (ARRAY['scheduled'::text, 'held'::text, 'canceled'::text])))
  constraint group_meetings_times_check CHECK (((ends_at > starts_at) AND (ends_at <= (starts_at + '24:00:00'::interval))))
  CREATE INDEX group_meetings_group ON cairn.group_meetings USING btree (practice_id, group_id, starts_at, id)
  CREATE INDEX group_meetings_time ON cairn.group_meetings USING btree (practice_id, starts_at, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table group_session_attendance (row security forced)
  practice_id uuid not null
  group_session_id uuid not null
  revision integer not null
  member_id uuid not null
  client_id uuid not null
  presence text not null
  minutes integer
  note_id uuid
  constraint group_session_attendance_pkey PRIMARY KEY (practice_id, group_session_id, revision, member_id)
  constraint group_session_attendance_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint group_session_attendance_content_fkey FOREIGN KEY (practice_id, group_session_id, revision) REFERENCES cairn.group_session_contents(practice_id, group_session_id, revision)
  constraint group_session_attendance_member_fkey FOREIGN KEY (practice_id, member_id) REFERENCES cairn.chart_members(practice_id, id)
  constraint group_session_attendance_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint group_session_attendance_minutes_check CHECK (((minutes >= 0) AND (minutes <= 1440)))
  constraint group_session_attendance_presence_check CHECK ((presence = ANY (ARRAY['present'::text, 'late'::text, 'absent'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table group_session_contents (row security forced)
  practice_id uuid not null
  group_session_id uuid not null
  revision integer not null
  document_sealed bytea not null
  created_at timestamp with time zone not null default now()
  constraint group_session_contents_pkey PRIMARY KEY (practice_id, group_session_id, revision)
  constraint group_session_contents_head_fkey FOREIGN KEY (practice_id, group_session_id) REFERENCES cairn.group_sessions(practice_id, id)
  constraint group_session_contents_revision_check CHECK ((revision > 0))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table group_session_errors (row security forced)
  practice_id uuid not null
  group_session_id uuid not null
  staff_id uuid not null
  reason_sealed bytea not null
  marked_at timestamp with time zone not null default now()
  constraint group_session_errors_pkey PRIMARY KEY (practice_id, group_session_id)
  constraint group_session_errors_head_fkey FOREIGN KEY (practice_id, group_session_id) REFERENCES cairn.group_sessions(practice_id, id)
  constraint group_session_errors_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table group_session_meetings (row security forced)
  practice_id uuid not null
  meeting_id uuid not null
  group_session_id uuid not null
  constraint group_session_meetings_session_key UNIQUE (practice_id, group_session_id)
  constraint group_session_meetings_pkey PRIMARY KEY (practice_id, meeting_id)
  constraint group_session_meetings_meeting_fkey FOREIGN KEY (practice_id, meeting_id) REFERENCES cairn.group_meetings(practice_id, id)
  constraint group_session_meetings_session_fkey FOREIGN KEY (practice_id, group_session_id) REFERENCES cairn.group_sessions(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table group_session_signatures (row security forced)
  practice_id uuid not null
  group_session_id uuid not null
  revision integer not null
  signer_id uuid not null
  role text not null
  credentials text not null
  signed_at timestamp with time zone not null
  content_hash bytea not null
  seal bytea not null
  constraint group_session_signatures_pkey PRIMARY KEY (practice_id, group_session_id, signer_id)
  constraint group_session_signatures_content_fkey FOREIGN KEY (practice_id, group_session_id, revision) REFERENCES cairn.group_session_contents(practice_id, group_session_id, revision)
  constraint group_session_signatures_signer_fkey FOREIGN KEY (practice_id, signer_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint group_session_signatures_hash_check CHECK ((octet_length(content_hash) = 32))
  constraint group_session_signatures_role_check CHECK ((role = ANY (ARRAY['author'::text, 'facilitator'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table group_sessions (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  author_id uuid not null
  session_date date not null
  started_at timestamp with time zone
  ended_at timestamp with time zone
  time_zone text not null
  head_count integer not null
  status text not null default 'draft'::text
  revision integer not null default 1
  signed_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint group_sessions_pkey PRIMARY KEY (practice_id, id)
  constraint group_sessions_author_fkey FOREIGN KEY (practice_id, author_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint group_sessions_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint group_sessions_count_check CHECK ((head_count >= 0))
  constraint group_sessions_revision_check CHECK ((revision > 0))
  constraint group_sessions_signed_check CHECK (((status = 'draft'::text) = (signed_at IS NULL)))
  constraint group_sessions_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'signed'::text, 'cosigned'::text, 'entered_in_error'::text])))
  constraint group_sessions_times_check CHECK ((ended_at > started_at))
  CREATE INDEX group_sessions_chart ON cairn.group_sessions USING btree (practice_id, chart_id, session_date DESC, id DESC)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

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
  CREATE INDEX idempotency_keys_expiry ON cairn.idempotency_keys USING btree (practice_id, expires_at)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table inquiries (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  status text not null default 'received'::text
  source text not null
  contact_role text not null
  asked_for text[] not null
  region text
  urgent boolean not null
  person_sealed bytea
  words_sealed bytea
  assigned_to uuid
  client_id uuid
  received_by uuid not null
  received_at timestamp with time zone not null
  contacted_at timestamp with time zone
  screened_at timestamp with time zone
  ended_at timestamp with time zone
  anonymized_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint inquiries_client_key UNIQUE (practice_id, client_id)
  constraint inquiries_pkey PRIMARY KEY (practice_id, id)
  constraint inquiries_assigned_fkey FOREIGN KEY (practice_id, assigned_to) REFERENCES cairn.staff_members(practice_id, id)
  constraint inquiries_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint inquiries_received_by_fkey FOREIGN KEY (practice_id, received_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint inquiries_accepted_check CHECK (((client_id IS NOT NULL) = (status = 'accepted'::text)))
  constraint inquiries_anonymized_check CHECK (((anonymized_at IS NULL) OR ((person_sealed IS NULL) AND (words_sealed IS NULL) AND (status = ANY (ARRAY['referred_out'::text, 'declined'::text, 'closed'::text])))))
  constraint inquiries_asked_for_check CHECK ((asked_for <@ ARRAY['individual'::text, 'couple'::text, 'group'::text, 'intensive'::text, 'assessment'::text, 'partner_support'::text, 'family'::text, 'information'::text, 'other'::text]))
  constraint inquiries_contact_role_check CHECK ((contact_role = ANY (ARRAY['self'::text, 'partner'::text, 'parent'::text, 'family'::text, 'friend'::text, 'colleague'::text, 'clinician'::text, 'attorney'::text, 'court'::text, 'other'::text])))
  constraint inquiries_ended_check CHECK (((ended_at IS NOT NULL) = (status = ANY (ARRAY['accepted'::text, 'referred_out'::text, 'declined'::text, 'closed'::text]))))
  constraint inquiries_person_check CHECK (((person_sealed IS NOT NULL) OR (anonymized_at IS NOT NULL)))
  constraint inquiries_source_check CHECK ((source = ANY (ARRAY['website'::text, 'search'::text, 'directory'::text, 'podcast'::text, 'radio'::text, 'social_media'::text, 'event'::text, 'word_of_mouth'::text, 'former_client'::text, 'clinician'::text, 'physician'::text, 'attorney'::text, 'court'::text, 'employer'::text, 'insurer'::text, 'other'::text])))
  constraint inquiries_status_check CHECK ((status = ANY (ARRAY['received'::text, 'contacted'::text, 'screened'::text, 'accepted'::text, 'referred_out'::text, 'declined'::text, 'closed'::text])))
  CREATE INDEX inquiries_assigned ON cairn.inquiries USING btree (practice_id, assigned_to, id DESC) WHERE (assigned_to IS NOT NULL)
  CREATE INDEX inquiries_ended ON cairn.inquiries USING btree (practice_id, ended_at) WHERE ((anonymized_at IS NULL) AND (client_id IS NULL))
  CREATE INDEX inquiries_received ON cairn.inquiries USING btree (practice_id, received_at)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table inquiry_steps (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  inquiry_id uuid not null
  status text not null
  reason text
  note_sealed bytea
  made_by uuid not null
  made_at timestamp with time zone not null default now()
  constraint inquiry_steps_pkey PRIMARY KEY (practice_id, id)
  constraint inquiry_steps_inquiry_fkey FOREIGN KEY (practice_id, inquiry_id) REFERENCES cairn.inquiries(practice_id, id)
  constraint inquiry_steps_staff_fkey FOREIGN KEY (practice_id, made_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint inquiry_steps_reason_check CHECK ((reason = ANY (ARRAY['no_answer'::text, 'withdrawn'::text, 'duplicate'::text, 'no_request'::text, 'no_capacity'::text, 'outside_scope'::text, 'outside_area'::text, 'other_clinician'::text, 'other_service'::text, 'came_back'::text, 'recorded_in_error'::text, 'other'::text])))
  constraint inquiry_steps_status_check CHECK ((status = ANY (ARRAY['received'::text, 'contacted'::text, 'screened'::text, 'accepted'::text, 'referred_out'::text, 'declined'::text, 'closed'::text])))
  CREATE INDEX inquiry_steps_inquiry ON cairn.inquiry_steps USING btree (practice_id, inquiry_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table instrument_editions (row security forced)
  practice_id uuid not null
  instrument_id uuid not null
  definition jsonb not null
  published_by uuid not null
  published_at timestamp with time zone not null default now()
  constraint instrument_editions_pkey PRIMARY KEY (practice_id, instrument_id)
  constraint instrument_editions_instrument_fkey FOREIGN KEY (practice_id, instrument_id) REFERENCES cairn.instruments(practice_id, id)
  constraint instrument_editions_staff_fkey FOREIGN KEY (practice_id, published_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table instrument_texts (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  instrument_key text not null
  edition integer not null
  language text not null
  texts jsonb not null
  right_basis text not null
  right_statement text not null
  imported_by uuid not null
  imported_at timestamp with time zone not null default now()
  withdrawn_at timestamp with time zone
  constraint instrument_texts_pkey PRIMARY KEY (practice_id, id)
  constraint instrument_texts_staff_fkey FOREIGN KEY (practice_id, imported_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint instrument_texts_basis_check CHECK ((right_basis = ANY (ARRAY['license'::text, 'permission'::text, 'public_domain'::text, 'own_work'::text])))
  CREATE UNIQUE INDEX instrument_texts_current_key ON cairn.instrument_texts USING btree (practice_id, instrument_key, edition, language) WHERE (withdrawn_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table instruments (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  key text not null
  edition integer not null
  status text not null default 'draft'::text
  draft jsonb
  created_by uuid not null
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint instruments_edition_key UNIQUE (practice_id, key, edition)
  constraint instruments_pkey PRIMARY KEY (practice_id, id)
  constraint instruments_created_by_fkey FOREIGN KEY (practice_id, created_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint instruments_draft_check CHECK (((draft IS NOT NULL) = (status = 'draft'::text)))
  constraint instruments_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'retired'::text])))
  CREATE UNIQUE INDEX instruments_draft_key ON cairn.instruments USING btree (practice_id, key) WHERE (status = 'draft'::text)
  CREATE UNIQUE INDEX instruments_published_key ON cairn.instruments USING btree (practice_id, key) WHERE (status = 'published'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table intensive_aftercare_tasks (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  intensive_id uuid not null
  kind text not null
  participant text
  due_on date not null
  note_sealed bytea
  status text not null default 'open'::text
  series_id uuid
  settled_at timestamp with time zone
  settled_by uuid
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint intensive_aftercare_tasks_pkey PRIMARY KEY (practice_id, id)
  constraint intensive_aftercare_tasks_intensive_fkey FOREIGN KEY (practice_id, intensive_id) REFERENCES cairn.intensives(practice_id, id)
  constraint intensive_aftercare_tasks_series_fkey FOREIGN KEY (practice_id, series_id) REFERENCES cairn.appointment_series(practice_id, id)
  constraint intensive_aftercare_tasks_settled_by_fkey FOREIGN KEY (practice_id, settled_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint intensive_aftercare_tasks_kind_check CHECK ((kind = ANY (ARRAY['check_in_call'::text, 'follow_up_session'::text, 'follow_up_series'::text, 'assessment'::text, 'summary'::text, 'referral'::text, 'support_group'::text, 'other'::text])))
  constraint intensive_aftercare_tasks_participant_check CHECK ((participant = ANY (ARRAY['a'::text, 'b'::text])))
  constraint intensive_aftercare_tasks_series_check CHECK (((series_id IS NULL) OR (kind = 'follow_up_series'::text)))
  constraint intensive_aftercare_tasks_status_check CHECK (((status = ANY (ARRAY['open'::text, 'done'::text, 'dropped'::text])) AND ((status = 'open'::text) = (settled_at IS NULL))))
  CREATE INDEX intensive_aftercare_tasks_intensive ON cairn.intensive_aftercare_tasks USING btree (practice_id, intensive_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table intensive_block_changes (row security forced)
  practice_id uuid not null
  change_id uuid not null
  block_id uuid not null
  status text not null
  clinician_ids uuid[] not null
  room_id uuid
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  delivered_minutes integer
  constraint intensive_block_changes_pkey PRIMARY KEY (practice_id, change_id, block_id)
  constraint intensive_block_changes_block_fkey FOREIGN KEY (practice_id, block_id) REFERENCES cairn.intensive_blocks(practice_id, id)
  constraint intensive_block_changes_change_fkey FOREIGN KEY (practice_id, change_id) REFERENCES cairn.intensive_changes(practice_id, id)
  constraint intensive_block_changes_status_check CHECK ((status = ANY (ARRAY['booked'::text, 'delivered'::text, 'partly_delivered'::text, 'not_delivered'::text, 'canceled'::text])))
  CREATE INDEX intensive_block_changes_block ON cairn.intensive_block_changes USING btree (practice_id, block_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table intensive_blocks (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  intensive_id uuid not null
  kind text not null
  client_ids uuid[] not null
  clinician_ids uuid[] not null
  room_id uuid
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  status text not null default 'planned'::text
  delivered_minutes integer
  undelivered_reason text
  share_cents integer
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint intensive_blocks_pkey PRIMARY KEY (practice_id, id)
  constraint intensive_blocks_intensive_fkey FOREIGN KEY (practice_id, intensive_id) REFERENCES cairn.intensives(practice_id, id)
  constraint intensive_blocks_room_fkey FOREIGN KEY (practice_id, room_id) REFERENCES cairn.rooms(practice_id, id)
  constraint intensive_blocks_delivery_check CHECK ((((delivered_minutes IS NOT NULL) = (status = ANY (ARRAY['delivered'::text, 'partly_delivered'::text, 'not_delivered'::text]))) AND (delivered_minutes >= 0) AND ((undelivered_reason IS NULL) OR (status = ANY (ARRAY['partly_delivered'::text, 'not_delivered'::text])))))
  constraint intensive_blocks_kind_check CHECK ((kind = ANY (ARRAY['joint'::text, 'individual'::text, 'emdr'::text, 'neurofeedback'::text, 'group'::text, 'education'::text, 'break'::text, 'staff_huddle'::text])))
  constraint intensive_blocks_people_check CHECK (((cardinality(client_ids) <= 2) AND (cardinality(clinician_ids) <= 4) AND ((cardinality(client_ids) + cardinality(clinician_ids)) > 0)))
  constraint intensive_blocks_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'booked'::text, 'delivered'::text, 'partly_delivered'::text, 'not_delivered'::text, 'canceled'::text])))
  constraint intensive_blocks_times_check CHECK (((ends_at > starts_at) AND (ends_at <= (starts_at + '12:00:00'::interval))))
  CREATE INDEX intensive_blocks_intensive ON cairn.intensive_blocks USING btree (practice_id, intensive_id, starts_at, id)
  CREATE INDEX intensive_blocks_time ON cairn.intensive_blocks USING btree (practice_id, starts_at, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table intensive_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  intensive_id uuid not null
  intensive_version integer not null
  kind text not null
  status text not null
  actor_kind text not null
  actor_id uuid not null
  staff_id uuid
  reason_code text
  asked_by text
  note_sealed bytea
  occurred_at timestamp with time zone not null default now()
  constraint intensive_changes_version_key UNIQUE (practice_id, intensive_id, intensive_version)
  constraint intensive_changes_pkey PRIMARY KEY (practice_id, id)
  constraint intensive_changes_intensive_fkey FOREIGN KEY (practice_id, intensive_id) REFERENCES cairn.intensives(practice_id, id)
  constraint intensive_changes_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_client'::text, 'system'::text])))
  constraint intensive_changes_asked_by_check CHECK ((asked_by = ANY (ARRAY['client'::text, 'practice'::text])))
  constraint intensive_changes_kind_check CHECK ((kind = ANY (ARRAY['opened'::text, 'updated'::text, 'planned'::text, 'gate_marked'::text, 'status_changed'::text, 'booked'::text, 'moved'::text, 'blocks_canceled'::text, 'canceled'::text, 'delivered'::text, 'money_recorded'::text])))
  constraint intensive_changes_status_check CHECK ((status = ANY (ARRAY['inquiry'::text, 'screened'::text, 'contracted'::text, 'deposit_due'::text, 'scheduled'::text, 'in_progress'::text, 'completed'::text, 'aftercare'::text, 'canceled'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table intensive_gate_marks (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  intensive_id uuid not null
  gate text not null
  participant text
  status text not null
  reason_code text
  note_sealed bytea
  recorded_by uuid
  created_at timestamp with time zone not null default now()
  constraint intensive_gate_marks_pkey PRIMARY KEY (practice_id, id)
  constraint intensive_gate_marks_intensive_fkey FOREIGN KEY (practice_id, intensive_id) REFERENCES cairn.intensives(practice_id, id)
  constraint intensive_gate_marks_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint intensive_gate_marks_gate_check CHECK ((gate = ANY (ARRAY['stability'::text, 'medical'::text, 'risk'::text, 'contract'::text, 'deposit'::text, 'estimate'::text])))
  constraint intensive_gate_marks_participant_check CHECK (((participant = ANY (ARRAY['a'::text, 'b'::text])) AND ((participant IS NOT NULL) = (gate = ANY (ARRAY['stability'::text, 'medical'::text, 'risk'::text, 'contract'::text])))))
  constraint intensive_gate_marks_reason_check CHECK ((((reason_code IS NOT NULL) = (status = 'overridden'::text)) AND (reason_code = ANY (ARRAY['clinical_judgment'::text, 'recorded_elsewhere'::text, 'not_needed'::text, 'urgent'::text, 'other'::text]))))
  constraint intensive_gate_marks_status_check CHECK ((status = ANY (ARRAY['open'::text, 'met'::text, 'overridden'::text])))
  CREATE INDEX intensive_gate_marks_intensive ON cairn.intensive_gate_marks USING btree (practice_id, intensive_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table intensive_money_steps (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  intensive_id uuid not null
  kind text not null
  amount_cents integer not null
  currency text not null
  on_date date not null
  recorded_by uuid
  created_at timestamp with time zone not null default now()
  constraint intensive_money_steps_pkey PRIMARY KEY (practice_id, id)
  constraint intensive_money_steps_intensive_fkey FOREIGN KEY (practice_id, intensive_id) REFERENCES cairn.intensives(practice_id, id)
  constraint intensive_money_steps_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint intensive_money_steps_amount_check CHECK (((amount_cents >= 0) AND (amount_cents <= 100000000)))
  constraint intensive_money_steps_currency_check CHECK ((currency = 'USD'::text))
  constraint intensive_money_steps_kind_check CHECK ((kind = ANY (ARRAY['deposit_due'::text, 'deposit_received'::text, 'refund_due'::text, 'refund_paid'::text, 'forfeited'::text, 'earned'::text, 'unearned'::text])))
  CREATE INDEX intensive_money_steps_intensive ON cairn.intensive_money_steps USING btree (practice_id, intensive_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table intensive_templates (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  name text not null
  audience text not null
  days integer not null
  blocks jsonb not null
  status text not null default 'active'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint intensive_templates_pkey PRIMARY KEY (practice_id, id)
  constraint intensive_templates_audience_check CHECK ((audience = ANY (ARRAY['individual'::text, 'couple'::text])))
  constraint intensive_templates_days_check CHECK (((days >= 1) AND (days <= 10)))
  constraint intensive_templates_status_check CHECK ((status = ANY (ARRAY['active'::text, 'retired'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table intensives (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_a uuid not null
  client_b uuid
  service_id uuid not null
  lead_staff_id uuid
  location_id uuid not null
  time_zone text not null
  status text not null default 'inquiry'::text
  price_cents integer not null
  deposit_cents integer not null
  currency text not null default 'USD'::text
  refund_days integer[] not null
  refund_percents integer[] not null
  starts_at timestamp with time zone
  ends_at timestamp with time zone
  canceled_at timestamp with time zone
  cancellation_by text
  cancellation_reason text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint intensives_pkey PRIMARY KEY (practice_id, id)
  constraint intensives_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint intensives_client_a_fkey FOREIGN KEY (practice_id, client_a) REFERENCES cairn.clients(practice_id, id)
  constraint intensives_client_b_fkey FOREIGN KEY (practice_id, client_b) REFERENCES cairn.clients(practice_id, id)
  constraint intensives_lead_fkey FOREIGN KEY (practice_id, lead_staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint intensives_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint intensives_service_fkey FOREIGN KEY (practice_id, service_id) REFERENCES cairn.services(practice_id, id)
  constraint intensives_cancellation_check CHECK (((num_nonnulls(canceled_at, cancellation_by, cancellation_reason) =
CASE status
    WHEN 'canceled'::text THEN 3
    ELSE 0
END) AND (cancellation_by = ANY (ARRAY['client'::text, 'practice'::text]))))
  constraint intensives_currency_check CHECK ((currency = 'USD'::text))
  constraint intensives_money_check CHECK ((((price_cents >= 0) AND (price_cents <= 100000000)) AND ((deposit_cents >= 0) AND (deposit_cents <= price_cents))))
  constraint intensives_refunds_check CHECK (((cardinality(refund_days) = cardinality(refund_percents)) AND (cardinality(refund_days) <= 6)))
  constraint intensives_status_check CHECK ((status = ANY (ARRAY['inquiry'::text, 'screened'::text, 'contracted'::text, 'deposit_due'::text, 'scheduled'::text, 'in_progress'::text, 'completed'::text, 'aftercare'::text, 'canceled'::text])))
  constraint intensives_times_check CHECK (((num_nonnulls(starts_at, ends_at) = ANY (ARRAY[0, 2])) AND (ends_at > starts_at)))
  CREATE INDEX intensives_chart ON cairn.intensives USING btree (practice_id, chart_id, id)
  CREATE INDEX intensives_client_a ON cairn.intensives USING btree (practice_id, client_a, id)
  CREATE INDEX intensives_client_b ON cairn.intensives USING btree (practice_id, client_b, id) WHERE (client_b IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

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

table journey_batch_members (row security forced)
  practice_id uuid not null
  batch_id uuid not null
  journey_id uuid not null
  status text not null default 'waiting'::text
  reason text
  undecided_keys text[] not null default '{}'::text[]
  settled_at timestamp with time zone
  constraint journey_batch_members_pkey PRIMARY KEY (practice_id, batch_id, journey_id)
  constraint journey_batch_members_batch_fkey FOREIGN KEY (practice_id, batch_id) REFERENCES cairn.journey_migration_batches(practice_id, id)
  constraint journey_batch_members_journey_fkey FOREIGN KEY (practice_id, journey_id) REFERENCES cairn.journeys(practice_id, id)
  constraint journey_batch_members_reason_check CHECK ((((reason IS NOT NULL) = (status = 'left'::text)) AND (reason = ANY (ARRAY['undecided_keys'::text, 'not_active'::text, 'chart_closed'::text, 'in_target_program'::text, 'audience'::text, 'moved_on'::text]))))
  constraint journey_batch_members_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'migrated'::text, 'left'::text])))
  CREATE INDEX journey_batch_members_status ON cairn.journey_batch_members USING btree (practice_id, batch_id, status, journey_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_events (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  journey_id uuid not null
  task_id uuid
  performable_id uuid
  stage_id uuid
  kind text not null
  from_status text
  to_status text
  reason text
  words_sealed bytea
  entered_by text not null
  recorded_by uuid
  recorded_at timestamp with time zone not null default now()
  constraint journey_events_pkey PRIMARY KEY (practice_id, id)
  constraint journey_events_journey_fkey FOREIGN KEY (practice_id, journey_id) REFERENCES cairn.journeys(practice_id, id)
  constraint journey_events_performable_fkey FOREIGN KEY (practice_id, performable_id) REFERENCES cairn.journey_performables(practice_id, id)
  constraint journey_events_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_events_stage_fkey FOREIGN KEY (practice_id, stage_id) REFERENCES cairn.journey_stages(practice_id, id)
  constraint journey_events_task_fkey FOREIGN KEY (practice_id, task_id) REFERENCES cairn.journey_tasks(practice_id, id)
  constraint journey_events_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint journey_events_kind_check CHECK ((kind = ANY (ARRAY['enrolled'::text, 'status_changed'::text, 'signed_off'::text, 'cosigned'::text, 'cosign_returned'::text, 'reopened'::text, 'reopen_requested'::text, 'reopen_refused'::text, 'evidence_added'::text, 'evidence_withdrawn'::text, 'entered'::text, 'left'::text, 'withdrawn'::text, 'migrated'::text, 'dropped'::text])))
  constraint journey_events_reason_check CHECK ((reason = ANY (ARRAY['new_information'::text, 'lapse'::text, 'new_addiction'::text, 'clinician_judgment'::text, 'client_request'::text])))
  constraint journey_events_recorded_by_check CHECK (((recorded_by IS NOT NULL) = (entered_by = 'staff'::text)))
  CREATE INDEX journey_events_journey ON cairn.journey_events USING btree (practice_id, journey_id, recorded_at, id)
  CREATE INDEX journey_events_task ON cairn.journey_events USING btree (practice_id, task_id, id) WHERE (task_id IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_evidence (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  journey_id uuid not null
  performable_id uuid not null
  kind text not null
  occurred_on date not null
  quantity integer
  presented_in text
  appointment_id uuid
  content_sealed bytea
  entered_by text not null
  recorded_by uuid
  recorded_at timestamp with time zone not null default now()
  constraint journey_evidence_pkey PRIMARY KEY (practice_id, id)
  constraint journey_evidence_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint journey_evidence_journey_fkey FOREIGN KEY (practice_id, journey_id) REFERENCES cairn.journeys(practice_id, id)
  constraint journey_evidence_performable_fkey FOREIGN KEY (practice_id, performable_id) REFERENCES cairn.journey_performables(practice_id, id)
  constraint journey_evidence_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_evidence_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint journey_evidence_kind_check CHECK ((kind = ANY (ARRAY['text'::text, 'attestation'::text, 'session'::text, 'instrument'::text, 'date'::text, 'count'::text, 'presentation'::text])))
  constraint journey_evidence_presented_check CHECK (((presented_in IS NOT NULL) = (kind = 'presentation'::text)))
  constraint journey_evidence_presented_in_check CHECK ((presented_in = ANY (ARRAY['individual'::text, 'group'::text, 'sponsor'::text])))
  constraint journey_evidence_quantity_check CHECK ((((quantity IS NOT NULL) = (kind = 'count'::text)) AND (quantity >= 0)))
  constraint journey_evidence_recorded_by_check CHECK (((recorded_by IS NOT NULL) = (entered_by = 'staff'::text)))
  CREATE INDEX journey_evidence_performable ON cairn.journey_evidence USING btree (practice_id, performable_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_evidence_withdrawals (row security forced)
  practice_id uuid not null
  evidence_id uuid not null
  entered_by text not null
  recorded_by uuid
  recorded_at timestamp with time zone not null default now()
  constraint journey_evidence_withdrawals_pkey PRIMARY KEY (practice_id, evidence_id)
  constraint journey_evidence_withdrawals_evidence_fkey FOREIGN KEY (practice_id, evidence_id) REFERENCES cairn.journey_evidence(practice_id, id)
  constraint journey_evidence_withdrawals_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_evidence_withdrawals_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_letters (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  journey_id uuid not null
  recipient_kind text not null
  allowed text[] not null
  content_sealed bytea not null
  written_by uuid not null
  written_at timestamp with time zone not null default now()
  constraint journey_letters_pkey PRIMARY KEY (practice_id, id)
  constraint journey_letters_journey_fkey FOREIGN KEY (practice_id, journey_id) REFERENCES cairn.journeys(practice_id, id)
  constraint journey_letters_staff_fkey FOREIGN KEY (practice_id, written_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_letters_allowed_check CHECK ((allowed <@ ARRAY['attendance'::text, 'counts'::text, 'tasks'::text, 'stages'::text]))
  constraint journey_letters_recipient_kind_check CHECK ((recipient_kind = ANY (ARRAY['court'::text, 'probation'::text, 'attorney'::text, 'referrer'::text, 'employer'::text, 'licensing_board'::text, 'treatment_provider'::text, 'client'::text, 'other'::text]))) NOT VALID
  CREATE INDEX journey_letters_journey ON cairn.journey_letters USING btree (practice_id, journey_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_migration_batches (row security forced)
  practice_id uuid not null
  id uuid not null
  from_template_id uuid not null
  from_number integer not null
  to_template_id uuid not null
  to_number integer not null
  mapping jsonb not null
  status text not null default 'running'::text
  started_by uuid not null
  started_at timestamp with time zone not null default now()
  finished_at timestamp with time zone
  constraint journey_migration_batches_pkey PRIMARY KEY (practice_id, id)
  constraint journey_migration_batches_from_fkey FOREIGN KEY (practice_id, from_template_id, from_number) REFERENCES cairn.program_template_versions(practice_id, template_id, number)
  constraint journey_migration_batches_staff_fkey FOREIGN KEY (practice_id, started_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_migration_batches_to_fkey FOREIGN KEY (practice_id, to_template_id, to_number) REFERENCES cairn.program_template_versions(practice_id, template_id, number)
  constraint journey_migration_batches_status_check CHECK ((((status = 'running'::text) = (finished_at IS NULL)) AND (status = ANY (ARRAY['running'::text, 'finished'::text]))))
  CREATE UNIQUE INDEX journey_migration_batches_running_key ON cairn.journey_migration_batches USING btree (practice_id, from_template_id, from_number) WHERE (status = 'running'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_migrations (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  journey_id uuid not null
  from_template_id uuid not null
  from_number integer not null
  to_template_id uuid not null
  to_number integer not null
  mapping jsonb not null
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint journey_migrations_pkey PRIMARY KEY (practice_id, id)
  constraint journey_migrations_from_fkey FOREIGN KEY (practice_id, from_template_id, from_number) REFERENCES cairn.program_template_versions(practice_id, template_id, number)
  constraint journey_migrations_journey_fkey FOREIGN KEY (practice_id, journey_id) REFERENCES cairn.journeys(practice_id, id)
  constraint journey_migrations_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_migrations_to_fkey FOREIGN KEY (practice_id, to_template_id, to_number) REFERENCES cairn.program_template_versions(practice_id, template_id, number)
  CREATE INDEX journey_migrations_journey ON cairn.journey_migrations USING btree (practice_id, journey_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_performables (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  journey_id uuid not null
  task_id uuid not null
  performable_key text not null
  position integer not null
  evidence_type text not null
  required boolean not null
  restricted boolean not null
  status text not null default 'todo'::text
  status_since timestamp with time zone not null default now()
  dropped_at timestamp with time zone
  version integer not null default 1
  updated_at timestamp with time zone not null default now()
  constraint journey_performables_pkey PRIMARY KEY (practice_id, id)
  constraint journey_performables_journey_fkey FOREIGN KEY (practice_id, journey_id) REFERENCES cairn.journeys(practice_id, id)
  constraint journey_performables_task_fkey FOREIGN KEY (practice_id, task_id) REFERENCES cairn.journey_tasks(practice_id, id)
  constraint journey_performables_status_check CHECK ((status = ANY (ARRAY['todo'::text, 'drafting'::text, 'submitted'::text, 'accepted'::text, 'needs_work'::text])))
  constraint journey_performables_type_check CHECK ((evidence_type = ANY (ARRAY['text'::text, 'attestation'::text, 'session'::text, 'instrument'::text, 'date'::text, 'count'::text])))
  CREATE INDEX journey_performables_journey ON cairn.journey_performables USING btree (practice_id, journey_id, "position")
  CREATE UNIQUE INDEX journey_performables_key_key ON cairn.journey_performables USING btree (practice_id, task_id, performable_key) WHERE (dropped_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table journey_reopening_lapses (row security forced)
  practice_id uuid not null
  event_id uuid not null
  chart_id uuid not null
  lapse_id uuid not null
  constraint journey_reopening_lapses_pkey PRIMARY KEY (practice_id, event_id)
  constraint journey_reopening_lapses_event_fkey FOREIGN KEY (practice_id, event_id) REFERENCES cairn.journey_events(practice_id, id)
  constraint journey_reopening_lapses_lapse_fkey FOREIGN KEY (practice_id, chart_id, lapse_id) REFERENCES cairn.lapses(practice_id, chart_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_sign_offs (row security forced)
  practice_id uuid not null
  task_id uuid not null
  task_version integer not null
  role text not null
  signer_id uuid not null
  credentials text not null
  signed_at timestamp with time zone not null
  constraint journey_sign_offs_pkey PRIMARY KEY (practice_id, task_id, task_version)
  constraint journey_sign_offs_signer_fkey FOREIGN KEY (practice_id, signer_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_sign_offs_task_fkey FOREIGN KEY (practice_id, task_id) REFERENCES cairn.journey_tasks(practice_id, id)
  constraint journey_sign_offs_role_check CHECK ((role = ANY (ARRAY['signer'::text, 'cosigner'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_stages (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  journey_id uuid not null
  template_id uuid not null
  template_number integer not null
  stage_key text not null
  entered_on date not null
  left_on date
  note_sealed bytea
  withdrawn_at timestamp with time zone
  recorded_by uuid not null
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint journey_stages_pkey PRIMARY KEY (practice_id, id)
  constraint journey_stages_journey_fkey FOREIGN KEY (practice_id, journey_id) REFERENCES cairn.journeys(practice_id, id)
  constraint journey_stages_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_stages_template_fkey FOREIGN KEY (practice_id, template_id, template_number) REFERENCES cairn.program_template_versions(practice_id, template_id, number)
  constraint journey_stages_days_check CHECK ((left_on >= entered_on))
  CREATE INDEX journey_stages_journey ON cairn.journey_stages USING btree (practice_id, journey_id, id)
  CREATE UNIQUE INDEX journey_stages_open_key ON cairn.journey_stages USING btree (practice_id, journey_id, stage_key) WHERE ((left_on IS NULL) AND (withdrawn_at IS NULL))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table journey_tasks (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  journey_id uuid not null
  template_id uuid not null
  template_number integer not null
  task_key text not null
  position integer not null
  status text not null default 'not_started'::text
  status_since timestamp with time zone not null default now()
  first_started_at timestamp with time zone
  first_signed_off_at timestamp with time zone
  last_signed_off_at timestamp with time zone
  deferred_until date
  reopen_count integer not null default 0
  reopen_requested_at timestamp with time zone
  signer_id uuid
  dropped_at timestamp with time zone
  version integer not null default 1
  updated_at timestamp with time zone not null default now()
  constraint journey_tasks_pkey PRIMARY KEY (practice_id, id)
  constraint journey_tasks_journey_fkey FOREIGN KEY (practice_id, journey_id) REFERENCES cairn.journeys(practice_id, id)
  constraint journey_tasks_signer_fkey FOREIGN KEY (practice_id, signer_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint journey_tasks_template_fkey FOREIGN KEY (practice_id, template_id, template_number) REFERENCES cairn.program_template_versions(practice_id, template_id, number)
  constraint journey_tasks_deferred_check CHECK (((deferred_until IS NOT NULL) = (status = 'deferred'::text)))
  constraint journey_tasks_signed_check CHECK (((status <> ALL (ARRAY['pending_cosign'::text, 'signed_off'::text, 'maintained'::text])) OR (signer_id IS NOT NULL)))
  constraint journey_tasks_status_check CHECK ((status = ANY (ARRAY['not_started'::text, 'in_progress'::text, 'submitted'::text, 'returned'::text, 'pending_cosign'::text, 'signed_off'::text, 'maintained'::text, 'deferred'::text, 'not_applicable'::text])))
  CREATE INDEX journey_tasks_cosign ON cairn.journey_tasks USING btree (practice_id, signer_id, status_since) WHERE (status = 'pending_cosign'::text)
  CREATE INDEX journey_tasks_journey ON cairn.journey_tasks USING btree (practice_id, journey_id, "position")
  CREATE UNIQUE INDEX journey_tasks_key_key ON cairn.journey_tasks USING btree (practice_id, journey_id, task_key) WHERE (dropped_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table journeys (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_id uuid
  template_id uuid not null
  template_number integer not null
  status text not null default 'active'::text
  released_at timestamp with time zone
  started_on date not null
  ended_on date
  tasks_applicable integer not null default 0
  tasks_done integer not null default 0
  tasks_waiting integer not null default 0
  progress_permille integer not null default 0
  stalest_since timestamp with time zone
  last_activity_at timestamp with time zone not null default now()
  enrolled_by uuid not null
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint journeys_pkey PRIMARY KEY (practice_id, id)
  constraint journeys_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint journeys_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint journeys_staff_fkey FOREIGN KEY (practice_id, enrolled_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint journeys_template_fkey FOREIGN KEY (practice_id, template_id, template_number) REFERENCES cairn.program_template_versions(practice_id, template_id, number)
  constraint journeys_counts_check CHECK ((((tasks_done >= 0) AND (tasks_done <= tasks_applicable)) AND (tasks_waiting >= 0) AND ((progress_permille >= 0) AND (progress_permille <= 1000))))
  constraint journeys_days_check CHECK ((ended_on >= started_on))
  constraint journeys_ended_check CHECK (((ended_on IS NOT NULL) = (status = ANY (ARRAY['completed'::text, 'transferred'::text]))))
  constraint journeys_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'completed'::text, 'transferred'::text])))
  CREATE INDEX journeys_chart ON cairn.journeys USING btree (practice_id, chart_id, id)
  CREATE INDEX journeys_template ON cairn.journeys USING btree (practice_id, template_id, template_number, chart_id)
  CREATE UNIQUE INDEX journeys_open_key ON cairn.journeys USING btree (practice_id, chart_id, template_id, COALESCE(client_id, chart_id)) WHERE (status = ANY (ARRAY['active'::text, 'paused'::text]))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table keyrings (global: the digest of the one keyring of this database; no key)
  fingerprint text not null
  first_used_at timestamp with time zone not null default now()
  constraint keyrings_pkey PRIMARY KEY (fingerprint)
  grant select to cairn_app

table lapse_behaviors (row security forced)
  practice_id uuid not null
  lapse_id uuid not null
  behavior_id uuid not null
  chart_id uuid not null
  constraint lapse_behaviors_pkey PRIMARY KEY (practice_id, lapse_id, behavior_id)
  constraint lapse_behaviors_behavior_fkey FOREIGN KEY (practice_id, chart_id, behavior_id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  constraint lapse_behaviors_lapse_fkey FOREIGN KEY (practice_id, chart_id, lapse_id) REFERENCES cairn.lapses(practice_id, chart_id, id)
  CREATE INDEX lapse_behaviors_behavior ON cairn.lapse_behaviors USING btree (practice_id, behavior_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table lapse_items (row security forced)
  practice_id uuid not null
  lapse_id uuid not null
  item_id uuid not null
  addiction_id uuid not null
  constraint lapse_items_pkey PRIMARY KEY (practice_id, lapse_id, item_id)
  constraint lapse_items_item_fkey FOREIGN KEY (practice_id, addiction_id, item_id) REFERENCES cairn.sobriety_items(practice_id, addiction_id, id)
  constraint lapse_items_lapse_fkey FOREIGN KEY (practice_id, addiction_id, lapse_id) REFERENCES cairn.lapses(practice_id, addiction_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table lapses (row security forced)
  practice_id uuid not null
  id uuid not null
  chart_id uuid not null
  addiction_id uuid not null
  circle text
  severity text not null
  occurred_on date not null
  reported_on date not null
  antecedents text[] not null default '{}'::text[]
  plan_changes integer not null default 0
  partner_disclosure_due_at timestamp with time zone
  constraint lapses_addiction_key UNIQUE (practice_id, addiction_id, id)
  constraint lapses_chart_key UNIQUE (practice_id, chart_id, id)
  constraint lapses_pkey PRIMARY KEY (practice_id, id)
  constraint lapses_addiction_fkey FOREIGN KEY (practice_id, chart_id, addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint lapses_document_fkey FOREIGN KEY (practice_id, chart_id, id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  constraint lapses_antecedents_check CHECK ((antecedents <@ ARRAY['hungry'::text, 'angry'::text, 'anxious'::text, 'lonely'::text, 'tired'::text, 'bored'::text, 'shame'::text, 'conflict'::text, 'rejection'::text, 'stress_at_work'::text, 'unstructured_time'::text, 'alone_with_device'::text, 'travel'::text, 'payday'::text, 'substance_use'::text, 'celebration'::text, 'physical_pain'::text, 'trauma_reminder'::text, 'other'::text]))
  constraint lapses_circle_check CHECK ((circle = ANY (ARRAY['inner'::text, 'middle'::text, 'outer'::text])))
  constraint lapses_severity_check CHECK ((severity = ANY (ARRAY['slip'::text, 'lapse'::text, 'relapse'::text])))
  CREATE INDEX lapses_occurred ON cairn.lapses USING btree (practice_id, chart_id, occurred_on, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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

table neurofeedback_bands (row security forced)
  practice_id uuid not null
  band text not null
  revision integer not null
  low_hz double precision not null
  high_hz double precision not null
  source text not null
  set_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint neurofeedback_bands_pkey PRIMARY KEY (practice_id, band, revision)
  constraint neurofeedback_bands_staff_fkey FOREIGN KEY (practice_id, set_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint neurofeedback_bands_band_check CHECK ((band = ANY (ARRAY['delta'::text, 'theta'::text, 'alpha'::text, 'smr'::text, 'beta'::text, 'high_beta'::text])))
  constraint neurofeedback_bands_range_check CHECK (((low_hz >= (0)::double precision) AND (high_hz > low_hz)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table neurofeedback_baselines (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  recorded_on date not null
  content_sealed bytea not null
  corrects_id uuid
  recorded_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint neurofeedback_baselines_chart_key UNIQUE (practice_id, chart_id, id)
  constraint neurofeedback_baselines_corrects_key UNIQUE (practice_id, corrects_id)
  constraint neurofeedback_baselines_pkey PRIMARY KEY (practice_id, id)
  constraint neurofeedback_baselines_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint neurofeedback_baselines_corrects_fkey FOREIGN KEY (practice_id, chart_id, corrects_id) REFERENCES cairn.neurofeedback_baselines(practice_id, chart_id, id)
  constraint neurofeedback_baselines_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table neurofeedback_protocol_changes (row security forced)
  practice_id uuid not null
  protocol_id uuid not null
  version integer not null
  change text not null
  revision integer not null
  content_sealed bytea
  reason_sealed bytea
  recorded_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint neurofeedback_protocol_changes_pkey PRIMARY KEY (practice_id, protocol_id, version)
  constraint neurofeedback_protocol_changes_protocol_fkey FOREIGN KEY (practice_id, protocol_id) REFERENCES cairn.neurofeedback_protocols(practice_id, id)
  constraint neurofeedback_protocol_changes_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint neurofeedback_protocol_changes_change_check CHECK ((change = ANY (ARRAY['started'::text, 'revised'::text, 'paused'::text, 'resumed'::text, 'ended'::text])))
  constraint neurofeedback_protocol_changes_content_check CHECK (((change = ANY (ARRAY['started'::text, 'revised'::text])) = (content_sealed IS NOT NULL)))
  constraint neurofeedback_protocol_changes_reason_check CHECK (((change = 'started'::text) = (reason_sealed IS NULL)))
  CREATE UNIQUE INDEX neurofeedback_protocol_changes_revision_key ON cairn.neurofeedback_protocol_changes USING btree (practice_id, protocol_id, revision) WHERE (content_sealed IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table neurofeedback_protocols (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  status text not null default 'active'::text
  revision integer not null default 1
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint neurofeedback_protocols_chart_key UNIQUE (practice_id, chart_id, id)
  constraint neurofeedback_protocols_pkey PRIMARY KEY (practice_id, id)
  constraint neurofeedback_protocols_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint neurofeedback_protocols_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'ended'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table note_amendment_papers (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  request_id uuid not null
  kind text not null
  document_sealed bytea not null
  recorded_by uuid
  entered_by text not null
  representative_id uuid
  occurred_at timestamp with time zone not null default now()
  constraint note_amendment_papers_kind_key UNIQUE (practice_id, request_id, kind)
  constraint note_amendment_papers_pkey PRIMARY KEY (practice_id, id)
  constraint note_amendment_papers_representative_fkey FOREIGN KEY (practice_id, representative_id) REFERENCES cairn.related_people(practice_id, id)
  constraint note_amendment_papers_request_fkey FOREIGN KEY (practice_id, request_id) REFERENCES cairn.note_amendment_requests(practice_id, id)
  constraint note_amendment_papers_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint note_amendment_papers_entered_check CHECK (((entered_by = ANY (ARRAY['staff'::text, 'client'::text])) AND ((recorded_by IS NULL) = (entered_by = 'client'::text))))
  constraint note_amendment_papers_kind_check CHECK ((kind = ANY (ARRAY['request'::text, 'extension'::text, 'acceptance'::text, 'denial'::text, 'disagreement'::text, 'rebuttal'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table note_amendment_requests (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  note_id uuid not null
  client_id uuid not null
  status text not null default 'received'::text
  received_on date not null
  due_on date not null
  extended boolean not null default false
  denial_reason text
  addendum_id uuid
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint note_amendment_requests_pkey PRIMARY KEY (practice_id, id)
  constraint note_amendment_requests_addendum_fkey FOREIGN KEY (practice_id, addendum_id) REFERENCES cairn.session_note_addenda(practice_id, id)
  constraint note_amendment_requests_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint note_amendment_requests_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint note_amendment_requests_accepted_check CHECK (((status = 'accepted'::text) = (addendum_id IS NOT NULL)))
  constraint note_amendment_requests_denial_check CHECK ((denial_reason = ANY (ARRAY['not_created_by_us'::text, 'not_in_record_set'::text, 'not_accessible'::text, 'accurate_and_complete'::text])))
  constraint note_amendment_requests_denied_check CHECK (((status = ANY (ARRAY['denied'::text, 'disagreed'::text, 'rebutted'::text])) = (denial_reason IS NOT NULL)))
  constraint note_amendment_requests_due_check CHECK ((due_on >= received_on))
  constraint note_amendment_requests_status_check CHECK ((status = ANY (ARRAY['received'::text, 'accepted'::text, 'denied'::text, 'disagreed'::text, 'rebutted'::text])))
  CREATE INDEX note_amendment_requests_due ON cairn.note_amendment_requests USING btree (practice_id, status, due_on, id)
  CREATE INDEX note_amendment_requests_note ON cairn.note_amendment_requests USING btree (practice_id, note_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table note_billing_decisions (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  number integer not null
  document_sealed bytea not null
  decided_by uuid not null
  decided_at timestamp with time zone not null default now()
  constraint note_billing_decisions_pkey PRIMARY KEY (practice_id, note_id, revision, number)
  constraint note_billing_decisions_facts_fkey FOREIGN KEY (practice_id, note_id, revision) REFERENCES cairn.note_billing_facts(practice_id, note_id, revision)
  constraint note_billing_decisions_staff_fkey FOREIGN KEY (practice_id, decided_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint note_billing_decisions_number_check CHECK ((number > 0))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table note_billing_facts (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  chart_id uuid not null
  session_date date not null
  document_sealed bytea not null
  created_at timestamp with time zone not null default now()
  constraint note_billing_facts_pkey PRIMARY KEY (practice_id, note_id, revision)
  constraint note_billing_facts_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint note_billing_facts_content_fkey FOREIGN KEY (practice_id, note_id, revision) REFERENCES cairn.session_note_contents(practice_id, note_id, revision)
  CREATE INDEX note_billing_facts_day ON cairn.note_billing_facts USING btree (practice_id, session_date DESC, note_id DESC)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table note_partner_releases (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  note_id uuid not null
  client_id uuid not null
  agreed_by_id uuid not null
  signed_on date not null
  released_by uuid not null
  released_at timestamp with time zone not null default now()
  revoked_at timestamp with time zone
  revoked_by uuid
  constraint note_partner_releases_pkey PRIMARY KEY (practice_id, id)
  constraint note_partner_releases_agreed_by_fkey FOREIGN KEY (practice_id, agreed_by_id) REFERENCES cairn.clients(practice_id, id)
  constraint note_partner_releases_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint note_partner_releases_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint note_partner_releases_released_by_fkey FOREIGN KEY (practice_id, released_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint note_partner_releases_revoked_by_fkey FOREIGN KEY (practice_id, revoked_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint note_partner_releases_other_check CHECK ((agreed_by_id <> client_id))
  constraint note_partner_releases_revoked_check CHECK (((revoked_at IS NULL) = (revoked_by IS NULL)))
  CREATE INDEX note_partner_releases_client ON cairn.note_partner_releases USING btree (practice_id, client_id, note_id)
  CREATE UNIQUE INDEX note_partner_releases_live_key ON cairn.note_partner_releases USING btree (practice_id, note_id, client_id) WHERE (revoked_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table note_release_holds (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  note_id uuid not null
  reason_code text not null
  basis_sealed bytea not null
  determined_by uuid not null
  placed_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  ended_at timestamp with time zone
  ended_by uuid
  constraint note_release_holds_pkey PRIMARY KEY (practice_id, id)
  constraint note_release_holds_ended_by_fkey FOREIGN KEY (practice_id, ended_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint note_release_holds_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint note_release_holds_staff_fkey FOREIGN KEY (practice_id, determined_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint note_release_holds_ended_check CHECK (((ended_at IS NOT NULL) OR (ended_by IS NULL)))
  constraint note_release_holds_reason_check CHECK ((reason_code = ANY (ARRAY['endangers_life_or_safety'::text, 'harms_another_person'::text, 'harm_through_representative'::text])))
  constraint note_release_holds_times_check CHECK (((expires_at > placed_at) AND (ended_at <= expires_at)))
  CREATE INDEX note_release_holds_note ON cairn.note_release_holds USING btree (practice_id, note_id, id)
  CREATE UNIQUE INDEX note_release_holds_open_key ON cairn.note_release_holds USING btree (practice_id, note_id) WHERE (ended_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table note_releases (row security forced)
  practice_id uuid not null
  note_id uuid not null
  visible_from timestamp with time zone not null
  released_by uuid
  released_at timestamp with time zone not null default now()
  told_at timestamp with time zone
  constraint note_releases_pkey PRIMARY KEY (practice_id, note_id)
  constraint note_releases_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint note_releases_staff_fkey FOREIGN KEY (practice_id, released_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table note_snippets (row security forced)
  practice_id uuid not null
  staff_id uuid not null
  document_sealed bytea not null
  version integer not null default 1
  updated_at timestamp with time zone not null default now()
  constraint note_snippets_pkey PRIMARY KEY (practice_id, staff_id)
  constraint note_snippets_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table note_template_versions (row security forced)
  practice_id uuid not null
  template_id uuid not null
  number integer not null
  definition_sealed bytea not null
  published_by uuid not null
  published_at timestamp with time zone not null default now()
  constraint note_template_versions_pkey PRIMARY KEY (practice_id, template_id, number)
  constraint note_template_versions_staff_fkey FOREIGN KEY (practice_id, published_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint note_template_versions_template_fkey FOREIGN KEY (practice_id, template_id) REFERENCES cairn.note_templates(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table note_templates (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  owner_id uuid
  retired_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint note_templates_pkey PRIMARY KEY (practice_id, id)
  constraint note_templates_owner_fkey FOREIGN KEY (practice_id, owner_id) REFERENCES cairn.staff_members(practice_id, id)
  CREATE INDEX note_templates_owner ON cairn.note_templates USING btree (practice_id, owner_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

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
  CREATE INDEX outbox_done ON cairn.outbox USING btree (done_at) WHERE (done_at IS NOT NULL)
  CREATE INDEX outbox_id ON cairn.outbox USING btree (id)
  CREATE INDEX outbox_waiting ON cairn.outbox USING btree (run_after) WHERE (handed_over_at IS NULL)
  policy relay to cairn_relay using (true) check (true)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app
  grant delete, select, update to cairn_relay

table portal_sessions (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  client_id uuid not null
  representative_id uuid
  api_client_id uuid not null
  created_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  ended_at timestamp with time zone
  constraint portal_sessions_pkey PRIMARY KEY (practice_id, id)
  constraint portal_sessions_api_client_fkey FOREIGN KEY (practice_id, api_client_id) REFERENCES cairn.api_clients(practice_id, id)
  constraint portal_sessions_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint portal_sessions_representative_fkey FOREIGN KEY (practice_id, representative_id) REFERENCES cairn.related_people(practice_id, id)
  constraint portal_sessions_end_check CHECK ((ended_at >= created_at))
  constraint portal_sessions_length_check CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '00:15:00'::interval))))
  CREATE INDEX portal_sessions_api_client ON cairn.portal_sessions USING btree (practice_id, api_client_id)
  CREATE INDEX portal_sessions_client ON cairn.portal_sessions USING btree (practice_id, client_id, expires_at) WHERE (ended_at IS NULL)
  CREATE INDEX portal_sessions_representative ON cairn.portal_sessions USING btree (practice_id, representative_id) WHERE (representative_id IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  constraint practice_keys_purpose_check CHECK ((purpose = ANY (ARRAY['data'::text, 'index'::text, 'psychotherapy'::text]))) NOT VALID
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

table program_template_contents (row security forced)
  practice_id uuid not null
  template_id uuid not null
  number integer not null
  revision integer not null
  content_sealed bytea not null
  written_by uuid
  written_at timestamp with time zone not null default now()
  constraint program_template_contents_pkey PRIMARY KEY (practice_id, template_id, number, revision)
  constraint program_template_contents_staff_fkey FOREIGN KEY (practice_id, written_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint program_template_contents_version_fkey FOREIGN KEY (practice_id, template_id, number) REFERENCES cairn.program_template_versions(practice_id, template_id, number)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table program_template_versions (row security forced)
  practice_id uuid not null
  template_id uuid not null
  number integer not null
  status text not null default 'draft'::text
  revision integer not null default 1
  published_at timestamp with time zone
  retired_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint program_template_versions_pkey PRIMARY KEY (practice_id, template_id, number)
  constraint program_template_versions_template_fkey FOREIGN KEY (practice_id, template_id) REFERENCES cairn.program_templates(practice_id, id)
  constraint program_template_versions_number_check CHECK ((number > 0))
  constraint program_template_versions_published_check CHECK (((status <> 'published'::text) OR (published_at IS NOT NULL)))
  constraint program_template_versions_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'retired'::text])))
  CREATE UNIQUE INDEX program_template_versions_draft_key ON cairn.program_template_versions USING btree (practice_id, template_id) WHERE (status = 'draft'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table program_templates (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  template_key text not null
  kind text not null
  shipped boolean not null default false
  created_by uuid
  created_at timestamp with time zone not null default now()
  constraint program_templates_key_key UNIQUE (practice_id, template_key)
  constraint program_templates_pkey PRIMARY KEY (practice_id, id)
  constraint program_templates_staff_fkey FOREIGN KEY (practice_id, created_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint program_templates_created_by_check CHECK (((created_by IS NULL) = shipped))
  constraint program_templates_kind_check CHECK ((kind = ANY (ARRAY['task_program'::text, 'stage_model'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table psychosocial_addenda (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  psychosocial_id uuid not null
  content_sealed bytea not null
  written_by uuid not null
  written_at timestamp with time zone not null default now()
  constraint psychosocial_addenda_pkey PRIMARY KEY (practice_id, id)
  constraint psychosocial_addenda_content_fkey FOREIGN KEY (practice_id, psychosocial_id) REFERENCES cairn.psychosocial_contents(practice_id, psychosocial_id)
  constraint psychosocial_addenda_staff_fkey FOREIGN KEY (practice_id, written_by) REFERENCES cairn.staff_members(practice_id, id)
  CREATE INDEX psychosocial_addenda_head ON cairn.psychosocial_addenda USING btree (practice_id, psychosocial_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table psychosocial_assessments (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  kind text not null
  previous_id uuid
  status text not null default 'draft'::text
  started_on date not null
  due_on date
  signed_on date
  completeness integer not null default 0
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint psychosocial_assessments_pkey PRIMARY KEY (practice_id, id)
  constraint psychosocial_assessments_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint psychosocial_assessments_previous_fkey FOREIGN KEY (practice_id, previous_id) REFERENCES cairn.psychosocial_assessments(practice_id, id)
  constraint psychosocial_assessments_completeness_check CHECK (((completeness >= 0) AND (completeness <= 100)))
  constraint psychosocial_assessments_kind_check CHECK ((kind = ANY (ARRAY['intake'::text, 'psychosexual'::text, 'update'::text])))
  constraint psychosocial_assessments_signed_check CHECK (((signed_on IS NOT NULL) = (status = 'signed'::text)))
  constraint psychosocial_assessments_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'signed'::text])))
  CREATE INDEX psychosocial_assessments_chart ON cairn.psychosocial_assessments USING btree (practice_id, chart_id, id)
  CREATE UNIQUE INDEX psychosocial_assessments_draft_key ON cairn.psychosocial_assessments USING btree (practice_id, chart_id, kind) WHERE (status = 'draft'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table psychosocial_contents (row security forced)
  practice_id uuid not null
  psychosocial_id uuid not null
  content_sealed bytea not null
  content_hash bytea not null
  signed_by uuid not null
  signed_at timestamp with time zone not null default now()
  constraint psychosocial_contents_pkey PRIMARY KEY (practice_id, psychosocial_id)
  constraint psychosocial_contents_head_fkey FOREIGN KEY (practice_id, psychosocial_id) REFERENCES cairn.psychosocial_assessments(practice_id, id)
  constraint psychosocial_contents_staff_fkey FOREIGN KEY (practice_id, signed_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table psychosocial_drafts (row security forced)
  practice_id uuid not null
  psychosocial_id uuid not null
  version integer not null
  content_sealed bytea not null
  constraint psychosocial_drafts_pkey PRIMARY KEY (practice_id, psychosocial_id)
  constraint psychosocial_drafts_head_fkey FOREIGN KEY (practice_id, psychosocial_id) REFERENCES cairn.psychosocial_assessments(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table psychotherapy_authorizations (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_id uuid not null
  kind text not null
  author_id uuid not null
  author_user_id uuid not null
  recipient_id uuid
  recipient_user_id uuid
  representative_id uuid
  terms_sealed bytea not null
  signed_on date not null
  expires_on date not null
  revoked_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint psychotherapy_authorizations_pkey PRIMARY KEY (practice_id, id)
  constraint psychotherapy_authorizations_author_fkey FOREIGN KEY (practice_id, author_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint psychotherapy_authorizations_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint psychotherapy_authorizations_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint psychotherapy_authorizations_recipient_fkey FOREIGN KEY (practice_id, recipient_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint psychotherapy_authorizations_representative_fkey FOREIGN KEY (practice_id, representative_id) REFERENCES cairn.related_people(practice_id, id)
  constraint psychotherapy_authorizations_dates_check CHECK ((expires_on >= signed_on))
  constraint psychotherapy_authorizations_kind_check CHECK ((kind = ANY (ARRAY['psychotherapy'::text, 'sud_counseling'::text])))
  constraint psychotherapy_authorizations_recipient_check CHECK (((num_nonnulls(recipient_id, recipient_user_id) = ANY (ARRAY[0, 2])) AND (recipient_id IS DISTINCT FROM author_id)))
  CREATE INDEX psychotherapy_authorizations_author ON cairn.psychotherapy_authorizations USING btree (practice_id, author_user_id, id)
  CREATE INDEX psychotherapy_authorizations_recipient ON cairn.psychotherapy_authorizations USING btree (practice_id, recipient_user_id, id) WHERE (recipient_user_id IS NOT NULL)
  restrictive policy author to cairn_app using (((author_user_id = app.current_actor()) OR (recipient_user_id = app.current_actor()) OR (client_id = app.current_actor()) OR app.revokes_authorization(id))) check (((author_user_id = app.current_actor()) OR ((revoked_at IS NOT NULL) AND ((client_id = app.current_actor()) OR app.revokes_authorization(id)))))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table psychotherapy_note_additions (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  note_id uuid not null
  author_user_id uuid not null
  author_id uuid not null
  chart_id uuid not null
  kind text not null
  addition text not null
  text_sealed bytea not null
  added_at timestamp with time zone not null default now()
  constraint psychotherapy_note_additions_pkey PRIMARY KEY (practice_id, id)
  constraint psychotherapy_note_additions_note_fkey FOREIGN KEY (practice_id, note_id, author_user_id, author_id, chart_id, kind) REFERENCES cairn.psychotherapy_notes(practice_id, id, author_user_id, author_id, chart_id, kind)
  constraint psychotherapy_note_additions_addition_check CHECK ((addition = ANY (ARRAY['addendum'::text, 'entered_in_error'::text])))
  constraint psychotherapy_note_additions_kind_check CHECK ((kind = ANY (ARRAY['psychotherapy'::text, 'sud_counseling'::text])))
  CREATE INDEX psychotherapy_note_additions_note ON cairn.psychotherapy_note_additions USING btree (practice_id, note_id, id)
  CREATE UNIQUE INDEX psychotherapy_note_additions_error_key ON cairn.psychotherapy_note_additions USING btree (practice_id, note_id) WHERE (addition = 'entered_in_error'::text)
  restrictive policy author to cairn_app using (((author_user_id = app.current_actor()) OR app.opened_psychotherapy_notes(author_id, chart_id, kind))) check ((author_user_id = app.current_actor()))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table psychotherapy_note_drafts (row security forced)
  practice_id uuid not null
  note_id uuid not null
  author_user_id uuid not null
  author_id uuid not null
  chart_id uuid not null
  kind text not null
  text_sealed bytea not null
  version integer not null
  updated_at timestamp with time zone not null default now()
  constraint psychotherapy_note_drafts_pkey PRIMARY KEY (practice_id, note_id)
  constraint psychotherapy_note_drafts_note_fkey FOREIGN KEY (practice_id, note_id, author_user_id, author_id, chart_id, kind) REFERENCES cairn.psychotherapy_notes(practice_id, id, author_user_id, author_id, chart_id, kind)
  constraint psychotherapy_note_drafts_kind_check CHECK ((kind = ANY (ARRAY['psychotherapy'::text, 'sud_counseling'::text])))
  restrictive policy author to cairn_app using ((author_user_id = app.current_actor())) check ((author_user_id = app.current_actor()))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table psychotherapy_note_texts (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  author_user_id uuid not null
  author_id uuid not null
  chart_id uuid not null
  kind text not null
  text_sealed bytea not null
  completed_at timestamp with time zone not null default now()
  constraint psychotherapy_note_texts_pkey PRIMARY KEY (practice_id, note_id, revision)
  constraint psychotherapy_note_texts_note_fkey FOREIGN KEY (practice_id, note_id, author_user_id, author_id, chart_id, kind) REFERENCES cairn.psychotherapy_notes(practice_id, id, author_user_id, author_id, chart_id, kind)
  constraint psychotherapy_note_texts_kind_check CHECK ((kind = ANY (ARRAY['psychotherapy'::text, 'sud_counseling'::text])))
  constraint psychotherapy_note_texts_revision_check CHECK ((revision > 0))
  restrictive policy author to cairn_app using (((author_user_id = app.current_actor()) OR app.opened_psychotherapy_notes(author_id, chart_id, kind))) check ((author_user_id = app.current_actor()))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table psychotherapy_notes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  author_id uuid not null
  author_user_id uuid not null
  kind text not null
  conversation_on date not null
  status text not null default 'draft'::text
  revision integer not null default 0
  completed_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint psychotherapy_notes_author_key UNIQUE (practice_id, id, author_user_id, author_id, chart_id, kind)
  constraint psychotherapy_notes_pkey PRIMARY KEY (practice_id, id)
  constraint psychotherapy_notes_author_fkey FOREIGN KEY (practice_id, author_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint psychotherapy_notes_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint psychotherapy_notes_completed_check CHECK (((status = 'draft'::text) OR ((revision > 0) AND (completed_at IS NOT NULL))))
  constraint psychotherapy_notes_kind_check CHECK ((kind = ANY (ARRAY['psychotherapy'::text, 'sud_counseling'::text])))
  constraint psychotherapy_notes_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'completed'::text, 'entered_in_error'::text])))
  CREATE INDEX psychotherapy_notes_author ON cairn.psychotherapy_notes USING btree (practice_id, author_user_id, id)
  CREATE INDEX psychotherapy_notes_chart ON cairn.psychotherapy_notes USING btree (practice_id, chart_id, id)
  restrictive policy author to cairn_app using (((author_user_id = app.current_actor()) OR ((status <> 'draft'::text) AND app.opened_psychotherapy_notes(author_id, chart_id, kind)))) check ((author_user_id = app.current_actor()))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table recovery_document_revisions (row security forced)
  practice_id uuid not null
  document_id uuid not null
  version integer not null
  status text not null
  status_on date not null
  content_sealed bytea not null
  recorded_by uuid
  entered_by text not null
  recorded_at timestamp with time zone not null default now()
  constraint recovery_document_revisions_pkey PRIMARY KEY (practice_id, document_id, version)
  constraint recovery_document_revisions_document_fkey FOREIGN KEY (practice_id, document_id) REFERENCES cairn.recovery_documents(practice_id, id)
  constraint recovery_document_revisions_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint recovery_document_revisions_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint recovery_document_revisions_status_check CHECK ((status = ANY (ARRAY['active'::text, 'early_remission'::text, 'sustained_remission'::text, 'watch'::text, 'observed'::text, 'ended'::text, 'in_remission'::text, 'returned'::text, 'proposed'::text, 'agreed'::text, 'broken'::text, 'completed'::text, 'ended_early'::text, 'retired'::text, 'reported'::text, 'explored'::text, 'learning_captured'::text, 'plan_updated'::text, 'closed'::text, 'withdrawn'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table recovery_documents (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  kind text not null
  status text not null
  status_on date not null
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint recovery_documents_chart_key UNIQUE (practice_id, chart_id, id)
  constraint recovery_documents_pkey PRIMARY KEY (practice_id, id)
  constraint recovery_documents_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint recovery_documents_kind_check CHECK ((kind = ANY (ARRAY['addiction'::text, 'addiction_interaction'::text, 'behavior'::text, 'abstinence_contract'::text, 'trigger'::text, 'coping_skill'::text, 'lapse'::text, 'cycle_phase'::text]))) NOT VALID
  constraint recovery_documents_status_check CHECK ((((kind = 'addiction'::text) AND (status = ANY (ARRAY['active'::text, 'early_remission'::text, 'sustained_remission'::text, 'watch'::text]))) OR ((kind = 'addiction_interaction'::text) AND (status = ANY (ARRAY['observed'::text, 'ended'::text]))) OR ((kind = 'behavior'::text) AND (status = ANY (ARRAY['active'::text, 'in_remission'::text, 'returned'::text]))) OR ((kind = 'abstinence_contract'::text) AND (status = ANY (ARRAY['proposed'::text, 'agreed'::text, 'active'::text, 'broken'::text, 'completed'::text, 'ended_early'::text]))) OR ((kind = ANY (ARRAY['trigger'::text, 'coping_skill'::text, 'cycle_phase'::text])) AND (status = ANY (ARRAY['active'::text, 'retired'::text]))) OR ((kind = 'lapse'::text) AND (status = ANY (ARRAY['reported'::text, 'explored'::text, 'learning_captured'::text, 'plan_updated'::text, 'closed'::text, 'withdrawn'::text]))))) NOT VALID
  CREATE INDEX recovery_documents_kind ON cairn.recovery_documents USING btree (practice_id, chart_id, kind, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table recovery_philosophies (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  philosophy text not null
  agreed_by text not null
  starts_on date not null
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint recovery_philosophies_pkey PRIMARY KEY (practice_id, id)
  constraint recovery_philosophies_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint recovery_philosophies_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint recovery_philosophies_agreed_by_check CHECK ((agreed_by = ANY (ARRAY['client'::text, 'clinician'::text, 'both'::text])))
  constraint recovery_philosophies_philosophy_check CHECK ((philosophy = ANY (ARRAY['abstinence'::text, 'harm_reduction'::text, 'integrated'::text])))
  CREATE INDEX recovery_philosophies_chart ON cairn.recovery_philosophies USING btree (practice_id, chart_id, starts_on DESC, id DESC)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table recovery_record_revisions (row security forced)
  practice_id uuid not null
  record_id uuid not null
  version integer not null
  change text not null
  status text not null
  effective_on date not null
  content_sealed bytea
  reason_key text
  words_sealed bytea
  warnings text[] not null default '{}'::text[]
  entered_by text not null
  recorded_by uuid
  recorded_at timestamp with time zone not null default now()
  constraint recovery_record_revisions_pkey PRIMARY KEY (practice_id, record_id, version)
  constraint recovery_record_revisions_record_fkey FOREIGN KEY (practice_id, record_id) REFERENCES cairn.recovery_records(practice_id, id)
  constraint recovery_record_revisions_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint recovery_record_revisions_change_check CHECK ((change = ANY (ARRAY['created'::text, 'revised'::text, 'status_changed'::text, 'reviewed'::text, 'corrected'::text, 'released'::text, 'unreleased'::text])))
  constraint recovery_record_revisions_content_check CHECK (((content_sealed IS NOT NULL) = (change = ANY (ARRAY['created'::text, 'revised'::text]))))
  constraint recovery_record_revisions_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint recovery_record_revisions_reason_check CHECK ((reason_key = ANY (ARRAY['device'::text, 'account'::text, 'cash'::text, 'place'::text, 'person'::text, 'substance'::text, 'schedule'::text, 'other'::text, 'after_lapse'::text, 'client_request'::text, 'partner_request'::text, 'clinical_judgment'::text])))
  constraint recovery_record_revisions_recorder_check CHECK (((entered_by = 'staff'::text) = (recorded_by IS NOT NULL)))
  constraint recovery_record_revisions_status_check CHECK ((status = ANY (ARRAY['identified'::text, 'addressed_in_plan'::text, 'improving'::text, 'resolved'::text, 'recurring'::text, 'withdrawn'::text, 'active'::text, 'being_repaired'::text, 'draft'::text, 'breached'::text, 'revised'::text, 'stepped_down'::text, 'archived'::text, 'recorded'::text, 'negotiated'::text, 'met'::text, 'tightened'::text, 'loosened'::text, 'converted_to_abstinence'::text, 'ended'::text, 'considered'::text, 'agreed'::text, 'set_aside'::text, 'proposed'::text, 'inactive'::text, 'suggested'::text, 'trying'::text, 'attending'::text, 'home_group_and_sponsor'::text, 'sponsoring'::text, 'stopped'::text, 'started'::text, 'done'::text, 'shared_with_sponsor'::text, 'planned'::text, 'installed'::text, 'lapsed_coverage'::text, 'removed'::text, 'held'::text, 'preparing'::text, 'disclosed'::text, 'let_be'::text, 'introduced'::text, 'practicing'::text, 'integrated'::text, 'discussed'::text, 'maintained'::text, 'paused'::text, 'assigned'::text, 'opened'::text, 'completed'::text, 'stabilizing'::text, 'ready_to_process'::text, 'processing'::text, 'deferred'::text, 'not_engaged'::text, 'offered'::text, 'engaged'::text, 'own_therapist'::text, 'group'::text, 'open'::text, 'closed'::text, 'in_compliance'::text, 'out_of_compliance'::text, 'satisfied'::text, 'released'::text, 'suspected'::text, 'consulted'::text, 'decided'::text, 'oral_made'::text, 'written_filed'::text, 'acknowledged'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table recovery_records (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_id uuid
  kind text not null
  status text not null
  data_class text not null
  addiction_id uuid
  behavior_id uuid
  related_id uuid
  corrects_id uuid
  plan_id uuid
  occurred_on date not null
  ends_on date
  review_on date
  keys text[] not null default '{}'::text[]
  measures double precision[] not null default '{}'::double precision[]
  warnings text[] not null default '{}'::text[]
  released boolean not null default false
  entered_by text not null
  recorded_by uuid
  content_version integer not null default 1
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  appointment_id uuid
  constraint recovery_records_chart_key UNIQUE (practice_id, chart_id, id)
  constraint recovery_records_pkey PRIMARY KEY (practice_id, id)
  constraint recovery_records_addiction_fkey FOREIGN KEY (practice_id, chart_id, addiction_id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  constraint recovery_records_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id) NOT VALID
  constraint recovery_records_behavior_fkey FOREIGN KEY (practice_id, chart_id, behavior_id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  constraint recovery_records_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint recovery_records_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint recovery_records_corrects_fkey FOREIGN KEY (practice_id, chart_id, corrects_id) REFERENCES cairn.recovery_records(practice_id, chart_id, id)
  constraint recovery_records_related_fkey FOREIGN KEY (practice_id, chart_id, related_id) REFERENCES cairn.recovery_records(practice_id, chart_id, id)
  constraint recovery_records_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint recovery_records_behavior_check CHECK (((behavior_id IS NULL) OR (data_class = 'restricted'::text)))
  constraint recovery_records_data_class_check CHECK ((data_class = ANY (ARRAY['clinical'::text, 'restricted'::text])))
  constraint recovery_records_dates_check CHECK ((ends_on >= occurred_on))
  constraint recovery_records_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint recovery_records_kind_check CHECK ((kind = ANY (ARRAY['block'::text, 'consequence'::text, 'containment_plan'::text, 'readiness'::text, 'harm_reduction_goal'::text, 'harm_reduction_entry'::text, 'cycle_entry'::text, 'escalation_entry'::text, 'typology'::text, 'support_person'::text, 'contact_log'::text, 'substitute_bond'::text, 'attachment'::text, 'fellowship_participation'::text, 'meeting_log'::text, 'sponsor'::text, 'step_work'::text, 'tech_plan'::text, 'accountability_event'::text, 'honesty_check_in'::text, 'integration_rating'::text, 'secret'::text, 'intimacy_practice'::text, 'sexuality_plan'::text, 'education_assignment'::text, 'rating'::text, 'trauma_event'::text, 'discovery_event'::text, 'partner_care'::text, 'legal_matter'::text, 'legal_requirement'::text, 'legal_report'::text, 'mandated_report'::text, 'safety_screen'::text, 'session_feedback'::text, 'modality_fit'::text, 'modality_response'::text]))) NOT VALID
  constraint recovery_records_kind_class_check CHECK ((((kind || ' '::text) || data_class) = ANY (ARRAY['block clinical'::text, 'block restricted'::text, 'consequence clinical'::text, 'consequence restricted'::text, 'containment_plan clinical'::text, 'readiness clinical'::text, 'readiness restricted'::text, 'harm_reduction_goal clinical'::text, 'harm_reduction_goal restricted'::text, 'harm_reduction_entry clinical'::text, 'harm_reduction_entry restricted'::text, 'cycle_entry clinical'::text, 'escalation_entry restricted'::text, 'typology restricted'::text, 'support_person clinical'::text, 'contact_log clinical'::text, 'contact_log restricted'::text, 'substitute_bond clinical'::text, 'substitute_bond restricted'::text, 'attachment clinical'::text, 'fellowship_participation clinical'::text, 'meeting_log clinical'::text, 'meeting_log restricted'::text, 'sponsor clinical'::text, 'step_work clinical'::text, 'tech_plan clinical'::text, 'accountability_event clinical'::text, 'accountability_event restricted'::text, 'honesty_check_in clinical'::text, 'integration_rating clinical'::text, 'secret restricted'::text, 'intimacy_practice clinical'::text, 'sexuality_plan restricted'::text, 'education_assignment clinical'::text, 'rating clinical'::text, 'trauma_event restricted'::text, 'discovery_event restricted'::text, 'partner_care clinical'::text, 'legal_matter restricted'::text, 'legal_requirement restricted'::text, 'legal_report restricted'::text, 'mandated_report restricted'::text, 'safety_screen clinical'::text, 'session_feedback clinical'::text, 'modality_fit clinical'::text, 'modality_response clinical'::text, 'modality_response restricted'::text]))) NOT VALID
  constraint recovery_records_kind_status_check CHECK ((((kind || ' '::text) || status) = ANY (ARRAY['block identified'::text, 'block addressed_in_plan'::text, 'block improving'::text, 'block resolved'::text, 'block recurring'::text, 'block withdrawn'::text, 'consequence active'::text, 'consequence being_repaired'::text, 'consequence resolved'::text, 'consequence withdrawn'::text, 'containment_plan draft'::text, 'containment_plan active'::text, 'containment_plan breached'::text, 'containment_plan revised'::text, 'containment_plan stepped_down'::text, 'containment_plan archived'::text, 'containment_plan withdrawn'::text, 'readiness recorded'::text, 'readiness withdrawn'::text, 'harm_reduction_goal negotiated'::text, 'harm_reduction_goal active'::text, 'harm_reduction_goal met'::text, 'harm_reduction_goal tightened'::text, 'harm_reduction_goal loosened'::text, 'harm_reduction_goal converted_to_abstinence'::text, 'harm_reduction_goal ended'::text, 'harm_reduction_goal withdrawn'::text, 'harm_reduction_entry recorded'::text, 'harm_reduction_entry withdrawn'::text, 'cycle_entry recorded'::text, 'cycle_entry withdrawn'::text, 'escalation_entry recorded'::text, 'escalation_entry withdrawn'::text, 'typology considered'::text, 'typology agreed'::text, 'typology set_aside'::text, 'typology withdrawn'::text, 'support_person proposed'::text, 'support_person agreed'::text, 'support_person inactive'::text, 'support_person withdrawn'::text, 'contact_log recorded'::text, 'contact_log withdrawn'::text, 'substitute_bond recorded'::text, 'substitute_bond withdrawn'::text, 'attachment recorded'::text, 'attachment withdrawn'::text, 'fellowship_participation suggested'::text, 'fellowship_participation trying'::text, 'fellowship_participation attending'::text, 'fellowship_participation home_group_and_sponsor'::text, 'fellowship_participation sponsoring'::text, 'fellowship_participation stopped'::text, 'fellowship_participation withdrawn'::text, 'meeting_log recorded'::text, 'meeting_log withdrawn'::text, 'sponsor active'::text, 'sponsor ended'::text, 'sponsor withdrawn'::text, 'step_work started'::text, 'step_work done'::text, 'step_work shared_with_sponsor'::text, 'step_work withdrawn'::text, 'tech_plan planned'::text, 'tech_plan installed'::text, 'tech_plan active'::text, 'tech_plan lapsed_coverage'::text, 'tech_plan removed'::text, 'tech_plan withdrawn'::text, 'accountability_event recorded'::text, 'accountability_event withdrawn'::text, 'honesty_check_in recorded'::text, 'honesty_check_in withdrawn'::text, 'integration_rating recorded'::text, 'integration_rating withdrawn'::text, 'secret held'::text, 'secret preparing'::text, 'secret disclosed'::text, 'secret let_be'::text, 'secret withdrawn'::text, 'intimacy_practice introduced'::text, 'intimacy_practice practicing'::text, 'intimacy_practice integrated'::text, 'intimacy_practice withdrawn'::text, 'sexuality_plan draft'::text, 'sexuality_plan discussed'::text, 'sexuality_plan active'::text, 'sexuality_plan practicing'::text, 'sexuality_plan maintained'::text, 'sexuality_plan paused'::text, 'sexuality_plan withdrawn'::text, 'education_assignment assigned'::text, 'education_assignment opened'::text, 'education_assignment completed'::text, 'education_assignment discussed'::text, 'education_assignment withdrawn'::text, 'rating recorded'::text, 'rating withdrawn'::text, 'trauma_event identified'::text, 'trauma_event stabilizing'::text, 'trauma_event ready_to_process'::text, 'trauma_event processing'::text, 'trauma_event resolved'::text, 'trauma_event deferred'::text, 'trauma_event withdrawn'::text, 'discovery_event recorded'::text, 'discovery_event withdrawn'::text, 'partner_care not_engaged'::text, 'partner_care offered'::text, 'partner_care engaged'::text, 'partner_care own_therapist'::text, 'partner_care group'::text, 'partner_care withdrawn'::text, 'legal_matter open'::text, 'legal_matter closed'::text, 'legal_matter withdrawn'::text, 'legal_requirement open'::text, 'legal_requirement in_compliance'::text, 'legal_requirement out_of_compliance'::text, 'legal_requirement satisfied'::text, 'legal_requirement withdrawn'::text, 'legal_report draft'::text, 'legal_report released'::text, 'legal_report withdrawn'::text, 'mandated_report suspected'::text, 'mandated_report consulted'::text, 'mandated_report decided'::text, 'mandated_report oral_made'::text, 'mandated_report written_filed'::text, 'mandated_report acknowledged'::text, 'mandated_report closed'::text, 'mandated_report withdrawn'::text, 'safety_screen open'::text, 'safety_screen closed'::text, 'safety_screen withdrawn'::text, 'session_feedback recorded'::text, 'session_feedback withdrawn'::text, 'modality_fit considered'::text, 'modality_fit active'::text, 'modality_fit paused'::text, 'modality_fit set_aside'::text, 'modality_fit ended'::text, 'modality_fit withdrawn'::text, 'modality_response recorded'::text, 'modality_response withdrawn'::text]))) NOT VALID
  constraint recovery_records_recorder_check CHECK (((entered_by = 'staff'::text) = (recorded_by IS NOT NULL)))
  constraint recovery_records_status_check CHECK ((status = ANY (ARRAY['identified'::text, 'addressed_in_plan'::text, 'improving'::text, 'resolved'::text, 'recurring'::text, 'withdrawn'::text, 'active'::text, 'being_repaired'::text, 'draft'::text, 'breached'::text, 'revised'::text, 'stepped_down'::text, 'archived'::text, 'recorded'::text, 'negotiated'::text, 'met'::text, 'tightened'::text, 'loosened'::text, 'converted_to_abstinence'::text, 'ended'::text, 'considered'::text, 'agreed'::text, 'set_aside'::text, 'proposed'::text, 'inactive'::text, 'suggested'::text, 'trying'::text, 'attending'::text, 'home_group_and_sponsor'::text, 'sponsoring'::text, 'stopped'::text, 'started'::text, 'done'::text, 'shared_with_sponsor'::text, 'planned'::text, 'installed'::text, 'lapsed_coverage'::text, 'removed'::text, 'held'::text, 'preparing'::text, 'disclosed'::text, 'let_be'::text, 'introduced'::text, 'practicing'::text, 'integrated'::text, 'discussed'::text, 'maintained'::text, 'paused'::text, 'assigned'::text, 'opened'::text, 'completed'::text, 'stabilizing'::text, 'ready_to_process'::text, 'processing'::text, 'deferred'::text, 'not_engaged'::text, 'offered'::text, 'engaged'::text, 'own_therapist'::text, 'group'::text, 'open'::text, 'closed'::text, 'in_compliance'::text, 'out_of_compliance'::text, 'satisfied'::text, 'released'::text, 'suspected'::text, 'consulted'::text, 'decided'::text, 'oral_made'::text, 'written_filed'::text, 'acknowledged'::text])))
  constraint recovery_records_subject_check CHECK ((num_nonnulls(addiction_id, behavior_id) <= 1))
  CREATE INDEX recovery_records_chart ON cairn.recovery_records USING btree (practice_id, chart_id, occurred_on, id)
  CREATE INDEX recovery_records_contact ON cairn.recovery_records USING btree (practice_id, chart_id, occurred_on) WHERE ((kind = ANY (ARRAY['contact_log'::text, 'meeting_log'::text])) AND (status = 'recorded'::text))
  CREATE INDEX recovery_records_kind ON cairn.recovery_records USING btree (practice_id, chart_id, kind, occurred_on, id)
  CREATE INDEX recovery_records_related ON cairn.recovery_records USING btree (practice_id, related_id, occurred_on, id) WHERE (related_id IS NOT NULL)
  CREATE INDEX recovery_records_review ON cairn.recovery_records USING btree (practice_id, review_on, id) WHERE (review_on IS NOT NULL)
  CREATE UNIQUE INDEX recovery_records_containment_plan_key ON cairn.recovery_records USING btree (practice_id, chart_id) WHERE ((kind = 'containment_plan'::text) AND (status = ANY (ARRAY['active'::text, 'revised'::text, 'stepped_down'::text, 'breached'::text])))
  CREATE UNIQUE INDEX recovery_records_corrects_key ON cairn.recovery_records USING btree (practice_id, corrects_id) WHERE (corrects_id IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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

table releases (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_id uuid not null
  recipient_kind text not null
  categories text[] not null
  terms_sealed bytea not null
  part2 boolean not null
  signed_on date not null
  from_on date not null
  until_on date not null
  representative_id uuid
  recorded_by uuid not null
  revoked_at timestamp with time zone
  revoked_by uuid
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint releases_terms_key UNIQUE (practice_id, id, chart_id, client_id, recipient_kind, categories, from_on, until_on)
  constraint releases_pkey PRIMARY KEY (practice_id, id)
  constraint releases_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint releases_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint releases_recorder_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint releases_representative_fkey FOREIGN KEY (practice_id, representative_id) REFERENCES cairn.related_people(practice_id, id)
  constraint releases_revoker_fkey FOREIGN KEY (practice_id, revoked_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint releases_categories_check CHECK (((cardinality(categories) > 0) AND (categories <@ ARRAY['attendance'::text, 'counts'::text, 'tasks'::text, 'stages'::text, 'compliance'::text, 'progress'::text, 'evaluation'::text])))
  constraint releases_days_check CHECK (((signed_on <= from_on) AND (from_on <= until_on)))
  constraint releases_recipient_kind_check CHECK ((recipient_kind = ANY (ARRAY['court'::text, 'probation'::text, 'attorney'::text, 'referrer'::text, 'employer'::text, 'licensing_board'::text, 'treatment_provider'::text, 'client'::text, 'other'::text])))
  constraint releases_revoked_check CHECK (((revoked_at IS NULL) = (revoked_by IS NULL)))
  CREATE INDEX releases_chart ON cairn.releases USING btree (practice_id, chart_id, id)
  CREATE INDEX releases_client ON cairn.releases USING btree (practice_id, client_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table reservations (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  appointment_id uuid
  resource_kind text not null
  resource_id uuid not null
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  active boolean not null default true
  holder_kind text not null default 'appointment'::text
  holder_id uuid
  expires_at timestamp with time zone
  constraint reservations_overlap_excl EXCLUDE USING gist (practice_id WITH =, resource_id WITH =, tstzrange(starts_at, ends_at, '[)'::text) WITH &&) WHERE (active)
  constraint reservations_resource_key UNIQUE (practice_id, appointment_id, resource_kind)
  constraint reservations_pkey PRIMARY KEY (practice_id, id)
  constraint reservations_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint reservations_holder_check CHECK (((num_nonnulls(holder_id, appointment_id) > 0) AND ((appointment_id IS NULL) OR (holder_kind = 'appointment'::text)))) NOT VALID
  constraint reservations_holder_kind_check CHECK ((holder_kind = ANY (ARRAY['appointment'::text, 'hold'::text, 'intensive_block'::text, 'group_session'::text]))) NOT VALID
  constraint reservations_length_check CHECK ((ends_at <= (starts_at + '32:00:00'::interval))) NOT VALID
  constraint reservations_resource_kind_check CHECK ((resource_kind = ANY (ARRAY['clinician'::text, 'room'::text, 'client'::text]))) NOT VALID
  constraint reservations_times_check CHECK ((ends_at > starts_at))
  CREATE INDEX reservations_expiring ON cairn.reservations USING btree (practice_id, resource_id, starts_at) WHERE (expires_at IS NOT NULL)
  CREATE INDEX reservations_holder ON cairn.reservations USING btree (practice_id, holder_id)
  CREATE INDEX reservations_time ON cairn.reservations USING btree (practice_id, resource_id, starts_at) WHERE active
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table risk_assessment_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  risk_assessment_id uuid not null
  status text not null
  reason_sealed bytea
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint risk_assessment_changes_pkey PRIMARY KEY (practice_id, id)
  constraint risk_assessment_changes_head_fkey FOREIGN KEY (practice_id, risk_assessment_id) REFERENCES cairn.risk_assessments(practice_id, id)
  constraint risk_assessment_changes_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint risk_assessment_changes_status_check CHECK ((status = ANY (ARRAY['open'::text, 'mitigated'::text, 'monitored'::text, 'closed'::text])))
  CREATE INDEX risk_assessment_changes_head ON cairn.risk_assessment_changes USING btree (practice_id, risk_assessment_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table risk_assessment_revisions (row security forced)
  practice_id uuid not null
  risk_assessment_id uuid not null
  revision integer not null
  occasion text not null
  acute text not null
  chronic text not null
  next_review_on date
  content_sealed bytea not null
  content_hash bytea not null
  written_by uuid not null
  written_at timestamp with time zone not null default now()
  constraint risk_assessment_revisions_pkey PRIMARY KEY (practice_id, risk_assessment_id, revision)
  constraint risk_assessment_revisions_head_fkey FOREIGN KEY (practice_id, risk_assessment_id) REFERENCES cairn.risk_assessments(practice_id, id)
  constraint risk_assessment_revisions_staff_fkey FOREIGN KEY (practice_id, written_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint risk_assessment_revisions_acute_check CHECK ((acute = ANY (ARRAY['low'::text, 'moderate'::text, 'high'::text])))
  constraint risk_assessment_revisions_chronic_check CHECK ((chronic = ANY (ARRAY['low'::text, 'moderate'::text, 'high'::text])))
  constraint risk_assessment_revisions_occasion_check CHECK ((occasion = ANY (ARRAY['intake'::text, 'assessment_answer'::text, 'clinician_concern'::text, 'lapse'::text, 'disclosure'::text, 'court_event'::text, 'review'::text, 'other'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table risk_assessment_signatures (row security forced)
  practice_id uuid not null
  risk_assessment_id uuid not null
  revision integer not null
  signer_id uuid not null
  content_hash bytea not null
  signed_at timestamp with time zone not null default now()
  constraint risk_assessment_signatures_pkey PRIMARY KEY (practice_id, risk_assessment_id, revision)
  constraint risk_assessment_signatures_revision_fkey FOREIGN KEY (practice_id, risk_assessment_id, revision) REFERENCES cairn.risk_assessment_revisions(practice_id, risk_assessment_id, revision)
  constraint risk_assessment_signatures_staff_fkey FOREIGN KEY (practice_id, signer_id) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table risk_assessments (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  status text not null default 'open'::text
  revision integer not null default 1
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint risk_assessments_pkey PRIMARY KEY (practice_id, id)
  constraint risk_assessments_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint risk_assessments_status_check CHECK ((status = ANY (ARRAY['open'::text, 'mitigated'::text, 'monitored'::text, 'closed'::text])))
  CREATE INDEX risk_assessments_chart ON cairn.risk_assessments USING btree (practice_id, chart_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  features text[] not null default '{}'::text[]
  opening_hours jsonb
  constraint rooms_location_key UNIQUE (practice_id, location_id, id)
  constraint rooms_name_key UNIQUE (practice_id, location_id, name)
  constraint rooms_pkey PRIMARY KEY (practice_id, id)
  constraint rooms_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint rooms_capacity_check CHECK (((capacity >= 1) AND (capacity <= 200)))
  constraint rooms_status_check CHECK ((status = ANY (ARRAY['active'::text, 'closed'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table safety_plan_reviews (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  safety_plan_id uuid not null
  revision integer not null
  occasion text not null
  outcome text not null
  reviewed_on date not null
  reviewed_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint safety_plan_reviews_pkey PRIMARY KEY (practice_id, id)
  constraint safety_plan_reviews_revision_fkey FOREIGN KEY (practice_id, safety_plan_id, revision) REFERENCES cairn.safety_plan_revisions(practice_id, safety_plan_id, revision)
  constraint safety_plan_reviews_staff_fkey FOREIGN KEY (practice_id, reviewed_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint safety_plan_reviews_occasion_check CHECK ((occasion = ANY (ARRAY['scheduled'::text, 'crisis'::text, 'lapse'::text, 'discharge'::text, 'other'::text])))
  constraint safety_plan_reviews_outcome_check CHECK ((outcome = ANY (ARRAY['kept'::text, 'to_revise'::text])))
  CREATE INDEX safety_plan_reviews_plan ON cairn.safety_plan_reviews USING btree (practice_id, safety_plan_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table safety_plan_revisions (row security forced)
  practice_id uuid not null
  safety_plan_id uuid not null
  revision integer not null
  content_sealed bytea not null
  written_by uuid not null
  written_at timestamp with time zone not null default now()
  constraint safety_plan_revisions_pkey PRIMARY KEY (practice_id, safety_plan_id, revision)
  constraint safety_plan_revisions_head_fkey FOREIGN KEY (practice_id, safety_plan_id) REFERENCES cairn.safety_plans(practice_id, id)
  constraint safety_plan_revisions_staff_fkey FOREIGN KEY (practice_id, written_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table safety_plans (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  status text not null default 'active'::text
  revision integer not null default 1
  review_due_on date
  released_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint safety_plans_pkey PRIMARY KEY (practice_id, id)
  constraint safety_plans_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint safety_plans_status_check CHECK ((status = ANY (ARRAY['active'::text, 'ended'::text])))
  CREATE INDEX safety_plans_chart ON cairn.safety_plans USING btree (practice_id, chart_id, id)
  CREATE UNIQUE INDEX safety_plans_active_key ON cairn.safety_plans USING btree (practice_id, chart_id) WHERE (status = 'active'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table score_sharing_consents (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  client_id uuid not null
  instrument_key text not null
  method text not null
  given_on date not null
  attested_by uuid not null
  created_at timestamp with time zone not null default now()
  withdrawn_at timestamp with time zone
  withdrawn_by uuid
  version integer not null default 1
  constraint score_sharing_consents_pkey PRIMARY KEY (practice_id, id)
  constraint score_sharing_consents_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint score_sharing_consents_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint score_sharing_consents_staff_fkey FOREIGN KEY (practice_id, attested_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint score_sharing_consents_withdrawn_by_fkey FOREIGN KEY (practice_id, withdrawn_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint score_sharing_consents_method_check CHECK ((method = ANY (ARRAY['wet_ink'::text, 'electronic'::text, 'in_person'::text, 'in_writing'::text])))
  constraint score_sharing_consents_withdrawal_check CHECK (((withdrawn_at IS NULL) = (withdrawn_by IS NULL)))
  CREATE INDEX score_sharing_consents_chart ON cairn.score_sharing_consents USING btree (practice_id, chart_id, id)
  CREATE UNIQUE INDEX score_sharing_consents_standing_key ON cairn.score_sharing_consents USING btree (practice_id, chart_id, client_id, instrument_key) WHERE (withdrawn_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table separation_rules (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  first_client_id uuid not null
  second_client_id uuid not null
  apart_in_groups boolean not null
  apart_minutes integer not null
  reason_code text not null
  created_by uuid not null
  ended_at timestamp with time zone
  ended_by uuid
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint separation_rules_pkey PRIMARY KEY (practice_id, id)
  constraint separation_rules_created_by_fkey FOREIGN KEY (practice_id, created_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint separation_rules_ended_by_fkey FOREIGN KEY (practice_id, ended_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint separation_rules_first_fkey FOREIGN KEY (practice_id, first_client_id) REFERENCES cairn.clients(practice_id, id)
  constraint separation_rules_second_fkey FOREIGN KEY (practice_id, second_client_id) REFERENCES cairn.clients(practice_id, id)
  constraint separation_rules_ended_check CHECK (((ended_at IS NULL) = (ended_by IS NULL)))
  constraint separation_rules_minutes_check CHECK (((apart_minutes >= 0) AND (apart_minutes <= 240)))
  constraint separation_rules_order_check CHECK ((first_client_id < second_client_id))
  constraint separation_rules_reason_check CHECK ((reason_code = ANY (ARRAY['partners'::text, 'former_partners'::text, 'family'::text, 'safety'::text, 'court_order'::text, 'couple_work'::text, 'other'::text])))
  CREATE INDEX separation_rules_second ON cairn.separation_rules USING btree (practice_id, second_client_id) WHERE (ended_at IS NULL)
  CREATE UNIQUE INDEX separation_rules_pair_key ON cairn.separation_rules USING btree (practice_id, first_client_id, second_client_id) WHERE (ended_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table series_dates (row security forced)
  practice_id uuid not null
  series_id uuid not null
  on_date date not null
  starts_minute integer not null
  standing text not null
  appointment_id uuid
  exception boolean not null default false
  constraint series_dates_appointment_key UNIQUE (practice_id, appointment_id)
  constraint series_dates_pkey PRIMARY KEY (practice_id, series_id, on_date)
  constraint series_dates_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint series_dates_series_fkey FOREIGN KEY (practice_id, series_id) REFERENCES cairn.appointment_series(practice_id, id)
  constraint series_dates_booked_check CHECK ((((standing <> 'booked'::text) OR (appointment_id IS NOT NULL)) AND ((appointment_id IS NULL) OR (standing = ANY (ARRAY['booked'::text, 'paused'::text])))))
  constraint series_dates_standing_check CHECK ((standing = ANY (ARRAY['booked'::text, 'busy'::text, 'closed'::text, 'paused'::text, 'unavailable'::text])))
  constraint series_dates_starts_minute_check CHECK (((starts_minute >= 0) AND (starts_minute <= 1439)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table series_pauses (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  series_id uuid not null
  from_date date not null
  until_date date not null
  recorded_by uuid
  withdrawn_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  constraint series_pauses_pkey PRIMARY KEY (practice_id, id)
  constraint series_pauses_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint series_pauses_series_fkey FOREIGN KEY (practice_id, series_id) REFERENCES cairn.appointment_series(practice_id, id)
  constraint series_pauses_dates_check CHECK ((until_date >= from_date))
  CREATE INDEX series_pauses_series ON cairn.series_pauses USING btree (practice_id, series_id, until_date)
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
  required_features text[] not null default '{}'::text[]
  credential_codes text[] not null default '{}'::text[]
  location_ids uuid[] not null default '{}'::uuid[]
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

table session_note_addenda_waiting (row security forced)
  practice_id uuid not null
  addendum_id uuid not null
  author_id uuid not null
  note_id uuid not null
  constraint session_note_addenda_waiting_pkey PRIMARY KEY (practice_id, addendum_id)
  constraint session_note_addenda_waiting_addendum_fkey FOREIGN KEY (practice_id, addendum_id) REFERENCES cairn.session_note_addenda(practice_id, id)
  constraint session_note_addenda_waiting_author_fkey FOREIGN KEY (practice_id, author_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint session_note_addenda_waiting_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  CREATE INDEX session_note_addenda_waiting_author ON cairn.session_note_addenda_waiting USING btree (practice_id, author_id, note_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table session_note_addendum_reviews (row security forced)
  practice_id uuid not null
  addendum_id uuid not null
  note_id uuid not null
  decision text not null
  reviewer_id uuid not null
  credentials text not null
  decided_at timestamp with time zone not null
  content_hash bytea not null
  document bytea
  seal bytea not null
  constraint session_note_addendum_reviews_pkey PRIMARY KEY (practice_id, addendum_id)
  constraint session_note_addendum_reviews_addendum_fkey FOREIGN KEY (practice_id, addendum_id) REFERENCES cairn.session_note_addenda(practice_id, id)
  constraint session_note_addendum_reviews_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  constraint session_note_addendum_reviews_reviewer_fkey FOREIGN KEY (practice_id, reviewer_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint session_note_addendum_reviews_decision_check CHECK ((decision = ANY (ARRAY['cosigned'::text, 'returned'::text])))
  constraint session_note_addendum_reviews_hash_check CHECK ((octet_length(content_hash) = 32))
  constraint session_note_addendum_reviews_remarks_check CHECK (((decision = 'returned'::text) = (document IS NOT NULL)))
  CREATE INDEX session_note_addendum_reviews_note ON cairn.session_note_addendum_reviews USING btree (practice_id, note_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_note_attendance (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  client_id uuid not null
  presence text not null
  constraint session_note_attendance_pkey PRIMARY KEY (practice_id, note_id, revision, client_id)
  constraint session_note_attendance_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint session_note_attendance_content_fkey FOREIGN KEY (practice_id, note_id, revision) REFERENCES cairn.session_note_contents(practice_id, note_id, revision)
  constraint session_note_attendance_presence_check CHECK ((presence = ANY (ARRAY['present'::text, 'late'::text, 'absent'::text, 'no_show'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_note_blocks (row security forced)
  practice_id uuid not null
  note_id uuid not null
  block_id uuid not null
  author_id uuid not null
  constraint session_note_blocks_author_key UNIQUE (practice_id, block_id, author_id)
  constraint session_note_blocks_pkey PRIMARY KEY (practice_id, note_id, block_id)
  constraint session_note_blocks_author_fkey FOREIGN KEY (practice_id, author_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint session_note_blocks_block_fkey FOREIGN KEY (practice_id, block_id) REFERENCES cairn.intensive_blocks(practice_id, id)
  constraint session_note_blocks_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

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

table session_note_figures (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  number integer not null
  chart_id uuid not null
  session_date date not null
  part_id uuid not null
  part_kind text not null
  measure text not null
  subject_id uuid
  value double precision not null
  constraint session_note_figures_pkey PRIMARY KEY (practice_id, note_id, revision, number)
  constraint session_note_figures_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint session_note_figures_content_fkey FOREIGN KEY (practice_id, note_id, revision) REFERENCES cairn.session_note_contents(practice_id, note_id, revision)
  CREATE INDEX session_note_figures_chart ON cairn.session_note_figures USING btree (practice_id, chart_id, part_kind, measure, session_date)
  CREATE INDEX session_note_figures_subject ON cairn.session_note_figures USING btree (practice_id, subject_id, measure, session_date) WHERE (subject_id IS NOT NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_note_locks (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  locked_by uuid
  locked_at timestamp with time zone not null
  seal bytea not null
  constraint session_note_locks_pkey PRIMARY KEY (practice_id, note_id)
  constraint session_note_locks_content_fkey FOREIGN KEY (practice_id, note_id, revision) REFERENCES cairn.session_note_contents(practice_id, note_id, revision)
  constraint session_note_locks_staff_fkey FOREIGN KEY (practice_id, locked_by) REFERENCES cairn.staff_members(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_note_meetings (row security forced)
  practice_id uuid not null
  note_id uuid not null
  meeting_id uuid not null
  constraint session_note_meetings_pkey PRIMARY KEY (practice_id, note_id)
  constraint session_note_meetings_meeting_fkey FOREIGN KEY (practice_id, meeting_id) REFERENCES cairn.group_meetings(practice_id, id)
  constraint session_note_meetings_note_fkey FOREIGN KEY (practice_id, note_id) REFERENCES cairn.session_notes(practice_id, id)
  CREATE INDEX session_note_meetings_meeting ON cairn.session_note_meetings USING btree (practice_id, meeting_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table session_note_objectives (row security forced)
  practice_id uuid not null
  note_id uuid not null
  revision integer not null
  plan_id uuid not null
  objective_key text not null
  progress text
  constraint session_note_objectives_pkey PRIMARY KEY (practice_id, note_id, revision, plan_id, objective_key)
  constraint session_note_objectives_content_fkey FOREIGN KEY (practice_id, note_id, revision) REFERENCES cairn.session_note_contents(practice_id, note_id, revision)
  constraint session_note_objectives_plan_fkey FOREIGN KEY (practice_id, plan_id) REFERENCES cairn.treatment_plans(practice_id, id)
  constraint session_note_objectives_key_check CHECK ((objective_key ~ '^o[1-9][0-9]{0,2}$'::text))
  constraint session_note_objectives_progress_check CHECK ((progress = ANY (ARRAY['none'::text, 'some'::text, 'substantial'::text, 'regressed'::text, 'not_assessed'::text]))) NOT VALID
  CREATE INDEX session_note_objectives_plan ON cairn.session_note_objectives USING btree (practice_id, plan_id, objective_key, note_id, revision)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  part_kinds text[] not null default '{}'::text[]
  constraint session_notes_pkey PRIMARY KEY (practice_id, id)
  constraint session_notes_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint session_notes_author_fkey FOREIGN KEY (practice_id, author_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint session_notes_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint session_notes_signed_check CHECK (((status = ANY (ARRAY['draft'::text, 'ready'::text])) OR ((revision > 0) AND (signed_at IS NOT NULL)))) NOT VALID
  constraint session_notes_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'ready'::text, 'signed'::text, 'pending_cosign'::text, 'cosigned'::text, 'locked'::text, 'entered_in_error'::text]))) NOT VALID
  constraint session_notes_times_check CHECK ((ended_at > started_at))
  CREATE INDEX session_notes_author ON cairn.session_notes USING btree (practice_id, author_id, session_date DESC, id DESC)
  CREATE INDEX session_notes_chart ON cairn.session_notes USING btree (practice_id, chart_id, session_date DESC, id DESC)
  CREATE INDEX session_notes_unlocked ON cairn.session_notes USING btree (practice_id, updated_at) WHERE (status = ANY (ARRAY['signed'::text, 'cosigned'::text]))
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

table slot_holds (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  service_id uuid not null
  clinician_ids uuid[] not null
  mode text not null
  location_id uuid
  room_id uuid
  time_zone text not null
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  status text not null default 'held'::text
  actor_id uuid not null
  created_at timestamp with time zone not null default now()
  constraint slot_holds_pkey PRIMARY KEY (practice_id, id)
  constraint slot_holds_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint slot_holds_room_fkey FOREIGN KEY (practice_id, location_id, room_id) REFERENCES cairn.rooms(practice_id, location_id, id)
  constraint slot_holds_service_fkey FOREIGN KEY (practice_id, service_id) REFERENCES cairn.services(practice_id, id)
  constraint slot_holds_clinicians_check CHECK (((cardinality(clinician_ids) >= 1) AND (cardinality(clinician_ids) <= 4)))
  constraint slot_holds_mode_check CHECK ((mode = ANY (ARRAY['in_person'::text, 'telehealth'::text])))
  constraint slot_holds_place_check CHECK ((((mode = 'in_person'::text) = (location_id IS NOT NULL)) AND ((room_id IS NULL) OR (location_id IS NOT NULL))))
  constraint slot_holds_status_check CHECK ((status = ANY (ARRAY['held'::text, 'released'::text, 'booked'::text])))
  constraint slot_holds_times_check CHECK ((ends_at > starts_at))
  CREATE INDEX slot_holds_actor ON cairn.slot_holds USING btree (practice_id, actor_id, expires_at)
  CREATE INDEX slot_holds_expiry ON cairn.slot_holds USING btree (practice_id, expires_at)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table sobriety_definition_items (row security forced)
  practice_id uuid not null
  definition_id uuid not null
  item_id uuid not null
  addiction_id uuid not null
  circle text not null
  position integer not null
  constraint sobriety_definition_items_pkey PRIMARY KEY (practice_id, definition_id, item_id)
  constraint sobriety_definition_items_definition_fkey FOREIGN KEY (practice_id, addiction_id, definition_id) REFERENCES cairn.sobriety_definitions(practice_id, addiction_id, id)
  constraint sobriety_definition_items_item_fkey FOREIGN KEY (practice_id, addiction_id, item_id) REFERENCES cairn.sobriety_items(practice_id, addiction_id, id)
  constraint sobriety_definition_items_circle_check CHECK ((circle = ANY (ARRAY['inner'::text, 'middle'::text, 'outer'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table sobriety_definitions (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  addiction_id uuid not null
  number integer not null
  effective_from date not null
  fellowship_basis text not null
  witnessed_by text not null
  note_sealed bytea
  recorded_by uuid not null
  created_at timestamp with time zone not null default now()
  constraint sobriety_definitions_addiction_key UNIQUE (practice_id, addiction_id, id)
  constraint sobriety_definitions_number_key UNIQUE (practice_id, addiction_id, number)
  constraint sobriety_definitions_pkey PRIMARY KEY (practice_id, id)
  constraint sobriety_definitions_addiction_fkey FOREIGN KEY (practice_id, chart_id, addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint sobriety_definitions_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint sobriety_definitions_basis_check CHECK ((fellowship_basis = ANY (ARRAY['sa'::text, 'saa'::text, 'slaa'::text, 'other_fellowship'::text, 'custom'::text])))
  constraint sobriety_definitions_number_check CHECK ((number > 0))
  constraint sobriety_definitions_witness_check CHECK ((witnessed_by = ANY (ARRAY['sponsor'::text, 'therapist'::text, 'both'::text, 'nobody'::text])))
  CREATE INDEX sobriety_definitions_chart ON cairn.sobriety_definitions USING btree (practice_id, chart_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table sobriety_items (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  addiction_id uuid not null
  text_sealed bytea not null
  created_at timestamp with time zone not null default now()
  constraint sobriety_items_addiction_key UNIQUE (practice_id, addiction_id, id)
  constraint sobriety_items_pkey PRIMARY KEY (practice_id, id)
  constraint sobriety_items_addiction_fkey FOREIGN KEY (practice_id, addiction_id) REFERENCES cairn.addictions(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table sobriety_milestones (row security forced)
  practice_id uuid not null
  addiction_id uuid not null
  unit text not null
  count integer not null
  starts_on date not null
  reached_on date not null
  chart_id uuid not null
  told_at timestamp with time zone not null default now()
  constraint sobriety_milestones_streak_excl EXCLUDE USING gist (practice_id WITH =, addiction_id WITH =, unit WITH =, count WITH =, daterange(starts_on, reached_on, '[]'::text) WITH &&)
  constraint sobriety_milestones_pkey PRIMARY KEY (practice_id, addiction_id, unit, count, starts_on)
  constraint sobriety_milestones_addiction_fkey FOREIGN KEY (practice_id, chart_id, addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint sobriety_milestones_count_check CHECK ((count > 0))
  constraint sobriety_milestones_days_check CHECK ((reached_on >= starts_on))
  constraint sobriety_milestones_unit_check CHECK ((unit = ANY (ARRAY['days'::text, 'years'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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

table streak_watches (row security forced)
  practice_id uuid not null
  chart_id uuid not null
  looked_on date not null
  constraint streak_watches_pkey PRIMARY KEY (practice_id, chart_id)
  constraint streak_watches_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table telehealth_check_ins (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  appointment_id uuid not null
  client_id uuid not null
  state text not null
  is_private boolean not null
  is_appropriate boolean not null
  content_sealed bytea not null
  recorded_by uuid not null
  checked_in_at timestamp with time zone not null default now()
  constraint telehealth_check_ins_pkey PRIMARY KEY (practice_id, id)
  constraint telehealth_check_ins_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint telehealth_check_ins_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint telehealth_check_ins_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint telehealth_check_ins_state_check CHECK ((state ~ '^[A-Z]{2}$'::text))
  CREATE INDEX telehealth_check_ins_appointment ON cairn.telehealth_check_ins USING btree (practice_id, appointment_id, id)
  CREATE INDEX telehealth_check_ins_client ON cairn.telehealth_check_ins USING btree (practice_id, client_id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table therapy_group_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  group_id uuid not null
  kind text not null
  actor_kind text not null
  actor_id uuid not null
  staff_id uuid
  status text
  capacity integer
  facilitator_ids uuid[]
  member_id uuid
  meeting_id uuid
  location_id uuid
  room_id uuid
  starts_at timestamp with time zone
  ends_at timestamp with time zone
  reason_code text
  occurred_at timestamp with time zone not null default now()
  agreement_signed_on date
  constraint therapy_group_changes_pkey PRIMARY KEY (practice_id, id)
  constraint therapy_group_changes_group_fkey FOREIGN KEY (practice_id, group_id) REFERENCES cairn.therapy_groups(practice_id, id)
  constraint therapy_group_changes_meeting_fkey FOREIGN KEY (practice_id, meeting_id) REFERENCES cairn.group_meetings(practice_id, id)
  constraint therapy_group_changes_member_fkey FOREIGN KEY (practice_id, member_id) REFERENCES cairn.therapy_group_members(practice_id, id)
  constraint therapy_group_changes_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_client'::text, 'client'::text, 'system'::text]))) NOT VALID
  constraint therapy_group_changes_kind_check CHECK ((kind = ANY (ARRAY['created'::text, 'updated'::text, 'status_changed'::text, 'member_joined'::text, 'member_left'::text, 'agreement_corrected'::text, 'meeting_booked'::text, 'meeting_moved'::text, 'meeting_held'::text, 'meeting_canceled'::text]))) NOT VALID
  constraint therapy_group_changes_status_check CHECK ((status = ANY (ARRAY['forming'::text, 'running'::text, 'paused'::text, 'ended'::text])))
  CREATE INDEX therapy_group_changes_group ON cairn.therapy_group_changes USING btree (practice_id, group_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table therapy_group_members (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  group_id uuid not null
  client_id uuid not null
  seat_number integer
  joined_at timestamp with time zone not null default now()
  agreement_signed_on date
  left_at timestamp with time zone
  leaving_reason text
  version integer not null default 1
  updated_at timestamp with time zone not null default now()
  constraint therapy_group_members_seat_key UNIQUE (practice_id, group_id, seat_number)
  constraint therapy_group_members_pkey PRIMARY KEY (practice_id, id)
  constraint therapy_group_members_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint therapy_group_members_group_fkey FOREIGN KEY (practice_id, group_id) REFERENCES cairn.therapy_groups(practice_id, id)
  constraint therapy_group_members_seat_fkey FOREIGN KEY (practice_id, group_id, seat_number) REFERENCES cairn.therapy_group_seats(practice_id, group_id, number)
  constraint therapy_group_members_left_check CHECK ((((left_at IS NULL) = (seat_number IS NOT NULL)) AND ((left_at IS NULL) = (leaving_reason IS NULL)) AND (left_at >= joined_at)))
  constraint therapy_group_members_reason_check CHECK ((leaving_reason = ANY (ARRAY['completed'::text, 'moved_away'::text, 'client_choice'::text, 'schedule'::text, 'not_suitable'::text, 'other_care'::text, 'other'::text])))
  CREATE INDEX therapy_group_members_client ON cairn.therapy_group_members USING btree (practice_id, client_id)
  CREATE UNIQUE INDEX therapy_group_members_present_key ON cairn.therapy_group_members USING btree (practice_id, group_id, client_id) WHERE (left_at IS NULL)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table therapy_group_seats (row security forced)
  practice_id uuid not null
  group_id uuid not null
  number integer not null
  constraint therapy_group_seats_pkey PRIMARY KEY (practice_id, group_id, number)
  constraint therapy_group_seats_group_fkey FOREIGN KEY (practice_id, group_id) REFERENCES cairn.therapy_groups(practice_id, id)
  constraint therapy_group_seats_number_check CHECK (((number >= 1) AND (number <= 60)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select to cairn_app

table therapy_groups (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  service_id uuid not null
  kind text not null
  enrollment text not null
  gender_rule text not null default 'any'::text
  capacity integer not null
  facilitator_ids uuid[] not null
  curriculum text[] not null default '{}'::text[]
  status text not null default 'forming'::text
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint therapy_groups_chart_key UNIQUE (practice_id, chart_id)
  constraint therapy_groups_pkey PRIMARY KEY (practice_id, id)
  constraint therapy_groups_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint therapy_groups_service_fkey FOREIGN KEY (practice_id, service_id) REFERENCES cairn.services(practice_id, id)
  constraint therapy_groups_capacity_check CHECK (((capacity >= 1) AND (capacity <= 60)))
  constraint therapy_groups_enrollment_check CHECK ((enrollment = ANY (ARRAY['open'::text, 'closed'::text])))
  constraint therapy_groups_facilitators_check CHECK (((cardinality(facilitator_ids) >= 1) AND (cardinality(facilitator_ids) <= 4)))
  constraint therapy_groups_gender_rule_check CHECK ((gender_rule = ANY (ARRAY['any'::text, 'women'::text, 'men'::text])))
  constraint therapy_groups_kind_check CHECK ((kind = ANY (ARRAY['process'::text, 'psychoeducation'::text, 'task'::text, 'partner'::text, 'couples'::text, 'twelve_step_facilitation'::text])))
  constraint therapy_groups_status_check CHECK ((status = ANY (ARRAY['forming'::text, 'running'::text, 'paused'::text, 'ended'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table travel_times (row security forced)
  practice_id uuid not null
  first_location_id uuid not null
  second_location_id uuid not null
  minutes integer not null
  updated_at timestamp with time zone not null default now()
  constraint travel_times_pkey PRIMARY KEY (practice_id, first_location_id, second_location_id)
  constraint travel_times_first_fkey FOREIGN KEY (practice_id, first_location_id) REFERENCES cairn.locations(practice_id, id)
  constraint travel_times_second_fkey FOREIGN KEY (practice_id, second_location_id) REFERENCES cairn.locations(practice_id, id)
  constraint travel_times_minutes_check CHECK (((minutes >= 0) AND (minutes <= 600)))
  constraint travel_times_order_check CHECK ((first_location_id < second_location_id))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table treatment_plan_changes (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  plan_id uuid not null
  status text not null
  revision integer not null
  reason_code text
  reason_sealed bytea
  recorded_by uuid
  entered_by text not null
  recorded_at timestamp with time zone not null default now()
  constraint treatment_plan_changes_pkey PRIMARY KEY (practice_id, id)
  constraint treatment_plan_changes_plan_fkey FOREIGN KEY (practice_id, plan_id) REFERENCES cairn.treatment_plans(practice_id, id)
  constraint treatment_plan_changes_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint treatment_plan_changes_entered_check CHECK (((entered_by = ANY (ARRAY['staff'::text, 'client'::text])) AND ((recorded_by IS NULL) = (entered_by = 'client'::text))))
  constraint treatment_plan_changes_reason_check CHECK ((reason_code = ANY (ARRAY['completed'::text, 'transferred'::text, 'client_ended'::text, 'practice_ended'::text, 'entered_in_error'::text, 'returned_by_supervisor'::text]))) NOT VALID
  constraint treatment_plan_changes_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'client_review'::text, 'active'::text, 'under_review'::text, 'superseded'::text, 'closed'::text])))
  CREATE INDEX treatment_plan_changes_plan ON cairn.treatment_plan_changes USING btree (practice_id, plan_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table treatment_plan_drafts (row security forced)
  practice_id uuid not null
  plan_id uuid not null
  document_sealed bytea not null
  version integer not null
  updated_at timestamp with time zone not null default now()
  constraint treatment_plan_drafts_pkey PRIMARY KEY (practice_id, plan_id)
  constraint treatment_plan_drafts_plan_fkey FOREIGN KEY (practice_id, plan_id) REFERENCES cairn.treatment_plans(practice_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table treatment_plan_objectives (row security forced)
  practice_id uuid not null
  plan_id uuid not null
  revision integer not null
  objective_key text not null
  phase text not null
  measure text not null
  baseline double precision
  target double precision
  due_on date
  constraint treatment_plan_objectives_pkey PRIMARY KEY (practice_id, plan_id, revision, objective_key)
  constraint treatment_plan_objectives_revision_fkey FOREIGN KEY (practice_id, plan_id, revision) REFERENCES cairn.treatment_plan_revisions(practice_id, plan_id, revision)
  constraint treatment_plan_objectives_key_check CHECK ((objective_key ~ '^o[1-9][0-9]{0,2}$'::text))
  constraint treatment_plan_objectives_measure_check CHECK ((measure = ANY (ARRAY['count'::text, 'rating'::text, 'percent'::text, 'instrument'::text, 'observation'::text])))
  constraint treatment_plan_objectives_phase_check CHECK ((phase = ANY (ARRAY['containment'::text, 'coping'::text, 'trauma_processing'::text, 'integration'::text, 'any'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table treatment_plan_progress (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  plan_id uuid not null
  objective_key text not null
  occurred_on date not null
  value double precision
  standing text
  note_sealed bytea
  replaces_id uuid
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint treatment_plan_progress_replaced_key UNIQUE (practice_id, replaces_id)
  constraint treatment_plan_progress_pkey PRIMARY KEY (practice_id, id)
  constraint treatment_plan_progress_plan_fkey FOREIGN KEY (practice_id, plan_id) REFERENCES cairn.treatment_plans(practice_id, id)
  constraint treatment_plan_progress_replaces_fkey FOREIGN KEY (practice_id, replaces_id) REFERENCES cairn.treatment_plan_progress(practice_id, id)
  constraint treatment_plan_progress_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint treatment_plan_progress_content_check CHECK (((value IS NOT NULL) OR (standing IS NOT NULL) OR (note_sealed IS NOT NULL)))
  constraint treatment_plan_progress_key_check CHECK ((objective_key ~ '^o[1-9][0-9]{0,2}$'::text))
  constraint treatment_plan_progress_standing_check CHECK ((standing = ANY (ARRAY['not_started'::text, 'in_progress'::text, 'met'::text, 'deferred'::text, 'dropped'::text])))
  CREATE INDEX treatment_plan_progress_objective ON cairn.treatment_plan_progress USING btree (practice_id, plan_id, objective_key, occurred_on DESC, id DESC)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table treatment_plan_reviews (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  plan_id uuid not null
  revision integer not null
  reviewed_on date not null
  outcome text not null
  next_review_on date not null
  summary_sealed bytea not null
  recorded_by uuid not null
  recorded_at timestamp with time zone not null default now()
  constraint treatment_plan_reviews_pkey PRIMARY KEY (practice_id, id)
  constraint treatment_plan_reviews_revision_fkey FOREIGN KEY (practice_id, plan_id, revision) REFERENCES cairn.treatment_plan_revisions(practice_id, plan_id, revision)
  constraint treatment_plan_reviews_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint treatment_plan_reviews_dates_check CHECK ((next_review_on > reviewed_on))
  constraint treatment_plan_reviews_outcome_check CHECK ((outcome = ANY (ARRAY['continue'::text, 'revise'::text])))
  CREATE INDEX treatment_plan_reviews_plan ON cairn.treatment_plan_reviews USING btree (practice_id, plan_id, id DESC)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table treatment_plan_revisions (row security forced)
  practice_id uuid not null
  plan_id uuid not null
  revision integer not null
  document_sealed bytea not null
  content_hash bytea not null
  offered_by uuid not null
  offered_at timestamp with time zone not null default now()
  constraint treatment_plan_revisions_pkey PRIMARY KEY (practice_id, plan_id, revision)
  constraint treatment_plan_revisions_plan_fkey FOREIGN KEY (practice_id, plan_id) REFERENCES cairn.treatment_plans(practice_id, id)
  constraint treatment_plan_revisions_staff_fkey FOREIGN KEY (practice_id, offered_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint treatment_plan_revisions_hash_check CHECK ((octet_length(content_hash) = 32))
  constraint treatment_plan_revisions_revision_check CHECK ((revision > 0))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table treatment_plan_signatures (row security forced)
  practice_id uuid not null
  plan_id uuid not null
  revision integer not null
  signer_id uuid not null
  role text not null
  client_id uuid
  representative_id uuid
  staff_id uuid
  credentials text
  method text not null
  attested_by uuid
  signed_at timestamp with time zone not null
  recorded_at timestamp with time zone not null default now()
  content_hash bytea not null
  seal bytea not null
  constraint treatment_plan_signatures_pkey PRIMARY KEY (practice_id, plan_id, revision, signer_id)
  constraint treatment_plan_signatures_attested_fkey FOREIGN KEY (practice_id, attested_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint treatment_plan_signatures_client_fkey FOREIGN KEY (practice_id, client_id) REFERENCES cairn.clients(practice_id, id)
  constraint treatment_plan_signatures_representative_fkey FOREIGN KEY (practice_id, representative_id) REFERENCES cairn.related_people(practice_id, id)
  constraint treatment_plan_signatures_revision_fkey FOREIGN KEY (practice_id, plan_id, revision) REFERENCES cairn.treatment_plan_revisions(practice_id, plan_id, revision)
  constraint treatment_plan_signatures_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint treatment_plan_signatures_hash_check CHECK ((octet_length(content_hash) = 32))
  constraint treatment_plan_signatures_method_check CHECK ((method = ANY (ARRAY['wet_ink'::text, 'electronic'::text, 'portal'::text])))
  constraint treatment_plan_signatures_role_check CHECK ((role = ANY (ARRAY['client'::text, 'clinician'::text, 'supervisor'::text])))
  constraint treatment_plan_signatures_signer_check CHECK ((((role = 'client'::text) AND (signer_id = client_id) AND (staff_id IS NULL) AND (credentials IS NULL) AND ((attested_by IS NULL) = (method = 'portal'::text))) OR ((role <> 'client'::text) AND (signer_id = staff_id) AND (client_id IS NULL) AND (credentials IS NOT NULL) AND (attested_by IS NULL))))
  CREATE UNIQUE INDEX treatment_plan_signatures_staff_key ON cairn.treatment_plan_signatures USING btree (practice_id, plan_id, revision, role) WHERE (role <> 'client'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table treatment_plans (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  clinician_id uuid not null
  status text not null default 'draft'::text
  revision integer not null default 0
  in_force_revision integer
  review_due_on date
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint treatment_plans_pkey PRIMARY KEY (practice_id, id)
  constraint treatment_plans_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint treatment_plans_clinician_fkey FOREIGN KEY (practice_id, clinician_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint treatment_plans_in_force_check CHECK (((status <> ALL (ARRAY['active'::text, 'under_review'::text, 'superseded'::text])) OR (in_force_revision IS NOT NULL)))
  constraint treatment_plans_review_check CHECK (((review_due_on IS NULL) = (in_force_revision IS NULL)))
  constraint treatment_plans_revision_check CHECK (((in_force_revision >= 1) AND (in_force_revision <= revision)))
  constraint treatment_plans_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'client_review'::text, 'active'::text, 'under_review'::text, 'superseded'::text, 'closed'::text])))
  CREATE INDEX treatment_plans_chart ON cairn.treatment_plans USING btree (practice_id, chart_id, id DESC)
  CREATE UNIQUE INDEX treatment_plans_in_force_key ON cairn.treatment_plans USING btree (practice_id, chart_id) WHERE ((in_force_revision IS NOT NULL) AND (status = ANY (ARRAY['client_review'::text, 'active'::text, 'under_review'::text])))
  CREATE UNIQUE INDEX treatment_plans_open_key ON cairn.treatment_plans USING btree (practice_id, chart_id) WHERE ((in_force_revision IS NULL) AND (status = ANY (ARRAY['draft'::text, 'client_review'::text])))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table untold_changes (row security forced)
  practice_id uuid not null
  subject_id uuid not null
  subject_kind text not null
  is_new boolean not null
  noted_at timestamp with time zone not null default now()
  constraint untold_changes_pkey PRIMARY KEY (practice_id, subject_id)
  constraint untold_changes_practice_fkey FOREIGN KEY (practice_id) REFERENCES cairn.practices(practice_id)
  constraint untold_changes_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['appointment'::text, 'intensive_block'::text, 'group_session'::text, 'waitlist_offer'::text]))) NOT VALID
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant delete, insert, select, update to cairn_app

table urge_skills (row security forced)
  practice_id uuid not null
  urge_id uuid not null
  skill_id uuid not null
  chart_id uuid not null
  constraint urge_skills_pkey PRIMARY KEY (practice_id, urge_id, skill_id)
  constraint urge_skills_skill_fkey FOREIGN KEY (practice_id, chart_id, skill_id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  constraint urge_skills_urge_fkey FOREIGN KEY (practice_id, chart_id, urge_id) REFERENCES cairn.urges(practice_id, chart_id, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table urges (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  addiction_id uuid
  trigger_id uuid
  occurred_at timestamp with time zone not null
  occurred_on date not null
  local_hour integer not null
  weekday integer not null
  stage text not null
  urge_before integer not null
  urge_after integer
  outcome text not null
  note_sealed bytea
  recorded_by uuid
  entered_by text not null
  withdrawn_at timestamp with time zone
  withdrawn_by uuid
  created_at timestamp with time zone not null default now()
  constraint urges_chart_key UNIQUE (practice_id, chart_id, id)
  constraint urges_pkey PRIMARY KEY (practice_id, id)
  constraint urges_addiction_fkey FOREIGN KEY (practice_id, chart_id, addiction_id) REFERENCES cairn.addictions(practice_id, chart_id, id)
  constraint urges_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint urges_staff_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint urges_trigger_fkey FOREIGN KEY (practice_id, chart_id, trigger_id) REFERENCES cairn.recovery_documents(practice_id, chart_id, id)
  constraint urges_withdrawn_by_fkey FOREIGN KEY (practice_id, withdrawn_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint urges_clock_check CHECK ((((local_hour >= 0) AND (local_hour <= 23)) AND ((weekday >= 1) AND (weekday <= 7))))
  constraint urges_entered_by_check CHECK ((entered_by = ANY (ARRAY['staff'::text, 'client'::text])))
  constraint urges_outcome_check CHECK ((outcome = ANY (ARRAY['passed'::text, 'weakened'::text, 'unchanged'::text, 'acted_on'::text])))
  constraint urges_ratings_check CHECK ((((urge_before >= 0) AND (urge_before <= 10)) AND ((urge_after >= 0) AND (urge_after <= 10))))
  constraint urges_stage_check CHECK ((stage = ANY (ARRAY['cue'::text, 'thought'::text, 'ritual'::text, 'act'::text])))
  constraint urges_withdrawn_check CHECK ((num_nonnulls(withdrawn_at, withdrawn_by) = ANY (ARRAY[0, 2])))
  CREATE INDEX urges_chart ON cairn.urges USING btree (practice_id, chart_id, occurred_on, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

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
  credentials_version integer
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

table waitlist_entries (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  chart_id uuid not null
  service_id uuid
  group_id uuid
  clinician_ids uuid[] not null default '{}'::uuid[]
  location_ids uuid[] not null default '{}'::uuid[]
  modes text[] not null default '{}'::text[]
  weekdays integer[] not null default '{}'::integer[]
  earliest_minute integer not null default 0
  latest_minute integer not null default 1440
  from_on date
  until_on date
  priority integer not null
  note_sealed bytea
  status text not null default 'waiting'::text
  appointment_id uuid
  member_id uuid
  ended_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint waitlist_entries_pkey PRIMARY KEY (practice_id, id)
  constraint waitlist_entries_appointment_fkey FOREIGN KEY (practice_id, appointment_id) REFERENCES cairn.appointments(practice_id, id)
  constraint waitlist_entries_chart_fkey FOREIGN KEY (practice_id, chart_id) REFERENCES cairn.charts(practice_id, id)
  constraint waitlist_entries_group_fkey FOREIGN KEY (practice_id, group_id) REFERENCES cairn.therapy_groups(practice_id, id)
  constraint waitlist_entries_member_fkey FOREIGN KEY (practice_id, member_id) REFERENCES cairn.therapy_group_members(practice_id, id)
  constraint waitlist_entries_service_fkey FOREIGN KEY (practice_id, service_id) REFERENCES cairn.services(practice_id, id)
  constraint waitlist_entries_booked_check CHECK ((num_nonnulls(appointment_id, member_id) =
CASE status
    WHEN 'booked'::text THEN 1
    ELSE 0
END))
  constraint waitlist_entries_dates_check CHECK ((until_on >= from_on))
  constraint waitlist_entries_ended_check CHECK (((status = 'waiting'::text) = (ended_at IS NULL)))
  constraint waitlist_entries_minutes_check CHECK ((((earliest_minute >= 0) AND (earliest_minute <= 1439)) AND ((latest_minute >= 1) AND (latest_minute <= 1440)) AND (latest_minute > earliest_minute)))
  constraint waitlist_entries_modes_check CHECK ((modes <@ ARRAY['in_person'::text, 'telehealth'::text]))
  constraint waitlist_entries_priority_check CHECK (((priority >= 1) AND (priority <= 3)))
  constraint waitlist_entries_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'booked'::text, 'withdrawn'::text])))
  constraint waitlist_entries_subject_check CHECK ((num_nonnulls(service_id, group_id) = 1))
  constraint waitlist_entries_weekdays_check CHECK ((weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]))
  CREATE INDEX waitlist_entries_turn ON cairn.waitlist_entries USING btree (practice_id, status, priority, id)
  CREATE UNIQUE INDEX waitlist_entries_seat_key ON cairn.waitlist_entries USING btree (practice_id, chart_id, group_id) WHERE (status = 'waiting'::text)
  CREATE UNIQUE INDEX waitlist_entries_service_key ON cairn.waitlist_entries USING btree (practice_id, chart_id, service_id) WHERE (status = 'waiting'::text)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table waitlist_offers (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  opening_id uuid not null
  entry_id uuid not null
  way text not null
  status text not null default 'open'::text
  expires_at timestamp with time zone not null
  answered_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint waitlist_offers_entry_key UNIQUE (practice_id, opening_id, entry_id)
  constraint waitlist_offers_pkey PRIMARY KEY (practice_id, id)
  constraint waitlist_offers_entry_fkey FOREIGN KEY (practice_id, entry_id) REFERENCES cairn.waitlist_entries(practice_id, id)
  constraint waitlist_offers_opening_fkey FOREIGN KEY (practice_id, opening_id) REFERENCES cairn.waitlist_openings(practice_id, id)
  constraint waitlist_offers_answered_check CHECK (((status = 'open'::text) = (answered_at IS NULL)))
  constraint waitlist_offers_status_check CHECK ((status = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'withdrawn'::text])))
  constraint waitlist_offers_way_check CHECK ((way = ANY (ARRAY['in_turn'::text, 'first_come'::text])))
  CREATE INDEX waitlist_offers_entry ON cairn.waitlist_offers USING btree (practice_id, entry_id, id)
  CREATE INDEX waitlist_offers_status ON cairn.waitlist_offers USING btree (practice_id, status, id)
  CREATE UNIQUE INDEX waitlist_offers_accepted_key ON cairn.waitlist_offers USING btree (practice_id, opening_id) WHERE (status = 'accepted'::text)
  CREATE UNIQUE INDEX waitlist_offers_turn_key ON cairn.waitlist_offers USING btree (practice_id, opening_id) WHERE ((status = 'open'::text) AND (way = 'in_turn'::text))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table waitlist_openings (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  group_id uuid
  clinician_id uuid
  mode text
  location_id uuid
  room_id uuid
  time_zone text
  starts_at timestamp with time zone
  ends_at timestamp with time zone
  way text not null
  offer_minutes integer not null
  status text not null default 'open'::text
  created_at timestamp with time zone not null default now()
  constraint waitlist_openings_pkey PRIMARY KEY (practice_id, id)
  constraint waitlist_openings_clinician_fkey FOREIGN KEY (practice_id, clinician_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint waitlist_openings_group_fkey FOREIGN KEY (practice_id, group_id) REFERENCES cairn.therapy_groups(practice_id, id)
  constraint waitlist_openings_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint waitlist_openings_room_fkey FOREIGN KEY (practice_id, location_id, room_id) REFERENCES cairn.rooms(practice_id, location_id, id)
  constraint waitlist_openings_minutes_check CHECK (((offer_minutes >= 5) AND (offer_minutes <= 10080)))
  constraint waitlist_openings_mode_check CHECK ((mode = ANY (ARRAY['in_person'::text, 'telehealth'::text])))
  constraint waitlist_openings_place_check CHECK ((((mode = 'in_person'::text) = (location_id IS NOT NULL)) AND ((room_id IS NULL) OR (location_id IS NOT NULL))))
  constraint waitlist_openings_status_check CHECK ((status = ANY (ARRAY['open'::text, 'filled'::text, 'closed'::text])))
  constraint waitlist_openings_times_check CHECK ((ends_at > starts_at))
  constraint waitlist_openings_way_check CHECK ((way = ANY (ARRAY['in_turn'::text, 'first_come'::text])))
  constraint waitlist_openings_what_check CHECK ((num_nonnulls(clinician_id, mode, time_zone, starts_at, ends_at) =
CASE
    WHEN (group_id IS NULL) THEN 5
    ELSE 0
END))
  CREATE INDEX waitlist_openings_time ON cairn.waitlist_openings USING btree (practice_id, status, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select, update to cairn_app

table working_hours (row security forced)
  practice_id uuid not null
  id uuid not null default uuidv7()
  staff_id uuid not null
  effective_from date not null
  most_sessions_per_day integer
  minimum_notice_minutes integer not null default 0
  recorded_by uuid
  created_at timestamp with time zone not null default now()
  constraint working_hours_pkey PRIMARY KEY (practice_id, id)
  constraint working_hours_recorded_by_fkey FOREIGN KEY (practice_id, recorded_by) REFERENCES cairn.staff_members(practice_id, id)
  constraint working_hours_staff_fkey FOREIGN KEY (practice_id, staff_id) REFERENCES cairn.staff_members(practice_id, id)
  constraint working_hours_most_check CHECK (((most_sessions_per_day >= 1) AND (most_sessions_per_day <= 48)))
  constraint working_hours_notice_check CHECK (((minimum_notice_minutes >= 0) AND (minimum_notice_minutes <= 43200)))
  CREATE INDEX working_hours_staff ON cairn.working_hours USING btree (practice_id, staff_id, effective_from, id)
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

table working_hours_spans (row security forced)
  practice_id uuid not null
  working_hours_id uuid not null
  position integer not null
  weekday integer not null
  starts_minute integer not null
  ends_minute integer not null
  location_id uuid
  telehealth boolean not null
  constraint working_hours_spans_pkey PRIMARY KEY (practice_id, working_hours_id, "position")
  constraint working_hours_spans_hours_fkey FOREIGN KEY (practice_id, working_hours_id) REFERENCES cairn.working_hours(practice_id, id)
  constraint working_hours_spans_location_fkey FOREIGN KEY (practice_id, location_id) REFERENCES cairn.locations(practice_id, id)
  constraint working_hours_spans_minutes_check CHECK (((starts_minute >= 0) AND (ends_minute > starts_minute) AND (ends_minute <= 1440)))
  constraint working_hours_spans_place_check CHECK (((location_id IS NOT NULL) OR telehealth))
  constraint working_hours_spans_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
  policy tenant to cairn_app using ((practice_id = app.current_practice())) check ((practice_id = app.current_practice()))
  grant insert, select to cairn_app

function app.author_table(text,text)
function app.current_actor()
function app.current_practice()
function app.ensure_partitions(integer) security definer
function app.enter_as_api_client(uuid,uuid,boolean,uuid)
function app.enter_as_portal(uuid,uuid,boolean,uuid)
function app.enter_as_user(uuid,uuid,boolean,uuid)
function app.holds_psychotherapy_grant(uuid,uuid,text)
function app.no_practice()
function app.open_left_authorization(uuid)
function app.open_psychotherapy_notes()
function app.opened_psychotherapy_notes(uuid,uuid,text)
function app.relay_table(text,text)
function app.revokes_authorization(uuid)
function app.tenant_table(text,text)
function app.trains_author(uuid)
function app.use_practice(uuid,uuid,boolean)
