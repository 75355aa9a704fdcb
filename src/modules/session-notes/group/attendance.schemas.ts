import { Type } from 'typebox'
import { component, Id, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { presences } from '../header.schemas.ts'
import { ids } from './examples.ts'

const presence = OneOf(presences)

export const minutes = Type.Integer({ minimum: 0, maximum: 1_440, description: 'How long they were there.' })

export const memberId = Id('A membership of the group’s chart.', ids.member)

export const Attendance = component(
  'GroupAttendance',
  strictObject(
    { memberId, presence, minutes: Type.Optional(minutes) },
    { description: 'Whether a member was there.', examples: [{ memberId: ids.member, presence: 'late' }] },
  ),
)

export const ShownAttendance = component(
  'GroupSessionAttendance',
  strictObject(
    {
      memberId,
      presence,
      minutes: Nullable(minutes),
      noteId: Nullable(
        Id('The note that was begun for them with this record, where the caller may see it.', ids.note),
      ),
    },
    {
      description: 'Whether a member was there, and their note.',
      examples: [{ memberId: ids.member, presence: 'present', minutes: 90, noteId: ids.note }],
    },
  ),
)
