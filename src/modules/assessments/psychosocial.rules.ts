import { Problem } from '../../lib/problems.ts'

/** What a psychosocial assessment goes through, in its order. */
export const sectionKeys = [
  'presenting_problem',
  'problem_history',
  'medical',
  'psychiatric_history',
  'substances_and_processes',
  'trauma',
  'sexual_and_relationship_history',
  'family_of_origin',
  'development',
  'education_work_finance',
  'legal',
  'culture_and_spirituality',
  'supports',
  'strengths',
  'risk',
  'mental_status',
  'readiness',
  'blocks',
  'formulation',
  'diagnosis',
  'recommendations',
] as const
export type SectionKey = (typeof sectionKeys)[number]

export const sources = ['self', 'collateral', 'records', 'testing'] as const

export interface Section {
  text: string
  /** Where it is known from. */
  sources: (typeof sources)[number][]
}

export type Sections = Partial<Record<SectionKey, Section>>
export type SectionChange = { [K in SectionKey]?: Section | null | undefined }

/** The sections after a change, in their order: null empties one, what is left out stays. */
export function mergeSections(before: Sections, change: SectionChange): Sections {
  const after: Sections = {}
  for (const key of sectionKeys) {
    const section = change[key] === undefined ? before[key] : change[key]
    if (section) after[key] = section
  }
  return after
}

/** Whole percent of the sections that have a text, rounded down: 100 only when all have. */
export const completeness = (sections: Sections) =>
  Math.floor((100 * Object.keys(sections).length) / sectionKeys.length)

/** @throws Problem `invalid-state` for what was signed, and stays as it is */
export function requireDraft(status: string): void {
  if (status !== 'draft')
    throw new Problem('invalid-state', { detail: 'It is signed. Add an addendum instead.' })
}

/** Whole days from one to the other. */
export const daysBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
