import { dayAfter } from '../../days.rules.ts'

/** What a check-in in force says of company; null where it did not ask. A weekly one tells of seven days together. */
export interface CheckedCompany {
  kind: 'daily' | 'weekly'
  coversOn: string
  meetings: number | null
  contacts: number | null
}

/**
 * How many there were on each day, from logs and check-ins, nothing counted twice: of a day the greater of what was logged
 * and what its daily check-in says. What a weekly check-in says beyond that of its seven days stands on its last day.
 *
 * @param logged the day of each entry of the log
 */
export function perDay(
  logged: readonly string[],
  checked: readonly CheckedCompany[],
  what: 'meetings' | 'contacts',
): Map<string, number> {
  const days = new Map<string, number>()
  for (const day of logged) days.set(day, (days.get(day) ?? 0) + 1)
  const told = checked.map(({ kind, coversOn, [what]: count }) => ({ kind, coversOn, count: count ?? 0 }))
  for (const { kind, coversOn, count } of told)
    if (kind === 'daily') days.set(coversOn, Math.max(days.get(coversOn) ?? 0, count))
  const weekly = told
    .filter(({ kind }) => kind === 'weekly')
    .toSorted((a, b) => (a.coversOn < b.coversOn ? -1 : 1))
  for (const { coversOn, count } of weekly) {
    const beyond = count - sumOf(days, dayAfter(coversOn, -6), coversOn)
    if (beyond > 0) days.set(coversOn, (days.get(coversOn) ?? 0) + beyond)
  }
  return new Map([...days].filter(([, count]) => count > 0))
}

/** Of these days, both counted. */
export const sumOf = (days: ReadonlyMap<string, number>, first: string, last: string): number =>
  [...days].reduce((sum, [day, count]) => (day >= first && day <= last ? sum + count : sum), 0)
