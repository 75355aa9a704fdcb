import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './credentials.schemas.ts'
import * as service from './credentials.service.ts'
import { StaffParams } from './staff.schemas.ts'

const common = { tag: 'Practice' } as const

export const credentialRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: '/v1/staff-members/{staffId}/credentials',
    operationId: 'listCredentials',
    summary: 'List credentials',
    description: 'Certifications of a person beside the licenses, oldest entry first.',
    permission: 'staff:read',
    params: StaffParams,
    query: schemas.CredentialQuery,
    success: { status: 200, schema: schemas.CredentialPage, description: 'A page of credentials.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listCredentials(trx, params.staffId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: '/v1/staff-members/{staffId}/credentials',
    operationId: 'createCredential',
    summary: 'Record a credential',
    description:
      'Adds a certification. Codes are whatever the practice uses; a person has each of them once, and a renewal changes its dates.',
    permission: 'staff:write',
    params: StaffParams,
    body: schemas.NewCredential,
    success: { status: 201, schema: schemas.Credential, description: 'The credential.' },
    problems: ['already-exists'],
    handler: async (trx, { params, body }) => {
      const credential = await service.createCredential(trx, params.staffId, body)
      return created(`/v1/staff-members/${params.staffId}/credentials/${credential.id}`, credential)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: '/v1/staff-members/{staffId}/credentials/{credentialId}',
    operationId: 'getCredential',
    summary: 'Read a credential',
    description: 'One certification, with the ETag to change it.',
    permission: 'staff:read',
    params: schemas.CredentialParams,
    success: { status: 200, schema: schemas.Credential, description: 'The credential.' },
    handler: async (trx, { params }) =>
      ok(await service.getCredential(trx, params.staffId, params.credentialId)),
  }),
  operation({
    ...common,
    method: 'PATCH',
    path: '/v1/staff-members/{staffId}/credentials/{credentialId}',
    operationId: 'changeCredential',
    summary: 'Change a credential',
    description:
      'Changes the fields given: a renewal, a candidate who now holds it, a correction. A mistake becomes `entered_in_error`; nothing is deleted.',
    permission: 'staff:write',
    ifMatch: true,
    params: schemas.CredentialParams,
    body: schemas.CredentialChange,
    success: { status: 200, schema: schemas.Credential, description: 'The credential as it is now.' },
    problems: ['already-exists'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeCredential(trx, params.staffId, params.credentialId, version, body)),
  }),
]
