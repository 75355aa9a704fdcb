import { createHash } from 'node:crypto'
import type { SealPurpose } from './practice-key-store.ts'

/**
 * Every column that holds text sealed with a practice's data key. Rotation seals them again with the new
 * key, so a module that adds a sealed column adds it here: `test/platform/catalog.test.ts` fails for a
 * binary column that is missing and is no hash. The place given here is the one the module seals for
 * (`PlaceInPractice`): table and column, row id and row version.
 */
export interface SealedColumn {
  table: string
  column: string
  /** The table's primary key without practice_id, in its order. */
  key: readonly string[]
  /** The row id the seal is bound to, from the key's values; the first of them unless said otherwise. */
  rowId?: (key: readonly string[]) => string
  /** The column whose value the seal is bound to, or the fixed version of rows that do not change. */
  rowVersion: string | number
  /** Which of the practice's keys; the common one unless said otherwise. */
  purpose?: SealPurpose
}

const idempotencyRowId = (key: readonly string[]) => createHash('sha256').update(key.join('|')).digest('hex')

/** A column of rows that do not change. */
const once = (table: string, column: string, key = 'id'): SealedColumn => ({
  table,
  column,
  key: [key],
  rowVersion: 1,
})

/** A column of rows that change and have a version. */
const changing = (table: string, column: string, key: string, rowVersion = 'version'): SealedColumn => ({
  table,
  column,
  key: [key],
  rowVersion,
})

/** A column of rows that are numbered within something: the number is the version. */
const counted = (table: string, column: string, within: readonly string[], number: string): SealedColumn => ({
  table,
  column,
  key: [...within, number],
  rowId: key => key.slice(0, -1).join('|'),
  rowVersion: number,
})

const psychotherapy = (column: SealedColumn): SealedColumn => ({ ...column, purpose: 'psychotherapy' })

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'idempotency_keys',
    column: 'response',
    key: ['actor_id', 'key'],
    rowId: idempotencyRowId,
    rowVersion: 1,
  },
  once('mails', 'content'),
  changing('sessions', 'successor', 'id', 'refresh_generation'),
  once('client_identifiers', 'value_sealed'),
  once('emergency_accesses', 'narrative'),
  once('emergency_accesses', 'review_comment'),
  once('dual_roles', 'reason_sealed'),
  once('inquiries', 'person_sealed'),
  once('inquiries', 'words_sealed'),
  once('inquiry_steps', 'note_sealed'),
  once('couple_status_changes', 'reason_sealed'),
  counted('couple_policy_texts', 'text_sealed', ['policy_id'], 'revision'),
  once('couple_agreements', 'content_sealed'),
  once('alert_changes', 'comment_sealed'),
  once('appointment_changes', 'note'),
  once('appointments', 'telehealth_link_sealed'),
  once('appointment_series_changes', 'note_sealed'),
  once('appointment_fees', 'waiver_note_sealed'),
  once('telehealth_check_ins', 'content_sealed'),
  once('client_check_ins', 'content_sealed'),
  once('waitlist_entries', 'note_sealed'),
  once('intensive_changes', 'note_sealed'),
  once('intensive_gate_marks', 'note_sealed'),
  once('intensive_aftercare_tasks', 'note_sealed'),
  once('client_messages', 'content_sealed'),
  changing('session_note_drafts', 'document', 'note_id'),
  counted('session_note_contents', 'document', ['note_id'], 'revision'),
  once('session_note_addenda', 'document'),
  once('session_note_addendum_reviews', 'document', 'addendum_id'),
  once('session_note_corrections', 'document'),
  counted('group_session_contents', 'document_sealed', ['group_session_id'], 'revision'),
  once('group_session_errors', 'reason_sealed', 'group_session_id'),
  counted('note_template_versions', 'definition_sealed', ['template_id'], 'number'),
  changing('note_snippets', 'document_sealed', 'staff_id'),
  once('note_amendment_papers', 'document_sealed'),
  once('note_release_holds', 'basis_sealed'),
  counted('note_billing_facts', 'document_sealed', ['note_id'], 'revision'),
  counted('note_billing_decisions', 'document_sealed', ['note_id', 'revision'], 'number'),
  once('neurofeedback_baselines', 'content_sealed'),
  counted('neurofeedback_protocol_changes', 'content_sealed', ['protocol_id'], 'version'),
  counted('neurofeedback_protocol_changes', 'reason_sealed', ['protocol_id'], 'version'),
  once('dbt_diary_cards', 'content_sealed'),
  counted('emdr_target_history', 'content_sealed', ['target_id'], 'version'),
  counted('emdr_target_history', 'reason_sealed', ['target_id'], 'version'),
  changing('treatment_plan_drafts', 'document_sealed', 'plan_id'),
  counted('treatment_plan_revisions', 'document_sealed', ['plan_id'], 'revision'),
  once('treatment_plan_changes', 'reason_sealed'),
  once('treatment_plan_reviews', 'summary_sealed'),
  once('treatment_plan_progress', 'note_sealed'),
  counted('recovery_record_revisions', 'content_sealed', ['record_id'], 'version'),
  counted('recovery_record_revisions', 'words_sealed', ['record_id'], 'version'),
  counted('recovery_document_revisions', 'content_sealed', ['document_id'], 'version'),
  once('abstinence_consents', 'words_sealed'),
  once('criteria_reviews', 'content_sealed'),
  once('sobriety_definitions', 'note_sealed'),
  once('sobriety_items', 'text_sealed'),
  once('urges', 'note_sealed'),
  once('check_ins', 'note_sealed'),
  counted('program_template_contents', 'content_sealed', ['template_id', 'number'], 'revision'),
  once('journey_evidence', 'content_sealed'),
  once('journey_events', 'words_sealed'),
  once('journey_stages', 'note_sealed'),
  once('journey_letters', 'content_sealed'),
  once('releases', 'terms_sealed'),
  changing('psychosocial_drafts', 'content_sealed', 'psychosocial_id'),
  once('psychosocial_contents', 'content_sealed', 'psychosocial_id'),
  once('psychosocial_addenda', 'content_sealed'),
  changing('assessment_drafts', 'answers_sealed', 'assignment_id'),
  once('assessments', 'answers_sealed', 'assignment_id'),
  once('assessment_changes', 'comment_sealed'),
  counted('risk_assessment_revisions', 'content_sealed', ['risk_assessment_id'], 'revision'),
  once('risk_assessment_changes', 'reason_sealed'),
  counted('safety_plan_revisions', 'content_sealed', ['safety_plan_id'], 'revision'),
  psychotherapy(changing('psychotherapy_note_drafts', 'text_sealed', 'note_id')),
  psychotherapy(counted('psychotherapy_note_texts', 'text_sealed', ['note_id'], 'revision')),
  psychotherapy(once('psychotherapy_note_additions', 'text_sealed')),
  psychotherapy(once('psychotherapy_authorizations', 'terms_sealed')),
]
