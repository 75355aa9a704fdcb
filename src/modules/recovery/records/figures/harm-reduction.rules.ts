import { dayAfter, daysThrough } from '../../days.rules.ts'
import { type FigureRow, ofKind, rounded } from './rows.ts'

const fourWeeks = 28
const running: readonly string[] = ['active', 'met', 'tightened', 'loosened']

/**
 * Running goals against their baseline: events a week over the last four weeks, or since the goal began. The risk of an
 * event is counted as often as the event.
 */
export function harmReductionOf(rows: readonly FigureRow[], today: string) {
  const entries = ofKind(rows, 'harm_reduction_entry')
  return ofKind(rows, 'harm_reduction_goal')
    .filter(({ status }) => running.includes(status))
    .map(goal => {
      const [baseline = 0, baselineRisk = 0, target = 0] = goal.measures.map(measure => measure ?? 0)
      const first = [goal.occurredOn, dayAfter(today, 1 - fourWeeks)].toSorted()[1] ?? today
      const days = daysThrough(first, today)
      const own = entries.filter(({ relatedId, occurredOn }) => relatedId === goal.id && occurredOn >= first)
      const events = own.reduce((sum, { measures: [count] }) => sum + (count ?? 0), 0)
      const risk = own.reduce((sum, { measures: [count, risk] }) => sum + (count ?? 0) * (risk ?? 0), 0)
      const perWeek = rounded((events * 7) / days)
      return {
        recordId: goal.id,
        days,
        baselinePerWeek: baseline,
        targetPerWeek: target,
        eventsPerWeek: perWeek,
        reductionPercent: baseline > 0 ? Math.round((1 - perWeek / baseline) * 100) : null,
        baselineRiskPerWeek: rounded(baseline * baselineRisk),
        riskPerWeek: rounded((risk * 7) / days),
        atTarget: perWeek <= target,
      }
    })
}
