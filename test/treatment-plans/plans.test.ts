import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import {
  activePlan,
  clientSignature,
  marker,
  objective,
  planDraft,
  plansOf,
  readPlan,
  startPlan,
  step,
} from '../support/treatment-plans.ts'

t.test('treatment plans', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const client = () => people.client('Alex', [clinician])

  t.test('a plan is written, offered, signed and in force', async t => {
    const alex = await client()
    const started = await startPlan(clinician, alex.chartId)
    t.equal(started.status, 201)
    t.equal(started.headers.location, `${plansOf(alex.chartId)}/${started.body.id}`)
    t.match(started.body, { status: 'draft', revision: 0, inForceRevision: null, shows: 'draft', version: 1 })
    t.equal(started.body.content.diagnoses[0].label, 'Other impulse disorder')
    t.equal(started.body.content.diagnoses[0].icd11Label, 'Compulsive sexual behavior disorder')
    const offered = await step(clinician, started.body, 'offer')
    t.match(offered.body, { status: 'client_review', revision: 1, inForceRevision: null, shows: 'offered' })
    t.same(offered.body.missingSignatures, [
      { role: 'client', clientId: alex.id },
      { role: 'clinician', clientId: null },
    ])
    const one = await step(
      clinician,
      offered.body,
      'client-signatures',
      clientSignature(offered.body, alex.id),
    )
    t.equal(one.body.status, 'client_review')
    t.same(one.body.missingSignatures, [{ role: 'clinician', clientId: null }])
    const two = await step(clinician, one.body, 'signature')
    t.match(two.body, { status: 'active', inForceRevision: 1, shows: 'in_force', missingSignatures: [] })
    t.equal(two.body.reviewDueOn, day(90))
    t.same(two.body.signatures.map((s: { role: string; intact: boolean }) => [s.role, s.intact]).sort(), [
      ['client', true],
      ['clinician', true],
    ])
    t.same(
      two.body.history.map((h: { status: string }) => h.status),
      ['draft', 'client_review', 'active'],
    )
    t.same((await readPlan(clinician, two.body)).body, two.body)
    t.equal((await clinician.get(`${plansOf(alex.chartId)}/${two.body.id}/draft`)).status, 404)
  })

  t.test('the draft is saved as a whole, by whoever read it last', async t => {
    const alex = await client()
    const { body: plan } = await startPlan(clinician, alex.chartId)
    const url = `${plansOf(alex.chartId)}/${plan.id}/draft`
    const saved = await clinician.put(url, planDraft({ strengths: 'A brother.' }), { ifMatch: plan.version })
    t.equal(saved.status, 200)
    t.match(saved.body, { version: 2, content: { strengths: 'A brother.' } })
    t.same((await clinician.get(url)).body, saved.body)
    t.equal((await clinician.put(url, planDraft(), { ifMatch: 1 })).body.code, 'stale-version')
    const twins = await Promise.all([0, 1, 2].map(() => clinician.put(url, planDraft(), { ifMatch: 2 })))
    t.same(twins.map(({ status }) => status).sort(), [200, 412, 412])
    const { body: offered } = await step(clinician, { ...plan, version: 3 }, 'offer')
    t.equal((await clinician.put(url, planDraft(), { ifMatch: offered.version })).body.code, 'invalid-state')
  })

  t.test('what a draft refers to must be in it, and in the chart', async t => {
    const alex = await client()
    const pointers = async (more: Record<string, unknown>) => {
      const { status, body } = await startPlan(clinician, alex.chartId, more)
      return [status, body.code, ...(body.errors ?? []).map((error: { pointer: string }) => error.pointer)]
    }
    const refused = async (more: Record<string, unknown>, ...at: string[]) =>
      t.same(await pointers(more), [400, 'invalid-request', ...at])
    await refused({ objectives: [objective('o1'), objective('o1')] }, '/objectives/1/key')
    await refused({ objectives: [objective('o1', { goalKey: 'g9' })] }, '/objectives/0/goalKey')
    await refused({ objectives: [objective('o2')] }, '/interventions/0/objectiveKeys/0')
    await refused({ objectives: [objective('canary')] }, '/objectives/0/key')
    const stranger = (await client()).id
    const goal = { key: 'g1', problemKeys: ['p1'], text: 'x', author: 'client', clientId: stranger }
    t.same(await pointers({ goals: [goal] }), [422, 'unknown-reference', '/goals/0/clientId'])
    const measure = { kind: 'count', unit: null, instrumentKey: 'phq-9', scaleKey: 'total' }
    await refused({ objectives: [objective('o1', { measure })] }, '/objectives/0/measure')
    await refused({ startsOn: '2026-02-30' }, '/startsOn')
    t.equal((await startPlan(clinician, alex.chartId, { canary: 1 })).status, 400)
    t.same((await clinician.get(plansOf(alex.chartId))).body.data, [])
  })

  t.test('a plan is offered only when it says how anybody will tell', async t => {
    const alex = await client()
    const { body: plan } = await startPlan(clinician, alex.chartId, {
      problems: [],
      goals: [
        { key: 'g1', clientId: null, problemKeys: [], text: 'x', author: 'client' },
        { key: 'g2', clientId: null, problemKeys: [], text: 'y', author: 'clinician' },
      ],
      objectives: [objective('o1', { target: null })],
    })
    const refused = await step(clinician, plan, 'offer')
    t.equal(refused.body.code, 'invalid-state')
    t.same(
      refused.body.errors.map((error: { pointer: string }) => error.pointer),
      ['/problems', '/goals/1', '/objectives/0'],
    )
  })

  t.test('one plan of a chart is on its way at a time, also of twins', async t => {
    const alex = await client()
    const twins = await Promise.all([0, 1, 2].map(() => startPlan(clinician, alex.chartId)))
    t.same(twins.map(({ status }) => status).sort(), [201, 409, 409])
    t.same(
      new Set(twins.filter(({ status }) => status === 409).map(({ body }) => body.code)),
      new Set(['already-exists']),
    )
    const key = randomUUID()
    const blair = await client()
    const first = await clinician.post(plansOf(blair.chartId), planDraft(), { key })
    const again = await clinician.post(plansOf(blair.chartId), planDraft(), { key })
    t.same(again.body, first.body)
    t.equal(again.headers['idempotency-replayed'], 'true')
  })

  t.test('what is written is sealed at rest, and never logged', async t => {
    const alex = await client()
    const plan = await activePlan(clinician, alex)
    await step(clinician, plan, 'reviews', { reviewedOn: day(), outcome: 'revise', summary: marker })
    for (const table of [
      'drafts',
      'revisions',
      'reviews',
      'changes',
      'progress',
      'objectives',
      'signatures',
    ]) {
      const rows = await people.run(`select t::text as row from treatment_plan_${table} t`, [])
      t.notMatch(JSON.stringify(rows), new RegExp(marker), table)
    }
    t.notMatch(test.logLines.join(''), new RegExp(marker))
  })

  t.test('the caseload lists what is due, by day, page by page', async t => {
    const own = await practice.staff(['clinician'])
    const plans = []
    for (const due of [-3, 40, -9]) {
      const alex = await people.client('Alex', [own])
      const plan = await activePlan(own, alex, { objectives: [objective('o1', { dueOn: day(due) })] })
      await people.run('update treatment_plans set review_due_on = $1 where id = $2', [day(due), plan.id])
      plans.push(plan.id)
    }
    await startPlan(own, (await people.client('Blair', [own])).chartId)
    const list = async (query: string) => (await own.get(`/v1/treatment-plans${query}`)).body
    const ids = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id)
    const all = await list('')
    t.same(ids(all).slice(0, 3), [plans[2], plans[0], plans[1]])
    t.equal(all.data.length, 4)
    t.same(
      all.data.map((one: { reviewOverdue: boolean }) => one.reviewOverdue),
      [true, true, false, false],
    )
    t.equal(all.data[0].nextObjectiveOn, day(-9))
    t.same(ids(await list(`?reviewDueBefore=${day()}`)), [plans[2], plans[0]])
    t.same(ids(await list('?status=active')), [plans[2], plans[0], plans[1]])
    const seen = []
    let cursor = ''
    do {
      const page = await list(`?limit=1${cursor && `&cursor=${cursor}`}`)
      seen.push(...ids(page))
      cursor = page.nextCursor
    } while (cursor)
    t.same(seen, ids(all))
    t.equal((await own.get('/v1/treatment-plans?status=closed')).status, 400)
  })
})
