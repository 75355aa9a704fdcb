import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { anonymizeInquiries } from '../../src/modules/inquiries/index.ts'
import { newInquiry } from '../support/inquiries.ts'
import { type Caller, createTestPractice, type TestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const url = '/v1/inquiries'
const key = () => ({ key: randomUUID() })

async function receive(by: Caller, changes: object = {}) {
  const { status, body } = await by.post(url, newInquiry(changes), key())
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

async function step(by: Caller, id: string, status: string, more: object = {}) {
  const { etag } = await by.get(`${url}/${id}`)
  return by.post(`${url}/${id}/steps`, { status, ...more }, { ifMatch: etag })
}

async function screened(by: Caller, changes: object = {}) {
  const { id } = await receive(by, changes)
  await step(by, id, 'contacted')
  return (await step(by, id, 'screened')).body
}

t.test('inquiries', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const admin = await practice.staff(['admin'])
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const colleague = await practice.staff(['clinician'])
  const biller = await practice.staff(['biller'])

  t.test(
    'what was said is for the assigned clinician and their supervisor, not for the front desk',
    async t => {
      const made = await admin.post(url, newInquiry({ assignedToId: clinician.staffId, urgent: true }), key())
      t.equal(made.status, 201)
      t.notOk('words' in made.body, 'not even to who wrote it down')
      t.notMatch(JSON.stringify(made.body), /out of hand/)
      t.match(made.body, {
        status: 'received',
        urgent: true,
        person: { givenName: 'Casey' },
        contact: { role: 'self', points: [{ value: '+15555550123' }] },
        safeContact: { neutralText: true, voicemailAllowed: false },
      })
      const one = `${url}/${made.body.id}`
      for (const by of [clinician, supervisor]) {
        t.match((await by.get(one)).body.words, { selfDescription: 'It has got out of hand (fictional).' })
      }
      for (const by of [owner, admin]) {
        const { body } = await by.get(one)
        t.notOk('words' in body)
        t.notOk('note' in body.history[0])
      }
      t.equal((await colleague.get(one)).status, 404, 'a colleague is not told')
      t.equal((await biller.get(one)).status, 403)
      t.equal((await (await createTestPractice(test)).owner.get(one)).status, 404)
      for (const by of [admin, clinician, supervisor]) {
        const { body } = await by.get(url)
        t.ok(body.data.some(({ id }: { id: string }) => id === made.body.id))
        t.notMatch(JSON.stringify(body), /out of hand/)
      }
      t.same((await colleague.get(url)).body.data, [])
    },
  )

  t.test('a clinician keeps what they write down, and the front desk hands it over', async t => {
    const { id, assignedToId } = await receive(clinician)
    t.equal(assignedToId, clinician.staffId)
    const other = newInquiry({ assignedToId: colleague.staffId })
    t.equal((await clinician.post(url, other, key())).status, 403)
    const stranger = newInquiry({ assignedToId: biller.staffId })
    t.equal((await admin.post(url, stranger, key())).body.code, 'unknown-reference')
    const change = { assignedToId: colleague.staffId, urgent: true }
    t.equal((await clinician.patch(`${url}/${id}`, change, { ifMatch: 1 })).status, 403)
    t.equal((await admin.patch(`${url}/${id}`, change, { ifMatch: 4 })).body.code, 'stale-version')
    t.match((await admin.patch(`${url}/${id}`, change, { ifMatch: 1 })).body, { urgent: true, version: 2 })
    t.equal((await clinician.get(`${url}/${id}`)).status, 404)
    t.ok((await colleague.get(`${url}/${id}`)).body.words)
    t.equal((await supervisor.patch(`${url}/${id}`, change, { ifMatch: 2 })).status, 403)
    const both = await Promise.all([1, 2].map(() => admin.patch(`${url}/${id}`, change, { ifMatch: 2 })))
    t.same(both.map(({ status }) => status).sort(), [200, 412])
  })

  t.test('a repeated key shows what was said only to who may still read it', async t => {
    const again = key()
    const body = newInquiry()
    const first = await clinician.post(url, body, again)
    t.same((await clinician.post(url, body, again)).body, first.body)
    t.equal((await clinician.post(url, newInquiry({ urgent: true }), again)).status, 422)
    await admin.patch(`${url}/${first.body.id}`, { assignedToId: colleague.staffId }, { ifMatch: 1 })
    t.equal((await clinician.post(url, body, again)).status, 404)
  })

  t.test('steps follow one another, with reasons where it ends', async t => {
    const { id } = await receive(clinician)
    t.equal((await step(clinician, id, 'screened')).body.code, 'invalid-state', 'not before contact')
    t.equal((await step(clinician, id, 'contacted', { reason: 'other' })).body.code, 'invalid-state')
    const contacted = await step(clinician, id, 'contacted', { note: 'Called back (fictional).' })
    t.match(contacted.body, { status: 'contacted', contactedAt: String, endedAt: null })
    t.equal((await step(clinician, id, 'closed')).body.code, 'invalid-state', 'no reason')
    t.equal((await step(clinician, id, 'closed', { reason: 'no_capacity' })).body.code, 'invalid-state')
    t.match((await step(clinician, id, 'closed', { reason: 'withdrawn' })).body, { endedAt: String })
    t.equal(
      (await clinician.patch(`${url}/${id}`, { urgent: true }, { ifMatch: 3 })).body.code,
      'invalid-state',
    )
    t.equal((await step(clinician, id, 'declined', { reason: 'other' })).body.code, 'invalid-state')
    const back = await step(clinician, id, 'contacted', { reason: 'came_back' })
    t.match(back.body, { status: 'contacted', endedAt: null, contactedAt: contacted.body.contactedAt })
    await step(clinician, id, 'screened')
    const referred = await step(clinician, id, 'referred_out', {
      reason: 'other_service',
      note: 'Elsewhere.',
    })
    t.same(
      referred.body.history.map(({ status, reason, note }: Record<string, string>) => [status, reason, note]),
      [
        ['received', null, null],
        ['contacted', null, 'Called back (fictional).'],
        ['closed', 'withdrawn', null],
        ['contacted', 'came_back', null],
        ['screened', null, null],
        ['referred_out', 'other_service', 'Elsewhere.'],
      ],
    )
    t.notMatch(JSON.stringify((await admin.get(`${url}/${id}`)).body), /Elsewhere/)
    t.equal((await clinician.post(`${url}/${id}/steps`, { status: 'accepted' }, { ifMatch: 7 })).status, 400)
  })

  t.test('acceptance makes one client, however often it is asked for', async t => {
    const { id, version } = await screened(clinician)
    const accept = (by: Caller, body: object, options: object) =>
      by.post(`${url}/${id}/acceptance`, body, options)
    t.equal((await accept(clinician, {}, { ifMatch: version })).body.code, 'idempotency-key-required')
    t.equal((await accept(clinician, {}, { ...key(), ifMatch: version - 1 })).body.code, 'stale-version')
    const twice = { ...key(), ifMatch: version }
    const twins = await Promise.all(
      [twice, { ...key(), ifMatch: version }].map(one => accept(clinician, {}, one)),
    )
    t.same(twins.map(({ status }) => status).sort(), [200, 412])
    const { clientId, status } = (await clinician.get(`${url}/${id}`)).body
    t.equal(status, 'accepted')
    const client = (await clinician.get(`/v1/clients/${clientId}`)).body
    t.match(client, {
      legalGivenName: 'Casey',
      birthDate: '1990-05-01',
      contactPoints: [{ value: '+15555550123' }],
      status: 'inquiry',
    })
    t.equal((await clinician.get(`/v1/charts?clientId=${clientId}`)).body.data.length, 1)
    const clients = (await owner.get('/v1/clients?limit=200')).body.data
    t.equal(clients.filter(({ legalGivenName }: typeof client) => legalGivenName === 'Casey').length, 1)
    t.equal((await step(clinician, id, 'closed', { reason: 'other' })).body.code, 'invalid-state')
  })

  t.test('a repeated acceptance is answered alike', async t => {
    const { id, version } = await screened(clinician, { askedFor: ['assessment'] })
    const options = { ...key(), ifMatch: version }
    const body = { legalGivenName: 'Robin', status: 'active' }
    const first = await clinician.post(`${url}/${id}/acceptance`, body, options)
    t.same((await clinician.post(`${url}/${id}/acceptance`, body, options)).body, first.body)
    t.match((await clinician.get(`/v1/clients/${first.body.clientId}`)).body, { legalGivenName: 'Robin' })
  })

  t.test(
    'nothing of a partner who asked is in the client, and neither partner’s inquiry shows to the other’s clinician',
    async t => {
      const contact = {
        role: 'partner',
        givenName: 'Alex',
        familyName: 'Otherperson',
        points: [{ system: 'phone', value: '+15555550177', kind: 'mobile' }],
      }
      const first = await screened(clinician, { contact })
      const own = await screened(colleague, { person: { ...newInquiry().person, givenName: 'Alex' } })
      const accepted = await clinician.post(
        `${url}/${first.id}/acceptance`,
        {},
        { ...key(), ifMatch: first.version },
      )
      const client = await clinician.get(`/v1/clients/${accepted.body.clientId}`)
      t.same(client.body.contactPoints, [])
      t.notMatch(JSON.stringify(client.body), /Otherperson|5550177/)
      t.same((await clinician.get(`/v1/clients/${accepted.body.clientId}/related-people`)).body.data, [])
      t.equal((await clinician.get(`${url}/${own.id}`)).status, 404)
      t.equal((await colleague.get(`${url}/${first.id}`)).status, 404)
      const hidden = await colleague.post(`${url}/${first.id}/acceptance`, {}, { ...key(), ifMatch: 3 })
      t.equal(hidden.status, 404)
    },
  )

  t.test('without a name nobody becomes a client', async t => {
    const person = { givenName: null, familyName: null, preferredName: 'C', pronouns: null, birthDate: null }
    const { id, version } = await screened(clinician, { person })
    const refused = await clinician.post(`${url}/${id}/acceptance`, {}, { ...key(), ifMatch: version })
    t.equal(refused.body.errors[0].pointer, '/legalGivenName')
    t.equal((await clinician.get(`${url}/${id}`)).body.status, 'screened')
    const named = {
      legalGivenName: 'Casey',
      legalFamilyName: 'Example',
      primaryClinicianId: colleague.staffId,
    }
    const accepted = await clinician.post(`${url}/${id}/acceptance`, named, { ...key(), ifMatch: version })
    t.match(accepted.body, { status: 'accepted', clientId: null }, 'a colleague’s client')
    t.ok((await colleague.get(`${url}/${id}`)).body.clientId, 'it went over to who leads the care')
  })

  t.test('values that cannot be are refused', async t => {
    const cases: [object, string][] = [
      [{ source: 'television' }, '/source'],
      [{ receivedAt: '2999-01-01T00:00:00Z' }, '/receivedAt'],
      [{ person: { ...newInquiry().person, birthDate: '2999-01-01' } }, '/person/birthDate'],
      [
        { contact: { ...newInquiry().contact, points: [{ system: 'phone', value: '1', kind: 'home' }] } },
        '/contact/points/0/value',
      ],
    ]
    for (const [change, pointer] of cases) {
      const { status, body } = await admin.post(url, newInquiry(change), key())
      t.equal(status, 400)
      t.match(JSON.stringify(body.errors), new RegExp(pointer))
    }
  })
})

t.test('inquiries that came to nothing are anonymized after the practice’s time', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const clinician = await practice.staff(['clinician'])
  const round = () =>
    inPractice(test.house.database, systemScope(practice.id, 'inquiry-retention'), anonymizeInquiries)
  const closed = await receive(clinician)
  await step(clinician, closed.id, 'contacted', { note: 'Something said (fictional).' })
  await step(clinician, closed.id, 'closed', { reason: 'no_request' })
  const open = await receive(clinician)
  const accepted = await screened(clinician)
  await clinician.post(`${url}/${accepted.id}/acceptance`, {}, { ...key(), ifMatch: accepted.version })
  await ago(practice, 100)
  await round()
  t.equal((await clinician.get(`${url}/${closed.id}`)).body.anonymizedAt, null, 'not before its time')
  const settings = await owner.get('/v1/practice')
  t.equal(settings.body.policies.inquiryRetentionDays, 180)
  const policies = { policies: { inquiryRetentionDays: 90 } }
  t.equal((await owner.patch('/v1/practice', policies, { ifMatch: settings.etag })).status, 200)
  await Promise.all([round(), round()])
  await round()
  const { body } = await clinician.get(`${url}/${closed.id}`)
  t.match(body, { person: null, contact: null, safeContact: null, words: null, region: null, version: 4 })
  t.same(
    body.history.map(({ note }: { note: string | null }) => note),
    [null, null, null],
  )
  t.ok((await clinician.get(`${url}/${open.id}`)).body.person, 'an open one stays')
  t.ok((await clinician.get(`${url}/${accepted.id}`)).body.words, 'and one that became a client')
  const back = await step(clinician, closed.id, 'contacted', { reason: 'came_back' })
  t.equal(back.body.code, 'invalid-state')
})

/** As if everything had ended so many days ago. */
const ago = (practice: TestPractice, days: number) =>
  asAdmin(practice.test.adminUrl, async admin => {
    await admin.query(
      `update cairn.inquiries set ended_at = ended_at - make_interval(days => $2) where practice_id = $1 and ended_at is not null`,
      [practice.id, days],
    )
  })

t.test('the funnel counts by source and month, and tells of no small group', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const clinician = await practice.staff(['clinician'])
  const receivedAt = '2026-03-31T23:30:00-07:00' // still March where the practice is
  const many = (count: number, changes: object) =>
    Promise.all(Array.from({ length: count }, () => receive(owner, { receivedAt, ...changes })))
  const podcast = await many(11, { source: 'podcast' })
  await many(4, { source: 'radio' })
  for (const { id } of podcast.slice(0, 6)) await step(owner, id, 'contacted')
  for (const { id } of podcast.slice(0, 5)) await step(owner, id, 'closed', { reason: 'no_request' })
  await step(owner, podcast[10].id, 'declined', { reason: 'no_capacity' })
  const report = '/v1/reports/inquiries?from=2026-03&to=2026-04'
  const { body } = await owner.get(report)
  t.equal(body.rows.length, 1, 'four are not told')
  t.match(body.rows[0], {
    month: '2026-03',
    source: 'podcast',
    received: 11,
    contacted: 6,
    screened: null,
    accepted: null,
    declined: null,
    closed: null,
    open: 5,
    medianHoursToContact: Number,
  })
  await step(owner, podcast[7].id, 'contacted')
  t.equal(
    (await owner.get(report)).body.rows[0].contacted,
    null,
    'four were not contacted: the rest would tell',
  )
  t.equal((await owner.get('/v1/reports/inquiries?from=2026-04&to=2026-03')).status, 400)
  t.equal((await owner.get('/v1/reports/inquiries?from=2020-04&to=2026-03')).status, 400)
  t.same((await owner.get('/v1/reports/inquiries?from=2026-04&to=2026-04')).body.rows, [])
  t.equal((await clinician.get(report)).status, 403)
  t.same((await (await createTestPractice(test)).owner.get(report)).body.rows, [])
})
