import { created, ok, operation } from '../../plugins/operations/index.ts'
import { FunnelQuery, InquiryFunnel } from './funnel.schemas.ts'
import { getFunnel } from './funnel.service.ts'
import * as schemas from './inquiries.schemas.ts'
import * as service from './inquiries.service.ts'

const common = { tag: 'Inquiries' } as const
const one = '/v1/inquiries/{inquiryId}'
const now = { status: 200, schema: schemas.InquiryDetail, description: 'The inquiry as it is now.' } as const

export const inquiryRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/inquiries',
    operationId: 'listInquiries',
    summary: 'List inquiries',
    description:
      'Newest first: every one for the front desk, a clinician’s own, and those of supervisees. What was said is in none of them.',
    permission: 'inquiries:read',
    query: schemas.InquiryQuery,
    success: { status: 200, schema: schemas.InquiryPage, description: 'A page of inquiries.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listInquiries(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/inquiries',
    operationId: 'receiveInquiry',
    summary: 'Write down an inquiry',
    description:
      'Somebody got in touch, for themselves or for somebody else. A clinician who writes it down sees to it; the front desk may say who does.',
    permission: 'inquiries:write',
    idempotency: 'required',
    body: schemas.NewInquiry,
    success: { status: 201, schema: schemas.InquiryDetail, description: 'The inquiry.' },
    problems: ['unknown-reference'],
    handler: async (trx, { body }) => {
      const inquiry = await service.receiveInquiry(trx, body)
      return created(`/v1/inquiries/${inquiry.id}`, inquiry)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: one,
    operationId: 'getInquiry',
    summary: 'Read an inquiry',
    description:
      'With its history. What was said is for the clinician it is assigned to and whoever supervises them.',
    permission: 'inquiries:read',
    params: schemas.InquiryParams,
    success: { status: 200, schema: schemas.InquiryDetail, description: 'The inquiry.' },
    handler: async (trx, { params }) => ok(await service.getInquiry(trx, params.inquiryId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: one,
    operationId: 'changeInquiry',
    summary: 'Change an inquiry',
    description: 'Who asks and for what, and who sees to it, while it has not ended.',
    permission: 'inquiries:write',
    ifMatch: true,
    params: schemas.InquiryParams,
    body: schemas.InquiryChange,
    success: now,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeInquiry(trx, params.inquiryId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${one}/steps`,
    operationId: 'stepInquiry',
    summary: 'Move an inquiry on',
    description:
      'Contacted, screened, referred out, declined or closed; who comes back is contacted again. Becoming a client is another operation.',
    permission: 'inquiries:write',
    ifMatch: true,
    params: schemas.InquiryParams,
    body: schemas.InquiryStep,
    success: now,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.takeStep(trx, params.inquiryId, version, body)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${one}/acceptance`,
    operationId: 'acceptInquiry',
    summary: 'Make a client of an inquiry',
    description:
      'Registers whoever asked as a client, with an individual chart, in one step. Nothing of what was said is copied, and nothing of somebody else who asked for them.',
    permission: 'inquiries:write',
    ifMatch: true,
    idempotency: 'required',
    params: schemas.InquiryParams,
    body: schemas.InquiryAcceptance,
    success: now,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.acceptInquiry(trx, params.inquiryId, version, body)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/reports/inquiries',
    operationId: 'getInquiryFunnel',
    summary: 'Count inquiries by source and month',
    description:
      'How many got in touch each month by each source, and how far they came. A count of fewer than five is not told, nor one whose complement is.',
    permission: 'reports:read',
    query: FunnelQuery,
    success: { status: 200, schema: InquiryFunnel, description: 'The counts.' },
    handler: async (trx, { query }) => ok(await getFunnel(trx, query)),
  }),
]
