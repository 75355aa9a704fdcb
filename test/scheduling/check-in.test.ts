import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const telehealth = { mode: 'telehealth', locationId: null, roomId: null }

t.test('telehealth', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const clinician = await practice.staff(['clinician'])
  const { clientId } = await bookable.client([clinician])
  const { book } = bookingsOf(bookable, clinician, clientId)
  await bookable.run(
    `insert into staff_licenses (practice_id, staff_id, profession, state, license_type, number, status, expires_on)
     values ($1, $2, 'Marriage and family therapist', 'CA', 'LMFT', '000001', 'active', current_date + 20)`,
    [practice.id, clinician.staffId],
  )
  const checkIn = (id: string, more: object = {}, by = clinician) =>
    by.post(
      `/v1/appointments/${id}/check-ins`,
      {
        clientId,
        address: { line1: '7 Canary Lane', city: 'Faketown', state: 'CA', postalCode: '90000' },
        emergencyContact: { name: 'Jamie Example', phone: '+15550100' },
        emergencyServices: null,
        isPrivate: true,
        isAppropriate: true,
        ...more,
      },
      { key: randomUUID() },
    )
  const inState = (state: string) => ({
    address: { line1: '7 Canary Lane', city: 'Faketown', state, postalCode: '89000' },
  })
  const start = (id: string, startedAt: string, more: object = {}) =>
    clinician.post(`/v1/appointments/${id}/start`, { startedAt, ...more }, { ifMatch: 1 })

  t.test('a booking warns of a state without a license, also of one that has ended by then', async t => {
    const warnings = async (startsAt: string, more: object = {}) =>
      (await book(desk, startsAt, { ...telehealth, ...more })).body.warnings
    const unlicensed = (state: string) => [{ code: 'state_not_licensed', state }]
    t.same(await warnings(at(3, 17), { plannedState: 'CA' }), [])
    t.same(await warnings(at(3, 18), { plannedState: 'NV' }), unlicensed('NV'))
    t.same(await warnings(at(19, 18), { plannedState: 'CA' }), [])
    t.same(await warnings(at(22, 18), { plannedState: 'CA' }), unlicensed('CA'))
    t.same(await warnings(at(3, 19)), [{ code: 'state_unknown', state: null }])
    await bookable.run(
      `update clients set addresses = '[{"kind":"mailing","address":{"state":"CA"}},{"kind":"home","address":{"state":"OR"}}]'
       where practice_id = $1 and id = $2`,
      [practice.id, clientId],
    )
    t.same(await warnings(at(3, 20)), unlicensed('OR'))
    t.equal((await book(desk, at(3, 21), { plannedState: 'CA' })).status, 400, 'not for a session in person')
    t.same((await book(desk, at(3, 21))).body.warnings, [])
  })

  t.test('the start is refused without a check-in that fits, and goes with a reason', async t => {
    const { body } = await book(desk, at(-1, 17), telehealth)
    const begin = (more: object = {}) => start(body.id, at(-1, 17, 1), more)
    t.match(await begin(), { status: 409, body: { code: 'check-in-required' } })
    t.equal((await checkIn(body.id, { isPrivate: false })).status, 201)
    t.equal((await begin()).body.code, 'check-in-required')
    t.equal((await checkIn(body.id, { isAppropriate: false })).status, 201)
    t.equal((await begin()).body.code, 'check-in-required')
    t.equal((await checkIn(body.id, inState('NV'))).status, 201)
    t.match(await begin(), { status: 422, body: { code: 'license-not-valid-for-location' } })
    const override = {
      reasonCode: 'temporary_practice_rule',
      note: 'Canary: visiting for a week (fictional).',
    }
    t.match(await begin({ override }), { status: 200, body: { status: 'in_session' } })
    const { data } = (await clinician.get(`/v1/appointments/${body.id}/changes`)).body
    t.match(data[1], { kind: 'started', overrideReason: 'temporary_practice_rule', note: override.note })
    const done = { actualEndsAt: at(-1, 17, 50) }
    t.equal(
      (await clinician.post(`/v1/appointments/${body.id}/attendance`, done, { ifMatch: 2 })).status,
      200,
      'what was started is completed without another',
    )
    const [audited] = await bookable.run(
      `select count(*)::int from audit_log where practice_id = $1 and resource_id = $2 and 'override' = any(fields)`,
      [practice.id, body.id],
    )
    t.same(audited, { count: 1 })
  })

  t.test('attendance that is recorded afterwards needs what the start needs', async t => {
    const { body } = await book(desk, at(-2, 17), telehealth)
    const url = `/v1/appointments/${body.id}/attendance`
    const times = { actualStartsAt: at(-2, 17), actualEndsAt: at(-2, 17, 50) }
    t.equal((await clinician.post(url, times, { ifMatch: 1 })).body.code, 'check-in-required')
    t.equal((await checkIn(body.id)).status, 201)
    t.match(await clinician.post(url, times, { ifMatch: 1 }), { status: 200, body: { status: 'completed' } })
    t.equal((await checkIn(body.id)).body.code, 'invalid-state')
  })

  t.test('a check-in is sealed, and shown to those who may open the chart', async t => {
    const { body } = await book(desk, at(-3, 17), telehealth)
    const url = `/v1/appointments/${body.id}/telehealth`
    await checkIn(body.id)
    t.match((await clinician.get(url)).body, {
      licensedStates: ['CA'],
      checkIns: [
        { clientId, state: 'CA', address: { line1: '7 Canary Lane' }, recordedById: clinician.staffId },
      ],
    })
    const biller = await practice.staff(['biller'])
    t.match((await biller.get(url)).body, { link: null, checkIns: [] })
    const [stored] = await bookable.run(
      'select content_sealed as text from telehealth_check_ins where practice_id = $1 limit 1',
      [practice.id],
    )
    t.notMatch(String(stored?.text), /Canary/)
    t.equal((await (await practice.staff(['clinician'])).get(url)).status, 404)
    const inPerson = (await book(desk, at(-4, 17))).body
    t.equal((await clinician.get(`/v1/appointments/${inPerson.id}/telehealth`)).body.code, 'invalid-state')
    t.equal((await checkIn(inPerson.id)).body.code, 'invalid-state')
    t.equal((await checkIn(body.id, { clientId: randomUUID() })).body.code, 'unknown-reference')
    const future = (await book(desk, at(6, 17), telehealth)).body
    t.equal((await checkIn(future.id)).body.code, 'invalid-state', 'not days ahead')
  })

  t.test(
    'a link is set, sealed, taken away, and left behind when the session comes to the office',
    async t => {
      const { body } = await book(desk, at(7, 17), telehealth)
      const url = `/v1/appointments/${body.id}`
      const link = 'https://video.example/rooms/canary'
      const put = (value: string | null, version: number) =>
        desk.put(`${url}/telehealth-link`, { link: value }, { ifMatch: version })
      t.match(await put(link, 1), { status: 200, body: { link, version: 2 } })
      t.equal((await put(link, 1)).body.code, 'stale-version')
      t.equal((await put('javascript:alert(1)', 2)).status, 400)
      const [stored] = await bookable.run(
        'select telehealth_link_sealed as text from appointments where practice_id = $1 and id = $2',
        [practice.id, body.id],
      )
      t.notMatch(String(stored?.text), /canary/)
      t.match(await put(null, 2), { body: { link: null } })
      await put(link, 3)
      const here = { mode: 'in_person', locationId: bookable.locationId }
      t.equal((await desk.patch(url, here, { ifMatch: 4 })).status, 200)
      await desk.patch(url, { mode: 'telehealth' }, { ifMatch: 5 })
      t.equal((await desk.get(`${url}/telehealth`)).body.link, null)
    },
  )

  t.test('of a couple each partner who is there is checked in', async t => {
    const partner = await bookable.client([clinician])
    const couple = await bookable.couple([clientId, partner.clientId], [clinician])
    const { body } = await book(desk, at(-5, 17), {
      ...telehealth,
      clientId: undefined,
      coupleId: couple.coupleId,
      serviceId: bookable.services.couple,
    })
    await checkIn(body.id)
    t.equal((await start(body.id, at(-5, 17))).body.code, 'check-in-required')
    const alone = { participants: [{ clientId: partner.clientId, presence: 'absent' }] }
    t.equal((await start(body.id, at(-5, 17), alone)).status, 200)
  })
})
