import { randomUUID } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { createApiClientCaller } from '../support/api-client.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

interface Entry {
  id: string
  kind: string
  displayName: string | null
  roomId: string | null
  localStart: string
  startsAt: string
}
interface Taken {
  clinicianId: string | null
  roomId: string | null
  startsAt: string
  endsAt: string
}
interface Shown {
  entries: Entry[]
  busy: Taken[]
  working: Taken[]
}

const dayOf = (days: number) => at(days, 0).slice(0, 10)
const week = `from=${dayOf(2)}&until=${dayOf(8)}&timeZone=Etc/UTC`
const named = (name: string, ids: readonly string[]) => ids.map(id => `&${name}=${id}`).join('')

t.test('the calendar', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const supervisor = await practice.staff(['supervisor'])
  const ann = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const ben = await practice.staff(['clinician'])
  const biller = await practice.staff(['biller'])
  const [a, b] = [await bookable.client([ann]), await bookable.client([ben])]
  const { book } = bookingsOf(bookable, ann, a.clientId)
  const ofB = { clientId: b.clientId, clinicianId: ben.staffId, roomId: bookable.rooms[1] }
  const first = (await book(desk, at(3, 17))).body
  const other = (await book(desk, at(3, 17), { ...ofB, serviceId: bookable.services.buffered })).body
  const all = `${named('clinicianIds', [ann.staffId, ben.staffId])}${named('roomIds', bookable.rooms)}`

  const show = async (by: Caller, more = all, days = week): Promise<Shown> => {
    const { status, body } = await by.get(`/v1/calendar?${days}${more}`)
    t.equal(status, 200)
    return body
  }
  const idsOf = ({ entries }: Shown) => entries.map(({ id }) => id)
  const takenOf = ({ busy }: Shown) =>
    busy.map(({ clinicianId, roomId, startsAt, endsAt }) => [clinicianId ?? roomId, startsAt, endsAt])

  t.test('each role sees in full what its lists show, and of the rest only that it is taken', async t => {
    const byDesk = await show(desk)
    t.same(new Set(idsOf(byDesk)), new Set([first.id, other.id]))
    t.same(byDesk.busy, [])
    const byAnn = await show(ann)
    t.same(idsOf(byAnn), [first.id])
    const buffered = [at(3, 16, 50), at(3, 18, 5)]
    t.same(
      new Set(takenOf(byAnn)),
      new Set([
        [ben.staffId, ...buffered],
        [bookable.rooms[1], ...buffered],
      ]),
    )
    t.notMatch(JSON.stringify(byAnn), new RegExp(`${other.id}|${b.clientId}|${b.chartId}`))
    t.same(idsOf(await show(supervisor)), [first.id])
    t.same(idsOf(await show(await practice.staff(['clinician']))), [])
  })

  t.test('billers see whom and when, and cannot read a room off its hours', async t => {
    const seen = await show(biller)
    t.same(
      seen.entries.map(({ roomId, displayName }) => [roomId, displayName]),
      [
        [null, 'Casey Example'],
        [null, 'Casey Example'],
      ],
    )
    t.same(seen.busy, [])
    t.same((await show(biller, named('roomIds', bookable.rooms))).entries, [])
  })

  t.test('an integration is shown no names, and no hours of staff, without the scopes for them', async t => {
    const reads = await createApiClientCaller(test, practice, ['appointments:read'])
    const seen = await show(reads)
    t.equal(seen.entries.length, 2)
    t.ok(seen.entries.every(({ displayName }) => displayName === null))
    t.same(seen.working, [])
  })

  t.test(
    'a room shows what is in it, whoever gives it; a clinician what they give, wherever it is',
    async t => {
      t.same(idsOf(await show(desk, named('roomIds', [bookable.rooms[1]]))), [other.id])
      t.same(idsOf(await show(desk, named('clinicianIds', [ann.staffId]))), [first.id])
      t.same(idsOf(await show(desk, named('clinicianIds', [ann.staffId.toUpperCase()]))), [first.id])
      t.same(
        new Set(idsOf(await show(desk, ''))),
        new Set([first.id, other.id]),
        'everybody when nobody is named',
      )
      t.same(idsOf(await show(desk, named('clinicianIds', [randomUUID()]))), [])
    },
  )

  t.test(
    'what is canceled is not shown, and its time is free; a hold takes time and is not told of',
    async t => {
      const gone = (await book(desk, at(4, 17))).body
      const reason = { reasonCode: 'other', by: 'practice' }
      await desk.post(`/v1/appointments/${gone.id}/cancellation`, reason, { ifMatch: 1 })
      const hold = {
        serviceId: bookable.services.individual,
        clinicianIds: [ann.staffId],
        mode: 'telehealth',
        startsAt: at(4, 18),
        clientId: a.clientId,
      }
      t.equal((await desk.post('/v1/slot-holds', hold, { key: randomUUID() })).status, 201)
      const seen = await show(desk, all, `from=${dayOf(4)}&until=${dayOf(4)}&timeZone=Etc/UTC`)
      t.same(seen.entries, [])
      t.same(takenOf(seen), [[ann.staffId, at(4, 18), at(4, 18, 50)]])
      await bookable.run('update slot_holds set expires_at = now() where practice_id = $1', [practice.id])
      await bookable.run(
        'update reservations set expires_at = now() where expires_at is not null and practice_id = $1',
        [practice.id],
      )
      t.same((await show(desk, all, `from=${dayOf(4)}&until=${dayOf(4)}&timeZone=Etc/UTC`)).busy, [])
    },
  )

  t.test('hours are shown without time off, cut to the days that are asked for', async t => {
    const hours = [1, 2, 3, 4, 5, 6, 7].map(weekday => ({
      weekday,
      startsAt: '09:00',
      endsAt: '17:00',
      locationId: bookable.locationId,
      telehealth: true,
    }))
    await desk.post(`/v1/staff-members/${ann.staffId}/working-hours`, { effectiveFrom: '2026-01-01', hours })
    await desk.post('/v1/calendar-exceptions', {
      kind: 'time_off',
      staffId: ann.staffId,
      startsAt: `${dayOf(5)}T12:00`,
      endsAt: `${dayOf(5)}T13:00`,
    })
    const { working } = await show(
      desk,
      all,
      `from=${dayOf(5)}&until=${dayOf(5)}&timeZone=America/Los_Angeles`,
    )
    const day = dayOf(5)
    t.match(working, [
      { clinicianId: ann.staffId, localStart: `${day}T09:00`, localEnd: `${day}T12:00` },
      { clinicianId: ann.staffId, localStart: `${day}T13:00`, localEnd: `${day}T17:00` },
    ])
    t.equal(working.length, 2)
  })

  t.test('days begin and end at midnight of the zone, and its wall clock follows both changes', async t => {
    const zone = 'America/Los_Angeles'
    let change = Temporal.Now.zonedDateTimeISO(zone).getTimeZoneTransition('next')
    for (const _ of [1, 2]) {
      const day = change?.toPlainDate().toString() ?? ''
      const start = change?.startOfDay()
      const night = start?.subtract({ minutes: 30 }).toInstant().toString() ?? ''
      const after = change?.add({ hours: 9 })
      const telehealth = { mode: 'telehealth', locationId: null, roomId: null }
      const late = (await book(desk, night, telehealth)).body
      const early = (await book(desk, after?.toInstant().toString() ?? '', telehealth)).body
      const { body } = await desk.get(
        `/v1/calendar?from=${day}&until=${day}${named('clinicianIds', [ann.staffId])}`,
      )
      t.equal(body.timeZone, zone)
      t.equal(Date.parse(body.startsAt), start?.epochMilliseconds)
      t.equal(Date.parse(body.endsAt), start?.add({ days: 1 }).epochMilliseconds)
      t.same(idsOf(body), [late.id, early.id], 'what began the night before reaches in')
      t.equal(body.entries[1].localStart, after?.toPlainDateTime().toString({ smallestUnit: 'minute' }))
      change = change?.getTimeZoneTransition('next') ?? null
    }
  })

  t.test('a calendar has 42 days at most, 50 clinicians, and days in order', async t => {
    const answer = async (query: string) => (await desk.get(`/v1/calendar?${query}`)).status
    t.equal(await answer('from=2026-01-01&until=2026-02-11'), 200)
    t.equal(await answer('from=2026-01-01&until=2026-02-12'), 400)
    t.equal(await answer('from=2026-01-02&until=2026-01-01'), 400)
    t.equal(await answer('from=0001-01-01&until=0001-01-01'), 400)
    t.equal(await answer('from=9999-12-31&until=9999-12-31'), 400)
    t.equal(await answer('until=2026-01-01'), 400)
    t.equal(await answer(`${week}&timeZone=Nowhere`), 400)
    t.equal(
      await answer(
        `${week}${named(
          'clinicianIds',
          Array.from({ length: 51 }, () => randomUUID()),
        )}`,
      ),
      400,
    )
    t.equal(await answer(`${week}${named('clinicianIds', ['nobody'])}`), 400)
  })

  t.test('an overbooked time is taken for whoever may not see the session', async t => {
    const someone = await bookable.client([ann])
    t.equal((await book(desk, at(6, 17))).status, 201)
    const over = { clientId: someone.clientId, overbook: true, note: 'On purpose (fictional)' }
    t.equal((await book(desk, at(6, 17, 30), over)).status, 201)
    const day = `from=${dayOf(6)}&until=${dayOf(6)}&timeZone=Etc/UTC`
    const seen = await show(await practice.staff(['clinician']), all, day)
    t.same(seen.entries, [])
    t.same(takenOf(seen), [
      [ann.staffId, at(6, 17), at(6, 18, 20)],
      [bookable.rooms[0], at(6, 17), at(6, 18, 20)],
    ])
  })

  t.test('another practice sees nothing of it', async t => {
    const elsewhere = await createTestPractice(test)
    t.same(await show(elsewhere.owner), {
      ...(await show(elsewhere.owner)),
      entries: [],
      busy: [],
      working: [],
    })
  })

  t.test('a calendar costs as many statements for a month of everybody as for a day of one', async t => {
    let statements = 0
    const { query } = pg.Client.prototype
    pg.Client.prototype.query = function counted(this: pg.Client, ...args: Parameters<typeof query>) {
      statements++
      return query.apply(this, args)
    } as typeof query
    t.teardown(() => {
      pg.Client.prototype.query = query
    })
    const sent = async (wanted: string) => {
      statements = 0
      t.equal((await desk.get(`/v1/calendar?${wanted}`)).status, 200)
      return statements
    }
    const few = await sent(
      `from=${dayOf(3)}&until=${dayOf(3)}${named('clinicianIds', [ann.staffId])}&timeZone=Etc/UTC`,
    )
    t.ok(few > 0)
    t.equal(await sent(`from=${dayOf(0)}&until=${dayOf(41)}${all}&timeZone=Etc/UTC`), few)
  })
})
