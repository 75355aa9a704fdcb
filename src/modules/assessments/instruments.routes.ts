import { created, done, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './instruments.schemas.ts'
import * as service from './instruments.service.ts'
import * as texts from './texts.service.ts'

const common = { tag: 'Instruments' } as const
const base = '/v1/instruments'
const one = { ...common, params: schemas.InstrumentParams } as const
const changed = {
  status: 200,
  schema: schemas.Instrument,
  description: 'The instrument as it is now.',
} as const

export const instrumentRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listInstruments',
    summary: 'List instruments',
    description: 'What the service brings and what the practice made, by key and edition.',
    permission: 'library:read',
    query: schemas.InstrumentQuery,
    success: { status: 200, schema: schemas.InstrumentPage, description: 'A page of instruments.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listInstruments(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'draftInstrument',
    summary: 'Draft an instrument',
    description:
      'Drafts an instrument of the practice’s own, or the next edition of one. It can be assigned once it is published. A key has one draft at a time.',
    permission: 'library:write',
    body: schemas.NewInstrument,
    success: { status: 201, schema: schemas.Instrument, description: 'The draft.' },
    problems: ['already-exists'],
    handler: async (trx, { body }) => {
      const instrument = await service.draftInstrument(trx, body)
      return created(`${base}/${instrument.key}?edition=${instrument.edition}`, instrument)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    path: `${base}/{instrumentKey}`,
    operationId: 'getInstrument',
    summary: 'Read an instrument',
    description:
      'How it is asked and scored: numbers of items with short labels, scales, bands and cut-offs with their sources, and the wording that the practice brought in. Cut-offs that are not confirmed are listed and never used.',
    permission: 'library:read',
    query: schemas.EditionQuery,
    success: { status: 200, schema: schemas.Instrument, description: 'The instrument.' },
    handler: async (trx, { params, query }) =>
      ok(await service.getInstrument(trx, params.instrumentKey, query.edition)),
  }),
  operation({
    ...one,
    method: 'PUT',
    path: `${base}/{instrumentKey}/draft`,
    operationId: 'changeInstrumentDraft',
    summary: 'Change the draft of an instrument',
    description: 'The definition as a whole. A published one never changes: draft its next edition.',
    permission: 'library:write',
    ifMatch: true,
    body: schemas.InstrumentChange,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeDraft(trx, params.instrumentKey, version, body.definition)),
  }),
  operation({
    ...one,
    method: 'POST',
    path: `${base}/{instrumentKey}/publication`,
    operationId: 'publishInstrument',
    summary: 'Publish the draft of an instrument',
    description:
      'For good. The edition that was in use is retired with it; what was assigned under that goes on under that.',
    permission: 'library:write',
    ifMatch: true,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.publishDraft(trx, params.instrumentKey, version)),
  }),
  operation({
    ...one,
    method: 'POST',
    path: `${base}/{instrumentKey}/retirement`,
    operationId: 'retireInstrument',
    summary: 'Take an instrument out of use',
    description: 'It is not assigned any more, and series that repeat end. What was answered stays.',
    permission: 'library:write',
    ifMatch: true,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) =>
      ok(await service.retireInstrument(trx, params.instrumentKey, version)),
  }),
  operation({
    ...one,
    method: 'POST',
    path: `${base}/{instrumentKey}/texts`,
    operationId: 'importInstrumentText',
    summary: 'Bring in the wording of an instrument',
    description:
      'From a FHIR R4 Questionnaire, for an instrument the practice holds a right to; it says which. It takes the place of earlier wording of that language.',
    permission: 'library:write',
    body: schemas.NewInstrumentText,
    success: { status: 201, schema: schemas.InstrumentText, description: 'The wording.' },
    problems: ['invalid-state', 'already-exists'],
    handler: async (trx, { params, body }) => {
      const text = await texts.importText(trx, params.instrumentKey, body)
      return created(`${base}/${params.instrumentKey}`, text)
    },
  }),
  operation({
    ...common,
    method: 'DELETE',
    path: `${base}/{instrumentKey}/texts/{textId}`,
    operationId: 'withdrawInstrumentText',
    summary: 'Take wording out of use',
    description: 'From now on the short labels are shown again.',
    permission: 'library:write',
    params: schemas.TextParams,
    success: { status: 204, description: 'It is not shown any more.' },
    handler: async (trx, { params }) => {
      await texts.removeText(trx, params.instrumentKey, params.textId)
      return done()
    },
  }),
]
