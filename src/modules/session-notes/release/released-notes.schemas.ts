import type { Static } from 'typebox'
import { component, listOf, PageQuery, strictObject } from '../../../lib/schemas.ts'
import { exampleNote as example, SessionNote } from '../session-notes.schemas.ts'

const fields = SessionNote.properties
const { id, authorId, sessionDate, startedAt, endedAt, timeZone, partKinds } = fields
const head = { id, authorId, sessionDate, startedAt, endedAt, timeZone, partKinds }

const exampleHead = {
  id: example.id,
  authorId: example.authorId,
  sessionDate: example.sessionDate,
  startedAt: example.startedAt,
  endedAt: example.endedAt,
  timeZone: example.timeZone,
  partKinds: example.partKinds,
}

const PortalNoteSummary = component(
  'PortalSessionNoteSummary',
  strictObject(head, {
    description: 'A note that the client may read, without its text.',
    examples: [exampleHead],
  }),
)

export const PortalNotePage = listOf('PortalSessionNotePage', PortalNoteSummary)

export const PortalNote = component(
  'PortalSessionNote',
  strictObject(
    {
      ...head,
      headings: fields.headings,
      header: fields.header,
      sections: fields.sections,
      parts: fields.parts,
      signatures: fields.signatures,
      addenda: fields.addenda,
      amendmentRequests: fields.amendmentRequests,
    },
    {
      description:
        'A signed note as the client may read it, with its addenda and what was asked to be amended.',
      examples: [
        {
          ...exampleHead,
          headings: example.headings,
          header: example.header,
          sections: example.sections,
          parts: example.parts,
          signatures: example.signatures,
          addenda: example.addenda,
          amendmentRequests: example.amendmentRequests,
        },
      ],
    },
  ),
)

export const PortalNotesQuery = strictObject({ ...PageQuery })

export type PortalNoteSummary = Static<typeof PortalNoteSummary>
export type PortalNote = Static<typeof PortalNote>
export type PortalNotesQuery = Static<typeof PortalNotesQuery>
