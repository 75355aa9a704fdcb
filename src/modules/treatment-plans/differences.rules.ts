import { canonicalJson, type Json } from '../../lib/canonical-json.ts'
import type { PlanContent } from './content.schemas.ts'

export const sections = [
  'plan',
  'team',
  'diagnoses',
  'problems',
  'goals',
  'objectives',
  'interventions',
] as const

export interface PlanDifference {
  section: (typeof sections)[number]
  /** Of what was changed in its list; null for the plan as a whole. */
  key: string | null
  change: 'added' | 'removed' | 'changed'
  fields: { field: string; before: string | null; after: string | null }[]
}

type Fields = Record<string, Json | undefined>

/**
 * What is different between two contents of a plan, by the keys of their elements, in the order in which a plan is
 * read. The order within a list is no difference.
 */
export function differencesBetween(before: PlanContent, after: PlanContent): PlanDifference[] {
  const whole = changedFields(own(before), own(after))
  return [
    ...(whole.length > 0
      ? [{ section: 'plan' as const, key: null, change: 'changed' as const, fields: whole }]
      : []),
    ...sections
      .filter(section => section !== 'plan')
      .flatMap(section => listDifferences(section, before[section], after[section])),
  ]
}

/** What belongs to the plan itself: all that is in no list. */
const own = (content: PlanContent): Fields =>
  Object.fromEntries(Object.entries(content).filter(([name]) => !sections.some(section => section === name)))

function listDifferences(
  section: PlanDifference['section'],
  before: readonly { key: string }[],
  after: readonly { key: string }[],
): PlanDifference[] {
  const [old, now] = [byKey(before), byKey(after)]
  const keys = [...new Set([...old.keys(), ...now.keys()])]
  return keys
    .map(key => {
      const [was, is] = [old.get(key), now.get(key)]
      const change = was && is ? ('changed' as const) : is ? ('added' as const) : ('removed' as const)
      return { section, key, change, fields: changedFields(was ?? {}, is ?? {}) }
    })
    .filter(({ change, fields }) => change !== 'changed' || fields.length > 0)
}

const byKey = (list: readonly { key: string }[]) =>
  new Map(list.map(({ key, ...fields }) => [key, fields as Fields]))

function changedFields(before: Fields, after: Fields): PlanDifference['fields'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names
    .map(field => ({ field, before: textOf(before[field]), after: textOf(after[field]) }))
    .filter(({ before: was, after: is }) => was !== is)
}

/** Text as it is; everything else as JSON. */
function textOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : canonicalJson(value)
}
