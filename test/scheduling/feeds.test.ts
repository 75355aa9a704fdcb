import { randomUUID } from 'node:crypto'
import ICAL from 'ical.js'
import t from 'tap'
import { registerClient } from '../support/clients.ts'
import { day } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice, type TestPractice, toReply } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

type Body = Awaited<ReturnType<Caller['get']>>['body']

const neutral = { channels: [], hours: null, neutralText: true, voicemailAllowed: false, danger: false }

const test = await createTestApp(t)

async function office() {
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const clinician = await practice.staff(['clinician'])
  const client = async (details: Record<string, unknown> = {}): Promise<string> =>
    (await registerClient(practice.owner, { primaryClinicianId: clinician.staffId, ...details })).id
  const book = async (clientId: string, startsAt: string, more: Record<string, unknown> = {}) => {
    const reply = await bookingsOf(bookable, clinician, clientId).book(practice.owner, startsAt, more)
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
    return reply.body
  }
  return { practice, bookable, clinician, client, book }
}

const makeFeed = (by: Caller, body: Record<string, unknown>) =>
  by.post('/v1/calendar-feeds', body, { key: randomUUID() })

/** Reads an address without signing in, as a calendar program does. */
const fetchFeed = async ({ app }: TestApp, path: string, headers: Record<string, string> = {}) =>
  toReply(await app.inject({ method: 'GET', url: path, headers }))

/** The entries of a feed by an independent reader, strict about what RFC 5545 asks for. */
function entriesOf(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text))
  const [version, prodId] = ['version', 'prodid'].map(name => calendar.getFirstPropertyValue(name))
  if (version !== '2.0' || !prodId) throw new Error('Not a calendar of RFC 5545')
  if (!/^(?:[^\r\n]{1,75}\r\n)+$/.test(text.replace(/(?<!\r\n)$/, '\r\n')))
    throw new Error('Lines are folded')
  return calendar.getAllSubcomponents('vevent').map(component => {
    const event = new ICAL.Event(component)
    return {
      uid: event.uid,
      sequence: event.sequence,
      summary: event.summary,
      location: event.location,
      status: String(component.getFirstPropertyValue('status')),
      startsAt: event.startDate.toJSDate().toISOString(),
      endsAt: event.endDate.toJSDate().toISOString(),
      zone: event.startDate.zone.tzid,
    }
  })
}

async function entries(test: TestApp, path: string) {
  const reply = await fetchFeed(test, path)
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}`)
  return entriesOf(String(reply.body))
}

t.test('a feed follows what is booked, moved and canceled', async t => {
  const { practice, clinician, client, book } = await office()
  const clientId = await client({ safeContact: neutral })
  const feeds = [
    (await makeFeed(clinician, { staffId: clinician.staffId })).body.path,
    (await makeFeed(practice.owner, { clientId })).body.path,
  ]
  for (const path of feeds) t.same(await entries(test, path), [])
  const appointment = await book(clientId, at(20, 17))
  const online = await book(clientId, at(21, 17), {
    mode: 'telehealth',
    locationId: undefined,
    roomId: undefined,
  })
  await book(await client(), at(22, 17))
  const [ofClinician = [], ofClient = []] = await Promise.all(feeds.map(path => entries(test, path)))
  t.equal(ofClinician.length, 3)
  t.same(
    ofClinician.map(({ location }) => location),
    ['Harbor Office, Willow', 'Online', 'Harbor Office, Willow'],
  )
  t.same(ofClient, [
    {
      uid: appointment.id,
      sequence: 0,
      summary: 'Appointment',
      location: null,
      status: 'CONFIRMED',
      startsAt: at(20, 17),
      endsAt: at(20, 17, 50),
      zone: 'UTC',
    },
    {
      uid: online.id,
      sequence: 0,
      summary: 'Appointment',
      location: null,
      status: 'CONFIRMED',
      startsAt: at(21, 17),
      endsAt: at(21, 17, 50),
      zone: 'UTC',
    },
  ])
  const url = `/v1/appointments/${appointment.id}`
  await practice.owner.patch(url, { startsAt: at(23, 18) }, { ifMatch: 1 })
  for (const path of feeds) {
    const moved = (await entries(test, path)).find(({ uid }) => uid === appointment.id)
    t.same([moved?.sequence, moved?.startsAt, moved?.status], [1, at(23, 18), 'CONFIRMED'])
  }
  await practice.owner.post(`${url}/cancellation`, { reasonCode: 'illness', by: 'client' }, { ifMatch: 2 })
  for (const path of feeds) {
    const canceled = (await entries(test, path)).find(({ uid }) => uid === appointment.id)
    t.same([canceled?.sequence, canceled?.status], [2, 'CANCELLED'])
  }
  const other = await practice.staff(['clinician'])
  await practice.owner.patch(`/v1/appointments/${online.id}`, { clinicianId: other.staffId }, { ifMatch: 1 })
  t.notOk((await entries(test, String(feeds[0]))).some(({ uid }) => uid === online.id))
})

t.test('the same calendar is the same bytes, and is not sent twice', async t => {
  const { clinician, client, book } = await office()
  await book(await client(), at(20, 17))
  const { path } = (await makeFeed(clinician, { staffId: clinician.staffId })).body
  const [first, second] = [await fetchFeed(test, path), await fetchFeed(test, path)]
  t.equal(first.body, second.body)
  t.match(first.headers, {
    'content-type': /^text\/calendar/,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  t.equal((await fetchFeed(test, path, { 'if-none-match': first.etag })).status, 304)
})

t.test('nothing in a feed tells of the care, of who gives it or of who else comes', async t => {
  const { practice, bookable, clinician, client, book } = await office()
  const one = await client({ legalGivenName: 'Robin', safeContact: { ...neutral, neutralText: false } })
  const two = await client({ legalGivenName: 'Sasha', safeContact: neutral })
  const endangered = await client({ safeContact: { ...neutral, danger: true } })
  const couple = async (partnerClientId: string, startsAt: string) => {
    const linked = { clientId: one, partnerClientId, primaryClinicianId: clinician.staffId }
    const { body } = await practice.owner.post('/v1/couples', linked, { key: randomUUID() })
    await book(one, startsAt, {
      clientId: undefined,
      coupleId: body.id,
      serviceId: bookable.services.couple,
    })
  }
  await couple(two, at(20, 17))
  await book(one, at(21, 17))
  await book(two, at(22, 17))
  await book(endangered, at(24, 17))
  const pathOf = async (clientId: string) => (await makeFeed(practice.owner, { clientId })).body.path
  const [ofOne, ofTwo, ofEndangered] = await Promise.all(
    [await pathOf(one), await pathOf(two), await pathOf(endangered)].map(path => fetchFeed(test, path)),
  )
  const days = (reply: typeof ofOne) => entriesOf(String(reply?.body)).map(({ startsAt }) => startsAt)
  t.same(days(ofOne), [at(20, 17), at(21, 17)])
  t.same(days(ofTwo), [at(20, 17), at(22, 17)], 'a partner sees joint times and the own ones')
  t.same(days(ofEndangered), [at(24, 17)])
  for (const reply of [ofOne, ofTwo, ofEndangered])
    t.notMatch(String(reply?.body), /Robin|Sasha|Example|couple|session|therap|counsel|Test clinician/i)
  t.match(String(ofOne?.body), /LOCATION:Harbor Office\\, Willow/)
  t.notMatch(String(ofTwo?.body), /LOCATION/)
})

t.test('a couple’s time stays a joint one when one of the two has left', async t => {
  const { practice, bookable, clinician, client, book } = await office()
  const [endangered, other] = [await client({ safeContact: { ...neutral, danger: true } }), await client()]
  const linked = { clientId: endangered, partnerClientId: other, primaryClinicianId: clinician.staffId }
  const { body: couple } = await practice.owner.post('/v1/couples', linked, { key: randomUUID() })
  await book(endangered, at(20, 17), {
    clientId: undefined,
    coupleId: couple.id,
    serviceId: bookable.services.couple,
  })
  const step = { status: 'separated', effectiveOn: day(), leavingClientIds: [other] }
  const left = await practice.owner.post(`/v1/couples/${couple.id}/status-changes`, step, { ifMatch: 1 })
  t.equal(left.status, 200)
  const { path } = (await makeFeed(practice.owner, { clientId: endangered })).body
  t.same(await entries(test, path), [])
})

t.test('an address that was revoked, forged or whose owner is gone leads to the same nothing', async t => {
  const { practice, clinician, client } = await office()
  const clientId = await client()
  const { id, path } = (await makeFeed(practice.owner, { clientId })).body
  const token = String(path).split('/')[3] ?? ''
  const bytes = Buffer.from(token.slice('cairn_feed_'.length), 'base64url')
  const forged = (change: (copy: Buffer) => void) => {
    const copy = Buffer.from(bytes)
    change(copy)
    return `/v1/feeds/cairn_feed_${copy.toString('base64url')}/calendar.ics`
  }
  const elsewhere = [
    '/v1/feeds/x/calendar.ics',
    '/v1/feeds/cairn_feed_ficT10nal/calendar.ics',
    forged(copy => copy.writeUInt8(copy.readUInt8(0) ^ 1, 0)),
    forged(copy => copy.writeUInt8(copy.readUInt8(20) ^ 1, 20)),
    forged(copy => copy.writeUInt8(copy.readUInt8(63) ^ 1, 63)),
  ]
  t.equal((await fetchFeed(test, path)).status, 200)
  const revoke = () => practice.owner.delete(`/v1/calendar-feeds/${id}`)
  const twins = await Promise.all([revoke(), revoke()])
  t.same(twins.map(({ status }) => status).sort(), [204, 404])
  t.equal((await revoke()).status, 404)
  const dying = await client()
  const { body: lateFeed } = await makeFeed(practice.owner, { clientId: dying })
  const { body: before } = await practice.owner.get(`/v1/clients/${dying}`)
  await practice.owner.post(
    `/v1/clients/${dying}/status-changes`,
    { to: 'deceased', reason: 'death_reported' },
    { ifMatch: before.version },
  )
  const { body: staffFeed } = await makeFeed(practice.owner, { staffId: clinician.staffId })
  const { body: staff } = await practice.owner.get(`/v1/staff-members/${clinician.staffId}`)
  await practice.owner.post(`/v1/staff-members/${clinician.staffId}/disablement`, undefined, {
    ifMatch: staff.version,
  })
  const replies = await Promise.all(
    [path, staffFeed.path, lateFeed.path, ...elsewhere].map(address => fetchFeed(test, address)),
  )
  for (const { status, body } of replies) {
    t.equal(status, 404)
    t.same({ ...body, requestId: '' }, { ...replies[0]?.body, requestId: '' })
  }
  t.notMatch(test.logLines.join(''), new RegExp(token.slice(20, 60)), 'no address stands in the log')
})

t.test('each reading of a feed is in the audit log', async t => {
  const { practice, bookable, client } = await office()
  const clientId = await client()
  const { id, path } = (await makeFeed(practice.owner, { clientId })).body
  await fetchFeed(test, path)
  await practice.owner.delete(`/v1/calendar-feeds/${id}`)
  await fetchFeed(test, path)
  const rows = await bookable.run(
    `select decision, outcome, actor_kind, resource_id, client_ids from audit_log
     where practice_id = $1 and operation = 'readCalendarFeed' order by id`,
    [practice.id],
  )
  t.match(rows, [
    { decision: 'granted', actor_kind: 'system', resource_id: id, client_ids: [clientId] },
    { decision: 'denied', outcome: 'not-found', resource_id: id },
  ])
  const [kept] = await bookable.run('select * from calendar_feeds where practice_id = $1', [practice.id])
  t.notMatch(JSON.stringify(kept), /cairn_feed/)
})

t.test('who may make, see and revoke a feed', async t => {
  const { practice, clinician, client } = await office()
  const { owner } = practice
  const clientId = await client()
  const outsider = await practice.staff(['clinician'])
  const status = async (by: Caller, body: Record<string, unknown>) => {
    const reply = await makeFeed(by, body)
    return reply.status === 201 ? 201 : reply.body.code
  }
  t.equal(await status(clinician, { staffId: clinician.staffId }), 201)
  t.equal(await status(clinician, { clientId }), 201)
  t.equal(await status(clinician, { staffId: outsider.staffId }), 'not-permitted')
  t.equal(await status(outsider, { clientId }), 'unknown-reference')
  t.equal(await status(owner, { staffId: outsider.staffId }), 201)
  t.equal(await status(owner, { staffId: owner.staffId }), 'unknown-reference', 'who gives no sessions')
  t.equal(await status(owner, {}), 'invalid-request')
  t.equal(await status(owner, { staffId: clinician.staffId, clientId }), 'invalid-request')
  t.equal(await status(await practice.staff(['biller']), { clientId }), 'not-permitted')
  const elsewhere = await createTestPractice(test)
  t.equal(await status(elsewhere.owner, { clientId }), 'unknown-reference')
  t.equal(await status(elsewhere.owner, { staffId: clinician.staffId }), 'unknown-reference')

  const seen = async (by: Caller, query = '') =>
    (await by.get(`/v1/calendar-feeds${query}`)).body.data.map((feed: Body) => feed.staffId ?? feed.clientId)
  t.same(await seen(owner), [clinician.staffId, clientId, outsider.staffId])
  t.same(await seen(owner, `?clientId=${clientId}`), [clientId])
  t.same(await seen(owner, `?staffId=${clinician.staffId}`), [clinician.staffId])
  t.same(await seen(clinician), [clinician.staffId, clientId])
  t.same(await seen(outsider), [outsider.staffId])
  t.same(await seen(elsewhere.owner), [])
  t.notMatch(JSON.stringify((await owner.get('/v1/calendar-feeds')).body), /cairn_feed|path|hash/i)
  const page = (await owner.get('/v1/calendar-feeds?limit=2')).body
  const rest = (await owner.get(`/v1/calendar-feeds?limit=2&cursor=${page.nextCursor}`)).body
  t.equal(rest.data.length, 1)

  const { data } = (await owner.get('/v1/calendar-feeds')).body
  const ofClient = data.find((feed: Body) => feed.clientId)
  for (const by of [outsider, elsewhere.owner])
    t.equal((await by.delete(`/v1/calendar-feeds/${ofClient.id}`)).status, 404)
  t.equal((await clinician.delete(`/v1/calendar-feeds/${ofClient.id}`)).status, 204)
})

t.test('a client has feeds of their own, and so many', async t => {
  const { practice, client, book } = await office()
  const [clientId, other] = [await client(), await client()]
  await book(clientId, at(20, 17))
  const portal = await portalCaller(practice, clientId)
  const key = randomUUID()
  const make = (by: Caller, again = randomUUID()) =>
    by.post('/v1/portal/calendar-feeds', undefined, { key: again })
  const first = await make(portal, key)
  t.equal(first.status, 201)
  t.equal((await make(portal, key)).body.path, first.body.path, 'a repeated key makes no second one')
  t.equal((await entries(test, first.body.path)).length, 1)
  for (let n = 0; n < 4; n++) t.equal((await make(portal)).status, 201)
  t.equal((await make(portal)).body.code, 'conflict')
  t.equal((await makeFeed(practice.owner, { clientId })).body.code, 'conflict')
  t.equal((await portal.get('/v1/portal/calendar-feeds')).body.data.length, 5)
  const stranger = await portalCaller(practice, other)
  t.same((await stranger.get('/v1/portal/calendar-feeds')).body.data, [])
  t.equal((await stranger.delete(`/v1/portal/calendar-feeds/${first.body.id}`)).status, 404)
  t.equal((await portal.delete(`/v1/portal/calendar-feeds/${first.body.id}`)).status, 204)
  t.equal((await fetchFeed(test, first.body.path)).status, 404)
  t.equal((await make(portal)).status, 201)
})

t.test('who acts for a client makes no address that outlasts their right', async t => {
  const { practice, client } = await office()
  const clientId = await client()
  const relative = await practice.owner.post(`/v1/clients/${clientId}/related-people`, {
    givenName: 'Pat',
    familyName: 'Example',
    relationship: 'parent',
    roles: ['personal_representative'],
    mayKnow: ['treatment'],
  })
  const proxy: Caller = await representative(practice, clientId, relative.body.id)
  const reply = await proxy.post('/v1/portal/calendar-feeds', undefined, { key: randomUUID() })
  t.equal(reply.status, 403)
})

const representative = (practice: TestPractice, clientId: string, id: string) =>
  portalCaller(practice, clientId, id)

t.test('ten who make an address at once get five, and a revoked one makes room for one', async t => {
  const { practice, bookable, client } = await office()
  const clientId = await client()
  const atOnce = () => Promise.all(Array.from({ length: 10 }, () => makeFeed(practice.owner, { clientId })))
  const replies = await atOnce()
  t.same(replies.map(({ status }) => status).sort(), [201, 201, 201, 201, 201, 409, 409, 409, 409, 409])
  const [made] = replies.filter(({ status }) => status === 201)
  t.equal((await practice.owner.delete(`/v1/calendar-feeds/${made?.body.id}`)).status, 204)
  t.same((await atOnce()).filter(({ status }) => status === 201).length, 1)
  const sixth = bookable.run(
    `insert into calendar_feed_slots (practice_id, owner_id, slot, feed_id) values ($1, $2, 6, $3)`,
    [practice.id, clientId, made?.body.id],
  )
  await t.rejects(sixth, /calendar_feed_slots_slot_check/)
})
