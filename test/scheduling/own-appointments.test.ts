import { randomUUID } from 'node:crypto'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const telehealth = { mode: 'telehealth', locationId: null, roomId: null }
const soon = () => new Date(Math.floor(Date.now() / 60_000 + 30) * 60_000).toISOString()
const home = {
  address: { line1: '7 Canary Lane', city: 'Faketown', state: 'CA', postalCode: '90000' },
  emergencyContact: { name: 'Jamie Example', phone: '+15550100' },
  isPrivate: true,
}

t.test('a client’s own appointments', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const [clinician, colleague] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const [a, b] = [await bookable.client([clinician]), await bookable.client([colleague])]
  const { coupleId } = await bookable.couple([a.clientId, b.clientId], [clinician])
  const [portalA, portalB] = [
    await portalCaller(practice, a.clientId),
    await portalCaller(practice, b.clientId),
  ]
  await bookable.run(
    `insert into staff_licenses (practice_id, staff_id, profession, state, license_type, number, status, expires_on)
     values ($1, $2, 'Marriage and family therapist', 'CA', 'LMFT', '000001', 'active', current_date + 20)`,
    [practice.id, clinician.staffId],
  )
  const couple = { clientId: undefined, coupleId, serviceId: bookable.services.couple }
  const bookA = bookingsOf(bookable, clinician, a.clientId).book
  const bookB = bookingsOf(bookable, colleague, b.clientId).book
  const list = async (by: Caller, query = '') =>
    (await by.get(`/v1/portal/appointments${query}`)).body.data as { id: string; startsAt: string }[]
  const checkIn = (by: Caller, id: string, body: object = home, key = randomUUID()) =>
    by.post(`/v1/portal/appointments/${id}/check-ins`, body, { key })
  const judge = (by: Caller, id: string, checkInId: string, isAppropriate = true) =>
    by.post(
      `/v1/appointments/${id}/check-ins/${checkInId}/judgment`,
      { isAppropriate },
      { key: randomUUID() },
    )
  const checkInsOf = async (id: string) =>
    (await clinician.get(`/v1/appointments/${id}/telehealth`)).body.checkIns

  t.test('each partner finds the joint times and the own ones, without a word of who or what', async t => {
    const own = (await bookA(desk, at(12, 17))).body
    const joint = (await bookA(desk, at(12, 19), couple)).body
    const theirs = (await bookB(desk, at(12, 21))).body
    const left = (await bookA(desk, at(13, 17))).body
    await desk.post(
      `/v1/appointments/${left.id}/cancellation`,
      { reasonCode: 'illness', by: 'client' },
      { ifMatch: 1 },
    )
    const [forA, forB] = [await list(portalA), await list(portalB)]
    t.same(
      forA.map(({ id }) => id),
      [own.id, joint.id, left.id],
    )
    t.same(
      forB.map(({ id }) => id),
      [joint.id, theirs.id],
    )
    t.match(forA, [{ locationName: 'Harbor Office', link: null, checkIn: null }, {}, { isCanceled: true }])
    for (const secret of [theirs.id, b.clientId, clinician.staffId, 'session', coupleId])
      t.notMatch(JSON.stringify(forA), secret)
    const page = (await portalA.get('/v1/portal/appointments?limit=2')).body
    t.same(
      (await list(portalA, `?limit=2&cursor=${page.nextCursor}`)).map(({ id }) => id),
      [left.id],
    )
    t.same(await list(portalA, `?from=${at(14, 0)}`), [])
    t.equal((await portalA.get('/v1/portal/appointments?cursor=nonsense')).status, 400)
  })

  t.test('who acts for a client sees the client’s own only', async t => {
    const id = uuidv7()
    await bookable.run(
      `insert into related_people (practice_id, id, client_id, given_name, family_name, relationship, roles, may_know)
       values ($1, $2, $3, 'Robin', 'Example', 'parent', '{personal_representative}', '{treatment}')`,
      [practice.id, id, a.clientId],
    )
    const parent = await portalCaller(practice, a.clientId, id)
    const joint = (await bookA(desk, at(15, 19), couple)).body
    const own = (await bookA(desk, at(15, 17))).body
    const seen = (await list(parent)).map(one => one.id)
    t.ok(seen.includes(own.id))
    t.notOk(seen.includes(joint.id))
  })

  t.test('a client checks in; the session starts once staff have judged it', async t => {
    const { body: booked } = await bookA(desk, soon(), telehealth)
    const link = 'https://video.example/rooms/harbor'
    await desk.put(`/v1/appointments/${booked.id}/telehealth-link`, { link }, { ifMatch: 1 })
    const begin = () => clinician.post(`/v1/appointments/${booked.id}/start`, {}, { ifMatch: 2 })
    t.match((await list(portalA, `?from=${booked.startsAt}`))[0], { link, checkIn: { checkedInAt: null } })
    const key = randomUUID()
    const replies = await Promise.all([1, 2].map(() => checkIn(portalA, booked.id, home, key)))
    t.same(
      replies.map(({ status }) => status),
      [201, 201],
    )
    const made = await checkInsOf(booked.id)
    t.match(made, [{ ...home, clientId: a.clientId, isAppropriate: null, recordedById: null }])
    t.match((await begin()).body, { code: 'check-in-required', detail: /themself/ })
    t.equal((await judge(colleague, booked.id, made[0].id)).status, 404)
    t.equal((await judge(portalA, booked.id, made[0].id)).status, 403)
    t.equal((await judge(clinician, booked.id, made[0].id, false)).status, 201)
    t.equal((await begin()).body.code, 'check-in-required')
    t.equal((await judge(clinician, booked.id, made[0].id)).status, 404, 'a newer one counts')
    const [judged] = await checkInsOf(booked.id)
    t.equal((await judge(clinician, booked.id, judged.id)).body.code, 'invalid-state')
    await checkIn(portalA, booked.id, { ...home, address: { ...home.address, state: 'NV' } })
    const [moved] = await checkInsOf(booked.id)
    t.match((await judge(clinician, booked.id, moved.id)).body, {
      state: 'NV',
      recordedById: clinician.staffId,
    })
    t.equal((await begin()).body.code, 'license-not-valid-for-location')
    await checkIn(portalA, booked.id)
    const [back] = await checkInsOf(booked.id)
    t.equal((await begin()).body.code, 'check-in-required', 'a newer word of the client is judged anew')
    await judge(clinician, booked.id, back.id)
    t.equal((await begin()).status, 200)
    const stored = await bookable.run(
      'select content_sealed as text from client_check_ins where practice_id = $1',
      [practice.id],
    )
    t.notMatch(String(stored[0]?.text), 'Canary')
  })

  t.test('who may not, and when not', async t => {
    const { body: theirs } = await bookB(desk, soon(), telehealth)
    const { body: early } = await bookA(desk, at(18, 17), telehealth)
    const { body: inPerson } = await bookA(desk, at(18, 19))
    t.match(await checkIn(portalA, theirs.id), { status: 404 }, 'the partner’s own hour is not there')
    t.match(await checkIn(portalA, randomUUID()), { status: 404 })
    t.match(await checkIn(portalA, early.id), { status: 409, body: { code: 'invalid-state' } })
    t.match(await checkIn(portalA, inPerson.id), { status: 409, body: { code: 'invalid-state' } })
    t.equal((await checkIn(portalB, theirs.id, { ...home, isPrivate: 'yes' })).status, 400)
    t.equal((await checkIn(clinician, theirs.id)).status, 403)
    const other = await createTestPractice(test)
    const stranger = await createBookablePractice(test, other)
    const { clientId } = await stranger.client()
    t.equal((await checkIn(await portalCaller(other, clientId), theirs.id)).status, 404)
    t.equal((await desk.get('/v1/portal/appointments')).status, 403)
  })

  t.test('a partner’s check-in for a joint session is not told to the other', async t => {
    const { body: joint } = await bookA(desk, new Date(Date.parse(soon()) + 6 * 3_600_000).toISOString(), {
      ...couple,
      ...telehealth,
    })
    t.equal((await checkIn(portalA, joint.id)).status, 201)
    const [forB] = (await list(portalB)).filter(({ id }) => id === joint.id)
    t.match(forB, { checkIn: { checkedInAt: null } })
  })
})
