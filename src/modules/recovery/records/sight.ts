import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { type OpenChart, openChart, openOwnChart } from '../../charts/index.ts'
import { seesRestricted } from '../recovery-door.ts'
import { portalKinds } from './kinds/index.ts'
import type { DataClass, Sight } from './records.repository.ts'

/**
 * Passes the chart's door for reading records: what is restricted is left out for whoever may not see it, as if it were
 * not there.
 *
 * @throws Problem `not-found`
 */
export async function openToRead(trx: PracticeTransaction, chartId: string): Promise<Sight> {
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission: 'recovery:read' })
  return sightOf(trx, chart)
}

/** @throws Problem `not-found`, `invalid-state` for a closed chart */
export async function openToWrite(
  trx: PracticeTransaction,
  chartId: string,
  dataClass: DataClass = 'clinical',
): Promise<Sight> {
  const chart = await openChart(trx, chartId, { dataClass, permission: 'recovery:write', write: true })
  return sightOf(trx, chart)
}

/**
 * The client's own chart: what was released, and of the kinds a client sees. Whoever acts in the client's name, a parent
 * for instance, sees nothing restricted.
 *
 * @throws Problem `not-found`
 */
export async function openOwn(trx: PracticeTransaction): Promise<Sight> {
  const chart = await openOwnChart(trx)
  const { representativeId } = trx.scope.actor
  return {
    chart,
    classes: representativeId ? ['clinical'] : ['clinical', 'restricted'],
    releasedKinds: portalKinds.map(({ kind }) => kind),
  }
}

const sightOf = (trx: PracticeTransaction, chart: OpenChart): Sight => ({
  chart,
  classes: seesRestricted(trx, chart) ? ['clinical', 'restricted'] : ['clinical'],
  releasedKinds: null,
})
