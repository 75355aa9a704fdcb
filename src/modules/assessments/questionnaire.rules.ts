import { invalidField } from '../../lib/problems.ts'
import type { InstrumentDefinition } from './definitions.schemas.ts'
import type { ItemTexts } from './instruments.schemas.ts'

/** Longest wording of an item or an answer. */
const longest = 2_000

/** Where a FHIR R4 Questionnaire says which number an answer stands for (R4 and its successor's spelling). */
const ordinals = new Set([
  'http://hl7.org/fhir/StructureDefinition/ordinalValue',
  'http://hl7.org/fhir/StructureDefinition/itemWeight',
])

/**
 * Reads the wording of an instrument out of a FHIR R4 Questionnaire. Every item of the instrument must be in it once.
 *
 * @param itemKeys which item a `linkId` is, where they are not the same
 * @throws Problem `invalid-request`
 */
export function textsOf(
  definition: InstrumentDefinition,
  items: readonly unknown[],
  itemKeys: Readonly<Record<string, string>> = {},
): ItemTexts {
  const known = new Map(definition.items.map(item => [item.key, valuesOf(definition, item.responses)]))
  if (!Object.values(itemKeys).every(key => known.has(key)))
    throw invalidField('/itemKeys', 'unknown-item', 'Must name items of this instrument.')
  const texts: ItemTexts = { items: {}, options: {} }
  for (const question of questionsIn(items)) {
    const linkId = String(question.linkId ?? '')
    const key = Object.hasOwn(itemKeys, linkId) ? itemKeys[linkId] : linkId
    const values = key === undefined ? undefined : known.get(key)
    // Headings and remarks are no items of ours.
    if (key === undefined || !values) continue
    if (key in texts.items) throw inItems('unique', 'An item stands there twice.')
    texts.items[key] = wordingOf(question.text)
    const options = optionsOf(question.answerOption, values)
    if (Object.keys(options).length > 0) texts.options[key] = options
  }
  if (Object.keys(texts.items).length < known.size)
    throw inItems(
      'required',
      'Every item of the instrument needs its text, under its key or through `itemKeys`.',
    )
  return texts
}

const inItems = (code: string, detail: string) => invalidField('/questionnaire/item', code, detail)

const valuesOf = ({ responseSets }: InstrumentDefinition, key: string) =>
  new Set((responseSets.find(set => set.key === key)?.options ?? []).map(({ value }) => value))

type Loose = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listIn = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** Items and those nested in them, in their order. */
function questionsIn(items: readonly unknown[]): Loose[] {
  return listIn(items).flatMap(item => [item, ...questionsIn(Array.isArray(item.item) ? item.item : [])])
}

function wordingOf(text: unknown): string {
  if (typeof text === 'string' && text.trim() !== '' && text.length <= longest) return text
  throw inItems('text', `Every item needs a text of at most ${longest} characters.`)
}

/** The wording of answers that say which of our values they are; others keep our own anchors. */
function optionsOf(answerOption: unknown, values: ReadonlySet<number>): Record<string, string> {
  const options: Record<string, string> = {}
  for (const { valueCoding } of listIn(answerOption)) {
    if (!isObject(valueCoding)) continue
    const value = ordinalOf(valueCoding)
    if (value !== undefined && values.has(value)) options[String(value)] = wordingOf(valueCoding.display)
  }
  return options
}

function ordinalOf(coding: Loose): number | undefined {
  const extension = listIn(coding.extension).find(({ url }) => typeof url === 'string' && ordinals.has(url))
  return typeof extension?.valueDecimal === 'number' ? extension.valueDecimal : undefined
}
