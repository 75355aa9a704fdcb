import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'
import { behaviorFigures } from '../recovery/index.ts'
import { progressOf, standingOfTasks, type TaskStanding, taskStatuses } from '../task-model/index.ts'
import type { PlanContent } from './content.schemas.ts'
import type { PlanObjective } from './elements.schemas.ts'
import type { ObjectiveEvidence } from './evidence.schemas.ts'
import type { NotesOnObjective } from './note-source.ts'

// What the records that an objective names, and the notes that name it, say of how it goes.

/** What is known about the objectives of one plan. */
export interface Evidence {
  tasks: readonly TaskStanding[]
  behaviors: ObjectiveEvidence['behaviors']
  notes: readonly NotesOnObjective[]
}

/**
 * What tasks and behaviors say: the same few statements however many there are.
 *
 * @param content with the behaviors that the reader may see, and no others
 */
export async function recordsFor(
  trx: PracticeTransaction,
  chart: OpenChart,
  content: PlanContent,
): Promise<Pick<Evidence, 'tasks' | 'behaviors'>> {
  const { objectives } = content
  const [tasks, behaviors] = await Promise.all([
    standingOfTasks(trx, chart, [...new Set(objectives.flatMap(({ taskKeys }) => taskKeys))]),
    behaviorFigures(trx, chart, [...new Set(objectives.flatMap(({ behaviorIds }) => behaviorIds))]),
  ])
  return { tasks, behaviors }
}

/** What of it is about one objective. */
export const evidenceOf = (objective: PlanObjective, { tasks, behaviors, notes }: Evidence) => ({
  tasks: tasksOf(tasks.filter(({ taskKey }) => objective.taskKeys.includes(taskKey))),
  behaviors: behaviors.filter(({ behaviorId }) => objective.behaviorIds.includes(behaviorId)),
  notes: notesOf(notes.filter(({ objectiveKey }) => objectiveKey === objective.key)),
})

function tasksOf(tasks: readonly TaskStanding[]): ObjectiveEvidence['tasks'] {
  const { applicable, done } = progressOf(tasks)
  return {
    applicable,
    signedOff: done,
    statuses: taskStatuses
      .map(status => ({ status, count: tasks.filter(task => task.status === status).length }))
      .filter(({ count }) => count > 0),
  }
}

function notesOf(notes: readonly NotesOnObjective[]): ObjectiveEvidence['notes'] {
  const newestFirst = notes.toSorted((a, b) => (a.lastOn < b.lastOn ? 1 : -1))
  return {
    count: notes.reduce((sum, { count }) => sum + count, 0),
    lastOn: newestFirst[0]?.lastOn ?? null,
    ratings: newestFirst.flatMap(({ rating, count, lastOn }) => (rating ? [{ rating, count, lastOn }] : [])),
  }
}
