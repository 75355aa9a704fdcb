import { type Static, type TObject, type TProperties, Type } from 'typebox'
import { component, strictObject } from '../../../lib/schemas.ts'
import type { AlertRuleName, NewAlert } from '../../alerts/index.ts'
import type { ReleaseCategory } from '../../releases/index.ts'

/** What of a record stands in plain columns, because figures are computed from it. Words of people never do. */
export interface Indexed {
  /** Words of lists, in an order of the kind's own. */
  keys?: readonly (string | null)[]
  /** Numbers, in an order of the kind's own. */
  measures?: readonly (number | null)[]
}

/** A status and those that may follow it. The first status of a kind is the one a record begins in. */
export type Steps = Readonly<Record<string, readonly string[]>>

/** What `defineKind` takes. Everything optional is absent for most kinds. */
export interface KindDefinition<C extends TObject> {
  /** The word of the API and of the database's check. */
  kind: string
  /** The component names of the OpenAPI document begin with it. */
  name: string
  title: string
  about: string
  /** `restricted`: the care team alone, never a supervisor, emergency access or an integration. */
  dataClass: 'clinical' | 'restricted'
  charts: readonly ('individual' | 'couple')[]
  content: C
  /** A log's entries are facts of a day: they are withdrawn or corrected by another one, never revised. */
  log?: true
  steps: Steps
  /** Statuses in which nothing is due any more. */
  over?: readonly string[]
  /** By status: the words of which one has to say why it was entered. */
  reasons?: Readonly<Record<string, readonly string[]>>
  /** The addiction or the behavior it is about. */
  subject?: 'optional' | 'required'
  /** It may say which session of the chart it is about. */
  session?: true
  /** Another record of the chart that it belongs to. */
  related?: { kinds: readonly string[]; required: boolean }
  /** What the last day means, where there is one. */
  endsOn?: string
  /** What the next date means, where there is one: when it has passed, the review is overdue. */
  reviewOn?: string
  /** What a client may do through the portal: see what was released, or also write. */
  portal?: 'read' | 'write'
  /** Steps that a client takes at the portal, with what they see there. */
  clientSteps?: Steps
  /** Text that looks like an address is refused from anybody; from clients it always is. */
  noLinks?: true
  /** At most one record of the chart may be in one of these statuses: a unique index decides. */
  oneIn?: readonly string[]
  /** Statuses in which the content stands as it is. */
  locked?: readonly string[]
  /** Whether this content is for the care team alone although the kind is not. */
  restrictedWhen?(content: Static<C>): boolean
  /** Whether this content is the client's own: where it is not, the portal neither takes nor shows it. */
  isClients?(content: Static<C>): boolean
  /** What its schema cannot say. @throws Problem `invalid-request` */
  check?(content: Static<C>): void
  /** Documents of the chart, in use, that the content names. */
  tools?(content: Static<C>): readonly { kind: string; field: string; id: string | undefined }[]
  /** `at` of an entry of a log, where it says a time of day: it has to be on the day of the record. */
  moment?(content: Static<C>): string | undefined
  indexed?(content: Static<C>): Indexed
  /** What goes out of the practice with the step to `released`, and to whom: a release of information has to allow it. */
  tells?(content: Static<C>): { category: ReleaseCategory; recipient: string }
  /** What whoever writes this should look at: words, never a refusal. */
  notices?(content: Static<C>): readonly Warning[]
  /** What has to be looked at as soon as it is written: an alert, settled when the record is over or withdrawn. */
  alarm?: Alarm<Static<C>>
}

interface Alarm<Content> {
  rule: AlertRuleName
  find(content: Content): Pick<NewAlert, 'severity' | 'evidence'> | null
}

/** A kind of record: its definition, with the statuses that every kind has besides its own. */
export interface RecordKind extends KindDefinition<TObject> {
  /** Those of its own class, or `restricted` where a subject, a related record or the content makes one so. */
  dataClasses: readonly ('clinical' | 'restricted')[]
  initial: string
  statuses: readonly string[]
  example: Record<string, unknown>
}

export const warnings = [
  'no_containment_plan',
  'no_coping_skill',
  'not_stabilized',
  'check_reporting_duty',
  'treating_and_forensic',
  'therapist_as_ally',
  'partner_as_ally',
  'contraindicated',
] as const
export type Warning = (typeof warnings)[number]

/** What was written by mistake leaves every figure and stays in the history. */
export const withdrawn = 'withdrawn'

/** The steps of a log's entry. */
export const logSteps: Steps = { recorded: [] }

/**
 * Declares a kind of record. Its content becomes a component of the OpenAPI document.
 *
 * @param definition its `content` carries a fictional example
 */
export function defineKind<C extends TObject>(definition: KindDefinition<C>): RecordKind {
  const content = component(`${definition.name}Content`, definition.content)
  const own = Object.keys(definition.steps)
  const steps = Object.fromEntries(
    own.map(status => [status, [...(definition.steps[status] ?? []), withdrawn]]),
  )
  const { examples } = content as { examples?: Record<string, unknown>[] }
  const kind: KindDefinition<C> = { ...definition, content, steps: { ...steps, [withdrawn]: [] } }
  return Object.assign(kind, {
    dataClasses: classesOf(definition),
    initial: own[0] ?? withdrawn,
    statuses: [...own, withdrawn],
    example: examples?.[0] ?? {},
  })
}

/** What whoever writes this content should look at. */
export const noticesOf = (kind: RecordKind, content: Record<string, unknown>): Warning[] => [
  ...(kind.notices?.(content) ?? []),
]

function classesOf<C extends TObject>({ dataClass, subject, related, restrictedWhen }: KindDefinition<C>) {
  const mayBeRestricted = dataClass === 'restricted' || subject || related || restrictedWhen
  return dataClass === 'clinical' && mayBeRestricted ? (['clinical', 'restricted'] as const) : [dataClass]
}

/** The content of a kind, with its example. Left-out fields are unknown, not empty. */
export const contentOf = <P extends TProperties>(fields: P, description: string, example: object) =>
  strictObject(fields, { description, examples: [example] })

/** A whole number of people's own rating. */
export const Rating = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description, examples: [maximum] })

export const Words = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, description })

export const WordList = (maxItems: number, maxLength: number, description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength }), { maxItems, description })

export const Flag = (description: string) => Type.Boolean({ description })
