import type { Allowed, ReleaseCategory } from '../releases/index.ts'
import type { LetterFacts } from './letters.schemas.ts'

/** What a letter may tell; the releases decide which of them. */
export const letterParts = [
  'attendance',
  'counts',
  'tasks',
  'stages',
] as const satisfies readonly ReleaseCategory[]
export type LetterPart = (typeof letterParts)[number]

export interface LetterHead {
  clientNames: readonly string[]
  recipientName: string
  writtenOn: string
  from: string
  to: string
  credentials: string
  basis: Pick<Allowed, 'releases' | 'part2'>
}

const states = { done: 'done', in_work: 'in work', open: 'not begun', resting: 'resting' } as const

/** The letter in words. It says facts, and nothing that is not among them. */
export function letterText(head: LetterHead, facts: LetterFacts): string {
  return [
    head.writtenOn,
    `To: ${head.recipientName}`,
    `Regarding: ${head.clientNames.join(' and ')}`,
    `This letter states what our records show from ${head.from} to ${head.to}. It holds no opinion, diagnosis or prediction.`,
    ...attendanceText(facts.attendance),
    ...countsText(facts.counts),
    ...tasksText(facts.tasks),
    ...stagesText(facts.stages),
    head.credentials,
    ...basisText(head.basis),
  ].join('\n\n')
}

/**
 * On what the letter rests. Of part 2 records a disclosure carries the notice and a clear explanation of the scope of the
 * consent (42 CFR 2.32(a)(2), (b)); of others the scope would tell that there is more.
 */
function basisText({ releases, part2 }: LetterHead['basis']): string[] {
  const told = releases.map(({ signed_on, until_on, categories }) => {
    const scope = part2 ? ` and allows to be told: ${categories.join(', ')}` : ''
    return `Given under a release of information signed on ${signed_on}, which holds until ${until_on}${scope}.`
  })
  return part2 ? [...told, part2Notice] : told
}

const part2Notice = '42 CFR part 2 prohibits unauthorized use or disclosure of these records.'

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
