import { type Static, Type } from 'typebox'
import { CalendarDate, component, dictionary, Nullable, strictObject } from '../../lib/schemas.ts'
import { NoteHeader, NoteHeaderChange } from './header.schemas.ts'
import { templateKeys } from './note-templates.ts'
import { mostParts } from './parts/parts.rules.ts'
import { NewPart, PartChange, partId, uuidPattern as uuid } from './parts/parts.schemas.ts'
import {
  exampleSections,
  head,
  intensiveBlockIds,
  Sections,
  sectionKey,
  sectionText,
  session,
} from './session-notes.schemas.ts'

export const NewSessionNote = component(
  'NewSessionNote',
  strictObject(
    {
      template: Type.String({
        pattern: `^(${templateKeys.join('|')}|${uuid})$`,
        description:
          'The `key` of one of `GET /v1/note-templates` or of one’s own; its current version is used.',
        examples: ['dap'],
      }),
      appointmentId: Type.Optional(head.appointmentId),
      intensiveBlockIds: Type.Optional(
        Type.Array(intensiveBlockIds.items, {
          minItems: 1,
          maxItems: 20,
          uniqueItems: true,
          description:
            'Instead of an appointment: blocks of one day of an intensive that are of this chart (what one of a couple has alone is of their own, the rest of the joint one). Once all are delivered, times, place and attendance that are left out are taken from them. They have to be delivered before the note is signed.',
        }),
      ),
      sessionDate: Type.Optional(
        CalendarDate(
          'The day of the session. Taken from `startedAt`, the appointment or the blocks when left out.',
          '2026-11-23',
        ),
      ),
      startedAt: Type.Optional(session.startedAt),
      endedAt: Type.Optional(session.endedAt),
      header: Type.Optional(NoteHeader),
      sections: Type.Optional(Sections),
      parts: Type.Optional(Type.Array(NewPart, { maxItems: mostParts })),
      carryForward: Type.Optional(
        Type.Boolean({
          description:
            'Fills in what is left out from the plan in force, the latest scores and the author’s last signed notes of this chart (each part from the last one of its kind), and marks it in `carried`.',
        }),
      ),
    },
    {
      description: 'A note to start, as a draft.',
      examples: [
        {
          template: 'dap',
          sessionDate: '2026-11-20',
          startedAt: '2026-11-20T18:02:00.000Z',
          endedAt: '2026-11-20T18:53:00.000Z',
          header: { risk: { status: 'denied' }, progress: 'some', next: 'Look at the sleep log.' },
          sections: exampleSections,
          parts: [{ id: partId, kind: 'cbt', content: { mood: { before: 40, after: 55 } } }],
        },
      ],
    },
  ),
)

export const SessionNoteChange = component(
  'SessionNoteChange',
  Type.Partial(
    strictObject({
      ...session,
      sections: dictionary(sectionKey, Nullable(sectionText), {
        maxProperties: 20,
        description: 'The sections that changed; null empties one. The others stay.',
      }),
      header: NoteHeaderChange,
      parts: dictionary(Type.String({ pattern: `^${uuid}$` }), Nullable(PartChange), {
        maxProperties: mostParts,
        description:
          'The parts that changed, by id; null takes one away, and a fresh UUID adds one. The others stay.',
      }),
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'What changed in a draft. What is left out stays.',
      examples: [
        {
          sections: { plan: 'Bring the sleep log next week. (Fictional.)' },
          parts: { [partId]: { kind: 'cbt', content: { summary: 'The thought was tested. (Fictional.)' } } },
        },
      ],
    },
  ),
)

export type NewSessionNote = Static<typeof NewSessionNote>
export type SessionNoteChange = Static<typeof SessionNoteChange>
