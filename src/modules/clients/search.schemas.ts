import { type Static, Type } from 'typebox'
import { CalendarDate, component, OneOf, strictObject, Text } from '../../lib/schemas.ts'
import { ClientSummary } from './clients.schemas.ts'
import { identifierKinds } from './identifiers.schemas.ts'

export const mostFound = 50

export const ClientSearch = component(
  'ClientSearch',
  strictObject(
    {
      text: Type.Optional(
        Text(120, {
          description:
            'Words of a name, each whole, as a beginning, or with a typing error (one from 4 letters on, two from 8).',
        }),
      ),
      birthDate: Type.Optional(CalendarDate('Exactly this day.')),
      phone: Type.Optional(Text(40, { description: 'In any usual spelling.' })),
      email: Type.Optional(Text(254)),
      externalId: Type.Optional(
        strictObject({
          system: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
          value: Text(120),
        }),
      ),
      identifier: Type.Optional(
        strictObject({ kind: OneOf(identifierKinds), value: Text(64) }, { description: 'The whole value.' }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: mostFound, description: 'Default 20.' })),
    },
    {
      minProperties: 1,
      description: 'What is known of the person. At least one besides `limit`; all that are given must hold.',
      examples: [{ text: 'Jordna Exam', birthDate: '1988-04-12' }],
    },
  ),
)

export const ClientSearchResult = component(
  'ClientSearchResult',
  strictObject(
    {
      data: Type.Array(
        strictObject({
          client: ClientSummary,
          score: Type.Number({
            minimum: 0,
            maximum: 1,
            description: 'How well the name fits: 1 is every word exactly. Without `text` it is 1.',
          }),
        }),
      ),
      more: Type.Boolean({ description: 'There are more: narrow the search.' }),
    },
    {
      description: 'The best first; equal ones by name.',
      examples: [
        {
          data: [
            {
              client: {
                id: '019c0000-0000-7000-8000-0000000000c1',
                legalGivenName: 'Jordan',
                legalFamilyName: 'Example',
                preferredName: 'Jo',
                birthDate: '1988-04-12',
                status: 'active',
                version: 1,
              },
              score: 0.63,
            },
          ],
          more: false,
        },
      ],
    },
  ),
)

export type ClientSearch = Static<typeof ClientSearch>
export type ClientSearchResult = Static<typeof ClientSearchResult>
