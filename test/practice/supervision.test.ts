import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { superviseeIds } from '../../src/modules/practice/index.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const supervise = (
  caller: Caller,
  staffId: string,
  supervisorId: string | null,
  version = 1,
  forTraining = false,
): Promise<Reply> =>
  caller.put(`/v1/staff-members/${staffId}/supervision`, { supervisorId, forTraining }, { ifMatch: version })

const idsOf = (reply: Reply) => reply.body.data.map((entry: { id: string }) => entry.id)

t.test('supervision', async t => {
  const test = await createTestApp(t)

  t.test('a supervisor is set, changed and taken away, and the history tells it', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const first = await practice.staff(['supervisor'])
    const second = await practice.staff(['supervisor'])
    const associate = await practice.staff(['clinician'])
    const set = await supervise(owner, associate.staffId, first.staffId, 1, true)
    t.match(set.body, { supervisorId: first.staffId, supervisionForTraining: true, version: 2 })
    t.same(idsOf(await associate.get(`/v1/staff-members/${first.staffId}/supervisees`)), [associate.staffId])
    t.equal((await supervise(owner, associate.staffId, first.staffId, 2, true)).body.version, 2, 'no change')
    t.equal((await supervise(owner, associate.staffId, second.staffId, 2)).body.version, 3)
    t.match((await supervise(owner, associate.staffId, null, 3)).body, { supervisorId: null, version: 4 })
    const { body } = await owner.get(`/v1/staff-members/${associate.staffId}/supervisions`)
    t.match(body.data, [
      { supervisorId: first.staffId, forTraining: true, endsOn: String },
      { supervisorId: second.staffId, forTraining: false, endsOn: String },
    ])
    t.same(idsOf(await owner.get(`/v1/staff-members/${first.staffId}/supervisees`)), [])
    t.equal((await supervise(owner, associate.staffId, null, 3)).body.code, 'stale-version')
  })

  t.test('other modules ask for supervisees inside their own queries', async t => {
    const practice = await createTestPractice(test)
    const supervisor = await practice.staff(['supervisor'])
    const mine = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
    await practice.staff(['clinician'])
    const found = await inPractice(test.house.database, systemScope(practice.id, 'test'), trx =>
      trx
        .selectFrom('staff_members')
        .select('id')
        .where('practice_id', '=', trx.practiceId)
        .where('id', 'in', superviseeIds(trx, supervisor.staffId))
        .execute(),
    )
    t.same(found, [{ id: mine.staffId }])
  })

  t.test('a supervisor of another practice is as unknown as a made-up one', async t => {
    const practice = await createTestPractice(test)
    const associate = await practice.staff(['clinician'])
    const stranger = await (await createTestPractice(test)).staff(['supervisor'])
    const foreign = await supervise(practice.owner, associate.staffId, stranger.staffId)
    const random = await supervise(practice.owner, associate.staffId, randomUUID())
    t.equal(foreign.status, 422)
    t.equal(foreign.body.code, 'unknown-reference')
    t.same({ ...foreign.body, requestId: '' }, { ...random.body, requestId: '' })
  })

  t.test('a supervisor has to be active and to have the role', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const associate = await practice.staff(['clinician'])
    const colleague = await practice.staff(['clinician'])
    const gone = await practice.staff(['supervisor'])
    await owner.post(`/v1/staff-members/${gone.staffId}/disablement`, undefined, { ifMatch: 1 })
    t.equal((await supervise(owner, associate.staffId, colleague.staffId)).body.code, 'invalid-state')
    t.equal((await supervise(owner, associate.staffId, gone.staffId)).body.code, 'invalid-state')
  })

  t.test('supervision never leads back to the same person', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => practice.staff(['clinician', 'supervisor'])))
    if (!a || !b || !c) return t.fail('three people')
    t.equal((await supervise(owner, a.staffId, a.staffId)).body.code, 'invalid-state')
    t.equal((await supervise(owner, a.staffId, b.staffId)).status, 200)
    t.equal((await supervise(owner, b.staffId, c.staffId)).status, 200)
    t.equal((await supervise(owner, c.staffId, a.staffId)).body.code, 'invalid-state')
    t.equal((await supervise(owner, b.staffId, a.staffId, 2)).body.code, 'invalid-state')
  })

  t.test('two requests at once cannot close a circle either', async t => {
    for (let round = 0; round < 4; round++) {
      const practice = await createTestPractice(test)
      const admin = await practice.staff(['admin'])
      const a = await practice.staff(['clinician', 'supervisor'])
      const b = await practice.staff(['clinician', 'supervisor'])
      const replies = await Promise.all([
        supervise(practice.owner, a.staffId, b.staffId),
        supervise(admin, b.staffId, a.staffId),
      ])
      t.same(replies.map(reply => reply.status).sort(), [200, 409])
    }
  })

  t.test('whoever is disabled or loses the role supervises nobody from then on', async t => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    for (const end of ['disable', 'roles']) {
      const supervisor = await practice.staff(['clinician', 'supervisor'])
      const associate = await practice.staff(['clinician'])
      await supervise(owner, associate.staffId, supervisor.staffId)
      const url = `/v1/staff-members/${supervisor.staffId}`
      const ended =
        end === 'disable'
          ? await owner.post(`${url}/disablement`, undefined, { ifMatch: 1 })
          : await owner.put(`${url}/roles`, { roles: ['clinician'] }, { ifMatch: 1 })
      t.equal(ended.status, 200)
      const { body } = await owner.get(`/v1/staff-members/${associate.staffId}`)
      t.match(body, { supervisorId: null, supervisionForTraining: false, version: 3 })
      const history = await owner.get(`/v1/staff-members/${associate.staffId}/supervisions`)
      t.match(history.body.data, [{ supervisorId: supervisor.staffId, endsOn: String }])
    }
  })

  t.test('setting a supervisor while that person is disabled never leaves a disabled supervisor', async t => {
    for (let round = 0; round < 4; round++) {
      const practice = await createTestPractice(test)
      const admin = await practice.staff(['admin'])
      const supervisor = await practice.staff(['supervisor'])
      const associate = await practice.staff(['clinician'])
      const url = `/v1/staff-members/${supervisor.staffId}/disablement`
      const [set, disabled] = await Promise.all([
        supervise(admin, associate.staffId, supervisor.staffId),
        practice.owner.post(url, undefined, { ifMatch: 1 }),
      ])
      t.ok([200, 409].includes(set.status), String(set.status))
      t.equal(disabled.status, 200)
      const { body } = await admin.get(`/v1/staff-members/${associate.staffId}`)
      t.equal(body.supervisorId, null)
    }
  })

  t.test('clinicians read supervision and do not set it', async t => {
    const practice = await createTestPractice(test)
    const associate = await practice.staff(['clinician'])
    t.equal((await supervise(associate, associate.staffId, null)).body.code, 'not-permitted')
    t.equal((await associate.get(`/v1/staff-members/${associate.staffId}/supervisions`)).status, 200)
  })
})
