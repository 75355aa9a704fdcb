import type { Test } from 'tap'
import { type Cast, day, insights, make, must, type Person, read, record, step } from './cast.ts'

/** Theo wants less, not nothing: from eight times a week toward two, and safer. */
export async function tellTheo(t: Test, { clinician, caller }: Cast): Promise<Person> {
  const theo = await caller('Theo', clinician)
  const goalWords = { philosophy: 'harm_reduction', agreedBy: 'both', startsOn: day(3) }
  const { words } = must(await clinician.put(`${theo.url}/philosophy`, goalWords))
  t.match(words.event, { lapse: 'use event' }, 'words follow the philosophy')
  t.equal(words.headline, 'events_per_four_weeks', 'and so does the figure that is shown first')

  const gaming = await make(clinician, `${theo.url}/addictions`, { type: 'gaming', isPrimary: true })
  const goal = await record(clinician, theo, 'harm_reduction_goal', {
    addictionId: gaming.id,
    occurredOn: day(10),
    released: true,
    content: {
      goal: 'Two long nights a week at most (fictional).',
      baseline: { eventsPerWeek: 8, risk: 3 },
      target: { eventsPerWeek: 2, risk: 1 },
    },
  })
  await step(clinician, theo, goal, { status: 'active', effectiveOn: day(12) })

  const portal = await theo.portal()
  const entries = [
    // Before the last four weeks: counts no more.
    { on: 200, events: 5, risk: 3 },
    { on: 213, events: 1, risk: 1 },
    { on: 220, events: 2, risk: 2 },
    { on: 227, events: 1, risk: 1 },
    { on: 234, events: 2, risk: 1 },
  ]
  for (const { on, events, risk } of entries)
    await make(portal, '/v1/portal/recovery-records', {
      kind: 'harm_reduction_entry',
      occurredOn: day(on),
      relatedRecordId: goal.id,
      content: { events, risk },
    })

  const { harmReduction } = await insights(clinician, theo)
  t.match(
    harmReduction[0],
    {
      days: 28,
      // 1 + 2 + 1 + 2 = 6 in four weeks.
      eventsPerWeek: 1.5,
      // 1 - 1.5/8 = 0.8125.
      reductionPercent: 81,
      baselineRiskPerWeek: 24,
      // 1x1 + 2x2 + 1x1 + 2x1 = 8 in four weeks.
      riskPerWeek: 2,
      atTarget: true,
    },
    'six events in four weeks instead of thirty-two',
  )
  const own = await read(portal, '/v1/portal/recovery-records?kind=harm_reduction_entry')
  t.equal(own.data.length, 5, 'he sees what he sent')
  t.ok(own.data.every((one: { enteredBy: string }) => one.enteredBy === 'client'))
  return theo
}
