import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
} from '../../../lib/schemas.ts'

const ids = {
  message: '019c0000-0000-7000-8000-0000000f6001',
  client: '019c0000-0000-7000-8000-0000000000c1',
}

export const messageStatuses = ['queued', 'sending', 'sent', 'uncertain', 'failed', 'dropped'] as const

const Said = component(
  'ClientMessageItem',
  strictObject(
    {
      what: OneOf(['reminder', 'booked', 'moved', 'canceled', 'offered'] as const, {
        description: 'What it says.',
      }),
      kind: OneOf(['appointment', 'intensive_block', 'group_session', 'waitlist_offer'] as const),
      startsAt: Instant('The time it says it of; of an offer until when it can be answered.'),
    },
    {
      description: 'One time that a message tells of.',
      examples: [{ what: 'reminder', kind: 'appointment', startsAt: '2026-11-24T00:00:00.000Z' }],
    },
  ),
)

export const ClientMessage = component(
  'ClientMessage',
  strictObject(
    {
      id: Id('The message.', ids.message),
      clientId: Id('Whom it is for.', ids.client),
      kind: OneOf(['reminder', 'change'] as const),
      status: OneOf(messageStatuses, {
        description:
          '`uncertain`: it may have left, so it is never sent again. `failed`: it was not taken. `dropped`: when it was to be sent there was nothing to tell, or no way to.',
      }),
      channel: Nullable(OneOf(['text', 'email'] as const)),
      to: Nullable({
        ...Type.String({ description: 'Where it went; null while it did not.', examples: ['+15555550123'] }),
      }),
      text: Nullable(
        Type.String({
          description: 'What it said.',
          examples: ['Reminder: your appointment is on Tue, Nov 24, 4:00 PM PST.'],
        }),
      ),
      items: Type.Array(Said, { description: 'What it tells of.' }),
      sentAt: Nullable(Instant('When it was taken over.')),
      createdAt: Instant('When it was due.'),
    },
    {
      description: 'A reminder, or a change of what is booked, as one client was told of it.',
      examples: [
        {
          id: ids.message,
          clientId: ids.client,
          kind: 'reminder',
          status: 'sent',
          channel: 'text',
          to: '+15555550123',
          text: 'Reminder: your appointment is on Tue, Nov 24, 4:00 PM PST.',
          items: [{ what: 'reminder', kind: 'appointment', startsAt: '2026-11-25T00:00:00.000Z' }],
          sentAt: '2026-11-24T00:00:30.000Z',
          createdAt: '2026-11-24T00:00:00.000Z',
        },
      ],
    },
  ),
)

export const ClientMessagePage = listOf('ClientMessagePage', ClientMessage)

export const ClientMessageQuery = strictObject({
  clientId: Type.Optional(Id('Only to this client.', ids.client)),
  status: Type.Optional(OneOf(messageStatuses, { description: 'Only these.', examples: ['sent'] })),
  ...PageQuery,
})

export type ClientMessage = Static<typeof ClientMessage>
export type ClientMessageQuery = Static<typeof ClientMessageQuery>
