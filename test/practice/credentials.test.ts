import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { credentialTextOf } from '../../src/modules/practice/index.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const csat = {
  code: 'CSAT',
  issuer: 'Example Institute (fictional)',
  status: 'held',
  expiresOn: '2099-12-31',
}
const lmft = {
  profession: 'Marriage and family therapist',
  state: 'CA',
  licenseType: 'LMFT',
  number: '000001',
  status: 'active',
  issuedOn: '2020-01-01',
  expiresOn: '2099-12-31',
}

t.test('credentials and licenses', async t => {
  const test = await createTestApp(t)

  t.test('a credential is recorded, read, renewed and listed', async t => {
    const { owner } = await createTestPractice(test)
    const base = `/v1/staff-members/${owner.staffId}/credentials`
    const made = await owner.post(base, { ...csat, status: 'candidate' })
    t.equal(made.status, 201)
    t.equal(made.headers.location, `${base}/${made.body.id}`)
    const url = `${base}/${made.body.id}`
    const changed = await owner.patch(url, { status: 'held', number: 'C-1' }, { ifMatch: made.etag })
    t.match(changed.body, {
      code: 'CSAT',
      status: 'held',
      number: 'C-1',
      expiresOn: '2099-12-31',
      version: 2,
    })
    t.same((await owner.get(url)).body, changed.body)
    t.same((await owner.get(base)).body, { data: [changed.body], nextCursor: null })
    t.equal((await owner.patch(url, { number: null }, { ifMatch: 1 })).body.code, 'stale-version')
    t.equal((await owner.patch(url, { number: null })).body.code, 'precondition-required')
  })

  t.test('a person has a credential once, and a mistake does not stand in its way', async t => {
    const { owner } = await createTestPractice(test)
    const base = `/v1/staff-members/${owner.staffId}/credentials`
    const replies = await Promise.all([1, 2, 3].map(() => owner.post(base, csat)))
    t.same(replies.map(reply => reply.status).sort(), [201, 409, 409])
    const made = replies.find(reply => reply.status === 201)?.body
    await owner.patch(`${base}/${made.id}`, { status: 'entered_in_error' }, { ifMatch: 1 })
    t.equal((await owner.post(base, csat)).status, 201)
    t.equal(
      (await owner.patch(`${base}/${made.id}`, { status: 'held' }, { ifMatch: 2 })).body.code,
      'already-exists',
    )
  })

  t.test('a license is recorded, read, renewed and listed', async t => {
    const { owner } = await createTestPractice(test)
    const base = `/v1/staff-members/${owner.staffId}/licenses`
    const made = await owner.post(base, { ...lmft, verifiedAt: '2026-11-01T17:00:00Z', source: 'Register' })
    t.equal(made.status, 201)
    t.equal(made.headers.location, `${base}/${made.body.id}`)
    const url = `${base}/${made.body.id}`
    const changed = await owner.patch(url, { expiresOn: '2101-12-31' }, { ifMatch: 1 })
    t.match(changed.body, { ...lmft, expiresOn: '2101-12-31', verifiedAt: '2026-11-01T17:00:00.000Z' })
    t.same((await owner.get(url)).body, changed.body)
    t.same((await owner.get(base)).body.data, [changed.body])
    t.equal((await owner.patch(url, { source: null }, { ifMatch: 1 })).body.code, 'stale-version')
  })

  t.test('a license number stands once per state and type, for all staff of the practice', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const other = await practice.staff(['clinician'])
    const [mine, theirs] = [owner, other].map(who => `/v1/staff-members/${who.staffId}/licenses`)
    if (!mine || !theirs) return t.fail('two people')
    const replies = await Promise.all([mine, theirs, theirs].map(url => owner.post(url, lmft)))
    t.same(replies.map(reply => reply.status).sort(), [201, 409, 409])
    t.same(replies.find(reply => reply.status === 409)?.body.code, 'already-exists')
    t.equal((await owner.post(theirs, { ...lmft, state: 'NV' })).status, 201)
    const nevada = (await owner.get(theirs)).body.data.find(
      (license: { state: string }) => license.state === 'NV',
    )
    const twin = await owner.patch(`${theirs}/${nevada.id}`, { state: 'CA' }, { ifMatch: 1 })
    t.equal(twin.body.code, 'already-exists')
    const elsewhere = (await createTestPractice(test)).owner
    t.equal((await elsewhere.post(`/v1/staff-members/${elsewhere.staffId}/licenses`, lmft)).status, 201)
    t.equal((await owner.post(theirs, { ...lmft, number: ' 000001' })).status, 400, 'one spelling only')
  })

  t.test('what has run out is not recorded as good, and reads as expired by itself', async t => {
    const { owner } = await createTestPractice(test)
    const base = `/v1/staff-members/${owner.staffId}`
    const past = await owner.post(`${base}/licenses`, { ...lmft, expiresOn: '2021-12-31' })
    t.equal(past.status, 400)
    t.match(past.body.errors, [{ pointer: '/expiresOn', code: 'expired' }])
    const history = await owner.post(`${base}/licenses`, {
      ...lmft,
      status: 'expired',
      expiresOn: '2021-12-31',
    })
    t.equal(history.status, 201)
    const { body } = await owner.post(`${base}/licenses`, { ...lmft, number: '000002' })
    await asAdmin(test.adminUrl, admin =>
      admin.query(`update cairn.staff_licenses set expires_on = '2021-01-01' where id = $1`, [body.id]),
    )
    const url = `${base}/licenses/${body.id}`
    t.equal((await owner.get(url)).body.status, 'expired')
    t.equal((await owner.patch(url, { source: 'Register' }, { ifMatch: 1 })).status, 200)
    t.equal((await owner.patch(url, { status: 'active' }, { ifMatch: 2 })).body.errors[0].code, 'expired')
    t.equal((await owner.patch(url, { expiresOn: '2099-01-01' }, { ifMatch: 2 })).body.status, 'active')
    t.equal((await owner.post(`${base}/credentials`, { ...csat, expiresOn: '2021-12-31' })).status, 400)
    const before = await owner.post(`${base}/credentials`, { ...csat, issuedOn: '2100-01-01' })
    t.match(before.body.errors, [{ pointer: '/expiresOn', code: 'before-issue' }])
  })

  t.test('what has to be renewed is listed, most urgent first, across pages', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const other = await practice.staff(['clinician'])
    const gone = await practice.staff(['clinician'])
    const add = async (staffId: string, number: string, license: object) =>
      (await owner.post(`/v1/staff-members/${staffId}/licenses`, { ...lmft, number, ...license })).body.id
    const late = await add(owner.staffId, '1', { expiresOn: '2098-12-31' })
    const soon = await add(other.staffId, '2', { expiresOn: '2097-01-31' })
    const twin = await add(owner.staffId, '3', { expiresOn: '2097-01-31' })
    await add(owner.staffId, '4', { expiresOn: '2099-01-01' })
    await add(owner.staffId, '5', { expiresOn: null })
    await add(owner.staffId, '6', { expiresOn: '2097-01-31', status: 'surrendered' })
    await add(gone.staffId, '7', { expiresOn: '2097-01-31' })
    await owner.post(`/v1/staff-members/${gone.staffId}/disablement`, undefined, { ifMatch: 1 })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { body } = await owner.get(
        `/v1/licenses?expiringBefore=2099-01-01&limit=1${cursor ? `&cursor=${cursor}` : ''}`,
      )
      seen.push(...body.data.map((license: { id: string }) => license.id))
      cursor = body.nextCursor
    } while (cursor)
    t.same(seen, [soon, twin, late])
    t.equal((await owner.get('/v1/licenses')).status, 400)
    t.equal((await owner.get('/v1/licenses?expiringBefore=2026-02-30')).status, 400)
    const stranger = (await createTestPractice(test)).owner
    t.same((await stranger.get('/v1/licenses?expiringBefore=2099-01-01')).body.data, [])
  })

  t.test('a signature records licenses and credentials that are good today', async t => {
    const { id, owner } = await createTestPractice(test)
    const base = `/v1/staff-members/${owner.staffId}`
    const textNow = () =>
      inPractice(test.house.database, systemScope(id, 'test'), trx => credentialTextOf(trx, owner.staffId))
    t.equal(await textNow(), 'Test owner')
    const { body } = await owner.post(`${base}/licenses`, lmft)
    await owner.post(`${base}/licenses`, { ...lmft, state: 'NV', status: 'suspended' })
    await owner.post(`${base}/credentials`, { ...csat, code: 'SEP' })
    await owner.post(`${base}/credentials`, { ...csat, status: 'candidate' })
    await owner.post(`${base}/credentials`, { ...csat, code: 'EMDRIA', status: 'lapsed' })
    t.equal(await textNow(), 'Test owner, LMFT CA 000001, CSAT (candidate), SEP')
    await owner.patch(`${base}/licenses/${body.id}`, { status: 'entered_in_error' }, { ifMatch: 1 })
    t.equal(await textNow(), 'Test owner, CSAT (candidate), SEP')
  })

  t.test('records of another practice or another person are not found', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const colleague = await practice.staff(['clinician'])
    const stranger = (await createTestPractice(test)).owner
    for (const [kind, input, change] of [
      ['licenses', lmft, { source: 'X' }],
      ['credentials', csat, { number: 'X' }],
    ] as const) {
      const { body } = await owner.post(`/v1/staff-members/${owner.staffId}/${kind}`, input)
      const own = `/v1/staff-members/${owner.staffId}/${kind}`
      const hidden = await stranger.get(`${own}/${body.id}`)
      const missing = await stranger.get(`${own}/${randomUUID()}`)
      t.equal(hidden.status, 404)
      t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
      t.equal((await stranger.patch(`${own}/${body.id}`, change, { ifMatch: 1 })).status, 404)
      t.equal((await stranger.post(own, input)).status, 404)
      const wrongPerson = `/v1/staff-members/${colleague.staffId}/${kind}/${body.id}`
      t.equal((await owner.get(wrongPerson)).status, 404)
      t.equal((await owner.patch(wrongPerson, change, { ifMatch: 1 })).status, 404)
    }
  })

  t.test('everybody of the practice reads them, only owner and admin write', async t => {
    const practice = await createTestPractice(test)
    const biller = await practice.staff(['biller'])
    const admin = await practice.staff(['admin'])
    const base = `/v1/staff-members/${biller.staffId}`
    t.equal((await admin.post(`${base}/licenses`, lmft)).status, 201)
    t.equal((await biller.get(`${base}/licenses`)).body.data.length, 1)
    t.equal((await biller.post(`${base}/licenses`, lmft)).body.code, 'not-permitted')
    t.equal((await biller.post(`${base}/credentials`, csat)).body.code, 'not-permitted')
  })

  t.test('bodies are strict: shapes of codes, states, numbers and dates', async t => {
    const { owner } = await createTestPractice(test)
    const base = `/v1/staff-members/${owner.staffId}`
    for (const wrong of [
      { state: 'California' },
      { state: 'ca' },
      { licenseType: 'lmft' },
      { number: '' },
      { status: 'great' },
      { expiresOn: '2026-02-30' },
      { expiresOn: '31.12.2026' },
      { verifiedAt: 'yesterday' },
      { staffId: randomUUID() },
    ]) {
      t.equal(
        (await owner.post(`${base}/licenses`, { ...lmft, ...wrong })).status,
        400,
        JSON.stringify(wrong),
      )
    }
    for (const wrong of [{ code: 'csat' }, { code: 'C S A T' }, { issuer: '' }, { status: 'active' }]) {
      t.equal((await owner.post(`${base}/credentials`, { ...csat, ...wrong })).status, 400)
    }
  })
})
