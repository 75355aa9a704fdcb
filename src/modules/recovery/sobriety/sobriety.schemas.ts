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
} from '../../../lib/schemas.ts'
import { circles } from '../days.rules.ts'
import { exampleIds, exampleInstant } from '../documents/documents.schemas.ts'

export const fellowshipBases = ['sa', 'saa', 'slaa', 'other_fellowship', 'custom'] as const
export const witnesses = ['sponsor', 'therapist', 'both', 'nobody'] as const

const otherItem = '019c0000-0000-7000-8000-00000000130e'

const ShownItem = component(
  'SobrietyItem',
  strictObject(
    {
      itemId: Id('The item. It keeps this id from definition to definition.', exampleIds.item),
      circle: OneOf(circles),
      text: Text(500),
      movedFrom: Nullable(
        OneOf(circles, { description: 'The circle it stood in before, where that was another.' }),
      ),
      addedOn: CalendarDate('When the first definition that has it began.', '2026-01-05'),
    },
    {
      description: 'An item of a definition.',
      examples: [
        {
          itemId: exampleIds.item,
          circle: 'inner',
          text: 'Private browsing at night',
          movedFrom: null,
          addedOn: '2026-01-05',
        },
      ],
    },
  ),
)

const EndedItem = component(
  'EndedSobrietyItem',
  strictObject(
    {
      itemId: Id('The item.', otherItem),
      circle: OneOf(circles, { description: 'Where it stood.' }),
      text: Text(500),
    },
    {
      description: 'An item of the definition before that is left out of this one.',
      examples: [{ itemId: otherItem, circle: 'middle', text: 'Staying late at the office' }],
    },
  ),
)

const head = {
  addictionId: Id('The addiction whose sobriety it defines.', exampleIds.addiction),
  fellowshipBasis: OneOf(fellowshipBases),
  witnessedBy: OneOf(witnesses),
  note: Nullable(Text(4_000)),
}

const shownExample = {
  id: exampleIds.definition,
  chartId: exampleIds.chart,
  addictionId: exampleIds.addiction,
  number: 1,
  effectiveFrom: '2026-01-05',
  inForce: true,
  fellowshipBasis: 'custom' as const,
  witnessedBy: 'therapist' as const,
  note: null,
  items: [
    {
      itemId: exampleIds.item,
      circle: 'inner' as const,
      text: 'Private browsing at night',
      movedFrom: null,
      addedOn: '2026-01-05',
    },
  ],
  endedItems: [],
  recordedById: exampleIds.staff,
  createdAt: exampleInstant,
}

export const SobrietyDefinition = component(
  'SobrietyDefinition',
  strictObject(
    {
      id: Id('The definition.', exampleIds.definition),
      chartId: Id('The chart.', exampleIds.chart),
      number: Type.Integer({ minimum: 1, description: 'Counts the definitions of one addiction.' }),
      effectiveFrom: CalendarDate('The first day it holds.', '2026-01-05'),
      inForce: Type.Boolean({ description: 'Whether it is the one that holds on the day asked for.' }),
      ...head,
      items: Type.Array(ShownItem, { description: 'In the order they were given.' }),
      endedItems: Type.Array(EndedItem, {
        description: 'What the definition before had and this one does not.',
      }),
      recordedById: Id('Who recorded it.', exampleIds.staff),
      createdAt: Instant('When it was recorded.', exampleInstant),
    },
    {
      description:
        'What sobriety means to the client: three circles. An act of the inner circle ends a streak; the middle circle warns; the outer one helps. A definition is never changed: the next one takes its place.',
      examples: [shownExample],
    },
  ),
)

const GivenItem = component(
  'GivenSobrietyItem',
  strictObject(
    {
      itemId: Type.Optional(Id('An item of an earlier definition, to keep or move it.', exampleIds.item)),
      text: Type.Optional(Text(500, { description: 'A new item. Either this or `itemId`.' })),
      circle: OneOf(circles),
    },
    {
      description: 'A new item, or one that stays.',
      examples: [{ text: 'Private browsing at night', circle: 'inner' }],
    },
  ),
)

export const NewSobrietyDefinition = component(
  'NewSobrietyDefinition',
  strictObject(
    {
      addictionId: head.addictionId,
      afterNumber: Type.Integer({
        minimum: 0,
        maximum: 100_000,
        description: 'The number of the definition it takes the place of; 0 for the first one.',
      }),
      effectiveFrom: Type.Optional(
        CalendarDate(
          'Today when left out. Not before the definition that holds now; at most 90 days ahead.',
          '2026-01-05',
        ),
      ),
      fellowshipBasis: Type.Optional(head.fellowshipBasis),
      witnessedBy: Type.Optional(head.witnessedBy),
      note: Type.Optional(head.note),
      items: Type.Array(GivenItem, {
        minItems: 1,
        maxItems: 100,
        description: 'The whole definition. An item that is left out has ended.',
      }),
    },
    {
      description: 'The next definition of sobriety for one addiction.',
      examples: [
        {
          addictionId: exampleIds.addiction,
          afterNumber: 0,
          effectiveFrom: '2026-01-05',
          fellowshipBasis: 'custom',
          witnessedBy: 'therapist',
          items: [
            { text: 'Private browsing at night', circle: 'inner' },
            { text: 'Staying late at the office', circle: 'middle' },
            { text: 'A call a day', circle: 'outer' },
          ],
        },
      ],
    },
  ),
)

export const SobrietyDefinitionPage = listOf('SobrietyDefinitionPage', SobrietyDefinition)

export const DefinitionQuery = strictObject({
  ...PageQuery,
  addictionId: Type.Optional(Id('Only of this addiction.', exampleIds.addiction)),
  inForceOn: Type.Optional(CalendarDate('Only those that held on this day.', '2026-01-05')),
})

export type SobrietyDefinition = Static<typeof SobrietyDefinition>
export type NewSobrietyDefinition = Static<typeof NewSobrietyDefinition>
export type GivenItem = Static<typeof GivenItem>
export type DefinitionQuery = Static<typeof DefinitionQuery>
