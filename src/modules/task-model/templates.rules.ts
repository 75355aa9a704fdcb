import { type FieldError, Problem } from '../../lib/problems.ts'
import type { ProgramDocument } from './templates.schemas.ts'

export const templateKinds = ['task_program', 'stage_model'] as const
export type TemplateKind = (typeof templateKinds)[number]

export const audiences = ['individual', 'partner', 'couple', 'any'] as const
export type Audience = (typeof audiences)[number]

export const evidenceTypes = ['text', 'attestation', 'session', 'instrument', 'date', 'count'] as const
export type EvidenceType = (typeof evidenceTypes)[number]

/** How far a statement may be trusted: seen in a published source, general knowledge, or conflicting. */
export const confidences = ['published', 'general_knowledge', 'unsure'] as const

export const versionStatuses = ['draft', 'published', 'retired'] as const
export type VersionStatus = (typeof versionStatuses)[number]

const steps = {
  write: { from: ['draft'], refusal: 'Only a draft is written anew. Add another version instead.' },
  publish: { from: ['draft'], refusal: 'Only a draft can be published.' },
  retire: { from: ['draft', 'published'], refusal: 'This version is retired.' },
  enroll: { from: ['published'], refusal: 'Only a published version takes anybody in.' },
} as const satisfies Record<string, { from: readonly VersionStatus[]; refusal: string }>

/** @throws Problem `invalid-state` */
export function requireVersionStep(status: VersionStatus, step: keyof typeof steps): void {
  const { from, refusal }: { from: readonly VersionStatus[]; refusal: string } = steps[step]
  if (!from.includes(status)) throw new Problem('invalid-state', { detail: refusal })
}

/**
 * What a schema cannot say of a document: keys are unique, what is referred to is there, and no task waits for itself.
 *
 * @throws Problem `invalid-request` that names every place
 */
export function checkDocument(document: ProgramDocument): void {
  const errors = [
    ...kindErrors(document),
    ...twins('/sections', document.sections),
    ...twins('/tasks', document.tasks),
    ...twins('/stages', document.stages),
    ...document.tasks.flatMap((task, index) => taskErrors(document, task, `/tasks/${index}`)),
    ...document.stages.flatMap(({ typical }, index) => bandErrors(typical, `/stages/${index}/typical`)),
  ]
  // Circles are looked for only among prerequisites that are there.
  if (errors.length === 0) errors.push(...circleErrors(document))
  if (errors.length > 0) throw new Problem('invalid-request', { errors: errors.slice(0, 50) })
}

type Task = ProgramDocument['tasks'][number]

function kindErrors({ kind, tasks, sections, stages }: ProgramDocument): FieldError[] {
  if (kind === 'task_program') {
    return [
      ...(tasks.length === 0 ? [fault('/tasks', 'required', 'A task program has tasks.')] : []),
      ...(stages.length > 0 ? [fault('/stages', 'not-allowed', 'A task program has no stages.')] : []),
    ]
  }
  return [
    ...(stages.length === 0 ? [fault('/stages', 'required', 'A stage model has stages.')] : []),
    ...(tasks.length > 0 ? [fault('/tasks', 'not-allowed', 'A stage model has no tasks.')] : []),
    ...(sections.length > 0 ? [fault('/sections', 'not-allowed', 'A stage model has no sections.')] : []),
  ]
}

function taskErrors({ sections, tasks }: ProgramDocument, task: Task, at: string): FieldError[] {
  const taskKeys = new Set(tasks.map(({ key }) => key))
  const isKnown = sections.some(({ key }) => key === task.sectionKey)
  return [
    ...(isKnown ? [] : [fault(`${at}/sectionKey`, 'unknown', 'There is no section with this key.')]),
    ...task.prerequisiteKeys.flatMap((key, index) =>
      taskKeys.has(key)
        ? []
        : [fault(`${at}/prerequisiteKeys/${index}`, 'unknown', 'There is no task with this key.')],
    ),
    ...twins(`${at}/performables`, task.performables),
  ]
}

function bandErrors(band: ProgramDocument['stages'][number]['typical'], at: string): FieldError[] {
  if (band?.toDays == null || band.toDays >= band.fromDays) return []
  return [fault(`${at}/toDays`, 'order', 'Must not be before `fromDays`.')]
}

function twins(at: string, entries: readonly { key: string }[]): FieldError[] {
  const seen = new Set<string>()
  return entries.flatMap(({ key }, index) => {
    if (!seen.has(key)) {
      seen.add(key)
      return []
    }
    return [fault(`${at}/${index}/key`, 'unique', 'This key is used before.')]
  })
}

/** Takes away, again and again, the tasks that wait for none of the others; those that are left wait in a circle. */
function circleErrors({ tasks }: ProgramDocument): FieldError[] {
  let waiting = tasks.map((task, index) => ({ ...task, index }))
  for (;;) {
    const keys = new Set(waiting.map(({ key }) => key))
    const left = waiting.filter(({ prerequisiteKeys }) => prerequisiteKeys.some(key => keys.has(key)))
    if (left.length === waiting.length) break
    waiting = left
  }
  return waiting.map(({ index }) =>
    fault(`/tasks/${index}/prerequisiteKeys`, 'circle', 'Prerequisites must not lead back to a task.'),
  )
}

const fault = (pointer: string, code: string, detail: string): FieldError => ({ pointer, code, detail })
