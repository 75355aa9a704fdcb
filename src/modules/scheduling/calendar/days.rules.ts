import { invalidField } from '../../../lib/problems.ts'
import type { Dates } from '../slots/free-time.rules.ts'
import { addDays } from '../slots/local-calendar.ts'

/** What is farther away is a slip, and no calendar of anybody. */
const [first, last] = ['1900-01-01', '2199-12-31']

/** @throws Problem `invalid-request` for dates in disorder, and for more than so many */
export function assertDays({ from, until }: Dates, most: number): void {
  if (from < first) throw invalidField('query/from', 'range', `Must not be before ${first}.`)
  if (until > last) throw invalidField('query/until', 'range', `Must not be after ${last}.`)
  if (until < from) throw invalidField('query/until', 'range', 'Must not be before the first day.')
  if (addDays(from, most) <= until)
    throw invalidField('query/until', 'range', `Must be within ${most} days of the first day.`)
}
