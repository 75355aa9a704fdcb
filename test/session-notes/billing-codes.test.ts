import fc from 'fast-check'
import t from 'tap'
import {
  type CodeRule,
  codeRules,
  placeOf,
  placeRules,
  type Setting,
  settingOf,
  suggestCode,
} from '../../src/modules/session-notes/billing/codes.rules.ts'

const day = '2026-11-20'
const suggest = (setting: Setting, minutes: number | null, biofeedback = false) =>
  suggestCode({ setting, minutes, biofeedback, sessionDate: day })

/** A code with its add-ons in one word: `90839+90840x2`. */
const short = (setting: Setting, minutes: number | null) => {
  const { code, addOns } = suggest(setting, minutes)
  return [code ?? 'none', ...addOns.map(one => `${one.code}x${one.units}`)].join('+')
}

t.test('the suggested code by minutes face to face', t => {
  const table: [Setting, number | null, string][] = [
    ['individual', 0, 'none'],
    ['individual', 15, 'none'],
    ['individual', 16, '90832'],
    ['individual', 37, '90832'],
    ['individual', 38, '90834'],
    ['individual', 52, '90834'],
    ['individual', 53, '90837'],
    ['individual', 180, '90837'],
    ['individual', null, 'none'],
    ['joint_with_patient', 25, 'none'],
    ['joint_with_patient', 26, '90847'],
    ['joint_without_patient', 25, 'none'],
    ['joint_without_patient', 26, '90846'],
    ['joint_with_patient', null, 'none'],
    ['joint_unclear', 50, 'none'],
    ['crisis', 15, 'none'],
    ['crisis', 16, '90832'],
    ['crisis', 29, '90832'],
    ['crisis', 30, '90839'],
    ['crisis', 74, '90839'],
    ['crisis', 75, '90839+90840x1'],
    ['crisis', 104, '90839+90840x1'],
    ['crisis', 105, '90839+90840x2'],
    ['crisis', 134, '90839+90840x2'],
    ['crisis', 135, '90839+90840x3'],
    ['crisis', null, 'none'],
    ['intake', 40, '90791'],
    ['intake', null, '90791'],
    ['group', 90, '90853'],
    ['group', null, '90853'],
    ['group_record', 90, 'none'],
    ['intensive', 180, 'none'],
    ['missed', 50, 'none'],
    ['without_client', 40, 'none'],
  ]
  for (const [setting, minutes, expected] of table)
    t.equal(short(setting, minutes), expected, `${setting}, ${minutes} minutes`)
  t.end()
})

t.test('the reason says in words what decided', t => {
  t.equal(suggest('individual', 42).reason, '42 minutes face to face: 90834 is for 38 to 52 minutes.')
  t.equal(suggest('individual', 60).reason, '60 minutes face to face: 90837 is for 53 minutes or more.')
  t.equal(suggest('individual', 15).reason, '15 minutes face to face: at least 16 are needed.')
  t.equal(suggest('joint_with_patient', 25).reason, '25 minutes face to face: at least 26 are needed.')
  t.match(suggest('individual', null).reason, /began and ended/)
  t.match(suggest('crisis', 29).reason, /too short for a crisis session: 90832/)
  t.match(suggest('missed', 50).reason, /missed/)
  t.match(suggest('intensive', 180).reason, /not split/)
  t.end()
})

t.test('alternatives name what a clinician may decide instead, and why', t => {
  const codes = (setting: Setting, minutes: number | null, biofeedback = false) =>
    suggest(setting, minutes, biofeedback).alternatives.map(({ code }) => code)
  t.same(codes('crisis', 50), ['90834'])
  t.same(codes('crisis', 29), [], 'the suggestion is no alternative to itself')
  t.same(codes('intake', 60), ['90837'])
  t.same(codes('joint_unclear', 50), ['90847', '90846'])
  t.same(codes('joint_unclear', 20), [])
  t.same(codes('without_client', 30), ['90846'])
  t.same(codes('individual', 46, true), ['90876'])
  t.same(codes('individual', 46), [])
  t.end()
})

t.test(
  'training is no psychotherapy: alone it has a code of its own, and its minutes are not counted twice',
  t => {
    const of = (
      setting: Setting,
      minutes: number | null,
      more: { trainingMinutes?: number; hasTexts?: boolean },
    ) => suggestCode({ setting, minutes, biofeedback: true, sessionDate: day, ...more })
    const alone = of('biofeedback', 50, { trainingMinutes: 30 })
    t.match(alone, { code: '90901', alternatives: [] })
    t.equal(of('biofeedback', null, {}).code, '90901')
    t.same(
      of('biofeedback', 50, { trainingMinutes: 30, hasTexts: true }).alternatives.map(({ code }) => code),
      ['90832', '90876'],
    )
    const both = of('individual', 50, { trainingMinutes: 30 })
    t.match(both, { code: '90832', alternatives: [{ code: '90876' }] })
    t.equal(both.reason, '20 minutes face to face beside training: 90832 is for 16 to 37 minutes.')
    t.equal(of('individual', 50, { trainingMinutes: 35 }).code, null)
    t.equal(of('individual', 50, { trainingMinutes: 60 }).code, null)
    t.equal(of('crisis', 62, { trainingMinutes: 30 }).code, '90839', 'a crisis says its own minutes')
    t.end()
  },
)

t.test('what a session was follows from its parts, its chart and who was there', t => {
  const of = (
    chartKind: 'individual' | 'couple' | 'group',
    partKinds: string[],
    presentIds = ['a'],
    bookedAsIntensive = false,
    authorIsTechnician = false,
  ) =>
    settingOf({
      chartKind,
      partKinds,
      presentIds,
      bookedAsIntensive,
      authorIsTechnician,
      identifiedPatientId: 'a',
    })
  const table: [Setting, Setting][] = [
    [of('individual', []), 'individual'],
    [of('individual', ['cbt', 'emdr']), 'individual'],
    [of('individual', ['crisis']), 'crisis'],
    [of('individual', ['intake']), 'intake'],
    [of('individual', ['group_member']), 'group'],
    [of('individual', ['group_member'], []), 'missed'],
    [of('individual', ['emdr'], ['a'], true), 'intensive'],
    [of('individual', ['neurofeedback']), 'biofeedback'],
    [of('individual', ['neurofeedback', 'neurofeedback']), 'biofeedback'],
    [of('individual', ['neurofeedback'], []), 'missed'],
    [of('individual', ['neurofeedback', 'cbt']), 'individual'],
    [of('individual', ['neurofeedback', 'cbt'], ['a'], false, true), 'biofeedback'],
    [of('couple', ['no_show'], [], true), 'missed'],
    [of('individual', ['crisis', 'no_show']), 'missed'],
    [of('individual', [], []), 'missed'],
    [of('individual', ['collateral_contact'], []), 'without_client'],
    [of('individual', ['intensive_day', 'emdr']), 'intensive'],
    [of('couple', ['couple'], ['a', 'b']), 'joint_with_patient'],
    [of('couple', ['couple'], ['b']), 'joint_without_patient'],
    [of('couple', ['couple'], ['a']), 'individual'],
    [of('couple', ['intensive_day'], ['a', 'b']), 'intensive'],
    [of('group', [], []), 'group_record'],
    [
      settingOf({
        chartKind: 'couple',
        partKinds: [],
        presentIds: ['a', 'b'],
        bookedAsIntensive: false,
        authorIsTechnician: false,
        identifiedPatientId: null,
      }),
      'joint_unclear',
    ],
  ]
  for (const [found, expected] of table) t.equal(found, expected)
  t.end()
})

t.test('rules hold from one day to another', t => {
  const [old, next]: CodeRule[] = [
    {
      code: '00001',
      label: 'Old',
      use: 'individual',
      minMinutes: 16,
      maxMinutes: null,
      validFrom: '2020-01-01',
      validTo: '2026-12-31',
      source: 'Fictional',
      confidence: 'uncertain',
    },
    {
      code: '00002',
      label: 'New',
      use: 'individual',
      minMinutes: 20,
      maxMinutes: null,
      validFrom: '2027-01-01',
      validTo: null,
      source: 'Fictional',
      confidence: 'uncertain',
    },
  ]
  const on = (sessionDate: string, minutes: number) =>
    suggestCode({ setting: 'individual', minutes, biofeedback: false, sessionDate }, [
      old,
      next,
    ] as CodeRule[])
  t.equal(on('2026-12-31', 18).code, '00001')
  t.equal(on('2027-01-01', 18).code, null)
  t.equal(on('2027-01-01', 20).code, '00002')
  t.match(on('2019-12-31', 50).reason, /No rule/)
  t.end()
})

t.test('every rule has a source, and no two of one use overlap', t => {
  for (const rule of codeRules) t.ok(rule.source.length > 10 && rule.label.length < 60, rule.code)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 600 }), minutes => {
      for (const use of ['individual', 'crisis', 'biofeedback', 'joint_with_patient'] as const) {
        const fitting = codeRules.filter(
          rule =>
            rule.use === use && minutes >= (rule.minMinutes ?? 0) && minutes <= (rule.maxMinutes ?? 600),
        )
        if (fitting.length > 1) return false
      }
      return true
    }),
  )
  t.end()
})

t.test('units of a crisis are what half hours beyond the first hour say', t => {
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 1_440 }), minutes => {
      const units = suggest('crisis', minutes).addOns[0]?.units ?? 0
      return units === Math.max(0, Math.floor((minutes - 45) / 30))
    }),
  )
  t.end()
})

t.test('the place of service by the place of the session', t => {
  const table = [
    ['office', '11', null],
    ['telehealth_home', '10', '95'],
    ['telehealth_other', '02', '95'],
    ['home_visit', '12', null],
    ['community', '99', null],
    ['phone', null, '93'],
  ] as const
  for (const [place, placeOfService, modifier] of table)
    t.same(placeOf(place, day), { placeOfService, modifier }, place)
  t.same(placeOf(undefined, day), { placeOfService: null, modifier: null })
  t.equal(placeRules.length, table.length)
  t.end()
})
