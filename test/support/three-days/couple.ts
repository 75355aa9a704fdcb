import type { Test } from 'tap'
import { must, read } from '../eight-months/cast.ts'
import { signWithReasons } from '../emdr.ts'
import { type Blocks, bookTheDays } from './blocks.ts'
import {
  type Body,
  type Cast,
  codesOf,
  type Day,
  draft,
  factsOf,
  noteUrl,
  part,
  present,
  readNote,
  session,
  signed,
  trendOf,
} from './cast.ts'

/** Notes of the joint chart. */
export interface Joint {
  days: Body[]
  closing: Body
}

interface Told {
  number: Day
  from: string
  to: string
  blocks: { startedAt: string; minutes: number; kind: string }[]
  stability: number
  /** How engaged Caleb and Iris were, 0 to 10. */
  engagement: readonly [caleb: number, iris: number]
  agreements: { terms: string; state: string }[]
}

const half = 'Half an hour of talk each evening (fictional).'
const phones = 'Phones sleep in the kitchen.'

const three: readonly Told[] = [
  {
    number: 1,
    from: '09:00',
    to: '16:30',
    blocks: [
      { startedAt: '09:00', minutes: 90, kind: 'couple' },
      { startedAt: '10:30', minutes: 30, kind: 'break' },
      { startedAt: '11:00', minutes: 52, kind: 'individual' },
      { startedAt: '15:30', minutes: 60, kind: 'education' },
    ],
    stability: 5,
    engagement: [4, 7],
    agreements: [{ terms: half, state: 'made' }],
  },
  {
    number: 2,
    from: '09:00',
    to: '15:30',
    blocks: [
      { startedAt: '09:00', minutes: 75, kind: 'couple' },
      { startedAt: '10:30', minutes: 60, kind: 'individual' },
      { startedAt: '11:30', minutes: 195, kind: 'break' },
      { startedAt: '14:45', minutes: 45, kind: 'individual' },
    ],
    stability: 6,
    engagement: [6, 4],
    agreements: [
      { terms: half, state: 'kept' },
      { terms: phones, state: 'made' },
    ],
  },
  {
    number: 3,
    from: '09:00',
    to: '11:00',
    blocks: [
      { startedAt: '09:00', minutes: 60, kind: 'couple' },
      { startedAt: '10:00', minutes: 22, kind: 'break' },
      { startedAt: '10:22', minutes: 38, kind: 'written_work' },
    ],
    stability: 8,
    engagement: [8, 7],
    agreements: [
      { terms: half, state: 'kept' },
      { terms: phones, state: 'broken' },
    ],
  },
]

/** Three joint days, each one note of two parts, and a short session in which the two say goodbye. */
export async function tellTheCouple(t: Test, cast: Cast): Promise<Joint> {
  const { lead, coupleChartId, caleb, iris } = cast
  const days: Body[] = []
  const blocks = await bookTheDays(cast)
  for (const told of three) days.push(await tellOneDay(t, cast, told, blocks))
  const closing = await signed(lead, coupleChartId, {
    ...session(3, '17:00', '17:26'),
    header: present([caleb.clientId, iris.clientId]),
  })
  await tellTheirNumbers(t, cast)
  const facts = await factsOf(lead, closing.id)
  t.match(facts, { minutes: 26, attendanceCount: 2, suggestion: { code: '90847', placeOfService: '11' } })
  t.equal(facts.identifiedPatientId, caleb.clientId)
  // 90 + 60, 75, 60 + 38: what was given of the joint blocks, not what each had alone.
  for (const [at, given] of [150, 75, 98].entries()) {
    const { suggestion, minutes } = await factsOf(lead, days[at].id)
    t.equal(minutes, given)
    t.match(
      suggestion,
      { code: null, addOns: [], reason: /intensive/ },
      `${minutes} minutes imitate no codes`,
    )
  }
  await tellTheirBlocks(t, cast, blocks)
  for (const { portal } of [caleb, iris])
    t.same((await read(portal, '/v1/portal/session-notes')).data, [], 'a joint note comes through no portal')
  return { days, closing }
}

/** What he had alone is left to his own chart, and is nothing to hers. */
async function tellTheirBlocks(t: Test, { lead, bodyTherapist, caleb, iris }: Cast, { his }: Blocks) {
  const { data } = await read(lead, '/v1/missing-session-notes')
  t.match(data, [{ intensiveBlockId: his, chartId: caleb.chartId }])
  t.equal(data.length, 1)
  const named = { template: 'dap', intensiveBlockIds: [his] }
  const reply = await bodyTherapist.post(`${iris.url}/session-notes`, named)
  t.equal(reply.body.code, 'unknown-reference')
}

async function tellOneDay(
  t: Test,
  { lead, coupleChartId, caleb, iris }: Cast,
  told: Told,
  blocksBooked: Blocks,
): Promise<Body> {
  const { number, from, to, blocks, stability, engagement, agreements } = told
  const work = {
    present: 'both',
    topics: ['trust_and_repair', 'disclosure'],
    interventions: [{ approach: 'structured_disclosure', what: 'Read, heard and answered (fictional).' }],
    stances: [
      { clientId: caleb.clientId, stances: ['open'], engagement: engagement[0] },
      { clientId: iris.clientId, stances: ['guarded'], engagement: engagement[1] },
    ],
    agreements,
  }
  const joint = part('couple', {
    ...work,
    cycle: { pattern: 'pursue_withdraw', observed: 'Said “never” twice.' },
  })
  const wholeDay = part('intensive_day', {
    dayNumber: number,
    ofDays: 3,
    blocks,
    stabilityAtEnd: stability,
    eveningPlan: 'At the guest house, each with a friend on call (fictional).',
  })
  const summary = part('intensive_summary', {
    days: 3,
    goals: 'Disclosure (fictional).',
    results: 'Told and heard.',
    aftercare: 'Weekly from Monday.',
    distressAtStart: 9,
    distressAtEnd: 5,
  })
  const note = await draft(lead, coupleChartId, {
    ...session(number, from, to),
    intensiveBlockIds: blocksBooked.joint(number),
    header: present([caleb.clientId, iris.clientId]),
    parts: number === 3 ? [joint, wholeDay, summary] : [joint, wholeDay],
  })
  t.same(codesOf(note.checks.warnings), ['quotation'], 'a joint note quotes nobody')
  const change = {
    parts: { [joint.id]: { kind: 'couple', content: { cycle: { observed: 'Took turns.' } } } },
  }
  must(await lead.patch(noteUrl(note.id), change, { ifMatch: note.version }))
  const saved = await readNote(lead, note.id)
  t.match(saved.checks, { missing: [], warnings: [] })
  return must(await signWithReasons(lead, saved))
}

async function tellTheirNumbers(t: Test, { lead, coupleChartId, caleb, iris }: Cast): Promise<void> {
  const of = (measure: string, about?: string) => trendOf(lead, coupleChartId, measure, about)
  // 90 + 52 + 60, 75 + 60 + 45, 60 + 38: breaks are none of it.
  const minutes = await of('intensive_minutes')
  t.same(minutes.values, [202, 180, 98])
  // 480 / 3, and (98 − 202) / 2.
  t.match(minutes.summary, { mean: 160, change: -104, slopePerSession: -52 })
  const stability = await of('stability_at_end')
  // 19 / 3, and (8 − 5) / 2.
  t.match(stability.summary, { first: 5, last: 8, mean: 6.33, slopePerSession: 1.5 })
  const his = await of('engagement', caleb.clientId)
  t.same([his.values, his.summary.mean, his.summary.slopePerSession], [[4, 6, 8], 6, 2])
  const hers = await of('engagement', iris.clientId)
  // 7, 4, 7: 18 / 3, and as high at the end as at the beginning.
  t.same([hers.values, hers.summary.mean, hers.summary.slopePerSession], [[7, 4, 7], 6, 0])
  t.same((await of('distress_drop')).values, [4], '9 − 5')
  const { rates } = await read(lead, `/v1/charts/${coupleChartId}/note-trends`)
  // Looked back on: none, one, two; kept of them: none, one, one.
  t.same(rates, [
    { rate: 'sessions_with_both_partners', value: 1, of: 3 },
    { rate: 'agreements_kept', value: 0.67, of: 3 },
  ])
}
