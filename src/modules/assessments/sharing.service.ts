import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { type OpenChart, openChart } from '../charts/index.ts'
import { today } from '../practice/index.ts'
import type { InstrumentDefinition } from './definitions.schemas.ts'
import type { At } from './individual.ts'
import { findAssignable } from './library.ts'
import * as repository from './sharing.repository.ts'
import type { ConsentQuery, NewSharingConsent, SharingConsent } from './sharing.schemas.ts'
import { listScored, type ScoredRow } from './trends.repository.ts'
import type { PairedScores } from './trends.schemas.ts'
import { knownInstrument } from './trends.service.ts'

const most = limits.assessments.trendPoints

/** Newest first. @throws Problem `not-found`, `invalid-state`, `invalid-cursor` */
export async function listConsents(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, instrument }: ConsentQuery,
): Promise<Page<SharingConsent>> {
  trx.audit({ resourceType: 'score-sharing-consent' })
  const chart = await openJoint(trx, chartId)
  const filter = { chartId, instrument }
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listConsents(trx, chart, { limit, before, instrument })
  return toPage(rows, limit, toConsent, row => trx.cursorAfter(filter, [row.id]))
}

/**
 * Records that a partner agrees.
 *
 * @throws Problem `not-found`, `invalid-state`, `invalid-request`, `unknown-reference`, `already-exists` while one stands
 */
export async function giveConsent(
  trx: PracticeTransaction,
  chartId: string,
  input: NewSharingConsent,
): Promise<SharingConsent> {
  const id = uuidv7()
  trx.audit({ resourceType: 'score-sharing-consent', resourceId: id, fields: Object.keys(input) })
  const chart = await openJoint(trx, chartId, { write: true })
  if (!chart.clientIds.includes(input.clientId)) throw unknownReference('/clientId')
  const [instrument, day] = await Promise.all([findAssignable(trx, input.instrumentKey), today(trx)])
  if (!instrument) throw unknownReference('/instrumentKey', 'There is no such instrument in use.')
  if (input.givenOn > day) throw invalidField('/givenOn', 'not-future', 'Must not be in the future.')
  const row = await repository.insertConsent(trx, {
    id,
    chart_id: chart.id,
    client_id: input.clientId,
    instrument_key: input.instrumentKey,
    method: input.method,
    given_on: input.givenOn,
    attested_by: recorder(trx),
  })
  emit(trx, { type: 'score-sharing-consent.given', resourceId: id, resourceVersion: 1, chartId })
  return toConsent(row)
}

/** Ends a partner's consent at once. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function withdrawConsent(
  trx: PracticeTransaction,
  { chartId, id, version }: At,
): Promise<SharingConsent> {
  trx.audit({ resourceType: 'score-sharing-consent', resourceId: id, fields: ['withdrawnAt'] })
  // Whatever became of the chart, who agreed can take it back.
  const chart = await openJoint(trx, chartId, { permission: 'assessments:write' })
  const row = atVersion(await repository.findConsent(trx, chart, id), version)
  if (row.withdrawn_at) throw new Problem('invalid-state', { detail: 'It was withdrawn before.' })
  const withdrawn = await repository.withdraw(trx, { id, version, by: recorder(trx) })
  if (!withdrawn) throw new Problem('stale-version')
  emit(trx, {
    type: 'score-sharing-consent.withdrawn',
    resourceId: id,
    resourceVersion: withdrawn.version,
    chartId,
  })
  return toConsent(withdrawn)
}

/**
 * Scores of both partners side by side, from their joint chart, while both agree and both are in it. Else nothing is
 * there to be found.
 *
 * @throws Problem `not-found`, `invalid-state`, `unknown-reference`
 */
export async function pairedScores(
  trx: PracticeTransaction,
  chartId: string,
  key: string,
): Promise<PairedScores> {
  trx.audit({ resourceType: 'paired-scores' })
  const chart = await openJoint(trx, chartId)
  const [{ definition }, agreed] = await Promise.all([
    knownInstrument(trx, key),
    repository.consenting(trx, chart, key),
  ])
  const { clientIds } = chart
  if (clientIds.length !== 2 || !clientIds.every(id => agreed.has(id))) throw notFound()
  const rows = await listScored(trx, chart, { key, about: clientIds, target: null, limit: most })
  return paired({ key, definition, clientIds, rows: rows.slice(0, most).reverse() })
}

function paired({
  key,
  definition,
  clientIds,
  rows,
}: {
  key: string
  definition: InstrumentDefinition
  clientIds: readonly string[]
  rows: readonly ScoredRow[]
}): PairedScores {
  return {
    instrument: { key, title: definition.title },
    scales: definition.scales.map(scale => ({
      scale: scale.key,
      label: scale.label,
      higherIs: scale.higherIs,
      partners: clientIds.map(clientId => ({
        clientId,
        points: rows.filter(row => row.client_id === clientId).flatMap(row => pointsOf(row, scale.key)),
      })),
    })),
  }
}

const pointsOf = (row: ScoredRow, scale: string) =>
  row.scores
    .filter(score => score.scale === scale)
    .map(({ value, band, met }) => ({ completedOn: row.completed_on, value, band, screens: met }))

async function openJoint(
  trx: PracticeTransaction,
  chartId: string,
  {
    write = false,
    permission = write ? 'assessments:write' : 'assessments:read',
  }: { write?: boolean; permission?: 'assessments:read' | 'assessments:write' } = {},
): Promise<OpenChart> {
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', write, permission })
  if (chart.via === 'emergency' && permission === 'assessments:write') throw notFound()
  if (chart.kind === 'couple') return chart
  throw new Problem('invalid-state', { detail: 'Scores are shared in the chart of a couple.' })
}

const toConsent = (row: repository.ConsentRow): SharingConsent => ({
  id: row.id,
  chartId: row.chart_id,
  clientId: row.client_id,
  instrumentKey: row.instrument_key,
  method: row.method as SharingConsent['method'],
  givenOn: row.given_on,
  attestedById: row.attested_by,
  createdAt: row.created_at.toISOString(),
  withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  withdrawalRecordedById: row.withdrawn_by,
  version: row.version,
})
