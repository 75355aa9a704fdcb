import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const newLocation = { name: 'Harbor Office', timeZone: 'America/Los_Angeles' }

t.test('locations', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice

  t.test('a location is created, read and changed', async t => {
    const made = await owner.post('/v1/locations', newLocation)
    t.equal(made.status, 201)
    t.equal(made.headers.location, `/v1/locations/${made.body.id}`)
    t.equal(made.etag, '"v1"')
    const changed = await owner.patch(
      `/v1/locations/${made.body.id}`,
      { phone: '+15555550101' },
      { ifMatch: 1 },
    )
    t.equal(changed.status, 200)
    t.equal(changed.etag, '"v2"')
    const read = await owner.get(`/v1/locations/${made.body.id}`)
    t.same(read.body, changed.body)
    t.equal(
      (await owner.get(`/v1/locations/${made.body.id}`, { headers: { 'if-none-match': read.etag } })).status,
      304,
    )
  })

  t.test('a stale version is refused, and a missing one asked for', async t => {
    const { body } = await owner.post('/v1/locations', { ...newLocation, name: 'Stale' })
    t.equal(
      (await owner.patch(`/v1/locations/${body.id}`, { phone: null }, { ifMatch: 9 })).body.code,
      'stale-version',
    )
    t.equal(
      (await owner.patch(`/v1/locations/${body.id}`, { phone: null })).body.code,
      'precondition-required',
    )
  })

  t.test('a tag that is none of ours matches nothing', async t => {
    const { body, etag } = await owner.post('/v1/locations', { ...newLocation, name: 'Tagged' })
    const url = `/v1/locations/${body.id}`
    const change = (tag: string) => owner.patch(url, { phone: null }, { headers: { 'if-match': tag } })
    for (const tag of ['"v1-x"', '"v01"', '"v1', 'v1', `W/${etag}`, '"v1", "v2"'])
      t.equal((await change(tag)).body.code, 'stale-version', tag)
    const read = await owner.get(url)
    t.equal((await change(String(read.etag))).status, 200, 'the tag of what was read does')
  })

  t.test('two locations of one name are refused by the database', async t => {
    const replies = await Promise.all(
      [1, 2, 3, 4].map(() => owner.post('/v1/locations', { ...newLocation, name: 'Twin' })),
    )
    t.same(replies.map(reply => reply.status).sort(), [201, 409, 409, 409])
    const refused = replies.find(({ status }) => status === 409)
    t.match(refused?.body, { code: 'already-exists', errors: [{ pointer: '/name' }] }, 'it says what to fix')
  })

  t.test('the same key and content in another order of fields is the same request', async t => {
    const key = randomUUID()
    const { name, timeZone } = { ...newLocation, name: 'Reordered' }
    const first = await owner.post('/v1/locations', { name, timeZone }, { key })
    const second = await owner.post('/v1/locations', { timeZone, name }, { key })
    t.same([second.status, second.body.id], [201, first.body.id])
    t.equal(second.headers['idempotency-replayed'], 'true')
  })

  t.test('the same key does the work once and answers alike', async t => {
    const key = randomUUID()
    const body = { ...newLocation, name: 'Once' }
    const first = await owner.post('/v1/locations', body, { key })
    const second = await owner.post('/v1/locations', body, { key })
    t.same(second.body, first.body)
    t.equal(second.status, 201)
    t.equal(second.headers['idempotency-replayed'], 'true')
    t.equal(
      (await owner.post('/v1/locations', { ...body, name: 'Other' }, { key })).body.code,
      'idempotency-key-reused',
    )
  })

  t.test('what belongs to another practice is not found, exactly like what does not exist', async t => {
    const { body } = await owner.post('/v1/locations', { ...newLocation, name: 'Mine' })
    const stranger = (await createTestPractice(test)).owner
    const hidden = await stranger.get(`/v1/locations/${body.id}`)
    const missing = await stranger.get(`/v1/locations/${randomUUID()}`)
    t.equal(hidden.status, 404)
    t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    t.equal((await stranger.patch(`/v1/locations/${body.id}`, { phone: null }, { ifMatch: 1 })).status, 404)
  })

  t.test('pages follow each other without gap or repeat', async t => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const url: string = `/v1/locations?limit=2${cursor ? `&cursor=${cursor}` : ''}`
      const { body } = await owner.get(url)
      seen.push(...body.data.map((location: { id: string }) => location.id))
      cursor = body.nextCursor
    } while (cursor)
    t.equal(new Set(seen).size, seen.length)
    t.ok(seen.length >= 5)
    t.equal(
      (await owner.get('/v1/locations?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).body.code,
      'invalid-cursor',
    )
  })

  t.test('a clinician may read and not write', async t => {
    const clinician = await practice.staff(['clinician'])
    t.equal((await clinician.get('/v1/locations')).status, 200)
    t.equal((await clinician.post('/v1/locations', newLocation)).body.code, 'not-permitted')
  })

  t.test('bodies are strict and never echoed', async t => {
    const wrong = await owner.post('/v1/locations', { ...newLocation, secret: 'canary-value' })
    t.equal(wrong.status, 400)
    t.notMatch(JSON.stringify(wrong.body), /canary|secret/)
    t.equal(
      (await owner.post('/v1/locations', { name: 'X', timeZone: 'Mars/Base' })).body.errors[0].pointer,
      '/timeZone',
    )
    t.equal((await owner.post('/v1/locations', { name: 5, timeZone: 'UTC' })).status, 400)
  })
})
