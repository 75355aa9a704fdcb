import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './search.schemas.ts'
import { searchNotes } from './search.service.ts'

export const noteSearchRoutes = [
  operation({
    tag: 'Session notes',
    method: 'POST',
    path: '/v1/charts/{chartId}/note-search',
    operationId: 'searchChartNotes',
    summary: 'Search the notes of a chart',
    description:
      'Looks for words in sections, header, parts and addenda of the notes of one chart that the caller may read: what is signed, and their own drafts. Notes are looked through from the newest session on, so many for each request. The words stand in no address, log or audit row, and no index of what notes say exists anywhere.',
    permission: 'notes:read',
    readsOnly: true,
    params: schemas.ChartOfSearch,
    body: schemas.NoteSearch,
    success: { status: 200, schema: schemas.NoteSearchPage, description: 'What was found.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, body }) => ok(await searchNotes(trx, params.chartId, body)),
  }),
]
