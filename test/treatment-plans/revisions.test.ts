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
  putInForce,
  readPlan,
  startPlan,
  step,
} from '../support/treatment-plans.ts'

t.test('reviews, revisions and the end of treatment plans', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const client = () => people.client('Alex', [clinician])

  t.test('a revision begins with a review, keeps its keys, and shows what is different', async t => {
    const alex = await client()
    const plan = await activePlan(clinician, alex)
    const url = `${plansOf(alex.chartId)}/${plan.id}`
    const review = await step(clinician, plan, 'reviews', {
      reviewedOn: day(),
      outcome: 'revise',
      summary: 'Smaller steps.',
    })
    t.equal(review.status, 201)
    t.match(review.body, { revision: 1, outcome: 'revise', nextReviewOn: day(90) })
    const { body: reviewing } = await readPlan(clinician, plan)
    t.match(reviewing, { status: 'under_review', inForceRevision: 1, shows: 'in_force' })
    const draft = await clinician.get(`${url}/draft`)
    t.same(draft.body.content, reviewing.content)
    const next = planDraft({
      levelOfCare: 'residential',
      objectives: [objective('o1', { target: 6 }), objective('o2', { text: 'New.', phase: 'coping' })],
      interventions: [],
    })
    const saved = await clinician.put(`${url}/draft`, next, { ifMatch: reviewing.version })
    t.equal(saved.status, 200, JSON.stringify(saved.body))
    const waiting = await clinician.get(`${url}/differences?from=1`)
    t.equal(waiting.body.to, null)
    const back = { ...next, interventions: planDraft().interventions }
    const { body: complete } = await clinician.put(`${url}/draft`, back, { ifMatch: saved.body.version })
    const { body: offered } = await step(clinician, { ...reviewing, version: complete.version }, 'offer')
    t.match(offered, { status: 'client_review', revision: 2, inForceRevision: 1, shows: 'in_force' })
    t.equal(offered.content.levelOfCare, 'outpatient', 'what is in force stays so')
    const { body: two } = await clinician.get(`${url}/revisions/2`)
    const signature = clientSignature(two, alex.id)
    const { body: signed } = await step(clinician, offered, 'client-signatures', signature)
    const { body: active } = await step(clinician, signed, 'signature')
    t.match(active, { status: 'active', revision: 2, inForceRevision: 2 })
    t.equal(active.content.levelOfCare, 'residential')
    const { body: differences } = await clinician.get(`${url}/differences?from=1&to=2`)
    t.same(
      differences.differences.map((d: { section: string; key: string; change: string }) => [
        d.section,
        d.key,
        d.change,
      ]),
      [
        ['plan', null, 'changed'],
        ['objectives', 'o1', 'changed'],
        ['objectives', 'o2', 'added'],
      ],
    )
    t.same(differences.differences[0].fields, [
      { field: 'levelOfCare', before: 'outpatient', after: 'residential' },
    ])
    t.same(differences.differences[1].fields, [{ field: 'target', before: '5', after: '6' }])
    const { body: first } = await clinician.get(`${url}/revisions/1`)
    t.equal(first.content.levelOfCare, 'outpatient', 'what was signed is there for ever')
    t.equal((await clinician.get(`${url}/revisions/3`)).status, 404)
    t.equal((await clinician.get(`${url}/differences?from=1`)).status, 404, 'there is no draft any more')
    const { body: list } = await clinician.get(`${url}/revisions`)
    t.same(
      list.data.map((one: { revision: number }) => one.revision),
      [2, 1],
    )
    const { body: page } = await clinician.get(`${url}/revisions?limit=1`)
    const { body: rest } = await clinician.get(`${url}/revisions?limit=1&cursor=${page.nextCursor}`)
    t.same([...page.data, ...rest.data], list.data)
    const capitals = await clinician.get(`${plansOf(alex.chartId)}/${plan.id.toUpperCase()}/revisions`)
    t.same(capitals.body, list, 'an address in capital letters names the same plan, whose seals hold')
  })

  t.test('a review that finds the plan good drops the draft and sets the next day', async t => {
    const alex = await client()
    const plan = await activePlan(clinician, alex)
    const url = `${plansOf(alex.chartId)}/${plan.id}`
    const review = (body: Record<string, unknown>) => async (version: number) =>
      step(clinician, { ...plan, version }, 'reviews', {
        reviewedOn: day(),
        outcome: 'continue',
        summary: 'Fine.',
        ...body,
      })
    t.equal((await review({ reviewedOn: day(2) })(plan.version)).body.errors[0].pointer, '/reviewedOn')
    t.equal((await review({ nextReviewOn: day(-1) })(plan.version)).body.errors[0].pointer, '/nextReviewOn')
    const early = await review({ reviewedOn: '2026-11-19' })(plan.version)
    t.equal(early.body.errors[0].pointer, '/reviewedOn', 'not before the day of the plan')
    await review({ outcome: 'revise' })(plan.version)
    t.equal((await clinician.get(`${url}/draft`)).status, 200)
    const continued = await review({ nextReviewOn: day(30) })(plan.version + 1)
    t.equal(continued.status, 201)
    const { body: now } = await readPlan(clinician, plan)
    t.match(now, { status: 'active', inForceRevision: 1, reviewDueOn: day(30) })
    t.equal((await clinician.get(`${url}/draft`)).status, 404)
    const { body: reviews } = await clinician.get(`${url}/reviews`)
    t.same(
      reviews.data.map((one: { outcome: string }) => one.outcome),
      ['continue', 'revise'],
    )
    t.same(reviews.data[0], continued.body)
    const before = await review({ reviewedOn: day(-1) })(now.version)
    t.equal(before.body.errors[0].pointer, '/reviewedOn', 'the last review says when the next one is due')
    t.equal((await readPlan(clinician, plan)).body.reviewDueOn, day(30))
  })

  t.test('an offer that is taken back stays on record, and is written anew', async t => {
    const alex = await client()
    const { body: plan } = await startPlan(clinician, alex.chartId)
    const { body: offered } = await step(clinician, plan, 'offer')
    const { body: signed } = await step(clinician, offered, 'signature')
    const blank = await step(clinician, signed, 'withdrawal', { reason: ' \t ' })
    t.same([blank.status, blank.body.errors[0].pointer], [400, '/reason'], 'a reason is more than blanks')
    const back = await step(clinician, signed, 'withdrawal', { reason: `Smaller steps (${marker}).` })
    t.match(back.body, { status: 'draft', revision: 1, inForceRevision: null, shows: 'draft' })
    t.equal(back.body.history.at(-1).reason, `Smaller steps (${marker}).`)
    const { body: revision } = await clinician.get(`${plansOf(alex.chartId)}/${plan.id}/revisions/1`)
    t.equal(revision.signatures.length, 1)
    t.same(revision.missingSignatures, [])
    const active = await putInForce(clinician, back.body, [alex.id])
    t.match(active.body, { status: 'active', revision: 2, inForceRevision: 2 })
    t.equal(active.body.signatures.length, 2, 'those of the offer that was taken back do not count')
  })

  t.test('a new plan takes the place of the one in force', async t => {
    const alex = await client()
    const before = await activePlan(clinician, alex)
    const { body: next } = await startPlan(clinician, alex.chartId)
    t.equal((await readPlan(clinician, before)).body.status, 'active')
    const { body: active } = await putInForce(clinician, next, [alex.id])
    t.equal(active.status, 'active')
    const { body: old } = await readPlan(clinician, before)
    t.match(old, { status: 'superseded', inForceRevision: 1, shows: 'in_force', reviewOverdue: false })
    t.equal(old.history.at(-1).status, 'superseded')
    for (const what of ['offer', 'signature', 'closure', 'withdrawal', 'reviews']) {
      const bodies: Record<string, unknown> = {
        closure: { reasonCode: 'completed', summary: null },
        withdrawal: { reason: 'x' },
        reviews: { reviewedOn: day(), outcome: 'continue', summary: 'x' },
      }
      t.equal((await step(clinician, old, what, bodies[what])).body.code, 'invalid-state', what)
    }
  })

  t.test('a plan is closed with its reason, from every state that has not ended', async t => {
    const alex = await client()
    const close = (plan: { chartId: string; id: string; version: number }) =>
      step(clinician, plan, 'closure', { reasonCode: 'completed', summary: `Well done (${marker}).` })
    const { body: draft } = await startPlan(clinician, alex.chartId)
    const closed = await close(draft)
    t.match(closed.body, { status: 'closed', shows: 'draft' })
    t.match(closed.body.history.at(-1), { reasonCode: 'completed', reason: `Well done (${marker}).` })
    t.equal((await close(closed.body)).body.code, 'invalid-state')
    t.equal((await clinician.get(`${plansOf(alex.chartId)}/${draft.id}/draft`)).status, 404)
    const { body: second } = await startPlan(clinician, alex.chartId)
    const { body: offered } = await step(clinician, second, 'offer')
    t.match((await close(offered)).body, { status: 'closed', shows: 'offered' })
    const active = await activePlan(clinician, alex)
    t.match((await close(active)).body, { status: 'closed', shows: 'in_force' })
    t.same(
      (await clinician.get(plansOf(alex.chartId))).body.data.map((one: { status: string }) => one.status),
      ['closed', 'closed', 'closed'],
    )
  })

  t.test('how soon a plan is reviewed is the practice’s to say', async t => {
    const own = await createTestPractice(test)
    const { body: settings } = await own.owner.get('/v1/practice')
    t.equal(settings.policies.planReviewDays, 90)
    const change = { policies: { planReviewDays: 30 } }
    t.equal((await own.owner.patch('/v1/practice', change, { ifMatch: settings.version })).status, 200)
    const by = await own.staff(['clinician'])
    const plan = await activePlan(by, await couplePeople(test, own).client('Alex', [by]))
    t.equal(plan.reviewDueOn, day(30))
    const review = { reviewedOn: day(-1), outcome: 'continue', summary: 'Fine.' }
    t.equal((await step(by, plan, 'reviews', review)).body.nextReviewOn, day(29))
  })
})
