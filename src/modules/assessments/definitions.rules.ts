import { type FieldError, Problem } from '../../lib/problems.ts'
import type { InstrumentDefinition, InstrumentScale, ScaleRule } from './definitions.schemas.ts'

/**
 * What a schema cannot say of a definition: that all it names is there, and that it can be scored.
 *
 * @returns what is wrong, by its place in the definition
 */
export function definitionErrors(definition: InstrumentDefinition): FieldError[] {
  return [
    ...repeated('/responseSets', definition.responseSets),
    ...repeated('/items', definition.items),
    ...repeated('/scales', definition.scales),
    ...repeated('/flags', definition.flags),
    ...optionErrors(definition),
    ...itemErrors(definition),
    ...definition.scales.flatMap((scale, index) => scaleErrors(definition, scale, index)),
    ...definition.flags.flatMap(({ any }, index) => conditionErrors(definition, any, `/flags/${index}/any`)),
  ]
}

/** @throws Problem `invalid-request` that says what is wrong, and where */
export function checkDefinition(definition: InstrumentDefinition): void {
  const errors = definitionErrors(definition)
  if (errors.length === 0) return
  const placed = errors.map(error => ({ ...error, pointer: `/definition${error.pointer}` }))
  throw new Problem('invalid-request', { errors: placed.slice(0, 20) })
}

const wrong = (pointer: string, code: string, detail: string): FieldError => ({ pointer, code, detail })

function repeated(pointer: string, entries: readonly { key: string }[]): FieldError[] {
  const seen = new Set<string>()
  return entries.flatMap(({ key }, index) => {
    if (seen.has(key))
      return [wrong(`${pointer}/${index}/key`, 'unique', 'Must differ from the keys before.')]
    seen.add(key)
    return []
  })
}

function optionErrors({ responseSets }: InstrumentDefinition): FieldError[] {
  return responseSets.flatMap(({ options }, index) => {
    const values = new Set(options.map(({ value }) => value))
    if (values.size === options.length) return []
    return [wrong(`/responseSets/${index}/options`, 'unique', 'Each value may stand once.')]
  })
}

function itemErrors(definition: InstrumentDefinition): FieldError[] {
  const sets = new Set(definition.responseSets.map(({ key }) => key))
  const earlier = new Set<string>()
  return definition.items.flatMap(({ key, responses, askIf }, index) => {
    const errors: FieldError[] = []
    const at = `/items/${index}`
    if (!sets.has(responses))
      errors.push(wrong(`${at}/responses`, 'unknown', 'Must be one of the sets of answers.'))
    if (askIf && !earlier.has(askIf.item))
      errors.push(wrong(`${at}/askIf/item`, 'unknown', 'Must be an earlier item.'))
    earlier.add(key)
    return errors
  })
}

function scaleErrors(definition: InstrumentDefinition, scale: InstrumentScale, index: number): FieldError[] {
  const at = `/scales/${index}`
  const levels = scale.bands?.levels ?? []
  const rising = levels.every(
    (level, place) => place === 0 || level.from > (levels[place - 1]?.from ?? level.from),
  )
  return [
    ...(rising ? [] : [wrong(`${at}/bands/levels`, 'order', 'Must rise.')]),
    ...repeated(`${at}/bands/levels`, levels),
    ...repeated(`${at}/cutoffs`, scale.cutoffs ?? []),
    ...(scale.method === 'rule'
      ? ruleErrors(definition, scale, index)
      : overItemsErrors(definition, scale, at)),
  ]
}

function overItemsErrors(definition: InstrumentDefinition, scale: InstrumentScale, at: string): FieldError[] {
  const errors: FieldError[] = []
  if (scale.rule) errors.push(wrong(`${at}/rule`, 'needless', 'Only a scale by rule has one.'))
  if (!scale.items)
    return [...errors, wrong(`${at}/items`, 'required', 'A scale that is no rule needs items.')]
  if (scale.method === 'count' && scale.countFrom === undefined)
    errors.push(wrong(`${at}/countFrom`, 'required', 'A count needs the value to count from.'))
  if (scale.mostMissing >= scale.items.length)
    errors.push(wrong(`${at}/mostMissing`, 'range', 'Some item must be answered.'))
  const known = new Set(definition.items.map(({ key }) => key))
  if (!scale.items.every(key => known.has(key)) || new Set(scale.items).size < scale.items.length)
    errors.push(wrong(`${at}/items`, 'unknown', 'Must be items of this instrument, each once.'))
  return errors
}

function ruleErrors(definition: InstrumentDefinition, scale: InstrumentScale, index: number): FieldError[] {
  const at = `/scales/${index}/rule`
  const { rule } = scale
  if (!rule) return [wrong(at, 'required', 'A scale by rule needs one.')]
  if (scale.items) return [wrong(`/scales/${index}/items`, 'needless', 'A rule names what it looks at.')]
  if (rule.kind === 'tiers')
    return rule.tiers.flatMap(({ any }, tier) => conditionErrors(definition, any, `${at}/tiers/${tier}/any`))
  const earlier = new Set(definition.scales.slice(0, index).map(({ key }) => key))
  return partsOf(rule).every(key => earlier.has(key))
    ? []
    : [wrong(at, 'unknown', 'Must name scales that stand before this one.')]
}

const partsOf = (rule: Exclude<ScaleRule, { kind: 'tiers' }>) =>
  (rule.kind === 'weighted' ? rule.terms : rule.conditions).map(({ scale }) => scale)

function conditionErrors(
  { items }: InstrumentDefinition,
  conditions: readonly { item: string }[],
  pointer: string,
): FieldError[] {
  return conditions.flatMap(({ item }, index) =>
    items.some(({ key }) => key === item)
      ? []
      : [wrong(`${pointer}/${index}/item`, 'unknown', 'Must be an item of this instrument.')],
  )
}
