import { randomUUID } from 'node:crypto'
import t from 'tap'
import { registerClient } from '../support/clients.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const valid = (row: number, more: object = {}) => ({
  row,
  values: { legal_given_name: 'Jordan', legal_family_name: `Example${row}`, ...more },
})

t.test('imports', async t => {
  const test = await createTestApp(t)

  const begin = async (caller: Caller, dryRun = false) =>
    `/v1/client-imports/${(await caller.post('/v1/client-imports', { dryRun })).body.id}`
  const commit = async (caller: Caller, url: string, rowCount: number) => {
    const { etag } = await caller.get(url)
    return caller.post(`${url}/commit`, { rowCount }, { key: randomUUID(), ifMatch: etag })
  }
  const count = async (caller: Caller) => (await caller.get('/v1/clients?limit=200')).body.data.length

  t.test('rows wait in chunks and become clients together, whole', async t => {
    const { owner } = await createTestPractice(test)
    const url = await begin(owner)
    const full = valid(2, {
      preferred_name: 'Jo',
      birth_date: '1988-04-12',
      sex_recorded_at_birth: 'Female',
      languages: 'en; es',
      phone: '(555) 555-0123',
      email: 'Jo@Mail.example',
      address_line1: '7 Sample Lane',
      city: 'Faketown',
      state: 'ca',
      postal_code: '90000',
      status: 'waitlisted',
      external_system: 'old-system',
      external_id: 'I-1',
    })
    t.same((await owner.post(`${url}/rows`, { rows: [full] })).body, { accepted: 1, problems: [] })
    t.equal((await owner.post(`${url}/rows`, { rows: [valid(3), valid(4)] })).body.accepted, 2)
    t.equal(await count(owner), 0, 'nothing before the commit')
    const done = await commit(owner, url, 3)
    t.match(done.body, { status: 'committed', rowCount: 3, problemCount: 0 })
    t.equal(await count(owner), 3)
    const { body } = await owner.post('/v1/clients/search', { text: 'jo example2', phone: '+15555550123' })
    const client = (await owner.get(`/v1/clients/${body.data[0].client.id}`)).body
    t.match(client, {
      status: 'waitlisted',
      birthDate: '1988-04-12',
      sexRecordedAtBirth: 'female',
      languages: ['en', 'es'],
      externalIds: { 'old-system': 'I-1' },
      addresses: [{ kind: 'home', address: { state: 'CA' } }],
      safeContact: { neutralText: true },
    })
    t.equal((await owner.get(`/v1/charts?clientId=${client.id}`)).body.data.length, 1)
    t.match((await owner.get(`/v1/clients/${client.id}/status-changes`)).body.data, [{ reason: 'imported' }])
    t.equal((await commit(owner, url, 3)).body.code, 'invalid-state', 'once')
    t.equal(await count(owner), 3)
  })

  t.test('every wrong cell is told by row, column and code, never by its value', async t => {
    const { owner } = await createTestPractice(test)
    await registerClient(owner, { externalIds: { 'old-system': 'taken-canary' } })
    const wrong: [object, string, string][] = [
      [{ legal_given_name: ' ' }, 'legal_given_name', 'required'],
      [{ legal_given_name: '=HYPERLINK("canary")' }, 'legal_given_name', 'formula'],
      [{ preferred_name: '@canary' }, 'preferred_name', 'formula'],
      [{ gender: '-canary' }, 'gender', 'formula'],
      [{ pronouns: 'canary'.repeat(10) }, 'pronouns', 'too-long'],
      [{ birth_date: '04/12/1988' }, 'birth_date', 'date'],
      [{ birth_date: '2001-02-30' }, 'birth_date', 'date'],
      [{ birth_date: '2999-01-01' }, 'birth_date', 'in-the-future'],
      [{ phone: '12' }, 'phone', 'phone'],
      [{ email: 'canary' }, 'email', 'email'],
      [{ languages: 'not a tag' }, 'languages', 'language'],
      [{ status: 'canary' }, 'status', 'unknown-word'],
      [{ city: 'Faketown', state: 'CA', postal_code: '90000' }, 'address_line1', 'incomplete-address'],
      [{ external_id: 'canary' }, 'external_system', 'required'],
      [{ external_system: 'old-system', external_id: 'taken-canary' }, 'external_id', 'taken'],
    ]
    const url = await begin(owner)
    const rows = wrong.map(([values], index) => valid(index + 2, values))
    const { body } = await owner.post(`${url}/rows`, { rows: [...rows, valid(99)] })
    t.equal(body.accepted, 1)
    t.same(
      body.problems,
      wrong.map(([, column, code], index) => ({ row: index + 2, column, code })),
    )
    t.notMatch(JSON.stringify(body), /canary/)
    t.equal((await commit(owner, url, 1)).body.code, 'invalid-state', 'a half-bad file is not imported')
    t.equal(await count(owner), 1)
    t.equal((await owner.post(`${url}/rows`, { rows: [{ row: 1, values: { canary: 'x' } }] })).status, 400)
  })

  t.test('a value that is given twice is told, within a chunk and across chunks', async t => {
    const { owner } = await createTestPractice(test)
    const url = await begin(owner)
    const id = { external_system: 'old-system', external_id: 'D-1' }
    const first = await owner.post(`${url}/rows`, { rows: [valid(2, id), valid(3, id), valid(4), valid(4)] })
    t.same(first.body.problems, [
      { row: 3, column: 'external_id', code: 'repeated' },
      { row: 4, column: 'legal_given_name', code: 'repeated-row' },
    ])
    const second = await owner.post(`${url}/rows`, { rows: [valid(5, id)] })
    t.same(second.body.problems, [{ row: 5, column: 'external_id', code: 'repeated' }])
  })

  t.test('a chunk sent twice with its key is staged once', async t => {
    const { owner } = await createTestPractice(test)
    const url = await begin(owner)
    const key = randomUUID()
    await owner.post(`${url}/rows`, { rows: [valid(2)] }, { key })
    t.equal((await owner.post(`${url}/rows`, { rows: [valid(2)] }, { key })).body.accepted, 1)
    t.match((await owner.get(url)).body, { rowCount: 1, problemCount: 0 })
  })

  t.test('a dry run, a missing chunk, a discarded import: nothing is committed', async t => {
    const { id, owner } = await createTestPractice(test)
    const dry = await begin(owner, true)
    await owner.post(`${dry}/rows`, { rows: [valid(2)] })
    t.equal((await commit(owner, dry, 1)).body.code, 'invalid-state')
    const short = await begin(owner)
    await owner.post(`${short}/rows`, { rows: [valid(2)] })
    t.equal((await commit(owner, short, 2)).body.code, 'invalid-state')
    t.equal((await owner.delete(short)).status, 204)
    t.equal((await commit(owner, short, 1)).body.code, 'invalid-state')
    t.equal((await owner.post(`${short}/rows`, { rows: [valid(3)] })).body.code, 'invalid-state')
    const keyless = await owner.post(`${dry}/commit`, { rowCount: 1 }, { ifMatch: 2 })
    t.equal(keyless.body.code, 'idempotency-key-required')
    t.equal(await count(owner), 0)
    const terms = await asAdmin(test.adminUrl, admin =>
      admin.query('select from cairn.client_search_terms where practice_id = $1', [id]),
    )
    t.equal(terms.rowCount, 1 + 'jordan'.length + 1 + 'example2'.length, 'the dry run still waits, no more')
  })

  t.test('a commit is of what was read: a stale version is refused, and of two one is done', async t => {
    const { owner } = await createTestPractice(test)
    const url = await begin(owner)
    await owner.post(`${url}/rows`, { rows: [valid(2)] })
    const send = (version: number) =>
      owner.post(`${url}/commit`, { rowCount: 1 }, { key: randomUUID(), ifMatch: version })
    t.equal((await send(1)).body.code, 'stale-version')
    const replies = await Promise.all([send(2), send(2), send(2)])
    t.same(replies.map(reply => reply.status).sort(), [200, 409, 409])
    t.equal(await count(owner), 1)
  })

  t.test('an external id that is taken before the commit stops the whole file', async t => {
    const { owner } = await createTestPractice(test)
    const url = await begin(owner)
    const id = { external_system: 'old-system', external_id: 'L-1' }
    await owner.post(`${url}/rows`, { rows: [valid(2, id), valid(3)] })
    await registerClient(owner, { externalIds: { 'old-system': 'L-1' } })
    t.equal((await commit(owner, url, 2)).body.code, 'already-exists')
    t.equal(await count(owner), 1)
    t.equal((await owner.get(url)).body.status, 'staged')
  })

  t.test('only who may import may, and only their own imports', async t => {
    const practice = await createTestPractice(test)
    const url = await begin(practice.owner)
    const clinician = await practice.staff(['clinician'])
    t.equal((await clinician.post('/v1/client-imports', {})).body.code, 'not-permitted')
    const desk = await practice.staff(['admin'])
    t.equal((await desk.get(url)).status, 404)
    t.equal((await desk.post(`${url}/rows`, { rows: [valid(2)] })).status, 404)
    t.equal((await (await createTestPractice(test)).owner.delete(url)).status, 404)
  })
})
