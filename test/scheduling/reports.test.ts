import t from 'tap'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const dayOf = (days: number) => at(days, 0).slice(0, 10)

t.test('reports of the schedule', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  await bookable.run(`update practices set time_zone = 'Etc/UTC' where practice_id = $1`, [practice.id])
  await bookable.run(`update locations set time_zone = 'Etc/UTC' where practice_id = $1`, [practice.id])
  const desk = await practice.staff(['admin'])
  const supervisor = await practice.staff(['supervisor'])
  const ann = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const ben = await practice.staff(['clinician'])
  const { clientId } = await bookable.client([ann, ben])
  const { book } = bookingsOf(bookable, ann, clientId)
  const one = async (by: Caller, report: string, days: [number, number]) => {
    const { status, body } = await by.get(
      `/v1/reports/${report}?from=${dayOf(days[0])}&until=${dayOf(days[1])}`,
    )
    t.equal(status, 200)
    return body
  }
  const of = (body: { clinicians: { clinicianId: string }[] }, { staffId }: Caller) =>
    body.clinicians.find(({ clinicianId }) => clinicianId === staffId)
  const step = (id: string, name: string, body?: unknown) =>
    desk.post(`/v1/appointments/${id}/${name}`, body, { ifMatch: 1 })

  // Five days back: eight hours of work less one of time off, and four sessions.
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
    startsAt: `${dayOf(-5)}T12:00`,
    endsAt: `${dayOf(-5)}T13:00`,
  })
  const sessions = []
  for (const hour of [9, 10, 11, 14, 15]) sessions.push((await book(desk, at(-5, hour))).body.id)
  const [held, missed, gone, open] = sessions
  await step(held, 'attendance', { actualStartsAt: at(-5, 9), actualEndsAt: at(-5, 9, 50) })
  await step(missed, 'no-show')
  await step(gone, 'cancellation', { reasonCode: 'illness', by: 'practice' })
  t.ok(open)
  const doubled = await book(desk, at(-5, 14, 30), { roomId: bookable.rooms[1], overbook: true })
  t.equal(doubled.status, 409, 'a client is never booked twice')
  const other = await bookable.client([ben])
  const bens = await book(desk, at(-5, 9), {
    clientId: other.clientId,
    clinicianId: ben.staffId,
    roomId: bookable.rooms[1],
  })
  await step(bens.body.id, 'cancellation', { reasonCode: 'illness', by: 'client' })

  t.test('utilization is the time booked of the time worked, by hand', async t => {
    const body = await one(desk, 'utilization', [-5, -5])
    t.match(of(body, ann), {
      workingMinutes: 420,
      bookedMinutes: 200,
      completedMinutes: 50,
      utilization: 0.476,
    })
    t.match(of(body, ben), { workingMinutes: 0, bookedMinutes: 0, utilization: null })
    const rooms = body.rooms as { roomId: string }[]
    t.match(
      rooms.find(({ roomId }) => roomId === bookable.rooms[0]),
      { openMinutes: null, bookedMinutes: 200, utilization: null },
    )
    await bookable.run(`update rooms set opening_hours = $2 where practice_id = $1`, [
      practice.id,
      JSON.stringify([1, 2, 3, 4, 5, 6, 7].map(weekday => ({ weekday, startsMinute: 480, endsMinute: 880 }))),
    ])
    const open = (await one(desk, 'utilization', [-5, -5])).rooms as { roomId: string }[]
    t.match(
      open.find(({ roomId }) => roomId === bookable.rooms[0]),
      { openMinutes: 400, bookedMinutes: 200, utilization: 0.5 },
    )
    t.match(of(await one(desk, 'utilization', [-5, -4]), ann), { workingMinutes: 900, utilization: 0.222 })
  })

  t.test('time that is booked twice counts once, and a session counts on the day on which it is', async t => {
    const second = await bookable.client([ann])
    const over = { clientId: second.clientId, roomId: bookable.rooms[1], overbook: true }
    t.equal((await book(desk, at(-8, 9))).status, 201)
    t.equal((await book(desk, at(-8, 9, 25), over)).status, 201)
    t.match(of(await one(desk, 'utilization', [-8, -8]), ann), { bookedMinutes: 75 })
    t.equal((await book(desk, at(-8, 23, 40))).status, 201)
    t.match(of(await one(desk, 'utilization', [-8, -8]), ann), { bookedMinutes: 95 })
    t.match(of(await one(desk, 'utilization', [-7, -7]), ann), { bookedMinutes: 30 })
  })

  t.test('no-shows are told of what came due, by hand', async t => {
    const body = await one(desk, 'no-shows', [-5, -5])
    t.match(of(body, ann), {
      completed: 1,
      noShow: 1,
      lateCanceled: 0,
      canceled: 1,
      unrecorded: 2,
      noShowRate: 0.5,
      lateCancellationRate: 0,
    })
    t.equal(body.total.completed, 1)
    t.equal(body.total.canceled + body.total.lateCanceled, 2)
    const empty = await one(desk, 'no-shows', [-20, -20])
    t.same(empty.clinicians, [])
    t.match(empty.total, { completed: 0, noShowRate: null })
  })

  t.test('supervisors are told of those whom they supervise, and others of nobody', async t => {
    for (const report of ['utilization', 'no-shows']) {
      const seen = await one(supervisor, report, [-5, -5])
      t.ok(of(seen, ann))
      t.notOk(of(seen, ben))
      t.notMatch(JSON.stringify(seen), new RegExp(`${ben.staffId}|${bookable.rooms[0]}`))
      const url = `/v1/reports/${report}?from=${dayOf(-5)}&until=${dayOf(-5)}`
      for (const role of ['clinician', 'biller'] as const)
        t.equal((await (await practice.staff([role])).get(url)).body.code, 'not-permitted')
      const elsewhere = await createTestPractice(test)
      t.notMatch(JSON.stringify((await elsewhere.owner.get(url)).body), new RegExp(ann.staffId))
    }
  })

  t.test('a report has a year at most, and days in order', async t => {
    for (const report of ['utilization', 'no-shows']) {
      const answer = async (query: string) => (await desk.get(`/v1/reports/${report}?${query}`)).status
      t.equal(await answer('from=2025-01-01&until=2026-01-01'), 200)
      t.equal(await answer('from=2025-01-01&until=2026-01-02'), 400)
      t.equal(await answer('from=2026-01-02&until=2026-01-01'), 400)
      t.equal(await answer('from=0001-01-01&until=0001-01-02'), 400)
      t.equal(await answer(''), 400)
    }
  })
})
