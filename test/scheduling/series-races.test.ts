import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { keepSeries } from '../../src/modules/scheduling/index.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { datesOf, day, instantOf, seriesOf } from '../support/series.ts'
import { createTestApp } from '../support/test-app.ts'

const count = (replies: Reply[], status: number) => replies.filter(reply => reply.status === status).length

t.test('series at once', async t => {
  const test = await createTestApp(t, { crowd: 16 })
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const clinician = await practice.staff(['clinician'])
  const desks = await Promise.all(Array.from({ length: 16 }, () => practice.staff(['admin'])))
  const [desk] = desks as [(typeof desks)[number]]
  const clientIds = await Promise.all(desks.map(async () => (await bookable.client([clinician])).clientId))

  /** What must never be, whoever was faster. */
  const faults = async () => ({
    overlaps: await bookable.run(
      `select 1 from reservations a join reservations b on b.practice_id = a.practice_id
         and b.resource_id = a.resource_id and b.id > a.id and b.starts_at < a.ends_at and a.starts_at < b.ends_at
       where a.practice_id = $1`,
      [practice.id],
    ),
    unreserved: await bookable.run(
      `select 1 from appointments a where a.practice_id = $1 and a.status = 'scheduled' and 3 <>
         (select count(*) from reservations r where r.practice_id = a.practice_id and r.holder_id = a.id
            and r.starts_at = a.starts_at)`,
      [practice.id],
    ),
    halves: await bookable.run(
      `select s.id from appointment_series s where s.practice_id = $1 and s.status = 'active' and exists (
         select from series_dates d where d.series_id = s.id and d.standing = 'booked' and not d.exception
           and (select a.starts_at at time zone s.time_zone from appointments a where a.id = d.appointment_id)
             <> d.on_date + make_interval(mins => s.starts_minute))`,
      [practice.id],
    ),
  })
  const none = { overlaps: [], unreserved: [], halves: [] }

  t.test(
    '16 clients want one hour of the week: one gets all of it, the others are told which dates',
    async t => {
      const replies = await Promise.all(
        desks.map((by, index) =>
          seriesOf(bookable, clinician, clientIds[index] ?? '').book(by, { time: '10:00' }),
        ),
      )
      t.same(replies.map(({ status }) => status).sort(), [201, ...Array(15).fill(409)])
      for (const { status, body } of replies)
        if (status === 409) t.match(body, { code: 'resource-busy', clashes: { length: 8 } })
      t.same(await faults(), none)
    },
  )

  t.test('16 series that cross each other: none is booked by half', async t => {
    const replies = await Promise.all(
      desks.map((by, index) =>
        seriesOf(bookable, clinician, clientIds[index] ?? '').book(by, {
          time: '12:00',
          firstOn: day(index % 4),
          rule: index % 2 ? 'FREQ=DAILY;INTERVAL=3;COUNT=10' : 'FREQ=DAILY;INTERVAL=2;COUNT=10',
        }),
      ),
    )
    t.equal(count(replies, 201) + count(replies, 409), 16)
    t.ok(count(replies, 201) >= 1)
    t.same(await faults(), none)
  })

  t.test(
    'changes, cancellations, pauses, single moves, bookings and the job meet: nothing breaks',
    async t => {
      const made = await seriesOf(bookable, clinician, clientIds[0] ?? '').book(desk, {
        time: '15:00',
        rule: 'FREQ=WEEKLY;COUNT=12',
      })
      t.equal(made.status, 201)
      const url = `/v1/appointment-series/${made.body.series.id}`
      const dates = datesOf(made)
      await bookable.run(
        "update appointment_series set zone_version = '1999a', booked_until = $2 where id = $1",
        [made.body.series.id, day(100)],
      )
      const single = bookingsOf(bookable, clinician, clientIds[1] ?? '')
      const rival = (by: Caller, index: number) => {
        const at = `${16 + (index % 3)}:00`
        if (index % 5 === 0) return by.patch(url, { time: at }, { ifMatch: 1 })
        if (index % 5 === 1)
          return by.patch(
            `/v1/appointments/${dates[index % 8]?.appointmentId}`,
            { startsAt: instantOf(day(index), at) },
            { ifMatch: 1 },
          )
        if (index % 5 === 2) return single.book(by, instantOf(dates[index % 8]?.date ?? '', at))
        if (index % 5 === 3)
          return by.post(
            `${url}/pauses`,
            { from: day(20), until: day(30), reasonCode: 'travel', by: 'client' },
            { ifMatch: 1 },
          )
        return by.patch(url, { from: day(28), rule: 'FREQ=WEEKLY;INTERVAL=2;COUNT=4' }, { ifMatch: 1 })
      }
      const rivals = desks.slice(1).map(rival)
      const job = inPractice(test.house.database, systemScope(practice.id, 'appointment-series'), keepSeries)
      const replies = await Promise.all(rivals)
      await job
      for (const { status, body } of replies)
        t.ok([200, 201, 409, 412].includes(status), JSON.stringify(body))
      const changes = replies.filter((reply, index) => [0, 3, 4].includes(index % 5) && reply.status === 200)
      t.ok(changes.length <= 1, 'of those who read one version one is heard')
      t.same(await faults(), none)
      t.notMatch(test.logLines.join(''), /deadlock|"level":"error"/)
    },
  )

  t.test('a series repeated at once with one key is booked once', async t => {
    const key = randomUUID()
    const { book } = seriesOf(bookable, clinician, clientIds[2] ?? '')
    const replies = await Promise.all([1, 2, 3, 4].map(() => book(desk, { time: '20:00' }, { key })))
    t.equal(count(replies, 201), 4)
    t.equal(new Set(replies.map(({ body }) => body.series.id)).size, 1)
    t.same(await faults(), none)
  })
})
