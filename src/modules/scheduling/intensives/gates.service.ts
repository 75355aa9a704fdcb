import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { invalidField, Problem } from '../../../lib/problems.ts'
import { recorder } from '../../../lib/recorder.ts'
import { unknownReference } from '../booking.rules.ts'
import type { NewGateMark, OpenGatesOverride } from './gates.schemas.ts'
import { type OpenIntensive, openForStep } from './intensive-door.ts'
import { currentMarks, insertMarks, type MarkRow } from './intensives.repository.ts'
import {
  assertIsIn,
  type Gate,
  type GateLine,
  type GateStatus,
  gatesDue,
  type IntensiveStatus,
  isClinical,
  isOfEach,
  plannedStates,
} from './intensives.rules.ts'
import type { Intensive } from './intensives.schemas.ts'
import { openLines, showIntensive } from './intensives.view.ts'
import { sealedMark } from './sealed-places.ts'
import { changeIntensive, recordStep } from './steps.ts'

/**
 * Marks a line of the checklist. Stability, medical and risk are for a clinician of the care team to judge.
 *
 * @throws Problem `not-found`, `not-permitted`, `stale-version`, `invalid-state`, `invalid-request`
 */
export async function markGate(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { gate, participant, status, reasonCode, note }: NewGateMark,
): Promise<Intensive> {
  const open = await openForStep(trx, id, version)
  assertIsIn(open.status, ...plannedStates)
  if (isOfEach(gate) !== (participant !== undefined))
    throw invalidField(
      '/participant',
      'gate',
      'Contract and clinical gates are of one participant, others of none.',
    )
  if (participant && !open.participants.has(participant)) throw unknownReference('/participant')
  if ((status === 'overridden') !== (reasonCode !== undefined))
    throw invalidField('/reasonCode', 'status', 'An override needs a reason, and nothing else has one.')
  assertMayJudge(open, [gate])
  const line = { gate, participant: participant ?? null }
  const after = await changeIntensive(trx, open, {})
  trx.audit({ fields: ['gates'] })
  await insertMarks(trx, [await markOf(trx, open, line, { status, reasonCode, note, by: recorder(trx) })])
  await recordStep(trx, 'gate_marked', after)
  return showIntensive(trx, after)
}

/**
 * What is due at this step and open is passed on purpose, and recorded so, or it keeps the step from being taken.
 *
 * @param marks that count now, for who has read them
 * @throws Problem `gates-open`, naming them; `not-permitted` for who may not judge one of them
 */
export async function passGates(
  trx: PracticeTransaction,
  open: OpenIntensive,
  to: IntensiveStatus,
  override: OpenGatesOverride | undefined,
  marks?: readonly MarkRow[],
): Promise<void> {
  const due = gatesDue[to]
  if (!due) return
  const current = marks ?? (await currentMarks(trx, open.row.id))
  const lines = openLines(open, current).filter(({ gate }) => due.includes(gate))
  if (lines.length === 0) return
  if (!override) throw gatesOpen(lines)
  assertMayJudge(
    open,
    lines.map(({ gate }) => gate),
  )
  const by = recorder(trx)
  const mark = { status: 'overridden' as const, by, reasonCode: override.reasonCode, note: override.note }
  await insertMarks(trx, await Promise.all(lines.map(line => markOf(trx, open, line, mark))))
  trx.audit({ fields: ['gates'] })
}

/** What a payment settles: nobody judges it. */
export function meetDepositGate(trx: PracticeTransaction, { row }: OpenIntensive): Promise<void> {
  const id = uuidv7()
  return insertMarks(trx, [{ id, intensive_id: row.id, gate: 'deposit', participant: null, status: 'met' }])
}

function gatesOpen(lines: readonly GateLine[]): Problem {
  const openGates = lines.map(({ gate, participant }) => ({ gate, ...(participant && { participant }) }))
  return new Problem('gates-open', { extra: { openGates } })
}

function assertMayJudge({ chart }: OpenIntensive, gates: readonly Gate[]): void {
  if (gates.some(isClinical) && chart.via !== 'care-team')
    throw new Problem('not-permitted', {
      detail: 'Clinical gates are judged by clinicians of the care team.',
    })
}

interface Mark {
  status: GateStatus
  by: string
  reasonCode?: OpenGatesOverride['reasonCode'] | undefined
  note?: string | undefined
}

async function markOf(
  trx: PracticeTransaction,
  { row }: OpenIntensive,
  { gate, participant }: GateLine,
  { status, by, reasonCode, note }: Mark,
) {
  const id = uuidv7()
  return {
    id,
    intensive_id: row.id,
    gate,
    participant,
    status,
    reason_code: reasonCode ?? null,
    note_sealed: note === undefined ? null : await trx.seal(sealedMark(id), note),
    recorded_by: by,
  }
}
