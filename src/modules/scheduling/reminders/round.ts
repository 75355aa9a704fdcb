import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { limits } from '../../../lib/limits.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { reachabilityOf } from '../../clients/index.ts'
import { findPractice, policiesOf } from '../../practice/index.ts'
import { bookedTimes } from '../calendar/booked-times.ts'
import { changeToTell, type Due, dueReminders, purposeOf, type ToldTime } from './due.rules.ts'
import { isOpen } from './hours.rules.ts'
import {
  findTold,
  offersToTell,
  queueMessages,
  type ToldRow,
  takeUntold,
  type Untold,
} from './messages.repository.ts'
import { type Ground, wayTo } from './reach.ts'

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
const { settleMinutes, changesPerRound } = limits.clientMessages

/**
 * A round of a practice: queues what its clients are to be told now, by what is booked now. What it queues is looked at
 * again when it is sent. A constant number of statements, however much there is to tell.
 */
export async function findDueMessages(trx: PracticeTransaction, now = new Date()): Promise<void> {
  const settledBy = new Date(now.getTime() - settleMinutes * minuteMs)
  const [practice, untold] = await Promise.all([
    findPractice(trx),
    takeUntold(trx, { settledBy, most: changesPerRound }),
  ])
  const policy = practice && policiesOf(practice).clientMessages
  if (!policy) return
  // Which channels the installation has is asked when a message is sent.
  const ground = { policy, practiceTimeZone: practice.time_zone, sendsTexts: true }
  if (policy.changes && untold.length > 0)
    await queue(trx, 'change', await dueChanges(trx, untold, ground, now))
  if (policy.reminderMinutes.length > 0) await queue(trx, 'reminder', await dueRemindersNow(trx, ground, now))
}

async function queue(trx: PracticeTransaction, kind: 'reminder' | 'change', due: Due[]): Promise<void> {
  for (const id of await queueMessages(trx, kind, due)) enqueue(trx, 'client-message', id)
}

/** What changed, together for each client. Those whose hour is quiet wait with the message. */
async function dueChanges(
  trx: PracticeTransaction,
  untold: readonly Untold[],
  ground: Ground,
  now: Date,
): Promise<Due[]> {
  const ids = untold.map(({ subject_id }) => subject_id)
  const [times, told] = await Promise.all([timesOf(trx, ids, now), findTold(trx, ids)])
  // Of several the last: they come in the order in which they were told.
  const last = new Map(told.map(row => [`${row.client_id} ${row.subject_id}`, row]))
  const isNew = new Set(untold.filter(({ is_new }) => is_new).map(({ subject_id }) => subject_id))
  const byClient = new Map<string, Due>()
  for (const time of times) {
    const purpose = purposeOf(time)
    for (const clientId of time.clientIds) {
      const item = changeToTell(time, last.get(`${clientId} ${time.id}`), isNew.has(time.id), now)
      if (!item) continue
      const due = byClient.get(`${clientId} ${purpose}`) ?? { clientId, purpose, items: [] }
      due.items.push(item)
      byClient.set(`${clientId} ${purpose}`, due)
    }
  }
  const due = [...byClient.values()]
  const reachable = await reachabilityOf(
    trx,
    due.map(({ clientId }) => clientId),
  )
  return due.filter(({ clientId, purpose }) => wayTo(reachable.get(clientId), purpose, ground))
}

/** These as they stand now, as far as they are to come; canceled ones too. One round trip. */
export async function timesOf(
  trx: PracticeTransaction,
  ids: readonly string[],
  now: Date,
): Promise<ToldTime[]> {
  const within = { from: now, to: new Date(now.getTime() + farthestMs), canceled: true, ids }
  const [booked, offered] = await Promise.all([bookedTimes(trx, within), offersToTell(trx, ids)])
  return [...booked, ...offered]
}

/** Farther ahead nothing can be booked. */
const farthestMs = 5 * 366 * dayMs

/** Reminders that may be sent at this moment. Those whose hour is quiet are found again when it no longer is. */
async function dueRemindersNow(trx: PracticeTransaction, ground: Ground, now: Date): Promise<Due[]> {
  const { reminderMinutes } = ground.policy
  // Whole days, because each is reminded of by its first time.
  const from = new Date(now.getTime() - dayMs)
  const to = new Date(now.getTime() + Math.max(...reminderMinutes) * minuteMs + dayMs)
  const times = await bookedTimes(trx, { from, to })
  if (times.length === 0) return []
  const [told, reachable] = await Promise.all([
    findTold(
      trx,
      times.map(({ id }) => id),
    ),
    reachabilityOf(trx, [...new Set(times.flatMap(time => time.clientIds))]),
  ])
  const known = new Set(told.map(keyOf))
  const due = dueReminders(times, reminderMinutes, now, {
    settleMinutes,
    wasTold: (client_id, subject_id, key) => known.has(keyOf({ client_id, subject_id, key })),
    toldSince: (clientId, { id, startsAt }, since) =>
      told.some(
        row =>
          row.client_id === clientId &&
          row.subject_id === id &&
          (row.what === 'booked' || row.what === 'moved') &&
          row.startsAt.getTime() === startsAt.getTime() &&
          row.toldAt >= since,
      ),
    zoneOf: (clientId, { timeZone }) => reachable.get(clientId)?.timeZone ?? timeZone,
  })
  return due.filter(({ clientId, purpose }) => {
    const way = wayTo(reachable.get(clientId), purpose, ground)
    return way !== undefined && isOpen(now, way.hours)
  })
}

const keyOf = ({ client_id, subject_id, key }: Pick<ToldRow, 'client_id' | 'subject_id' | 'key'>) =>
  `${client_id} ${subject_id} ${key}`
