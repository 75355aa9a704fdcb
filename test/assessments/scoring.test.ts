import fc from 'fast-check'
import t from 'tap'
import { definitionErrors } from '../../src/modules/assessments/definitions.rules.ts'
import type { InstrumentDefinition } from '../../src/modules/assessments/definitions.schemas.ts'
import { shippedInstruments } from '../../src/modules/assessments/instruments/index.ts'
import { type Answers, flagsLeftOpen, score } from '../../src/modules/assessments/scoring.rules.ts'

const definitionOf = (key: string): InstrumentDefinition => {
  const found = shippedInstruments.find(one => one.key === key)
  if (!found) throw new Error(`There is no ${key}`)
  return found.definition
}

const valuesOf = ({ responseSets }: InstrumentDefinition, set: string) =>
  (responseSets.find(({ key }) => key === set)?.options ?? []).map(({ value }) => value)

/** One answer to every item: a value, or what a function says of the item's number and its values. */
function all(key: string, pick: number | ((values: number[], item: string) => number)): Answers {
  const definition = definitionOf(key)
  return Object.fromEntries(
    definition.items.map(({ key: item, responses }) => [
      item,
      typeof pick === 'number' ? pick : pick(valuesOf(definition, responses), item),
    ]),
  )
}

const lowest = (values: number[]) => Math.min(...values)
const highest = (values: number[]) => Math.max(...values)

function scaleOf(key: string, answers: Answers, scale: string) {
  const found = score(definitionOf(key), answers).scales.find(one => one.scale === scale)
  if (!found) throw new Error(`There is no scale ${scale}`)
  return found
}

const valueOf = (key: string, answers: Answers, scale = 'total') => scaleOf(key, answers, scale).value

const without = (answers: Answers, ...items: string[]) =>
  Object.fromEntries(Object.entries(answers).filter(([item]) => !items.includes(item)))

t.test('every shipped instrument is a sound definition, once', async t => {
  const keys = shippedInstruments.map(({ key, edition }) => `${key} ${edition}`)
  t.equal(new Set(keys).size, keys.length)
  t.equal(keys.length, 22)
  for (const { key, definition } of shippedInstruments) t.same(definitionErrors(definition), [], key)
})

/** [instrument, scale, all answers at their lowest, all at their highest] from the published ranges and keys. */
const ends: [string, string, number, number][] = [
  ['phq-9', 'total', 0, 27],
  ['gad-7', 'total', 0, 21],
  ['pcl-5', 'total', 0, 80],
  ['pcl-5', 'cluster_b', 0, 20],
  ['pcl-5', 'cluster_c', 0, 8],
  ['pcl-5', 'cluster_d', 0, 28],
  ['pcl-5', 'cluster_e', 0, 24],
  ['pcl-5', 'symptoms_d', 0, 7],
  ['pcl-5', 'symptom_rule', 0, 1],
  ['audit', 'total', 0, 40],
  ['audit', 'consumption', 0, 12],
  ['audit', 'dependence', 0, 12],
  ['audit', 'harm', 0, 16],
  // Item 3 is reversed: a form of noes scores 1, a form of yeses 9.
  ['dast-10', 'total', 1, 9],
  ['ace', 'count', 0, 10],
  ['des-ii', 'total', 0, 100],
  ['des-ii', 'taxon', 0, 100],
  ['csbd-19', 'total', 19, 76],
  ['csbd-19', 'control', 3, 12],
  ['csbd-19', 'salience', 3, 12],
  ['csbd-19', 'relapse', 3, 12],
  ['csbd-19', 'dissatisfaction', 3, 12],
  ['csbd-19', 'consequences', 7, 28],
  ['hbi-19', 'total', 19, 95],
  ['hbi-19', 'coping', 7, 35],
  ['hbi-19', 'control', 8, 40],
  ['hbi-19', 'consequences', 4, 20],
  ['scs', 'total', 10, 40],
  ['ppcs-18', 'total', 18, 126],
  ['ppcs-18', 'withdrawal', 3, 21],
  ['ppcs-6', 'total', 6, 42],
  ['bps', 'total', 0, 10],
  ['pathos', 'total', 0, 6],
  ['sast-r-core', 'core', 0, 20],
  // Two of 18 are reversed: (16 * 1 + 2 * 7) / 18.
  ['ecr-r', 'anxiety', 1.6667, 6.3333],
  // Twelve of 18 are reversed: (6 * 1 + 12 * 7) / 18.
  ['ecr-r', 'avoidance', 5, 3],
  ['ecr-rs', 'avoidance', 5, 3],
  ['ecr-rs', 'anxiety', 1, 7],
  // Two of seven are reversed: 5 * 1 + 2 * 5, and 5 * 5 + 2 * 1.
  ['ras', 'total', 15, 27],
  ['ras', 'mean', 2.1429, 3.8571],
  ['csi-16', 'total', 0, 81],
  ['urica', 'precontemplation', 1, 5],
  ['urica', 'readiness', 2, 10],
  ['readiness-rulers', 'importance', 0, 10],
  ['readiness-rulers', 'confidence', 0, 10],
  ['readiness-rulers', 'readiness', 0, 10],
  ['c-ssrs-screener', 'triage', 0, 3],
]

t.test('all answers at their lowest and at their highest give the published ends of each scale', async t => {
  for (const [key, scale, low, high] of ends) {
    t.equal(valueOf(key, all(key, lowest), scale), low, `${key} ${scale} at its lowest`)
    t.equal(valueOf(key, all(key, highest), scale), high, `${key} ${scale} at its highest`)
  }
  const tested = new Set(ends.map(([key]) => key))
  t.same(
    shippedInstruments.filter(({ key }) => !tested.has(key)).map(({ key }) => key),
    [],
    'no instrument is left out',
  )
})

t.test('reversed scales reach their ends when reversed items are answered the other way round', async t => {
  const reversed = (key: string) =>
    new Set(
      definitionOf(key)
        .items.filter(item => item.reverse)
        .map(item => item.key),
    )
  for (const [key, scale, low, high] of [
    ['dast-10', 'total', 0, 10],
    ['ecr-r', 'anxiety', 1, 7],
    ['ecr-r', 'avoidance', 1, 7],
    ['ecr-rs', 'avoidance', 1, 7],
    ['ras', 'total', 7, 35],
  ] as const) {
    const other = reversed(key)
    const mixed = (direct: typeof lowest, turned: typeof lowest) =>
      all(key, (values, item) => (other.has(item) ? turned(values) : direct(values)))
    t.equal(valueOf(key, mixed(lowest, highest), scale), low, `${key} ${scale}`)
    t.equal(valueOf(key, mixed(highest, lowest), scale), high, `${key} ${scale}`)
  }
})

t.test(
  'one missing answer leaves a scale without a score, but where its source lets others fill in',
  async t => {
    for (const { key, definition } of shippedInstruments) {
      for (const { key: scale, items, mostMissing } of definition.scales) {
        const item = items?.[0]
        if (!item) continue
        const part = scaleOf(key, without(all(key, lowest), item), scale)
        t.equal(part.missing, 1, `${key} ${scale}`)
        t.equal(part.value === null, mostMissing === 0, `${key} ${scale}`)
        if (part.value === null) t.match(part, { band: null, met: [], prorated: false })
      }
    }
  },
)

t.test('PHQ-9', async t => {
  const sums = (values: number[]) =>
    Object.fromEntries(values.map((value, index) => [String(index + 1), value]))
  t.match(scaleOf('phq-9', sums([1, 1, 1, 1, 0, 0, 0, 0, 0]), 'total'), { value: 4, band: 'minimal' })
  t.match(scaleOf('phq-9', sums([1, 1, 1, 1, 1, 0, 0, 0, 0]), 'total'), { value: 5, band: 'mild' })
  t.match(scaleOf('phq-9', sums([2, 2, 2, 2, 1, 0, 0, 0, 0]), 'total'), { value: 9, band: 'mild' })
  t.match(scaleOf('phq-9', sums([2, 2, 2, 2, 2, 0, 0, 0, 0]), 'total'), { value: 10, band: 'moderate' })
  t.match(scaleOf('phq-9', sums([3, 3, 3, 3, 2, 0, 0, 0, 0]), 'total'), { value: 14, band: 'moderate' })
  t.match(scaleOf('phq-9', sums([3, 3, 3, 3, 3, 0, 0, 0, 0]), 'total'), {
    value: 15,
    band: 'moderately_severe',
  })
  t.match(scaleOf('phq-9', sums([3, 3, 3, 3, 3, 3, 1, 0, 0]), 'total'), {
    value: 19,
    band: 'moderately_severe',
  })
  t.match(scaleOf('phq-9', sums([3, 3, 3, 3, 3, 3, 2, 0, 0]), 'total'), { value: 20, band: 'severe' })
  // 7 answers of 1: 7 * 9 / 7. 7 answers that sum to 11: 14.14 is 14. Three missing: no score.
  t.match(scaleOf('phq-9', without(all('phq-9', 1), '8', '9'), 'total'), {
    value: 9,
    missing: 2,
    prorated: true,
  })
  t.match(scaleOf('phq-9', without(sums([2, 2, 2, 2, 1, 1, 1, 0, 0]), '8', '9'), 'total'), { value: 14 })
  t.match(scaleOf('phq-9', without(all('phq-9', 1), '7', '8', '9'), 'total'), { value: null, missing: 3 })
  t.same(score(definitionOf('phq-9'), sums([0, 0, 0, 0, 0, 0, 0, 0, 1])).flags, ['self_harm_item'])
  t.same(score(definitionOf('phq-9'), sums([3, 3, 3, 3, 3, 3, 3, 3, 0])).flags, [])
  t.same(
    score(definitionOf('phq-9'), { 9: 1 }).flags,
    ['self_harm_item'],
    'even in a form that cannot be scored',
  )
})

t.test('GAD-7', async t => {
  t.match(scaleOf('gad-7', { ...all('gad-7', 1), 1: 3 }, 'total'), { value: 9, band: 'mild', met: [] })
  t.match(scaleOf('gad-7', { ...all('gad-7', 1), 1: 3, 2: 2 }, 'total'), {
    value: 10,
    band: 'moderate',
    met: ['screen'],
  })
  t.match(scaleOf('gad-7', all('gad-7', 2), 'total'), { value: 14, band: 'moderate' })
  t.match(scaleOf('gad-7', { ...all('gad-7', 2), 1: 3 }, 'total'), { value: 15, band: 'severe' })
})

t.test('PCL-5: the pattern of symptoms and the total are two results', async t => {
  const six = { ...all('pcl-5', 0), 1: 2, 6: 2, 8: 2, 9: 2, 15: 2, 16: 2 }
  t.match(scaleOf('pcl-5', six, 'total'), { value: 12, met: [] })
  t.match(scaleOf('pcl-5', six, 'symptom_rule'), { value: 1, met: ['symptom_pattern'] })
  // Cluster B at 0, all of C and D at 4: 8 + 28 = 36.
  const highTotal = all('pcl-5', (_, item) => (Number(item) >= 6 && Number(item) <= 14 ? 4 : 0))
  t.match(scaleOf('pcl-5', highTotal, 'total'), { value: 36, met: ['probable_range'] })
  t.match(scaleOf('pcl-5', highTotal, 'symptom_rule'), { value: 0, met: [] })
  const thirtyThree = { ...highTotal, 14: 1 }
  t.match(scaleOf('pcl-5', thirtyThree, 'total'), { value: 33, met: ['probable_range'] })
  t.match(scaleOf('pcl-5', { ...six, 1: 1 }, 'symptom_rule'), { value: 0 })
})

t.test('AUDIT zones and DAST-10 levels begin where their sources say', async t => {
  const auditBand = (answers: Answers) => scaleOf('audit', { ...all('audit', 0), ...answers }, 'total').band
  t.equal(auditBand({ 1: 4, 2: 3 }), 'zone_1')
  t.equal(auditBand({ 1: 4, 2: 4 }), 'zone_2')
  t.equal(auditBand({ 1: 4, 2: 4, 3: 4, 4: 3 }), 'zone_2')
  t.equal(auditBand({ 1: 4, 2: 4, 3: 4, 4: 4 }), 'zone_3')
  t.equal(auditBand({ 1: 4, 2: 4, 3: 4, 9: 4, 10: 4 }), 'zone_4')
  t.same(
    scaleOf('audit', all('audit', highest), 'consumption').met,
    [],
    'unconfirmed thresholds are not used',
  )
  const dast = (yes: number) =>
    scaleOf(
      'dast-10',
      all('dast-10', (_, item) => (item === '3' ? 1 : Number(item) <= yes + (yes >= 3 ? 1 : 0) ? 1 : 0)),
      'total',
    )
  t.match(dast(0), { value: 0, band: 'none' })
  t.match(dast(2), { value: 2, band: 'low' })
  t.match(dast(3), { value: 3, band: 'moderate' })
  t.match(dast(6), { value: 6, band: 'substantial' })
  t.match(dast(9), { value: 9, band: 'severe' })
})

t.test('thresholds that are confirmed are used, others are not', async t => {
  t.same(scaleOf('scs', { ...all('scs', 2), 1: 4, 2: 4 }, 'total'), {
    scale: 'total',
    value: 24,
    missing: 0,
    prorated: false,
    band: null,
    met: ['threshold'],
  })
  t.same(scaleOf('scs', { ...all('scs', 2), 1: 4, 2: 3 }, 'total').met, [])
  t.same(scaleOf('ppcs-18', { ...all('ppcs-18', 4), 1: 7, 2: 5 }, 'total'), {
    scale: 'total',
    value: 76,
    missing: 0,
    prorated: false,
    band: null,
    met: ['threshold'],
  })
  t.same(scaleOf('bps', { ...all('bps', 1), 1: 0 }, 'total').met, ['threshold'])
  t.same(scaleOf('bps', { ...all('bps', 1), 1: 0, 2: 0 }, 'total').met, [])
  t.same(scaleOf('pathos', { ...all('pathos', 0), 1: 1, 2: 1, 3: 1 }, 'total').met, ['screen'])
  t.same(scaleOf('sast-r-core', all('sast-r-core', 1), 'core').met, ['polish_men'])
  for (const [key, scale] of [
    ['csbd-19', 'total'],
    ['hbi-19', 'total'],
    ['ppcs-6', 'total'],
    ['des-ii', 'total'],
    ['ace', 'count'],
    ['ras', 'mean'],
  ] as const)
    t.match(scaleOf(key, all(key, highest), scale), { band: null, met: [] }, key)
  t.match(scaleOf('csi-16', all('csi-16', 0), 'total'), { band: null, met: [] })
  t.match(scaleOf('des-ii', all('des-ii', 30), 'total'), { value: 30 })
})

t.test('URICA: of equal answers only the weights remain', async t => {
  t.equal(valueOf('urica', all('urica', 3), 'readiness'), 6)
  const ready = all('urica', (_, item) => ([1, 5, 11, 13, 23, 26, 29].includes(Number(item)) ? 1 : 5))
  t.equal(valueOf('urica', ready, 'readiness'), 14)
  const unready = all('urica', (_, item) => ([1, 5, 11, 13, 23, 26, 29].includes(Number(item)) ? 5 : 1))
  t.equal(valueOf('urica', unready, 'readiness'), -2)
  t.equal(
    valueOf('urica', without(all('urica', 3), '4', '9', '20', '31'), 'readiness'),
    6,
    'items of no scale',
  )
  t.equal(valueOf('urica', without(all('urica', 3), '2'), 'readiness'), null)
})

t.test(
  'C-SSRS screener: the highest answer decides, and one that is missing never makes it lower',
  async t => {
    const triage = (answers: Answers) => scaleOf('c-ssrs-screener', answers, 'triage')
    const noes = { 1: 0, 2: 0, 6: 0 }
    t.match(triage(noes), { value: 0, missing: 0, band: 'none' }, 'what need not be asked is not missing')
    t.match(triage({ ...noes, 1: 1 }), { value: 1, band: 'low' })
    t.match(triage({ ...noes, 2: 1, 3: 0, 4: 0, 5: 0 }), { value: 1, missing: 0 })
    t.match(triage({ ...noes, 2: 1, 3: 1, 4: 0, 5: 0 }), { value: 2, band: 'moderate' })
    t.match(triage({ ...noes, 2: 1, 3: 0, 4: 1, 5: 0 }), { value: 3, band: 'high' })
    t.match(triage({ ...noes, 2: 1, 3: 0, 4: 0, 5: 1 }), { value: 3 })
    t.match(triage({ ...noes, 6: 1, '6_recent': 0 }), { value: 2 })
    t.match(triage({ ...noes, 6: 1, '6_recent': 1 }), { value: 3 })
    t.match(triage({ ...noes, 6: 1 }), { value: null, band: null, missing: 1 }, 'it may be the highest')
    t.match(triage({ 1: 1, 2: 1 }), { value: null, band: null, missing: 4 }, 'broken off: not low')
    t.match(triage({ 1: 1, 2: 1, 5: 1 }), { value: 3, missing: 3 }, 'nothing is higher')
    t.match(triage({ 2: 1, 3: 1, 4: 0, 5: 0, 6: 0 }), { value: 2, missing: 1 }, 'what is missing is lower')
    const openIn = (answers: Answers) => flagsLeftOpen(definitionOf('c-ssrs-screener'), answers)
    t.same(
      openIn({ 1: 1, 2: 1 }).map(({ key }) => key),
      ['triage_high', 'triage_moderate'],
    )
    t.same(openIn({ ...noes, 2: 1, 3: 0, 4: 0, 5: 0 }), [])
    t.same(openIn({ 1: 0, 2: 0 }), [], 'nothing called for it')
    t.match(triage({ 1: 0, 2: 0 }), { value: null, missing: 1 }, 'nothing found, and not all asked')
    t.match(
      triage({ ...noes, 4: 1 }),
      { value: 3 },
      'an answer counts even where it need not have been asked for',
    )
    t.same(score(definitionOf('c-ssrs-screener'), noes).flags, [])
    t.same(score(definitionOf('c-ssrs-screener'), { ...noes, 5: 1 }).flags, ['triage_high'])
    t.same(score(definitionOf('c-ssrs-screener'), { ...noes, 2: 1 }).flags, ['triage_low'])
  },
)

const anyForm = fc
  .constantFrom(...shippedInstruments)
  .chain(({ definition }) =>
    fc
      .record(
        Object.fromEntries(
          definition.items.map(item => [item.key, fc.constantFrom(...valuesOf(definition, item.responses))]),
        ),
        { requiredKeys: [] },
      )
      .map(answers => ({ definition, answers: answers as Answers })),
  )

t.test(
  'whatever was answered: the same scores again, within the ends of the scale, in no order of answers',
  async t => {
    fc.assert(
      fc.property(anyForm, ({ definition, answers }) => {
        const result = score(definition, answers)
        const backwards = Object.fromEntries(Object.entries(answers).reverse())
        t.strictSame(score(definition, backwards), result)
        for (const { value, missing, prorated } of result.scales) {
          if (value !== null && !Number.isFinite(value)) return false
          if (missing === 0 && prorated) return false
        }
        return result.scales.length === definition.scales.length
      }),
      { numRuns: 150 },
    )
    t.pass('for 150 forms')
  },
)

t.test('a full form has a score on every scale, and a higher answer never lowers a plain sum', async t => {
  const fullForm = fc
    .constantFrom(...shippedInstruments)
    .chain(({ definition }) =>
      fc
        .tuple(
          fc.record(
            Object.fromEntries(
              definition.items.map(item => [
                item.key,
                fc.constantFrom(...valuesOf(definition, item.responses)),
              ]),
            ),
          ),
          fc.constantFrom(...definition.items),
        )
        .map(([answers, item]) => ({ definition, answers: answers as Answers, item })),
    )
  fc.assert(
    fc.property(fullForm, ({ definition, answers, item }) => {
      const before = score(definition, answers)
      const top = highest(valuesOf(definition, item.responses))
      const after = score(definition, { ...answers, [item.key]: top })
      return definition.scales.every(({ method }, index) => {
        const [low, high] = [before.scales[index]?.value, after.scales[index]?.value]
        if (typeof low !== 'number' || typeof high !== 'number') return false
        if (method === 'rule') return true
        return item.reverse ? high <= low : high >= low
      })
    }),
    { numRuns: 150 },
  )
  t.pass('for 150 forms')
})
