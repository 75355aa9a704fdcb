import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { plansOf, readPlan, startPlan, step } from '../support/treatment-plans.ts'

const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

t.test('treatment plans in the portal', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const represents = (id: string) =>
    people.run(
      `update related_people set roles = '{personal_representative}', may_know = '{treatment}' where id = $1`,
      [id],
    )
  const offered = async () => {
    const alex = await people.client('Alex', [clinician])
    const { body } = await startPlan(clinician, alex.chartId)
    return { alex, plan: (await step(clinician, body, 'offer')).body }
  }

  t.test('a client reads what is offered through the portal, and signs it', async t => {
    const { alex, plan } = await offered()
    const portal = await portalCaller(practice, alex.id)
    const url = `/v1/portal/treatment-plans/${plan.id}`
    const shown = await portal.get(url)
    t.equal(shown.status, 200)
    t.match(shown.body, { status: 'client_review', inForce: null, offered: { revision: 1 } })
    t.equal(shown.body.offered.contentHash, plan.contentHash)
    t.same(
      (await portal.get('/v1/portal/treatment-plans')).body.data.map((one: { id: string }) => one.id),
      [plan.id],
    )
    const sign = (contentHash: string, ifMatch = shown.body.version) =>
      portal.post(`${url}/signature`, { contentHash }, { ifMatch, key: randomUUID() })
    t.equal((await sign('b'.repeat(64))).body.code, 'conflict')
    t.equal((await sign(plan.contentHash, 99)).body.code, 'stale-version')
    const key = randomUUID()
    const twice = async () =>
      portal.post(`${url}/signature`, { contentHash: plan.contentHash }, { ifMatch: plan.version, key })
    const signed = await twice()
    t.equal(signed.status, 200)
    t.same((await twice()).body, signed.body)
    t.match(signed.body.offered.signatures, [
      { role: 'client', clientId: alex.id, method: 'portal', attestedById: null, intact: true },
    ])
    const { body: active } = await step(clinician, { ...plan, version: signed.body.version }, 'signature')
    t.equal(active.status, 'active')
    t.match((await portal.get(url)).body, { status: 'active', offered: null, inForce: { revision: 1 } })
  })

  t.test('the client’s signature may be the last one, and a representative signs in their name', async t => {
    const { alex, plan } = await offered()
    const guardian = await people.relatedPerson(alex.id, 'Robin')
    await represents(guardian)
    const { body: byClinician } = await step(clinician, plan, 'signature')
    const portal = await portalCaller(practice, alex.id, guardian)
    const { body: active } = await portal.post(
      `/v1/portal/treatment-plans/${plan.id}/signature`,
      { contentHash: plan.contentHash },
      { ifMatch: byClinician.version, key: randomUUID() },
    )
    t.equal(active.status, 'active', JSON.stringify(active))
    const signature = active.inForce.signatures.find((one: { role: string }) => one.role === 'client')
    t.match(signature, { clientId: alex.id, representativeId: guardian })
    const { body: seen } = await readPlan(clinician, plan)
    t.match(seen.history.at(-1), { status: 'active', enteredBy: 'client', recordedById: null })
  })

  t.test('a client sees no draft, no plan that was never given to them, and nobody else’s', async t => {
    const alex = await people.client('Alex', [clinician])
    const { body: draft } = await startPlan(clinician, alex.chartId)
    const portal = await portalCaller(practice, alex.id)
    const missing = plain(await portal.get(`/v1/portal/treatment-plans/${randomUUID()}`))
    t.same(plain(await portal.get(`/v1/portal/treatment-plans/${draft.id}`)), missing)
    t.same((await portal.get('/v1/portal/treatment-plans')).body.data, [])
    const { body: offer } = await step(clinician, draft, 'offer')
    const { body: back } = await step(clinician, offer, 'withdrawal', { reason: 'Anew.' })
    t.same(plain(await portal.get(`/v1/portal/treatment-plans/${draft.id}`)), missing)
    const others = await offered()
    t.same(plain(await portal.get(`/v1/portal/treatment-plans/${others.plan.id}`)), missing)
    for (const url of [plansOf(alex.chartId), '/v1/treatment-plans', '/v1/diagnosis-codes'])
      t.equal((await portal.get(url)).status, 403)
    t.equal((await clinician.get('/v1/portal/treatment-plans')).status, 403)
    t.equal(back.status, 'draft')
  })
})
