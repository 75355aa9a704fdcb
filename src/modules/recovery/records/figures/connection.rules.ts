import { dayAfter, dayNumber } from '../../days.rules.ts'
import { type CheckedCompany, perDay, sumOf } from './days-told.rules.ts'
import { type FigureRow, mean, ofKind, present, rounded } from './rows.ts'

/**
 * From which rating on a contact counts as a vulnerable one. No published cut-off was found: a setting of good practice.
 */
export const vulnerableContact = {
  value: 5,
  source: 'clinical judgment; no published cut-off',
  confidence: 'general_knowledge',
} as const

/** The last seven days, today counted: with how many people, in how many meetings, how openly. Check-ins name nobody. */
export function connectionOf(rows: readonly FigureRow[], today: string, checked: readonly CheckedCompany[]) {
  const weekStart = dayAfter(today, -6)
  const contacts = ofKind(rows, 'contact_log')
  const contactDays = perDay(contacts.map(dayOf), checked, 'contacts')
  const meetingDays = perDay(ofKind(rows, 'meeting_log').map(dayOf), checked, 'meetings')
  const thisWeek = contacts.filter(({ occurredOn }) => occurredOn >= weekStart)
  const last = [...contactDays.keys(), ...meetingDays.keys()].toSorted().at(-1)
  return {
    distinctPeople: new Set(thisWeek.flatMap(({ relatedId }) => relatedId ?? [])).size,
    contacts: sumOf(contactDays, weekStart, today),
    vulnerableContacts: thisWeek.filter(({ measures: [open] }) => (open ?? 0) >= vulnerableContact.value)
      .length,
    meetings: sumOf(meetingDays, weekStart, today),
    lastContactOn: last ?? null,
    daysSinceContact: last ? dayNumber(today) - dayNumber(last) : null,
  }
}

const dayOf = ({ occurredOn }: FigureRow) => occurredOn

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
