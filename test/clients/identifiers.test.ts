import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { registerClient } from '../support/clients.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

t.test('identifiers', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const member = { kind: 'insurance_member_id', issuer: 'Example Health', value: 'XYZ-0000-CANARY-0042' }

  t.test('a value is sealed, shown by its end, and whole to whoever bills or runs the practice', async t => {
    const clinician = await practice.staff(['clinician'])
    const { id } = await registerClient(clinician)
    const url = `/v1/clients/${id}/identifiers`
    const made = await owner.post(url, member)
    t.equal(made.status, 201)
    t.equal(made.body.lastFour, '0042')
    t.notMatch(JSON.stringify([made.body, (await owner.get(url)).body]), /CANARY/)
    const address = `${url}/${made.body.id}`
    const biller = await practice.staff(['biller'])
    t.equal((await owner.get(address)).body.value, member.value)
    t.equal((await biller.get(address)).body.value, member.value)
    t.equal((await clinician.get(address)).body.value, null)
    const integration = await createApiClientCaller(test, practice, ['clients:read'])
    t.equal((await integration.get(address)).body.value, null)
    const stored = await asAdmin(test.adminUrl, admin =>
      admin.query('select value_sealed, value_index from cairn.client_identifiers'),
    )
    t.notMatch(stored.rows.map(row => row.value_sealed.toString('latin1')).join(), /CANARY/)
    t.equal((await (await createTestPractice(test)).owner.get(address)).status, 404)
    t.equal((await biller.post(url, member)).body.code, 'not-permitted')
  })

  t.test('the whole value finds its client, in any spelling and in this practice only', async t => {
    const { id } = await registerClient(owner)
    await owner.post(`/v1/clients/${id}/identifiers`, { kind: 'ssn', value: '123-45-6789' })
    const find = async (caller: typeof owner, value: string, kind = 'ssn') =>
      (await caller.post('/v1/clients/search', { identifier: { kind, value } })).body.data.map(
        (found: { client: { id: string } }) => found.client.id,
      )
    t.same(await find(owner, '123456789'), [id])
    t.same(await find(owner, '6789'), [])
    t.same(await find(owner, '123456789', 'passport'), [])
    t.same(await find((await createTestPractice(test)).owner, '123456789'), [])
  })

  t.test('a short value does not show more than half of itself', async t => {
    const { id } = await registerClient(owner)
    const { body } = await owner.post(`/v1/clients/${id}/identifiers`, { kind: 'other', value: 'AB12' })
    t.equal(body.lastFour, '12')
  })

  t.test('values that cannot be are refused without echo, and twins by the database', async t => {
    const { id } = await registerClient(owner)
    const url = `/v1/clients/${id}/identifiers`
    for (const value of ['000-12-3456', '12-canary', '987654321', '---']) {
      const reply = await owner.post(url, { kind: 'ssn', value })
      t.equal(reply.status, 400)
      t.notMatch(JSON.stringify(reply.body), /canary|987654321/)
    }
    const twins = await Promise.all([1, 2, 3].map(() => owner.post(url, member)))
    t.same(twins.map(reply => reply.status).sort(), [201, 409, 409])
    const made = twins.find(reply => reply.status === 201)
    const end = `${url}/${made?.body.id}/end`
    t.equal((await owner.post(end, undefined, { ifMatch: 4 })).body.code, 'stale-version')
    const ended = await owner.post(end, undefined, { ifMatch: 1 })
    t.match(ended.body, { status: 'ended', version: 2, lastFour: '0042' })
    t.equal((await owner.post(url, member)).status, 201, 'what ended may come again')
  })
})
