import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { ids } from './assignments.schemas.ts'
import { type SectionKey, sectionKeys, sources } from './psychosocial.rules.ts'
import { ContentSignature, exampleHash } from './signature.schemas.ts'

const psychosocialId = '019c0000-0000-7000-8000-0000000000b3'

const Section = component(
  'PsychosocialSection',
  strictObject(
    {
      text: Text(20_000),
      sources: Type.Array(OneOf(sources), {
        minItems: 1,
        maxItems: sources.length,
        uniqueItems: true,
        description: 'Where it is known from.',
      }),
    },
    {
      description: 'What is known of one side of a person’s life.',
      examples: [{ text: 'Two moves in a year (fictional).', sources: ['self'] }],
    },
  ),
)

const each = <T>(value: T) =>
  Object.fromEntries(sectionKeys.map(key => [key, value])) as Record<SectionKey, T>

const Sections = strictObject(each(Type.Optional(Section)), { description: 'Those that have a text.' })
const SectionChanges = strictObject(each(Type.Optional(Nullable(Section))), {
  minProperties: 1,
  description: 'The sections to change; null empties one.',
})

const exampleSections = {
  presenting_problem: {
    text: 'In the client’s words: “I want my evenings back” (fictional).',
    sources: ['self' as const],
  },
}

const head = {
  id: Id('The psychosocial assessment.', psychosocialId),
  chartId: Id('The chart.', ids.chart),
  kind: OneOf(['intake', 'psychosexual', 'update'] as const),
  previousId: Nullable(Id('The signed one that this one brings up to date.')),
  status: OneOf(['draft', 'signed', 'addended'] as const, { description: 'What was signed is final.' }),
  completeness: Type.Integer({
    minimum: 0,
    maximum: 100,
    description: 'Percent of its sections that have a text.',
  }),
  startedOn: CalendarDate('The day it was begun.', '2026-11-20'),
  dueOn: Nullable(CalendarDate('By when it is to be signed.', '2026-12-20')),
  overdue: Type.Boolean({ description: 'Not signed after the day it was due.' }),
  signedOn: Nullable(CalendarDate('The day it was signed.', '2026-11-27')),
  daysToSign: Nullable(Type.Integer({ minimum: 0, description: 'From the day it was begun to that day.' })),
  version: Version,
  createdAt: Instant('When it was begun.'),
  updatedAt: Instant('When it last changed.'),
}

const exampleHead = {
  id: psychosocialId,
  chartId: ids.chart,
  kind: 'intake' as const,
  previousId: null,
  status: 'signed' as const,
  completeness: 4,
  startedOn: '2026-11-20',
  dueOn: '2026-12-20',
  overdue: false,
  signedOn: '2026-11-27',
  daysToSign: 7,
  version: 3,
  createdAt: '2026-11-20T18:00:00.000Z',
  updatedAt: '2026-11-27T18:00:00.000Z',
}

export const PsychosocialSummary = component(
  'PsychosocialAssessmentSummary',
  strictObject(head, { description: 'Where a psychosocial assessment stands.', examples: [exampleHead] }),
)

export const Psychosocial = component(
  'PsychosocialAssessment',
  strictObject(
    {
      ...head,
      sections: Sections,
      signature: Nullable(ContentSignature),
      addenda: Type.Array(
        strictObject({
          text: Type.String(),
          writtenById: Id('The clinician who added it.', ids.staff),
          createdAt: Instant('When.'),
        }),
        { description: 'Oldest first.' },
      ),
    },
    {
      description: 'A psychosocial assessment. It is restricted: only the care team comes to know of it.',
      examples: [
        {
          ...exampleHead,
          sections: exampleSections,
          signature: { signerId: ids.staff, signedAt: '2026-11-27T18:00:00.000Z', contentHash: exampleHash },
          addenda: [],
        },
      ],
    },
  ),
)

export const NewPsychosocial = component(
  'NewPsychosocialAssessment',
  strictObject(
    { kind: head.kind, dueOn: Type.Optional(head.dueOn) },
    { description: 'A psychosocial assessment to begin.', examples: [{ kind: 'intake' }] },
  ),
)

export const PsychosocialChange = component(
  'PsychosocialAssessmentChange',
  strictObject(
    { sections: SectionChanges },
    { description: 'Sections to save.', examples: [{ sections: exampleSections }] },
  ),
)

export const NewPsychosocialAddendum = component(
  'NewPsychosocialAddendum',
  strictObject(
    { text: Text(20_000) },
    {
      description: 'What is added to a signed one.',
      examples: [{ text: 'The move was in spring (fictional).' }],
    },
  ),
)

export const PsychosocialParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  psychosocialId: Id('The psychosocial assessment.', psychosocialId),
})
export const PsychosocialQuery = strictObject({ ...PageQuery })
export const PsychosocialPage = listOf('PsychosocialAssessmentPage', PsychosocialSummary)

export type Psychosocial = Static<typeof Psychosocial>
export type PsychosocialSummary = Static<typeof PsychosocialSummary>
export type NewPsychosocial = Static<typeof NewPsychosocial>
export type PsychosocialQuery = Static<typeof PsychosocialQuery>
