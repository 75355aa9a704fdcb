import { catalog, type ProblemCode } from './problems.ts'

/**
 * Constraints that decide races, and what their refusal means to a caller. Every other unique or
 * exclusion violation is `already-exists`, every other foreign key `unknown-reference`, every other
 * check `invalid-request`: list a constraint only to say something more exact. `pointer` names the field of
 * the body, where it is always the same one.
 */
export const constraintProblems: Readonly<
  Record<string, { code: ProblemCode; detail: string; pointer?: string }>
> = {
  // As for any person who cannot be linked: it must not tell of a couple that the caller may not see.
  couples_pair_key: { code: 'unknown-reference', detail: catalog['unknown-reference'][2] },
  staff_members_email_key: {
    code: 'already-exists',
    detail: 'A member of staff with this e-mail address is here already.',
    pointer: '/email',
  },
  locations_name_key: {
    code: 'already-exists',
    detail: 'Another location has this name.',
    pointer: '/name',
  },
  rooms_name_key: {
    code: 'already-exists',
    detail: 'Another room of this location has this name.',
    pointer: '/name',
  },
  services_name_key: {
    code: 'already-exists',
    detail: 'Another service has this name.',
    pointer: '/name',
  },
  staff_credentials_code_key: {
    code: 'already-exists',
    detail: 'This person has this credential already. Change that one.',
    pointer: '/code',
  },
  staff_licenses_number_key: {
    code: 'already-exists',
    detail: 'The practice has a license of this state, type and number already.',
  },
  care_team_members_primary_excl: {
    code: 'conflict',
    detail: 'This chart has another primary clinician in that time. Change their role or end it first.',
  },
  dual_roles_present_key: {
    code: 'conflict',
    detail: 'Somebody else recorded this at the same moment. Try again.',
  },
  addictions_primary_key: {
    code: 'conflict',
    detail: 'Another addiction of this chart is the primary one. Change that first.',
    pointer: '/isPrimary',
  },
  abstinence_contracts_running_key: {
    code: 'conflict',
    detail: 'A contract about the same runs already. It has to end first.',
  },
  abstinence_consents_partner_key: {
    code: 'already-exists',
    detail: 'This partner is asked about this contract already.',
  },
  cycle_phase_starts_pkey: {
    code: 'already-exists',
    detail: 'This chart began with these phases before.',
  },
  sobriety_definitions_number_key: {
    code: 'conflict',
    detail: 'Another definition was written meanwhile. Read it and decide anew.',
    pointer: '/afterNumber',
  },
  dbt_diary_cards_day_key: {
    code: 'already-exists',
    detail: 'There is a diary card for this day. Correct it instead.',
    pointer: '/coversOn',
  },
  neurofeedback_bands_pkey: {
    code: 'conflict',
    detail: 'Somebody set this band meanwhile. Read it and decide anew.',
    pointer: '/afterRevision',
  },
  neurofeedback_baselines_corrects_key: {
    code: 'already-exists',
    detail: 'Another baseline took its place already. Correct that one.',
    pointer: '/correctsId',
  },
  check_ins_day_key: {
    code: 'already-exists',
    detail: 'There is a check-in for this day. Correct it instead.',
    pointer: '/coversOn',
  },
  check_ins_supersedes_key: {
    code: 'invalid-state',
    detail: 'This check-in was corrected already. Correct the correction.',
  },
  recovery_records_containment_plan_key: {
    code: 'already-exists',
    detail: 'This chart has a containment plan in force. Archive it, or revise it.',
  },
  recovery_records_corrects_key: {
    code: 'already-exists',
    detail: 'The entry to correct was corrected before.',
    pointer: '/correctsRecordId',
  },
  safety_plans_active_key: {
    code: 'already-exists',
    detail: 'This chart has a safety plan in force. Revise that one.',
  },
  psychosocial_assessments_draft_key: {
    code: 'already-exists',
    detail: 'Another one of this kind is being written in this chart. Go on with that one.',
  },
  session_notes_appointment_key: {
    code: 'already-exists',
    detail: 'You have a note of this appointment. Go on with that one.',
    pointer: '/appointmentId',
  },
  treatment_plans_open_key: {
    code: 'already-exists',
    detail: 'Another plan of this chart is being written or waits for signatures.',
  },
  treatment_plans_in_force_key: {
    code: 'conflict',
    detail: 'Another plan of this chart came in force at the same time.',
  },
  treatment_plan_progress_replaced_key: {
    code: 'already-exists',
    detail: 'This entry was replaced already.',
    pointer: '/replacesProgressId',
  },
  note_billing_decisions_pkey: {
    code: 'stale-version',
    detail: 'Somebody decided at the same time. Read the facts again.',
  },
  note_release_holds_open_key: {
    code: 'already-exists',
    detail: 'Another hold keeps this note back. End it first.',
  },
  diagnosis_codes_validity_excl: {
    code: 'conflict',
    detail: 'The days of a code overlap with those of a later entry of it.',
    pointer: '/codes',
  },
  care_team_members_staff_excl: {
    code: 'already-exists',
    detail: 'This person is on the care team in that time.',
  },
  program_templates_key_key: {
    code: 'already-exists',
    detail: 'A template of this practice has this key.',
    pointer: '/key',
  },
  program_template_versions_draft_key: {
    code: 'already-exists',
    detail: 'Another draft of this template is open.',
  },
  journey_migration_batches_running_key: {
    code: 'conflict',
    detail: 'Another batch of this version is running. Let it finish first.',
  },
  journeys_open_key: { code: 'already-exists', detail: 'They are in this program already.' },
  therapy_groups_chart_key: {
    code: 'already-exists',
    detail: 'The group of this chart has seats already.',
    pointer: '/chartId',
  },
  therapy_group_members_present_key: {
    code: 'already-exists',
    detail: 'This client has a seat in the group.',
    pointer: '/clientId',
  },
  therapy_group_members_seat_key: {
    code: 'conflict',
    detail: 'Somebody else took this seat at the same moment.',
  },
  therapy_group_members_seat_fkey: { code: 'conflict', detail: 'There are more members than seats.' },
  separation_rules_pair_key: {
    code: 'already-exists',
    detail: 'There is a rule for these two. End it first.',
    pointer: '/clientIds',
  },
  waitlist_entries_service_key: {
    code: 'already-exists',
    detail: 'They wait for this service already.',
    pointer: '/serviceId',
  },
  waitlist_entries_seat_key: {
    code: 'already-exists',
    detail: 'They wait for this group already.',
    pointer: '/groupId',
  },
  waitlist_offers_accepted_key: { code: 'invalid-state', detail: 'Somebody else accepted it.' },
  journey_stages_open_key: { code: 'already-exists', detail: 'This stage lasts already.' },
}
