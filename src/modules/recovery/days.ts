import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { limits } from '../../lib/limits.ts'
import { invalidField } from '../../lib/problems.ts'
import type { OpenChart } from '../charts/index.ts'
import { clientToday } from '../clients/index.ts'
import { dayAfter, daysThrough } from './days.rules.ts'

/** The first day that anything is counted from. */
const earliest = '1900-01-01'

/**
 * The day something happened, today where none is given.
 *
 * @throws Problem `invalid-request` for a day after today where the client is
 */
export async function happenedOn(
  trx: PracticeTransaction,
  chart: OpenChart,
  pointer: string,
  day: string | null | undefined,
): Promise<string> {
  return notAfter(await clientToday(trx, chart), pointer, day)
}

/** The same, where today is known. @throws Problem `invalid-request` */
export function notAfter(today: string, pointer: string, day: string | null | undefined): string {
  if (day && day > today) throw notFuture(pointer)
  return day ?? today
}

/** @throws Problem `invalid-request` for a day before anything is counted */
export function notTooEarly(pointer: string, day: string): void {
  if (day < earliest) throw invalidField(pointer, 'too-early', `Must not be before ${earliest}.`)
}

export const notFuture = (pointer: string) =>
  invalidField(pointer, 'not-future', 'Must not be in the future.')

/**
 * The range of a figure: up to today and so many days back where nothing is asked for.
 *
 * @throws Problem `invalid-request` for a range that ends before it begins, is longer than `mostDays`,
 *   or ends before anything is counted
 */
export function rangeOf(
  { from, to }: { from?: string; to?: string },
  today: string,
  usualDays: number,
  mostDays: number = limits.recovery.rangeDays,
): { from: string; to: string } {
  const last = to ?? today
  notTooEarly('query/to', last)
  const first = from ?? dayAfter(last, 1 - usualDays)
  if (first > last) throw invalidField('query/from', 'order', 'Must not be after `to`.')
  if (daysThrough(first, last) > mostDays) {
    throw invalidField('query/from', 'too-long', `The range must not be longer than ${mostDays} days.`)
  }
  return { from: first, to: last }
}
