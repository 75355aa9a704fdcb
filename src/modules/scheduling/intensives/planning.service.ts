import { v7 as uuidv7 } from 'uuid'
import { systemClock } from '../../../lib/clock.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { invalidField } from '../../../lib/problems.ts'
import { instant } from '../appointments.rules.ts'
import { findGivers } from '../holds/holds.repository.ts'
import { findRooms, listBlocks, type PlannedBlock, replacePlan } from './blocks.repository.ts'
import { assertSupplyTakes, type BlockSupply, periodAt, takingOf } from './blocks.rules.ts'
import type { NewBlock, NewPlan } from './blocks.schemas.ts'
import { type OpenIntensive, openForStep } from './intensive-door.ts'
import { assertIsIn, assertNoneTwice, plannedStates, wrongWithCast } from './intensives.rules.ts'
import type { Intensive } from './intensives.schemas.ts'
import { showIntensive } from './intensives.view.ts'
import { changeIntensive, recordStep } from './steps.ts'

const pointerTo = (index: number) => `/blocks/${index}`

/**
 * Plans what is to be booked: all that was planned and not booked is replaced. It takes nobody's time.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`, `unknown-reference`
 */
export async function planBlocks(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { blocks }: NewPlan,
): Promise<Intensive> {
  const open = await openForStep(trx, id, version)
  assertIsIn(open.status, ...plannedStates)
  const planned = blocks.map((block, index) => toPlanned(open, block, pointerTo(index)))
  const [supply, standing] = await Promise.all([findBlockSupply(trx, open, planned), listBlocks(trx, id)])
  const others = standing.filter(({ status }) => status !== 'planned')
  if (others.length + planned.length > limits.scheduling.intensiveBlocks)
    throw invalidField(
      '/blocks',
      'range',
      `An intensive has ${limits.scheduling.intensiveBlocks} blocks at most.`,
    )
  for (const [index, block] of planned.entries()) assertSupplyTakes(supply, block, pointerTo(index))
  const booked = others.filter(({ status }) => status === 'booked')
  // What is booked comes first, so that whatever meets it is a planned block.
  assertNoneTwice([...booked, ...planned].map(takingOf), index => pointerTo(index - booked.length))
  const after = await changeIntensive(trx, open, {})
  trx.audit({ fields: ['blocks'] })
  await replacePlan(trx, id, planned)
  await recordStep(trx, 'planned', after)
  return showIntensive(trx, after)
}

function toPlanned(open: OpenIntensive, block: NewBlock, pointer: string): PlannedBlock {
  const people = [...open.participants.keys()]
  const wrong = wrongWithCast({ ...block, clinicians: block.clinicianIds.length }, people)
  if (wrong) throw invalidField(`${pointer}/${wrong.field}`, wrong.code, wrong.detail)
  const start = instant(block.startsAt, `${pointer}/startsAt`)
  const { startsAt, endsAt } = periodAt(
    start,
    block.durationMinutes,
    systemClock.now(),
    `${pointer}/startsAt`,
  )
  return {
    id: uuidv7(),
    kind: block.kind,
    client_ids: block.participants.flatMap(name => open.participants.get(name) ?? []),
    clinician_ids: block.clinicianIds.map(id => id.toLowerCase()),
    room_id: block.roomId?.toLowerCase() ?? null,
    starts_at: startsAt,
    ends_at: endsAt,
  }
}

/** Who and what there is for these blocks, in two statements that are sent together. */
export async function findBlockSupply(
  trx: PracticeTransaction,
  { row }: OpenIntensive,
  blocks: readonly PlannedBlock[],
): Promise<BlockSupply> {
  const clinicianIds = [...new Set(blocks.flatMap(block => block.clinician_ids))]
  const roomIds = [...new Set(blocks.flatMap(({ room_id }) => room_id ?? []))]
  const [rooms, givers] = await Promise.all([
    findRooms(trx, row.location_id, roomIds),
    findGivers(trx, row.service_id, clinicianIds),
  ])
  return { rooms, giverIds: new Set(givers.map(({ id }) => id)) }
}
