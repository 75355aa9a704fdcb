import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../src/lib/database/practice-transaction.ts'
import { enteredBy } from '../../src/lib/recorder.ts'
import { type Scope, systemScope } from '../../src/lib/scope.ts'
import { openChart, openOwnChart, requireReach } from '../../src/modules/charts/index.ts'
import { registerClient } from '../support/clients.ts'
import { asStaff } from '../support/clients-raw.ts'
import { fillPath, operationsOf, refusalOf, willingHeaders } from '../support/operations.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { createGround } from '../support/world/ground.ts'

t.test('a portal token opens the portal and nothing else', async t => {
  const test = await createTestApp(t)
  const ground = await createGround(test)
  const { portal, ...staff } = ground.callers
  const operations = operationsOf(test.app).filter(({ permission }) => permission !== 'public')

  t.test('every other operation refuses it, whatever else is wrong with the request', async t => {
    for (const operation of operations) {
      if (operation.permission === 'portal:use') continue
      const { status, body } = await ask(portal.token, operation)
      t.same([status, body.code], refusalOf(operation), operation.id)
    }
  })

  t.test('and the portal refuses everybody who works here, and integrations', async t => {
    const own = operations.filter(({ permission }) => permission === 'portal:use')
    t.ok(own.length > 0)
    for (const operation of own) {
      t.match(operation.path, /^\/v1\/portal\//, 'has an address of its own')
      for (const [name, { token }] of Object.entries(staff))
        t.equal((await ask(token, operation)).status, 403, `${name} at ${operation.id}`)
    }
  })

  async function ask(
    token: string,
    { method, path, bodyExample }: { method: string; path: string; bodyExample?: unknown },
  ) {
    const reply = await test.app.inject({
      method: method as 'GET',
      url: fillPath(path),
      headers: {
        ...willingHeaders(),
        authorization: `Bearer ${token}`,
        ...(bodyExample === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(bodyExample === undefined ? {} : { payload: JSON.stringify(bodyExample) }),
    })
    return { status: reply.statusCode, body: reply.json() }
  }
})

t.test("a client's own chart", async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const clinician = await practice.staff(['clinician'])
  const chartOf = async (clientId: string) =>
    (await owner.get(`/v1/charts?clientId=${clientId}&kind=individual`)).body.data[0]
  const make = () => registerClient(owner, { status: 'active', primaryClinicianId: clinician.staffId })
  const [one, other] = [await make(), await make()]
  const couple = await owner.post(
    '/v1/couples',
    { clientId: one.id, partnerClientId: other.id, primaryClinicianId: clinician.staffId },
    { key: 'couple-of-two' },
  )
  const scopeOf = (clientId: string): Scope => ({
    ...systemScope(practice.id, 'test'),
    actor: {
      kind: 'client',
      id: clientId,
      staffId: null,
      representativeId: null,
      roles: [],
      permissions: new Set(['portal:use']),
    },
  })
  const as = <T>(clientId: string, work: (trx: PracticeTransaction) => Promise<T>) =>
    inPractice(test.house.database, scopeOf(clientId), work)

  t.test('is the one open to the client, by no other way than being that client', async t => {
    const chart = await as(one.id, openOwnChart)
    t.match(chart, { id: (await chartOf(one.id)).id, kind: 'individual', via: 'self', limited: false })
    t.same([chart.careTeamRole, chart.supervised, chart.emergencyAccessId], [null, false, null])
    t.equal(await as(one.id, async trx => enteredBy(trx)), 'client')
  })

  t.test("never the couple's, and no chart at the door of staff", async t => {
    t.not((await as(one.id, openOwnChart)).id, couple.body.chartId)
    for (const id of [couple.body.chartId, (await chartOf(one.id)).id, (await chartOf(other.id)).id])
      for (const dataClass of ['administrative', 'clinical', 'restricted'] as const)
        await t.rejects(
          as(one.id, trx => openChart(trx, id, { dataClass })),
          { code: 'not-found' },
        )
    await t.rejects(
      as(one.id, trx => requireReach(trx, one.id)),
      { code: 'not-found' },
    )
  })

  t.test('staff have none', async t => {
    const work = (trx: PracticeTransaction) => openOwnChart(trx)
    const staff = [clinician, ['clinician']] as const
    await t.rejects(asStaff(test, practice, staff, work), { code: 'not-found' })
    t.equal(await asStaff(test, practice, staff, async trx => enteredBy(trx)), 'staff')
  })

  t.test('a closed one is not found', async t => {
    const { id, version } = await chartOf(other.id)
    const portal = await portalCaller(practice, other.id)
    t.equal((await portal.get('/v1/portal/me')).status, 200)
    await owner.post(`/v1/charts/${id}/closure`, undefined, { ifMatch: version })
    t.equal((await portal.get('/v1/portal/me')).status, 404)
  })
})
