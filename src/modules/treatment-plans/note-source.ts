import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenPlan } from './plans.repository.ts'

// Notes name objectives, so their module comes after this one and says here how they are counted.

export const progressRatings = ['none', 'some', 'substantial', 'regressed', 'not_assessed'] as const

/** Notes that are signed, with no co-signature missing, that worked on an objective and rated progress alike. */
export interface NotesOnObjective {
  objectiveKey: string
  /** Null where the note says nothing of progress. */
  rating: (typeof progressRatings)[number] | null
  count: number
  /** The day of the last session. */
  lastOn: string
}

type Count = (
  trx: PracticeTransaction,
  plan: { chartId: string; planId: string },
) => Promise<NotesOnObjective[]>

let count: Count | undefined

/** The module of the notes says once how notes on the objectives of a plan are counted, in one statement. */
export function countNotesWith(given: Count): void {
  count = given
}

export function notesOn(trx: PracticeTransaction, { row, chart }: OpenPlan): Promise<NotesOnObjective[]> {
  if (!count) throw new Error('No module said how notes on objectives are counted')
  return count(trx, { chartId: chart.id, planId: row.id })
}
