import { type Insertable, type Selectable, sql } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { AbstinenceConsentSteps, AbstinenceConsents } from '../../../lib/database/schema.ts'
import type { OpenChart } from '../../charts/index.ts'
import type { ConsentStatus } from './consents.rules.ts'

export interface ConsentRow extends Selectable<AbstinenceConsents> {
  status: ConsentStatus
}
export type ConsentStepRow = Selectable<AbstinenceConsentSteps>

const consents = (trx: PracticeTransaction) =>
  trx
    .selectFrom('abstinence_consents as k')
    .selectAll('k')
    .select(eb => eb.ref('k.status').$castTo<ConsentStatus>().as('status'))
    .where('k.practice_id', '=', trx.practiceId)

/** Of these contracts of a chart, the oldest first. */
export function consentsOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  contractIds: readonly string[],
): Promise<ConsentRow[]> {
  return consents(trx)
    .where('k.chart_id', '=', chart.id)
    .where('k.contract_id', '=', sql<string>`any(${contractIds}::uuid[])`)
    .orderBy('k.id')
    .execute()
}

export function findConsent(
  trx: PracticeTransaction,
  chart: OpenChart,
  { contractId, consentId }: { contractId: string; consentId: string },
): Promise<ConsentRow | undefined> {
  return consents(trx)
    .where('k.chart_id', '=', chart.id)
    .where('k.contract_id', '=', contractId)
    .where('k.id', '=', consentId)
    .executeTakeFirst()
}

/** What this client is asked as somebody's partner; what was taken back is not to be seen any more. */
const askedOf = (trx: PracticeTransaction, clientId: string) =>
  consents(trx)
    // Records that were joined to theirs are theirs.
    .where(
      'k.partner_client_id',
      '=',
      sql<string>`any(array(select p.id from clients p where p.practice_id = ${trx.practiceId}
        and (p.id = ${clientId} or p.merged_into_id = ${clientId})))`,
    )
    .where('k.status', '<>', 'retracted')

/** The oldest first. */
export const consentsAskedOf = (trx: PracticeTransaction, clientId: string): Promise<ConsentRow[]> =>
  askedOf(trx, clientId).orderBy('k.id').execute()

export const findAskedOf = (
  trx: PracticeTransaction,
  clientId: string,
  consentId: string,
): Promise<ConsentRow | undefined> => askedOf(trx, clientId).where('k.id', '=', consentId).executeTakeFirst()

/** Of two who ask the same partner at once the index lets one through. */
export function insertConsent(
  trx: PracticeTransaction,
  values: Omit<Insertable<AbstinenceConsents>, 'practice_id'>,
): Promise<Selectable<AbstinenceConsents>> {
  return trx
    .insertInto('abstinence_consents')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export function insertStep(
  trx: PracticeTransaction,
  values: Omit<Insertable<AbstinenceConsentSteps>, 'practice_id'>,
): Promise<ConsentStepRow> {
  return trx
    .insertInto('abstinence_consent_steps')
    .values({ ...values, practice_id: trx.practiceId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** In their order, consent by consent. */
export function stepsOf(trx: PracticeTransaction, ids: readonly string[]): Promise<ConsentStepRow[]> {
  return trx
    .selectFrom('abstinence_consent_steps')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('consent_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('consent_id')
    .orderBy('version')
    .execute()
}
