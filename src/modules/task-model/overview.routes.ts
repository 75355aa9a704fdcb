import { PdfDocument } from '../../lib/schemas.ts'
import { created, file, ok, operation } from '../../plugins/operations/index.ts'
import * as caseload from './caseload.schemas.ts'
import { getCaseload } from './caseload.service.ts'
import { CohortFigures } from './cohort.schemas.ts'
import { getCohortFigures } from './cohort.service.ts'
import { CosignPage, CosignQuery, listAwaitingCosign } from './cosign-worklist.ts'
import { JourneyParams } from './journeys.schemas.ts'
import { printLetter } from './letter-document.ts'
import * as letters from './letters.schemas.ts'
import * as letterService from './letters.service.ts'
import { TemplateVersionParams } from './templates.schemas.ts'

const common = { tag: 'Task programs' } as const
const lettersOf = '/v1/charts/{chartId}/journeys/{journeyId}/progress-letters'

export const overviewRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/journeys',
    operationId: 'listCaseload',
    summary: 'Read the caseload',
    description:
      'The journeys in the charts that are open to the caller, with their counts: clinicians see those of their care teams, supervisors those of their supervisees.',
    permission: 'programs:read',
    query: caseload.CaseloadQuery,
    success: { status: 200, schema: caseload.CaseloadPage, description: 'A page of the caseload.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await getCaseload(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/journey-tasks',
    operationId: 'listTasksAwaitingCosign',
    summary: 'List the tasks that wait for my co-signature',
    description:
      'What supervisees signed off and their supervisor has not co-signed, the longest waiting first.',
    permission: 'programs:cosign',
    query: CosignQuery,
    success: { status: 200, schema: CosignPage, description: 'A page of tasks.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await listAwaitingCosign(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/program-templates/{programTemplateId}/versions/{templateNumber}/cohort-figures',
    operationId: 'getCohortFigures',
    summary: 'Read the figures of a cohort',
    description:
      'Medians over the journeys that the caller may read under this version, without names, and only where at least five say it.',
    permission: 'programs:read',
    params: TemplateVersionParams,
    success: { status: 200, schema: CohortFigures, description: 'The figures.' },
    handler: async (trx, { params }) =>
      ok(await getCohortFigures(trx, params.programTemplateId, params.templateNumber)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: lettersOf,
    operationId: 'listProgressLetters',
    summary: 'List progress letters',
    description: 'What was written about a journey to somebody outside, oldest first.',
    permission: 'programs:read',
    params: JourneyParams,
    query: letters.LetterQuery,
    success: { status: 200, schema: letters.LetterPage, description: 'A page of letters.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await letterService.listLetters(trx, params, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: lettersOf,
    operationId: 'writeProgressLetter',
    summary: 'Write a progress letter',
    description:
      'Puts together a letter for a court, a referrer or another recipient. It tells what `allowed` names and nothing else, and every release of information it rests on has to allow that today (`not-released`); a letter of counts names no program. It is kept as it was written, and is a disclosure.',
    permission: 'programs:write',
    idempotency: 'required',
    params: JourneyParams,
    body: letters.NewProgressLetter,
    success: { status: 201, schema: letters.ProgressLetter, description: 'The letter.' },
    problems: ['invalid-state', 'not-released', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const letter = await letterService.writeLetter(trx, params, body)
      const url = `/v1/charts/${params.chartId}/journeys/${params.journeyId}/progress-letters/${letter.id}`
      return created(url, letter)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${lettersOf}/{letterId}`,
    operationId: 'getProgressLetter',
    summary: 'Read a progress letter',
    description: 'As it was written.',
    permission: 'programs:read',
    params: letters.LetterParams,
    success: { status: 200, schema: letters.ProgressLetter, description: 'The letter.' },
    handler: async (trx, { params }) => ok(await letterService.getLetter(trx, params)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${lettersOf}/{letterId}/document`,
    operationId: 'getProgressLetterDocument',
    summary: 'Print a progress letter',
    description: 'The letter as a PDF, to send. The same letter always gives the same bytes.',
    permission: 'programs:read',
    params: letters.LetterParams,
    success: {
      status: 200,
      schema: PdfDocument,
      mediaType: 'application/pdf',
      description: 'The letter as a PDF.',
    },
    handler: async (trx, { params }) => {
      const bytes = await printLetter(trx, params)
      // A letter is never changed.
      return file(1, { mediaType: 'application/pdf', name: 'progress-letter.pdf', bytes })
    },
  }),
]
