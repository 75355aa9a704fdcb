import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emitAll } from '../../../lib/events.ts'
import { release } from '../reservations.ts'
import { recordMeetings } from './history.repository.ts'
import { cancelMeetings, lockComing } from './meetings.repository.ts'

/** Cancels what a group that ends still had before it, in a constant number of statements. */
export async function cancelComing(
  trx: PracticeTransaction,
  group: { id: string; chart_id: string },
): Promise<void> {
  const coming = await lockComing(trx, group.id)
  if (coming.length === 0) return
  const ids = coming.map(({ id }) => id)
  await cancelMeetings(trx, ids, 'not_needed')
  release(
    trx,
    ids.map(id => ({ kind: 'group_session' as const, id })),
  )
  recordMeetings(trx, 'meeting_canceled', ids)
  emitAll(
    trx,
    coming.map(({ id, version }) => ({
      type: 'group-meeting.canceled' as const,
      resourceId: id,
      resourceVersion: version + 1,
      chartId: group.chart_id,
    })),
  )
}
