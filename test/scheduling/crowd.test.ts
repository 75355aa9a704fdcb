import t from 'tap'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('a crowd of front desks', async t => {
  const test = await createTestApp(t, {
    crowd: 64,
    alone: 'two such pools are more than the server has room for',
  })
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desks = [await practice.staff(['admin']), await practice.staff(['admin'])] as const
  const clinicians = [await practice.staff(['clinician']), await practice.staff(['clinician'])] as const
  const clientIds: string[] = []
  for (let count = 0; count < 6; count++) clientIds.push((await bookable.client([...clinicians])).clientId)
  const { book } = bookingsOf(bookable, clinicians[0], clientIds[0] ?? '')

  /** Two reservations of one resource that share an instant. */
  const overlaps = () =>
    bookable.run(
      `select a.id from reservations a join reservations b on b.practice_id = a.practice_id
         and b.resource_id = a.resource_id and b.id > a.id and b.active and a.active
         and b.starts_at < a.ends_at and a.starts_at < b.ends_at
       where a.practice_id = $1`,
      [practice.id],
    )

  /** The same, of the appointments themselves: one clinician, room or person in two sessions. */
  const doubled = () =>
    bookable.run(
      `select a.id from appointments a join appointments b on b.practice_id = a.practice_id and b.id > a.id
         and b.starts_at < a.ends_at and a.starts_at < b.ends_at
         and (a.clinician_id = b.clinician_id or a.room_id = b.room_id or exists (
           select from chart_members m join chart_members n on n.practice_id = m.practice_id and n.client_id = m.client_id
           where m.practice_id = a.practice_id and m.chart_id = a.chart_id and n.chart_id = b.chart_id))
       where a.practice_id = $1 and a.status <> 'canceled' and b.status <> 'canceled'`,
      [practice.id],
    )

  /** Appointments that hold too little or, being canceled, still something. */
  const unreserved = () =>
    bookable.run(
      `select a.id from appointments a where a.practice_id = $1 and (
         select count(*) from reservations r where r.practice_id = a.practice_id and r.holder_id = a.id
       ) <> case when a.status = 'canceled' then 0 else 1 + (a.room_id is not null)::int + (
         select count(*) from chart_members m where m.practice_id = a.practice_id and m.chart_id = a.chart_id) end`,
      [practice.id],
    )

  t.test(
    '64 clients book, move, cancel and take back for people, couples and rooms: nobody is in two places',
    async t => {
      const couples = [
        (await bookable.couple([clientIds[0] ?? '', clientIds[1] ?? ''])).coupleId,
        (await bookable.couple([clientIds[2] ?? '', clientIds[3] ?? ''])).coupleId,
      ]
      const times = (seed: number) => at(30, 8, (seed % 40) * 15)
      const place = (seed: number) => ({
        clinicianId: clinicians[seed % 2 === 0 ? 0 : 1].staffId,
        roomId: seed % 3 === 0 ? null : bookable.rooms[seed % 3 === 1 ? 0 : 1],
      })
      const whom = (seed: number) =>
        seed % 4 === 0
          ? {
              clientId: undefined,
              coupleId: couples[seed % 8 === 0 ? 0 : 1],
              serviceId: bookable.services.couple,
            }
          : {
              clientId: clientIds[seed % clientIds.length],
              serviceId: bookable.services[seed % 2 === 0 ? 'buffered' : 'individual'],
            }
      const line = async (seed: number): Promise<Reply[]> => {
        const desk = desks[seed % 2 === 0 ? 0 : 1]
        const booked = await book(desk, times(seed * 7), { ...place(seed), ...whom(seed) })
        if (booked.status !== 201) return [booked]
        const url = `/v1/appointments/${booked.body.id}`
        const moved = await desk.patch(
          url,
          { startsAt: times(seed * 11), ...place(seed + 1) },
          { ifMatch: 1 },
        )
        const version = moved.status === 200 ? 2 : 1
        if (seed % 3 !== 0) return [booked, moved]
        const canceling = { reasonCode: 'other', by: 'practice' }
        const canceled = await desk.post(`${url}/cancellation`, canceling, { ifMatch: version })
        return [booked, moved, canceled, await desk.delete(`${url}/cancellation`, { ifMatch: version + 1 })]
      }
      const replies = (await Promise.all(Array.from({ length: 64 }, (_, seed) => line(seed)))).flat()
      const wrong = replies.filter(({ status }) => ![200, 201, 409].includes(status))
      t.same(
        wrong.map(({ status, body }) => [status, body.code]),
        [],
      )
      for (const { status, body } of replies) if (status === 409) t.equal(body.code, 'resource-busy')
      const booked = replies.filter(({ status }) => status === 201).length
      t.ok(booked >= 8, `${booked} were booked`)
      t.same(await overlaps(), [])
      t.same(await doubled(), [])
      t.same(await unreserved(), [])
      // The service would try again, and nobody would see it.
      const [database] = await bookable.run(
        'select deadlocks::int from pg_stat_database where datname = current_database()',
        [],
      )
      t.same(database, { deadlocks: 0 })
    },
  )
})
