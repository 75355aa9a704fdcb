import { intensivesOf } from '../intensives.ts'
import { createBookablePractice } from '../scheduling.ts'
import { type Cast, type Day, session } from './cast.ts'

type Timed = readonly [number: Day, from: string, to: string]

const together: readonly Timed[] = [
  [1, '09:00', '10:30'],
  [1, '15:30', '16:30'],
  [2, '09:00', '10:15'],
  [3, '09:00', '10:00'],
  [3, '10:22', '11:00'],
]
const alone: Timed = [1, '11:00', '11:52']

/** The days as they were booked, and given in full. */
export interface Blocks {
  joint(number: Day): string[]
  /** Caleb’s, alone with the lead. */
  his: string
}

/** Books the blocks of the couple’s three days, and records that they were given. */
export async function bookTheDays({ test, practice, lead, coupleId }: Cast): Promise<Blocks> {
  const bookable = await createBookablePractice(test, practice)
  const { planned, book, step, must, pass } = await intensivesOf(bookable, practice, lead)
  const { owner } = practice
  const blockOf = ([number, from, to]: Timed) => {
    const { startedAt, endedAt } = session(number, from, to)
    return { startsAt: startedAt, durationMinutes: (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000 }
  }
  const id = await planned(owner, { coupleId }, [
    ...together.map(blockOf),
    { ...blockOf(alone), kind: 'individual', participants: ['a'] },
  ])
  await must(book(owner, id))
  const started = { to: 'in_progress', despiteOpenGates: pass }
  const { blocks } = await must(step(lead, id, 'status-changes', started))
  const deliveries = blocks.map((one: { id: string; durationMinutes: number }) => ({
    blockId: one.id,
    deliveredMinutes: one.durationMinutes,
  }))
  await must(step(lead, id, 'deliveries', { blocks: deliveries }))
  const idAt = ([number, from, to]: Timed): string =>
    blocks.find((one: { startsAt: string }) => one.startsAt === session(number, from, to).startedAt).id
  return {
    joint: day => together.filter(([number]) => number === day).map(idAt),
    his: idAt(alone),
  }
}
