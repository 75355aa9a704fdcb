import type {
  Condition,
  Cutoff,
  InstrumentDefinition,
  InstrumentItem,
  InstrumentScale,
} from './definitions.schemas.ts'

/**
 * How answers become scores. Pure: the same definition and answers give the same scores for ever. A change of this
 * file that changes any score is another version; what was scored keeps the version it was scored with. Version 2: a tier
 * is none while a higher one stands open.
 */
export const algorithmVersion = 2

/** The answer to each item that was answered, by its key. */
export type Answers = Readonly<Record<string, number>>

export interface ScaleScore {
  scale: string
  /** Null when too much was left out. */
  value: number | null
  /** How many of the items that were to be answered were not. */
  missing: number
  /** Whether the mean of the other answers fills in for missing ones. */
  prorated: boolean
  /** The band of confirmed bands it falls into. */
  band: string | null
  /** The confirmed cut-offs it meets. */
  met: string[]
}

export interface Scores {
  algorithmVersion: number
  scales: ScaleScore[]
  /** Keys of the definition's flags, in its order. */
  flags: string[]
}

export function score(definition: InstrumentDefinition, answers: Answers): Scores {
  const form = formOf(definition, answers)
  const scales: ScaleScore[] = []
  for (const scale of definition.scales) scales.push(interpreted(scale, computed(scale, form, scales)))
  const flags = definition.flags.filter(({ any }) => any.some(one => holds(one, answers)))
  return { algorithmVersion, scales, flags: flags.map(({ key }) => key) }
}

/**
 * The flags of which an answer called for the question, and the question was left out: broken off there, nobody knows
 * whether the flag would stand.
 */
export function flagsLeftOpen(
  { items, flags }: InstrumentDefinition,
  answers: Answers,
): InstrumentDefinition['flags'] {
  const calledFor = items.filter(
    ({ key, askIf }) => askIf && holds(askIf, answers) && answerTo(answers, key) === undefined,
  )
  const keys = new Set(calledFor.map(({ key }) => key))
  return flags.filter(({ any }) => any.some(({ item }) => keys.has(item)))
}

interface Form {
  answers: Answers
  items: ReadonlyMap<string, ScoredItem>
}

interface ScoredItem {
  item: InstrumentItem
  lowest: number
  highest: number
  /** False where an earlier answer made the question needless. */
  asked: boolean
}

function formOf(definition: InstrumentDefinition, answers: Answers): Form {
  const sets = new Map(definition.responseSets.map(set => [set.key, set.options.map(({ value }) => value)]))
  const items = definition.items.map(item => {
    const values = sets.get(item.responses) ?? []
    const asked = !item.askIf || holds(item.askIf, answers)
    const scored = { item, lowest: Math.min(...values), highest: Math.max(...values), asked }
    return [item.key, scored] as const
  })
  return { answers, items: new Map(items) }
}

type Computed = Pick<ScaleScore, 'value' | 'missing' | 'prorated'>

function computed(scale: InstrumentScale, form: Form, earlier: readonly ScaleScore[]): Computed {
  if (scale.rule?.kind === 'tiers') return tiered(scale.rule.tiers, form)
  if (scale.rule) return combined(scale.rule, earlier)
  return overItems(scale, form)
}

/** Whether an answer reaches a value. An answer counts even where it need not have been asked for. */
const holds = ({ item, atLeast }: Condition, answers: Answers) => {
  const answer = answerTo(answers, item)
  return answer !== undefined && answer >= atLeast
}

/** An item may have any name, `constructor` too. */
const answerTo = (answers: Answers, item: string) =>
  Object.hasOwn(answers, item) ? answers[item] : undefined

function overItems(scale: InstrumentScale, form: Form): Computed {
  const relevant = (scale.items ?? []).flatMap(key => form.items.get(key) ?? [])
  const values = relevant.flatMap(scored => valueOf(scored, scale, form.answers) ?? [])
  const missing = relevant.filter(
    ({ item, asked }) => asked && answerTo(form.answers, item.key) === undefined,
  ).length
  if (missing > scale.mostMissing || values.length === 0) return { value: null, missing, prorated: false }
  const sum = values.reduce((total, value) => total + value, 0)
  if (scale.method === 'mean') return { value: rounded(sum / values.length), missing, prorated: missing > 0 }
  if (missing === 0) return { value: sum, missing, prorated: false }
  // Whole numbers, so that a prorated sum falls into one band: half up, as for the sums it stands for.
  const filled = Math.round((sum * (values.length + missing)) / values.length)
  return { value: filled, missing, prorated: true }
}

/** What an item adds to a scale; undefined when it was not answered. */
function valueOf({ item, lowest, highest }: ScoredItem, scale: InstrumentScale, answers: Answers) {
  const answer = answerTo(answers, item.key)
  if (answer === undefined) return undefined
  const value = item.reverse ? lowest + highest - answer : answer
  if (scale.method !== 'count') return value
  return value >= (scale.countFrom ?? 1) ? 1 : 0
}

type CombiningRule = Exclude<NonNullable<InstrumentScale['rule']>, { kind: 'tiers' }>

function combined(rule: CombiningRule, earlier: readonly ScaleScore[]): Computed {
  const parts = rule.kind === 'weighted' ? rule.terms : rule.conditions
  const found = parts.map(part => earlier.find(({ scale }) => scale === part.scale))
  const missing = found.reduce((total, part) => total + (part?.missing ?? 0), 0)
  const prorated = found.some(part => part?.prorated)
  const values = found.map(part => part?.value ?? null)
  if (values.some(value => value === null)) return { value: null, missing, prorated: false }
  const numbers = values as number[]
  return { value: rounded(combine(rule, numbers)), missing, prorated }
}

function combine(rule: CombiningRule, values: readonly number[]): number {
  if (rule.kind === 'weighted')
    return rule.terms.reduce((total, { weight }, index) => total + weight * (values[index] ?? 0), 0)
  return rule.conditions.every(({ atLeast }, index) => (values[index] ?? 0) >= atLeast) ? 1 : 0
}

type Tiers = Extract<NonNullable<InstrumentScale['rule']>, { kind: 'tiers' }>['tiers']

/** The highest of which a condition holds; none where an answer that is missing could still have made it a higher one. */
function tiered(tiers: Tiers, { answers, items }: Form): Computed {
  const isMissing = ({ item }: Condition) =>
    items.get(item)?.asked === true && answerTo(answers, item) === undefined
  const missing = new Set(tiers.flatMap(({ any }) => any.filter(isMissing)).map(({ item }) => item)).size
  const valuesWhere = (test: (one: Condition) => boolean) =>
    tiers.filter(({ any }) => any.some(test)).map(({ value }) => value)
  const found = Math.max(0, ...valuesWhere(one => holds(one, answers)))
  const open = Math.max(0, ...valuesWhere(isMissing))
  return { value: open > found ? null : found, missing, prorated: false }
}

function interpreted(scale: InstrumentScale, part: Computed): ScaleScore {
  const { value } = part
  if (value === null) return { scale: scale.key, ...part, band: null, met: [] }
  const levels = scale.bands?.confidence === 'confirmed' ? scale.bands.levels : []
  const band = levels.filter(({ from }) => value >= from).at(-1)
  const confirmed = (scale.cutoffs ?? []).filter(({ confidence }) => confidence === 'confirmed')
  const met = confirmed.filter(cutoff => meets(cutoff, value)).map(({ key }) => key)
  return { scale: scale.key, ...part, band: band?.key ?? null, met }
}

const comparisons: Readonly<Record<Cutoff['op'], (value: number, limit: number) => boolean>> = {
  gte: (value, limit) => value >= limit,
  gt: (value, limit) => value > limit,
  lte: (value, limit) => value <= limit,
  lt: (value, limit) => value < limit,
}

const meets = ({ op, value: limit }: Cutoff, value: number) => comparisons[op](value, limit)

/** To four places: enough for any published mean, and without the dust of binary fractions. */
export const rounded = (value: number) => Math.round(value * 10_000) / 10_000
