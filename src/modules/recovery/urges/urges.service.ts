import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { notFound, Problem } from '../../../lib/problems.ts'
import { enteredBy, recorder } from '../../../lib/recorder.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import { raiseAlert } from '../../alerts/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientMoment, clientToday } from '../../clients/index.ts'
import { requireAddictions } from '../addictions/addictions.repository.ts'
import { notFuture, notTooEarly, rangeOf } from '../days.ts'
import { requireKnown } from '../documents/documents.ts'
import { openRecovery } from '../recovery-door.ts'
import { sealedUrgeNote } from '../sealed-places.ts'
import { thresholds } from '../thresholds.ts'
import { copingSkillKind } from '../triggers/coping-skills.service.ts'
import { triggerKind } from '../triggers/triggers.service.ts'
import * as repository from './urges.repository.ts'
import type { NewUrge, PatternQuery, Urge, UrgePatterns, UrgeQuery } from './urges.schemas.ts'

/** Clocks differ a little. */
const toleranceMs = 60_000

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listUrges(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default, from, to }: UrgeQuery,
): Promise<Page<Urge>> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'urge' })
  const filter = { chartId, from, to }
  const key = trx.cursorKey(filter, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const [rows, sealer] = await Promise.all([
    repository.listUrges(trx, chart, { limit, from, to, after }),
    trx.sealer(),
  ])
  return openedPage(
    rows,
    limit,
    each(row => show(sealer, row)),
    row => trx.cursorAfter(filter, [row.occurred_on, row.id]),
  )
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `invalid-state` in a closed chart */
export async function logUrge(trx: PracticeTransaction, chartId: string, input: NewUrge): Promise<Urge> {
  return addUrge(trx, await openRecovery(trx, chartId, 'write'), input)
}

/**
 * Logs an urge in an open chart, whoever noticed it.
 *
 * @throws Problem `invalid-request`, `unknown-reference`
 */
export async function addUrge(trx: PracticeTransaction, chart: OpenChart, input: NewUrge): Promise<Urge> {
  const { copingSkillIds = [], note = null, addictionId = null, triggerId = null } = input
  const [moment, sealer] = await Promise.all([
    clientMoment(trx, chart, input.occurredAt),
    trx.sealer(),
    requireAddictions(trx, chart, '/addictionId', [addictionId]),
    requireKnown(trx, chart, triggerKind, '/triggerId', [triggerId]),
    requireKnown(trx, chart, copingSkillKind, '/copingSkillIds', copingSkillIds),
  ])
  if (Date.parse(input.occurredAt) > Date.now() + toleranceMs) throw notFuture('/occurredAt')
  notTooEarly('/occurredAt', moment.on)
  const id = uuidv7()
  trx.audit({ resourceType: 'urge', resourceId: id, fields: Object.keys(input) })
  const values = {
    id,
    addiction_id: addictionId,
    trigger_id: triggerId,
    occurred_at: new Date(input.occurredAt),
    occurred_on: moment.on,
    local_hour: moment.hour,
    weekday: moment.weekday,
    stage: input.stage,
    urge_before: input.urgeBefore,
    urge_after: input.urgeAfter ?? null,
    outcome: input.outcome,
    note_sealed: note === null ? null : sealer.seal(sealedUrgeNote(id), note),
    recorded_by: trx.scope.actor.staffId,
    entered_by: enteredBy(trx),
  }
  // Sent in this order, in one round trip.
  const [, row] = await Promise.all([
    repository.insertUrge(trx, chart, values, copingSkillIds),
    repository.findUrge(trx, chart, id),
  ])
  if (!row) throw new Error('An urge that was just written is not there')
  emit(trx, { type: 'urge.logged', resourceId: id, chartId: chart.id })
  if (input.urgeBefore >= thresholds.urge.value)
    await raiseAlert(trx, chart, {
      rule: 'strong_urge',
      severity: 'attention',
      key: addictionId ?? 'any',
      evidence: { urgeId: id, urge: input.urgeBefore, occurredOn: moment.on },
    })
  return show(sealer, row)
}

/**
 * Withdraws an entry that was made in error: it stays, and counts no more.
 *
 * @throws Problem `not-found`, `invalid-state` when it was withdrawn before
 */
export async function withdrawUrge(trx: PracticeTransaction, chartId: string, id: string): Promise<Urge> {
  const chart = await openRecovery(trx, chartId, 'write')
  trx.audit({ resourceType: 'urge', resourceId: id, fields: ['withdrawnAt'] })
  if (!(await repository.findUrge(trx, chart, id))) throw notFound()
  const [isNew, row, sealer] = await Promise.all([
    repository.withdrawUrge(trx, id, recorder(trx)),
    repository.findUrge(trx, chart, id),
    trx.sealer(),
  ])
  if (!row || !isNew) {
    throw new Problem('invalid-state', { detail: 'It was withdrawn already.' })
  }
  emit(trx, { type: 'urge.withdrawn', resourceId: id, chartId })
  return show(sealer, row)
}

const patternDays = 90

/** @throws Problem `not-found`, `invalid-request` */
export async function getUrgePatterns(
  trx: PracticeTransaction,
  chartId: string,
  query: PatternQuery,
): Promise<UrgePatterns> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'urge' })
  const range = rangeOf(query, await clientToday(trx, chart), patternDays)
  return { ...range, ...(await repository.patternsOf(trx, chart, range)) }
}

const show = async (sealer: PracticeSealer, row: repository.UrgeRow): Promise<Urge> => ({
  id: row.id,
  occurredAt: row.occurred_at.toISOString(),
  addictionId: row.addiction_id,
  triggerId: row.trigger_id,
  stage: row.stage as Urge['stage'],
  urgeBefore: row.urge_before,
  urgeAfter: row.urge_after,
  outcome: row.outcome as Urge['outcome'],
  copingSkillIds: row.skill_ids,
  note: row.note_sealed && (await sealer.openText(sealedUrgeNote(row.id), row.note_sealed)),
  occurredOn: row.occurred_on,
  localHour: row.local_hour,
  weekday: row.weekday,
  withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  recordedById: row.recorded_by,
  enteredBy: row.entered_by as Urge['enteredBy'],
  createdAt: row.created_at.toISOString(),
})
