import t from 'tap'
import { asOwner, layClient } from '../support/clients-raw.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const at = (staffId: string) => `/v1/staff-members/${staffId}`

const setRoles = (by: Caller, staffId: string, roles: string[]): Promise<Reply> =>
  by.put(`${at(staffId)}/roles`, { roles }, { ifMatch: 1 })

const setSupervisor = (by: Caller, staffId: string, supervisorId: string | null): Promise<Reply> =>
  by.put(`${at(staffId)}/supervision`, { supervisorId }, { ifMatch: 1 })

t.test('nobody but an owner opens charts to themselves', async t => {
  const test = await createTestApp(t)

  t.test('an admin cannot change the own roles; a new role opens no chart by itself', async t => {
    const practice = await createTestPractice(test)
    const [admin, other] = [await practice.staff(['admin']), await practice.staff(['admin'])]
    for (const roles of [['admin', 'clinician'], ['admin', 'supervisor'], ['admin', 'owner'], ['clinician']])
      t.equal((await setRoles(admin, admin.staffId, roles)).body.code, 'not-permitted')
    t.equal((await setRoles(other, admin.staffId, ['admin', 'clinician'])).status, 200)
    const { owner } = practice
    const { chartId } = await layClient(test, practice, 'Avery')
    t.equal((await setRoles(owner, owner.staffId, ['owner', 'clinician'])).status, 200)
    const rows = await asOwner(
      test,
      `select a.decision, a.outcome, a.fields from audit_log a where practice_id = $1 and operation = 'changeStaffRoles'
       order by id`,
      [practice.id],
    )
    t.equal(rows.filter(row => row.decision === 'denied' && row.outcome === 'not-permitted').length, 4)
    t.equal(rows.filter(row => row.decision === 'granted').length, 2)
    const events = await asOwner(
      test,
      `select resource_id from events where practice_id = $1 and type = 'staff-member.roles-changed' order by id`,
      [practice.id],
    )
    t.same(
      events.map(row => row.resource_id),
      [admin.staffId, owner.staffId],
    )
    const promoted = await practice.staff(['owner', 'clinician'])
    t.equal((await promoted.get(`/v1/charts/${chartId}/session-notes`)).status, 404)
  })

  t.test('the front desk puts others on a care team, not themselves; an owner may', async t => {
    const practice = await createTestPractice(test)
    const both = await practice.staff(['admin', 'clinician'])
    const owning = await practice.staff(['owner', 'clinician'])
    const { chartId } = await layClient(test, practice, 'Avery')
    const join = (by: Caller, { staffId }: Caller) =>
      by.post(`/v1/charts/${chartId}/care-team`, { staffId, role: 'covering' })
    t.equal((await join(both, both)).body.code, 'not-permitted')
    t.equal((await both.get(`/v1/charts/${chartId}/session-notes`)).status, 404)
    t.equal((await join(await practice.staff(['admin']), both)).status, 201)
    t.equal((await both.get(`/v1/charts/${chartId}/session-notes`)).status, 200)
    t.equal((await join(owning, owning)).status, 201)
    const events = await asOwner(
      test,
      `select type from events where practice_id = $1 and chart_id = $2 and type = 'care-team-member.added'`,
      [practice.id, chartId],
    )
    t.equal(events.length, 2)
  })

  t.test('nobody takes supervisees, leaves the own supervisor or lifts the own co-signature', async t => {
    const practice = await createTestPractice(test)
    const supervising = await practice.staff(['admin', 'supervisor'])
    const clinician = await practice.staff(['clinician'])
    t.equal(
      (await setSupervisor(supervising, clinician.staffId, supervising.staffId)).body.code,
      'not-permitted',
    )
    t.equal(
      (await setSupervisor(await practice.staff(['admin']), clinician.staffId, supervising.staffId)).status,
      200,
    )
    const associate = await practice.staff(['admin', 'clinician'], {
      supervisorId: supervising.staffId,
      cosignRequired: true,
    })
    const change = (body: object) => associate.patch(at(associate.staffId), body, { ifMatch: 1 })
    t.equal((await setSupervisor(associate, associate.staffId, null)).body.code, 'not-permitted')
    t.equal((await change({ cosignRequired: false })).body.code, 'not-permitted')
    t.equal((await change({ title: 'Associate' })).status, 200)
  })
})
