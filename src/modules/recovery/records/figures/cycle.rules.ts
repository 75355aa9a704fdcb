import { dayAfter } from '../../days.rules.ts'
import { counted, type FigureRow, mean, ofKind, present } from './rows.ts'

/** How the phases of the cycle followed one another, and in which of them the client left it. */
export function cycleOf(rows: readonly FigureRow[], today: string) {
  const entries = ofKind(rows, 'cycle_entry')
  const moves = entries.flatMap(({ keys: [from, to] }) => (from && to ? [{ from, to }] : []))
  const broken = entries.flatMap(({ keys: [phase], measures: [, , isBroken] }) =>
    phase && isBroken ? [phase] : [],
  )
  const shameBetween = (from: string, to: string) =>
    mean(
      entries
        .filter(({ occurredOn }) => occurredOn >= from && occurredOn <= to)
        .map(({ measures: [, shame] }) => shame)
        .filter(present),
      1,
    )
  return {
    transitions: [...Map.groupBy(moves, ({ from, to }) => `${from} ${to}`).values()].map(some => ({
      from: some[0]?.from ?? '',
      to: some[0]?.to ?? '',
      count: some.length,
    })),
    brokenIn: counted(broken).map(({ word, count }) => ({ phase: word, count })),
    shame: {
      lastFourWeeks: shameBetween(dayAfter(today, -27), today),
      fourWeeksBefore: shameBetween(dayAfter(today, -55), dayAfter(today, -28)),
    },
  }
}
