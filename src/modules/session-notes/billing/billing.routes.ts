import { ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './billing.schemas.ts'
import * as service from './billing.service.ts'

const common = { tag: 'Session notes' } as const
const one = '/v1/session-notes/{noteId}/billing-facts'

export const billingFactsRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/billing-facts',
    operationId: 'listNoteBillingFacts',
    summary: 'List what billing needs of notes',
    description:
      'Billing facts of signed notes that no co-signature is missing from, the newest session first. Who bills reads these and never the notes.',
    permission: 'billing-facts:read',
    query: schemas.BillingFactsQuery,
    success: { status: 200, schema: schemas.BillingFactsPage, description: 'A page of billing facts.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listFacts(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: one,
    operationId: 'getNoteBillingFacts',
    summary: 'Read what billing needs of a note',
    description:
      'Minutes, attendance, place, diagnoses and the suggested code of the note’s signed revision. There are none before its last signature.',
    permission: 'billing-facts:read',
    params: schemas.NoteParams,
    success: { status: 200, schema: schemas.BillingFacts, description: 'The billing facts.' },
    handler: async (trx, { params }) => ok(await service.getFacts(trx, params.noteId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${one}/decision`,
    operationId: 'decideNoteBillingFacts',
    summary: 'Confirm or change the suggested code',
    description:
      'Confirms the suggestion, or decides otherwise with a reason. It can be decided anew until the note is locked: then what was confirmed is final.',
    permission: 'billing-facts:write',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.NoteParams,
    body: schemas.NewBillingDecision,
    success: { status: 200, schema: schemas.BillingFacts, description: 'The billing facts as they are now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.decide(trx, params.noteId, version, body)),
  }),
]
