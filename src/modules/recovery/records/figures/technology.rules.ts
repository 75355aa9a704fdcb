import { dayAfter, daysThrough } from '../../days.rules.ts'
import { coveredStatuses } from '../kinds/technology.ts'
import { counted, type FigureRow, type FigureStep, ofKind } from './rows.ts'

const covered: readonly string[] = coveredStatuses

/** Of each technology plan: on how many days since its first active one it was active, and what its tool told. */
export function technologyOf(rows: readonly FigureRow[], steps: readonly FigureStep[], today: string) {
  const events = ofKind(rows, 'accountability_event')
  return ofKind(rows, 'tech_plan').map(plan => {
    const own = steps.filter(({ recordId }) => recordId === plan.id)
    const { coveredDays, days } = coverageOf(own, today)
    const told = events
      .filter(({ relatedId }) => relatedId === plan.id)
      .map(({ keys: [event] }) => event ?? '')
    return {
      recordId: plan.id,
      status: plan.status,
      days,
      coveredDays,
      coveragePercent: days > 0 ? Math.round((coveredDays / days) * 100) : null,
      events: counted(told).map(({ word, count }) => ({ event: word, count })),
    }
  })
}

/** A day belongs to the status that was entered on it last; the day of a removal is no longer counted. */
export function coverageOf(
  steps: readonly FigureStep[],
  today: string,
): { coveredDays: number; days: number } {
  const spans = steps.map(({ status, effectiveOn }, index) => {
    const next = steps[index + 1]
    return { status, first: effectiveOn, last: next ? dayAfter(next.effectiveOn, -1) : today }
  })
  const firstActive = spans.findIndex(({ status }) => covered.includes(status))
  const counted = firstActive < 0 ? [] : spans.slice(firstActive).filter(({ status }) => status !== 'removed')
  const daysOf = (some: typeof spans) =>
    some.reduce((sum, { first, last }) => sum + daysThrough(first, last), 0)
  return {
    coveredDays: daysOf(counted.filter(({ status }) => covered.includes(status))),
    days: daysOf(counted),
  }
}
