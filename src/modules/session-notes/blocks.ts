import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField, Problem, unknownReference } from '../../lib/problems.ts'
import type { OpenChart } from '../charts/index.ts'
import { type BlockFacts, findBlockFacts, fromBlocksOf } from '../scheduling/index.ts'
import type { NoteHeader } from './header.schemas.ts'
import type { NoteWithDraft } from './session-notes.repository.ts'
import { dateIn, type SessionTimes } from './session-notes.rules.ts'

// What a note takes from the blocks of an intensive that it documents. What was given of them stands there.

/** Blocks of one day that were given, as one session. */
export interface GivenBlocks {
  startedAt: Date
  /** The last block ends as much earlier as less of it was given. */
  endedAt: Date
  /** Of all of them, without what lies between. */
  minutes: number
  clientIds: string[]
}

/** What a note of blocks begins with. Times and header are known once all of them were given. */
export interface DocumentedBlocks {
  ids: string[]
  timeZone: string
  times: Partial<SessionTimes> & Pick<SessionTimes, 'sessionDate'>
  header: NoteHeader
}

const minuteMs = 60_000

/**
 * The blocks that a note of this chart is to document.
 *
 * @throws Problem `unknown-reference` for one that is not of this chart, `invalid-request` for blocks of several
 *   intensives or days, `invalid-state` for one that is not booked, or of which nothing was given
 */
export async function documentedBlocks(
  trx: PracticeTransaction,
  chart: OpenChart,
  ids: readonly string[],
): Promise<DocumentedBlocks> {
  const blocks = await findBlockFacts(trx, chart.id, ids)
  const isKnown = (id: string) => blocks.some(block => block.id === id.toLowerCase())
  const unknown = ids.findIndex(id => !isKnown(id))
  const [first] = blocks
  if (!first || unknown >= 0) throw unknownReference(`/intensiveBlockIds/${Math.max(unknown, 0)}`)
  requireOneDay(blocks, first)
  if (blocks.some(({ status }) => ['planned', 'not_delivered', 'canceled'].includes(status)))
    throw new Problem('invalid-state', { detail: 'One of the blocks is not booked, or was not given.' })
  const { timeZone, startsAt } = first
  const sessionDate = dateIn(timeZone, startsAt)
  const given = asGiven(blocks)
  return {
    ids: blocks.map(({ id }) => id),
    timeZone,
    times: { sessionDate, ...(given && { startedAt: given.startedAt, endedAt: given.endedAt }) },
    header: given ? headerOf(given, chart) : {},
  }
}

function requireOneDay(blocks: readonly BlockFacts[], first: BlockFacts): void {
  const dayOf = ({ intensiveId, timeZone, startsAt }: BlockFacts) =>
    `${intensiveId} ${dateIn(timeZone, startsAt)}`
  if (blocks.some(block => dayOf(block) !== dayOf(first)))
    throw invalidField('/intensiveBlockIds', 'day', 'Must be of one day of one intensive.')
}

/** Undefined while it is not recorded of each that something of it was given. */
function asGiven(blocks: readonly BlockFacts[]): GivenBlocks | undefined {
  const [first, last] = [blocks[0], blocks.at(-1)]
  if (!first || !last || blocks.some(({ deliveredMinutes }) => !deliveredMinutes)) return undefined
  const minutesOf = ({ deliveredMinutes }: BlockFacts) => deliveredMinutes ?? 0
  return {
    startedAt: first.startsAt,
    endedAt: new Date(last.startsAt.getTime() + minutesOf(last) * minuteMs),
    minutes: blocks.reduce((sum, block) => sum + minutesOf(block), 0),
    clientIds: [...new Set(blocks.flatMap(({ clientIds }) => clientIds))],
  }
}

/** Intensives are held in person. Who left the chart since is not named in it. */
const headerOf = ({ clientIds, minutes }: GivenBlocks, chart: OpenChart): NoteHeader => ({
  attendance: clientIds
    .filter(clientId => chart.clientIds.includes(clientId))
    .map(clientId => ({ clientId, presence: 'present', minutes })),
  place: { kind: 'office' },
})

/**
 * The blocks of a note that is to be signed; undefined where it names none.
 *
 * @throws Problem `invalid-state` before it is recorded that each of them was given
 */
export async function requireGiven(
  trx: PracticeTransaction,
  chart: OpenChart,
  { block_ids: ids }: Pick<NoteWithDraft, 'block_ids'>,
): Promise<GivenBlocks | undefined> {
  if (ids.length === 0) return undefined
  const blocks = await findBlockFacts(trx, chart.id, ids)
  const given = blocks.length === ids.length ? asGiven(blocks) : undefined
  if (!given)
    throw new Problem('invalid-state', { detail: 'Record first that each block of this note was given.' })
  return given
}

/**
 * Ties a note to its blocks, if they still are of its chart. The database lets an author have one note of a block.
 *
 * @throws Problem `already-exists`, `unknown-reference`
 */
export async function tieBlocks(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, authorId }: { id: string; authorId: string },
  blockIds: readonly string[],
): Promise<void> {
  const { rows } = await sql`
    insert into session_note_blocks (practice_id, note_id, block_id, author_id)
    select b.practice_id, ${id}::uuid, b.id, ${authorId}::uuid ${fromBlocksOf(trx, chart.id, blockIds)}
    returning block_id`.execute(trx)
  if (rows.length < blockIds.length) throw unknownReference('/intensiveBlockIds')
}

/** Gives the blocks of a note that was entered in error back, to be documented anew. */
export function untieBlocks(
  trx: PracticeTransaction,
  { id, block_ids: ids }: Pick<NoteWithDraft, 'id' | 'block_ids'>,
): void {
  if (ids.length === 0) return
  trx.later(
    trx.deleteFrom('session_note_blocks').where('practice_id', '=', trx.practiceId).where('note_id', '=', id),
  )
}
