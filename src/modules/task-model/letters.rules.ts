import type { LetterFacts } from './letters.schemas.ts'

export const recipientKinds = [
  'court',
  'probation',
  'attorney',
  'referrer',
  'employer',
  'licensing_board',
  'client',
] as const

/** What a letter may tell; the release of the client decides which of them. */
export const letterParts = ['attendance', 'counts', 'tasks', 'stages'] as const
export type LetterPart = (typeof letterParts)[number]

export interface LetterHead {
  clientName: string
  recipientName: string
  writtenOn: string
  from: string
  to: string
  credentials: string
}

const states = { done: 'done', in_work: 'in work', open: 'not begun', resting: 'resting' } as const

/** The letter in words. It says facts, and nothing that is not among them. */
export function letterText(head: LetterHead, facts: LetterFacts): string {
  return [
    head.writtenOn,
    `To: ${head.recipientName}`,
    `Regarding: ${head.clientName}`,
    `This letter states what our records show from ${head.from} to ${head.to}, as far as the release we hold allows. It holds no opinion, diagnosis or prediction.`,
    ...attendanceText(facts.attendance),
    ...countsText(facts.counts),
    ...tasksText(facts.tasks),
    ...stagesText(facts.stages),
    head.credentials,
  ].join('\n\n')
}

function attendanceText(attendance: LetterFacts['attendance']): string[] {
  if (!attendance) return []
  const { attended, missed, canceled } = attendance
  return [`Sessions attended: ${attended}. Missed without notice: ${missed}. Canceled: ${canceled}.`]
}

function countsText(counts: LetterFacts['counts']): string[] {
  if (!counts) return []
  return [`Assigned steps: ${counts.applicable}. Completed: ${counts.done}. In work: ${counts.inWork}.`]
}

function tasksText(tasks: LetterFacts['tasks']): string[] {
  if (!tasks) return []
  return [['Steps:', ...tasks.map(({ label, state }) => `- ${label}: ${states[state]}`)].join('\n')]
}

function stagesText(stages: LetterFacts['stages']): string[] {
  if (!stages) return []
  const lines = stages.map(
    ({ label, enteredOn, leftOn }) => `- ${label}: from ${enteredOn}${leftOn ? ` to ${leftOn}` : ''}`,
  )
  return [['Stages:', ...lines].join('\n')]
}
