import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import {
  activePlan,
  clientSignature,
  offeredHash,
  planDraft,
  plansOf,
  putInForce,
  readPlan,
  startPlan,
  step,
} from '../support/treatment-plans.ts'

const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

t.test('signing a treatment plan', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const supervisor = await practice.staff(['supervisor'])
  const associate = await practice.staff(['clinician'], {
    supervisorId: supervisor.staffId,
    cosignRequired: true,
  })
  const represents = (id: string) =>
    people.run(
      `update related_people set roles = '{personal_representative}', may_know = '{treatment}' where id = $1`,
      [id],
    )
  const offered = async (by = clinician) => {
    const alex = await people.client('Alex', [by])
    const { body } = await startPlan(by, alex.chartId)
    return { alex, plan: (await step(by, body, 'offer')).body }
  }

  t.test('an associate’s plan waits for the supervisor, who signs after them', async t => {
    const { alex, plan } = await offered(associate)
    t.same(
      plan.missingSignatures.map((one: { role: string }) => one.role),
      ['client', 'clinician', 'supervisor'],
    )
    const early = await step(supervisor, plan, 'cosignature')
    t.equal(early.body.code, 'invalid-state')
    const signature = clientSignature(plan, alex.id)
    const { body: byClient } = await step(associate, plan, 'client-signatures', signature)
    const { body: byAssociate } = await step(associate, byClient, 'signature')
    t.same(byAssociate.missingSignatures, [{ role: 'supervisor', clientId: null }])
    t.equal(byAssociate.status, 'client_review')
    const waiting = await supervisor.get('/v1/treatment-plans?status=client_review')
    t.same(
      waiting.body.data.map((one: { id: string }) => one.id),
      [plan.id],
    )
    const other = await practice.staff(['supervisor'])
    const missing = await step(other, { ...byAssociate, id: randomUUID() }, 'cosignature')
    t.same(plain(await step(other, byAssociate, 'cosignature')), plain(missing))
    t.equal((await step(associate, byAssociate, 'cosignature')).status, 403)
    const { body: active } = await step(supervisor, byAssociate, 'cosignature')
    t.match(active, { status: 'active', inForceRevision: 1 })
    t.same(
      active.signatures.map((one: { role: string; staffId: string }) => [one.role, one.staffId]),
      [
        ['client', null],
        ['clinician', associate.staffId],
        ['supervisor', supervisor.staffId],
      ],
    )
  })

  t.test('a signature is on what was shown, happened, and is there once', async t => {
    const { alex, plan } = await offered()
    const record = (more: Record<string, unknown>) =>
      step(clinician, plan, 'client-signatures', clientSignature(plan, alex.id, more))
    t.equal((await record({ contentHash: 'a'.repeat(64) })).body.code, 'conflict')
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    t.equal((await record({ signedAt: tomorrow })).body.errors[0].pointer, '/signedAt')
    const stranger = await people.client('Casey', [clinician])
    t.equal((await record({ clientId: stranger.id })).body.errors[0].pointer, '/clientId')
    t.equal((await record({ method: 'portal' })).status, 400)
    const guardian = await people.relatedPerson(stranger.id, 'Robin')
    t.equal((await record({ representativeId: guardian })).body.errors[0].pointer, '/representativeId')
    const own = await people.relatedPerson(alex.id, 'Robin')
    t.equal((await record({ representativeId: own })).body.errors[0].pointer, '/representativeId')
    await represents(own)
    const twins = await Promise.all([0, 1, 2].map(() => record({ representativeId: own })))
    t.same(twins.map(({ status }) => status).sort(), [200, 412, 412])
    const { body: signed } = await readPlan(clinician, plan)
    t.equal(signed.signatures[0].representativeId, own)
    const again = await step(clinician, signed, 'client-signatures', clientSignature(plan, alex.id))
    t.equal(again.body.code, 'invalid-state')
  })

  t.test('a signature that is sent again with its key is there once', async t => {
    const { plan } = await offered()
    const key = randomUUID()
    const send = (by = clinician) =>
      by.post(`${plansOf(plan.chartId)}/${plan.id}/signature`, undefined, { ifMatch: plan.version, key })
    const first = await send()
    const again = await send()
    t.equal(again.headers['idempotency-replayed'], 'true')
    t.same(again.body, first.body)
    const unkeyed = await clinician.post(`${plansOf(plan.chartId)}/${plan.id}/signature`, undefined, {
      ifMatch: plan.version,
    })
    t.equal(unkeyed.body.code, 'idempotency-key-required')
    t.equal(
      (
        await clinician.post(`${plansOf(plan.chartId)}/${plan.id}/signature`, undefined, {
          key: randomUUID(),
        })
      ).status,
      428,
    )
  })

  t.test('of two clinicians one signs, and they are not asked twice', async t => {
    const second = await practice.staff(['clinician'])
    const alex = await people.client('Alex', [clinician, second])
    const { body } = await startPlan(clinician, alex.chartId)
    const { body: plan } = await step(clinician, body, 'offer')
    const { body: signed } = await step(second, plan, 'signature')
    t.same(
      signed.missingSignatures.map((one: { role: string }) => one.role),
      ['client'],
    )
    t.equal((await step(clinician, signed, 'signature')).body.code, 'invalid-state')
  })

  t.test('a couple’s plan binds when each partner has signed for themselves', async t => {
    const [a, b] = [await people.client('Ada'), await people.client('Bea')]
    const { body: couple } = await link(practice.owner, a.id, b.id, {
      primaryClinicianId: clinician.staffId,
    })
    const goals = [{ key: 'g1', clientId: b.id, problemKeys: ['p1'], text: 'To be told.', author: 'client' }]
    const started = await startPlan(clinician, couple.chartId, { goals })
    t.equal(started.status, 201, JSON.stringify(started.body))
    const { body: plan } = await step(clinician, started.body, 'offer')
    t.same(
      new Set(plan.missingSignatures.map((one: { clientId: string }) => one.clientId)),
      new Set([a.id, b.id, null]),
    )
    const { body: byClinician } = await step(clinician, plan, 'signature')
    const { body: one } = await step(clinician, byClinician, 'client-signatures', clientSignature(plan, a.id))
    t.equal(one.status, 'client_review')
    t.same(one.missingSignatures, [{ role: 'client', clientId: b.id }])
    const { body: both } = await step(clinician, one, 'client-signatures', clientSignature(plan, b.id))
    t.equal(both.status, 'active')
    for (const partner of [a, b]) {
      const own = await practice.staff(['clinician'])
      await people.run(
        `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on) values ($1, $2, $3, 'co_therapist', '2020-01-01')`,
        [practice.id, partner.chartId, own.staffId],
      )
      t.same((await own.get(plansOf(partner.chartId))).body.data, [])
      t.equal((await readPlan(own, both)).status, 404)
      t.same((await own.get('/v1/treatment-plans')).body.data, [])
      const portal = await portalCaller(practice, partner.id)
      t.same((await portal.get('/v1/portal/treatment-plans')).body.data, [])
      t.equal((await portal.get(`/v1/portal/treatment-plans/${both.id}`)).status, 404)
    }
  })

  t.test('a partner who leaves before signing is not passed over', async t => {
    const [a, b] = [await people.client('Ada'), await people.client('Bea')]
    const { body: couple } = await link(practice.owner, a.id, b.id, {
      primaryClinicianId: clinician.staffId,
    })
    const { body } = await startPlan(clinician, couple.chartId)
    const { body: plan } = await step(clinician, body, 'offer')
    const left = 'update chart_members set left_at = now() where chart_id = $1 and client_id = $2'
    await people.run(left, [couple.chartId, b.id])
    const { body: one } = await step(clinician, plan, 'client-signatures', clientSignature(plan, a.id))
    const { body: two } = await step(clinician, one, 'signature')
    t.equal(two.status, 'client_review')
    t.same(two.missingSignatures, [{ role: 'client', clientId: null }])
    const late = await step(clinician, two, 'client-signatures', clientSignature(plan, b.id))
    t.equal(late.status, 422)
  })

  t.test(
    'of two plans that come in force at once one does, and the other is superseded or refused',
    async t => {
      const alex = await people.client('Alex', [clinician])
      const first = await activePlan(clinician, alex)
      const reviewed = { reviewedOn: day(), outcome: 'revise', summary: 'x' }
      await step(clinician, first, 'reviews', reviewed)
      const ready = async (plan: { chartId: string; id: string; version: number }) => {
        const { body: offer } = await step(clinician, plan, 'offer')
        const contentHash = await offeredHash(clinician, offer)
        const signature = clientSignature(offer, alex.id, { contentHash })
        return (await step(clinician, offer, 'client-signatures', signature)).body
      }
      const revised = await ready((await readPlan(clinician, first)).body)
      const other = await ready((await startPlan(clinician, alex.chartId)).body)
      const replies = await Promise.all([revised, other].map(plan => step(clinician, plan, 'signature')))
      for (const { status } of replies) t.ok([200, 409, 412].includes(status), String(status))
      const { body: plans } = await clinician.get(plansOf(alex.chartId))
      const inForce = plans.data.filter(
        ({ status, inForceRevision }: { status: string; inForceRevision: number | null }) =>
          inForceRevision !== null && status !== 'superseded',
      )
      t.equal(inForce.length, 1)
    },
  )

  t.test('a couple’s plan is not offered to one partner alone, and a group has none', async t => {
    const [a, b] = [await people.client('Ada'), await people.client('Bea')]
    const { body: couple } = await link(practice.owner, a.id, b.id, {
      primaryClinicianId: clinician.staffId,
    })
    const { body: plan } = await startPlan(clinician, couple.chartId)
    await people.run('update chart_members set left_at = now() where chart_id = $1 and client_id = $2', [
      couple.chartId,
      b.id,
    ])
    t.equal((await step(clinician, plan, 'offer')).body.code, 'invalid-state')
    const group = await practice.owner.post('/v1/charts', {
      kind: 'group',
      name: 'Tuesday',
      primaryClinicianId: clinician.staffId,
    })
    t.equal((await startPlan(clinician, group.body.id)).body.code, 'invalid-state')
    t.same((await clinician.get(plansOf(group.body.id))).body.data, [])
  })

  t.test('a signature altered behind the service’s back is told apart', async t => {
    const alex = await people.client('Alex', [clinician])
    const plan = await activePlan(clinician, alex)
    await people.run(
      `update treatment_plan_signatures set signed_at = signed_at - interval '1 day' where plan_id = $1 and role = 'client'`,
      [plan.id],
    )
    const { body } = await readPlan(clinician, plan)
    t.same(
      body.signatures.map((one: { role: string; intact: boolean }) => [one.role, one.intact]),
      [
        ['client', false],
        ['clinician', true],
      ],
    )
  })

  t.test('who may not see the chart finds no plan in it, and other roles may do nothing', async t => {
    const alex = await people.client('Alex', [clinician])
    const plan = await activePlan(clinician, alex)
    const url = `${plansOf(alex.chartId)}/${plan.id}`
    const missing = plain(await clinician.get(`${plansOf(alex.chartId)}/${randomUUID()}`))
    const outsider = await practice.staff(['clinician'])
    const foreign = await createTestPractice(test)
    const elsewhere = await foreign.staff(['clinician'])
    const other = await people.client('Blair', [clinician])
    const reads = [
      '',
      '/draft',
      '/revisions',
      '/revisions/1',
      '/differences?from=1&to=1',
      '/document',
      '/reviews',
      '/objectives/o1/progress',
    ]
    for (const by of [outsider, elsewhere]) {
      for (const path of reads) t.same(plain(await by.get(`${url}${path}`)), missing, path)
      t.equal((await by.get(plansOf(alex.chartId))).status, 404)
      t.equal((await startPlan(by, alex.chartId)).status, 404)
      t.same(plain(await step(by, plan, 'closure', { reasonCode: 'completed', summary: null })), missing)
    }
    for (const path of reads)
      t.same(
        plain(await clinician.get(`${plansOf(other.chartId)}/${plan.id}${path}`)),
        missing,
        'another chart',
      )
    const roles = [['owner'], ['admin'], ['biller']] as const
    for (const role of roles) {
      const by = await practice.staff([...role])
      t.equal((await by.get(url)).status, 403)
      t.equal((await startPlan(by, alex.chartId)).status, 403)
    }
    const own = await practice.staff(['supervisor'])
    t.equal((await step(own, plan, 'closure', { reasonCode: 'completed', summary: null })).status, 403)
    t.equal((await own.get(url)).status, 404)
    t.same((await own.get('/v1/treatment-plans')).body.data, [])
    await people.run(`update charts set status = 'closed', closed_at = now() where id = $1`, [alex.chartId])
    t.equal(
      (await step(clinician, plan, 'closure', { reasonCode: 'completed', summary: null })).body.code,
      'invalid-state',
    )
    t.equal((await clinician.get(url)).status, 200)
  })

  t.test('events tell ids and versions, and the timeline tells only who reads clinical data', async t => {
    const alex = await people.client('Alex', [clinician])
    const { body } = await startPlan(clinician, alex.chartId, planDraft())
    const active = await putInForce(clinician, body, [alex.id])
    t.equal(active.body.status, 'active')
    const { body: timeline } = await clinician.get(`/v1/charts/${alex.chartId}/timeline`)
    t.same(
      timeline.data
        .map((one: { type: string }) => one.type)
        .filter((type: string) => type.startsWith('treatment-plan'))
        .sort(),
      ['activated', 'created', 'offered', 'signed', 'signed'].map(verb => `treatment-plan.${verb}`),
    )
    const { body: forOwner } = await practice.owner.get(`/v1/charts/${alex.chartId}/timeline`)
    t.notMatch(JSON.stringify(forOwner), /treatment-plan/)
    t.equal(await offeredHash(clinician, active.body), active.body.contentHash)
  })
})
