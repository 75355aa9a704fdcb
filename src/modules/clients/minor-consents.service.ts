import type { Selectable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { ClientMinorConsents } from '../../lib/database/schema.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, unknownReference } from '../../lib/problems.ts'
import { findPractice, findStaff, today } from '../practice/index.ts'
import { openClient, openClientFully } from './clients.door.ts'
import { emitUpdated } from './clients.service.ts'
import { checkMinorConsent, ruleOf } from './minor-consents.rules.ts'
import type { MinorConsent, MinorConsentQuery, NewMinorConsent } from './minor-consents.schemas.ts'
import { findRelatedPerson } from './related-people.repository.ts'

/**
 * Records on what basis a minor is in care.
 *
 * @throws Problem `not-found`, `minor-consent-not-valid`, `unknown-reference`, `invalid-request` for a day
 *   in the future
 */
export async function recordMinorConsent(
  trx: PracticeTransaction,
  clientId: string,
  input: NewMinorConsent,
): Promise<MinorConsent> {
  const client = await openClient(trx, clientId, { write: true })
  const practice = await findPractice(trx)
  if (!practice) throw notFound()
  const now = await today(trx)
  const { decidedOn = now, jurisdiction = practice.jurisdiction } = input
  if (decidedOn > now) throw invalidField('/decidedOn', 'in-the-future', 'It is recorded once it is decided.')
  if (input.maturity && input.maturity.determinedOn > decidedOn) {
    throw invalidField('/maturity/determinedOn', 'too-late', 'Maturity is determined before the decision.')
  }
  const rule = ruleOf(jurisdiction)
  checkMinorConsent(client.birth_date, decidedOn, rule, input)
  await checkPeople(trx, clientId, input)
  const row = await trx
    .insertInto('client_minor_consents')
    .values({
      practice_id: trx.practiceId,
      client_id: clientId,
      basis: input.basis,
      jurisdiction,
      rule_source: rule.source,
      decided_on: decidedOn,
      consenting_person_id: input.consentingPersonId ?? null,
      maturity_determined_by: input.maturity?.determinedById ?? null,
      maturity_determined_on: input.maturity?.determinedOn ?? null,
      parent_involvement: input.parentInvolvement ? JSON.stringify(input.parentInvolvement) : null,
      recorded_by: trx.scope.actor.staffId,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  trx.audit({ resourceType: 'minor-consent', resourceId: row.id, fields: Object.keys(input) })
  emitUpdated(trx, client)
  return toMinorConsent(row)
}

/** Newest first: the first one holds. @throws Problem `not-found` */
export async function listMinorConsents(
  trx: PracticeTransaction,
  clientId: string,
  { cursor, limit = limits.page.default }: MinorConsentQuery,
): Promise<Page<MinorConsent>> {
  await openClientFully(trx, clientId)
  const before = trx.cursorKey(clientId, cursor)?.[0] as string | undefined
  let query = trx
    .selectFrom('client_minor_consents')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('client_id', '=', clientId)
  if (before) query = query.where('id', '<', before)
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit, toMinorConsent, row => trx.cursorAfter(clientId, [row.id]))
}

/** @throws Problem `unknown-reference` */
async function checkPeople(
  trx: PracticeTransaction,
  clientId: string,
  { consentingPersonId, maturity }: NewMinorConsent,
): Promise<void> {
  if (consentingPersonId) {
    const person = await findRelatedPerson(trx, clientId, consentingPersonId)
    const mayConsent = person?.relationship === 'parent' || person?.roles.includes('guardian')
    if (!mayConsent || person?.status !== 'active') {
      throw unknownReference(
        '/consentingPersonId',
        'The consenting person must be a parent or guardian among the related people.',
      )
    }
  }
  if (maturity) {
    const staff = await findStaff(trx, maturity.determinedById)
    if (!staff?.roles.includes('clinician')) {
      throw unknownReference('/maturity/determinedById', 'Maturity is determined by a clinician.')
    }
  }
}

const toMinorConsent = (row: Selectable<ClientMinorConsents>): MinorConsent => ({
  id: row.id,
  clientId: row.client_id,
  basis: row.basis as MinorConsent['basis'],
  jurisdiction: row.jurisdiction,
  ruleSource: row.rule_source,
  decidedOn: row.decided_on,
  consentingPersonId: row.consenting_person_id,
  maturity:
    row.maturity_determined_by && row.maturity_determined_on
      ? { determinedById: row.maturity_determined_by, determinedOn: row.maturity_determined_on }
      : null,
  parentInvolvement: row.parent_involvement as MinorConsent['parentInvolvement'],
  recordedById: row.recorded_by,
  createdAt: row.created_at.toISOString(),
})
