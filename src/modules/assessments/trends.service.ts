import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { invalidField, unknownReference } from '../../lib/problems.ts'
import { type OpenChart, openChart } from '../charts/index.ts'
import { subjectOf } from './assignments.service.ts'
import type { InstrumentScale } from './definitions.schemas.ts'
import { findInstrument, type KnownInstrument } from './library.ts'
import { rounded } from './scoring.rules.ts'
import { listScored, type ScoredRow } from './trends.repository.ts'
import { confirmedChange, movement } from './trends.rules.ts'
import type { ScoreTrend, TrendQuery } from './trends.schemas.ts'

const most = limits.assessments.trendPoints

/**
 * The scores of one instrument in a chart, a series for each scale of the edition in use. Three statements, however
 * many scores there are.
 *
 * @throws Problem `not-found`, `invalid-state` for a group, `invalid-request`, `unknown-reference`
 */
export async function scoreTrend(
  trx: PracticeTransaction,
  chartId: string,
  { instrument: key, clientId, target }: TrendQuery,
): Promise<ScoreTrend> {
  trx.audit({ resourceType: 'score-trend' })
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission: 'assessments:read' })
  const about = partnerOf(chart, clientId)
  const instrument = await knownInstrument(trx, key)
  const { targets = [] } = instrument.definition
  if (target === undefined ? targets.length > 0 : !targets.includes(target))
    throw invalidField(
      'query/target',
      'target',
      'Must be one of the people whom the instrument asks about, if any.',
    )
  const head = {
    instrument: { key, title: instrument.definition.title },
    clientId: about,
    target: target ?? null,
    nextCursor: null,
  }
  // As a filter that fits nobody: of a couple's chart nothing is told but of its own partners.
  if (about !== null && !chart.clientIds.includes(about))
    return { ...head, clientId: null, truncated: false, data: [] }
  const wanted = { key, about: about === null ? null : [about], target: target ?? null, limit: most }
  const newest = await listScored(trx, chart, wanted)
  const rows = newest.slice(0, most).reverse()
  const data = instrument.definition.scales.map(scale => toSeries(scale, rows))
  return { ...head, truncated: newest.length > most, data }
}

/** @throws Problem `invalid-state` for a group, `invalid-request` */
function partnerOf(chart: OpenChart, clientId: string | undefined): string | null {
  if (chart.kind === 'couple') {
    if (clientId === undefined)
      throw invalidField('query/clientId', 'required', 'Name the partner it is about.')
    return clientId
  }
  if (clientId === undefined) return subjectOf(chart, undefined)
  throw invalidField('query/clientId', 'needless', 'Only in a couple’s chart a partner is named.')
}

/** @throws Problem `unknown-reference` */
export async function knownInstrument(trx: PracticeTransaction, key: string): Promise<KnownInstrument> {
  const instrument = await findInstrument(trx, key)
  if (!instrument) throw unknownReference('query/instrument', 'There is no such instrument.')
  return instrument
}

function toSeries(scale: InstrumentScale, rows: readonly ScoredRow[]): ScoreTrend['data'][number] {
  const scored = rows.flatMap(row => {
    const score = row.scores.find(one => one.scale === scale.key)
    return score ? [{ row, score }] : []
  })
  const first = scored.find(({ score }) => score.value !== null)?.score.value ?? null
  const confirmed = scale.bands?.confidence === 'confirmed' ? scale.bands : null
  return {
    scale: scale.key,
    label: scale.label,
    higherIs: scale.higherIs,
    confidence: scale.confidence,
    bands: confirmed && { source: confirmed.source, levels: confirmed.levels },
    reliableChange: thresholdOf(scale, 'reliable'),
    clinicalChange: thresholdOf(scale, 'clinical'),
    points: scored.map(({ row, score }) => ({
      assessmentId: row.id,
      completedOn: row.completed_on,
      edition: row.edition,
      value: score.value,
      prorated: score.prorated,
      band: score.band,
      screens: score.met,
      changeFromFirst: first === null || score.value === null ? null : rounded(score.value - first),
      reliableChange: movement(scale, 'reliable', first, score.value),
      clinicalChange: movement(scale, 'clinical', first, score.value),
    })),
  }
}

function thresholdOf(scale: InstrumentScale, kind: 'reliable' | 'clinical') {
  const threshold = confirmedChange(scale, kind)
  return threshold ? { points: threshold.points, source: threshold.source } : null
}
