import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { limits } from '../../../lib/limits.ts'
import { each, openedPage, type Page } from '../../../lib/pages.ts'
import { invalidField, notFound, Problem } from '../../../lib/problems.ts'
import { enteredBy } from '../../../lib/recorder.ts'
import type { PracticeSealer } from '../../../lib/sealing/practice-keys.ts'
import { raiseAlert } from '../../alerts/index.ts'
import { crisisSupport } from '../../assessments/index.ts'
import { type OpenChart, openOwnChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { getPolicies } from '../../practice/index.ts'
import { dayAfter, notFuture, notTooEarly, rangeOf } from '../../recovery/index.ts'
import { openIndividual } from '../individual-door.ts'
import { referenceValues } from '../parts/reference-values.ts'
import * as repository from './cards.repository.ts'
import { type Answers, weeksOf, worryingUrge } from './cards.rules.ts'
import type {
  CardQuery,
  DiaryCard,
  DiaryCardCorrection,
  NewDiaryCard,
  SentDiaryCard,
} from './cards.schemas.ts'
import { sealedCard } from './sealed-places.ts'
import type { CardTrendQuery, DiaryCardTrends } from './trends.schemas.ts'

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listCards(
  trx: PracticeTransaction,
  chartId: string,
  query: CardQuery,
): Promise<Page<DiaryCard>> {
  return cardsOf(trx, await openIndividual(trx, chartId, 'recovery:read'), query)
}

/** The client's own. @throws Problem `not-found`, `invalid-cursor` */
export async function listOwnCards(trx: PracticeTransaction, query: CardQuery): Promise<Page<DiaryCard>> {
  return cardsOf(trx, await openOwnChart(trx), query)
}

/** @throws Problem `not-found`, `invalid-request`, `already-exists`, `invalid-state` in a closed chart */
export async function enterCard(
  trx: PracticeTransaction,
  chartId: string,
  input: NewDiaryCard,
): Promise<DiaryCard> {
  return addCard(trx, await openIndividual(trx, chartId, 'recovery:write'), input)
}

/** @throws Problem `not-found`, `invalid-request`, `already-exists` */
export async function sendOwnCard(trx: PracticeTransaction, input: NewDiaryCard): Promise<SentDiaryCard> {
  return withSupport(trx, await addCard(trx, await openOwnChart(trx), input))
}

/** @throws Problem `not-found`, `invalid-request`, `invalid-state` when it was corrected before */
export async function correctCard(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  input: DiaryCardCorrection,
): Promise<DiaryCard> {
  return replaceCard(trx, await openIndividual(trx, chartId, 'recovery:write'), id, input)
}

/** @throws Problem `not-found`, `invalid-request`, `invalid-state` when it was corrected before, or staff entered it */
export async function correctOwnCard(
  trx: PracticeTransaction,
  id: string,
  input: DiaryCardCorrection,
): Promise<SentDiaryCard> {
  return withSupport(trx, await replaceCard(trx, await openOwnChart(trx), id, input))
}

const trendDays = 84

/**
 * Diary cards by week, in a constant number of statements.
 *
 * @throws Problem `not-found`, `invalid-request` for a range that is too long
 */
export async function getCardTrends(
  trx: PracticeTransaction,
  chartId: string,
  query: CardTrendQuery,
): Promise<DiaryCardTrends> {
  const chart = await openIndividual(trx, chartId, 'recovery:read')
  trx.audit({ resourceType: 'diary-card' })
  const today = await clientToday(trx, chart)
  const range = rangeOf(query, today, trendDays, limits.noteTrends.diaryDays)
  const [rows, firstOn, sealer] = await Promise.all([
    repository.cardsIn(trx, chart, range),
    repository.firstDay(trx, chart),
    trx.sealer(),
  ])
  const cards = await Promise.all(
    rows.map(async row => ({ coversOn: row.covers_on, answers: await openAnswers(sealer, row) })),
  )
  const { value, source, confidence } = referenceValues.suicide_urge
  return {
    ...range,
    suicideUrgeThreshold: { value, source, confidence },
    weeks: weeksOf(cards, range, { firstOn, today }),
  }
}

async function cardsOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { cursor, limit = limits.page.default, ...filter }: CardQuery,
): Promise<Page<DiaryCard>> {
  trx.audit({ resourceType: 'diary-card' })
  const bound = { chartId: chart.id, ...filter }
  const key = trx.cursorKey(bound, cursor)
  const after = key && ([String(key[0]), String(key[1])] as const)
  const [rows, sealer] = await Promise.all([
    repository.listCards(trx, chart, { limit, ...filter }, after),
    trx.sealer(),
  ])
  return openedPage(
    rows,
    limit,
    each(row => show(sealer, row)),
    row => trx.cursorAfter(bound, [row.covers_on, row.id]),
  )
}

const addCard = (trx: PracticeTransaction, chart: OpenChart, { coversOn, ...answers }: NewDiaryCard) =>
  write(trx, chart, { coversOn, supersedesId: null }, answers)

/** Puts a corrected card in the place of one in force; both stay. A client corrects what they sent themselves. */
async function replaceCard(
  trx: PracticeTransaction,
  chart: OpenChart,
  id: string,
  answers: DiaryCardCorrection,
): Promise<DiaryCard> {
  trx.audit({ resourceType: 'diary-card', resourceId: id })
  const before = await repository.findCard(trx, chart, id)
  if (!before) throw notFound()
  if (chart.via === 'self' && before.entered_by !== 'client')
    throw new Problem('invalid-state', { detail: 'Staff entered this card. Ask them to correct it.' })
  if (!(await repository.supersede(trx, id)))
    throw new Problem('invalid-state', { detail: 'This card was corrected already. Correct the correction.' })
  return write(trx, chart, { coversOn: before.covers_on, supersedesId: id }, answers)
}

async function write(
  trx: PracticeTransaction,
  chart: OpenChart,
  { coversOn, supersedesId }: Pick<DiaryCard, 'coversOn' | 'supersedesId'>,
  input: DiaryCardCorrection,
): Promise<DiaryCard> {
  const answers = answersOf(input)
  const [today, sealer] = await Promise.all([clientToday(trx, chart), trx.sealer()])
  if (coversOn > today) throw notFuture('/coversOn')
  notTooEarly('/coversOn', coversOn)
  const id = uuidv7()
  trx.audit({ resourceType: 'diary-card', resourceId: id, fields: Object.keys(input) })
  const row = await repository.insertCard(trx, chart, {
    id,
    covers_on: coversOn,
    entered_on: today,
    supersedes_id: supersedesId,
    content_sealed: sealer.seal(sealedCard(id), JSON.stringify(answers)),
    recorded_by: trx.scope.actor.staffId,
    entered_by: enteredBy(trx),
  })
  const type = supersedesId ? 'diary-card.corrected' : 'diary-card.submitted'
  emit(trx, { type, resourceId: id, chartId: chart.id })
  await alertOf(trx, chart, { id, coversOn, today, answers })
  return show(sealer, row)
}

/** @throws Problem `invalid-request` for a feeling or an urge that is named twice */
function answersOf(input: DiaryCardCorrection): Answers {
  const { emotions = [], urges = [], skills = [] } = input
  requireOnce(
    '/emotions',
    emotions.map(({ emotion }) => emotion),
  )
  requireOnce(
    '/urges',
    urges.map(({ target }) => target),
  )
  const { medicationAsPrescribed = null, sleepMinutes = null, skillUse = null, note = null } = input
  return { emotions, urges, medicationAsPrescribed, sleepMinutes, skills, skillUse, note }
}

function requireOnce(pointer: string, keys: readonly string[]): void {
  if (new Set(keys).size < keys.length) throw invalidField(pointer, 'repeated', 'Name each once.')
}

/** A card of longer ago, entered late, is less urgent, and still somebody has to look. */
const newsDays = 7

/**
 * Tells staff of an urge to suicide, in the transaction of the card. A day and strength are told once while nobody has
 * seen to it: a correction to a stronger urge is told again.
 */
async function alertOf(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, coversOn, today, answers }: { id: string; coversOn: string; today: string; answers: Answers },
): Promise<void> {
  const worrying = worryingUrge(answers)
  if (!worrying) return
  const { riskResponseMinutes } = await getPolicies(trx)
  const { urge, acted } = worrying
  await raiseAlert(trx, chart, {
    rule: 'suicide_urge',
    severity: coversOn > dayAfter(today, -newsDays) ? 'urgent' : 'attention',
    key: `${coversOn}:${acted ? 'acted' : urge}`,
    evidence: { diaryCardId: id, urge, acted: acted === true, coversOn },
    respondWithinMinutes: riskResponseMinutes,
  })
}

const withSupport = async (trx: PracticeTransaction, card: DiaryCard): Promise<SentDiaryCard> => ({
  card,
  crisis: worryingUrge(card) ? await crisisSupport(trx) : null,
})

const openAnswers = async (sealer: PracticeSealer, row: repository.CardRow) =>
  JSON.parse(await sealer.openText(sealedCard(row.id), row.content_sealed)) as Answers

const show = async (sealer: PracticeSealer, row: repository.CardRow): Promise<DiaryCard> => ({
  id: row.id,
  coversOn: row.covers_on,
  ...(await openAnswers(sealer, row)),
  inForce: row.in_force,
  supersedesId: row.supersedes_id,
  enteredOn: row.entered_on,
  recordedById: row.recorded_by,
  enteredBy: row.entered_by as DiaryCard['enteredBy'],
  createdAt: row.created_at.toISOString(),
})
