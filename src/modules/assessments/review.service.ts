import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { removeDraft } from './answers.repository.ts'
import { changeAssignment, insertAssignment } from './assignments.repository.ts'
import { openStatuses } from './assignments.rules.ts'
import type { Assessment, Review, Voiding } from './assignments.schemas.ts'
import { type OpenAssignment, openForStep, showAfter } from './assignments.service.ts'
import type { At } from './individual.ts'
import { editionOf, findAssignable } from './library.ts'
import { record } from './recording.ts'
import { lookAgainAtExpiry } from './series.ts'

/** A clinician looked at it. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function review(trx: PracticeTransaction, at: At, { comment }: Review): Promise<Assessment> {
  const open = await openForStep(trx, at, 'review')
  trx.audit({ fields: ['status'] })
  await changeAssignment(trx, open.row, { status: 'reviewed' })
  // A comment is sealed before it is sent, so what shows it waits.
  await record(trx, open.row, { change: 'reviewed', version: at.version + 1, comment })
  return showAfter(trx, open)
}

/** Lets the client see the scores. @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function release(trx: PracticeTransaction, at: At): Promise<Assessment> {
  const open = await openForStep(trx, at, 'release')
  trx.audit({ fields: ['releasedAt'] })
  if (open.row.client_id)
    throw new Problem('invalid-state', { detail: 'From a couple’s chart nothing is shown to one partner.' })
  if (open.row.released_at) throw new Problem('invalid-state', { detail: 'It was released before.' })
  await changeAssignment(trx, open.row, { released_at: sql<Date>`now()` })
  // Sent in this order, in one round trip.
  const [, shown] = await Promise.all([
    record(trx, open.row, { change: 'released', version: at.version + 1 }),
    showAfter(trx, open),
  ])
  return shown
}

/**
 * Takes an assignment, or what was answered, out of account. It stays on record. Where it waited for answers its series
 * ends with it, or goes on with what replaces it.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`
 */
export async function voidAssignment(
  trx: PracticeTransaction,
  at: At,
  { reason, replace }: Voiding,
): Promise<Assessment> {
  const open = await openForStep(trx, at, 'void')
  trx.audit({ fields: ['status', 'reason'] })
  await changeAssignment(trx, open.row, { status: 'voided' })
  const waited = openStatuses.some(status => status === open.row.status)
  await Promise.all([
    waited ? removeDraft(trx, at.id) : undefined,
    record(trx, open.row, { change: 'voided', version: at.version + 1, comment: reason }),
    replace ? assignAnew(trx, open) : undefined,
  ])
  return showAfter(trx, open)
}

async function assignAnew(trx: PracticeTransaction, { row }: OpenAssignment): Promise<void> {
  const instrument = await findAssignable(trx, row.instrument_key)
  if (!instrument) throw new Problem('invalid-state', { detail: 'This instrument is not in use any more.' })
  const id = uuidv7()
  const waited = openStatuses.some(status => status === row.status)
  const values = {
    id,
    chart_id: row.chart_id,
    client_id: row.client_id,
    ...editionOf(instrument),
    mode: row.mode,
    target: row.target,
    due_on: waited ? row.due_on : null,
    expires_on: waited ? row.expires_on : null,
    // The next of a series was made when this one was completed.
    repeat_weeks: waited ? row.repeat_weeks : null,
    series_id: id,
    replaces_id: row.id,
    assigned_by: recorder(trx),
  }
  // Sent in this order, in one round trip.
  await Promise.all([
    insertAssignment(trx, values),
    record(trx, values, { change: 'assigned', version: 1 }),
    lookAgainAtExpiry(trx, id, values.expires_on),
  ])
}
