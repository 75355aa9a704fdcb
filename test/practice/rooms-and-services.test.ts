import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const session = {
  name: 'Individual session',
  kind: 'individual',
  durationMinutes: 50,
  bufferAfterMinutes: 10,
  modes: ['in_person', 'telehealth'],
  defaultCode: '90834',
  fee: { amount: 18500, currency: 'USD' },
}

async function addLocation(caller: Caller, name = 'Harbor Office'): Promise<string> {
  return (await caller.post('/v1/locations', { name, timeZone: 'America/Los_Angeles' })).body.id
}

t.test('rooms and services', async t => {
  const test = await createTestApp(t)

  t.test('a room is created, read, changed, closed and listed', async t => {
    const { owner } = await createTestPractice(test)
    const base = `/v1/locations/${await addLocation(owner)}/rooms`
    const made = await owner.post(base, { name: 'Lighthouse' })
    t.equal(made.status, 201)
    t.equal(made.headers.location, `${base}/${made.body.id}`)
    t.match(made.body, { capacity: 2, status: 'active' })
    const url = `${base}/${made.body.id}`
    t.equal((await owner.patch(url, { capacity: 4 }, { ifMatch: 1 })).body.capacity, 4)
    t.equal((await owner.patch(url, { status: 'closed' }, { ifMatch: 1 })).body.code, 'stale-version')
    const closed = await owner.patch(url, { status: 'closed' }, { ifMatch: 2 })
    t.same((await owner.get(url)).body, closed.body)
    await owner.post(base, { name: 'Pier' })
    t.equal((await owner.get(base)).body.data.length, 2)
    t.same(
      (await owner.get(`${base}?status=active`)).body.data.map((room: { name: string }) => room.name),
      ['Pier'],
    )
    const { nextCursor } = (await owner.get(`${base}?limit=1`)).body
    t.equal((await owner.get(`${base}?limit=1&cursor=${nextCursor}`)).body.data[0].name, 'Pier')
  })

  t.test('a room name stands once in a location, and the same name may stand in another', async t => {
    const { owner } = await createTestPractice(test)
    const base = `/v1/locations/${await addLocation(owner)}/rooms`
    const replies = await Promise.all([1, 2, 3].map(() => owner.post(base, { name: 'Twin' })))
    t.same(replies.map(reply => reply.status).sort(), [201, 409, 409])
    const other = `/v1/locations/${await addLocation(owner, 'Other Office')}/rooms`
    t.equal((await owner.post(other, { name: 'Twin' })).status, 201)
  })

  t.test('rooms of another practice or another location are not found', async t => {
    const { owner } = await createTestPractice(test)
    const stranger = (await createTestPractice(test)).owner
    const base = `/v1/locations/${await addLocation(owner)}/rooms`
    const other = `/v1/locations/${await addLocation(owner, 'Other Office')}/rooms`
    const { body } = await owner.post(base, { name: 'Lighthouse' })
    const hidden = await stranger.get(`${base}/${body.id}`)
    const missing = await stranger.get(`${base}/${randomUUID()}`)
    t.equal(hidden.status, 404)
    t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    t.equal((await stranger.get(base)).status, 404)
    t.equal((await stranger.post(base, { name: 'X' })).status, 404)
    t.equal((await stranger.patch(`${base}/${body.id}`, { capacity: 3 }, { ifMatch: 1 })).status, 404)
    t.equal((await owner.get(`${other}/${body.id}`)).status, 404)
    t.equal((await owner.patch(`${other}/${body.id}`, { capacity: 3 }, { ifMatch: 1 })).status, 404)
  })

  t.test('a service is created, read, changed, retired and listed', async t => {
    const { owner } = await createTestPractice(test)
    const made = await owner.post('/v1/services', session)
    t.equal(made.status, 201)
    t.match(made.body, { ...session, bufferBeforeMinutes: 0, status: 'active', version: 1 })
    const url = `/v1/services/${made.body.id}`
    t.equal(made.headers.location, url)
    const changed = await owner.patch(url, { fee: null, modes: ['telehealth'] }, { ifMatch: 1 })
    t.match(changed.body, { fee: null, modes: ['telehealth'], defaultCode: '90834' })
    const priced = await owner.patch(url, { fee: { amount: 19500, currency: 'USD' } }, { ifMatch: 2 })
    t.same(priced.body.fee, { amount: 19500, currency: 'USD' })
    t.equal((await owner.patch(url, { status: 'retired' }, { ifMatch: 3 })).body.status, 'retired')
    t.equal((await owner.patch(url, { status: 'active' }, { ifMatch: 3 })).body.code, 'stale-version')
    await owner.post('/v1/services', { ...session, name: 'Couple session', kind: 'couple' })
    const listed = async (query: string) =>
      (await owner.get(`/v1/services?${query}`)).body.data.map((service: { name: string }) => service.name)
    t.same(await listed('status=active'), ['Couple session'])
    t.same(await listed('kind=individual'), ['Individual session'])
    t.same((await listed('')).length, 2)
  })

  t.test('a service name stands once in a practice', async t => {
    const { owner } = await createTestPractice(test)
    const replies = await Promise.all([1, 2, 3].map(() => owner.post('/v1/services', session)))
    t.same(replies.map(reply => reply.status).sort(), [201, 409, 409])
    const elsewhere = (await createTestPractice(test)).owner
    t.equal((await elsewhere.post('/v1/services', session)).status, 201)
  })

  t.test('services of another practice are not found', async t => {
    const { owner } = await createTestPractice(test)
    const stranger = (await createTestPractice(test)).owner
    const { body } = await owner.post('/v1/services', session)
    const hidden = await stranger.get(`/v1/services/${body.id}`)
    const missing = await stranger.get(`/v1/services/${randomUUID()}`)
    t.equal(hidden.status, 404)
    t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    t.equal((await stranger.patch(`/v1/services/${body.id}`, { fee: null }, { ifMatch: 1 })).status, 404)
  })

  t.test('bodies are strict: kinds, durations, modes, code shapes and money', async t => {
    const { owner } = await createTestPractice(test)
    for (const wrong of [
      { kind: 'family' },
      { durationMinutes: 4 },
      { durationMinutes: 50.5 },
      { durationMinutes: '50' },
      { bufferAfterMinutes: -1 },
      { modes: [] },
      { modes: ['phone'] },
      { modes: ['telehealth', 'telehealth'] },
      { defaultCode: '9083' },
      { defaultCode: '90834 Psychotherapy' },
      { defaultCode: 'ABCDE' },
      { fee: { amount: 185.5, currency: 'USD' } },
      { fee: { amount: -1, currency: 'USD' } },
      { fee: { amount: 100 } },
      { secret: 'canary' },
    ]) {
      const reply = await owner.post('/v1/services', { ...session, ...wrong })
      t.equal(reply.status, 400, JSON.stringify(wrong))
      t.notMatch(JSON.stringify(reply.body), /canary|Psychotherapy/)
    }
    for (const defaultCode of ['90847', 'H0004', '0591T', null]) {
      const name = `With ${defaultCode}`
      t.equal((await owner.post('/v1/services', { ...session, name, defaultCode })).status, 201)
    }
    const { body } = await owner.post('/v1/services', session)
    const changed = await owner.patch(`/v1/services/${body.id}`, { kind: 'group' }, { ifMatch: 1 })
    t.equal(changed.status, 400, 'the kind stays')
  })

  t.test('everybody of the practice reads, only owner and admin write', async t => {
    const practice = await createTestPractice(test)
    const location = await addLocation(practice.owner)
    for (const role of ['clinician', 'supervisor', 'biller'] as const) {
      const caller = await practice.staff([role])
      t.equal((await caller.get('/v1/services')).status, 200)
      t.equal((await caller.get(`/v1/locations/${location}/rooms`)).status, 200)
      t.equal((await caller.post('/v1/services', session)).body.code, 'not-permitted')
      const room = await caller.post(`/v1/locations/${location}/rooms`, { name: 'X' })
      t.equal(room.body.code, 'not-permitted')
    }
    t.equal((await (await practice.staff(['admin'])).post('/v1/services', session)).status, 201)
  })
})
