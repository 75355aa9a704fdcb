import { dayAfter, dayNumber } from '../../days.rules.ts'
import { attendingStatuses } from '../kinds/fellowship.ts'
import { type CheckedCompany, perDay, sumOf } from './days-told.rules.ts'
import { type FigureRow, ofKind, rounded } from './rows.ts'

/** Meetings against the client's own goal, and of the last ninety days: as told, nobody verifies them. */
export function meetingsOf(rows: readonly FigureRow[], today: string, checked: readonly CheckedCompany[]) {
  const logged = ofKind(rows, 'meeting_log').map(({ occurredOn }) => occurredOn)
  const days = perDay(logged, checked, 'meetings')
  const goals = ofKind(rows, 'fellowship_participation').filter(({ status }) =>
    (attendingStatuses as readonly string[]).includes(status),
  )
  const ninety = dayAfter(today, -89)
  return {
    perWeek: rounded(sumOf(days, dayAfter(today, -27), today) / 4),
    goalPerWeek: goals.reduce((sum, { measures: [perWeek] }) => sum + (perWeek ?? 0), 0),
    inNinetyDays: sumOf(days, ninety, today),
    daysWithMeetingInNinety: [...days.keys()].filter(day => day >= ninety && day <= today).length,
    daysSinceSponsorContact: sinceSponsor(rows, today),
    stepsDone: new Set(
      ofKind(rows, 'step_work')
        .filter(({ status }) => status !== 'started')
        .map(({ keys: [fellowship], measures: [step] }) => `${fellowship} ${step}`),
    ).size,
  }
}

/** @returns null without a sponsor, or where no contact with one is logged */
function sinceSponsor(rows: readonly FigureRow[], today: string): number | null {
  const sponsors = new Set(
    ofKind(rows, 'sponsor')
      .filter(({ status }) => status === 'active')
      .map(({ id }) => id),
  )
  const days = ofKind(rows, 'contact_log')
    .filter(({ relatedId }) => relatedId && sponsors.has(relatedId))
    .map(({ occurredOn }) => dayNumber(today) - dayNumber(occurredOn))
  return days.length > 0 ? Math.min(...days) : null
}
