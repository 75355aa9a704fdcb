import { v7 as uuidv7 } from 'uuid'
import type { NewPerformable, NewTask } from './tasks.repository.ts'
import type { ProgramDocument } from './templates.schemas.ts'

type TemplateTask = ProgramDocument['tasks'][number]

/** Tasks of a template as a journey begins them, in the order of the template. */
export const newTasksOf = (tasks: readonly TemplateTask[]): NewTask[] =>
  tasks.map(({ key, performables }, position) => ({
    id: uuidv7(),
    key,
    position,
    performables: performables.map(newPerformableOf),
  }))

const newPerformableOf = ({
  key,
  evidenceType,
  required,
  restricted,
}: TemplateTask['performables'][number]): NewPerformable => ({
  id: uuidv7(),
  key,
  evidenceType,
  required,
  restricted,
})

/** The performables of these tasks, in their order. */
export const performablesIn = (tasks: readonly NewTask[]) =>
  tasks.flatMap(({ id: taskId, position, performables }) =>
    performables.map((performable, index) => ({ ...performable, taskId, position: position * 100 + index })),
  )
