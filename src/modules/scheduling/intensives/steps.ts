import type { UpdateObject } from 'kysely'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import type { DB } from '../../../lib/database/schema.ts'
import type { EventType } from '../../../lib/event-types.ts'
import { emit } from '../../../lib/events.ts'
import { changeAtVersion } from '../../../lib/versions.ts'
import { tellOf } from '../reminders/tell.ts'
import type { BlockRow } from './blocks.repository.ts'
import { type Reason, recordChange } from './history.repository.ts'
import type { IntensiveChangeKind } from './history.schemas.ts'
import { type OpenIntensive, opened } from './intensive-door.ts'

/** What every step of an intensive has in common. */

const eventOf: Readonly<Record<IntensiveChangeKind, EventType>> = {
  opened: 'intensive.opened',
  updated: 'intensive.updated',
  planned: 'intensive.updated',
  // Which gate, and how it stands, is nobody's business who may not open the chart.
  gate_marked: 'intensive.updated',
  status_changed: 'intensive.status-changed',
  booked: 'intensive.booked',
  moved: 'intensive.moved',
  blocks_canceled: 'intensive.blocks-canceled',
  canceled: 'intensive.canceled',
  delivered: 'intensive.delivered',
  money_recorded: 'intensive.money-recorded',
}

/**
 * Changes the intensive's own row, which decides between two who change it at once: before anything else is written.
 *
 * @throws Problem `stale-version`
 */
export async function changeIntensive(
  trx: PracticeTransaction,
  open: OpenIntensive,
  changes: UpdateObject<DB, 'intensives'>,
): Promise<OpenIntensive> {
  const { row, chart } = open
  const changed = await changeAtVersion(trx, 'intensives', row, changes)
  trx.audit({ fields: Object.keys(changes) })
  return opened(trx, { ...row, ...changed }, chart)
}

/** Steps of which those who come are told. */
const toldOf: ReadonlySet<IntensiveChangeKind> = new Set(['booked', 'moved', 'canceled', 'blocks_canceled'])

/** Writes the step into the history and tells of it. */
export async function recordStep(
  trx: PracticeTransaction,
  kind: IntensiveChangeKind,
  { row }: OpenIntensive,
  more: { reason?: Reason; blocks?: readonly BlockRow[] } = {},
): Promise<void> {
  await recordChange(trx, kind, row, more)
  if (toldOf.has(kind)) {
    const ids = (more.blocks ?? []).map(({ id }) => id)
    tellOf(trx, 'intensive_block', ids, { isNew: kind === 'booked' })
  }
  emit(trx, {
    type: eventOf[kind],
    resourceId: row.id,
    resourceVersion: row.version,
    chartId: row.chart_id,
  })
}

/** From the first to the last of what is booked or was given; none when nothing is. */
export function spanOf(blocks: readonly BlockRow[]): { starts_at: Date | null; ends_at: Date | null } {
  const standing = blocks.filter(({ status }) => status !== 'planned' && status !== 'canceled')
  if (standing.length === 0) return { starts_at: null, ends_at: null }
  const starts = standing.map(block => block.starts_at.getTime())
  const ends = standing.map(block => block.ends_at.getTime())
  return { starts_at: new Date(Math.min(...starts)), ends_at: new Date(Math.max(...ends)) }
}
