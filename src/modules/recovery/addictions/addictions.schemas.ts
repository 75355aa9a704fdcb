import { type Static, Type } from 'typebox'
import { CalendarDate, component, listOf, Nullable, OneOf, strictObject, Text } from '../../../lib/schemas.ts'
import {
  documentQuery,
  exampleIds,
  headExample,
  headFields,
  paramsOf,
  statusFields,
} from '../documents/documents.schemas.ts'
import { addictionClasses, addictionStatuses, addictionTypes } from './addictions.rules.ts'

const fields = {
  type: OneOf(addictionTypes),
  ownWord: Nullable(
    Text(80, { description: 'What the client calls it; shown to them instead of the type.' }),
  ),
  severity: Nullable(
    Type.Integer({ minimum: 1, maximum: 5, description: 'As the clinician sees it, 1 to 5.' }),
  ),
  role: Nullable(
    Text(2_000, { description: 'What it does for the client, and how it hangs together with others.' }),
  ),
  sequence: Nullable(
    OneOf(['simultaneous', 'sequential'] as const, {
      description: 'Whether it is treated together with the others or after them.',
    }),
  ),
  isPrimary: Type.Boolean({ description: 'At most one of a chart is.' }),
  inCheckIns: Type.Boolean({ description: 'Check-ins ask about it, and so the client is shown it.' }),
  soberSince: Nullable(
    CalendarDate(
      'The first day that is counted. When null, days are counted from the first sobriety definition.',
      '2026-01-05',
    ),
  ),
}

const content = {
  type: 'alcohol' as const,
  ownWord: 'my evenings',
  severity: 3,
  role: null,
  sequence: 'simultaneous' as const,
  isPrimary: false,
  inCheckIns: true,
  soberSince: '2026-01-05',
}

export const Addiction = component(
  'Addiction',
  strictObject(
    {
      ...headFields('The addiction.', exampleIds.addiction, addictionStatuses),
      ...fields,
      class: OneOf(addictionClasses, { description: 'Follows from the type.' }),
    },
    {
      description:
        'One of the things that the client and the clinician look at as addictive. It describes a pattern, not a person.',
      examples: [{ ...headExample(exampleIds.addiction, 'active'), ...content, class: 'chemical' }],
    },
  ),
)

export const NewAddiction = component(
  'NewAddiction',
  strictObject(
    {
      type: fields.type,
      ownWord: Type.Optional(fields.ownWord),
      status: Type.Optional(OneOf(addictionStatuses, { description: '`active` when left out.' })),
      severity: Type.Optional(fields.severity),
      role: Type.Optional(fields.role),
      sequence: Type.Optional(fields.sequence),
      isPrimary: Type.Optional(fields.isPrimary),
      inCheckIns: Type.Optional(fields.inCheckIns),
      soberSince: Type.Optional(fields.soberSince),
    },
    {
      description: 'An addiction to follow.',
      examples: [{ type: 'alcohol', ownWord: 'my evenings', severity: 3 }],
    },
  ),
)

const { type: _, ...changeable } = fields

export const AddictionChange = component(
  'AddictionChange',
  Type.Partial(strictObject({ ...changeable, ...statusFields(addictionStatuses) }), {
    additionalProperties: false,
    minProperties: 1,
    description: 'The fields to change; what is left out stays.',
    examples: [
      { status: 'early_remission', statusOn: '2026-01-08', reason: 'Ninety quiet days (fictional).' },
    ],
  }),
)

export const AddictionParams = paramsOf('addictionId', 'The addiction.', exampleIds.addiction)
export const AddictionQuery = documentQuery(addictionStatuses)
export const AddictionPage = listOf('AddictionPage', Addiction)

export type Addiction = Static<typeof Addiction>
export type NewAddiction = Static<typeof NewAddiction>
export type AddictionChange = Static<typeof AddictionChange>
export type AddictionQuery = Static<typeof AddictionQuery>
/** What a revision says. */
export type AddictionContent = { [K in keyof typeof fields]: Static<(typeof fields)[K]> }
