import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const at = (staffId: string) => `/v1/staff-members/${staffId}`

const setRoles = (caller: Caller, staffId: string, roles: string[], version = 1): Promise<Reply> =>
  caller.put(`${at(staffId)}/roles`, { roles }, { ifMatch: version })

const disable = (caller: Caller, staffId: string, version = 1): Promise<Reply> =>
  caller.post(`${at(staffId)}/disablement`, undefined, { ifMatch: version })

const enable = (caller: Caller, staffId: string, version: number): Promise<Reply> =>
  caller.delete(`${at(staffId)}/disablement`, { ifMatch: version })

t.test('roles and disabling', async t => {
  const test = await createTestApp(t)

  t.test('a change of roles ends the old token with its next use', async t => {
    const practice = await createTestPractice(test)
    const clinician = await practice.staff(['clinician'])
    t.equal((await clinician.get('/v1/staff-members')).status, 200)
    const changed = await setRoles(practice.owner, clinician.staffId, ['supervisor', 'clinician'])
    t.match(changed.body, { roles: ['clinician', 'supervisor'], version: 2 })
    t.equal((await clinician.get('/v1/staff-members')).body.code, 'authentication-required')
  })

  t.test('the same roles in another order change nothing and end no session', async t => {
    const practice = await createTestPractice(test)
    const person = await practice.staff(['clinician', 'supervisor'])
    const same = await setRoles(practice.owner, person.staffId, ['supervisor', 'clinician'])
    t.match(same, { status: 200, body: { version: 1 } })
    t.equal((await person.get('/v1/staff-members')).status, 200)
  })

  t.test(
    'disabling ends access with the next request, and re-enabling does not revive the token',
    async t => {
      const practice = await createTestPractice(test)
      const clinician = await practice.staff(['clinician'])
      t.equal((await disable(practice.owner, clinician.staffId)).body.status, 'disabled')
      const ended = await asAdmin(test.adminUrl, admin =>
        admin.query(
          'select ended_at is not null as ended, end_reason from cairn.sessions where staff_id = $1',
          [clinician.staffId],
        ),
      )
      t.same(ended.rows, [{ ended: true, end_reason: 'disabled' }])
      t.equal((await clinician.get('/v1/staff-members')).body.code, 'authentication-required')
      t.equal((await disable(practice.owner, clinician.staffId, 2)).body.code, 'invalid-state')
      t.equal((await enable(practice.owner, clinician.staffId, 2)).body.status, 'active')
      t.equal((await enable(practice.owner, clinician.staffId, 3)).body.code, 'invalid-state')
      t.equal((await clinician.get('/v1/staff-members')).body.code, 'authentication-required')
    },
  )

  t.test('whoever never accepted is invited again', async t => {
    const { owner } = await createTestPractice(test)
    const { body } = await owner.post('/v1/staff-members', {
      email: `${randomUUID()}@quiet-harbor.example`,
      givenName: 'Ines',
      familyName: 'Example',
      roles: ['clinician'],
    })
    t.equal((await disable(owner, body.id)).body.status, 'disabled')
    t.equal((await enable(owner, body.id, 2)).body.status, 'invited')
    const sent = await asAdmin(test.adminUrl, admin =>
      admin.query(
        'select revoked_at is null as good from cairn.invitations where staff_id = $1 order by id',
        [body.id],
      ),
    )
    t.same(sent.rows, [{ good: false }, { good: true }])
  })

  t.test('only an owner gives or takes owner, or disables one', async t => {
    const practice = await createTestPractice(test)
    const admin = await practice.staff(['admin'])
    const clinician = await practice.staff(['clinician'])
    const second = await practice.staff(['owner'])
    const newOwner = {
      email: 'olive@quiet-harbor.example',
      givenName: 'O',
      familyName: 'E',
      roles: ['owner'],
    }
    t.equal((await setRoles(admin, clinician.staffId, ['owner'])).body.code, 'not-permitted')
    t.equal((await setRoles(admin, admin.staffId, ['owner', 'admin'])).body.code, 'not-permitted')
    t.equal((await setRoles(admin, second.staffId, ['admin'])).body.code, 'not-permitted')
    t.equal((await disable(admin, second.staffId)).body.code, 'not-permitted')
    t.equal((await admin.post('/v1/staff-members', newOwner)).body.code, 'not-permitted')
    t.equal((await setRoles(admin, clinician.staffId, ['biller'])).status, 200)
    t.equal((await setRoles(admin, second.staffId, ['owner', 'clinician'])).status, 200, 'owner stays owner')
    t.equal((await practice.owner.post('/v1/staff-members', newOwner)).status, 201)
    t.equal((await setRoles(practice.owner, clinician.staffId, ['owner'], 2)).status, 200)
    t.equal((await disable(practice.owner, second.staffId, 2)).status, 200)
    t.equal((await enable(admin, second.staffId, 3)).body.code, 'not-permitted')
    t.equal((await enable(practice.owner, second.staffId, 3)).status, 200)
  })

  t.test('the last active owner stays: an invited or disabled one does not count', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const second = await practice.staff(['owner'])
    await owner.post('/v1/staff-members', {
      email: 'invited@quiet-harbor.example',
      givenName: 'Ines',
      familyName: 'Example',
      roles: ['owner'],
    })
    t.equal((await disable(owner, second.staffId)).status, 200)
    t.equal((await setRoles(owner, owner.staffId, ['admin'])).body.code, 'invalid-state')
    t.equal((await disable(owner, owner.staffId)).body.code, 'invalid-state')
    t.equal((await setRoles(owner, owner.staffId, ['owner', 'clinician'])).status, 200)
  })

  t.test('owners who unmake each other at the same time always leave one', async t => {
    for (let round = 0; round < 4; round++) {
      const practice = await createTestPractice(test)
      const owners = [practice.owner, await practice.staff(['owner']), await practice.staff(['owner'])]
      const replies = await Promise.all(
        owners.map((actor, place) => {
          const target = owners[(place + 1) % owners.length] ?? actor
          return round % 2 === 0 ? setRoles(actor, target.staffId, ['admin']) : disable(actor, target.staffId)
        }),
      )
      const witness = await practice.staff(['admin'])
      const { body } = await witness.get('/v1/staff-members?role=owner&status=active')
      t.ok(body.data.length >= 1, `round ${round} keeps an owner`)
      const done = replies.filter(reply => reply.status === 200).length
      t.equal(body.data.length, owners.length - done)
      for (const { status } of replies) t.ok([200, 401, 403, 409].includes(status), String(status))
    }
  })

  t.test('the last two owners who leave at the same time do not both succeed', async t => {
    for (let round = 0; round < 4; round++) {
      const practice = await createTestPractice(test)
      const second = await practice.staff(['owner'])
      const replies = await Promise.all([
        setRoles(practice.owner, practice.owner.staffId, ['admin']),
        disable(second, second.staffId),
      ])
      t.same(replies.map(reply => reply.status).sort(), [200, 409])
      t.equal(replies.find(reply => reply.status === 409)?.body.code, 'invalid-state')
    }
  })
})
