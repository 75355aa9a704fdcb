import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { registerClient } from '../support/clients.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const whole = {
  legalGivenName: 'Jordan',
  legalFamilyName: 'Example',
  preferredName: 'Jo',
  pronouns: 'they/them',
  birthDate: '1988-04-12',
  sexRecordedAtBirth: 'intersex',
  gender: 'in my own words',
  contactPoints: [
    { system: 'phone', value: '(555) 555-0123', kind: 'mobile', primary: true },
    { system: 'email', value: 'Jo@Mail.example', kind: 'home', label: 'evenings', usable: false },
  ],
  addresses: [
    {
      kind: 'mailing',
      address: { line1: '7 Sample Lane', city: 'Faketown', state: 'CA', postalCode: '90000' },
      confidential: true,
    },
  ],
  languages: ['EN-us', 'es'],
  timeZone: 'America/Denver',
  safeContact: {
    channels: ['text'],
    hours: { from: '09:00', to: '17:00' },
    neutralText: true,
    voicemailAllowed: false,
    danger: true,
  },
  externalIds: { 'old-system': 'A-1' },
}

t.test('clients', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice

  t.test('a client is registered whole, read and changed', async t => {
    const made = await owner.post('/v1/clients', whole)
    t.equal(made.status, 201)
    t.equal(made.headers.location, `/v1/clients/${made.body.id}`)
    t.match(made.body, {
      birthDate: '1988-04-12',
      languages: ['en-US', 'es'],
      timeZone: 'America/Denver',
      status: 'inquiry',
      mergedIntoId: null,
      contactPoints: [
        { value: '+15555550123', primary: true, usable: true },
        { value: 'Jo@Mail.example', primary: false, usable: false, label: 'evenings' },
      ],
      safeContact: whole.safeContact,
      addresses: whole.addresses,
    })
    const change = { preferredName: null, contactPoints: [], externalIds: { 'old-system': 'A-2' } }
    const changed = await owner.patch(`/v1/clients/${made.body.id}`, change, { ifMatch: made.etag })
    t.equal(changed.status, 200)
    t.match(changed.body, { ...change, version: 2, gender: whole.gender })
    t.same((await owner.get(`/v1/clients/${made.body.id}`)).body, changed.body)
    t.equal((await owner.post('/v1/clients', whole)).status, 201, 'the external id is free again')
  })

  t.test('a client who said nothing yet is written to in neutral words and left no message', async t => {
    const client = await registerClient(owner)
    t.match(client.safeContact, { neutralText: true, voicemailAllowed: false, danger: false })
  })

  t.test('values that cannot be are refused by their place, and never echoed', async t => {
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
    const point = { system: 'phone', value: '+15555550123', kind: 'home' }
    const wrong: [Record<string, unknown>, string][] = [
      [{ legalGivenName: '   ' }, '/legalGivenName'],
      [{ legalFamilyName: '\t\u00a0' }, '/legalFamilyName'],
      [{ preferredName: ' ' }, '/preferredName'],
      [{ birthDate: tomorrow }, '/birthDate'],
      [{ birthDate: '2001-02-30' }, '/birthDate'],
      [{ birthDate: '1700-01-01' }, '/birthDate'],
      [{ contactPoints: [{ ...point, value: '12-canary' }] }, '/contactPoints/0/value'],
      [{ contactPoints: [{ ...point, system: 'email', value: 'canary' }] }, '/contactPoints/0/value'],
      [{ contactPoints: [point, { ...point, value: '555 555 0123' }] }, '/contactPoints/1'],
      [
        {
          contactPoints: [
            { ...point, primary: true },
            { ...point, value: '+15555550124', primary: true },
          ],
        },
        '/contactPoints',
      ],
      [{ languages: ['en', 'not a language canary'] }, '/languages/1'],
      [{ addresses: [whole.addresses[0], whole.addresses[0]] }, '/addresses'],
    ]
    for (const [fields, pointer] of wrong) {
      const reply = await owner.post('/v1/clients', { ...whole, externalIds: {}, ...fields })
      t.equal(reply.status, 400, JSON.stringify(fields))
      t.equal(reply.body.errors[0].pointer, pointer)
      t.notMatch(JSON.stringify(reply.body), /canary/)
    }
    t.equal((await owner.post('/v1/clients', { ...whole, legalGivenName: '' })).status, 400)
    t.equal((await owner.post('/v1/clients', { ...whole, unknown: 1 })).status, 400)
  })

  t.test('a stale version is refused, and a missing one asked for', async t => {
    const { id } = await registerClient(owner)
    const url = `/v1/clients/${id}`
    t.equal((await owner.patch(url, { gender: null }, { ifMatch: 9 })).body.code, 'stale-version')
    t.equal((await owner.patch(url, { gender: null })).body.code, 'precondition-required')
    const replies = await Promise.all(
      ['a', 'b', 'c'].map(gender => owner.patch(url, { gender }, { ifMatch: 1 })),
    )
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412])
  })

  t.test('another practice finds nothing, exactly like what does not exist', async t => {
    const { id } = await registerClient(owner)
    const stranger = (await createTestPractice(test)).owner
    const missing = await stranger.get(`/v1/clients/${randomUUID()}`)
    for (const path of ['', '/identifiers', '/related-people', '/duplicates', '/status-changes', '/merges']) {
      const hidden = await stranger.get(`/v1/clients/${id}${path}`)
      t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    }
    t.equal((await stranger.patch(`/v1/clients/${id}`, { gender: null }, { ifMatch: 1 })).status, 404)
    t.same((await stranger.get('/v1/clients')).body.data, [])
  })

  t.test('a clinician sees those on whose care team they are, and nobody else', async t => {
    const [mine, other] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
    const own = await registerClient(mine)
    const given = await registerClient(owner, { primaryClinicianId: mine.staffId })
    const foreign = await registerClient(other)
    t.same(
      (await mine.get('/v1/clients')).body.data.map((client: { id: string }) => client.id),
      [own.id, given.id],
    )
    t.equal((await mine.get(`/v1/clients/${foreign.id}`)).status, 404)
    t.equal((await mine.patch(`/v1/clients/${foreign.id}`, { gender: null }, { ifMatch: 1 })).status, 404)
    t.equal((await mine.patch(`/v1/clients/${own.id}`, { gender: null }, { ifMatch: 1 })).status, 200)
    const notOne = await practice.staff(['biller'])
    const refused = await owner.post('/v1/clients', {
      ...whole,
      externalIds: {},
      primaryClinicianId: notOne.staffId,
    })
    t.equal(refused.body.code, 'unknown-reference')
  })

  t.test("a supervisor reads a supervisee's clients and changes none", async t => {
    const supervisor = await practice.staff(['supervisor', 'clinician'])
    const associate = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
    const { id } = await registerClient(associate)
    t.equal((await supervisor.get(`/v1/clients/${id}`)).status, 200)
    t.equal((await supervisor.patch(`/v1/clients/${id}`, { gender: null }, { ifMatch: 1 })).status, 404)
  })

  t.test('a biller sees name, birth date and external ids only', async t => {
    const biller = await practice.staff(['biller'])
    const { id } = await registerClient(owner, { ...whole, externalIds: { payer: 'P-1' }, status: 'active' })
    const read = await biller.get(`/v1/clients/${id}`)
    t.same(Object.keys(read.body).sort(), [
      'birthDate',
      'createdAt',
      'externalIds',
      'id',
      'legalFamilyName',
      'legalGivenName',
      'mergedIntoId',
      'preferredName',
      'updatedAt',
      'version',
    ])
    const listed = (await biller.get('/v1/clients?limit=200')).body.data
    t.same(
      listed.find((client: { id: string }) => client.id === id),
      read.body,
    )
    t.same((await biller.get('/v1/clients?status=active')).body.data, [], 'a hidden status selects nothing')
    t.equal((await biller.get(`/v1/clients/${id}/related-people`)).status, 404)
    t.equal((await biller.get(`/v1/clients/${id}/status-changes`)).status, 404)
    t.equal(
      (await biller.patch(`/v1/clients/${id}`, { gender: null }, { ifMatch: 1 })).body.code,
      'not-permitted',
    )
    t.equal((await biller.post('/v1/clients', whole)).body.code, 'not-permitted')
  })

  t.test('who bills and treats sees the own clients whole, the others by name', async t => {
    const both = await practice.staff(['clinician', 'biller'])
    const own = await registerClient(both, { gender: 'own words' })
    const other = await registerClient(owner, { gender: 'own words' })
    t.equal((await both.get(`/v1/clients/${own.id}`)).body.gender, 'own words')
    t.notOk('gender' in (await both.get(`/v1/clients/${other.id}`)).body)
    const listed = (await both.get('/v1/clients?limit=200')).body.data
    t.same(
      listed.filter((client: object) => 'gender' in client).map((client: { id: string }) => client.id),
      [own.id],
    )
    t.equal((await both.patch(`/v1/clients/${other.id}`, { gender: null }, { ifMatch: 1 })).status, 404)
  })

  t.test('an integration sees administrative fields by its scope, and writes only with it', async t => {
    const { id } = await registerClient(owner, { gender: 'own words' })
    const reader = await createApiClientCaller(test, practice, ['clients:read'])
    t.equal((await reader.get(`/v1/clients/${id}`)).body.gender, 'own words')
    t.equal(
      (await reader.patch(`/v1/clients/${id}`, { gender: null }, { ifMatch: 1 })).body.code,
      'not-permitted',
    )
    const writer = await createApiClientCaller(test, practice, ['clients:read', 'clients:write'])
    t.equal((await writer.post('/v1/clients', { ...whole, externalIds: {} })).status, 201)
  })

  t.test('one external id has one client, whoever comes first', async t => {
    const body = { ...whole, externalIds: { race: 'R-1', other: 'R-2' } }
    const replies = await Promise.all([1, 2, 3, 4].map(() => owner.post('/v1/clients', body)))
    t.same(replies.map(reply => reply.status).sort(), [201, 409, 409, 409])
    const winner = replies.find(reply => reply.status === 201)
    for (const refused of replies.filter(reply => reply.status === 409)) {
      t.equal(refused.body.code, 'already-exists')
      t.equal(refused.body.existingId, winner?.body.id)
    }
    const clinician = await practice.staff(['clinician'])
    const blind = await clinician.post('/v1/clients', body)
    t.equal(blind.status, 409)
    t.notOk('existingId' in blind.body, 'who may not see the holder is not told who it is')
    const elsewhere = (await createTestPractice(test)).owner
    t.equal((await elsewhere.post('/v1/clients', body)).status, 201)
  })

  t.test('the same key registers once, and answers alike only to who may still see it', async t => {
    const key = randomUUID()
    const clinician = await practice.staff(['clinician'])
    const body = { ...whole, externalIds: {} }
    const first = await clinician.post('/v1/clients', body, { key })
    const second = await clinician.post('/v1/clients', body, { key })
    t.same(second.body, first.body)
    t.equal(second.headers['idempotency-replayed'], 'true')
  })

  t.test('lists follow each other without gap or repeat, by id or by last change', async t => {
    const { owner } = await createTestPractice(test)
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push((await registerClient(owner)).id)
    await owner.patch(`/v1/clients/${ids[0]}`, { gender: 'x' }, { ifMatch: 1 })
    const all = async (query: string) => {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const url: string = `/v1/clients?limit=2${query}${cursor ? `&cursor=${cursor}` : ''}`
        const { body } = await owner.get(url)
        seen.push(...body.data.map((client: { id: string }) => client.id))
        cursor = body.nextCursor
      } while (cursor)
      return seen
    }
    t.same(await all(''), ids)
    t.same(await all('&updatedSince=2020-01-01T00:00:00Z'), [...ids.slice(1), ids[0]])
    t.same(await all('&status=active'), [])
    t.equal(
      (await owner.get('/v1/clients?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).body.code,
      'invalid-cursor',
    )
  })

  t.test('the individual chart opens with the client', async t => {
    const clinician = await practice.staff(['clinician'])
    const { id } = await registerClient(clinician)
    const { body } = await clinician.get(`/v1/charts?clientId=${id}`)
    t.equal(body.data.length, 1)
    t.equal(body.data[0].kind, 'individual')
  })
})
