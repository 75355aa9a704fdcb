import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './licenses.schemas.ts'
import * as service from './licenses.service.ts'
import { StaffParams } from './staff.schemas.ts'

const common = { tag: 'Practice' } as const

export const licenseRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/licenses',
    operationId: 'listExpiringLicenses',
    summary: 'List licenses to renew',
    description:
      'Licenses of everybody who is not disabled that end before a day or have ended, most urgent first. Licenses without an end, suspended and surrendered ones are left out.',
    permission: 'staff:read',
    query: schemas.ExpiringQuery,
    success: { status: 200, schema: schemas.LicensePage, description: 'A page of licenses.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listExpiring(trx, query)),
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/staff-members/{staffId}/licenses',
    operationId: 'listLicenses',
    summary: 'List licenses of a person',
    description: 'Licenses by state, oldest entry first.',
    permission: 'staff:read',
    params: StaffParams,
    query: schemas.LicenseQuery,
    success: { status: 200, schema: schemas.LicensePage, description: 'A page of licenses.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listLicenses(trx, params.staffId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/staff-members/{staffId}/licenses',
    operationId: 'createLicense',
    summary: 'Record a license',
    description:
      'Adds a license of one state. Professions and types are whatever the boards use; a number stands once per state and type.',
    permission: 'staff:write',
    params: StaffParams,
    body: schemas.NewLicense,
    success: { status: 201, schema: schemas.License, description: 'The license.' },
    problems: ['already-exists'],
    handler: async (trx, { params, body }) => {
      const license = await service.createLicense(trx, params.staffId, body)
      return created(`/v1/staff-members/${params.staffId}/licenses/${license.id}`, license)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/staff-members/{staffId}/licenses/{licenseId}',
    operationId: 'getLicense',
    summary: 'Read a license',
    description: 'One license, with the ETag to change it.',
    permission: 'staff:read',
    params: schemas.LicenseParams,
    success: { status: 200, schema: schemas.License, description: 'The license.' },
    handler: async (trx, { params }) => ok(await service.getLicense(trx, params.staffId, params.licenseId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/staff-members/{staffId}/licenses/{licenseId}',
    operationId: 'changeLicense',
    summary: 'Change a license',
    description:
      'Changes the fields given: a renewal, a suspension, a correction. A mistake becomes `entered_in_error`; nothing is deleted.',
    permission: 'staff:write',
    ifMatch: true,
    params: schemas.LicenseParams,
    body: schemas.LicenseChange,
    success: { status: 200, schema: schemas.License, description: 'The license as it is now.' },
    problems: ['already-exists'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeLicense(trx, params.staffId, params.licenseId, version, body)),
  }),
]
