import { sql } from 'kysely'
import { inPractice } from '../../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import type { House } from '../../../lib/house.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { systemScope } from '../../../lib/scope.ts'
import { changeAtVersion } from '../../../lib/versions.ts'
import { neverRaised, raiseFound, settleAlert } from '../../alerts/index.ts'
import { type ConsentRow, insertStep } from './consents.repository.ts'
import { type RecordedConsentStep, requireConsentStep } from './consents.rules.ts'

const rule = 'partner_consent_withdrawn' as const

/**
 * Takes a step with a consent, whoever says so. Whoever cares for the contract's chart is told of a withdrawal by a job,
 * which opens nothing of that chart in the partner's own request.
 *
 * @param step.recordedBy null for the partner themselves
 * @throws Problem `invalid-state`, `stale-version`
 */
export async function takeStep(
  trx: PracticeTransaction,
  row: ConsentRow,
  {
    step,
    effectiveOn,
    recordedBy,
  }: { step: RecordedConsentStep; effectiveOn: string; recordedBy: string | null },
): Promise<ConsentRow> {
  requireConsentStep(row.status, step)
  const changed = await changeAtVersion(trx, 'abstinence_consents', row, {
    status: step,
    status_on: effectiveOn,
  })
  await insertStep(trx, {
    consent_id: row.id,
    version: changed.version,
    step,
    effective_on: effectiveOn,
    recorded_by: recordedBy,
  })
  if (step === 'withdrawn') enqueue(trx, 'partner-consent-withdrawal', row.id)
  if (row.status === 'withdrawn') {
    const what = { rule, key: `${row.id}:${row.version}`, outcome: 'no_longer_applies' } as const
    await settleAlert(trx, { id: row.chart_id }, what)
  }
  announce(trx, changed, step)
  return { ...changed, status: step }
}

/** Tells who cares for the contract's chart that a partner withdrew, once, unless they gave it again meanwhile. */
export async function tellOfWithdrawal(house: House, practiceId: string, consentId: string): Promise<void> {
  await inPractice(house.database, systemScope(practiceId, 'partner-consent-withdrawal'), async trx => {
    const known = { chartId: sql`k.chart_id`, key: sql`k.id::text || ':' || k.version::text` }
    const { rows } = await sql<{ chartId: string; contractId: string; version: number }>`
      select k.chart_id as "chartId", k.contract_id as "contractId", k.version from abstinence_consents k
      where k.practice_id = ${trx.practiceId} and k.id = ${consentId} and k.status = 'withdrawn'
        and ${neverRaised(trx, rule, known)}
      for share of k`.execute(trx)
    const found = rows.map(({ chartId, contractId, version }) => ({
      chartId,
      rule,
      severity: 'attention' as const,
      key: `${consentId}:${version}`,
      evidence: { contractId, partnerConsentId: consentId },
    }))
    await raiseFound(trx, found)
  })
}

const events = {
  asked: 'partner-consent.asked',
  given: 'partner-consent.given',
  declined: 'partner-consent.declined',
  withdrawn: 'partner-consent.withdrawn',
  retracted: 'partner-consent.retracted',
} as const

/** Events of a consent are of the contract's chart. */
export function announce(
  trx: PracticeTransaction,
  { id, version, chart_id }: { id: string; version: number; chart_id: string },
  step: keyof typeof events,
): void {
  emit(trx, { type: events[step], resourceId: id, resourceVersion: version, chartId: chart_id })
}
