import { type Static, Type } from 'typebox'
import { CalendarDate, component, Id, OneOf, strictObject, Version } from '../../../lib/schemas.ts'
import { presences } from '../header.schemas.ts'
import { WarningReason } from '../steps.schemas.ts'
import { Attendance, memberId, minutes } from './attendance.schemas.ts'
import { ids } from './examples.ts'
import {
  exampleNote,
  exampleRecord,
  exampleSession,
  facilitatorIds,
  GroupSession,
  groupMeetingId,
  MemberNote,
  mostMembers,
  ProcessRecord,
  record,
  session,
  theme,
} from './sessions.schemas.ts'

const NewProcessRecord = component(
  'NewGroupProcessRecord',
  strictObject(
    { ...record, theme: Type.Optional(theme) },
    {
      description:
        'What happened in the group as a whole. It names nobody. Of a meeting that has a topic, or a place in the curriculum, the theme may be left out; it is that, and marked in `carried`.',
      examples: [exampleRecord],
    },
  ),
)

const NewMember = component(
  'NewGroupSessionMember',
  strictObject(
    {
      memberId,
      presence: Type.Optional(
        OneOf(presences, { description: 'Left out where a meeting is named: it says it.' }),
      ),
      minutes: Type.Optional(minutes),
      note: Type.Optional(MemberNote),
    },
    {
      description: 'Whether a member was there, and what their note begins with.',
      examples: [{ memberId: ids.member, presence: 'present', minutes: 90, note: exampleNote }],
    },
  ),
)

const overrides = Type.Optional(
  Type.Array(WarningReason, {
    maxItems: 40,
    description: 'A reason for each text with a word that is the name of somebody in the group.',
  }),
)

const written = {
  sessionDate: Type.Optional(CalendarDate('Taken from `startedAt` when left out.', '2026-11-20')),
  startedAt: Type.Optional(session.startedAt),
  endedAt: Type.Optional(session.endedAt),
  facilitatorIds: Type.Optional(facilitatorIds),
}

export const NewGroupSession = component(
  'NewGroupSession',
  strictObject(
    {
      ...written,
      groupMeetingId: Type.Optional(groupMeetingId),
      record: NewProcessRecord,
      members: Type.Optional(
        Type.Array(NewMember, {
          maxItems: mostMembers,
          description:
            'Who was there. Where a meeting is named, all of its attendance, and here only what notes begin with.',
        }),
      ),
      carryForward: Type.Optional(
        Type.Boolean({
          description:
            'Fills in what is left out of members’ notes from the author’s last one of each, and marks it in `carried`.',
        }),
      ),
      overrides,
    },
    {
      description:
        'A group session to document: the record of its process, and a note for each who was there.',
      examples: [
        {
          sessionDate: '2026-01-05',
          record: exampleRecord,
          members: [{ memberId: ids.member, presence: 'present', minutes: 90, note: exampleNote }],
        },
      ],
    },
  ),
)

export const GroupSessionStarted = component(
  'GroupSessionStarted',
  strictObject(
    {
      session: GroupSession,
      notes: Type.Array(strictObject({ memberId, noteId: Id('The draft.', ids.note), version: Version }), {
        description: 'The drafts that were begun, in the members’ own charts.',
      }),
      notPermitted: Type.Array(memberId, {
        description: 'Who was there and gets no note from the caller. Attendance is kept all the same.',
      }),
    },
    {
      description: 'A group session and the notes that were begun with it.',
      examples: [
        {
          session: exampleSession,
          notes: [{ memberId: ids.member, noteId: ids.note, version: 1 }],
          notPermitted: [],
        },
      ],
    },
  ),
)

export const GroupSessionChange = component(
  'GroupSessionChange',
  Type.Partial(
    strictObject({
      ...session,
      facilitatorIds,
      record: ProcessRecord,
      attendance: Type.Array(Attendance, {
        minItems: 1,
        maxItems: mostMembers,
        description: 'Members whose attendance was recorded wrongly. The others stay. Notes are not touched.',
      }),
      overrides,
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'What was wrong in a record that is not signed yet. What is left out stays.',
      examples: [
        {
          record: { theme: 'Evenings (fictional)', interventions: ['Check-in round'] },
          attendance: [{ memberId: ids.member, presence: 'late', minutes: 60 }],
        },
      ],
    },
  ),
)

export type GroupSessionStarted = Static<typeof GroupSessionStarted>
export type NewGroupSession = Static<typeof NewGroupSession>
export type NewMember = Static<typeof NewMember>
export type GroupSessionChange = Static<typeof GroupSessionChange>
