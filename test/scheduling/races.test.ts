import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const count = (replies: Reply[], status: number) => replies.filter(reply => reply.status === status).length

t.test('bookings at once', async t => {
  const test = await createTestApp(t, { crowd: 16 })
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desks = [await practice.staff(['admin']), await practice.staff(['admin'])] as const
  const clinicians = [await practice.staff(['clinician']), await practice.staff(['clinician'])] as const
  const clientIds: string[] = []
  for (let count = 0; count < 6; count++) clientIds.push((await bookable.client([...clinicians])).clientId)
  const [clientId = ''] = clientIds
  const { book } = bookingsOf(bookable, clinicians[0], clientId)

  /** What must never be: two active reservations of one resource that share an instant. */
  const overlaps = () =>
    bookable.run(
      `select a.id from reservations a join reservations b on b.practice_id = a.practice_id
         and b.resource_id = a.resource_id and b.id > a.id and b.active and a.active
         and b.starts_at < a.ends_at and a.starts_at < b.ends_at
       where a.practice_id = $1`,
      [practice.id],
    )

  t.test('two front desks book one hour: exactly one gets it', async t => {
    for (const day of [3, 4, 5, 6, 7]) {
      const replies = await Promise.all(desks.map(desk => book(desk, at(day, 17))))
      t.same(replies.map(reply => reply.status).sort(), [201, 409])
      t.match(replies.find(reply => reply.status === 409)?.body, {
        code: 'resource-busy',
        resource: 'clinician',
      })
    }
  })

  t.test(
    '16 clients book overlapping hours: no overlap, and every refusal says which resource is busy',
    async t => {
      const lines = Array.from({ length: 16 }, async (_, line) => {
        const replies: Reply[] = []
        for (let step = 0; step < 6; step++) {
          const slot = (line * 7 + step * 11) % 21
          replies.push(
            await book(desks[line % 2 === 0 ? 0 : 1], at(10, 8, slot * 20), {
              clientId: clientIds[(line + 2 * step) % clientIds.length],
              clinicianId: clinicians[(line + step) % 2 === 0 ? 0 : 1].staffId,
              roomId: bookable.rooms[step % 3 === 0 ? 0 : 1],
            }),
          )
        }
        return replies
      })
      const replies = (await Promise.all(lines)).flat()
      const refused = replies.filter(reply => reply.status !== 201)
      t.ok(count(replies, 201) >= 8, `${count(replies, 201)} of ${replies.length} were booked`)
      for (const { status, body } of refused) {
        t.equal(status, 409)
        t.match(body, { code: 'resource-busy', resource: /^(clinician|room|client)$/ })
      }
      t.same(await overlaps(), [])
    },
  )

  t.test(
    'moves, bookings and taken-back cancellations race for the same hours without overlap or deadlock',
    async t => {
      const standing = []
      for (const hour of [14, 15, 16, 17])
        standing.push(
          (
            await book(desks[0], at(12, hour), {
              clinicianId: clinicians[hour % 2 ? 0 : 1].staffId,
              clientId: clientIds[hour % 4],
            })
          ).body,
        )
      const canceled = (await book(desks[0], at(12, 18))).body
      await desks[0].post(
        `/v1/appointments/${canceled.id}/cancellation`,
        { reasonCode: 'other', by: 'client' },
        { ifMatch: 1 },
      )
      const swap = standing.map((appointment, index) =>
        desks[1].patch(
          `/v1/appointments/${appointment.id}`,
          { startsAt: at(12, 17 - index), roomId: bookable.rooms[index % 2 ? 0 : 1] },
          { ifMatch: 1 },
        ),
      )
      const crowd = standing.map((appointment, index) =>
        desks[0].patch(`/v1/appointments/${appointment.id}`, { startsAt: at(12, 18, index) }, { ifMatch: 1 }),
      )
      const others = [
        desks[0].delete(`/v1/appointments/${canceled.id}/cancellation`, { ifMatch: 2 }),
        book(desks[0], at(12, 18)),
        book(desks[1], at(12, 15), { roomId: bookable.rooms[1] }),
        book(desks[1], at(12, 14, 30), { clinicianId: clinicians[1].staffId }),
      ]
      const replies = await Promise.all([...swap, ...crowd, ...others])
      for (const { status } of replies) t.ok([200, 201, 409, 412].includes(status), `${status}`)
      t.ok(count(replies, 200) + count(replies, 201) > 0)
      t.same(await overlaps(), [])
    },
  )

  t.test('two appointments move into one hour at once: exactly one gets it', async t => {
    for (const day of [20, 21, 22]) {
      const [first, second] = [
        (await book(desks[0], at(day, 9))).body,
        (await book(desks[0], at(day, 12))).body,
      ]
      const replies = await Promise.all(
        [first, second].map((appointment, index) =>
          desks[index === 0 ? 0 : 1].patch(
            `/v1/appointments/${appointment.id}`,
            { startsAt: at(day, 15, index * 10) },
            { ifMatch: 1 },
          ),
        ),
      )
      t.same(replies.map(reply => reply.status).sort(), [200, 409])
    }
  })

  t.test('a booking repeated at once with one key is made once', async t => {
    const key = randomUUID()
    const body = bookingsOf(bookable, clinicians[0], clientId).body(at(25, 17))
    const replies = await Promise.all(
      [1, 2, 3, 4].map(() => desks[0].post('/v1/appointments', body, { key })),
    )
    t.equal(count(replies, 201), 4)
    t.equal(new Set(replies.map(reply => reply.body.id)).size, 1)
  })
})
