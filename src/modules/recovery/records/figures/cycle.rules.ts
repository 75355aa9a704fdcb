import { dayAfter } from '../../days.rules.ts'
import { counted, type FigureRow, mean, ofKind, present, rounded } from './rows.ts'

/** How the phases of the cycle followed one another and after what time, and in which of them the client left it. */
export function cycleOf(rows: readonly FigureRow[], today: string) {
  const entries = ofKind(rows, 'cycle_entry')
  const moves = entries.flatMap(({ keys: [from, to] }) => (from && to ? [{ from, to }] : []))
  const broken = entries.flatMap(({ keys: [phase], measures: [, , isBroken] }) =>
    phase && isBroken ? [phase] : [],
  )
  const hours = Map.groupBy(timesBetween(entries), ({ from, to }) => moveOf(from, to))
  const leaving = Map.groupBy(moves, ({ from }) => from)
  const shameBetween = (from: string, to: string) =>
    mean(
      entries
        .filter(({ occurredOn }) => occurredOn >= from && occurredOn <= to)
        .map(({ measures: [, shame] }) => shame)
        .filter(present),
      1,
    )
  return {
    transitions: [...Map.groupBy(moves, ({ from, to }) => moveOf(from, to))].map(([move, some]) => {
      const [{ from, to } = { from: '', to: '' }] = some
      const timed = hours.get(move) ?? []
      return {
        from,
        to,
        count: some.length,
        share: rounded(some.length / (leaving.get(from)?.length ?? 1)),
        timed: timed.length,
        meanHours: mean(timed.map(one => one.hours)),
      }
    }),
    brokenIn: counted(broken).map(({ word, count }) => ({ phase: word, count })),
    shame: {
      lastFourWeeks: shameBetween(dayAfter(today, -27), today),
      fourWeeksBefore: shameBetween(dayAfter(today, -55), dayAfter(today, -28)),
    },
  }
}

const moveOf = (from: string, to: string) => `${from} ${to}`

/**
 * From the beginning of a phase to that of the next one: of entries with a time of day, where the one that follows is of
 * the phase that was said to follow. Of every other it is not known how long it took.
 */
function timesBetween(entries: readonly FigureRow[]): { from: string; to: string; hours: number }[] {
  const timed = entries
    .flatMap(({ keys: [from, to], measures: [, , , at] }) => (from && present(at) ? [{ from, to, at }] : []))
    .toSorted((a, b) => a.at - b.at)
  return timed.flatMap(({ from, to, at }, index) => {
    const next = timed[index + 1]
    return to && next?.from === to ? [{ from, to, hours: (next.at - at) / 60 }] : []
  })
}
