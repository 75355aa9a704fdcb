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
} from '../../../lib/schemas.ts'
import { amendmentStatuses, denialReasonCodes, denialReasons, paperKinds } from './amendments.rules.ts'

const ids = {
  request: '019c0000-0000-7000-8000-0000000000e5',
  note: '019c0000-0000-7000-8000-0000000000e1',
  client: '019c0000-0000-7000-8000-0000000000a1',
  staff: '019c0000-0000-7000-8000-0000000000b1',
  addendum: '019c0000-0000-7000-8000-0000000000f1',
}

const text = (description: string) => Text(10_000, { description })

const examplePaper = {
  kind: 'request' as const,
  text: 'The note says that I came late. The door was locked until ten past. (Fictional.)',
  enteredBy: 'client' as const,
  recordedById: null,
  representativeId: null,
  occurredAt: '2026-11-26T17:00:00.000Z',
}

const AmendmentPaper = component(
  'NoteAmendmentPaper',
  strictObject(
    {
      kind: OneOf(paperKinds),
      text: Type.String(),
      enteredBy: OneOf(['staff', 'client'] as const),
      recordedById: Nullable(Id('Who entered it, of staff.', ids.staff)),
      representativeId: Nullable(Id('Who sent it in the client’s name.', ids.client)),
      occurredAt: Instant('When.', examplePaper.occurredAt),
    },
    { description: 'What was said about a request, never changed.', examples: [examplePaper] },
  ),
)

const denialReason = OneOf(denialReasonCodes, {
  description: denialReasons.map(({ code, label, source }) => `\`${code}\`: ${label} (${source})`).join(' '),
})

const head = {
  id: Id('The request.', ids.request),
  noteId: Id('The note it is about.', ids.note),
  clientId: Id('Whose request it is.', ids.client),
  status: OneOf(amendmentStatuses, {
    description:
      '`received` → `accepted`, by an addendum; or → `denied` → `disagreed`, by the client’s statement → `rebutted`.',
  }),
  receivedOn: CalendarDate('The day it was received.', '2026-11-26'),
  dueOn: CalendarDate('The last day to act on it.', '2027-01-25'),
  extended: Type.Boolean({ description: 'The time to act was extended; it is once.' }),
  denialReason: Nullable(denialReason),
  addendumId: Nullable(
    Id(
      'The addendum that was made of it, once it is in effect: signed, and co-signed where needed.',
      ids.addendum,
    ),
  ),
  addendumStatus: Nullable(
    OneOf(['awaiting_cosignature', 'effective'] as const, {
      description: 'Where the addendum of an accepted request stands; null while there is none.',
    }),
  ),
  version: Version,
  createdAt: Instant('When it was entered.', '2026-11-26T17:00:00.000Z'),
  updatedAt: Instant('When it last changed.', '2026-11-26T17:00:00.000Z'),
}

const exampleHead = {
  id: ids.request,
  noteId: ids.note,
  clientId: ids.client,
  status: 'received' as const,
  receivedOn: '2026-11-26',
  dueOn: '2027-01-25',
  extended: false,
  denialReason: null,
  addendumId: null,
  addendumStatus: null,
  version: 1,
  createdAt: '2026-11-26T17:00:00.000Z',
  updatedAt: '2026-11-26T17:00:00.000Z',
}

export const exampleRequest = { ...exampleHead, papers: [examplePaper] }

export const AmendmentRequest = component(
  'NoteAmendmentRequest',
  strictObject(
    { ...head, papers: Type.Array(AmendmentPaper, { description: 'In the order in which they came.' }) },
    {
      description:
        'A client’s request to amend a signed note (45 CFR 164.526). The note stays as it was signed; the request and all that was said about it go with the note wherever it goes.',
      examples: [exampleRequest],
    },
  ),
)

const AmendmentSummary = component(
  'NoteAmendmentSummary',
  strictObject(head, { description: 'A request without its papers, for lists.', examples: [exampleHead] }),
)

export const AmendmentPage = listOf('NoteAmendmentPage', AmendmentSummary)

export const NewAmendmentRequest = component(
  'NewNoteAmendmentRequest',
  strictObject(
    {
      clientId: Id(
        'Whose request it is: a member of the note’s chart; of a closed one also somebody who left it.',
        ids.client,
      ),
      receivedOn: CalendarDate('The day it was received: the time to act begins.', '2026-11-26'),
      text: text('What should be amended, and why, in the client’s words.'),
    },
    {
      description: 'A request that reached the practice on paper or by word of mouth.',
      examples: [{ clientId: ids.client, receivedOn: '2026-11-26', text: examplePaper.text }],
    },
  ),
)

export const PortalAmendmentRequest = component(
  'NewPortalAmendmentRequest',
  strictObject(
    { text: text('What should be amended, and why.') },
    { description: 'A request to amend one’s own note.', examples: [{ text: examplePaper.text }] },
  ),
)

export const AmendmentExtension = component(
  'NoteAmendmentExtension',
  strictObject(
    { text: text('The reason, and the day by which it will be decided, as the client is told.') },
    {
      description: 'More time to act on a request.',
      examples: [{ text: 'Another provider’s report is on its way. (Fictional.)' }],
    },
  ),
)

export const AmendmentAcceptance = component(
  'NoteAmendmentAcceptance',
  strictObject(
    {
      text: text('What the client is told.'),
      addendum: Text(20_000, { description: 'What is added to the note, as its signed addendum.' }),
    },
    {
      description: 'What is made of a request.',
      examples: [
        {
          text: 'You are right, and the note says so now. (Fictional.)',
          addendum: 'The client was on time; the door was locked until 10:10. (Fictional.)',
        },
      ],
    },
  ),
)

export const AmendmentDenial = component(
  'NoteAmendmentDenial',
  strictObject(
    {
      reasonCode: denialReason,
      text: text(
        'The basis in plain language, and how to disagree and to complain, as the client is told (45 CFR 164.526(d)(1)).',
      ),
    },
    {
      description: 'Why a request is denied.',
      examples: [
        {
          reasonCode: 'accurate_and_complete' as const,
          text: 'The door log shows otherwise. You may send us a statement. (Fictional.)',
        },
      ],
    },
  ),
)

export const AmendmentStatement = component(
  'NoteAmendmentStatement',
  strictObject(
    { text: text('The statement.') },
    {
      description: 'What somebody says to a denial, or to a statement of disagreement.',
      examples: [{ text: 'I disagree: my friend waited with me. (Fictional.)' }],
    },
  ),
)

export const NoteParams = strictObject({ noteId: Id('The note.', ids.note) })
export const AmendmentParams = strictObject({ amendmentRequestId: Id('The request.', ids.request) })
export const AmendmentQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(amendmentStatuses, { description: 'Only these.', examples: ['received'] })),
  dueBefore: Type.Optional(CalendarDate('Only those to be acted on before this day.', '2027-02-01')),
})

export type AmendmentRequest = Static<typeof AmendmentRequest>
export type AmendmentSummary = Static<typeof AmendmentSummary>
export type NewAmendmentRequest = Static<typeof NewAmendmentRequest>
export type AmendmentAcceptance = Static<typeof AmendmentAcceptance>
export type AmendmentDenial = Static<typeof AmendmentDenial>
export type AmendmentQuery = Static<typeof AmendmentQuery>
