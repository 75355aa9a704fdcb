import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { type Dates, workingTimeOf } from '../slots/free-time.rules.ts'
import { addDays } from '../slots/local-calendar.ts'
import { findExceptions, findHours, findLocations } from '../slots/slot-supply.repository.ts'
import { merged, type Span } from '../slots/spans.ts'

/**
 * When these clinicians work on these dates, wherever they are then: weekly and extra hours without time off and
 * holidays. A constant number of statements.
 *
 * @returns the spans of one of them, in order; they may begin on the day before and end on the day after
 */
export async function findWorkingTime(
  trx: PracticeTransaction,
  practiceZone: string,
  clinicianIds: readonly string[],
  dates: Dates,
): Promise<(clinicianId: string) => Span[]> {
  // A date of one zone reaches into the dates beside it of another.
  const around = { from: addDays(dates.from, -1), until: addDays(dates.until, 1) }
  const [locations, hours, exceptions] = await Promise.all([
    findLocations(trx),
    findHours(trx, clinicianIds, around),
    findExceptions(trx, clinicianIds, around),
  ])
  const { at } = workingTimeOf({ practiceZone, locations, hours, exceptions }, dates)
  const places = [null, ...locations.map(({ id }) => id)]
  return clinicianId => merged(places.flatMap(place => at(clinicianId, place)))
}
