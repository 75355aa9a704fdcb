import fc from 'fast-check'
import t from 'tap'
import type { Problem } from '../../src/lib/problems.ts'
import {
  type FittingSupply,
  fit,
  type WantedBlock,
} from '../../src/modules/scheduling/intensives/fitting.rules.ts'
import {
  assertMayBecome,
  assertNoneTwice,
  checklistOf,
  intensiveStatuses,
  wrongWithCast,
} from '../../src/modules/scheduling/intensives/intensives.rules.ts'
import { earnedOf, refundOf, shareOut } from '../../src/modules/scheduling/intensives/money.rules.ts'
import { shippedTemplates } from '../../src/modules/scheduling/intensives/shipped-templates.ts'
import { localCalendar } from '../../src/modules/scheduling/slots/local-calendar.ts'

t.test('what may follow what', async t => {
  const may = (from: (typeof intensiveStatuses)[number], to: (typeof intensiveStatuses)[number]) => {
    try {
      assertMayBecome(from, to)
      return true
    } catch (error) {
      t.equal((error as Problem).code, 'invalid-state')
      return false
    }
  }
  const table = intensiveStatuses.map(from => [from, intensiveStatuses.filter(to => may(from, to)).join(' ')])
  t.same(Object.fromEntries(table), {
    inquiry: 'screened canceled',
    screened: 'contracted canceled',
    contracted: 'deposit_due canceled',
    deposit_due: 'scheduled canceled',
    scheduled: 'in_progress canceled',
    in_progress: 'completed',
    completed: 'aftercare',
    aftercare: '',
    canceled: '',
  })
})

t.test('the checklist asks each participant, and the whole once', async t => {
  t.equal(checklistOf(['a']).length, 6)
  t.equal(checklistOf(['a', 'b']).length, 10)
  t.same(checklistOf(['a', 'b']).slice(0, 2), [
    { gate: 'stability', participant: 'a' },
    { gate: 'stability', participant: 'b' },
  ])
})

t.test('what goes back of a deposit: figures worked by hand', async t => {
  const schedule = [
    { daysBefore: 30, percent: 100 },
    { daysBefore: 7, percent: 50 },
  ]
  const refund = (by: 'client' | 'practice', days: number | null) =>
    refundOf(150_001, by, days, schedule).refundCents
  t.equal(refund('client', 31), 150_001)
  t.equal(refund('client', 30), 150_001, 'on the day itself')
  t.equal(refund('client', 29), 75_000, 'rounded down')
  t.equal(refund('client', 7), 75_000)
  t.equal(refund('client', 6), 0)
  t.equal(refund('client', -2), 0)
  t.equal(refund('practice', 0), 150_001, 'what the practice cancels')
  t.equal(refund('client', null), 150_001, 'nothing was held')
  t.same(refundOf(100, 'client', 3, []), { refundCents: 0, keptCents: 100 })
})

t.test('shares of the price add up to it: by hand, and for any minutes', async t => {
  t.same(shareOut(10_000, [1, 1, 1]), [3_334, 3_333, 3_333])
  t.same(shareOut(17_501, [60, 60]), [8_751, 8_750])
  t.same(shareOut(900_000, [90, 75, 60]), [360_000, 300_000, 240_000])
  t.same(shareOut(1, [1, 5, 1]), [0, 1, 0])
  t.same(shareOut(500, []), [])
  t.equal(earnedOf(8_751, 30, 60), 4_375)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 100_000_000 }),
      fc.array(fc.integer({ min: 5, max: 720 }), { minLength: 1, maxLength: 100 }),
      (cents, minutes) => {
        const shares = shareOut(cents, minutes)
        const total = minutes.reduce((sum, one) => sum + one, 0)
        return (
          shares.reduce((sum, share) => sum + share, 0) === cents &&
          shares.every((share, place) => Math.abs(share - (cents * (minutes[place] ?? 0)) / total) < 1)
        )
      },
    ),
    { numRuns: 300 },
  )
})

t.test('the kind of a block says whom it needs', async t => {
  const couple = ['a', 'b'] as const
  const wrong = (
    kind: Parameters<typeof wrongWithCast>[0]['kind'],
    participants: ('a' | 'b')[],
    clinicians: number,
  ) => wrongWithCast({ kind, participants, clinicians }, couple)?.field
  t.equal(wrong('joint', ['a', 'b'], 1), undefined)
  t.equal(wrong('joint', ['a'], 1), 'participants')
  t.equal(wrong('individual', ['a', 'b'], 1), 'participants')
  t.equal(wrong('emdr', ['b'], 0), 'clinicianIds')
  t.equal(wrong('break', ['a'], 0), undefined)
  t.equal(wrong('break', [], 1), 'participants')
  t.equal(wrong('staff_huddle', [], 2), undefined)
  t.equal(wrong('staff_huddle', ['a'], 2), 'participants')
  t.equal(
    wrongWithCast({ kind: 'individual', participants: ['b'], clinicians: 1 }, ['a'])?.field,
    'participants',
  )
})

t.test(
  'shipped templates are of two, three and five days, and nobody is in two blocks at a time',
  async t => {
    t.same(
      shippedTemplates.map(({ audience, days }) => `${audience} ${days}`),
      ['individual 2', 'individual 3', 'individual 5', 'couple 2', 'couple 3', 'couple 5'],
    )
    for (const { blocks, days, audience } of shippedTemplates) {
      const people = audience === 'couple' ? (['a', 'b'] as const) : (['a'] as const)
      for (const block of blocks) {
        t.ok(block.day <= days)
        t.equal(wrongWithCast({ ...block, clinicians: block.clinicians.length }, people), undefined)
      }
      assertNoneTwice(
        blocks.map(({ day, startsAt, durationMinutes, participants, clinicians }) => {
          const start = new Date(`2026-01-0${day}T${startsAt}Z`)
          const endsAt = new Date(start.getTime() + durationMinutes * 60_000)
          return { startsAt: start, endsAt, resourceIds: [...participants, ...clinicians.map(String)] }
        }),
        String,
      )
    }
  },
)

// Fitting against somebody who tries every first day and every shift, and asks of each minute whether it is free.

const minuteMs = 60_000
const zone = 'America/New_York'
const [from, until] = ['2026-03-07', '2026-03-09']
const calendar = localCalendar(zone)
const sunday = Date.UTC(2026, 2, 7, 5)

const busyTime = fc.record({
  resourceId: fc.constantFrom('ann', 'ben', 'client-a', 'client-b', 'small', 'large'),
  start: fc.integer({ min: 0, max: 4 * 96 }).map(quarter => sunday + quarter * 15 * minuteMs),
  length: fc.integer({ min: 1, max: 12 }),
})

const supplyOf = (busy: readonly { resourceId: string; start: number; length: number }[]): FittingSupply => ({
  practiceZone: zone,
  locations: [{ id: 'office', timeZone: zone }],
  hours: ['ann', 'ben'].map(staffId => ({
    id: staffId,
    staffId,
    effectiveFrom: '2026-01-01',
    mostSessionsPerDay: null,
    minimumNoticeMinutes: 0,
    spans: [1, 2, 3, 4, 5, 6, 7].map(weekday => ({
      weekday,
      startsMinute: 0,
      endsMinute: 1_440,
      locationId: 'office',
      telehealth: false,
    })),
  })),
  exceptions: [],
  travelTimes: [],
  clinicianIds: ['ann', 'ben'],
  credentials: null,
  rooms: [
    { id: 'small', locationId: 'office', openingHours: null, capacity: 2 },
    { id: 'large', locationId: 'office', openingHours: null, capacity: 4 },
  ],
  busy: busy.map(({ resourceId, start, length }) => ({
    resourceId,
    start,
    end: start + length * 15 * minuteMs,
  })),
  elsewhere: [],
})

const blocks: WantedBlock[] = [
  {
    day: 1,
    startsMinute: 60,
    minutes: 90,
    clinicianIds: ['ann'],
    clientIds: ['client-a', 'client-b'],
    needsRoom: true,
  },
  { day: 1, startsMinute: 150, minutes: 60, clinicianIds: ['ann'], clientIds: ['client-a'], needsRoom: true },
  { day: 1, startsMinute: 150, minutes: 60, clinicianIds: ['ben'], clientIds: ['client-b'], needsRoom: true },
  {
    day: 1,
    startsMinute: 210,
    minutes: 30,
    clinicianIds: [],
    clientIds: ['client-a', 'client-b'],
    needsRoom: false,
  },
  { day: 2, startsMinute: 60, minutes: 60, clinicianIds: ['ann', 'ben'], clientIds: [], needsRoom: true },
]
const question = { from, until, days: 2, locationId: 'office', now: sunday - 86_400_000 * 9 }

type Taken = { id: string; start: number; end: number }

/** The first itinerary of one first day, looked for minute by minute. */
function byHand(supply: FittingSupply, firstOn: string, shiftMinutes: number) {
  const taken: Taken[] = supply.busy.map(({ resourceId, start, end }) => ({ id: resourceId, start, end }))
  const found = []
  for (const { day, startsMinute, minutes, clinicianIds, clientIds, needsRoom } of blocks) {
    const date = new Date(Date.parse(`${firstOn}T00:00Z`) + (day - 1) * 86_400_000).toISOString().slice(0, 10)
    const people = [...clinicianIds, ...clientIds]
    let placed: { start: number; end: number; roomId: string | null } | undefined
    for (let shift = 0; shift <= shiftMinutes && !placed; shift += 15) {
      const start = calendar.existing(date, startsMinute + shift)
      if (start === undefined) continue
      const end = start + minutes * minuteMs
      const isFree = (id: string) => {
        for (let at = start; at < end; at += minuteMs)
          if (taken.some(other => other.id === id && other.start <= at && at < other.end)) return false
        return true
      }
      if (!people.every(isFree)) continue
      const room = supply.rooms.find(({ id, capacity }) => capacity >= people.length && isFree(id))
      if (needsRoom && !room) continue
      placed = { start, end, roomId: needsRoom && room ? room.id : null }
    }
    if (!placed) return undefined
    found.push(placed)
    const { start, end, roomId } = placed
    for (const id of [...people, ...(roomId ? [roomId] : [])]) taken.push({ id, start, end })
  }
  return found
}

t.test('a fitted itinerary is what somebody would find who tries every minute', async t => {
  let fitting = 0
  fc.assert(
    fc.property(fc.array(busyTime, { maxLength: 8 }), fc.constantFrom(0, 30, 120), (busy, shiftMinutes) => {
      const supply = supplyOf(busy)
      const options = fit(supply, blocks, { ...question, shiftMinutes }, 20)
      const expected = ['2026-03-07', '2026-03-08', '2026-03-09'].flatMap(firstOn => {
        const found = byHand(supply, firstOn, shiftMinutes)
        return found ? [{ firstOn, blocks: found }] : []
      })
      fitting += options.length
      return JSON.stringify(options) === JSON.stringify(expected)
    }),
    { numRuns: 60 },
  )
  t.ok(fitting > 60, `${fitting} itineraries fit`)
})
