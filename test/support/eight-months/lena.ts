import type { Test } from 'tap'
import {
  answered,
  type Cast,
  day,
  insights,
  make,
  type Person,
  read,
  record,
  repeated,
  scoreOf,
  step,
} from './cast.ts'

/** Lena brings what happened to her as a child: first containment and coping, then that. */
export async function tellLena(t: Test, { clinician, supervisor, caller }: Cast): Promise<Person> {
  const lena = await caller('Lena', clinician)
  const by = { by: clinician }
  const target = await record(clinician, lena, 'trauma_event', {
    occurredOn: day(20),
    content: {
      category: 'big_t',
      label: 'The summer house (fictional)',
      ageFromYears: 8,
      sudNow: 9,
      reportable: 'no',
    },
  })
  const early = await clinician.post(
    `${lena.url}/recovery-records/${target.id}/status-changes`,
    { status: 'ready_to_process', effectiveOn: day(21) },
    { ifMatch: target.version },
  )
  t.same(
    early.body.errors.map((error: { code: string }) => error.code),
    ['no-containment-plan', 'no-coping-skill', 'not-stabilized'],
    'too early: the gate says what is missing',
  )

  const plan = await record(clinician, lena, 'containment_plan', {
    occurredOn: day(22),
    reviewOn: day(300),
    content: {
      behaviorsToStop: ['Calls to him at night (fictional)'],
      accessBlocks: [
        { what: 'device', action: 'His number is blocked.', inPlace: true },
        { what: 'place', action: 'Not past the old street.', inPlace: false },
      ],
      accountability: ['Ana'],
    },
  })
  const active = await step(clinician, lena, plan, { status: 'active', effectiveOn: day(25) })
  const breached = await step(clinician, lena, active, {
    status: 'breached',
    effectiveOn: day(40),
    reasonKey: 'device',
  })
  await step(clinician, lena, breached, { status: 'revised', effectiveOn: day(43) })
  await make(clinician, `${lena.url}/coping-skills`, {
    name: 'Cold water on the wrists (fictional)',
    family: 'grounding',
    level: 'practiced',
  })

  const first = await answered(by, lena, 'pcl-5', [...repeated(2, 10), ...repeated(3, 10)])
  // 10x2 + 10x3.
  t.match(scoreOf(first, 'total'), { value: 50, band: null })
  t.same(
    scoreOf(first, 'total').screens.map((screen: { key: string }) => screen.key),
    ['probable_range'],
    'a result of a screen, with its source',
  )
  // Items 1 to 5; 6 and 7; 8, 9 and 10 are 2, 11 to 14 are 3; 15 to 20.
  t.same(
    ['b', 'c', 'd', 'e'].map(cluster => scoreOf(first, `cluster_${cluster}`).value),
    [10, 4, 18, 18],
  )

  const stabilizing = await step(clinician, lena, target, { status: 'stabilizing', effectiveOn: day(45) })
  const ready = await step(clinician, lena, stabilizing, {
    status: 'ready_to_process',
    effectiveOn: day(120),
  })
  t.same(ready.warnings, [], 'with containment, coping and time nothing is missing')
  const processing = await step(clinician, lena, ready, { status: 'processing', effectiveOn: day(130) })
  await step(clinician, lena, processing, { status: 'resolved', effectiveOn: day(230) })

  const second = await answered(by, lena, 'pcl-5', [...repeated(1, 15), ...repeated(2, 5)])
  // 15 + 10.
  t.equal(scoreOf(second, 'total').value, 25)
  const trend = await read(clinician, `${lena.url}/score-trends?instrument=pcl-5`)
  const total = trend.data.find((one: { scale: string }) => one.scale === 'total')
  t.match(total.points.at(-1), { changeFromFirst: -25, reliableChange: 'better', clinicalChange: 'better' })

  const { containment, restricted } = await insights(clinician, lena)
  t.match(containment, {
    // Revised on day 43, after the breach of day 40: days 43 to 240.
    plan: {
      status: 'revised',
      intactSince: day(43),
      daysIntact: 198,
      outstandingBlocks: 1,
      reviewOverdue: false,
    },
    breaches: [{ reasonKey: 'device', count: 1 }],
  })
  t.same(restricted.trauma, [{ status: 'resolved', count: 1 }])
  t.equal((await insights(supervisor, lena)).restricted, null, 'her inventory is the care team’s alone')
  return lena
}
