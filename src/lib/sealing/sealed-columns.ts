import { createHash } from 'node:crypto'
import type { SealPurpose } from './practice-key-store.ts'

/**
 * Every column that holds text sealed with a practice's data key. Rotation seals them again with the new
 * key, so a module that adds a sealed column adds it here: `test/platform/catalogue.test.ts` fails for a
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

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'idempotency_keys',
    column: 'response',
    key: ['actor_id', 'key'],
    rowId: idempotencyRowId,
    rowVersion: 1,
  },
  { table: 'mails', column: 'content', key: ['id'], rowVersion: 1 },
  { table: 'sessions', column: 'successor', key: ['id'], rowVersion: 'refresh_generation' },
  { table: 'client_identifiers', column: 'value_sealed', key: ['id'], rowVersion: 1 },
  { table: 'emergency_accesses', column: 'narrative', key: ['id'], rowVersion: 1 },
  { table: 'emergency_accesses', column: 'review_comment', key: ['id'], rowVersion: 1 },
  { table: 'dual_roles', column: 'reason_sealed', key: ['id'], rowVersion: 1 },
  { table: 'inquiries', column: 'person_sealed', key: ['id'], rowVersion: 1 },
  { table: 'inquiries', column: 'words_sealed', key: ['id'], rowVersion: 1 },
  { table: 'inquiry_steps', column: 'note_sealed', key: ['id'], rowVersion: 1 },
  { table: 'couple_status_changes', column: 'reason_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'couple_policy_texts',
    column: 'text_sealed',
    key: ['policy_id', 'revision'],
    rowVersion: 'revision',
  },
  { table: 'couple_agreements', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  { table: 'alert_changes', column: 'comment_sealed', key: ['id'], rowVersion: 1 },
  { table: 'appointment_changes', column: 'note', key: ['id'], rowVersion: 1 },
  { table: 'appointments', column: 'telehealth_link_sealed', key: ['id'], rowVersion: 1 },
  { table: 'telehealth_check_ins', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  { table: 'appointment_fees', column: 'waiver_note_sealed', key: ['id'], rowVersion: 1 },
  { table: 'session_note_drafts', column: 'document', key: ['note_id'], rowVersion: 'version' },
  {
    table: 'session_note_contents',
    column: 'document',
    key: ['note_id', 'revision'],
    rowVersion: 'revision',
  },
  { table: 'session_note_addenda', column: 'document', key: ['id'], rowVersion: 1 },
  { table: 'session_note_corrections', column: 'document', key: ['id'], rowVersion: 1 },
  {
    table: 'group_session_contents',
    column: 'document_sealed',
    key: ['group_session_id', 'revision'],
    rowVersion: 'revision',
  },
  { table: 'group_session_errors', column: 'reason_sealed', key: ['group_session_id'], rowVersion: 1 },
  {
    table: 'note_template_versions',
    column: 'definition_sealed',
    key: ['template_id', 'number'],
    rowVersion: 'number',
  },
  { table: 'note_snippets', column: 'document_sealed', key: ['staff_id'], rowVersion: 'version' },
  { table: 'note_amendment_papers', column: 'document_sealed', key: ['id'], rowVersion: 1 },
  { table: 'note_release_holds', column: 'basis_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'note_billing_facts',
    column: 'document_sealed',
    key: ['note_id', 'revision'],
    rowVersion: 'revision',
  },
  {
    table: 'note_billing_decisions',
    column: 'document_sealed',
    key: ['note_id', 'revision', 'number'],
    rowId: ([noteId, revision]) => `${noteId}|${revision}`,
    rowVersion: 'number',
  },
  { table: 'neurofeedback_baselines', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'neurofeedback_protocol_changes',
    column: 'content_sealed',
    key: ['protocol_id', 'version'],
    rowVersion: 'version',
  },
  {
    table: 'neurofeedback_protocol_changes',
    column: 'reason_sealed',
    key: ['protocol_id', 'version'],
    rowVersion: 'version',
  },
  { table: 'dbt_diary_cards', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'emdr_target_history',
    column: 'content_sealed',
    key: ['target_id', 'version'],
    rowVersion: 'version',
  },
  {
    table: 'emdr_target_history',
    column: 'reason_sealed',
    key: ['target_id', 'version'],
    rowVersion: 'version',
  },
  { table: 'treatment_plan_drafts', column: 'document_sealed', key: ['plan_id'], rowVersion: 'version' },
  {
    table: 'treatment_plan_revisions',
    column: 'document_sealed',
    key: ['plan_id', 'revision'],
    rowVersion: 'revision',
  },
  { table: 'treatment_plan_changes', column: 'reason_sealed', key: ['id'], rowVersion: 1 },
  { table: 'treatment_plan_reviews', column: 'summary_sealed', key: ['id'], rowVersion: 1 },
  { table: 'treatment_plan_progress', column: 'note_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'recovery_record_revisions',
    column: 'content_sealed',
    key: ['record_id', 'version'],
    rowVersion: 'version',
  },
  {
    table: 'recovery_record_revisions',
    column: 'words_sealed',
    key: ['record_id', 'version'],
    rowVersion: 'version',
  },
  {
    table: 'recovery_document_revisions',
    column: 'content_sealed',
    key: ['document_id', 'version'],
    rowVersion: 'version',
  },
  { table: 'criteria_reviews', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  { table: 'sobriety_definitions', column: 'note_sealed', key: ['id'], rowVersion: 1 },
  { table: 'sobriety_items', column: 'text_sealed', key: ['id'], rowVersion: 1 },
  { table: 'urges', column: 'note_sealed', key: ['id'], rowVersion: 1 },
  { table: 'check_ins', column: 'note_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'program_template_contents',
    column: 'content_sealed',
    key: ['template_id', 'number', 'revision'],
    rowId: ([templateId, number]) => `${templateId}|${number}`,
    rowVersion: 'revision',
  },
  { table: 'journey_evidence', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  { table: 'journey_events', column: 'words_sealed', key: ['id'], rowVersion: 1 },
  { table: 'journey_stages', column: 'note_sealed', key: ['id'], rowVersion: 1 },
  { table: 'journey_letters', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  { table: 'psychosocial_drafts', column: 'content_sealed', key: ['psychosocial_id'], rowVersion: 'version' },
  { table: 'psychosocial_contents', column: 'content_sealed', key: ['psychosocial_id'], rowVersion: 1 },
  { table: 'psychosocial_addenda', column: 'content_sealed', key: ['id'], rowVersion: 1 },
  { table: 'assessment_drafts', column: 'answers_sealed', key: ['assignment_id'], rowVersion: 'version' },
  { table: 'assessments', column: 'answers_sealed', key: ['assignment_id'], rowVersion: 1 },
  { table: 'assessment_changes', column: 'comment_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'risk_assessment_revisions',
    column: 'content_sealed',
    key: ['risk_assessment_id', 'revision'],
    rowVersion: 'revision',
  },
  { table: 'risk_assessment_changes', column: 'reason_sealed', key: ['id'], rowVersion: 1 },
  {
    table: 'safety_plan_revisions',
    column: 'content_sealed',
    key: ['safety_plan_id', 'revision'],
    rowVersion: 'revision',
  },
  {
    table: 'psychotherapy_note_drafts',
    column: 'text_sealed',
    key: ['note_id'],
    rowVersion: 'version',
    purpose: 'psychotherapy',
  },
  {
    table: 'psychotherapy_note_texts',
    column: 'text_sealed',
    key: ['note_id', 'revision'],
    rowVersion: 'revision',
    purpose: 'psychotherapy',
  },
  {
    table: 'psychotherapy_note_additions',
    column: 'text_sealed',
    key: ['id'],
    rowVersion: 1,
    purpose: 'psychotherapy',
  },
  {
    table: 'psychotherapy_authorizations',
    column: 'terms_sealed',
    key: ['id'],
    rowVersion: 1,
    purpose: 'psychotherapy',
  },
]
