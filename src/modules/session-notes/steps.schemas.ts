import { type Static, Type } from 'typebox'
import { component, Id, Instant, Nullable, OneOf, Reason, strictObject, Text } from '../../lib/schemas.ts'
import { addendumStatuses } from './addenda.rules.ts'

// What is done with a note once it says what it should: how a step is asked for, and how the note shows it afterwards.

export const exampleStaff = {
  author: '019c0000-0000-7000-8000-0000000000b1',
  supervisor: '019c0000-0000-7000-8000-0000000000b2',
}

export const exampleSignature = {
  role: 'author' as const,
  signerId: exampleStaff.author,
  credentials: 'Casey Example, LMFT (CA 000000)',
  signedAt: '2026-11-23T17:30:00.000Z',
  contentHash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
}

export const ContentHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the signed content as canonical JSON (RFC 8785), in hex.',
})
export const Credentials = Type.String({
  description: 'The signer’s name and credentials as they were at that time.',
})

export const NoteSignature = component(
  'NoteSignature',
  strictObject(
    {
      role: OneOf(['author', 'cosigner'] as const),
      signerId: Id('The member of staff who signed.', exampleStaff.author),
      credentials: Credentials,
      signedAt: Instant('When.', exampleSignature.signedAt),
      contentHash: ContentHash,
    },
    { description: 'A signature on one revision of a note.', examples: [exampleSignature] },
  ),
)

export const exampleAddendum = {
  id: '019c0000-0000-7000-8000-0000000000f1',
  authorId: exampleStaff.author,
  reason: 'Detail left out',
  text: 'The client also asked about group dates. (Fictional.)',
  credentials: exampleSignature.credentials,
  signedAt: '2026-11-25T17:00:00.000Z',
  status: 'signed' as const,
  contentHash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
  review: null,
}

const addendumFields = {
  reason: Reason(500, { description: 'Why something is added.' }),
  text: Text(20_000, { description: 'What is added.' }),
}

const exampleReview = {
  reviewerId: exampleStaff.supervisor,
  credentials: 'Sam Example, LMFT (CA 000001)',
  decidedAt: '2026-11-26T17:00:00.000Z',
  remarks: null,
}

const AddendumReview = component(
  'NoteAddendumReview',
  strictObject(
    {
      reviewerId: Id('The supervisor.', exampleStaff.supervisor),
      credentials: Credentials,
      decidedAt: Instant('When.', exampleReview.decidedAt),
      remarks: Nullable(Type.String({ description: 'Why it was returned; null where it was co-signed.' })),
    },
    { description: 'What a supervisor decided about an addendum.', examples: [exampleReview] },
  ),
)

export const NoteAddendum = component(
  'NoteAddendum',
  strictObject(
    {
      id: Id('The addendum.', exampleAddendum.id),
      authorId: Id('Who added it.', exampleStaff.author),
      ...addendumFields,
      status: OneOf(addendumStatuses, {
        description:
          '`signed`, or `pending_cosign` → `cosigned` or `returned` where its author needs a co-signature. What waits is shown to readers of the chart, but to no integration and not to the client; what was returned only to its author and their supervisor.',
      }),
      credentials: Credentials,
      signedAt: Instant('When it was signed.', exampleAddendum.signedAt),
      contentHash: ContentHash,
      review: Nullable(AddendumReview),
    },
    { description: 'Something added to a signed note, signed itself.', examples: [exampleAddendum] },
  ),
)

export const NoteReturn = component(
  'NoteReturn',
  strictObject(
    {
      staffId: Id('The supervisor.', exampleStaff.supervisor),
      revision: Type.Integer({ minimum: 1, description: 'The revision that was returned.' }),
      returnedAt: Instant('When.', '2026-11-24T17:00:00.000Z'),
      remarks: Type.String(),
    },
    {
      description: 'A supervisor’s return of a note.',
      examples: [
        {
          staffId: exampleStaff.supervisor,
          revision: 1,
          returnedAt: '2026-11-24T17:00:00.000Z',
          remarks: 'Please link the intervention to the plan. (Fictional.)',
        },
      ],
    },
  ),
)

export const EnteredInError = component(
  'NoteEnteredInError',
  strictObject(
    {
      staffId: Id('Who marked it.', exampleStaff.author),
      markedAt: Instant('When.', '2026-11-25T17:00:00.000Z'),
      reason: Type.String(),
    },
    {
      description: 'The mark of a note that should not have been written; its text stays.',
      examples: [
        {
          staffId: exampleStaff.author,
          markedAt: '2026-11-25T17:00:00.000Z',
          reason: 'Written in the wrong chart. (Fictional.)',
        },
      ],
    },
  ),
)

export const NoteLock = component(
  'NoteLock',
  strictObject(
    {
      lockedAt: Instant('When.', '2026-11-30T17:30:00.000Z'),
      lockedById: Nullable(Id('Who locked it; null for the practice’s policy.', exampleStaff.author)),
    },
    {
      description: 'That a note was locked.',
      examples: [{ lockedAt: '2026-11-30T17:30:00.000Z', lockedById: null }],
    },
  ),
)

const exampleReason = {
  pointer: '/header/risk',
  code: 'risk_without_assessment',
  reason: 'Assessed by the crisis team today. (Fictional.)',
}

export const WarningReason = component(
  'NoteWarningReason',
  strictObject(
    {
      pointer: Type.String({ maxLength: 300, description: 'As the warning has it.' }),
      code: Type.String({ maxLength: 60, description: 'As the warning has it.' }),
      reason: Reason(1_000, { description: 'Why it is signed nevertheless.' }),
    },
    { description: 'The answer to a warning.', examples: [exampleReason] },
  ),
)

const signing = strictObject({
  overrides: Type.Optional(
    Type.Array(WarningReason, { maxItems: 60, description: 'A reason for each warning of `checks`.' }),
  ),
  confirmCarried: Type.Optional(
    Type.Boolean({ description: 'Needed when all that the note says was carried over.' }),
  ),
})

export const NoteSigning = component(
  'NoteSigning',
  Type.Union([signing, Type.Null()], {
    description: 'What a signature needs besides the note; mostly nothing.',
    examples: [{ confirmCarried: true }],
  }),
)

export const Readiness = component(
  'NoteReadiness',
  strictObject(
    { ready: Type.Boolean({ description: 'False makes a draft of it again.' }) },
    { description: 'Whether a note is ready to be signed.', examples: [{ ready: true }] },
  ),
)

export const NewAddendum = component(
  'NewNoteAddendum',
  strictObject(
    {
      ...addendumFields,
      amendmentRequestId: Type.Optional(
        Id(
          'The accepted request to amend whose addendum the supervisor returned: this one takes its place.',
          '019c0000-0000-7000-8000-0000000000e5',
        ),
      ),
    },
    {
      description: 'Something to add to a signed note; sending it signs it.',
      examples: [{ reason: exampleAddendum.reason, text: exampleAddendum.text }],
    },
  ),
)

const remarks = Text(4_000, { description: 'What the author is asked to change.' })

export const AddendumDecision = component(
  'NoteAddendumDecision',
  strictObject(
    { decision: OneOf(['cosigned', 'returned'] as const), remarks: Type.Optional(remarks) },
    {
      description: 'Co-signed, or returned with remarks.',
      examples: [{ decision: 'returned', remarks: 'Please say when it was. (Fictional.)' }],
    },
  ),
)

export const ReturnRemarks = component(
  'NoteReturnRemarks',
  strictObject(
    { remarks },
    {
      description: 'A return to the author.',
      examples: [{ remarks: 'Please link the intervention to the plan. (Fictional.)' }],
    },
  ),
)

export const ErrorReason = component(
  'NoteErrorReason',
  strictObject(
    { reason: Reason(1_000, { description: 'Why the note should not have been written.' }) },
    {
      description: 'Why a note is marked as entered in error.',
      examples: [{ reason: 'Written in the wrong chart. (Fictional.)' }],
    },
  ),
)

export type NoteSignature = Static<typeof NoteSignature>
export type NoteAddendum = Static<typeof NoteAddendum>
export type NoteReturn = Static<typeof NoteReturn>
export type NoteSigning = Static<typeof signing>
export type AddendumDecision = Static<typeof AddendumDecision>
export type NewAddendum = Static<typeof NewAddendum>
