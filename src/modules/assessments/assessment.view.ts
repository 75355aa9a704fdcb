import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound } from '../../lib/problems.ts'
import * as answersRepository from './answers.repository.ts'
import * as repository from './assignments.repository.ts'
import type { AssignmentChange, AssignmentStatus } from './assignments.rules.ts'
import type { Assessment, AssessmentAssignment, ScaleResult } from './assignments.schemas.ts'
import { crisisSupport } from './crisis.ts'
import type { InstrumentDefinition, InstrumentScale, Target } from './definitions.schemas.ts'
import { findInstrument, type KnownInstrument, shipped } from './library.ts'
import { sealedComment } from './sealed-places.ts'
import { currentTexts, type TextRow } from './texts.repository.ts'

const titleOf = ({ own_title, instrument_key }: repository.AssignmentRow) =>
  own_title ?? shipped.find(({ key }) => key === instrument_key)?.definition.title ?? instrument_key

/** The assignment without answers and scores. */
export function toAssignment(row: repository.AssignmentRow): AssessmentAssignment {
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.client_id,
    instrument: { key: row.instrument_key, edition: row.edition, title: titleOf(row) },
    dataClass: row.data_class as AssessmentAssignment['dataClass'],
    mode: row.mode as AssessmentAssignment['mode'],
    target: row.target as Target | null,
    status: row.status as AssignmentStatus,
    overdue: row.overdue,
    dueOn: row.due_on,
    expiresOn: row.expires_on,
    repeatEveryWeeks: row.repeat_weeks,
    seriesId: row.series_id,
    occurrence: row.occurrence,
    replacesId: row.replaces_id,
    assignedById: row.assigned_by,
    completedAt: row.completed_at?.toISOString() ?? null,
    releasedAt: row.released_at?.toISOString() ?? null,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

/** The edition an assignment was made under, which never goes away. */
export async function instrumentOf(
  trx: PracticeTransaction,
  row: Pick<repository.AssignmentRow, 'instrument_key' | 'edition'>,
): Promise<KnownInstrument> {
  const instrument = await findInstrument(trx, row.instrument_key, row.edition)
  if (!instrument) throw new Error('An assignment names an edition that is not there')
  return instrument
}

/** What never changes of an assignment. */
export type KnownAssignment = Pick<repository.AssignmentRow, 'id' | 'instrument_key' | 'edition'>

/**
 * The whole of it, for staff, in one round trip beside the row itself.
 *
 * @param found the row as it is now, which may still be on its way
 * @throws Problem `not-found`
 */
export async function toAssessment(
  trx: PracticeTransaction,
  { id, instrument_key, edition }: KnownAssignment,
  found: repository.AssignmentRow | Promise<repository.AssignmentRow | undefined>,
): Promise<Assessment> {
  const [row, { definition }, texts, completed, scores, changes, replacementId] = await Promise.all([
    found,
    instrumentOf(trx, { instrument_key, edition }),
    currentTexts(trx, instrument_key, edition),
    answersRepository.findCompleted(trx, id),
    answersRepository.listScores(trx, id),
    repository.listChanges(trx, id),
    repository.findReplacement(trx, id),
  ])
  if (!row) throw notFound()
  return {
    ...toAssignment(row),
    form: formOf(definition, texts),
    answers: { ...(await answersOf(trx, row, completed)) },
    result: completed ? { ...resultOf(definition, completed), scales: resultsOf(definition, scores) } : null,
    crisis: completed && completed.flags.length > 0 ? await crisisSupport(trx) : null,
    replacementId,
    history: await Promise.all(changes.map(change => toChange(trx, change))),
  }
}

/** What was answered, or was answered so far. */
export const answersOf = (
  trx: PracticeTransaction,
  row: repository.AssignmentRow,
  completed: answersRepository.CompletedRow | undefined,
) => (completed ? answersRepository.openAnswers(trx, completed) : answersRepository.draftOf(trx, row.id))

const resultOf = (definition: InstrumentDefinition, completed: answersRepository.CompletedRow) => ({
  algorithmVersion: completed.algorithm_version,
  completedOn: completed.completed_on,
  enteredBy: completed.entered_by as 'staff' | 'client',
  recordedById: completed.recorded_by,
  flags: definition.flags
    .filter(({ key }) => completed.flags.includes(key))
    .map(({ key, label, severity }) => ({ key, label, severity })),
})

/** Scores in the order of the definition, with what their sources say about them. */
export function resultsOf(
  definition: InstrumentDefinition,
  scores: readonly answersRepository.ScoreRow[],
): ScaleResult[] {
  const byScale = new Map(scores.map(score => [score.scale, score]))
  return definition.scales.flatMap(scale => {
    const score = byScale.get(scale.key)
    return score ? [toResult(scale, score)] : []
  })
}

function toResult(scale: InstrumentScale, score: answersRepository.ScoreRow): ScaleResult {
  const level = scale.bands?.levels.find(({ key }) => key === score.band)
  return {
    scale: scale.key,
    label: scale.label,
    value: score.value,
    missing: score.missing,
    prorated: score.prorated,
    higherIs: scale.higherIs,
    confidence: scale.confidence,
    band: level && scale.bands ? { key: level.key, label: level.label, ...sourceOf(scale.bands) } : null,
    screens: (scale.cutoffs ?? [])
      .filter(({ key }) => score.met.includes(key))
      .map(cutoff => ({ key: cutoff.key, label: cutoff.label, ...sourceOf(cutoff) })),
  }
}

const sourceOf = ({
  source,
  year,
  population,
}: Pick<ScaleResult['screens'][number], 'source' | 'year' | 'population'>) => ({
  source,
  year,
  population,
})

/** The questions as they are shown: in the practice's wording where there is one, else by our short labels. */
export function formOf(definition: InstrumentDefinition, texts: readonly TextRow[]): Assessment['form'] {
  const [text] = texts
  const sets = new Map(definition.responseSets.map(set => [set.key, set.options]))
  return {
    recall: definition.recall,
    licenseNote: definition.license.note,
    language: text?.language ?? null,
    items: definition.items.map(({ key, label, responses, askIf }) => ({
      key,
      text: text?.texts.items[key] ?? label,
      options: (sets.get(responses) ?? []).map(option => ({
        value: option.value,
        label: text?.texts.options[key]?.[String(option.value)] ?? option.label,
      })),
      askIf: askIf ?? null,
    })),
  }
}

async function toChange(trx: PracticeTransaction, row: repository.ChangeRow) {
  const { comment_sealed: sealed } = row
  return {
    change: row.change as AssignmentChange,
    comment: sealed ? (await trx.open(sealedComment(row.id), sealed)).toString() : null,
    recordedById: row.recorded_by,
    createdAt: row.recorded_at.toISOString(),
  }
}
