import type { Test } from 'tap'
import { objective, planDraft } from '../treatment-plans.ts'
import { type Cast, day, make, must, type Person, read } from './cast.ts'

/** A plan that both sign, that is reviewed, and that goes on changed. */
export async function tellJonahsPlan(t: Test, { clinician }: Cast, jonah: Person): Promise<void> {
  const plans = `${jonah.url}/treatment-plans`
  const draft = await make(clinician, plans, planDraft({ startsOn: day(20) }))
  const url = `${plans}/${draft.id}`
  const offered = await make(clinician, `${url}/offer`, undefined, draft.version)
  const portal = await jonah.portal()
  const own = await read(portal, `/v1/portal/treatment-plans/${draft.id}`)
  const byClient = await make(
    portal,
    `/v1/portal/treatment-plans/${draft.id}/signature`,
    { contentHash: own.offered.contentHash },
    offered.version,
  )
  t.equal(byClient.status, 'client_review', 'one signature is not enough')
  const active = await make(clinician, `${url}/signature`, undefined, byClient.version)
  t.match(active, { status: 'active', inForceRevision: 1 })

  // From 1 toward 5: 2 is a quarter of the way, 4 is three quarters.
  for (const [on, value] of [
    [60, 2],
    [150, 4],
  ] as const)
    await make(clinician, `${url}/objectives/o1/progress`, {
      occurredOn: day(on),
      value,
      standing: 'in_progress',
      note: null,
    })
  const before = await read(clinician, url)
  t.match(before.progress[0], { percent: 75, current: { value: 4, on: day(150) } })
  t.match(before.figures, { goals: 1, goalsMet: 0, objectives: 1, objectivesMet: 0 })

  const review = { reviewedOn: day(200), outcome: 'revise', summary: 'Evenings are calmer (fictional).' }
  const reviewed = await make(clinician, `${url}/reviews`, review, before.version)
  t.equal(reviewed.nextReviewOn, day(290), 'ninety days later')
  const revising = await read(clinician, url)
  const objectives = [objective('o1', { target: 6 }), objective('o2', { target: 3 })]
  const changed = planDraft({ startsOn: day(20), objectives })
  must(await clinician.put(`${url}/draft`, changed, { ifMatch: revising.version }))
  const { differences } = await read(clinician, `${url}/differences?from=1`)
  t.match(
    differences.map(({ key, change }: { key: string; change: string }) => [key, change]),
    [
      ['o1', 'changed'],
      ['o2', 'added'],
    ],
  )
}
