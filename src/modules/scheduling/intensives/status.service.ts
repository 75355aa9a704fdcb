import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { given } from '../../../lib/given.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { minutesOf } from '../appointments.rules.ts'
import { release } from '../reservations.ts'
import { type BlockRow, listBlocks, updateBlocks } from './blocks.repository.ts'
import { holderOf, periodOf, pick } from './blocks.rules.ts'
import { meetDepositGate, passGates } from './gates.service.ts'
import { type OpenIntensive, openForStep } from './intensive-door.ts'
import { listMoney } from './intensives.repository.ts'
import { assertIsIn, assertMayBecome, type BlockKind, isGiven } from './intensives.rules.ts'
import type { Intensive } from './intensives.schemas.ts'
import { showIntensive, zoned } from './intensives.view.ts'
import { earnedOf, shareOut } from './money.rules.ts'
import { localToday, paidOf, writeMoney } from './money.service.ts'
import type { NewDeliveries, NewStatus } from './steps.schemas.ts'
import { changeIntensive, recordStep } from './steps.ts'

/**
 * Takes the next step. Gates that are due at it are settled, or passed on purpose.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`, `gates-open`
 */
export async function changeStatus(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { to, dueOn, undelivered, despiteOpenGates }: NewStatus,
): Promise<Intensive> {
  const open = await openForStep(trx, id, version)
  assertMayBecome(open.status, to)
  if ((to === 'deposit_due') !== (dueOn !== undefined))
    throw invalidField('/dueOn', 'status', 'Say with `deposit_due`, and only then, until when.')
  if (undelivered && to !== 'completed')
    throw invalidField('/undelivered', 'status', 'Only with `completed`.')
  if (to === 'in_progress') assertHasCome(open)
  await passGates(trx, open, to, despiteOpenGates)
  const after = await changeIntensive(trx, open, { status: to })
  if (dueOn) await askForDeposit(trx, after, dueOn)
  const blocks = to === 'completed' ? await complete(trx, after, undelivered) : []
  await recordStep(trx, 'status_changed', after, { reason: given({ reasonCode: undelivered }), blocks })
  return showIntensive(trx, after)
}

/**
 * Records what was given of some blocks; it may be repeated to correct it. What was not given is free for others.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `unknown-reference`, `invalid-request`
 */
export async function recordDeliveries(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { blocks: deliveries }: NewDeliveries,
): Promise<Intensive> {
  const open = await openForStep(trx, id, version)
  assertIsIn(open.status, 'in_progress')
  const all = await listBlocks(trx, id)
  const ids = deliveries.map(({ blockId }) => blockId)
  const standing = ['booked', 'delivered', 'partly_delivered', 'not_delivered']
  const blocks = pick(all, ids, standing, index => `/blocks/${index}/blockId`).map((block, index) =>
    delivered(block, deliveries[index], `/blocks/${index}`),
  )
  const after = await changeIntensive(trx, open, {})
  trx.audit({ fields: ['blocks'] })
  await updateBlocks(trx, id, blocks)
  giveBack(trx, blocks)
  await recordStep(trx, 'delivered', after, { blocks })
  return showIntensive(trx, after)
}

function delivered(
  block: BlockRow,
  delivery: NewDeliveries['blocks'][number] | undefined,
  pointer: string,
): BlockRow {
  const { deliveredMinutes: minutes = 0, reasonCode = null } = delivery ?? {}
  const planned = minutesOf(periodOf(block))
  if (minutes > planned)
    throw invalidField(`${pointer}/deliveredMinutes`, 'range', 'Must not be more than was booked.')
  if (minutes > 0 && block.starts_at > systemClock.now())
    throw new Problem('invalid-state', { detail: 'One of the blocks has not started yet.' })
  if (minutes < planned !== (reasonCode !== null))
    throw invalidField(
      `${pointer}/reasonCode`,
      'range',
      'Less than was booked needs a reason, all of it has none.',
    )
  return withOutcome(block, minutes, reasonCode)
}

function withOutcome(block: BlockRow, minutes: number, reason: string | null): BlockRow {
  const isWhole = minutes === minutesOf(periodOf(block))
  const status = isWhole ? 'delivered' : minutes === 0 ? 'not_delivered' : 'partly_delivered'
  return { ...block, status, delivered_minutes: minutes, undelivered_reason: reason }
}

function giveBack(trx: PracticeTransaction, blocks: readonly BlockRow[]): void {
  release(trx, blocks.filter(({ status }) => status === 'not_delivered').map(holderOf))
}

/** @throws Problem `invalid-state` before its first day */
function assertHasCome(open: OpenIntensive): void {
  const { starts_at, time_zone } = open.row
  if (!starts_at || zoned(starts_at, time_zone).toPlainDate().toString() > localToday(open))
    throw new Problem('invalid-state', { detail: 'Its first day has not come yet.' })
}

/** Without a deposit there is nothing to wait for. */
async function askForDeposit(trx: PracticeTransaction, open: OpenIntensive, dueOn: string): Promise<void> {
  const { deposit_cents: amountCents } = open.row
  if (amountCents === 0) await meetDepositGate(trx, open)
  else await writeMoney(trx, open, [{ kind: 'deposit_due', amountCents, onDate: dueOn }])
}

/**
 * Closes the account of what was given. Each block that is for clients stands for its share of the price by its minutes;
 * breaks and huddles are nobody's loss, and those that were still to come give their time back. Blocks that were canceled were sold no longer.
 *
 * @returns the blocks that changed
 */
async function complete(
  trx: PracticeTransaction,
  open: OpenIntensive,
  undelivered: string | undefined,
): Promise<BlockRow[]> {
  const all = await listBlocks(trx, open.row.id)
  const settled = all
    .filter(({ status }) => status !== 'planned' && status !== 'canceled')
    .map(block => (block.status === 'booked' ? outcomeAtEnd(block, undelivered) : block))
  const sold = settled.filter(({ kind }) => isGiven(kind as BlockKind))
  const minutes = sold.map(block => minutesOf(periodOf(block)))
  const shares = shareOut(open.row.price_cents, minutes)
  const shareOf = new Map(sold.map(({ id }, place) => [id, shares[place] ?? 0]))
  const earned = sold.reduce(
    (sum, block, place) =>
      sum + earnedOf(shares[place] ?? 0, block.delivered_minutes ?? 0, minutes[place] ?? 1),
    0,
  )
  const blocks = settled.map(block => ({ ...block, share_cents: shareOf.get(block.id) ?? null }))
  await updateBlocks(trx, open.row.id, blocks)
  giveBack(trx, blocks)
  await writeMoney(trx, open, await finalMoney(trx, open, earned))
  return blocks
}

function outcomeAtEnd(block: BlockRow, undelivered: string | undefined): BlockRow {
  if (!isGiven(block.kind as BlockKind)) {
    const hasBegun = block.starts_at <= systemClock.now()
    return withOutcome(
      block,
      hasBegun ? minutesOf(periodOf(block)) : 0,
      hasBegun ? null : (undelivered ?? null),
    )
  }
  if (undelivered) return withOutcome(block, 0, undelivered)
  throw new Problem('invalid-state', { detail: 'Of some blocks it is not recorded what was given.' })
}

async function finalMoney(trx: PracticeTransaction, open: OpenIntensive, earned: number) {
  const { price_cents } = open.row
  const onDate = localToday(open)
  const tooMuch = paidOf(await listMoney(trx, open.row.id)) - earned
  const step = (kind: 'earned' | 'unearned' | 'refund_due', amountCents: number) => ({
    kind,
    amountCents,
    onDate,
  })
  return [
    step('earned', earned),
    ...(earned < price_cents ? [step('unearned', price_cents - earned)] : []),
    ...(tooMuch > 0 ? [step('refund_due', tooMuch)] : []),
  ]
}
