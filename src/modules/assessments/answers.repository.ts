import type { Insertable, Selectable } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { AssessmentScores, Assessments } from '../../lib/database/schema.ts'
import type { Answers } from './scoring.rules.ts'
import { sealedAnswers, sealedDraft } from './sealed-places.ts'

export type CompletedRow = Selectable<Assessments>
export type ScoreRow = Selectable<AssessmentScores>

/** The answers so far of an assignment that waits for them. */
export async function draftOf(trx: PracticeTransaction, assessmentId: string): Promise<Answers> {
  const [row] = await Promise.all([
    trx
      .selectFrom('assessment_drafts')
      .select(['answers_sealed', 'version'])
      .where('practice_id', '=', trx.practiceId)
      .where('assignment_id', '=', assessmentId)
      .executeTakeFirst(),
    trx.sealer(),
  ])
  return row ? opened(await trx.open(sealedDraft(assessmentId, row.version), row.answers_sealed)) : {}
}

/**
 * Stores the answers so far.
 *
 * @param version the assignment's, which this save made
 */
export async function saveDraft(
  trx: PracticeTransaction,
  assessmentId: string,
  version: number,
  answers: Answers,
): Promise<void> {
  const answers_sealed = await trx.seal(sealedDraft(assessmentId, version), JSON.stringify(answers))
  trx.later(
    trx
      .insertInto('assessment_drafts')
      .values({ practice_id: trx.practiceId, assignment_id: assessmentId, version, answers_sealed })
      .onConflict(conflict =>
        conflict.columns(['practice_id', 'assignment_id']).doUpdateSet({ version, answers_sealed }),
      ),
  )
}

export async function removeDraft(trx: PracticeTransaction, assessmentId: string): Promise<void> {
  await trx
    .deleteFrom('assessment_drafts')
    .where('practice_id', '=', trx.practiceId)
    .where('assignment_id', '=', assessmentId)
    .execute()
}

export function findCompleted(
  trx: PracticeTransaction,
  assessmentId: string,
): Promise<CompletedRow | undefined> {
  return trx
    .selectFrom('assessments')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('assignment_id', '=', assessmentId)
    .executeTakeFirst()
}

export const openAnswers = async (trx: PracticeTransaction, row: CompletedRow): Promise<Answers> =>
  opened(await trx.open(sealedAnswers(row.assignment_id), row.answers_sealed))

const opened = (text: Buffer) => JSON.parse(text.toString()) as Answers

/** Stores what was answered and how it scored, for good. */
export async function insertCompleted(
  trx: PracticeTransaction,
  values: Omit<Insertable<Assessments>, 'practice_id'>,
  scores: readonly Omit<Insertable<AssessmentScores>, 'practice_id' | 'assignment_id'>[],
): Promise<void> {
  const { practiceId: practice_id } = trx
  const { assignment_id } = values
  // Sent in this order, in one round trip.
  await Promise.all([
    trx
      .insertInto('assessments')
      .values({ ...values, practice_id })
      .execute(),
    trx
      .insertInto('assessment_scores')
      .values(scores.map(score => ({ ...score, practice_id, assignment_id })))
      .execute(),
  ])
}

export function listScores(trx: PracticeTransaction, assessmentId: string): Promise<ScoreRow[]> {
  return trx
    .selectFrom('assessment_scores')
    .selectAll()
    .where('practice_id', '=', trx.practiceId)
    .where('assignment_id', '=', assessmentId)
    .execute()
}
