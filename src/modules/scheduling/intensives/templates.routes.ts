import { created, ok, operation } from '../../../plugins/operations/index.ts'
import * as schemas from './templates.schemas.ts'
import * as service from './templates.service.ts'

const common = { tag: 'Intensives' } as const
const base = '/v1/intensive-templates'
const one = { ...common, path: `${base}/{intensiveTemplateId}`, params: schemas.TemplateParams } as const

export const templateRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listIntensiveTemplates',
    summary: 'List itinerary templates',
    description: 'Those that came with the service, for two, three and five days, then the practice’s own.',
    permission: 'practice:read',
    query: schemas.TemplateQuery,
    success: { status: 200, schema: schemas.IntensiveTemplatePage, description: 'A page of templates.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { query }) => ok(await service.listTemplates(trx, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'createIntensiveTemplate',
    summary: 'Make an itinerary template',
    description: 'Days of blocks without names and dates, to be fitted to what is free.',
    permission: 'practice:write',
    body: schemas.NewIntensiveTemplate,
    success: { status: 201, schema: schemas.IntensiveTemplate, description: 'The template.' },
    handler: async (trx, { body }) => {
      const template = await service.createTemplate(trx, body)
      return created(`${base}/${template.id}`, template)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getIntensiveTemplate',
    summary: 'Read an itinerary template',
    description: 'With the ETag to change it.',
    permission: 'practice:read',
    success: { status: 200, schema: schemas.IntensiveTemplate, description: 'The template.' },
    handler: async (trx, { params }) => ok(await service.getTemplate(trx, params.intensiveTemplateId)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    operationId: 'changeIntensiveTemplate',
    summary: 'Change an itinerary template',
    description: 'One of the practice’s own. Intensives that were planned by it stay as they are.',
    permission: 'practice:write',
    ifMatch: true,
    body: schemas.IntensiveTemplateChange,
    success: { status: 200, schema: schemas.IntensiveTemplate, description: 'The template as it is now.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, version, body }) =>
      ok(await service.changeTemplate(trx, params.intensiveTemplateId, version, body)),
  }),
]
