import type { Test } from 'tap'
import { answered, type Cast, day, make, type Person, read, record, repeated, scoreOf, step } from './cast.ts'

/** Jonah asks for himself whether this is him; an answer of his is looked at the same hour. */
export async function tellJonahsAssessment(t: Test, cast: Cast, jonah: Person): Promise<void> {
  const { clinician, supervisor } = cast
  const portal = await jonah.portal()
  t.equal((await read(portal, '/v1/portal/me')).greetingName, 'Jonah')

  // 2+2+2+2+1+2+1+1+1, and the tenth is not scored.
  const phq = await answered({ by: clinician, portal }, jonah, 'phq-9', [2, 2, 2, 2, 1, 2, 1, 1, 1, 2])
  t.match(scoreOf(phq, 'total'), { value: 14, band: { key: 'moderate' } })
  t.match(phq.result, { enteredBy: 'client', flags: [{ key: 'self_harm_item', severity: 'urgent' }] })

  const [alert] = (await read(clinician, `/v1/alerts?chartId=${jonah.chartId}&status=open`)).data
  t.match(alert, {
    rule: 'assessment_answer',
    severity: 'urgent',
    ownerId: clinician.staffId,
    overdue: false,
  })
  t.ok(alert.respondBy, 'the clock runs')
  const seen = (await read(supervisor, '/v1/alerts?of=supervisees&severity=urgent')).data
  t.same(
    seen.map((one: { id: string }) => one.id),
    [alert.id],
    'the supervisor sees it too',
  )
  const url = `${jonah.url}/alerts/${alert.id}`
  await make(clinician, `${url}/acknowledgment`, undefined, 1)
  await make(clinician, `${url}/resolution`, { outcome: 'handled' }, 2)
  t.same((await read(clinician, '/v1/alerts?of=mine&status=open')).data, [])

  // Nineteen times 3; the published threshold is not confirmed, so it is no result.
  const csbd = await answered({ by: clinician, portal }, jonah, 'csbd-19', repeated(3, 19))
  t.match(scoreOf(csbd, 'total'), { value: 57, screens: [], band: null })
  t.match(scoreOf(csbd, 'consequences'), { value: 21, confidence: 'unconfirmed' })
  t.notMatch(JSON.stringify(csbd), /addict/i, 'nobody is called anything')
}

/** What keeps him safe while skills grow, and what it has cost so far. */
export async function tellJonahsContainment(t: Test, { clinician }: Cast, jonah: Person): Promise<void> {
  const plan = await record(clinician, jonah, 'containment_plan', {
    occurredOn: day(8),
    reviewOn: day(180),
    released: true,
    content: {
      behaviorsToStop: ['Browsing alone at night (fictional)'],
      accessBlocks: [
        { what: 'device', action: 'The laptop sleeps in the kitchen.', inPlace: true },
        { what: 'account', action: 'The old account is closed.', inPlace: true },
        { what: 'cash', action: 'No cash card in the car.', inPlace: false },
      ],
      accountability: ['Alex'],
    },
  })
  await step(clinician, jonah, plan, { status: 'active', effectiveOn: day(10) })
  for (const [domain, amount, severity] of [
    ['financial', 250_000, 3],
    ['financial', 90_000, 2],
    ['relationship', null, 4],
  ] as const)
    await record(clinician, jonah, 'consequence', {
      occurredOn: day(5),
      content: {
        domain,
        description: 'Told in session (fictional).',
        severity,
        visibility: 'client',
        ...(amount === null ? {} : { cost: { amount, currency: 'USD' } }),
      },
    })
  const { containment, consequences } = await read(clinician, `${jonah.url}/recovery-insights`)
  // Days 10 to 240, both counted; three blocks, two in place; the review of day 180 has passed.
  t.match(containment.plan, { daysIntact: 231, outstandingBlocks: 1, reviewOverdue: true })
  t.match(consequences, {
    domains: [
      { domain: 'financial', active: 2, greatestSeverity: 3 },
      { domain: 'relationship', active: 1, greatestSeverity: 4 },
    ],
    costs: [{ currency: 'USD', amount: 340_000 }],
  })
}
