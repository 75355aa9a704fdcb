import t from 'tap'
import type { Static, TObject } from 'typebox'
import { cbt } from '../../src/modules/session-notes/parts/cbt.ts'
import { caseManagement } from '../../src/modules/session-notes/parts/contacts.ts'
import { couple } from '../../src/modules/session-notes/parts/couple.ts'
import { dbt } from '../../src/modules/session-notes/parts/dbt.ts'
import { emdr } from '../../src/modules/session-notes/parts/emdr.ts'
import { groupMember } from '../../src/modules/session-notes/parts/group-member.ts'
import { currentPart, partKinds, partOf } from '../../src/modules/session-notes/parts/index.ts'
import { intensiveDay } from '../../src/modules/session-notes/parts/intensive.ts'
import { neurofeedback } from '../../src/modules/session-notes/parts/neurofeedback.ts'
import { somatic } from '../../src/modules/session-notes/parts/somatic.ts'
import { createAjv } from '../../src/plugins/validation.ts'

const places = (errors: readonly { pointer: string }[]) => errors.map(({ pointer }) => pointer)
const codes = (warnings: readonly { code: string }[]) => warnings.map(({ code }) => code)
const numbers = (figures: readonly { measure: string; value: number }[]) =>
  Object.fromEntries(figures.map(({ measure, value }) => [measure, value]))

/** A content, and what is expected of it. */
type Case<Kind extends { content: TObject }> = readonly [Static<Kind['content']>, readonly string[]]

const client = ['019c0000-0000-7000-8000-0000000000c1', '019c0000-0000-7000-8000-0000000000c2'] as const

t.test(
  'every example fits its own schema, lacks nothing and breaks no rule; an empty draft fits too',
  async t => {
    const ajv = createAjv()
    for (const kind of [dbt, somatic, neurofeedback, couple] as const) {
      t.ok(ajv.validate(kind.content, kind.example), `${kind.kind}: ${ajv.errorsText()}`)
      t.ok(ajv.validate(kind.content, {}), kind.kind)
    }
    t.same([dbt.missing(dbt.example), dbt.warnings(dbt.example)], [[], []])
    t.same([somatic.missing(somatic.example), somatic.warnings(somatic.example)], [[], []])
    t.same(
      [neurofeedback.missing(neurofeedback.example), neurofeedback.warnings(neurofeedback.example)],
      [[], []],
    )
    t.same([couple.missing(couple.example), couple.warnings(couple.example)], [[], []])
  },
)

t.test('DBT: what a signature needs', async t => {
  const chain = {
    targetBehavior: 'What happened',
    promptingEvent: 'What set it off',
    links: [{ text: 'Then' }],
  }
  for (const [content, expected] of [
    [{}, ['/targets']],
    [{ diaryCard: { reviewed: true } }, ['/targets']],
    [{ skills: [{ skill: 'Pausing' }] }, []],
    [{ targets: [{ target: 'Being on time' }] }, []],
    [{ chains: [{}] }, ['/chains/0/targetBehavior', '/chains/0/promptingEvent', '/chains/0/links']],
    [{ chains: [chain, { ...chain, promptingEvent: ' ' }] }, ['/chains/1/promptingEvent']],
  ] satisfies Case<typeof dbt>[])
    t.same(places(dbt.missing(content)), expected, JSON.stringify(content))
})

t.test('DBT: what is warned about', async t => {
  const target = (level: 'life_threatening' | 'therapy_interfering' | 'skills', addressed: boolean) => ({
    level,
    addressed,
  })
  const reviewed = { diaryCard: { reviewed: true } }
  for (const [content, expected] of [
    [{ skills: [{ skill: 'Pausing' }] }, []],
    [{ targets: [target('skills', true)] }, ['diary_card_not_reviewed']],
    [{ ...reviewed, targets: [target('life_threatening', false), target('skills', true)] }, ['target_order']],
    [{ ...reviewed, targets: [target('life_threatening', true), target('skills', false)] }, []],
    [{ ...reviewed, targets: [target('therapy_interfering', false)] }, []],
    [{ diaryCard: { reviewed: true, daysDue: 5, daysFilled: 6 } }, ['more_days_filled_than_due']],
    [{ diaryCard: { reviewed: true, highestSuicideUrge: 2 } }, []],
    [{ diaryCard: { reviewed: true, highestSuicideUrge: 3 } }, ['suicide_urge']],
    [{ ...reviewed, chains: [{ links: [{ text: 'Then', solution: ' ' }] }] }, ['chain_without_solution']],
    [{ ...reviewed, chains: [{ links: [{ text: 'Then' }, { solution: 'Call' }] }] }, []],
  ] satisfies Case<typeof dbt>[])
    t.same(codes(dbt.warnings(content)), expected, JSON.stringify(content))
})

t.test('DBT: figures, worked by hand', async t => {
  const content = {
    diaryCard: { daysDue: 7, daysFilled: 4, highestSuicideUrge: 1, highestSelfHarmUrge: 3 },
    chains: [{ links: [{ solution: 'Call' }, { text: 'x' }] }, { links: [{ solution: 'Pause' }] }],
    skills: [{ rating: 2 }, { rating: 5 }, {}],
    coachingCalls: [{}, {}],
    commitment: { strength: 9 },
  }
  t.same(numbers(dbt.figures(content)), {
    diary_days_due: 7,
    diary_days_filled: 4,
    suicide_urge_max: 1,
    self_harm_urge_max: 3,
    chains: 2,
    chain_links: 3,
    chain_links_solved: 2,
    skills_worked_on: 3,
    skill_use_mean: 3.5,
    coaching_calls: 2,
    commitment_strength: 9,
  })
  t.same(dbt.figures({}), [])
})

t.test('somatic work: what a signature needs', async t => {
  const done = { activation: { start: 3, peak: 6, end: 2 }, endOrientation: 'oriented' } as const
  for (const [content, expected] of [
    [{}, ['/activation/start', '/activation/peak', '/activation/end', '/endOrientation']],
    [{ ...done, activation: { start: 3, end: 0 } }, ['/activation/peak']],
    [done, []],
    [{ ...done, touch: { used: false } }, []],
    [{ ...done, touch: { used: true } }, ['/touch/consent']],
    [{ ...done, touch: { used: true, consent: 'none' } }, []],
  ] satisfies Case<typeof somatic>[])
    t.same(places(somatic.missing(content)), expected, JSON.stringify(content))
})

t.test('somatic work: what is warned about', async t => {
  const levels = (start: number, peak: number, end: number) => ({ activation: { start, peak, end } })
  for (const [content, expected] of [
    [levels(3, 6, 2), []],
    [levels(3, 8, 3), []],
    [levels(3, 9, 3), ['over_activation']],
    [levels(5, 4, 2), ['peak_below_others']],
    [levels(2, 6, 3), ['ended_above_start']],
    [{ entries: [{ minute: 4 }, {}, { minute: 4 }, { minute: 9 }] }, []],
    [{ entries: [{ minute: 4 }, { minute: 3 }] }, ['entries_out_of_order']],
    [{ window: { start: 'hyper', end: 'within' } }, []],
    [{ window: { end: 'hypo' } }, ['ended_outside_window']],
    [{ endOrientation: 'partly' }, ['left_without_orientation']],
    [{ touch: { used: true, consent: 'none' } }, ['touch_without_consent']],
    [{ touch: { used: false, consent: 'none' } }, []],
  ] satisfies Case<typeof somatic>[])
    t.same(codes(somatic.warnings(content)), expected, JSON.stringify(content))
})

t.test('somatic work: figures, worked by hand', async t => {
  t.same(
    numbers(
      somatic.figures({
        activation: { start: 4, peak: 9, end: 2 },
        settlingMinutes: 12,
        pendulationCycles: 3,
      }),
    ),
    {
      activation_start: 4,
      activation_peak: 9,
      activation_end: 2,
      activation_drop: 7,
      over_activation: 1,
      settling_minutes: 12,
      pendulation_cycles: 3,
    },
  )
  t.same(numbers(somatic.figures({ activation: { peak: 8 } })), { activation_peak: 8, over_activation: 0 })
})

t.test('neurofeedback: what a signature needs and what is warned about', async t => {
  const done = { protocolId: client[0], protocolRevision: 1, rounds: [{ minutes: 10 }], sideEffects: [] }
  for (const [content, expected] of [
    [{}, ['/protocolId', '/protocolRevision', '/rounds', '/sideEffects']],
    [done, []],
    [{ ...done, rounds: [{ minutes: 10 }, {}] }, ['/rounds/1/minutes']],
  ] satisfies Case<typeof neurofeedback>[])
    t.same(places(neurofeedback.missing(content)), expected)
  const measured = { impedances: [{ site: 'Cz', kiloohms: 9.9 }] }
  for (const [content, expected] of [
    [{}, ['impedance_unknown']],
    [measured, []],
    [{ impedances: [{ kiloohms: 10 }, { kiloohms: 4 }] }, ['impedance_high']],
    [{ ...measured, sideEffects: [{ severity: 2 }] }, []],
    [{ ...measured, sideEffects: [{ severity: 3 }] }, ['strong_side_effect']],
    [{ ...measured, sideEffects: [{ severity: 3 }], change: { needed: true } }, []],
    [{ ...measured, technicianId: client[0] }, ['technician_alone']],
    [{ ...measured, technicianId: client[0], supervisorId: client[1] }, []],
    [{ ...measured, sessionNumber: 20, plannedSessions: 20 }, []],
    [{ ...measured, sessionNumber: 21, plannedSessions: 20 }, ['beyond_plan']],
  ] satisfies Case<typeof neurofeedback>[])
    t.same(codes(neurofeedback.warnings(content)), expected, JSON.stringify(content))
})

t.test(
  'neurofeedback: figures are of the protocol, and a longer round weighs more; worked by hand',
  async t => {
    const figures = neurofeedback.figures({
      protocolId: client[0],
      rounds: [
        { minutes: 5, rewardPercent: 60, amplitudes: [{ band: 'theta', microvolts: 12 }] },
        { minutes: 15, rewardPercent: 70, amplitudes: [{ band: 'theta', microvolts: 10 }] },
      ],
      impedances: [{ kiloohms: 3 }, { kiloohms: 4.5 }],
      artifactPercent: 6,
      before: [{ band: 'smr', microvolts: 5 }],
      after: [
        { band: 'smr', microvolts: 6 },
        { band: 'beta', microvolts: 4 },
      ],
      calm: { before: 4, after: 7 },
      alertness: { before: 6 },
      sideEffects: [{ severity: 1 }, { severity: 2 }],
    })
    t.ok(figures.every(({ subjectId }) => subjectId === client[0]))
    t.same(numbers(figures), {
      training_minutes: 20,
      reward_percent_mean: 65,
      artifact_percent: 6,
      impedance_max: 4.5,
      microvolts_theta: 10.5,
      microvolts_change_smr: 1,
      calm_rise: 3,
      side_effects: 2,
      side_effect_severity_max: 2,
    })
    t.same(numbers(neurofeedback.figures({ sideEffects: [] })), { side_effects: 0 })
  },
)

t.test('couple: nothing of a safety screen has a place, not even that there was one', async t => {
  const ajv = createAjv()
  for (const content of [
    { safetyScreen: 'positive' },
    { safetyScreen: 'in_individual_charts' },
    { safetyScreen: 'not_due' },
    { ipvScreen: 'negative' },
    { present: 'one', reasonForOne: 'safety' },
    { stances: [{ clientId: client[0], said: 'Something told alone' }] },
    { stances: [{ clientId: client[0], stances: ['Something told alone'] }] },
  ])
    t.notOk(ajv.validate(couple.content, content), JSON.stringify(content))
  t.same(couple.charts, ['couple'])
  t.same([currentPart('couple'), partOf('couple', 2)], [couple, couple], 'new notes are written so')
  const first = partOf('couple', 1)
  t.ok(
    ajv.validate(first.content, { ...couple.example, safetyScreen: 'not_due' }),
    'old ones are read as before',
  )
})

t.test('couple: what a signature needs and what is warned about', async t => {
  const done = { present: 'both' as const, topics: ['money' as const], interventions: [{ what: 'A plan' }] }
  for (const [content, expected] of [
    [{}, ['/present', '/topics', '/interventions']],
    [done, []],
    [{ ...done, present: 'one' }, ['/presentClientId', '/reasonForOne']],
    [{ ...done, present: 'one', presentClientId: client[0], reasonForOne: 'other_left' }, []],
  ] satisfies Case<typeof couple>[])
    t.same(places(couple.missing(content)), expected)
  const stances = [{ clientId: client[0], engagement: 7 }]
  for (const [content, expected] of [
    [{ ...done, stances }, ['one_sided']],
    [{ ...done, stances: [...stances, ...stances] }, ['one_sided']],
    [{ ...done, stances: [...stances, { clientId: client[1] }] }, []],
    [{ ...done, present: 'one', stances }, []],
    [{ ...done, cycle: { observed: 'One said “never” again.' } }, ['quotation']],
    [{ ...done, agreements: [{ terms: 'To say "stop".' }] }, ['quotation']],
    [{ ...done, interventions: [{ what: "Named the other's wish." }] }, []],
  ] satisfies Case<typeof couple>[])
    t.same(codes(couple.warnings(content)), expected, JSON.stringify(content))
})

t.test('couple: figures, worked by hand', async t => {
  t.same(
    couple.figures({
      present: 'both',
      stances: [{ clientId: client[0], engagement: 7 }, { clientId: client[1] }],
      agreements: [{ state: 'made' }, { state: 'kept' }, { state: 'broken' }, { state: 'ended' }, {}],
    }),
    [
      { measure: 'both_present', value: 1 },
      { measure: 'engagement', value: 7, subjectId: client[0] },
      { measure: 'agreements_made', value: 1 },
      { measure: 'agreements_reviewed', value: 2 },
      { measure: 'agreements_kept', value: 1 },
    ],
  )
})

const now = { incompleteTargetIds: [client[0]], activeProtocolIds: [client[0]] }

t.test('what the next session begins with is declared by each kind, and is never a measure', async t => {
  t.same(emdr.carry?.({ bls: 'tactile', consent: true, stability: 'stable' }, now), {
    targets: [{ targetId: client[0] }],
    bls: 'tactile',
  })
  t.same(
    somatic.carry?.(
      {
        resources: [{ kind: 'internal', text: 'Breath' }],
        defensiveResponse: { completed: 'partly', text: 'Pushing away' },
        touch: { used: true, consent: 'written' },
        activation: { start: 4 },
      },
      now,
    ),
    { resources: [{ kind: 'internal', text: 'Breath' }], defensiveResponse: { text: 'Pushing away' } },
  )
  t.same(caseManagement.carry?.({ needs: ['legal'], openItems: 'The form', minutes: 5 }, now), {
    needs: ['legal'],
    openItems: 'The form',
  })
  t.same(caseManagement.carry?.({ needs: ['legal'] }, now), {}, 'nothing is open')
  t.same(groupMember.carry?.({ plan: 'Bring the list', response: 'Open' }, now), { plan: 'Bring the list' })
  const day = { dayNumber: 1, ofDays: 2, tomorrow: 'The open target', stabilityAtEnd: 7 }
  t.same(intensiveDay.carry?.(day, now), {
    dayNumber: 2,
    ofDays: 2,
    blocks: [{ about: 'The open target' }],
  })
  t.same(intensiveDay.carry?.({ ...day, dayNumber: 2 }, now), {}, 'the last day is followed by none')
  t.same(
    cbt.carry?.(
      {
        agenda: [{ item: 'Sleep', done: false }, { item: 'Work', done: true }, { item: 'Calls' }],
        coreBelief: 'I am alone',
        mood: { before: 40 },
      },
      now,
    ),
    { agenda: [{ item: 'Sleep' }], coreBelief: 'I am alone' },
  )
})

t.test(
  'what the next session begins with: targets and agreements that stand, and a protocol without its settings',
  async t => {
    const worked = [{ skill: 'Check the facts', work: 'taught' as const, rating: 3 }]
    t.same(dbt.carry?.({ targets: [{ target: 'Being on time', addressed: true }], skills: worked }, now), {
      targets: [{ target: 'Being on time' }],
      skills: [{ skill: 'Check the facts' }],
    })
    const agreements = (['made', 'kept', 'broken', 'ended'] as const).map(state => ({ terms: state, state }))
    t.same(couple.carry?.({ present: 'both', agreements }, now), {
      agreements: [{ terms: 'made' }, { terms: 'kept' }],
    })
    const device = { name: 'Example Amp 2' }
    const training = {
      protocolId: client[0],
      protocolRevision: 2,
      sessionNumber: 4,
      device,
      impedances: [{ site: 'Cz' as const, kiloohms: 4 }],
      rounds: [{ minutes: 10, thresholds: [{ band: 'smr' as const, microvolts: 5 }], rewardPercent: 60 }],
      calm: { before: 3 },
    }
    t.same(neurofeedback.carry?.(training, now), {
      protocolId: client[0],
      sessionNumber: 5,
      device,
      impedances: [{ site: 'Cz' }],
      rounds: [{ thresholds: [{ band: 'smr', microvolts: 5 }] }],
    })
    t.same(neurofeedback.carry?.(training, { ...now, activeProtocolIds: [] }), { device }, 'one that ended')
    const nothing = { incompleteTargetIds: [], activeProtocolIds: [] }
    for (const kind of partKinds) t.same(kind.carry?.({}, nothing) ?? {}, {}, kind.kind)
  },
)
