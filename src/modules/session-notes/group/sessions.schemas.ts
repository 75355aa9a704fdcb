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
  TimeZone,
  Version,
} from '../../../lib/schemas.ts'
import { NoteHeader, riskStatuses } from '../header.schemas.ts'
import { groupMember } from '../parts/group-member.ts'
import { ContentHash, Credentials, WarningReason } from '../steps.schemas.ts'
import { ShownAttendance } from './attendance.schemas.ts'
import { ids } from './examples.ts'
import { groupSessionStatuses } from './sessions.rules.ts'

export const mostMembers = 30

export const theme = Text(500, { description: 'What the session was about.' })

export const record = {
  theme,
  interventions: Type.Array(Text(200), {
    minItems: 1,
    maxItems: 30,
    description: 'What was done, in few words each.',
  }),
  dynamics: Type.Optional(Text(20_000, { description: 'How the group was with it and with each other.' })),
}

export const exampleRecord = {
  theme: 'Urges in the evening (fictional)',
  interventions: ['Check-in round', 'Urge surfing together'],
  dynamics: 'Quiet at first; more open once one of them had spoken.',
}

export const ProcessRecord = component(
  'GroupProcessRecord',
  strictObject(record, {
    description: 'What happened in the group as a whole. It names nobody.',
    examples: [exampleRecord],
  }),
)

export const groupMeetingId = Id(
  'The meeting of the group that it documents: when it was and who was there stand there.',
  '019c0000-0000-7000-8000-0000000000d4',
)

export const session = {
  sessionDate: CalendarDate('The day of the session, in `timeZone`.', '2026-11-23'),
  startedAt: Nullable(Instant('When the session really began.', '2026-11-24T01:00:00.000Z')),
  endedAt: Nullable(Instant('When it really ended.', '2026-11-24T02:30:00.000Z')),
}

export const facilitatorIds = Type.Array(Id('A member of staff on the group’s care team.', ids.facilitator), {
  maxItems: 5,
  uniqueItems: true,
  description: 'Who led it beside the author. They may sign too.',
})

const head = {
  id: Id('The group session.', ids.session),
  chartId: Id('The group’s chart.', ids.chart),
  authorId: Id('The member of staff who writes the record.', ids.author),
  groupMeetingId: Nullable(groupMeetingId),
  ...session,
  timeZone: TimeZone('The zone of the session.'),
  headCount: Type.Integer({ minimum: 0, description: 'How many of the group were there, by attendance.' }),
  status: OneOf(groupSessionStatuses, {
    description:
      'A draft is seen by its author alone. `cosigned` once everybody who led it has signed. A signed record is final; one that should not have been written is marked as entered in error.',
  }),
  revision: Type.Integer({ minimum: 1, description: 'Counts the corrections before the signature.' }),
  signedAt: Nullable(Instant('When its author signed it.', '2026-11-24T03:00:00.000Z')),
  version: Version,
  createdAt: Instant('When it was begun.', '2026-11-24T02:45:00.000Z'),
  updatedAt: Instant('When it last changed.', '2026-11-24T03:00:00.000Z'),
}

const exampleHead = {
  id: ids.session,
  chartId: ids.chart,
  authorId: ids.author,
  groupMeetingId: null,
  sessionDate: '2026-11-23',
  startedAt: '2026-11-24T01:00:00.000Z',
  endedAt: '2026-11-24T02:30:00.000Z',
  timeZone: 'America/Los_Angeles',
  headCount: 1,
  status: 'draft' as const,
  revision: 1,
  signedAt: null,
  version: 1,
  createdAt: '2026-11-24T02:45:00.000Z',
  updatedAt: '2026-11-24T02:45:00.000Z',
}

const GroupSessionSummary = component(
  'GroupSessionSummary',
  strictObject(head, {
    description: 'A group session without its record, for lists.',
    examples: [exampleHead],
  }),
)

const GroupSignature = component(
  'GroupSessionSignature',
  strictObject(
    {
      role: OneOf(['author', 'facilitator'] as const),
      signerId: Id('The member of staff who signed.', ids.author),
      credentials: Credentials,
      signedAt: Instant('When.', '2026-11-24T03:00:00.000Z'),
      contentHash: ContentHash,
    },
    {
      description: 'A signature on the record of a group session.',
      examples: [
        {
          role: 'author',
          signerId: ids.author,
          credentials: 'Casey Example, LMFT (CA 000000)',
          signedAt: '2026-11-24T03:00:00.000Z',
          contentHash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
        },
      ],
    },
  ),
)

const ErrorMark = component(
  'GroupSessionError',
  strictObject(
    {
      staffId: Id('Who marked it.', ids.author),
      markedAt: Instant('When.', '2026-11-25T17:00:00.000Z'),
      reason: Type.String(),
    },
    {
      description: 'The mark of a record that should not have been written; its text stays.',
      examples: [
        {
          staffId: ids.author,
          markedAt: '2026-11-25T17:00:00.000Z',
          reason: 'The wrong group. (Fictional.)',
        },
      ],
    },
  ),
)

export const exampleSession = {
  ...exampleHead,
  facilitatorIds: [ids.facilitator],
  record: exampleRecord,
  carried: [],
  overrides: [],
  attendance: [
    { memberId: ids.member, presence: 'present' as const, minutes: 90, noteId: ids.note },
    { memberId: ids.absent, presence: 'absent' as const, minutes: null, noteId: null },
  ],
  signatures: [],
  enteredInError: null,
}

export const GroupSession = component(
  'GroupSession',
  strictObject(
    {
      ...head,
      facilitatorIds,
      record: ProcessRecord,
      carried: Type.Array(Type.String(), {
        description: 'JSON pointers to what was brought in from the meeting, and not edited since.',
      }),
      overrides: Type.Array(WarningReason, { description: 'Why it has words that are names too.' }),
      attendance: Type.Array(ShownAttendance),
      signatures: Type.Array(GroupSignature, { description: 'The author’s first.' }),
      enteredInError: Nullable(ErrorMark),
    },
    { description: 'The record of a group’s process in one session.', examples: [exampleSession] },
  ),
)

const { attendance: _attendance, risk: _risk, measures: _measures, ...headerFields } = NoteHeader.properties

const { groupSessionId: _session, ...contentFields } = groupMember.content.properties

export const exampleNote = {
  header: { risk: { status: 'denied' as const }, progress: 'some' as const },
  content: {
    participation: 3,
    presentation: 'Calm, attentive (fictional).',
    response: 'Named two early warning signs of their own.',
    plan: 'Bring the list to the next individual session.',
  },
}

export const MemberNote = component(
  'NewGroupMemberNote',
  strictObject(
    {
      header: Type.Optional(
        strictObject(
          {
            ...headerFields,
            risk: Type.Optional(strictObject({ status: OneOf(riskStatuses) })),
          },
          {
            description:
              'As of any note; attendance follows from the rest, and a risk assessment and measures are named in the note itself.',
          },
        ),
      ),
      content: Type.Optional(
        strictObject(contentFields, {
          description: 'Of the part `group_member`; it names its session by itself.',
        }),
      ),
    },
    { description: 'What a member’s note begins with.', examples: [exampleNote] },
  ),
)

export const ChartOfGroup = strictObject({ chartId: Id('The group’s chart.', ids.chart) })

export const GroupSessionParams = strictObject({
  chartId: Id('The group’s chart.', ids.chart),
  groupSessionId: Id('The group session.', ids.session),
})

export const GroupSessionQuery = strictObject({ ...PageQuery })

export const GroupSessionPage = listOf('GroupSessionPage', GroupSessionSummary)

export type GroupSessionSummary = Static<typeof GroupSessionSummary>
export type GroupSession = Static<typeof GroupSession>
export type GroupSessionQuery = Static<typeof GroupSessionQuery>
