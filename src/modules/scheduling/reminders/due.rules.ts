import { Temporal } from 'temporal-polyfill'
import type { ContactPurpose } from '../../clients/index.ts'
import type { BookedKind, BookedTime } from '../calendar/booked-times.ts'

export type What = 'reminder' | 'booked' | 'moved' | 'canceled' | 'offered'

/** Of an offer the time is until when it can be answered, and `wholeId` the group where it is a seat. */
export type ToldKind = BookedKind | 'waitlist_offer'
export type ToldTime = Omit<BookedTime, 'kind'> & { kind: ToldKind }

/** One thing a message says of one time. */
export interface Item {
  kind: ToldKind
  id: string
  /** Nobody is told twice under one key. */
  key: string
  what: What
  startsAt: Date
}

/** What one client is to be told together. What concerns another person too is told apart from what does not. */
export interface Due {
  clientId: string
  purpose: Exclude<ContactPurpose, 'related-person'>
  items: Item[]
}

/** What a client was last told of a time. */
export interface LastTold {
  what: What
  startsAt: Date
}

/**
 * A couple's or a group's time is linked to other people; a couple's also when one of the two has left: then most of all
 * nobody else may learn of it. Blocks of an intensive are as joint as those who come to them.
 */
export function purposeOf({
  kind,
  isOfCouple,
  clientIds,
  wholeId,
}: Pick<ToldTime, 'kind' | 'isOfCouple' | 'clientIds' | 'wholeId'>): Due['purpose'] {
  const isOfGroup = kind === 'group_session' || (kind === 'waitlist_offer' && wholeId !== null)
  const isJoint = kind === 'intensive_block' ? clientIds.length > 1 : isOfCouple || clientIds.length > 1
  return isOfGroup || isJoint ? 'joint-care' : 'own-care'
}

const minuteMs = 60_000

/**
 * Who is to be reminded now, and of what. One day of a client is reminded of together, as long before its first time as
 * the practice says; of several reminders that are due only the nearest is sent. What was booked or changed after a
 * reminder would have been due is not reminded of it.
 *
 * @param times what is booked around now: whole days of it
 * @param reminderMinutes how long before
 * @param now reminders of what was changed less than `settleMinutes` ago wait: front desks correct themselves
 * @param wasTold by client, time and key
 * @param toldSince whether a client was told since an instant that it is booked for this time
 * @param zoneOf in which a client's day passes
 */
export function dueReminders(
  times: readonly BookedTime[],
  reminderMinutes: readonly number[],
  now: Date,
  {
    settleMinutes,
    wasTold,
    toldSince,
    zoneOf,
  }: {
    settleMinutes: number
    wasTold: (clientId: string, id: string, key: string) => boolean
    toldSince: (clientId: string, time: BookedTime, since: Date) => boolean
    zoneOf: (clientId: string, time: BookedTime) => string
  },
): Due[] {
  const days = new Map<string, { clientId: string; purpose: Due['purpose']; times: BookedTime[] }>()
  for (const time of times.filter(({ isCanceled }) => !isCanceled)) {
    const purpose = purposeOf(time)
    for (const clientId of time.clientIds) {
      const key = `${clientId} ${purpose} ${dayOf(time.startsAt, zoneOf(clientId, time))}`
      const day = days.get(key) ?? { clientId, purpose, times: [] }
      day.times.push(time)
      days.set(key, day)
    }
  }
  return [...days.values()].flatMap(({ clientId, purpose, times: ofDay }) => {
    const [first, ...others] = ofDay.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
    const minutes = first && nearestDue(first, reminderMinutes, now)
    if (!first || minutes === undefined || wasTold(clientId, first.id, reminderKey(first, minutes))) return []
    const dueAt = new Date(first.startsAt.getTime() - minutes * minuteMs)
    const isSettled = now.getTime() - first.changedAt.getTime() >= settleMinutes * minuteMs
    if (first.madeAt > dueAt || !isSettled || toldSince(clientId, first, dueAt)) return []
    const items = [first, ...others]
      .map(time => toItem(time, 'reminder', reminderKey(time, minutes)))
      .filter(({ id, key }) => !wasTold(clientId, id, key))
    return [{ clientId, purpose, items }]
  })
}

/** How many minutes before: the nearest of those whose time has come. */
function nearestDue(
  { startsAt }: BookedTime,
  reminderMinutes: readonly number[],
  now: Date,
): number | undefined {
  if (startsAt <= now) return undefined
  const due = reminderMinutes.filter(minutes => startsAt.getTime() - minutes * minuteMs <= now.getTime())
  return due.length === 0 ? undefined : Math.min(...due)
}

/** @param minutes how long before the first time of the day */
export const reminderKey = ({ startsAt }: Pick<BookedTime, 'startsAt'>, minutes: number) =>
  `reminder ${startsAt.toISOString()} ${minutes}`

/**
 * What a client is to be told of a time that changed: how it stands now, beside what they were told last. What came to
 * nothing since is nothing to tell.
 *
 * @param isNew booked since they were last told of it
 */
export function changeToTell(
  time: ToldTime,
  last: LastTold | undefined,
  isNew: boolean,
  now: Date,
): Item | undefined {
  const what = time.startsAt > now ? whatChanged(time, last, isNew) : undefined
  return what && toItem(time, what, `change ${time.version}`)
}

function whatChanged(
  { kind, isCanceled, startsAt }: ToldTime,
  last: LastTold | undefined,
  isNew: boolean,
): What | undefined {
  if (kind === 'waitlist_offer') return isCanceled || last ? undefined : 'offered'
  const knowsOfIt = last ? last.what !== 'canceled' : !isNew
  if (isCanceled) return knowsOfIt ? 'canceled' : undefined
  if (!knowsOfIt) return 'booked'
  return last?.startsAt.getTime() === startsAt.getTime() ? undefined : 'moved'
}

/** Whether it is still so: asked when the message is sent. */
export function isStillSo(item: Item, time: ToldTime | undefined, clientId: string, now: Date): boolean {
  if (!time?.clientIds.includes(clientId)) return false
  const stands = time.startsAt.getTime() === item.startsAt.getTime() && time.startsAt > now
  return stands && time.isCanceled === (item.what === 'canceled')
}

const toItem = ({ kind, id, startsAt }: ToldTime, what: What, key: string): Item => ({
  kind,
  id,
  key,
  what,
  startsAt,
})

const dayOf = (at: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString()
