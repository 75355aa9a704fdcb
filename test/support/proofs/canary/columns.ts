import { asAdmin } from '../../test-server.ts'

/**
 * Columns that hold what people wrote as it is, and which fields may stand there (the end of a place's name,
 * or a needle's). Search, sorting and matching need them; everything else that people write is sealed.
 */
export const plainColumns: Readonly<Record<string, readonly string[]>> = {
  'api_clients.name': ['name'],
  'charts.name': ['name'],
  'cancellation_policies.text': ['text'],
  'client_contact_points.label': ['contactPoints/0/label'],
  'client_contact_points.value': ['phone'],
  'client_contact_points.value_normalized': ['phone'],
  'client_external_ids.system': ['externalIds/*', 'external_system'],
  'client_external_ids.value': ['externalIds/*', 'external_id'],
  'client_identifiers.issuer': ['issuer'],
  'client_import_rows.content': ['rows/0/values', 'csv', 'phone', 'birth date', 'postal code', 'language'],
  'client_import_rows.external_key': ['external_id', 'external_system', 'csv'],
  'client_search_terms.term': ['legalGivenName', 'legalFamilyName', 'preferredName', 'csv', 'values'],
  'clients.addresses': ['address/line1', 'address/line2', 'address/city', 'postal code', 'csv'],
  'clients.birth_date': ['birth date'],
  'clients.gender': ['gender'],
  'clients.languages': ['language'],
  'clients.legal_family_name': ['legalFamilyName', 'csv'],
  'clients.legal_given_name': ['legalGivenName', 'csv'],
  'clients.preferred_name': ['preferredName', 'csv'],
  'clients.pronouns': ['pronouns', 'csv'],
  'idempotency_keys.key': ['Idempotency-Key'],
  'cycle_phase_sets.phases': ['phases/0/label', 'phases/0/description'],
  'diagnosis_codes.code': ['codes/0/code'],
  'diagnosis_codes.label': ['codes/0/label'],
  'diagnosis_codes.source': ['source'],
  'group_session_signatures.credentials': ['code', 'number', 'licenseType'],
  'intensive_templates.name': ['name'],
  'instruments.draft': ['title', 'recall', 'holder', 'note', 'label', 'source', 'population'],
  'instrument_editions.definition': ['title', 'recall', 'holder', 'note', 'label', 'source', 'population'],
  'instrument_texts.right_statement': ['statement'],
  'instrument_texts.texts': ['text', 'questionnaire', 'display'],
  'journey_sign_offs.credentials': ['code', 'number', 'licenseType'],
  'locations.address': ['address/line1', 'address/line2', 'address/city', 'postal code'],
  'locations.name': ['name'],
  'group_meetings.topic': ['topic', 'topics/0'],
  'locations.phone': ['phone'],
  'neurofeedback_bands.source': ['source'],
  'practices.email': ['email'],
  'practices.name': ['name'],
  'practices.phone': ['phone'],
  'practices.policies': ['licenseTypes/0', 'candidatesFor/0'],
  'related_people.address': ['address/line1', 'address/line2', 'address/city', 'postal code'],
  'related_people.email': ['email'],
  'related_people.family_name': ['familyName'],
  'related_people.given_name': ['givenName'],
  'related_people.phone': ['phone'],
  'calendar_exceptions.name': ['name'],
  'rooms.name': ['name'],
  'therapy_groups.curriculum': ['curriculum/0'],
  'rooms.features': ['features/0', 'requiredFeatures/0', 'roomFeatures/0'],
  'services.credential_codes': ['credentialCodes/0'],
  'services.name': ['name'],
  'services.required_features': ['features/0', 'requiredFeatures/0', 'roomFeatures/0'],
  'session_note_addenda.credentials': ['code', 'number', 'licenseType'],
  'session_note_addendum_reviews.credentials': ['code', 'number', 'licenseType'],
  'session_note_signatures.credentials': ['code', 'number', 'licenseType'],
  'staff_credentials.code': ['code'],
  'staff_credentials.issuer': ['issuer'],
  'staff_credentials.number': ['number'],
  'staff_licenses.license_type': ['licenseType'],
  'staff_licenses.number': ['number'],
  'staff_licenses.profession': ['profession'],
  'staff_licenses.source': ['source'],
  'staff_members.display_name': ['displayName', 'givenName', 'familyName'],
  'staff_members.email': ['email'],
  'staff_members.email_normalized': ['email'],
  'staff_members.family_name': ['familyName'],
  'staff_members.given_name': ['givenName'],
  'staff_members.title': ['title'],
  'treatment_plan_signatures.credentials': ['code', 'number', 'licenseType'],
  'users.email': ['email'],
  'users.email_normalized': ['email'],
}

/** Columns of text without a list of allowed words in their check, in which nobody writes freely, and why. */
const notWritten: Readonly<Record<string, readonly string[]>> = {
  'keys of a program template and of what is in it, in letters and numbers': [
    'journey_batch_members.undecided_keys',
    'journey_migration_batches.mapping',
    'journey_migrations.mapping',
    'journey_performables.performable_key',
    'journey_stages.stage_key',
    'journey_tasks.task_key',
    'program_templates.template_key',
  ],
  'the statuses of journeys, tasks and performables': [
    'journey_events.from_status',
    'journey_events.to_status',
  ],
  'keys of instruments, and of what is in them, in letters and numbers; a language': [
    'assessment_alert_rules.instrument_key',
    'assessment_alert_rules.scale',
    'assessment_assignments.instrument_key',
    'assessment_scores.band',
    'assessment_scores.met',
    'assessment_scores.scale',
    'assessments.flags',
    'instrument_texts.instrument_key',
    'instrument_texts.language',
    'instruments.key',
    'score_sharing_consents.instrument_key',
  ],
  'as the release has it that they name, by a foreign key': [
    'disclosures.recipient_kind',
    'disclosures.released_categories',
  ],
  'words of a list that the schema of the API checks': [
    'api_clients.scopes',
    'appointment_changes.mode',
    'appointment_changes.reason_code',
    'appointment_fees.currency',
    'appointments.cancellation_reason',
    'appointment_series.planned_state',
    'appointment_series_changes.mode',
    'appointment_series_changes.reason_code',
    'appointments.planned_state',
    'cancellation_policies.currency',
    'client_merges.merged_status',
    'client_merges.reason',
    'client_minor_consents.jurisdiction',
    'client_minor_consents.rule_source',
    'client_status_changes.from_status',
    'client_status_changes.reason',
    'client_status_changes.to_status',
    'inquiries.region',
    'intensive_blocks.undelivered_reason',
    'intensive_changes.reason_code',
    'intensive_money_steps.currency',
    'intensives.cancellation_reason',
    'intensives.currency',
    'clients.sex_recorded_at_birth',
    'practices.jurisdiction',
    'recovery_record_revisions.warnings',
    'recovery_records.keys',
    'recovery_records.warnings',
    'related_people.relationship',
    'services.default_code',
    'services.fee_currency',
    'session_notes.template_key',
    'session_notes.part_kinds',
    'session_note_figures.measure',
    'session_note_figures.part_kind',
    'staff_licenses.state',
    'client_check_ins.state',
    'telehealth_check_ins.state',
    'group_meetings.cancellation_reason',
    'therapy_group_changes.reason_code',
  ],
  'flags, words of lists and times, as their schema says': [
    'client_minor_consents.parent_involvement',
    'clients.safe_contact',
    'intensive_templates.blocks',
    'rooms.opening_hours',
  ],
  'a letter and a number, as its check says': [
    'session_note_objectives.objective_key',
    'treatment_plan_objectives.objective_key',
    'treatment_plan_progress.objective_key',
  ],
  'a rule of letters and numbers, as `keptRule` writes it; the version of time-zone data': [
    'appointment_series.rule',
    'appointment_series.zone_version',
    'appointment_series_changes.rule',
  ],
  'names of time zones': [
    'appointment_series.time_zone',
    'appointments.time_zone',
    'slot_holds.time_zone',
    'group_meetings.time_zone',
    'waitlist_openings.time_zone',
    'clients.time_zone',
    'group_sessions.time_zone',
    'intensives.time_zone',
    'locations.time_zone',
    'practices.time_zone',
    'session_notes.time_zone',
  ],
  'written by the service: names of operations, types, fields and problems, and ids': [
    'alerts.evidence',
    'alerts.key',
    'alerts.rule',
    'client_message_items.key',
    'audit_log.fields',
    'audit_log.operation',
    'audit_log.outcome',
    'audit_log.request_id',
    'audit_log.resource_type',
    'authentication_log.operation',
    'authentication_log.outcome',
    'authentication_log.request_id',
    'events.resource_type',
    'events.type',
    'idempotency_keys.doors',
    'idempotency_keys.location',
    'outbox.kind',
  ],
  'credentials and public keys of programs, public numbers of clinicians, a hash': [
    'api_client_assertions.jti',
    'api_clients.public_jwk',
    'practices.npi',
    'staff_members.npi',
    'keyrings.fingerprint',
    'users.password_hash',
  ],
}

export const classified: readonly string[] = [
  ...Object.keys(plainColumns),
  ...Object.values(notWritten).flat(),
]

/**
 * Every column that could hold a text, but for those whose check lists its words. What binary columns hold is
 * asserted by `test/platform/catalog.test.ts`.
 */
export function openTextColumns(adminUrl: string): Promise<string[]> {
  return asAdmin(adminUrl, async admin => {
    const { rows } = await admin.query<{ name: string }>(
      `select c.relname || '.' || a.attname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and a.attnum > 0 and not a.attisdropped
         and a.atttypid = any(array['text', 'text[]', 'varchar', 'bpchar', 'json', 'jsonb', 'xml']::regtype[])
         and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'
           and k.conkey @> array[a.attnum] and pg_get_constraintdef(k.oid) ~ ('\\(\\(?' || a.attname || ' (= ANY|<@) \\(?ARRAY'))
       order by 1`,
    )
    return rows.map(row => row.name)
  })
}

/** Whether a marker of this place (or the needle of this name) may stand in this column as it is. */
export const mayHold = (column: string, place: string) =>
  (plainColumns[column] ?? []).some(field =>
    new RegExp(`(^|[ /])${field.replaceAll('*', '\\*')}(/|$)`).test(place),
  )

/** Whether some column may hold it. Less than to know which: a row that was rolled back has no columns any more. */
export const mayStandSomewhere = (place: string) =>
  Object.keys(plainColumns).some(column => mayHold(column, place))
