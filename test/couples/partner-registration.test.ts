import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day } from '../support/couples.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('a partner who becomes a client later', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const people = couplePeople(test, practice)

  const pending = async (by: Caller, careTeam: Caller[]) => {
    const a = await people.client('Alex', careTeam)
    const related = await people.relatedPerson(a.id, 'Rory')
    const body = { clientId: a.id, partnerRelatedPersonId: related }
    const made = await by.post('/v1/couples', body, { key: randomUUID() })
    return { made, a, body, url: `/v1/couples/${made.body.id}` }
  }
  const register = (by: Caller, url: string, clientId: string, more: Record<string, unknown> = {}) =>
    by.post(`${url}/partner-registration`, { clientId, ...more }, { ifMatch: 1, key: randomUUID() })

  t.test('the joint chart opens when the second becomes a client, led by who linked them', async t => {
    const clinician = await practice.staff(['clinician'])
    const { made, a, url } = await pending(clinician, [clinician])
    t.equal(made.status, 201)
    t.equal(made.body.chartId, null)
    t.same(made.body.members, [
      { clientId: a.id, displayName: 'Alex Example' },
      { clientId: null, displayName: 'Rory' },
    ])
    const b = await people.client('Rory', [clinician])
    const bound = await register(owner, url, b.id)
    t.equal(bound.status, 200)
    t.ok(bound.body.chartId)
    t.same(bound.body.members[1], { clientId: b.id, displayName: 'Rory Example' })
    t.same((await clinician.get(url)).body, bound.body)
    const { body } = await clinician.get(`${url}/history`)
    t.same(body.memberPeriods.map((p: { clientId: string }) => p.clientId).sort(), [a.id, b.id].sort())
  })

  t.test(
    'until then it is seen by who sees the first client, and afterwards by the joint care team alone',
    async t => {
      const [ofA, other, lead] = [
        await practice.staff(['clinician']),
        await practice.staff(['clinician']),
        await practice.staff(['clinician']),
      ]
      const { url, a } = await pending(owner, [ofA])
      t.equal((await ofA.get(url)).status, 200)
      t.equal((await ofA.get(`/v1/couples?clientId=${a.id}`)).body.data.length, 1)
      t.equal((await ofA.get(`${url}/agreements`)).status, 404)
      t.equal((await other.get(url)).status, 404)
      const b = await people.client('Rory', [other])
      await register(owner, url, b.id, { primaryClinicianId: lead.staffId })
      t.equal((await ofA.get(url)).status, 404)
      t.same((await ofA.get(`/v1/couples?clientId=${a.id}`)).body.data, [])
      t.equal((await other.get(url)).status, 404)
      t.equal((await lead.get(url)).status, 200)
    },
  )

  t.test('nothing of the binding is written into either client’s record', async t => {
    const { url, a, body } = await pending(owner, [])
    const b = await people.client('Rory')
    await register(owner, url, b.id)
    const rows = await people.run('select became_client_id, version from related_people where id = $1', [
      body.partnerRelatedPersonId,
    ])
    t.same(rows, [{ became_client_id: null, version: 1 }])
    const clients = await people.run('select version from clients where id = any($1)', [[a.id, b.id]])
    t.same(clients, [{ version: 1 }, { version: 1 }])
  })

  t.test('a clinician binds only a client in their own care', async t => {
    const [clinician, other] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
    const { url, a } = await pending(clinician, [clinician, other])
    const hidden = await people.client('Hidden')
    t.equal((await register(clinician, url, hidden.id)).body.code, 'unknown-reference')
    t.equal((await register(clinician, url, randomUUID())).body.code, 'unknown-reference')
    t.equal((await register(clinician, url, a.id)).body.errors[0].pointer, '/clientId')
    const shared = await people.client('Shared', [clinician, other])
    t.equal((await register(other, url, shared.id)).body.code, 'not-permitted', 'not linked for them')
    t.equal((await register(clinician, url, shared.id)).status, 200)
  })

  t.test('it is done once, from the version that was read', async t => {
    const { url } = await pending(owner, [])
    const clients = await Promise.all(['One', 'Two', 'Three'].map(name => people.client(name)))
    const replies = await Promise.all(clients.map(({ id }) => register(owner, url, id)))
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412])
    const again = await owner.post(
      `${url}/partner-registration`,
      { clientId: clients[0]?.id },
      { ifMatch: 2, key: randomUUID() },
    )
    t.equal(again.body.code, 'invalid-state')
  })

  t.test('only an active related person of that client is linked, and only once', async t => {
    const { body, a } = await pending(owner, [])
    const twin = await owner.post('/v1/couples', body, { key: randomUUID() })
    t.equal(twin.body.code, 'already-exists')
    const other = await people.client('Other')
    const foreign = await owner.post('/v1/couples', { ...body, clientId: other.id }, { key: randomUUID() })
    t.equal(foreign.body.code, 'unknown-reference')
    const past = await people.relatedPerson(a.id, 'Past')
    await people.run(`update related_people set status = 'ended' where id = $1`, [past])
    const ended = await owner.post(
      '/v1/couples',
      { clientId: a.id, partnerRelatedPersonId: past },
      { key: randomUUID() },
    )
    t.equal(ended.body.code, 'unknown-reference')
  })

  t.test('who does not see the couple is not told by a refusal that the partner is in care', async t => {
    const [ofA, lead] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
    const { url, body } = await pending(owner, [ofA])
    const b = await people.client('Rory', [lead])
    await register(owner, url, b.id, { primaryClinicianId: lead.staffId })
    const again = (by: Caller) => by.post('/v1/couples', body, { key: randomUUID() })
    t.equal((await again(owner)).body.code, 'already-exists')
    const made = await again(ofA)
    t.equal(made.status, 201, 'as if the partner were none')
    t.equal((await again(ofA)).body.code, 'already-exists')
    t.notMatch(JSON.stringify(made.body), new RegExp(b.id))
    const bound = await register(owner, `/v1/couples/${made.body.id}`, b.id)
    t.equal(bound.body.code, 'already-exists')
  })

  t.test('a partner cannot be bound to a couple that exists already', async t => {
    const { url, a } = await pending(owner, [])
    const b = await people.client('Rory')
    const body = { clientId: a.id, partnerClientId: b.id }
    t.equal((await owner.post('/v1/couples', body, { key: randomUUID() })).status, 201)
    t.equal((await register(owner, url, b.id)).body.code, 'already-exists')
  })

  t.test('a couple that waits can end, without joint chart and policies', async t => {
    const { url } = await pending(owner, [])
    const draft = { kind: 'no_secrets', text: 'Fictional.' }
    const refused = await owner.post(`${url}/policies`, draft, { key: randomUUID() })
    t.equal(refused.body.code, 'invalid-state')
    const step = { status: 'ended', effectiveOn: day(), endReason: 'linked_in_error' }
    t.equal((await owner.post(`${url}/status-changes`, step, { ifMatch: 1 })).body.status, 'ended')
    const b = await people.client('Late')
    const late = await owner.post(
      `${url}/partner-registration`,
      { clientId: b.id },
      { ifMatch: 2, key: randomUUID() },
    )
    t.equal(late.body.code, 'invalid-state')
  })
})
