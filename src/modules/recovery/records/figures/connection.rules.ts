import { dayAfter, dayNumber } from '../../days.rules.ts'
import { type FigureRow, mean, ofKind, present, rounded } from './rows.ts'

/**
 * From which rating on a contact counts as a vulnerable one. No published cut-off was found: a setting of good practice.
 */
export const vulnerableContact = {
  value: 5,
  source: 'clinical judgment; no published cut-off',
  confidence: 'general_knowledge',
} as const

/** The last seven days, today counted: with how many people, in how many meetings, how openly. */
export function connectionOf(rows: readonly FigureRow[], today: string) {
  const weekStart = dayAfter(today, -6)
  const contacts = ofKind(rows, 'contact_log')
  const meetings = ofKind(rows, 'meeting_log')
  const thisWeek = contacts.filter(({ occurredOn }) => occurredOn >= weekStart)
  const last = [...contacts, ...meetings].reduce(
    (latest, row) => (row.occurredOn > latest ? row.occurredOn : latest),
    '',
  )
  return {
    distinctPeople: new Set(thisWeek.flatMap(({ relatedId }) => relatedId ?? [])).size,
    contacts: thisWeek.length,
    vulnerableContacts: thisWeek.filter(({ measures: [open] }) => (open ?? 0) >= vulnerableContact.value)
      .length,
    meetings: meetings.filter(({ occurredOn }) => occurredOn >= weekStart).length,
    lastContactOn: last || null,
    daysSinceContact: last ? dayNumber(today) - dayNumber(last) : null,
  }
}

/** Hours a week with substitutes: what was said last of each, today and four weeks ago. */
export function substitutesOf(rows: readonly FigureRow[], today: string) {
  const entries = ofKind(rows, 'substitute_bond')
  const hoursOn = (day: string) => {
    const latest = new Map<string, number>()
    for (const { occurredOn, keys, measures } of entries)
      if (occurredOn <= day) latest.set(keys[0] ?? '', measures[0] ?? 0)
    return latest
  }
  const [now, before] = [hoursOn(today), hoursOn(dayAfter(today, -28))]
  const total = (hours: ReadonlyMap<string, number>) =>
    rounded([...hours.values()].reduce((sum, one) => sum + one, 0))
  return {
    types: [...now].map(([type, hoursPerWeek]) => ({ type, hoursPerWeek })),
    hoursPerWeek: total(now),
    hoursPerWeekFourWeeksAgo: total(before),
  }
}

/** Practices of intimacy in the last four weeks. */
export function intimacyOf(rows: readonly FigureRow[], today: string) {
  const practices = ofKind(rows, 'intimacy_practice').filter(
    ({ occurredOn }) => occurredOn >= dayAfter(today, -27),
  )
  return {
    perWeek: rounded(practices.length / 4),
    feltSafety: mean(practices.map(({ measures: [felt] }) => felt).filter(present), 1),
    partnerRating: mean(practices.map(({ measures: [, rating] }) => rating).filter(present), 1),
  }
}
