import { inPractice } from '../../src/lib/database/in-practice.ts'
import type { House } from '../../src/lib/house.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { findDueMessages, sendClientMessage } from '../../src/modules/scheduling/index.ts'
import type { TestPractice } from './practice.ts'
import { asAdmin } from './test-server.ts'
import { make, read } from './world/ground.ts'

export const messagePolicy = {
  reminderMinutes: [1_440, 120],
  changes: true,
  channels: ['text', 'email'],
  quietFrom: '21:00',
  quietUntil: '08:00',
}

/** Says how the practice writes to its clients; null stops it. */
export async function setMessagePolicy(
  { owner }: Pick<TestPractice, 'owner'>,
  clientMessages: typeof messagePolicy | null,
): Promise<void> {
  const { version } = await read(owner, '/v1/practice')
  const change = { policies: { clientMessages } }
  await make(owner, '/v1/practice', change, { ifMatch: version, method: 'patch' })
}

export type Sending = Pick<TestPractice, 'id' | 'test'>

/** One round of the worker, as if it were this time. */
export const findDue = ({ id, test }: Sending, now: Date): Promise<void> =>
  inPractice(test.house.database, systemScope(id, 'client-messages'), trx => findDueMessages(trx, now))

/** Sends what is queued in this practice, as the worker does; a message that fails is left for another time. */
export async function sendQueued(
  { id, test }: Sending,
  now: Date,
  house: Partial<House> = {},
): Promise<void> {
  const { rows } = await asAdmin(test.adminUrl, admin =>
    admin.query<{ id: string }>(
      `select id from cairn.client_messages where practice_id = $1 and status in ('queued', 'sending') order by id`,
      [id],
    ),
  )
  for (const message of rows)
    await sendClientMessage({ ...test.house, ...house }, id, message.id, now).catch(() => {})
}

/** A round, and what it queued. */
export async function tellNow(practice: Sending, now: Date, house?: Partial<House>): Promise<void> {
  await findDue(practice, now)
  await sendQueued(practice, now, house)
}

/** So late that what changes at this moment has settled. */
export const settled = () => new Date(Date.now() + 3 * 60_000)
