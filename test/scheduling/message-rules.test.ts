import fc from 'fast-check'
import t from 'tap'
import type { BookedTime } from '../../src/modules/scheduling/calendar/booked-times.ts'
import {
  changeToTell,
  dueReminders,
  isStillSo,
  reminderKey,
} from '../../src/modules/scheduling/reminders/due.rules.ts'
import { type Hours, isOpen, nextOpen } from '../../src/modules/scheduling/reminders/hours.rules.ts'
import { messageOf, whenOf } from '../../src/modules/scheduling/reminders/words.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const hours = (changes: Partial<Hours> = {}): Hours => ({
  timeZone: 'America/New_York',
  quietFrom: '21:00',
  quietUntil: '08:00',
  safe: null,
  practiceTimeZone: 'America/Los_Angeles',
  ...changes,
})

t.test('quiet hours are by the clock of the client, safe hours by that of the practice', async t => {
  const table: [string, Partial<Hours>, boolean, string | undefined][] = [
    // 20:59 and 21:00 in New York, where daylight-saving time is over.
    ['2026-11-24T01:59:00Z', {}, true, '2026-11-24T01:59:00.000Z'],
    ['2026-11-24T02:00:00Z', {}, false, '2026-11-24T13:00:00.000Z'],
    ['2026-11-24T12:59:00Z', {}, false, '2026-11-24T13:00:00.000Z'],
    ['2026-11-24T13:00:00Z', {}, true, '2026-11-24T13:00:00.000Z'],
    // The same instant is day in Los Angeles.
    ['2026-11-24T02:00:00Z', { timeZone: 'America/Los_Angeles' }, true, '2026-11-24T02:00:00.000Z'],
    ['2026-11-24T02:00:00Z', { quietFrom: '08:00' }, true, '2026-11-24T02:00:00.000Z'],
    // From 09:00 to 10:00 in Los Angeles: from 12:00 to 13:00 in New York.
    ['2026-11-24T16:59:00Z', { safe: { from: '09:00', to: '10:00' } }, false, '2026-11-24T17:00:00.000Z'],
    ['2026-11-24T17:30:00Z', { safe: { from: '09:00', to: '10:00' } }, true, '2026-11-24T17:30:00.000Z'],
    ['2026-11-24T18:00:00Z', { safe: { from: '09:00', to: '10:00' } }, false, '2026-11-25T17:00:00.000Z'],
    // What they asked for is night where they are.
    ['2026-11-24T18:00:00Z', { safe: { from: '19:00', to: '21:00' } }, false, undefined],
    // On the morning on which the clocks go forward eight o'clock comes an hour sooner, and later in November.
    ['2026-03-08T05:00:00Z', {}, false, '2026-03-08T12:00:00.000Z'],
    ['2026-11-01T04:00:00Z', {}, false, '2026-11-01T13:00:00.000Z'],
    // Lord Howe changes by half an hour; quiet until a time that does not exist there that morning.
    [
      '2026-10-03T14:30:00Z',
      { timeZone: 'Australia/Lord_Howe', quietUntil: '02:15' },
      false,
      '2026-10-03T15:45:00.000Z',
    ],
  ]
  for (const [at, changes, open, next] of table) {
    t.equal(isOpen(new Date(at), hours(changes)), open, at)
    t.equal(nextOpen(new Date(at), hours(changes))?.toISOString(), next, at)
  }
})

t.test('no minute before the one that was found would have done', async () => {
  const clock = fc
    .integer({ min: 0, max: 47 })
    .map(half => `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 ? '30' : '00'}`)
  const zone = fc.constantFrom('America/New_York', 'America/Phoenix', 'Europe/London', 'Australia/Lord_Howe')
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 365 * 48 }),
      fc.record({ timeZone: zone, practiceTimeZone: zone, quietFrom: clock, quietUntil: clock }),
      fc.option(fc.record({ from: clock, to: clock })),
      (halfHour, rest, safe) => {
        const now = new Date(Date.UTC(2026, 0, 1) + halfHour * 30 * minuteMs)
        const when = { ...rest, safe }
        const found = nextOpen(now, when)
        const until = Math.min(found?.getTime() ?? Infinity, now.getTime() + 24 * hourMs)
        for (let at = now.getTime(); at < until; at += 15 * minuteMs)
          if (isOpen(new Date(at), when)) return false
        return found === undefined || isOpen(found, when)
      },
    ),
    { numRuns: 150 },
  )
})

const first = Date.UTC(2026, 10, 24, 17)
const client = 'client-a'

const time = (changes: Partial<BookedTime> & { minutes?: number } = {}): BookedTime => {
  const { minutes = 0, ...rest } = changes
  const startsAt = new Date(first + minutes * minuteMs)
  return {
    kind: 'appointment',
    id: `time-${minutes}`,
    chartId: 'chart',
    isOfCouple: false,
    wholeId: null,
    status: 'scheduled',
    isCanceled: false,
    startsAt,
    endsAt: new Date(startsAt.getTime() + 50 * minuteMs),
    timeZone: 'America/Los_Angeles',
    mode: 'in_person',
    locationId: null,
    roomId: null,
    clinicianIds: ['clinician'],
    clientIds: [client],
    version: 1,
    madeAt: new Date(first - 30 * 24 * hourMs),
    changedAt: new Date(first - 30 * 24 * hourMs),
    ...rest,
  }
}

const dueAt = (times: BookedTime[], minutesBefore: number, told: string[] = [], toldAt?: number) =>
  dueReminders(times, [1_440, 120], new Date(first - minutesBefore * minuteMs), {
    settleMinutes: 2,
    wasTold: (clientId, id, key) => told.includes(`${clientId} ${id} ${key}`),
    toldSince: (_, __, since) => toldAt !== undefined && toldAt >= since.getTime(),
    zoneOf: (_, { timeZone }) => timeZone,
  })

t.test('a reminder is due from its time on, and only the nearest one', async t => {
  t.same(dueAt([time()], 1_441), [])
  t.equal(dueAt([time()], 1_440)[0]?.items[0]?.key, reminderKey(time(), 1_440))
  t.equal(dueAt([time()], 121)[0]?.items[0]?.key, reminderKey(time(), 1_440))
  t.equal(dueAt([time()], 120)[0]?.items[0]?.key, reminderKey(time(), 120))
  t.same(dueAt([time()], 0), [], 'not when it begins')
  t.same(dueAt([time()], 60, [`${client} time-0 ${reminderKey(time(), 120)}`]), [], 'and once')
  t.same(dueAt([time({ isCanceled: true })], 60), [])
  const late = time({ madeAt: new Date(first - hourMs), changedAt: new Date(first - hourMs) })
  t.same(dueAt([late], 57), [], 'who books an hour before is not reminded of it')
  const changed = time({ changedAt: new Date(first - hourMs) })
  t.same(dueAt([changed], 59), [], 'what was changed settles first')
  t.equal(dueAt([changed], 58)[0]?.items[0]?.key, reminderKey(time(), 120), 'then it is reminded of')
  t.same(dueAt([changed], 58, [], first - hourMs), [], 'but not to who was told of the change')
  t.equal(dueAt([changed], 58, [], first - 30 * hourMs).length, 1, 'long ago does not count')
})

t.test('a day is reminded of together, by its first time', async t => {
  const day = [time(), time({ minutes: 60 }), time({ minutes: 240 }), time({ minutes: 24 * 60 })]
  const [due, ...others] = dueAt(day, 1_440)
  t.same(
    due?.items.map(item => item.id),
    ['time-0', 'time-60', 'time-240'],
  )
  t.same(others, [])
  const told = day.slice(0, 3).map(one => `${client} ${one.id} ${reminderKey(one, 1_440)}`)
  t.same(
    dueAt(day.slice(1, 3), 1_300, told),
    [],
    'when the first is canceled the others were reminded of already',
  )
  t.same(dueAt(day.slice(0, 3), -30), [], 'what comes later that day waits for no reminder of its own')
})

t.test('what is linked to somebody else is told apart', async t => {
  const couple = time({ minutes: 60, clientIds: [client, 'client-b'] })
  const group = time({ minutes: 120, kind: 'group_session' })
  t.same(
    dueAt([time(), couple, group], 60).map(({ clientId, purpose, items }) => [
      clientId,
      purpose,
      items.map(item => item.id),
    ]),
    [
      [client, 'own-care', ['time-0']],
      [client, 'joint-care', ['time-60', 'time-120']],
      ['client-b', 'joint-care', ['time-60']],
    ],
  )
})

t.test('a change is told by how things stand beside what was told last', async t => {
  const now = new Date(first - hourMs)
  const at = (minutes: number) => new Date(first + minutes * minuteMs)
  const table: [
    string,
    BookedTime,
    { what: 'booked' | 'canceled' | 'reminder'; startsAt: Date } | undefined,
    boolean,
    string | undefined,
  ][] = [
    ['new', time(), undefined, true, 'booked'],
    ['new and canceled', time({ isCanceled: true }), undefined, true, undefined],
    ['never told of, moved', time(), undefined, false, 'moved'],
    ['never told of, canceled', time({ isCanceled: true }), undefined, false, 'canceled'],
    ['moved', time(), { what: 'booked', startsAt: at(60) }, false, 'moved'],
    ['moved there and back', time(), { what: 'booked', startsAt: at(0) }, false, undefined],
    ['moved after a reminder', time(), { what: 'reminder', startsAt: at(60) }, false, 'moved'],
    ['canceled', time({ isCanceled: true }), { what: 'reminder', startsAt: at(0) }, false, 'canceled'],
    ['canceled twice', time({ isCanceled: true }), { what: 'canceled', startsAt: at(0) }, false, undefined],
    ['taken back', time(), { what: 'canceled', startsAt: at(0) }, false, 'booked'],
    ['over', time({ minutes: -120 }), undefined, true, undefined],
  ]
  for (const [name, booked, last, isNew, what] of table)
    t.equal(changeToTell(booked, last, isNew, now)?.what, what, name)
})

t.test('what is no longer so is not said', async t => {
  const now = new Date(first - hourMs)
  const item = {
    kind: 'appointment',
    id: 'time-0',
    key: 'k',
    what: 'reminder',
    startsAt: new Date(first),
  } as const
  t.ok(isStillSo(item, time(), client, now))
  t.notOk(isStillSo(item, undefined, client, now))
  t.notOk(isStillSo(item, time({ isCanceled: true }), client, now))
  t.notOk(isStillSo(item, time({ startsAt: new Date(first + minuteMs) }), client, now))
  t.notOk(isStillSo(item, time({ clientIds: [] }), client, now))
  t.notOk(isStillSo(item, time(), client, new Date(first)))
  t.ok(isStillSo({ ...item, what: 'canceled' }, time({ isCanceled: true }), client, now))
  t.notOk(isStillSo({ ...item, what: 'canceled' }, time(), client, now))
})

t.test('times are said in the zone of who reads them, in plain letters', async t => {
  const now = new Date(Date.UTC(2026, 10, 22))
  const at = (iso: string, timeZone: string) => whenOf({ startsAt: new Date(iso), timeZone }, now)
  t.equal(at('2026-11-24T00:00:00Z', 'America/Los_Angeles'), 'Mon, Nov 23, 4:00 PM PST')
  t.equal(at('2026-11-24T00:00:00Z', 'America/Phoenix'), 'Mon, Nov 23, 5:00 PM MST')
  t.match(at('2027-07-01T19:30:00Z', 'America/New_York'), /^Thu, Jul 1, 2027, 3:30 PM EDT$/)
  // The hour that comes twice is told apart by the name of its zone.
  t.match(at('2026-11-01T08:30:00Z', 'America/Los_Angeles'), /1:30 AM PDT$/)
  t.match(at('2026-11-01T09:30:00Z', 'America/Los_Angeles'), /1:30 AM PST$/)
  t.match(at('2026-11-24T00:00:00Z', 'Europe/London'), /^[\x20-\x7e]+$/)
})

t.test('a message says times and nothing else, in the order of the clock', async t => {
  const now = new Date(first - hourMs)
  const zone = 'America/Los_Angeles'
  const said = (minutes: number, what: 'reminder' | 'booked') => ({
    what,
    startsAt: new Date(first + minutes * minuteMs),
    timeZone: zone,
  })
  t.same(messageOf([said(0, 'reminder')], undefined, now), {
    subject: 'Your appointment',
    text: 'Reminder: your appointment is on Tue, Nov 24, 9:00 AM PST.',
  })
  const sender = { name: 'Quiet Harbor (fictional)', phone: '+15555550100' }
  t.match(messageOf([said(0, 'booked')], sender, now).text, /\nQuiet Harbor \(fictional\), \+15555550100$/)
  const many = Array.from({ length: 52 }, (_, week) => said((51 - week) * 7 * 1_440, 'booked'))
  const lines = messageOf(many, undefined, now).text.split('\n')
  t.equal(lines[1], 'Booked: Tue, Nov 24, 9:00 AM PST')
  t.equal(lines.at(-1), 'and 44 more')
  t.equal(lines.length, 10)
})
