const formatKeys = ['soap', 'dap', 'birp', 'girp'] as const

/** Notes whose record is a part, by the kind of that part; a group’s members begin theirs with its session. */
const recordKeys = [
  'intake',
  'cbt',
  'dbt',
  'emdr',
  'somatic',
  'neurofeedback',
  'couple',
  'crisis',
  'collateral_contact',
  'case_management',
  'intensive_day',
  'intensive_summary',
  'group_member',
  'no_show',
  'termination',
] as const

export const templateKeys = [...formatKeys, ...recordKeys] as const
export type TemplateKey = (typeof templateKeys)[number]

/** One heading of a note: what the clinician writes under it. */
export interface TemplateSection {
  key: string
  label: string
  help: string
  /** A note is signed only when every required section has text. */
  required: boolean
  /** What the last session says under it is where the next one starts: it may be carried over, marked as such. */
  carries?: boolean
}

/**
 * The headings of a note. A published version never changes: a note written under it is read under it for
 * ever. A better wording is a new version, put in front of the older ones of its key.
 */
export interface NoteTemplate {
  key: TemplateKey
  version: number
  name: string
  sections: readonly TemplateSection[]
  /** Kinds of parts that a note begins with, empty. */
  partKinds: readonly string[]
}

const section = (key: string, label: string, help: string): TemplateSection => ({
  key,
  label,
  help,
  required: true,
})

/** What is agreed for the time after one session is what the next one begins with. */
const carried = (key: string, label: string, help: string): TemplateSection => ({
  ...section(key, label, help),
  carries: true,
})

/** The common formats of progress notes; the wording is our own. */
const formats: readonly Omit<NoteTemplate, 'partKinds'>[] = [
  {
    key: 'soap',
    version: 1,
    name: 'SOAP',
    sections: [
      section(
        'subjective',
        'Subjective',
        'What the client reports: concerns, changes, symptoms as they live them.',
      ),
      section('objective', 'Objective', 'What you observed or measured: presentation, affect, scores.'),
      section(
        'assessment',
        'Assessment',
        'How you understand it: progress toward goals, risk, clinical impression.',
      ),
      carried('plan', 'Plan', 'What follows: next steps, tasks between sessions, next appointment.'),
    ],
  },
  {
    key: 'dap',
    version: 1,
    name: 'DAP',
    sections: [
      section('data', 'Data', 'What was reported and what you observed, together.'),
      section(
        'assessment',
        'Assessment',
        'How you understand it: progress toward goals, risk, clinical impression.',
      ),
      carried('plan', 'Plan', 'What follows: next steps, tasks between sessions, next appointment.'),
    ],
  },
  {
    key: 'birp',
    version: 1,
    name: 'BIRP',
    sections: [
      section('behavior', 'Behavior', 'How the client presented and what they brought to the session.'),
      section('intervention', 'Intervention', 'What you did: methods used and why.'),
      section('response', 'Response', 'How the client took it up, and what changed in the session.'),
      carried('plan', 'Plan', 'What follows: next steps, tasks between sessions, next appointment.'),
    ],
  },
  {
    key: 'girp',
    version: 1,
    name: 'GIRP',
    sections: [
      carried('goals', 'Goals', 'The goals and objectives this session worked on.'),
      section('intervention', 'Intervention', 'What you did: methods used and why.'),
      section('response', 'Response', 'How the client took it up, and what changed in the session.'),
      carried('plan', 'Plan', 'What follows: next steps, tasks between sessions, next appointment.'),
    ],
  },
]

const remarks: TemplateSection = {
  key: 'remarks',
  label: 'Remarks',
  help: 'What the fields have no place for. May stay empty.',
  required: false,
}

const recordNames: Readonly<Record<(typeof recordKeys)[number], string>> = {
  intake: 'Intake',
  cbt: 'CBT session',
  dbt: 'DBT session',
  emdr: 'EMDR session',
  somatic: 'Somatic session',
  neurofeedback: 'Neurofeedback session',
  couple: 'Couple session',
  crisis: 'Crisis',
  collateral_contact: 'Collateral contact',
  case_management: 'Case management',
  intensive_day: 'Day of an intensive',
  intensive_summary: 'Summary of an intensive',
  group_member: 'Group session, one member',
  no_show: 'Missed session',
  termination: 'End of treatment',
}

/** Every template in every version. */
export const noteTemplates: readonly NoteTemplate[] = [
  ...formats.map(format => ({ ...format, partKinds: [] })),
  ...recordKeys.map(key => ({
    key,
    version: 1,
    name: recordNames[key],
    sections: [remarks],
    partKinds: [key],
  })),
]

/** The version that new notes are written under. */
export function currentTemplate(key: TemplateKey): NoteTemplate {
  const template = noteTemplates.find(candidate => candidate.key === key)
  if (!template) throw new Error(`There is no template "${key}"`)
  return template
}

/** The very template a note was written under. */
export function templateOf(key: string, version: number): NoteTemplate {
  const template = noteTemplates.find(candidate => candidate.key === key && candidate.version === version)
  if (!template) throw new Error(`There is no template "${key}" of version ${version}`)
  return template
}
