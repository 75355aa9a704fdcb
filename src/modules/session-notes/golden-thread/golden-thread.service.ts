import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { openChart } from '../../charts/index.ts'
import { clientToday } from '../../clients/index.ts'
import { rangeOf } from '../../recovery/index.ts'
import { planInForce } from '../../treatment-plans/index.ts'
import * as repository from './golden-thread.repository.ts'
import { type GoldenThread, type GoldenThreadQuery, mostLooseNotes } from './golden-thread.schemas.ts'

const usualDays = 90

/**
 * Whether the objectives of the plan in force are worked on, and which sessions are about none. Of notes that are
 * signed, with no co-signature missing; the same few statements however many there are.
 *
 * @throws Problem `not-found`, `invalid-request` for a range that is too long
 */
export async function goldenThread(
  trx: PracticeTransaction,
  chartId: string,
  days: GoldenThreadQuery,
): Promise<GoldenThread> {
  trx.audit({ resourceType: 'golden-thread' })
  const chart = await openChart(trx, chartId, { dataClass: 'clinical', permission: 'notes:read' })
  const [today, plan] = await Promise.all([clientToday(trx, chart), planInForce(trx, chart)])
  const range = rangeOf(days, today, usualDays, limits.noteTrends.rangeDays)
  const [counts, loose] = await Promise.all([
    plan ? repository.countByObjective(trx, chart, plan.planId, range) : [],
    repository.listWithoutObjectives(trx, chart, range, mostLooseNotes),
  ])
  const objectives = (plan?.objectives ?? []).map(({ key, text }) => {
    const count = counts.find(({ objective_key }) => objective_key === key)
    return { objectiveKey: key, text, notes: count?.notes ?? 0, lastAddressedOn: count?.last_on ?? null }
  })
  return {
    ...range,
    planId: plan?.planId ?? null,
    objectives,
    objectivesWithoutNotes: objectives.filter(({ notes }) => notes === 0).map(one => one.objectiveKey),
    notesWithoutObjectives: loose.map(note => ({
      noteId: note.id,
      sessionDate: note.session_date,
      authorId: note.author_id,
    })),
    notesWithoutObjectivesCount: loose[0]?.total ?? 0,
  }
}
