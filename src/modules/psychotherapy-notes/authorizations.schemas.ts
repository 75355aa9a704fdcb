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
import { scopeWords } from './authorizations.rules.ts'

const ids = {
  authorization: '019c0000-0000-7000-8000-0000000007c1',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  client: '019c0000-0000-7000-8000-0000000000a1',
  author: '019c0000-0000-7000-8000-0000000000b1',
  recipient: '019c0000-0000-7000-8000-0000000000b2',
  representative: '019c0000-0000-7000-8000-0000000000f1',
}

const clientId = Id('The member of the chart who permits it.', ids.client)
const signedOn = CalendarDate('When the client signed it.', '2026-01-20')
const expiresOn = CalendarDate('The last day on which it holds, in the practice’s zone.', '2099-12-31')
const purpose = Text(500, { description: 'What it is for, in the client’s words or on their request.' })
const recipient = Text(200, { description: 'Who receives the notes, as the client signed it.' })
const recipientStaffId = Id(
  'The recipient, where that is a member of staff: they may read the notes here. Left out for somebody outside.',
  ids.recipient,
)
const representativeId = Id(
  'The related person who signed in the client’s name, where the client cannot.',
  ids.representative,
)
const scope = Type.Array(OneOf(scopeWords), {
  minItems: 1,
  maxItems: scopeWords.length,
  description:
    'What is released: `psychotherapy_notes` alone, or `sud_counseling_notes` alone. Together with anything else the authorization is not valid (45 CFR 164.508(b)(3)(ii), 42 CFR 2.31).',
})

export const NewPsychotherapyAuthorization = component(
  'NewPsychotherapyAuthorization',
  strictObject(
    {
      clientId,
      scope,
      recipient,
      recipientStaffId: Type.Optional(recipientStaffId),
      purpose,
      signedOn,
      expiresOn,
      representativeId: Type.Optional(representativeId),
    },
    {
      description:
        'What a client signed: notes of one kind, of the caller, in this chart, to one recipient, until a day.',
      examples: [
        {
          clientId: ids.client,
          scope: ['psychotherapy_notes' as const],
          recipient: 'Jordan Example, LMFT',
          recipientStaffId: ids.recipient,
          purpose: 'To go on with another therapist. (Fictional.)',
          signedOn: '2026-01-20',
          expiresOn: '2099-12-31',
        },
      ],
    },
  ),
)

export const exampleAuthorization = {
  id: ids.authorization,
  chartId: ids.chart,
  clientId: ids.client,
  scope: ['psychotherapy_notes' as const],
  authorId: ids.author,
  recipient: 'Jordan Example, LMFT',
  recipientStaffId: ids.recipient,
  purpose: 'To go on with another therapist. (Fictional.)',
  representativeId: null,
  signedOn: '2026-01-20',
  expiresOn: '2099-12-31',
  revokedAt: null,
  version: 1,
  createdAt: '2026-11-20T18:40:00.000Z',
}

export const PsychotherapyAuthorization = component(
  'PsychotherapyAuthorization',
  strictObject(
    {
      id: Id('The authorization.', ids.authorization),
      chartId: Id('The chart whose notes it names.', ids.chart),
      clientId,
      scope,
      authorId: Id('The member of staff whose notes it names.', ids.author),
      recipient,
      recipientStaffId: Nullable(recipientStaffId),
      purpose,
      representativeId: Nullable(representativeId),
      signedOn,
      expiresOn,
      revokedAt: Nullable(Instant('When it was revoked.', '2026-11-24T17:00:00.000Z')),
      version: Version,
      createdAt: Instant('When it was recorded.', '2026-11-20T18:40:00.000Z'),
    },
    {
      description:
        'A client’s permission to disclose one author’s notes of one kind. In a couple’s chart a recipient reads only what everybody who ever was a member permitted; what belongs to a group is released to nobody.',
      examples: [exampleAuthorization],
    },
  ),
)

export const ChartParams = strictObject({ chartId: Id('The chart.', ids.chart) })
export const AuthorizationParams = strictObject({
  psychotherapyAuthorizationId: Id('The authorization.', ids.authorization),
})
export const AuthorizationsQuery = strictObject({
  ...PageQuery,
  chartId: Type.Optional(Id('Only of this chart.', ids.chart)),
})
export const PsychotherapyAuthorizationPage = listOf(
  'PsychotherapyAuthorizationPage',
  PsychotherapyAuthorization,
)

export type NewPsychotherapyAuthorization = Static<typeof NewPsychotherapyAuthorization>
export type PsychotherapyAuthorization = Static<typeof PsychotherapyAuthorization>
export type AuthorizationsQuery = Static<typeof AuthorizationsQuery>
