import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { invalidField, notFound } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { credentialTextOf } from '../practice/index.ts'
import { type Allowed, allowedBy, allowedToClient, disclose } from '../releases/index.ts'
import { countAttendance } from '../scheduling/index.ts'
import { progressOf } from './figures.ts'
import { currentTasks, loadParts } from './journey.read.ts'
import { type JourneyParts, templateTaskOf, toStage } from './journey.view.ts'
import { holdJourney, type JourneyPlace, openJourney } from './journey-door.ts'
import type { OpenJourney } from './journeys.repository.ts'
import { checkNotFuture } from './journeys.service.ts'
import * as repository from './letters.repository.ts'
import { type LetterPart, letterText } from './letters.rules.ts'
import type {
  LetterFacts,
  LetterQuery,
  NewProgressLetter,
  ProgressLetter,
  ProgressLetterSummary,
} from './letters.schemas.ts'
import { places } from './sealed-places.ts'
import { done, inWork, type TaskStatus } from './tasks.rules.ts'

/** What of a letter is sealed. */
type Content = Pick<ProgressLetter, 'recipientName' | 'from' | 'to' | 'facts' | 'text'>

/**
 * Writes a letter that tells what is asked for, as far as releases allow it, and nothing else; keeps it as it was written,
 * and records it as a disclosure.
 *
 * @throws Problem `not-found`, `not-released`, `unknown-reference`, `invalid-request`; `invalid-state` for a group
 */
export async function writeLetter(
  trx: PracticeTransaction,
  place: JourneyPlace,
  input: NewProgressLetter,
): Promise<ProgressLetter> {
  const writtenBy = recorder(trx)
  const [journey, [parts, credentials]] = await holdJourney(trx, place, key =>
    Promise.all([loadParts(trx, key), credentialTextOf(trx, writtenBy)]),
  )
  const { chart, row } = journey
  const id = uuidv7()
  // Which facts left the practice is what an accounting of disclosures asks for.
  trx.audit({ resourceType: 'journey-letter', resourceId: id, fields: input.allowed })
  const period = periodOf(journey, parts, input)
  const basis = await basisOf(trx, journey, input)
  const [facts, clientNames] = await Promise.all([
    factsOf(trx, journey, parts, input.allowed, period),
    repository.legalNamesOf(trx, chart.kind === 'couple' ? basis.clientIds : chart.clientIds),
  ])
  const recipientName = basis.recipient ?? clientNames.join(' and ')
  const head = { clientNames, recipientName, writtenOn: parts.clock.today, credentials, basis, ...period }
  const content: Content = { recipientName, ...period, facts, text: letterText(head, facts) }
  await repository.insertLetter(trx, {
    id,
    journey_id: row.id,
    recipient_kind: basis.recipientKind,
    allowed: input.allowed,
    content_sealed: await trx.seal(places.letter(id), JSON.stringify(content)),
    written_by: writtenBy,
  })
  await disclose(trx, chart, basis, { letterId: id })
  emit(trx, { type: 'journey.letter-written', resourceId: id, chartId: chart.id })
  return showLetter(trx, journey, id)
}

/** What allows the letter. Without a release it is written to the client. */
function basisOf(
  trx: PracticeTransaction,
  { chart }: OpenJourney,
  { releaseIds, allowed }: NewProgressLetter,
): Promise<Allowed> {
  if (releaseIds.length === 0)
    return allowedToClient(trx, chart, { categories: allowed, pointer: '/releaseIds' })
  return allowedBy(trx, chart, {
    releaseIds,
    categories: allowed,
    pointerOf: at => `/releaseIds/${at}`,
  })
}

/** @throws Problem `not-found` */
export async function getLetter(
  trx: PracticeTransaction,
  place: JourneyPlace & { letterId: string },
): Promise<ProgressLetter> {
  const journey = await openJourney(trx, place)
  trx.audit({ resourceType: 'journey-letter', resourceId: place.letterId })
  return showLetter(trx, journey, place.letterId)
}

/** Oldest first. @throws Problem `not-found`, `invalid-cursor` */
export async function listLetters(
  trx: PracticeTransaction,
  place: JourneyPlace,
  { cursor, limit = limits.page.default }: LetterQuery,
): Promise<Page<ProgressLetterSummary>> {
  const journey = await openJourney(trx, place)
  const filter = { journeyId: place.journeyId }
  const after = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const rows = await repository.listLetters(trx, journey, { limit, after })
  return toPage(rows, limit, toSummary, row => trx.cursorAfter(filter, [row.id]))
}

async function showLetter(
  trx: PracticeTransaction,
  journey: OpenJourney,
  id: string,
): Promise<ProgressLetter> {
  const row = await repository.findLetter(trx, journey, id)
  if (!row) throw notFound()
  const content = JSON.parse((await trx.open(places.letter(id), row.content_sealed)).toString()) as Content
  return { ...toSummary(row), ...content }
}

const toSummary = (row: repository.LetterRow): ProgressLetterSummary => ({
  id: row.id,
  journeyId: row.journey_id,
  recipientKind: row.recipient_kind as ProgressLetterSummary['recipientKind'],
  allowed: row.allowed as ProgressLetterSummary['allowed'],
  writtenById: row.written_by,
  writtenAt: row.written_at.toISOString(),
})

function periodOf(
  { row }: OpenJourney,
  { clock }: JourneyParts,
  input: Pick<NewProgressLetter, 'from' | 'to'>,
): { from: string; to: string } {
  const { from = row.started_on, to = clock.today } = input
  checkNotFuture('/to', to, clock.today)
  if (to < from) throw invalidField('/to', 'order', 'Must not be before the first day.')
  return { from, to }
}

async function factsOf(
  trx: PracticeTransaction,
  journey: OpenJourney,
  parts: JourneyParts,
  allowed: readonly LetterPart[],
  period: { from: string; to: string },
): Promise<LetterFacts> {
  const tasks = currentTasks(parts).filter(({ status }) => status !== 'not_applicable')
  const facts: LetterFacts = {}
  if (allowed.includes('attendance')) facts.attendance = await countAttendance(trx, journey.chart, period)
  if (allowed.includes('counts')) {
    const { applicable, done: finished, inWork: working } = progressOf(tasks)
    facts.counts = { applicable, done: finished, inWork: working }
  }
  if (allowed.includes('tasks'))
    facts.tasks = tasks.map(task => ({
      label: templateTaskOf(parts.contents, task).label,
      state: stateOf(task.status),
    }))
  if (allowed.includes('stages')) facts.stages = await stagesOf(trx, journey, parts, period)
  return facts
}

/** Those that began before the last day and had not ended before the first. */
async function stagesOf(
  trx: PracticeTransaction,
  journey: OpenJourney,
  parts: JourneyParts,
  { from, to }: { from: string; to: string },
): Promise<NonNullable<LetterFacts['stages']>> {
  const stages = await Promise.all(parts.stages.map(row => toStage(trx, row, journey, parts)))
  return stages
    .filter(({ enteredOn, leftOn }) => enteredOn <= to && (leftOn === null || leftOn >= from))
    .map(({ label, enteredOn, leftOn }) => ({
      label,
      enteredOn,
      leftOn: leftOn !== null && leftOn <= to ? leftOn : null,
    }))
}

/** Outside nobody needs to know who looked at what when. */
function stateOf(status: TaskStatus): 'done' | 'in_work' | 'open' | 'resting' {
  if (done.includes(status)) return 'done'
  if (inWork.includes(status)) return 'in_work'
  return status === 'deferred' ? 'resting' : 'open'
}
