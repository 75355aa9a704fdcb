import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  Reason,
  strictObject,
  Version,
} from '../../../lib/schemas.ts'
import { type RecordKind, type Warning, warnings } from './kind.ts'
import {
  clientStatuses,
  clientWrittenKinds,
  kindNamed,
  kinds,
  portalKinds,
  reasonWords,
  statuses,
} from './kinds/index.ts'

const recordId = '019c0000-0000-7000-8000-0000000000b9'
const chartId = '019c0000-0000-7000-8000-0000000000c1'
export const exampleStaffId = '019c0000-0000-7000-8000-0000000000f1'
const otherId = '019c0000-0000-7000-8000-0000000000ba'
const addictionId = '019c0000-0000-7000-8000-0000000000a1'

const ids = {
  clientId: Id('In the chart of a couple: the partner it is about.', '019c0000-0000-7000-8000-0000000000c5'),
  addictionId: Id('The addiction it is about.', addictionId),
  behaviorId: Id(
    'The behavior it is about. Whatever is about a behavior is restricted.',
    '019c0000-0000-7000-8000-0000000000a2',
  ),
  relatedRecordId: Id('The record it belongs to.', otherId),
  correctsRecordId: Id('The entry it takes the place of; that one is withdrawn.', otherId),
  appointmentId: Id(
    'The session it is about, an appointment of this chart.',
    '019c0000-0000-7000-8000-0000000000d7',
  ),
}

const dates = {
  occurredOn: CalendarDate('The day it happened or began; never later than today.', '2026-01-05'),
  endsOn: (meaning: string) => CalendarDate(meaning, '2026-12-31'),
  reviewOn: (meaning: string) => CalendarDate(meaning, '2026-12-01'),
}

const released = Type.Boolean({ description: 'Whether the client sees it in the portal.' })

/** What is written of a kind, with exactly the fields that it knows. */
function inputOf(kind: RecordKind, by: 'staff' | 'client') {
  const { related, subject } = kind
  const fields: TProperties = {
    kind: Type.Literal(kind.kind),
    occurredOn: Type.Optional(dates.occurredOn),
    ...(kind.endsOn ? { endsOn: Type.Optional(Nullable(dates.endsOn(kind.endsOn))) } : {}),
    ...(kind.reviewOn ? { reviewOn: Type.Optional(Nullable(dates.reviewOn(kind.reviewOn))) } : {}),
    ...(subject && by === 'staff'
      ? { addictionId: Type.Optional(ids.addictionId), behaviorId: Type.Optional(ids.behaviorId) }
      : {}),
    ...(related
      ? { relatedRecordId: related.required ? ids.relatedRecordId : Type.Optional(ids.relatedRecordId) }
      : {}),
    ...(kind.log ? { correctsRecordId: Type.Optional(ids.correctsRecordId) } : {}),
    ...(kind.session ? { appointmentId: Type.Optional(ids.appointmentId) } : {}),
    ...(by === 'staff' && kind.charts.includes('couple') ? { clientId: Type.Optional(ids.clientId) } : {}),
    ...(by === 'staff' && kind.portal ? { released: Type.Optional(released) } : {}),
    content: kind.content,
  }
  const name = by === 'staff' ? `New${kind.name}` : `NewPortal${kind.name}`
  return component(
    name,
    strictObject(fields, { description: `${kind.title}: ${kind.about}`, examples: [inputExample(kind)] }),
  )
}

const inputExample = (kind: RecordKind) => ({
  kind: kind.kind,
  occurredOn: '2026-01-05',
  ...(kind.subject === 'required' ? { addictionId } : {}),
  ...(kind.related?.required ? { relatedRecordId: otherId } : {}),
  content: kind.example,
})

const recordExample = (kind: RecordKind) => ({
  id: recordId,
  chartId,
  kind: kind.kind,
  status: kind.initial,
  dataClass: kind.dataClass,
  clientId: null,
  addictionId: kind.subject === 'required' ? addictionId : null,
  behaviorId: null,
  relatedRecordId: kind.related?.required ? otherId : null,
  correctsRecordId: null,
  appointmentId: null,
  treatmentPlanId: null,
  occurredOn: '2026-01-05',
  endsOn: null,
  reviewOn: null,
  released: false,
  warnings: [],
  content: kind.example,
  enteredBy: 'staff',
  recordedById: exampleStaffId,
  version: 1,
  createdAt: '2026-01-05T18:00:00.000Z',
  updatedAt: '2026-01-05T18:00:00.000Z',
})

export const Warnings = Type.Array(OneOf(warnings), {
  description: 'What to look at; never a refusal. Of the last step, or of the content.',
})

const recordOf = (kind: RecordKind) =>
  component(
    kind.name,
    strictObject(
      {
        id: Id('The record.', recordId),
        chartId: Id('The chart.', chartId),
        kind: Type.Literal(kind.kind),
        status: OneOf(kind.statuses),
        dataClass: OneOf(kind.dataClasses),
        clientId: Nullable(ids.clientId),
        addictionId: Nullable(ids.addictionId),
        behaviorId: Nullable(ids.behaviorId),
        relatedRecordId: Nullable(ids.relatedRecordId),
        correctsRecordId: Nullable(ids.correctsRecordId),
        appointmentId: Nullable(ids.appointmentId),
        treatmentPlanId: Nullable(
          Id('Of a block: the treatment plan in force that has an objective for it.', otherId),
        ),
        occurredOn: dates.occurredOn,
        endsOn: Nullable(dates.endsOn(kind.endsOn ?? 'Always null for this kind.')),
        reviewOn: Nullable(dates.reviewOn(kind.reviewOn ?? 'Always null for this kind.')),
        released,
        warnings: Warnings,
        content: kind.content,
        enteredBy: OneOf(['staff', 'client'] as const),
        recordedById: Nullable(
          Id('The member of staff who entered it; null for the client.', exampleStaffId),
        ),
        version: Version,
        createdAt: Instant('When it was entered.'),
        updatedAt: Instant('When it last changed.'),
      },
      { description: `${kind.title}: ${kind.about}`, examples: [recordExample(kind)] },
    ),
  )

/** One of several components, told apart by `kind`: errors point into the branch that `kind` names. */
const byKind = <T>(name: string, members: readonly TSchema[], description: string, example: object) =>
  component(
    name,
    Type.Unsafe<T>({
      type: 'object',
      discriminator: { propertyName: 'kind' },
      oneOf: members,
      description,
      examples: [example],
    }),
  )

/** A record as the service handles it: what the kinds' own components have in common. */
export interface RecoveryRecord {
  id: string
  chartId: string
  kind: string
  status: string
  dataClass: 'clinical' | 'restricted'
  clientId: string | null
  addictionId: string | null
  behaviorId: string | null
  relatedRecordId: string | null
  correctsRecordId: string | null
  appointmentId: string | null
  treatmentPlanId: string | null
  occurredOn: string
  endsOn: string | null
  reviewOn: string | null
  released: boolean
  warnings: Warning[]
  content: Record<string, unknown>
  enteredBy: 'staff' | 'client'
  recordedById: string | null
  version: number
  createdAt: string
  updatedAt: string
}

/** What is written of a record, whatever its kind. */
export interface NewRecoveryRecord {
  kind: string
  occurredOn?: string
  endsOn?: string | null
  reviewOn?: string | null
  clientId?: string
  addictionId?: string
  behaviorId?: string
  relatedRecordId?: string
  correctsRecordId?: string
  appointmentId?: string
  released?: boolean
  content: Record<string, unknown>
}

const records = new Map(kinds.map(kind => [kind.kind, recordOf(kind)]))
const recordsOf = (some: readonly RecordKind[]) =>
  some.flatMap(({ kind }) => {
    const record = records.get(kind)
    return record ? [record] : []
  })

export const RecoveryRecord = byKind<RecoveryRecord>(
  'RecoveryRecord',
  recordsOf(kinds),
  'A record of recovery work; `kind` says which, and what its content holds.',
  recordExample(kindNamed('block')),
)

export const PortalRecoveryRecord = byKind<RecoveryRecord>(
  'PortalRecoveryRecord',
  recordsOf(portalKinds),
  'A record of recovery work that the client sees.',
  recordExample(kindNamed('cycle_entry')),
)

export const NewRecoveryRecord = byKind<NewRecoveryRecord>(
  'NewRecoveryRecord',
  kinds.map(kind => inputOf(kind, 'staff')),
  'A record to write, or what a revision makes of it. Without `occurredOn` it is of today.',
  inputExample(kindNamed('block')),
)

export const NewPortalRecoveryRecord = byKind<NewRecoveryRecord>(
  'NewPortalRecoveryRecord',
  clientWrittenKinds.map(kind => inputOf(kind, 'client')),
  'A record that a client writes of themselves. Without `occurredOn` it is of today.',
  inputExample(kindNamed('cycle_entry')),
)

export const RecordStep = component(
  'RecoveryRecordStep',
  strictObject(
    {
      status: OneOf(statuses, {
        description: 'The status to enter: the catalog of kinds says which may follow.',
      }),
      effectiveOn: Type.Optional(
        CalendarDate('The day it happened; today when left out, never later.', '2026-11-20'),
      ),
      reasonKey: Type.Optional(OneOf(reasonWords, { description: 'Required where the kind lists reasons.' })),
      reason: Type.Optional(Reason(1_000, { description: 'Why, in words. Required to withdraw.' })),
      overrideReason: Type.Optional(
        Reason(1_000, { description: 'Why the step is right although something is missing for it.' }),
      ),
      reviewOn: Type.Optional(
        Nullable(CalendarDate('The next review, where the kind has one.', '2026-12-20')),
      ),
      releaseId: Type.Optional(
        Id(
          'With the release of a report: the release of information that allows it. Without one it does not go out.',
          '019c0000-0000-7000-8000-0000000007d1',
        ),
      ),
    },
    {
      description: 'A step of a record: another status, or a review that leaves the status as it is.',
      examples: [{ status: 'withdrawn', reason: 'Entered in the wrong chart (fictional).' }],
    },
  ),
)

export const OwnRecordStep = component(
  'PortalRecoveryRecordStep',
  strictObject(
    {
      status: OneOf(clientStatuses, {
        description: 'The status to enter: the catalog of kinds says which.',
      }),
      effectiveOn: Type.Optional(
        CalendarDate('The day it happened; today when left out, never later.', '2026-11-20'),
      ),
    },
    { description: 'A step that a client takes with what they see.', examples: [{ status: 'done' }] },
  ),
)

export const RecordRelease = component(
  'RecoveryRecordRelease',
  strictObject(
    { released },
    { description: 'Whether the client sees the record.', examples: [{ released: true }] },
  ),
)

const kindWords = kinds.map(({ kind }) => kind)

export const ChartOfRecords = strictObject({ chartId: Id('The chart.', chartId) })
export const RecordParams = strictObject({
  chartId: Id('The chart.', chartId),
  recordId: Id('The record.', recordId),
})
const { recordId: ownRecordId } = RecordParams.properties
export const OwnRecordParams = strictObject({ recordId: ownRecordId })
export const RecordQuery = strictObject({
  ...PageQuery,
  kind: Type.Optional(OneOf(kindWords, { description: 'Only this kind.', examples: ['block'] })),
  status: Type.Optional(OneOf(statuses, { description: 'Only in this status.', examples: ['identified'] })),
  addictionId: Type.Optional(Id('Only about this addiction.', addictionId)),
  behaviorId: Type.Optional(Id('Only about this behavior.', '019c0000-0000-7000-8000-0000000000a2')),
  relatedRecordId: Type.Optional(Id('Only what belongs to this record.', otherId)),
  from: Type.Optional(CalendarDate('From this day on.', '2020-01-01')),
  to: Type.Optional(CalendarDate('Up to this day.', '2030-12-31')),
  reviewDueBefore: Type.Optional(CalendarDate('Only what is due before this day.', '2030-12-31')),
})
export const PortalRecordQuery = strictObject({
  ...PageQuery,
  kind: Type.Optional(
    OneOf(
      portalKinds.map(({ kind }) => kind),
      { description: 'Only this kind.', examples: ['contact_log'] },
    ),
  ),
})

export const RecordPage = listOf('RecoveryRecordPage', RecoveryRecord)
export const PortalRecordPage = listOf('PortalRecoveryRecordPage', PortalRecoveryRecord)

export type RecordStep = Static<typeof RecordStep>
export type RecordQuery = Static<typeof RecordQuery>
export type PortalRecordQuery = Static<typeof PortalRecordQuery>
