import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('booking', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const clinician = await practice.staff(['clinician'])
  const other = await practice.staff(['clinician'])
  const { clientId, chartId } = await bookable.client([clinician])
  const { book, body } = bookingsOf(bookable, clinician, clientId)

  t.test('a session is booked, read and kept in its history', async t => {
    const made = await book(desk, at(3, 17))
    t.equal(made.status, 201)
    t.equal(made.headers.location, `/v1/appointments/${made.body.id}`)
    t.match(made.body, {
      chartId,
      clientId,
      coupleId: null,
      status: 'scheduled',
      overbooked: false,
      warnings: [],
      startsAt: at(3, 17),
      endsAt: at(3, 17, 50),
      durationMinutes: 50,
      timeZone: 'America/Los_Angeles',
      cancellation: null,
      attendance: null,
    })
    const read = await clinician.get(`/v1/appointments/${made.body.id}`)
    const { warnings: _warnings, ...booked } = made.body
    t.same(read.body, booked)
    t.match(read.etag, /^"v1-/)
    const history = await desk.get(`/v1/appointments/${made.body.id}/changes`)
    t.match(history.body.data, [{ kind: 'booked', recordedById: desk.staffId, startsAt: at(3, 17) }])
  })

  t.test('the same key books once, and none is refused', async t => {
    const key = randomUUID()
    const first = await desk.post('/v1/appointments', body(at(4, 17)), { key })
    const second = await desk.post('/v1/appointments', body(at(4, 17)), { key })
    t.equal(first.status, 201)
    t.same(second.body, first.body)
    t.equal(second.headers['idempotency-replayed'], 'true')
    t.equal((await desk.post('/v1/appointments', body(at(4, 18)))).body.code, 'idempotency-key-required')
  })

  t.test(
    'whoever left the care team since gets no answer by repeating the key, and books nothing',
    async t => {
      const leaving = await practice.staff(['clinician'])
      const inCare = await bookable.client([leaving])
      const session = bookingsOf(bookable, leaving, inCare.clientId).body(at(6, 20))
      const key = randomUUID()
      t.equal((await leaving.post('/v1/appointments', session, { key })).status, 201)
      await bookable.run(`update care_team_members set ends_on = '2020-02-01' where staff_id = $1`, [
        leaving.staffId,
      ])
      const repeated = await leaving.post('/v1/appointments', session, { key })
      t.same([repeated.status, repeated.body.code], [404, 'not-found'])
      const counted = await bookable.run('select count(*)::int from appointments where clinician_id = $1', [
        leaving.staffId,
      ])
      t.same(counted, [{ count: 1 }])
    },
  )

  t.test('a taken clinician, room or client is named where the caller may see by what', async t => {
    const someone = await bookable.client([other])
    const first = await book(desk, at(5, 17))
    t.equal(first.status, 201)
    const elsewhere = { clinicianId: other.staffId, roomId: bookable.rooms[1] }
    const refused = async (by: Caller, more: Record<string, unknown>) =>
      (await book(by, at(5, 17, 30), more)).body
    const busy = { code: 'resource-busy', appointmentId: first.body.id }
    const someoneElse = { clientId: someone.clientId }
    t.match(await refused(desk, { ...someoneElse, roomId: bookable.rooms[1] }), {
      ...busy,
      resource: 'clinician',
    })
    t.match(await refused(desk, { ...someoneElse, clinicianId: other.staffId }), {
      ...busy,
      resource: 'room',
    })
    t.match(await refused(desk, elsewhere), { ...busy, resource: 'client' })
    const hidden = await refused(other, { ...someoneElse, clinicianId: other.staffId })
    t.match(hidden, { code: 'resource-busy', resource: 'unspecified' })
    t.notOk('appointmentId' in hidden)
    t.notMatch(JSON.stringify(hidden), new RegExp([clientId, clinician.staffId, first.body.id].join('|')))
    t.equal((await book(other, at(5, 17, 30), { ...someoneElse, ...elsewhere })).status, 201)
  })

  t.test('a session of a couple takes both partners, and neither clinician learns why', async t => {
    const partner = await bookable.client([other])
    const third = await practice.staff(['clinician'])
    const couple = await bookable.couple([clientId, partner.clientId], [third])
    const ofCouple = { clientId: undefined, coupleId: couple.coupleId, serviceId: bookable.services.couple }
    const online = { mode: 'telehealth', locationId: null, roomId: null }
    const ofPartner = { clientId: partner.clientId, clinicianId: other.staffId }
    t.equal((await book(other, at(14, 17), { ...ofPartner, ...online })).status, 201)
    const together = { ...ofCouple, ...online, clinicianId: third.staffId }
    const refused = await book(third, at(14, 17, 20), together)
    t.match(refused.body, { code: 'resource-busy', resource: 'unspecified' })
    t.match((await book(desk, at(14, 17, 20), together)).body, { resource: 'client' })
    t.equal((await book(third, at(14, 18), together)).status, 201)
    const other18 = await book(other, at(14, 18, 10), { ...ofPartner, ...online })
    t.match(other18.body, { code: 'resource-busy', resource: 'unspecified' })
    t.same({ ...refused.body, requestId: '' }, { ...other18.body, requestId: '' })
  })

  t.test('clients have no buffers', async t => {
    const buffered = { serviceId: bookable.services.buffered }
    t.equal((await book(desk, at(15, 17), buffered)).status, 201)
    const next = {
      clinicianId: other.staffId,
      roomId: bookable.rooms[1],
      dualRoleReason: 'Only for today (fictional).',
    }
    t.equal((await book(desk, at(15, 17, 49), next)).body.resource, 'client')
    t.equal((await book(desk, at(15, 17, 50), next)).status, 201)
  })

  t.test('only the front desk overbooks, on purpose, and never a client', async t => {
    const someone = await bookable.client([clinician])
    t.equal((await book(desk, at(16, 17))).status, 201)
    const note = 'Both asked for it (fictional)'
    const over = { clientId: someone.clientId, overbook: true, note }
    t.equal((await book(clinician, at(16, 17), over)).body.code, 'not-permitted')
    t.equal((await book(desk, at(16, 17), { overbook: true })).body.resource, 'clinician')
    const doubled = await book(desk, at(16, 17), over)
    t.match(doubled, { status: 201, body: { overbooked: true } })
    t.match((await book(desk, at(16, 20), { overbook: true })).body, { overbooked: false })
    const url = `/v1/appointments/${doubled.body.id}`
    t.equal((await desk.get(url)).body.overbooked, true)
    t.match((await desk.get(`${url}/changes`)).body.data, [{ kind: 'booked', note }])
    t.notMatch(JSON.stringify(doubled.body), /fictional/, 'it stands in the history only')
    const held = await bookable.run(
      'select resource_kind from reservations where practice_id = $1 and holder_id = $2 order by 1',
      [practice.id, doubled.body.id],
    )
    t.same(held, [{ resource_kind: 'client' }])
    const audited = await bookable.run(
      `select count(*)::int from audit_log where practice_id = $1 and resource_id = $2 and 'overbooked' = any(fields)`,
      [practice.id, doubled.body.id],
    )
    t.same(audited, [{ count: 1 }])
    t.match(await desk.patch(url, { startsAt: at(16, 21) }, { ifMatch: 1 }), {
      status: 200,
      body: { overbooked: false },
    })
    t.equal((await book(desk, at(16, 21), { clientId })).body.resource, 'clinician')
  })

  t.test('an overbooked time is taken: beside what it doubles, and when that is gone', async t => {
    const someone = await bookable.client([clinician])
    const another = await bookable.client([clinician])
    const first = await book(desk, at(23, 17))
    const over = { clientId: someone.clientId, overbook: true, note: 'On purpose (fictional)' }
    t.equal((await book(desk, at(23, 17, 30), over)).status, 201)
    const beside = { clientId: another.clientId }
    const inRoom = { ...beside, clinicianId: other.staffId, dualRoleReason: 'Only for today (fictional).' }
    t.match((await book(desk, at(23, 18, 10), beside)).body, { code: 'resource-busy', resource: 'clinician' })
    t.match((await book(desk, at(23, 18, 10), inRoom)).body, { code: 'resource-busy', resource: 'room' })
    const onto = await desk.patch(
      `/v1/appointments/${first.body.id}`,
      { startsAt: at(23, 17, 20) },
      { ifMatch: 1 },
    )
    t.match(onto.body, { code: 'resource-busy', resource: 'clinician' }, 'but goes no further into the other')
    const edited = await desk.patch(
      `/v1/appointments/${first.body.id}`,
      { roomId: bookable.rooms[1] },
      { ifMatch: 1 },
    )
    t.match(edited, { status: 200, body: { overbooked: false } }, 'the one that was doubled is not frozen')
    const gone = await desk.post(
      `/v1/appointments/${first.body.id}/cancellation`,
      { reasonCode: 'illness', by: 'practice' },
      { ifMatch: 2 },
    )
    t.equal(gone.status, 200)
    t.equal((await book(desk, at(23, 17, 30), beside)).body.code, 'resource-busy')
    const twins = await Promise.all(
      [someone, another].map(({ clientId: id }) =>
        book(desk, at(23, 20), { clientId: id, overbook: true, note: 'Both at once (fictional)' }),
      ),
    )
    t.same(twins.map(({ body }) => body.overbooked).sort(), [false, true])
    t.equal((await book(desk, at(23, 20), { clientId })).body.code, 'resource-busy')
    t.match(
      (await book(desk, at(23, 20), { overbook: true })).body,
      { overbooked: true },
      'a third, on purpose',
    )
  })

  t.test('a booking takes the place of an expired hold, and not of one that runs', async t => {
    const hold = (expires: string) =>
      bookable.run(
        `insert into reservations (practice_id, holder_kind, holder_id, resource_kind, resource_id, starts_at, ends_at, expires_at)
         values ($1, 'hold', uuidv7(), 'clinician', $2, $3, $4, now() + $5::interval)`,
        [practice.id, clinician.staffId, at(17, 17), at(17, 18), expires],
      )
    await hold('5 minutes')
    const refused = await book(desk, at(17, 17))
    t.match(refused.body, { code: 'resource-busy', resource: 'clinician' })
    t.notOk('appointmentId' in refused.body)
    t.match((await book(clinician, at(17, 17))).body, { resource: 'unspecified' })
    await bookable.run(
      `update reservations set expires_at = now() - interval '1 second' where practice_id = $1 and holder_kind = 'hold'`,
      [practice.id],
    )
    t.equal((await book(desk, at(17, 17))).status, 201)
  })

  t.test('one session may start when another ends', async t => {
    t.equal((await book(desk, at(6, 17))).status, 201)
    t.equal((await book(desk, at(6, 17, 50))).status, 201)
    t.equal((await book(desk, at(6, 16, 10))).status, 201)
    t.equal((await book(desk, at(6, 17, 49))).body.code, 'resource-busy')
  })

  t.test('buffers take the time around a session and are not part of it', async t => {
    const buffered = { serviceId: bookable.services.buffered }
    const made = await book(desk, at(7, 17), buffered)
    t.match(made.body, { startsAt: at(7, 17), endsAt: at(7, 17, 50), durationMinutes: 50 })
    t.equal((await book(desk, at(7, 16, 1))).body.code, 'resource-busy')
    t.equal((await book(desk, at(7, 18, 4))).body.code, 'resource-busy')
    t.equal((await book(desk, at(7, 16))).status, 201)
    t.equal((await book(desk, at(7, 18, 5))).status, 201)
  })

  t.test('a clinician books the own calendar, for the own care teams', async t => {
    t.equal((await book(clinician, at(8, 17))).status, 201)
    t.equal((await book(clinician, at(8, 19), { clinicianId: other.staffId })).body.code, 'not-permitted')
    t.equal((await book(clinician, at(8, 19), { clinicianId: randomUUID() })).body.code, 'not-permitted')
    const hidden = await book(other, at(8, 20), { clinicianId: other.staffId })
    const missing = await book(other, at(8, 20), { clinicianId: other.staffId, clientId: randomUUID() })
    t.match(hidden, { status: 422, body: { code: 'unknown-reference' } })
    t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    t.equal((await book(await practice.staff(['biller']), at(8, 21))).body.code, 'not-permitted')
    t.equal((await book(await practice.staff(['supervisor']), at(8, 21))).body.code, 'not-permitted')
  })

  t.test('what belongs to another practice is refused exactly like what does not exist', async t => {
    const strange = await createTestPractice(test)
    const theirs = await createBookablePractice(test, strange)
    const stranger = await strange.staff(['clinician'])
    const couple = await theirs.couple([(await theirs.client()).clientId, (await theirs.client()).clientId])
    const named = {
      clientId: (await theirs.client()).clientId,
      serviceId: theirs.services.individual,
      clinicianId: stranger.staffId,
      locationId: theirs.locationId,
      roomId: theirs.rooms[0],
    }
    for (const [field, value] of Object.entries(named)) {
      const foreign = await book(desk, at(9, 17), { [field]: value })
      const random = await book(desk, at(9, 17), { [field]: randomUUID() })
      t.match(foreign, {
        status: 422,
        body: { code: 'unknown-reference', errors: [{ pointer: `/${field}` }] },
      })
      t.same({ ...foreign.body, requestId: '' }, { ...random.body, requestId: '' }, field)
    }
    const asCouple = { clientId: undefined, serviceId: bookable.services.couple }
    const foreign = await book(desk, at(9, 17), { ...asCouple, coupleId: couple.coupleId })
    const random = await book(desk, at(9, 17), { ...asCouple, coupleId: randomUUID() })
    t.equal(foreign.status, 422)
    t.same({ ...foreign.body, requestId: '' }, { ...random.body, requestId: '' })
    const { body: mine } = await book(desk, at(9, 17))
    const hidden = await strange.owner.get(`/v1/appointments/${mine.id}`)
    const missing = await strange.owner.get(`/v1/appointments/${randomUUID()}`)
    t.equal(hidden.status, 404)
    t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
  })

  t.test('a couple is booked into its own chart, with a service for couples', async t => {
    const partner = await bookable.client()
    const couple = await bookable.couple([clientId, partner.clientId], [clinician])
    const made = await book(desk, at(10, 17), {
      clientId: undefined,
      coupleId: couple.coupleId,
      serviceId: bookable.services.couple,
    })
    t.match(made, { status: 201, body: { ...couple, clientId: null } })
    t.notMatch(JSON.stringify(made.body), new RegExp(`${clientId}|${partner.clientId}`))
    const wrongKind = [
      { serviceId: bookable.services.couple },
      { clientId: undefined, coupleId: couple.coupleId },
    ]
    for (const more of wrongKind)
      t.match((await book(desk, at(10, 19), more)).body, {
        code: 'invalid-request',
        errors: [{ code: 'kind' }],
      })
    t.equal((await book(desk, at(10, 19), { coupleId: couple.coupleId })).status, 400)
    t.equal((await book(desk, at(10, 19), { clientId: undefined })).status, 400)
  })

  t.test('telehealth has the zone of the practice, and no location or room', async t => {
    const telehealth = { mode: 'telehealth', locationId: null, roomId: null }
    const made = await book(desk, at(11, 17), telehealth)
    t.match(made, { status: 201, body: { timeZone: 'America/Los_Angeles', locationId: null } })
    t.equal((await book(desk, at(11, 19), { mode: 'telehealth' })).body.errors[0].pointer, '/locationId')
    t.equal((await book(desk, at(11, 19), { locationId: null, roomId: null })).status, 400)
    t.match((await book(desk, at(11, 17, 10))).body, { resource: 'clinician', appointmentId: made.body.id })
  })

  t.test('what takes no new appointments is refused', async t => {
    const closed = await bookable.client()
    const set = (table: string, id: string, column: string, value: unknown) =>
      bookable.run(`update ${table} set ${column} = $3 where practice_id = $1 and id = $2`, [
        practice.id,
        id,
        value,
      ])
    const refusal = async (more: Record<string, unknown>) => (await book(desk, at(12, 17), more)).body
    await set('rooms', bookable.rooms[1], 'status', 'closed')
    t.match(await refusal({ roomId: bookable.rooms[1] }), {
      errors: [{ pointer: '/roomId', code: 'closed' }],
    })
    await set('rooms', bookable.rooms[1], 'status', 'active')
    await set('locations', bookable.locationId, 'status', 'closed')
    t.match(await refusal({}), { errors: [{ pointer: '/locationId', code: 'closed' }] })
    await set('locations', bookable.locationId, 'status', 'active')
    await set('services', bookable.services.buffered, 'status', 'retired')
    t.match(await refusal({ serviceId: bookable.services.buffered }), { errors: [{ code: 'retired' }] })
    await set('services', bookable.services.buffered, 'modes', ['telehealth'])
    await set('services', bookable.services.buffered, 'status', 'active')
    t.match(await refusal({ serviceId: bookable.services.buffered }), { errors: [{ pointer: '/mode' }] })
    t.match(await refusal({ clinicianId: desk.staffId }), { errors: [{ code: 'inactive' }] })
    const gone = await practice.staff(['clinician'])
    await set('staff_members', gone.staffId, 'status', 'disabled')
    t.match(await refusal({ clinicianId: gone.staffId }), { errors: [{ code: 'inactive' }] })
    await set('rooms', bookable.rooms[1], 'capacity', 1)
    t.match(await refusal({ roomId: bookable.rooms[1] }), { errors: [{ code: 'capacity' }] })
    await set('rooms', bookable.rooms[1], 'capacity', 3)
    await bookable.run(
      `update charts set status = 'closed', closed_at = now() where practice_id = $1 and id = $2`,
      [practice.id, closed.chartId],
    )
    t.equal((await refusal({ clientId: closed.clientId })).code, 'invalid-state')
  })

  t.test('times that cannot be meant are refused and never echoed', async t => {
    const wrong = [
      { startsAt: at(-32, 17) },
      { startsAt: at(800, 17) },
      { startsAt: at(13, 17).replace('00.000Z', '30.000Z') },
      { startsAt: '2030-02-30T10:00:00Z' },
      { startsAt: '2016-12-31T23:59:60Z' },
      { startsAt: 'canary-value' },
      { startsAt: 5 },
      { durationMinutes: 4 },
      { durationMinutes: 1441 },
      { durationMinutes: 50.5 },
      { mode: 'canary-value' },
      { status: 'canary-value' },
    ]
    for (const more of wrong) {
      const refused = await book(desk, at(13, 17), more)
      t.equal(refused.status, 400, JSON.stringify(more))
      t.notMatch(JSON.stringify(refused.body), /canary/)
    }
    t.equal((await book(desk, at(-30, 17))).status, 201, 'a session that was held may be entered later')
    t.equal((await book(desk, at(13, 0), { durationMinutes: 1440 })).status, 201)
  })
})
