import { type Static, Type } from 'typebox'
import {
  component,
  dictionary,
  Id,
  Instant,
  listOf,
  OneOf,
  PageQuery,
  strictObject,
  Text,
  Version,
} from '../../lib/schemas.ts'
import { exampleDefinition, InstrumentDefinition, InstrumentKey, ItemKey } from './definitions.schemas.ts'

export const instrumentStatuses = ['draft', 'published', 'retired'] as const

export const exampleTextId = '019c0000-0000-7000-8000-0000000000a5'

const Edition = Type.Integer({
  minimum: 1,
  maximum: 100_000,
  description: 'What was published under an edition never changes.',
  examples: [1],
})

const head = {
  key: InstrumentKey,
  edition: Edition,
  origin: OneOf(['shipped', 'own'] as const, {
    description: 'Brought by the service, or made by the practice.',
  }),
  status: OneOf(instrumentStatuses, { description: 'Only a published instrument can be assigned.' }),
  version: Version,
}

const exampleHead = {
  key: 'evening-check',
  edition: 1,
  origin: 'own' as const,
  status: 'published' as const,
  version: 2,
}

export const InstrumentSummary = component(
  'InstrumentSummary',
  strictObject(
    {
      ...head,
      title: Type.String(),
      adultOnly: Type.Boolean(),
      dataClass: OneOf(['clinical', 'restricted'] as const),
    },
    {
      description: 'Enough of an instrument to choose the right one.',
      examples: [
        { ...exampleHead, title: 'Evening check (fictional)', adultOnly: false, dataClass: 'clinical' },
      ],
    },
  ),
)

export const ItemTexts = strictObject({
  items: dictionary(ItemKey, Type.String(), { description: 'The wording of each item, by its key.' }),
  options: dictionary(ItemKey, dictionary(Type.String({ pattern: '^-?[0-9]{1,4}$' }), Type.String()), {
    description: 'The wording of answers, by the key of the item and the value.',
  }),
})

export const InstrumentText = component(
  'InstrumentText',
  strictObject(
    {
      id: Id('This wording.', exampleTextId),
      language: Type.String({ description: 'BCP 47.', examples: ['en'] }),
      ...ItemTexts.properties,
      right: strictObject({
        basis: OneOf(['license', 'permission', 'public_domain', 'own_work'] as const),
        statement: Type.String(),
      }),
      importedById: Id('The staff member who brought it in.'),
      importedAt: Instant('When.'),
    },
    {
      description: 'The wording of an instrument, which the practice brought in under a right of its own.',
      examples: [
        {
          id: exampleTextId,
          language: 'en',
          items: { '1': 'I felt calm today (fictional).', '2': 'I felt restless today (fictional).' },
          options: {},
          right: { basis: 'own_work', statement: 'Written by the practice (fictional).' },
          importedById: '019c0000-0000-7000-8000-0000000000f1',
          importedAt: '2026-11-23T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const Instrument = component(
  'Instrument',
  strictObject(
    {
      ...head,
      definition: InstrumentDefinition,
      texts: Type.Array(InstrumentText, { description: 'The wording to show, one for each language.' }),
    },
    {
      description: 'An instrument in one edition.',
      examples: [{ ...exampleHead, definition: exampleDefinition, texts: [] }],
    },
  ),
)

export const NewInstrument = component(
  'NewInstrument',
  strictObject(
    { key: InstrumentKey, definition: InstrumentDefinition },
    {
      description: 'An instrument of the practice’s own, or the next edition of one.',
      examples: [{ key: 'evening-check', definition: exampleDefinition }],
    },
  ),
)

export const InstrumentChange = component(
  'InstrumentChange',
  strictObject(
    { definition: InstrumentDefinition },
    { description: 'The definition as a whole.', examples: [{ definition: exampleDefinition }] },
  ),
)

/** What else a FHIR R4 Questionnaire may have. It is taken, and not read. */
const ignored = [
  'id',
  'meta',
  'implicitRules',
  'text',
  'contained',
  'extension',
  'modifierExtension',
  'url',
  'identifier',
  'version',
  'name',
  'title',
  'derivedFrom',
  'status',
  'experimental',
  'subjectType',
  'date',
  'publisher',
  'contact',
  'description',
  'useContext',
  'jurisdiction',
  'purpose',
  'copyright',
  'approvalDate',
  'lastReviewDate',
  'effectivePeriod',
  'code',
] as const

const Questionnaire = strictObject(
  {
    resourceType: OneOf(['Questionnaire'] as const),
    language: Type.Optional(Type.String({ pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$', maxLength: 35 })),
    item: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 500 }),
    ...Object.fromEntries(ignored.map(name => [name, Type.Optional(Type.Unknown())])),
  },
  {
    description:
      'A FHIR R4 Questionnaire as JSON. Read are `language`, and of items (nested ones too) `linkId`, `text` and the answers’ `valueCoding` with the `ordinalValue` or `itemWeight` extension; the rest is ignored.',
  },
)

export const NewInstrumentText = component(
  'NewInstrumentText',
  strictObject(
    {
      questionnaire: Questionnaire,
      itemKeys: Type.Optional(
        dictionary(Type.String({ pattern: '^.{1,200}$' }), ItemKey, {
          description:
            'Which item a `linkId` is, where they are not the same; it must name items of the instrument.',
          maxProperties: 500,
        }),
      ),
      right: strictObject({
        basis: OneOf(['license', 'permission', 'public_domain', 'own_work'] as const),
        statement: Text(2_000, { description: 'Whose right it is, and how the practice came by it.' }),
      }),
    },
    {
      description: 'The wording of an instrument that the practice holds a right to.',
      examples: [
        {
          questionnaire: {
            resourceType: 'Questionnaire',
            language: 'en',
            item: [
              { linkId: '1', text: 'I felt calm today (fictional).', type: 'choice' },
              { linkId: '2', text: 'I felt restless today (fictional).', type: 'choice' },
            ],
          },
          right: { basis: 'own_work', statement: 'Written by the practice (fictional).' },
        },
      ],
    },
  ),
)

export const InstrumentParams = strictObject({ instrumentKey: InstrumentKey })
export const TextParams = strictObject({
  instrumentKey: InstrumentKey,
  textId: Id('The wording.', exampleTextId),
})
export const EditionQuery = strictObject({
  edition: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'The one in use when left out.',
      examples: [1],
    }),
  ),
})
export const InstrumentQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(instrumentStatuses, { description: 'Only these.', examples: ['published'] })),
})
export const InstrumentPage = listOf('InstrumentPage', InstrumentSummary)

export type InstrumentSummary = Static<typeof InstrumentSummary>
export type Instrument = Static<typeof Instrument>
export type InstrumentText = Static<typeof InstrumentText>
export type ItemTexts = Static<typeof ItemTexts>
export type NewInstrument = Static<typeof NewInstrument>
export type NewInstrumentText = Static<typeof NewInstrumentText>
export type InstrumentQuery = Static<typeof InstrumentQuery>
