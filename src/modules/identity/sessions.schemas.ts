import { type Static, Type } from 'typebox'
import { component, Id, Instant, listOf, strictObject } from '../../lib/schemas.ts'

const sessionExample = '019c0000-0000-7000-8000-0000000000c1'

export const Session = component(
  'Session',
  strictObject(
    {
      id: Id('The session.', sessionExample),
      current: Type.Boolean({ description: 'The session of this request.' }),
      createdAt: Instant('When the person signed in.'),
      lastUsedAt: Instant('When it was last refreshed.'),
      idleExpiresAt: Instant('When it ends unless it is refreshed.'),
      absoluteExpiresAt: Instant('When it ends in any case.'),
    },
    {
      description: 'One sign-in of a person in this practice.',
      examples: [
        {
          id: sessionExample,
          current: true,
          createdAt: '2026-11-23T16:00:00.000Z',
          lastUsedAt: '2026-11-23T16:10:00.000Z',
          idleExpiresAt: '2026-12-07T16:10:00.000Z',
          absoluteExpiresAt: '2027-01-22T16:00:00.000Z',
        },
      ],
    },
  ),
)

export const SessionPage = listOf('SessionPage', Session)
export const SessionParams = strictObject({ sessionId: Id('The session.', sessionExample) })

export type Session = Static<typeof Session>
