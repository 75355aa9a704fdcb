import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { type BlockOf, intensivesOf } from '../support/intensives.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('intensives at once', async t => {
  const test = await createTestApp(t, { crowd: 16 })
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const [clinician, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const clients = await Promise.all(Array.from({ length: 16 }, () => bookable.client([clinician, colleague])))
  const intensives = await intensivesOf(bookable, practice, clinician)
  const { book, step, read } = intensives

  /** Days of blocks of one client; every other day with the other clinician, in the other room. */
  const days = (first: number, count: number) =>
    Array.from({ length: count }, (_, day) => ({
      startsAt: at(first + day, 16),
      durationMinutes: 180,
      kind: 'individual',
      participants: ['a'],
      ...(day % 2 === 1 && { clinicianIds: [colleague.staffId], roomId: bookable.rooms[1] }),
    }))

  /** Laid by the administrator to keep the race quick: an intensive that waits for its deposit, planned. */
  const lay = async (whose: { clientId: string; chartId: string }, blocks: BlockOf[]): Promise<string> => {
    const id = uuidv7()
    await bookable.run(
      `insert into intensives (practice_id, id, chart_id, client_a, service_id, location_id, time_zone, status, price_cents,
         deposit_cents, refund_days, refund_percents)
       values ($1, $2, $3, $4, $5, $6, 'America/Los_Angeles', 'deposit_due', 0, 0, '{}', '{}')`,
      [practice.id, id, whose.chartId, whose.clientId, intensives.serviceId, bookable.locationId],
    )
    for (const { kind, clinicianIds, roomId, startsAt, durationMinutes } of blocks.map(intensives.block))
      await bookable.run(
        `insert into intensive_blocks (practice_id, intensive_id, kind, client_ids, clinician_ids, room_id, starts_at, ends_at)
         values ($1, $2, $3, array[$4::uuid], $5, $6, $7, $7::timestamptz + make_interval(mins => $8))`,
        [practice.id, id, kind, whose.clientId, clinicianIds, roomId, startsAt, durationMinutes],
      )
    return id
  }
  const layAll = async (first: number, count: number, whose = clients): Promise<string[]> => {
    const ids = []
    for (const [index, client] of whose.entries())
      ids.push(await lay(client, days(first + (index % 3), count)))
    return ids
  }

  /** As it was laid: a machine with too much to do might not tell the version. */
  const bookLaid = (id: string) => step(desk, id, 'booking', { despiteOpenGates: intensives.pass }, 1)

  const overlaps = () =>
    bookable.run(
      `select a.id from reservations a join reservations b on b.practice_id = a.practice_id
         and b.resource_id = a.resource_id and b.id > a.id and b.active and a.active
         and b.starts_at < a.ends_at and a.starts_at < b.ends_at
       where a.practice_id = $1`,
      [practice.id],
    )
  /** Intensives of which some blocks are booked and others not, and blocks that hold less or more than they should. */
  const halfBooked = () =>
    bookable.run(
      `select b.intensive_id from intensive_blocks b
         left join lateral (select count(*) from reservations r
           where r.practice_id = b.practice_id and r.holder_id = b.id) held on true
       where b.practice_id = $1
       group by b.intensive_id
       having count(distinct b.status) > 1
         or bool_or(held.count <> case b.status when 'booked' then 3 else 0 end)`,
      [practice.id],
    )
  const expected = (replies: Reply[]) => {
    for (const { status, body } of replies) {
      t.ok([200, 201, 409].includes(status), `${status}`)
      if (status === 409) t.equal(body.code, 'resource-busy')
    }
    return replies.filter(({ status }) => status < 300).length
  }

  t.test(
    '16 book three days that overlap: whole ones or nothing, and every loser is told which block',
    async t => {
      const ids = await layAll(10, 3)
      const replies = await Promise.all(ids.map(bookLaid))
      t.ok(expected(replies) >= 1)
      for (const { status, body } of replies) if (status === 409) t.ok(body.clashes.length > 0)
      t.same(await overlaps(), [])
      t.same(await halfBooked(), [])
    },
  )

  t.test(
    'bookings, moves, cancellations and single appointments race without half a booking or deadlock',
    async t => {
      const ids = await layAll(30, 2, clients.slice(0, 9))
      const standing = ids.slice(0, 3)
      for (const [index, id] of standing.entries()) {
        const blocks = days(40 + 3 * index, 2).map(intensives.block)
        await intensives.must(step(desk, id, 'plan', { blocks }))
        t.equal((await book(desk, id)).status, 200)
      }
      const firstOn = at(30, 16).slice(0, 10)
      const versions = await Promise.all(standing.map(async id => (await read(desk, id)).version))
      const [first = '', second = '', third = ''] = standing
      const moves = [first, second].map((id, index) => step(desk, id, 'moves', { firstOn }, versions[index]))
      const cancel = step(desk, third, 'cancellation', { reasonCode: 'other', by: 'client' }, versions[2])
      const bookings = ids.slice(3).map(bookLaid)
      const singles = clients
        .slice(0, 6)
        .map(({ clientId }, index) =>
          bookingsOf(bookable, colleague, clientId).book(desk, at(30 + (index % 3), 17), { roomId: null }),
        )
      expected(await Promise.all([...moves, cancel, ...bookings, ...singles]))
      t.same(await overlaps(), [])
      t.same(await halfBooked(), [])
    },
  )

  t.test('one step is taken once: who was slower reads again', async t => {
    const [id = ''] = await layAll(80, 1, clients.slice(0, 1))
    const replies = await Promise.all(Array.from({ length: 16 }, () => bookLaid(id)))
    const statuses = replies.map(({ status }) => status)
    t.equal(statuses.filter(status => status === 200).length, 1)
    t.ok(statuses.every(status => status === 200 || status === 412))
  })
})
