import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './diagnosis-codes.schemas.ts'
import * as service from './diagnosis-codes.service.ts'

const common = { tag: 'Treatment plans' } as const

export const diagnosisCodeRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/diagnosis-codes',
    operationId: 'listDiagnosisCodes',
    summary: 'List diagnosis codes',
    description:
      'Codes that plans may use, by system and code: a short starter list with its sources, and what the practice imported. A code that was imported takes the place of the shipped one.',
    permission: 'library:read',
    query: schemas.DiagnosisCodeQuery,
    success: { status: 200, schema: schemas.DiagnosisCodePage, description: 'A page of codes.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listCodes(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/diagnosis-codes/import',
    operationId: 'importDiagnosisCodes',
    summary: 'Import diagnosis codes',
    description:
      'Adds up to 1,000 codes of one system, each from one day to another. A newer entry of a code ends the one before it on the day before; the same code with the same first day is written anew. Plans keep the labels they were written with.',
    permission: 'library:write',
    body: schemas.DiagnosisCodeImport,
    success: { status: 200, schema: schemas.DiagnosisCodeImported, description: 'What was done.' },
    problems: ['conflict'],
    handler: async (trx, { body }) => ok(await service.importCodes(trx, body)),
  }),
]
