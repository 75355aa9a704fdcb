import { dayAfter } from '../../src/modules/recovery/days.rules.ts'
import type { FigureRow, FigureStep } from '../../src/modules/recovery/records/figures/rows.ts'

/** A day in a leap year. */
export const today = '2028-03-01'
export const ago = (days: number) => dayAfter(today, -days)

let last = 0
/** A record as the figures see it. */
export const row = (kind: string, occurredOn: string, more: Partial<FigureRow> = {}): FigureRow => ({
  id: `id-${(last += 1)}`,
  kind,
  status: 'recorded',
  occurredOn,
  reviewOn: null,
  relatedId: null,
  addictionId: null,
  behaviorId: null,
  treatmentPlanId: null,
  keys: [],
  measures: [],
  ...more,
})
/** A step of a record's history. */
export const step = (
  status: string,
  effectiveOn: string,
  reasonKey: string | null = null,
  recordId = 'plan',
): FigureStep => ({
  recordId,
  status,
  effectiveOn,
  reasonKey,
})
