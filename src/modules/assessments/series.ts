import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { enqueue } from '../../lib/outbox.ts'
import { findPractice } from '../practice/index.ts'
import { type AssignmentRow, goesOn, insertNext, type NewAssignmentRow } from './assignments.repository.ts'
import { minutesToEndOf, nextInSeries } from './assignments.rules.ts'
import { editionOf, findAssignable } from './library.ts'
import { record } from './recording.ts'

/**
 * Makes the next assignment of a series when one ended, under the edition that is in use then; a series ends when its
 * instrument is retired. However often it is asked for, there is one.
 *
 * @param endedOn the day it was completed or ran out
 */
export async function continueSeries(
  trx: PracticeTransaction,
  row: AssignmentRow,
  endedOn: string,
): Promise<void> {
  const days = { dueOn: row.due_on, expiresOn: row.expires_on, repeatWeeks: row.repeat_weeks }
  const next = nextInSeries(days, endedOn)
  if (!next) return
  const [instrument, isGoingOn] = await Promise.all([
    findAssignable(trx, row.instrument_key),
    goesOn(trx, row),
  ])
  if (!instrument || !isGoingOn) return
  const values = {
    id: uuidv7(),
    chart_id: row.chart_id,
    client_id: row.client_id,
    ...editionOf(instrument),
    mode: row.mode,
    target: row.target,
    due_on: next.dueOn,
    expires_on: next.expiresOn,
    repeat_weeks: next.repeatWeeks,
    series_id: row.series_id,
    occurrence: row.occurrence + 1,
    assigned_by: row.assigned_by,
  } satisfies NewAssignmentRow
  if (!(await insertNext(trx, values))) return
  await Promise.all([
    record(trx, values, { change: 'assigned', version: 1 }),
    lookAgainAtExpiry(trx, values.id, next.expiresOn),
  ])
}

/** Has an assignment looked at when its last day is over. */
export async function lookAgainAtExpiry(
  trx: PracticeTransaction,
  id: string,
  expiresOn: string | null,
): Promise<void> {
  if (!expiresOn) return
  const zone = (await findPractice(trx))?.time_zone ?? 'UTC'
  enqueue(trx, 'assessment-expiry', id, { minutes: minutesToEndOf(expiresOn, zone, new Date()) })
}
