import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { meetDepositGate } from './gates.service.ts'
import { type OpenIntensive, openForStep } from './intensive-door.ts'
import { insertMoney, listMoney, type MoneyRow } from './intensives.repository.ts'
import { assertIsIn, type IntensiveStatus } from './intensives.rules.ts'
import type { Intensive } from './intensives.schemas.ts'
import { refundsOf, showIntensive, zoned } from './intensives.view.ts'
import { refundOf } from './money.rules.ts'
import type { MoneyStep, NewMoneyStep } from './money.schemas.ts'
import { changeIntensive, recordStep } from './steps.ts'

const receivedIn: readonly IntensiveStatus[] = [
  'contracted',
  'deposit_due',
  'scheduled',
  'in_progress',
  'completed',
  'aftercare',
]
const refundedIn: readonly IntensiveStatus[] = ['canceled', 'completed', 'aftercare']

/**
 * Records a payment that came in or went back elsewhere. When what came in reaches the deposit, its gate is met.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request` for more than is due,
 *   `conflict` when there are too many
 */
export async function recordMoney(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { kind, amountCents, onDate }: NewMoneyStep,
): Promise<Intensive> {
  const open = await openForStep(trx, id, version)
  assertIsIn(open.status, ...(kind === 'deposit_received' ? receivedIn : refundedIn))
  if (onDate > localToday(open)) throw invalidField('/onDate', 'range', 'Must not be in the future.')
  const before = await listMoney(trx, id)
  // Room is left for what its end writes.
  if (before.length >= limits.scheduling.intensiveMoney - 5)
    throw new Problem('conflict', { detail: 'There are too many payments.' })
  const most =
    kind === 'deposit_received'
      ? owedFor(open, before) - paidOf(before)
      : sumOf(before, 'refund_due') - sumOf(before, 'refund_paid')
  if (amountCents > most) throw invalidField('/amountCents', 'range', 'Must not be more than is left of it.')
  const after = await changeIntensive(trx, open, {})
  trx.audit({ fields: ['money'] })
  await writeMoney(trx, open, [{ kind, amountCents, onDate }])
  const reached = sumOf(before, 'deposit_received') + amountCents >= open.row.deposit_cents
  if (kind === 'deposit_received' && reached) await meetDepositGate(trx, open)
  await recordStep(trx, 'money_recorded', after)
  return showIntensive(trx, after)
}

/** The price; once it is known what was given, the share of it that was earned: nobody pays what would have to go back. */
const owedFor = ({ row }: OpenIntensive, steps: readonly MoneyRow[]) =>
  steps.some(({ kind }) => kind === 'earned') ? sumOf(steps, 'earned') : row.price_cents

/** What goes back, and what is kept, of what was paid for an intensive that is canceled. */
export async function settleCancellation(
  trx: PracticeTransaction,
  open: OpenIntensive,
  by: 'client' | 'practice',
): Promise<void> {
  const paid = paidOf(await listMoney(trx, open.row.id))
  if (paid === 0) return
  const { refundCents, keptCents } = refundOf(paid, by, daysLeft(open), refundsOf(open.row))
  const onDate = localToday(open)
  await writeMoney(trx, open, [
    ...(refundCents > 0 ? [{ kind: 'refund_due' as const, amountCents: refundCents, onDate }] : []),
    ...(keptCents > 0 ? [{ kind: 'forfeited' as const, amountCents: keptCents, onDate }] : []),
  ])
}

export const paidOf = (steps: readonly MoneyRow[]) =>
  sumOf(steps, 'deposit_received') - sumOf(steps, 'refund_paid')

export function writeMoney(
  trx: PracticeTransaction,
  { row }: OpenIntensive,
  steps: readonly Pick<MoneyStep, 'kind' | 'amountCents' | 'onDate'>[],
): Promise<void> {
  return insertMoney(
    trx,
    steps.map(({ kind, amountCents, onDate }) => ({
      intensive_id: row.id,
      kind,
      amount_cents: amountCents,
      currency: row.currency,
      on_date: onDate,
      recorded_by: trx.scope.actor.staffId,
    })),
  )
}

/** The day at the location. */
export const localToday = ({ row }: OpenIntensive): string =>
  zoned(systemClock.now(), row.time_zone).toPlainDate().toString()

/** Whole days to the first one; null when nothing is booked. */
function daysLeft(open: OpenIntensive): number | null {
  const { starts_at, time_zone } = open.row
  if (!starts_at) return null
  const today = zoned(systemClock.now(), time_zone).toPlainDate()
  return today.until(zoned(starts_at, time_zone).toPlainDate(), { largestUnit: 'days' }).days
}

const sumOf = (steps: readonly MoneyRow[], kind: MoneyStep['kind']): number =>
  steps.filter(step => step.kind === kind).reduce((sum, step) => sum + step.amount_cents, 0)
