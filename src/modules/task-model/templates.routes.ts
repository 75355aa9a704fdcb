import { created, ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './templates.schemas.ts'
import * as service from './templates.service.ts'

const common = { tag: 'Task programs' } as const
const base = '/v1/program-templates'
const oneVersion = { ...common, params: schemas.TemplateVersionParams } as const
const changed = {
  status: 200,
  schema: schemas.ProgramTemplateVersion,
  description: 'The version as it is now.',
} as const

type VersionParams = { programTemplateId: string; templateNumber: number }

const placeOf = ({ programTemplateId, templateNumber }: VersionParams, version: number) => ({
  templateId: programTemplateId,
  number: templateNumber,
  version,
})

export const templateRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listProgramTemplates',
    summary: 'List program templates',
    description:
      'Task programs and stage models: those that come with the service, then the practice’s own. They hold nobody’s data.',
    permission: 'library:read',
    query: schemas.TemplateQuery,
    success: { status: 200, schema: schemas.TemplatePage, description: 'A page of templates.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listTemplates(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'importProgramTemplate',
    summary: 'Import a program template',
    description:
      'Brings a template in as one document, as the draft of its first version. This is how a practice that holds a license brings in the official wording. Keys must be unique, sections and prerequisites must be there, and prerequisites must not form a circle.',
    permission: 'library:write',
    body: schemas.ProgramDocument,
    success: { status: 201, schema: schemas.ProgramTemplateVersion, description: 'The draft.' },
    problems: ['already-exists'],
    handler: async (trx, { body }) => {
      const version = await service.importTemplate(trx, body)
      return created(`${base}/${version.templateId}/versions/${version.number}`, version)
    },
  }),
  operation({
    ...common,
    method: 'GET',
    path: `${base}/{programTemplateId}`,
    operationId: 'getProgramTemplate',
    summary: 'Read a program template',
    description: 'What it is, and its versions.',
    permission: 'library:read',
    params: schemas.TemplateParams,
    success: { status: 200, schema: schemas.ProgramTemplate, description: 'The template.' },
    handler: async (trx, { params }) => ok(await service.getTemplate(trx, params.programTemplateId)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: `${base}/{programTemplateId}/versions`,
    operationId: 'addProgramTemplateVersion',
    summary: 'Add a version',
    description:
      'The next version of the practice’s own template, as a draft; one draft is open at a time. Who is in an older version stays there until the journey is migrated.',
    permission: 'library:write',
    params: schemas.TemplateParams,
    body: schemas.ProgramDocument,
    success: { status: 201, schema: schemas.ProgramTemplateVersion, description: 'The draft.' },
    problems: ['already-exists', 'invalid-state'],
    handler: async (trx, { params, body }) => {
      const version = await service.addVersion(trx, params.programTemplateId, body)
      return created(`${base}/${version.templateId}/versions/${version.number}`, version)
    },
  }),
  operation({
    ...oneVersion,
    method: 'GET',
    path: `${base}/{programTemplateId}/versions/{templateNumber}`,
    operationId: 'getProgramTemplateVersion',
    summary: 'Export a version',
    description: 'One version with its whole content: `document` can be imported elsewhere as it is.',
    permission: 'library:read',
    success: { status: 200, schema: schemas.ProgramTemplateVersion, description: 'The version.' },
    handler: async (trx, { params }) =>
      ok(await service.getVersion(trx, params.programTemplateId, params.templateNumber)),
  }),
  operation({
    ...oneVersion,
    method: 'PUT',
    path: `${base}/{programTemplateId}/versions/{templateNumber}`,
    operationId: 'rewriteProgramTemplateDraft',
    summary: 'Write a draft anew',
    description: 'Replaces the document of a draft. What is published is never changed.',
    permission: 'library:write',
    ifMatch: true,
    body: schemas.ProgramDocument,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.rewriteDraft(trx, placeOf(params, version), body)),
  }),
  operation({
    ...oneVersion,
    method: 'POST',
    path: `${base}/{programTemplateId}/versions/{templateNumber}/publication`,
    operationId: 'publishProgramTemplateVersion',
    summary: 'Publish a version',
    description: 'Clients can be enrolled from now on, and its content never changes any more.',
    permission: 'library:write',
    ifMatch: true,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await service.publish(trx, placeOf(params, version))),
  }),
  operation({
    ...oneVersion,
    method: 'POST',
    path: `${base}/{programTemplateId}/versions/{templateNumber}/retirement`,
    operationId: 'retireProgramTemplateVersion',
    summary: 'Retire a version',
    description:
      'Nobody is enrolled any more; who is in it stays. A draft that is not wanted is retired too.',
    permission: 'library:write',
    ifMatch: true,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await service.retire(trx, placeOf(params, version))),
  }),
]
