import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('what becomes of an appointment', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const clinician = await practice.staff(['clinician'])
  const other = await practice.staff(['clinician'])
  const { clientId, chartId } = await bookable.client([clinician, other])
  const { book } = bookingsOf(bookable, clinician, clientId)
  const someone = { clientId: (await bookable.client([clinician, other])).clientId }
  const canceling = { reasonCode: 'illness', by: 'client' }

  t.test('a move takes the new hour, frees the old one and keeps it in the history', async t => {
    const { body } = await book(desk, at(3, 17))
    const moved = await desk.patch(
      `/v1/appointments/${body.id}`,
      {
        startsAt: at(3, 20),
        clinicianId: other.staffId,
        roomId: bookable.rooms[1],
        reasonCode: 'travel',
        by: 'client',
        note: 'Called from the (fictional) airport.',
      },
      { ifMatch: 1 },
    )
    t.match(moved, { status: 200, etag: '"v2"', body: { startsAt: at(3, 20), endsAt: at(3, 20, 50) } })
    t.equal((await book(desk, at(3, 17))).status, 201)
    t.equal((await book(desk, at(3, 20), { clinicianId: other.staffId })).body.resource, 'clinician')
    t.equal((await book(desk, at(3, 20), { roomId: bookable.rooms[1] })).body.resource, 'room')
    const { data } = (await desk.get(`/v1/appointments/${body.id}/changes`)).body
    t.match(data, [
      { kind: 'booked', startsAt: at(3, 17), clinicianId: clinician.staffId, note: null },
      {
        kind: 'moved',
        startsAt: at(3, 20),
        reasonCode: 'travel',
        note: 'Called from the (fictional) airport.',
      },
    ])
    const [stored] = await bookable.run(
      `select note from appointment_changes where practice_id = $1 and note is not null`,
      [practice.id],
    )
    t.notMatch(String(stored?.note), /airport/, 'the note is sealed')
  })

  t.test('a move to a taken hour is refused, and the appointment stays', async t => {
    const first = (await book(desk, at(4, 17))).body
    const second = (await book(desk, at(4, 19), { ...someone, clinicianId: other.staffId })).body
    const move = (change: object) => desk.patch(`/v1/appointments/${second.id}`, change, { ifMatch: 1 })
    t.match(await move({ startsAt: at(4, 17) }), { status: 409, body: { resource: 'room' } })
    t.match(await move({ startsAt: at(4, 17), clinicianId: clinician.staffId }), {
      status: 409,
      body: { code: 'resource-busy', resource: 'clinician' },
    })
    const { warnings: _warnings, ...unchanged } = second
    t.same((await desk.get(`/v1/appointments/${second.id}`)).body, unchanged)
    t.equal((await move({ startsAt: at(4, 17), roomId: bookable.rooms[1] })).status, 200)
    t.equal((await desk.get(`/v1/appointments/${first.id}`)).body.version, 1)
  })

  t.test('a move within its own hour, to telehealth and back', async t => {
    const { body } = await book(desk, at(5, 17), { serviceId: bookable.services.buffered })
    const url = `/v1/appointments/${body.id}`
    t.equal((await desk.patch(url, { startsAt: at(5, 17, 10) }, { ifMatch: 1 })).status, 200)
    t.match(await desk.patch(url, { mode: 'telehealth' }, { ifMatch: 2 }), {
      status: 200,
      body: { locationId: null, roomId: null },
    })
    t.equal(
      (await book(desk, at(5, 17), { ...someone, clinicianId: other.staffId })).status,
      201,
      'the room is free',
    )
    const back = { mode: 'in_person', locationId: bookable.locationId, roomId: bookable.rooms[0] }
    t.equal((await desk.patch(url, back, { ifMatch: 3 })).body.resource, 'room')
    t.equal((await desk.patch(url, { ...back, startsAt: at(5, 21) }, { ifMatch: 3 })).status, 200)
    t.equal((await book(desk, at(5, 20, 30))).body.resource, 'clinician', 'buffers moved along')
    t.equal((await desk.patch(url, { note: 'Nothing else' }, { ifMatch: 4 })).status, 400)
  })

  t.test('in a chart that was closed meanwhile no cancellation is taken back', async t => {
    const someone = await bookable.client([clinician])
    const { body } = await book(desk, at(6, 12), { clientId: someone.clientId })
    const url = `/v1/appointments/${body.id}`
    await desk.post(`${url}/cancellation`, canceling, { ifMatch: 1 })
    const close = "update charts set status = 'closed', closed_at = now() where practice_id = $1 and id = $2"
    await bookable.run(close, [practice.id, someone.chartId])
    t.equal((await desk.delete(`${url}/cancellation`, { ifMatch: 2 })).body.code, 'invalid-state')
    t.equal((await desk.get(url)).body.status, 'canceled')
    const open = "update charts set status = 'open', closed_at = null where practice_id = $1 and id = $2"
    await bookable.run(open, [practice.id, someone.chartId])
    t.equal((await desk.delete(`${url}/cancellation`, { ifMatch: 2 })).status, 200)
  })

  t.test('a cancellation frees the hour, and can be taken back while it is free', async t => {
    const { body } = await book(desk, at(6, 17))
    const url = `/v1/appointments/${body.id}`
    const canceled = await clinician.post(`${url}/cancellation`, canceling, { ifMatch: 1 })
    t.match(canceled, { status: 200, body: { status: 'canceled', cancellation: canceling, version: 2 } })
    t.equal(
      (await clinician.post(`${url}/cancellation`, canceling, { ifMatch: 2 })).body.code,
      'invalid-state',
    )
    t.equal((await desk.patch(url, { startsAt: at(6, 19) }, { ifMatch: 2 })).body.code, 'invalid-state')
    const again = await book(desk, at(6, 17, 30))
    t.equal(again.status, 201)
    t.match(await desk.delete(`${url}/cancellation`, { ifMatch: 2 }), {
      status: 409,
      body: { code: 'resource-busy', resource: 'clinician' },
    })
    t.equal((await desk.get(url)).body.status, 'canceled')
    await desk.post(`/v1/appointments/${again.body.id}/cancellation`, canceling, { ifMatch: 1 })
    t.match(await desk.delete(`${url}/cancellation`, { ifMatch: 2 }), {
      status: 200,
      body: { status: 'scheduled', cancellation: null, version: 3 },
    })
    t.equal((await book(desk, at(6, 17, 30))).body.resource, 'clinician')
    t.equal((await desk.delete(`${url}/cancellation`, { ifMatch: 3 })).body.code, 'invalid-state')
    const { data } = (await desk.get(`${url}/changes?limit=2`)).body
    t.same(
      data.map((change: { kind: string }) => change.kind),
      ['booked', 'canceled'],
    )
  })

  t.test('a no-show and attendance are recorded once the session has begun', async t => {
    const past = (await book(desk, at(-2, 17))).body
    const future = (await book(desk, at(7, 17))).body
    const url = `/v1/appointments/${past.id}`
    t.equal(
      (await desk.post(`/v1/appointments/${future.id}/no-show`, undefined, { ifMatch: 1 })).body.code,
      'invalid-state',
    )
    t.match(await clinician.post(`${url}/no-show`, undefined, { ifMatch: 1 }), {
      status: 200,
      body: { status: 'no_show' },
    })
    t.equal((await book(desk, at(-2, 17))).body.code, 'resource-busy', 'its hour stays taken')
    const attended = { actualStartsAt: at(-2, 17, 5), actualEndsAt: at(-2, 17, 52) }
    t.match(await clinician.post(`${url}/attendance`, attended, { ifMatch: 2 }), {
      status: 200,
      body: {
        status: 'completed',
        attendance: { ...attended, participants: [{ clientId, presence: 'present' }] },
      },
    })
    const corrected = { ...attended, actualStartsAt: at(-2, 17, 6) }
    t.equal((await clinician.post(`${url}/attendance`, corrected, { ifMatch: 3 })).status, 200)
    t.equal((await desk.post(`${url}/cancellation`, canceling, { ifMatch: 4 })).body.code, 'invalid-state')
    t.equal((await desk.post(`${url}/no-show`, undefined, { ifMatch: 4 })).body.code, 'invalid-state')
    const wrong = [
      { actualStartsAt: at(-2, 18), actualEndsAt: at(-2, 17) },
      { actualStartsAt: at(7, 17), actualEndsAt: at(7, 18) },
      { actualStartsAt: at(-5, 17), actualEndsAt: at(-5, 18) },
    ]
    for (const times of wrong)
      t.equal((await clinician.post(`${url}/attendance`, times, { ifMatch: 4 })).body.code, 'invalid-request')
  })

  t.test('a stale version is refused, and a missing one asked for', async t => {
    const { body } = await book(desk, at(8, 17))
    const url = `/v1/appointments/${body.id}`
    t.equal((await desk.patch(url, { startsAt: at(8, 18) })).body.code, 'precondition-required')
    t.equal((await desk.patch(url, { startsAt: at(8, 18) }, { ifMatch: 2 })).body.code, 'stale-version')
    t.equal((await desk.post(`${url}/cancellation`, canceling, { ifMatch: 2 })).body.code, 'stale-version')
    t.equal((await desk.delete(`${url}/cancellation`, { ifMatch: 2 })).body.code, 'stale-version')
    const twins = await Promise.all(
      [18, 19, 20].map(hour => desk.patch(url, { startsAt: at(8, hour) }, { ifMatch: 1 })),
    )
    t.same(twins.map(reply => reply.status).sort(), [200, 412, 412])
  })

  t.test(
    'a colleague on the care team sees it and may not change it; who may not see it is told nothing',
    async t => {
      const { body } = await book(desk, at(9, 17))
      const url = `/v1/appointments/${body.id}`
      t.equal((await other.get(url)).status, 200)
      t.equal((await other.patch(url, { startsAt: at(9, 18) }, { ifMatch: 1 })).body.code, 'not-permitted')
      t.equal(
        (await clinician.patch(url, { clinicianId: other.staffId }, { ifMatch: 1 })).body.code,
        'not-permitted',
      )
      const stranger = await practice.staff(['clinician'])
      const hidden = await stranger.post(`${url}/cancellation`, canceling, { ifMatch: 1 })
      const missing = await stranger.post(`/v1/appointments/${randomUUID()}/cancellation`, canceling, {
        ifMatch: 1,
      })
      t.equal(hidden.status, 404)
      t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
      for (const read of ['', '/changes']) t.equal((await stranger.get(url + read)).status, 404)
    },
  )

  t.test('every step is an event of the chart', async t => {
    const types = await bookable.run(
      'select distinct type from events where practice_id = $1 and chart_id = $2 order by type',
      [practice.id, chartId],
    )
    t.same(
      types.map(row => row.type),
      ['booked', 'canceled', 'completed', 'moved', 'no-show', 'uncanceled'].map(
        step => `appointment.${step}`,
      ),
    )
  })
})
