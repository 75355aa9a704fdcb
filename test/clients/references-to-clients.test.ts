import t from 'tap'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

/**
 * What a merge of two clients does with each column that names a client. A new one must be listed here with what holds
 * for it, so that a merge forgets nobody's place.
 */
const passedOn = {
  'intensives.client_a': 'of charts that the survivor joins',
  'therapy_group_members.client_id': 'seats that are taken',
}
const endedForGood = { 'calendar_feeds.client_id': 'its address was given away for that record' }
const readThrough = {
  'abstinence_consents.partner_client_id': 'the survivor sees what was asked of the merged record',
  'chart_members.client_id':
    'the survivor joins the individual charts beside it; places of groups follow their seats',
  'client_contact_points.client_id': 'search leads to the survivor',
  'client_external_ids.client_id': 'search leads to the survivor',
  'client_identifiers.client_id': 'search leads to the survivor',
  'separation_rules.first_client_id': 'holds for the survivor too',
  'separation_rules.second_client_id': 'holds for the survivor too',
}
/** What belongs to a chart, an appointment or a note that the survivor comes to; it says of whom it was recorded. */
const staysWithItsChart = {
  'appointment_attendees.client_id': 'who was there',
  'assessment_assignments.client_id': 'of a chart',
  'client_check_ins.client_id': 'said before one session',
  'disclosures.client_id': 'what was disclosed, and of whom',
  'group_session_attendance.client_id': 'part of a signed record',
  'journeys.client_id': 'of a chart',
  'note_amendment_requests.client_id': 'of a note',
  'psychotherapy_authorizations.client_id': 'of a chart, as it was signed',
  'recovery_records.client_id': 'of a chart',
  'releases.client_id': 'of a chart, as it was signed',
  'score_sharing_consents.client_id': 'of a chart, as it was given',
  'session_note_attendance.client_id': 'part of a signed record',
  'telehealth_check_ins.client_id': 'said in one session',
  'treatment_plan_signatures.client_id': 'as it was signed',
}
/** A couple is of the two records that were linked; a merge never makes one of partners. */
const staysWithItsCouple = {
  'couple_agreement_acceptances.client_id': 'as it was accepted',
  'couple_identified_patients.client_id': 'of the couple',
  'couple_member_periods.client_id': 'of the couple',
  'couple_policy_signatures.client_id': 'as it was signed',
  'couples.first_client_id': 'of the couple',
  'couples.second_client_id': 'of the couple',
  'intensives.client_b': 'only intensives of a couple have one',
  'note_partner_releases.agreed_by_id': 'of a joint note, as it was signed',
  'note_partner_releases.client_id': 'of a joint note',
}
const staysAsHistory = {
  'cancellation_policy_signatures.client_id': 'as it was signed; asked of all members of a chart',
  'client_merges.merged_id': 'the merge itself',
  'client_merges.survivor_id': 'the merge itself',
  'client_message_items.client_id': 'what was told, and to whom',
  'client_messages.client_id': 'sent to nobody any more once the record is merged',
  'client_minor_consents.client_id': 'the record stays readable as it was',
  'client_status_changes.client_id': 'the record stays readable as it was',
  'clients.merged_into_id': 'the merge itself',
  'inquiries.client_id': 'how this record came to be',
  'portal_sessions.client_id': 'over within minutes; none begins for a merged record',
  'related_people.became_client_id': 'the record stays readable as it was',
  'related_people.client_id': 'the record stays readable as it was',
}
/** Without a foreign key, by their names; `reservations.resource_id` and `calendar_feed_slots.owner_id` go by neither. */
const withoutKey = {
  'audit_log.client_ids': 'what was shown then',
  'client_search_terms.client_id': 'search leads to the survivor',
  'intensive_blocks.client_ids': 'passed on with their intensive',
}

t.test('each column that names a client is known to the merge', async t => {
  const test = await createTestApp(t)
  const { keys, others } = await asAdmin(test.adminUrl, async admin => {
    const keys = await admin.query<{ name: string }>(`
      select k.conrelid::regclass::text || '.' || a.attname as name
      from pg_constraint k
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any(k.conkey) and a.attname <> 'practice_id'
      where k.contype = 'f' and k.confrelid = 'cairn.clients'::regclass`)
    // Of tables whose key says nothing, columns that are called after clients.
    const others = await admin.query<{ name: string }>(`
      select c.relname || '.' || a.attname as name
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'cairn'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attname ~ '(^|_)client(_ids?|_[ab])?$' and a.attname !~ 'api_client'
        and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'
          and a.attnum = any(k.conkey))`)
    return {
      keys: keys.rows.map(row => row.name.replace('cairn.', '')),
      others: others.rows.map(row => row.name),
    }
  })
  const known = {
    ...passedOn,
    ...endedForGood,
    ...readThrough,
    ...staysWithItsChart,
    ...staysWithItsCouple,
    ...staysAsHistory,
  }
  t.same(keys.toSorted(), Object.keys(known).toSorted())
  t.same(others.toSorted(), Object.keys(withoutKey).toSorted())
})
