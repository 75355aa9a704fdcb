import { PdfDocument } from '../../../lib/schemas.ts'
import { file, operation } from '../../../plugins/operations/index.ts'
import { NoteParams } from '../release/release.schemas.ts'
import * as service from './document.service.ts'

export const noteDocumentRoutes = [
  operation({
    tag: 'Session notes',
    method: 'GET',
    path: '/v1/session-notes/{noteId}/document',
    operationId: 'getSessionNoteDocument',
    summary: 'Print a note',
    description:
      'A signed note as a PDF, with its signatures, its addenda, and the requests to amend it with all that was said about them. The same state of a note always gives the same bytes.',
    permission: 'notes:read',
    params: NoteParams,
    success: {
      status: 200,
      schema: PdfDocument,
      mediaType: 'application/pdf',
      description: 'The note as a PDF.',
    },
    problems: ['invalid-state'],
    handler: async (trx, { params }) => {
      const { version, bytes } = await service.printNote(trx, params.noteId)
      return file(version, { mediaType: 'application/pdf', name: 'session-note.pdf', bytes })
    },
  }),
]
