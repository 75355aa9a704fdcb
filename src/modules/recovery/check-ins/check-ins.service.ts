import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { enteredBy } from '../../../lib/recorder.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import { type NewAlert, raiseAlert } from '../../alerts/index.ts'
import { crisisSupport } from '../../assessments/index.ts'
import type { OpenChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { getPolicies } from '../../practice/index.ts'
import { type StepRow, stepsOfChart } from '../abstinence/abstinence.repository.ts'
import { requireAddictions } from '../addictions/addictions.repository.ts'
import { daysThrough } from '../days.rules.ts'
import { notFuture, notTooEarly, rangeOf } from '../days.ts'
import { canonicalId } from '../documents/ids.ts'
import { openRecovery } from '../recovery-door.ts'
import { sealedCheckInNote } from '../sealed-places.ts'
import { thresholds } from '../thresholds.ts'
import * as repository from './check-ins.repository.ts'
import type {
  AboutAddiction,
  CheckIn,
  CheckInCorrection,
  CheckInQuery,
  NewCheckIn,
  SentCheckIn,
} from './check-ins.schemas.ts'
import { confirmMilestones } from './milestones.ts'
import { alertOfSubstitution, recentUse } from './substitution.ts'
import { trendOf } from './trends.repository.ts'
import type { CheckInTrends, TrendQuery } from './trends.schemas.ts'

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listCheckIns(
  trx: PracticeTransaction,
  chartId: string,
  query: CheckInQuery,
): Promise<Page<CheckIn>> {
  return checkInsOf(trx, await openRecovery(trx, chartId, 'read'), query)
}

/** The check-ins of an open chart, the newest day first. @throws Problem `invalid-cursor` */
export async function checkInsOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { cursor, limit = limits.page.default, ...filter }: CheckInQuery,
): Promise<Page<CheckIn>> {
  trx.audit({ resourceType: 'check-in' })
  const bound = { chartId: chart.id, ...filter }
  const key = trx.cursorKey(bound, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const [rows, sealer] = await Promise.all([
    repository.listCheckIns(trx, chart, { limit, ...filter }, after),
    trx.sealer(),
  ])
  return openedPage(
    rows,
    limit,
    each(row => show(sealer, chart, row)),
    row => trx.cursorAfter(bound, [row.covers_on, row.id]),
  )
}

/** @throws Problem `not-found`, `invalid-request`, `unknown-reference`, `already-exists`, `invalid-state` in a closed chart */
export async function submitCheckIn(
  trx: PracticeTransaction,
  chartId: string,
  input: NewCheckIn,
): Promise<CheckIn> {
  return addCheckIn(trx, await openRecovery(trx, chartId, 'write'), input)
}

/**
 * Takes a check-in in an open chart, whoever fills it in.
 *
 * @throws Problem `invalid-request`, `unknown-reference`; `already-exists` when there is one for this day
 */
export async function addCheckIn(
  trx: PracticeTransaction,
  chart: OpenChart,
  { kind, coversOn, ...answers }: NewCheckIn,
): Promise<CheckIn> {
  const day = { kind, coversOn, supersedesId: null }
  return write(trx, chart, { ...day, ...(await groundOf(trx, chart, coversOn, answers)) }, answers)
}

/** @throws Problem `not-found`, `unknown-reference`, `invalid-request`, `invalid-state` */
export async function correctCheckIn(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  answers: CheckInCorrection,
): Promise<CheckIn> {
  return replaceCheckIn(trx, await openRecovery(trx, chartId, 'write'), id, answers)
}

/**
 * Puts a corrected form in the place of one in force. Both stay, each with its own time. A client corrects what they sent
 * themselves.
 *
 * @throws Problem `not-found`, `unknown-reference`, `invalid-request`, `invalid-state` when it was corrected before
 */
export async function replaceCheckIn(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
  answers: CheckInCorrection,
): Promise<CheckIn> {
  const before = await repository.findCheckIn(trx, chart, id)
  if (!before) throw notFound()
  if (chart.via === 'self' && before.entered_by !== 'client') {
    throw new Problem('invalid-state', { detail: 'Staff entered this check-in. Ask them to correct it.' })
  }
  const [wasInForce, ground] = await Promise.all([
    repository.supersede(trx, id),
    groundOf(trx, chart, before.covers_on, answers),
  ])
  if (!wasInForce) {
    throw new Problem('invalid-state', {
      detail: 'This check-in was corrected already. Correct the correction.',
    })
  }
  const day = { kind: before.kind as CheckIn['kind'], coversOn: before.covers_on, supersedesId: id }
  return write(trx, chart, { ...day, ...ground }, answers)
}

/** What a client is answered who sent a check-in: with whom to reach at once, where it may be needed. */
export const withSupport = async (trx: PracticeTransaction, checkIn: CheckIn): Promise<SentCheckIn> => ({
  ...checkIn,
  crisis: isHopeless(checkIn) ? await crisisSupport(trx) : null,
})

const trendDays = 28

/** @throws Problem `not-found`, `invalid-request` */
export async function getTrends(
  trx: PracticeTransaction,
  chartId: string,
  { by = 'day', ...query }: TrendQuery,
): Promise<CheckInTrends> {
  const chart = await openRecovery(trx, chartId, 'read')
  trx.audit({ resourceType: 'check-in' })
  const most = by === 'day' ? limits.recovery.trendDays : undefined
  const range = rangeOf(query, await clientToday(trx, chart), trendDays, most)
  return { ...range, by, points: await trendOf(trx, chart, { ...range, by }) }
}

/** A check-in whose last day is longer ago, entered late, is no news: it raises no alert. */
const newsDays = 7

interface Ground {
  today: string
  /** Of every abstinence contract of the chart. */
  steps: readonly StepRow[]
  sealer: PracticeSealer
}

/** What a check-in stands on, once it is known to be possible. @throws Problem `invalid-request`, `unknown-reference` */
async function groundOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  coversOn: string,
  { addictions = [] }: CheckInCorrection,
): Promise<Ground> {
  const [today, steps, sealer] = await Promise.all([
    clientToday(trx, chart),
    stepsOfChart(trx, chart),
    trx.sealer(),
    checkAddictions(trx, chart, addictions),
  ])
  if (coversOn > today) throw notFuture('/coversOn')
  notTooEarly('/coversOn', coversOn)
  return { today, steps, sealer }
}

type Day = Pick<CheckIn, 'kind' | 'coversOn' | 'supersedesId'>

async function write(
  trx: PracticeTransaction,
  chart: OpenChart,
  { kind, coversOn, supersedesId, today, steps, sealer }: Day & Ground,
  answers: CheckInCorrection,
): Promise<CheckIn> {
  const { addictions = [], note = null } = answers
  const id = uuidv7()
  trx.audit({ resourceType: 'check-in', resourceId: id, fields: Object.keys(answers) })
  const type = supersedesId ? 'check-in.corrected' : 'check-in.submitted'
  emit(trx, { type, resourceId: id, chartId: chart.id })
  const values = {
    id,
    kind,
    covers_on: coversOn,
    entered_on: today,
    supersedes_id: supersedesId,
    ...columnsOf(answers),
    note_sealed: note === null ? null : sealer.seal(sealedCheckInNote(id), note),
    recorded_by: trx.scope.actor.staffId,
    entered_by: enteredBy(trx),
  }
  const isNews = daysThrough(coversOn, today) <= newsDays
  // Sent in this order, in one round trip: what is read counts the check-in that was just written.
  const [, , uses, row] = await Promise.all([
    repository.insertCheckIn(trx, chart, values, addictions),
    // Who tells of an act of the inner circle is not congratulated in the same breath.
    addictions.some(({ innerCircle }) => innerCircle)
      ? undefined
      : confirmMilestones(trx, chart, { checkInId: id, coversOn, steps }),
    isNews && addictions.length > 0 ? recentUse(trx, chart, today) : [],
    repository.findCheckIn(trx, chart, id),
  ])
  if (!row) throw new Error('A check-in that was just written is not there')
  const alerts = isNews ? await alertsOf(trx, { id, coversOn }, answers) : []
  await Promise.all([
    ...alerts.map(alert => raiseAlert(trx, chart, alert)),
    alertOfSubstitution(trx, chart, { uses, today }),
  ])
  return show(sealer, chart, row)
}

async function checkAddictions(
  trx: PracticeTransaction,
  chart: OpenChart,
  addictions: readonly AboutAddiction[],
): Promise<void> {
  const ids = addictions.map(({ addictionId }) => canonicalId(addictionId))
  if (new Set(ids).size < ids.length) {
    throw invalidField('/addictions', 'repeated', 'Name each addiction once.')
  }
  await requireAddictions(trx, chart, '/addictions', ids)
}

const columnsOf = (answers: CheckInCorrection) => ({
  mood: answers.mood ?? null,
  stress: answers.stress ?? null,
  sleep_minutes: answers.sleepMinutes ?? null,
  meetings: answers.meetings ?? null,
  contacts: answers.contacts ?? null,
  anxiety: answers.anxiety ?? null,
  irritability: answers.irritability ?? null,
  depression: answers.depression ?? null,
  dysphoria: answers.dysphoria ?? null,
  shame: answers.shame ?? null,
  hopelessness: answers.hopelessness ?? null,
})

type Spirits = Pick<CheckInCorrection, 'hopelessness' | 'depression'>

/** The higher of both. */
const lowest = ({ hopelessness, depression }: Spirits) => Math.max(hopelessness ?? 0, depression ?? 0)
const isHopeless = (answers: Spirits) => lowest(answers) >= thresholds.hopelessness.value

/** What a check-in says that somebody should look at soon. */
async function alertsOf(
  trx: PracticeTransaction,
  { id, coversOn }: { id: string; coversOn: string },
  answers: CheckInCorrection,
): Promise<NewAlert[]> {
  const { addictions = [] } = answers
  const evidence = { checkInId: id, coversOn }
  const alerts: NewAlert[] = addictions
    .filter(({ urge }) => (urge ?? 0) >= thresholds.urge.value)
    .map(({ addictionId, urge }) => ({
      rule: 'strong_urge',
      severity: 'attention',
      key: addictionId,
      evidence: { ...evidence, urge: urge ?? 0 },
    }))
  if (!isHopeless(answers)) return alerts
  const { riskResponseMinutes } = await getPolicies(trx)
  const level = lowest(answers)
  const hopeless: NewAlert = {
    rule: 'hopelessness',
    severity: 'urgent',
    // A day and strength are told once while nobody has seen to it: what comes later, or is worse, is told again.
    key: `${coversOn}:${level}`,
    evidence: { ...evidence, level },
    respondWithinMinutes: riskResponseMinutes,
  }
  return [hopeless, ...alerts]
}

const show = async (
  sealer: PracticeSealer,
  chart: OpenChart,
  row: repository.CheckInRow,
): Promise<CheckIn> => ({
  id: row.id,
  kind: row.kind as CheckIn['kind'],
  coversOn: row.covers_on,
  mood: row.mood,
  stress: row.stress,
  anxiety: row.anxiety,
  irritability: row.irritability,
  depression: row.depression,
  dysphoria: row.dysphoria,
  shame: row.shame,
  hopelessness: row.hopelessness,
  sleepMinutes: row.sleep_minutes,
  meetings: row.meetings,
  contacts: row.contacts,
  addictions: row.addictions,
  note: await noteOf(sealer, chart, row),
  inForce: row.in_force,
  supersedesId: row.supersedes_id,
  enteredOn: row.entered_on,
  daysLate: Math.max(0, daysThrough(row.covers_on, row.entered_on) - 1),
  recordedById: row.recorded_by,
  enteredBy: row.entered_by as CheckIn['enteredBy'],
  createdAt: row.created_at.toISOString(),
})

/** What staff noted beside a client's answers is not shown to the client. */
async function noteOf(
  sealer: PracticeSealer,
  chart: OpenChart,
  row: repository.CheckInRow,
): Promise<string | null> {
  if (!row.note_sealed || (chart.via === 'self' && row.entered_by !== 'client')) return null
  return sealer.openText(sealedCheckInNote(row.id), row.note_sealed)
}
