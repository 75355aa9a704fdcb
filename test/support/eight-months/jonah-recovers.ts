import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { at, type Cast, day, make, must, type Person, read } from './cast.ts'

/** What Jonah counts his days by, and what he said of it. */
export interface Counted {
  pornography: string
  /** Items of his definition of sobriety. */
  browsing: string
  apps: string
}

/** In his own words: three circles, counted from day 10. */
export async function tellHisDefinition(t: Test, { clinician }: Cast, jonah: Person): Promise<Counted> {
  const philosophy = { philosophy: 'abstinence', agreedBy: 'both', startsOn: day(3) }
  const { words } = must(await clinician.put(`${jonah.url}/philosophy`, philosophy))
  t.match(words, { dayCount: 'days of sobriety', headline: 'streak' })
  const addiction = await make(clinician, `${jonah.url}/addictions`, {
    type: 'pornography',
    ownWord: 'my nights',
    isPrimary: true,
    inCheckIns: true,
    soberSince: day(10),
  })
  const review = await make(clinician, `${jonah.url}/addictions/${addiction.id}/criteria-reviews`, {
    framework: 'csat_ten',
    ratedBy: 'clinician',
    ratedOn: day(8),
    answers: [
      ...['loss_of_control', 'more_than_intended', 'failed_efforts', 'time_spent', 'escalation'].map(
        criterion => ({
          criterion,
          present: 'yes',
        }),
      ),
      { criterion: 'preoccupation', present: 'unclear' },
      { criterion: 'unmet_obligations', present: 'no' },
    ],
  })
  t.match(
    review,
    { metCount: 5, unclearCount: 1, ratedCount: 7 },
    'a count, beside the number of its source, and no name for him',
  )
  const definition = await make(clinician, `${jonah.url}/sobriety-definitions`, {
    addictionId: addiction.id,
    afterNumber: 0,
    effectiveFrom: day(10),
    items: [
      { text: 'Private browsing at night (fictional)', circle: 'inner' },
      { text: 'Dating apps on the phone (fictional)', circle: 'middle' },
      { text: 'A call a day (fictional)', circle: 'outer' },
    ],
  })
  const [browsing, apps] = definition.items.map(({ itemId }: { itemId: string }) => itemId)
  return { pornography: addiction.id, browsing, apps }
}

/** Sixty days, broken on the twenty-third and gone on with. */
export async function tellHisContract(
  t: Test,
  { clinician }: Cast,
  jonah: Person,
  his: Counted,
): Promise<void> {
  const contracts = `${jonah.url}/abstinence-contracts`
  let contract = await make(clinician, contracts, {
    scope: 'all_sexual',
    partnerSex: 'not_allowed',
    plannedDays: 60,
    proposedOn: day(45),
  })
  const takes = async (name: string, on: number, more: object = {}) => {
    const body = { step: name, effectiveOn: day(on), ...more }
    contract = await make(clinician, `${contracts}/${contract.id}/steps`, body, contract.version)
    return contract
  }
  await takes('agreed', 48)
  const asked = { partnerRole: 'spouse', words: 'Sixty days, together (fictional).', clientAgreedOn: day(48) }
  const consent = await make(clinician, `${contracts}/${contract.id}/partner-consents`, asked)
  const given = { step: 'given', effectiveOn: day(49) }
  await make(
    clinician,
    `${contracts}/${contract.id}/partner-consents/${consent.id}/steps`,
    given,
    consent.version,
  )
  await takes('started', 50)

  const lapse = await reportLapse(clinician, jonah, {
    addictionId: his.pornography,
    occurredOn: day(72),
    severity: 'lapse',
    itemIds: [his.browsing],
    antecedents: ['lonely', 'tired'],
  })
  // Day 50 is day 1.
  t.match(await takes('broken', 72, { lapseId: lapse.id }), { status: 'broken', dayNumber: 23, breaks: 1 })
  t.match(
    await takes('continued', 74),
    { status: 'active', startsOn: day(50) },
    'it never begins again by itself',
  )
  await learnFrom(clinician, jonah, lapse)
  t.match(await takes('completed', 109), {
    status: 'completed',
    dayNumber: 60,
    breaks: 1,
    endsOn: day(109),
    milestones: [
      { count: 30, on: day(79), reached: true },
      { count: 60, on: day(109), reached: true },
    ],
  })
}

const reportLapse = (by: Cast['clinician'], { url }: Person, body: object) => make(by, `${url}/lapses`, body)

/** From what happened to what changes, step by step. */
async function learnFrom(by: Cast['clinician'], { url }: Person, lapse: { id: string; version: number }) {
  const address = `${url}/lapses/${lapse.id}`
  const learned = {
    chain: ['a quarrel at noon', 'an hour alone (fictional)'],
    need: 'To be heard (fictional).',
    alternative: 'To call Alex first (fictional).',
    planChanges: ['The laptop stays in the kitchen on Sundays, too (fictional).'],
  }
  const options = { key: randomUUID(), ifMatch: lapse.version }
  let { version } = must(await by.patch(address, learned, options))
  for (const to of ['explored', 'learning_captured', 'plan_updated'])
    version = (await make(by, `${address}/status-changes`, { to }, version)).version
}

/** A definition that changes, and a lapse that is told late: each day is counted by what held then. */
export async function tellHisStreaks(
  t: Test,
  { clinician }: Cast,
  jonah: Person,
  his: Counted,
): Promise<void> {
  const portal = await jonah.portal()
  const touched = { addictionId: his.pornography, itemIds: [his.apps], antecedents: ['lonely'] }
  await make(portal, '/v1/portal/lapses', { ...touched, occurredOn: day(100), severity: 'slip' })
  const definition = await make(clinician, `${jonah.url}/sobriety-definitions`, {
    addictionId: his.pornography,
    afterNumber: 1,
    effectiveFrom: day(120),
    items: [
      { itemId: his.browsing, circle: 'inner' },
      { itemId: his.apps, circle: 'inner' },
      { text: 'A walk before bed (fictional)', circle: 'outer' },
    ],
  })
  t.match(definition, { number: 2, items: [{}, { movedFrom: 'middle' }], endedItems: [{ circle: 'outer' }] })
  const told = { ...touched, occurredOn: day(160), severity: 'lapse', antecedents: ['lonely', 'conflict'] }
  await make(portal, '/v1/portal/lapses', told)

  const { addictions, lapses, contracts } = await read(clinician, `${jonah.url}/recovery-figures`)
  // The same app: middle circle on day 100, inner circle on day 160. Days 10-71, 73-159 and 161-240.
  t.match(addictions[0].streak, {
    startsOn: day(10),
    sobrietyDate: day(161),
    currentDays: 80,
    longestDays: 87,
    resetDays: 2,
    milestones: [
      { count: 30, on: day(190), reached: true },
      { count: 60, on: day(220), reached: true },
      { count: 90, on: day(250), reached: false },
    ],
  })
  // All are told today: 168, 140 and 80 days later. One of three changed the plan.
  t.match(lapses, {
    count: 3,
    relapses: 0,
    medianDaysUntilReported: 140,
    planChangeRate: 0.33,
    repeatedAntecedents: [{ antecedent: 'lonely', count: 3 }],
  })
  t.match(contracts[0], { status: 'completed', dayNumber: 60, breaks: 1, elapsedDays: 60, checkedDays: 0 })
}

/** What he sends each evening, and what it shows: one thing falls silent while another rises. */
export async function tellHisEvenings(
  t: Test,
  { clinician, supervisor }: Cast,
  jonah: Person,
  his: Counted,
): Promise<void> {
  const gaming = await make(clinician, `${jonah.url}/addictions`, { type: 'gaming', inCheckIns: true })
  await make(clinician, `${jonah.url}/addiction-interactions`, {
    fromAddictionId: his.pornography,
    toAddictionId: gaming.id,
    mode: 'replacement',
    direction: 'one_way',
    since: day(200),
  })
  const portal = await jonah.portal()
  let last = { id: '' }
  for (let on = 220; on <= 240; on++)
    last = await make(portal, '/v1/portal/check-ins', {
      kind: 'daily',
      coversOn: day(on),
      mood: 5,
      addictions: [
        // Something of the outer circle on the first fourteen of these evenings, of the middle one on two.
        {
          addictionId: his.pornography,
          urge: 1,
          innerCircle: false,
          middleCircle: on === 222 || on === 229,
          outerCircle: on < 234,
        },
        // Two weeks at 2, then a week at 6.
        {
          addictionId: gaming.id,
          urge: on < 234 ? 2 : 6,
          innerCircle: false,
          middleCircle: null,
          outerCircle: null,
        },
      ],
    })
  await make(portal, `/v1/portal/check-ins/${last.id}/corrections`, { mood: 8 })

  const { addictions } = await read(clinician, `${jonah.url}/recovery-figures`)
  const figures = addictions.find((one: { addictionId: string }) => one.addictionId === his.pornography)
  // The correction of the last evening says nothing of the circles: 20 evenings asked, 14 of them yes.
  t.match(figures, {
    innerLast28Days: 0,
    middleLast28Days: 2,
    outerRateLast28Days: 0.7,
    streak: { currentDays: 80 },
  })
  const trend = await read(clinician, `${jonah.url}/check-in-trends?from=${day(238)}&to=${day(240)}`)
  t.same(
    trend.points.map(({ mood }: { mood: number }) => mood),
    [5, 5, 8],
    'a correction takes the place of what it corrects',
  )

  const alerts = (await read(supervisor, `/v1/alerts?chartId=${jonah.chartId}&status=open`)).data
  t.match(
    alerts,
    [
      {
        rule: 'substitution',
        severity: 'attention',
        // 6 less 2.
        evidence: { silentAddictionId: his.pornography, risingAddictionId: gaming.id, rise: 4 },
      },
    ],
    'one alert, with its evidence',
  )
  const map = await read(clinician, `${jonah.url}/addiction-map`)
  t.same([map.nodes.length, map.edges.length], [2, 1])
}

/** Urges are noticed earlier, and a skill helps. */
export async function tellHisUrges(t: Test, { clinician }: Cast, jonah: Person): Promise<void> {
  const skill = await make(clinician, `${jonah.url}/coping-skills`, {
    name: 'Cold water on the wrists (fictional)',
    family: 'grounding',
    level: 'practiced',
  })
  const portal = await jonah.portal()
  const used = { copingSkillIds: [skill.id] }
  for (const urge of [
    { occurredAt: at(236, '21:30'), stage: 'cue', urgeBefore: 6, urgeAfter: 2, outcome: 'passed', ...used },
    {
      occurredAt: at(237, '22:00'),
      stage: 'thought',
      urgeBefore: 8,
      urgeAfter: 5,
      outcome: 'weakened',
      ...used,
    },
    { occurredAt: at(238, '13:00'), stage: 'ritual', urgeBefore: 7, urgeAfter: 7, outcome: 'unchanged' },
    { occurredAt: at(239, '21:15'), stage: 'cue', urgeBefore: 4, urgeAfter: 1, outcome: 'passed' },
  ])
    await make(portal, '/v1/portal/urges', urge)
  const patterns = await read(clinician, `${jonah.url}/urge-patterns`)
  t.match(patterns, {
    count: 4,
    // (1 + 2 + 3 + 1) / 4.
    meanStage: 1.75,
    interruptedRate: 1,
    // (6-2 + 8-5) / 2.
    skills: [{ copingSkillId: skill.id, uses: 2, meanDrop: 3.5, hitRate: 1 }],
  })
}
