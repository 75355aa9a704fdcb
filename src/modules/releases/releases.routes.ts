import { created, ok, operation } from '../../plugins/operations/index.ts'
import { DisclosurePage } from './disclosures.schemas.ts'
import { listDisclosures } from './disclosures.service.ts'
import * as schemas from './releases.schemas.ts'
import * as service from './releases.service.ts'

const common = { tag: 'Releases' } as const
const base = '/v1/charts/{chartId}/releases'
const ofChart = { ...common, path: base, params: schemas.ChartOfReleases } as const
const one = { ...common, params: schemas.ReleaseParams } as const

export const releaseRoutes = [
  operation({
    ...ofChart,
    method: 'GET',
    operationId: 'listReleases',
    summary: 'List releases of information',
    description: 'What was signed for this chart, newest first, also what holds no longer.',
    permission: 'releases:read',
    query: schemas.PageOnly,
    success: { status: 200, schema: schemas.ReleasePage, description: 'A page of releases.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listReleases(trx, params.chartId, query)),
  }),
  operation({
    ...ofChart,
    method: 'POST',
    operationId: 'recordRelease',
    summary: 'Record a release of information',
    description:
      'Records what a client signed: whom the practice may tell what of this chart, and until when. It never changes; another scope is another release. Of a couple’s chart each partner signs an own one, also who has left.',
    permission: 'releases:write',
    idempotency: 'required',
    body: schemas.NewRelease,
    success: { status: 201, schema: schemas.Release, description: 'The release.' },
    problems: ['unknown-reference', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const release = await service.recordRelease(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/releases/${release.id}`, release)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    path: `${base}/{releaseId}`,
    operationId: 'getRelease',
    summary: 'Read a release of information',
    description: 'As it was signed, and whether it holds today.',
    permission: 'releases:read',
    success: { status: 200, schema: schemas.Release, description: 'The release.' },
    handler: async (trx, { params }) => ok(await service.getRelease(trx, params)),
  }),
  operation({
    ...one,
    method: 'POST',
    path: `${base}/{releaseId}/revocation`,
    operationId: 'revokeRelease',
    summary: 'Revoke a release of information',
    description:
      'The client took it back: from now on nothing goes out on it. What went out before stays in the disclosures.',
    permission: 'releases:write',
    ifMatch: true,
    success: { status: 200, schema: schemas.Release, description: 'The revoked release.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await service.revokeRelease(trx, params, version)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/charts/{chartId}/disclosures',
    operationId: 'listDisclosures',
    summary: 'List disclosures',
    description:
      'What was given out of this chart, to whom and on which release, newest first: an entry for each member it is about.',
    permission: 'releases:read',
    params: schemas.ChartOfReleases,
    query: schemas.PageOnly,
    success: { status: 200, schema: DisclosurePage, description: 'A page of disclosures.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await listDisclosures(trx, params.chartId, query)),
  }),
]
