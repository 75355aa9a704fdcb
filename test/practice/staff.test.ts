import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const avery = {
  email: 'Avery@quiet-harbor.example',
  givenName: 'Avery',
  familyName: 'Example',
  title: 'Associate therapist',
  npi: '1245319599',
  roles: ['clinician'],
}

t.test('staff members', async t => {
  const test = await createTestApp(t)

  t.test('a person is invited, read and changed, and each step is an event', async t => {
    const { id: practiceId, owner } = await createTestPractice(test)
    const made = await owner.post('/v1/staff-members', avery)
    t.equal(made.status, 201)
    t.equal(made.headers.location, `/v1/staff-members/${made.body.id}`)
    t.match(made.body, { status: 'invited', displayName: 'Avery Example', email: avery.email, version: 1 })
    const url = `/v1/staff-members/${made.body.id}`
    const change = { displayName: 'Avery E. Example', title: null, cosignRequired: true }
    const changed = await owner.patch(url, change, { ifMatch: made.etag })
    t.match(changed.body, { ...change, givenName: 'Avery', npi: avery.npi, version: 2 })
    t.same((await owner.get(url)).body, changed.body)
    const types = await asAdmin(test.adminUrl, async admin => {
      const { rows } = await admin.query(
        'select type from cairn.events where practice_id = $1 and resource_id = $2 order by id',
        [practiceId, made.body.id],
      )
      return rows.map(row => row.type)
    })
    t.same(types, ['staff-member.created', 'staff-member.updated'])
  })

  t.test('the invitation is mailed to the person, once, and only when the work was done', async t => {
    const { owner } = await createTestPractice(test)
    const mine = { ...avery, email: `${randomUUID()}@quiet-harbor.example` }
    const { body } = await owner.post('/v1/staff-members', mine)
    t.equal((await owner.post('/v1/staff-members', mine)).status, 409)
    const invitations = await asAdmin(test.adminUrl, async admin => {
      const { rows } = await admin.query('select 1 from cairn.invitations where staff_id = $1', [body.id])
      return rows.length
    })
    t.equal(invitations, 1)
  })

  t.test('an e-mail address stands once in a practice, however it is spelled', async t => {
    const { owner } = await createTestPractice(test)
    const spellings = [avery.email, avery.email.toLowerCase(), avery.email.toUpperCase()]
    const replies = await Promise.all(
      spellings.map(email => owner.post('/v1/staff-members', { ...avery, email })),
    )
    t.same(replies.map(reply => reply.status).sort(), [201, 409, 409])
    const elsewhere = await createTestPractice(test)
    t.equal((await elsewhere.owner.post('/v1/staff-members', avery)).status, 201)
  })

  t.test('an NPI with a wrong check digit is refused without being repeated', async t => {
    const { owner } = await createTestPractice(test)
    const wrong = await owner.post('/v1/staff-members', { ...avery, npi: '1234567890' })
    t.equal(wrong.status, 400)
    t.match(wrong.body.errors, [{ pointer: '/npi', code: 'check-digit' }])
    t.notMatch(JSON.stringify(wrong.body), /1234567890/)
    const { body } = await owner.post('/v1/staff-members', avery)
    const url = `/v1/staff-members/${body.id}`
    t.equal((await owner.patch(url, { npi: '1234567890' }, { ifMatch: 1 })).body.errors[0].pointer, '/npi')
    t.equal((await owner.patch(url, { npi: '5' }, { ifMatch: 1 })).status, 400)
    t.equal((await owner.patch(url, { npi: null }, { ifMatch: 1 })).body.npi, null)
  })

  t.test('colleagues see names and roles; the e-mail only who changes staff, and the person', async t => {
    const practice = await createTestPractice(test)
    const { body } = await practice.owner.post('/v1/staff-members', avery)
    const url = `/v1/staff-members/${body.id}`
    for (const role of ['clinician', 'supervisor', 'biller'] as const) {
      const caller = await practice.staff([role])
      const seen = await caller.get(url)
      t.equal(seen.body.displayName, 'Avery Example', role)
      t.notOk('email' in seen.body, role)
      t.ok('email' in (await caller.get(`/v1/staff-members/${caller.staffId}`)).body, `${role} themselves`)
      const { data } = (await caller.get('/v1/staff-members')).body
      t.same(
        data.filter((member: object) => 'email' in member).map((member: { id: string }) => member.id),
        [caller.staffId],
        `${role} in the list`,
      )
    }
    t.equal((await (await practice.staff(['admin'])).get(url)).body.email, avery.email)
  })

  t.test('only owner and admin change staff', async t => {
    const practice = await createTestPractice(test)
    const url = `/v1/staff-members/${practice.owner.staffId}`
    for (const role of ['clinician', 'supervisor', 'biller'] as const) {
      const caller = await practice.staff([role])
      t.equal((await caller.post('/v1/staff-members', avery)).body.code, 'not-permitted')
      t.equal((await caller.patch(url, { title: 'X' }, { ifMatch: 1 })).body.code, 'not-permitted')
      const roles = await caller.put(`${url}/roles`, { roles: ['owner'] }, { ifMatch: 1 })
      t.equal(roles.body.code, 'not-permitted')
      t.equal((await caller.post(`${url}/disablement`, undefined, { ifMatch: 1 })).body.code, 'not-permitted')
    }
    t.equal((await (await practice.staff(['admin'])).post('/v1/staff-members', avery)).status, 201)
  })

  t.test('staff of another practice are not found, exactly like staff who do not exist', async t => {
    const { owner } = await createTestPractice(test)
    const stranger = (await createTestPractice(test)).owner
    const alike = async (call: (id: string) => Promise<{ status: number; body: object }>) => {
      const [hidden, missing] = [await call(owner.staffId), await call(randomUUID())]
      t.equal(hidden.status, 404)
      t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    }
    const at = (id: string) => `/v1/staff-members/${id}`
    await alike(id => stranger.get(at(id)))
    await alike(id => stranger.patch(at(id), { title: 'X' }, { ifMatch: 1 }))
    await alike(id => stranger.put(`${at(id)}/roles`, { roles: ['admin'] }, { ifMatch: 1 }))
    await alike(id => stranger.post(`${at(id)}/disablement`, undefined, { ifMatch: 1 }))
    await alike(id => stranger.delete(`${at(id)}/disablement`, { ifMatch: 1 }))
    await alike(id => stranger.put(`${at(id)}/supervision`, { supervisorId: null }, { ifMatch: 1 }))
    await alike(id => stranger.get(`${at(id)}/supervisees`))
    await alike(id => stranger.get(`${at(id)}/supervisions`))
    await alike(id => stranger.get(`${at(id)}/licenses`))
    await alike(id => stranger.get(`${at(id)}/credentials`))
  })

  t.test('a stale version is refused, and a missing one asked for', async t => {
    const { owner } = await createTestPractice(test)
    const url = `/v1/staff-members/${(await owner.post('/v1/staff-members', avery)).body.id}`
    t.equal((await owner.patch(url, { title: 'X' }, { ifMatch: 9 })).body.code, 'stale-version')
    t.equal((await owner.patch(url, { title: 'X' })).body.code, 'precondition-required')
    t.equal(
      (await owner.put(`${url}/roles`, { roles: ['admin'] }, { ifMatch: 9 })).body.code,
      'stale-version',
    )
    const disabled = await owner.post(`${url}/disablement`, undefined, { ifMatch: 9 })
    t.equal(disabled.body.code, 'stale-version')
  })

  t.test('the list is filtered by status and role and paged without gap or repeat', async t => {
    const practice = await createTestPractice(test)
    for (let n = 0; n < 3; n++) await practice.staff(['clinician', 'supervisor'])
    const { body: invited } = await practice.owner.post('/v1/staff-members', avery)
    const idsOf = (body: { data: { id: string }[] }) => body.data.map(member => member.id)
    const get = async (query: string) => (await practice.owner.get(`/v1/staff-members?${query}`)).body
    t.same(idsOf(await get('status=invited')), [invited.id])
    t.equal(idsOf(await get('role=supervisor')).length, 3)
    t.equal(idsOf(await get('role=clinician')).length, 4)
    t.same(idsOf(await get('role=owner&status=active')), [practice.owner.staffId])
    t.equal((await practice.owner.get('/v1/staff-members?role=king')).status, 400)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: { data: { id: string }[]; nextCursor: string | null } = await get(
        `limit=2&role=clinician${cursor ? `&cursor=${cursor}` : ''}`,
      )
      seen.push(...idsOf(page))
      cursor = page.nextCursor
    } while (cursor)
    t.equal(seen.length, 4)
    t.equal(new Set(seen).size, 4)
    const { nextCursor } = await get('limit=1&role=clinician')
    t.equal((await get(`role=supervisor&cursor=${nextCursor}`)).code, 'invalid-cursor')
  })

  t.test('bodies are strict and never echoed', async t => {
    const { owner } = await createTestPractice(test)
    const send = (body: object) => owner.post('/v1/staff-members', { ...avery, ...body })
    for (const wrong of [
      { canary: 'canary-value' },
      { roles: [] },
      { roles: ['king'] },
      { roles: ['admin', 'admin'] },
      { email: 'canary' },
      { givenName: '' },
      { status: 'active' },
      { supervisorId: randomUUID() },
    ]) {
      const reply = await send(wrong)
      t.equal(reply.status, 400, JSON.stringify(wrong))
      t.notMatch(JSON.stringify(reply.body), /canary|king/)
    }
    const { body } = await send({})
    const url = `/v1/staff-members/${body.id}`
    t.equal((await owner.patch(url, {}, { ifMatch: 1 })).status, 400)
    t.equal((await owner.patch(url, { email: 'other@quiet-harbor.example' }, { ifMatch: 1 })).status, 400)
    t.equal((await owner.patch(url, { roles: ['admin'] }, { ifMatch: 1 })).status, 400)
  })
})
