import { created, ok, operation } from '../../../plugins/operations/index.ts'
import { ChartParams, VersionQuery } from '../documents/documents.schemas.ts'
import * as schemas from './coping-skills.schemas.ts'
import * as service from './coping-skills.service.ts'

const common = { tag: 'Recovery' } as const
const base = '/v1/charts/{chartId}/coping-skills'
const one = { ...common, path: `${base}/{copingSkillId}`, params: schemas.CopingSkillParams } as const
const shown = { status: 200, schema: schemas.CopingSkill, description: 'The coping skill.' } as const

export const copingSkillRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listCopingSkills',
    summary: 'List coping skills',
    description: 'What the client can do instead, newest first.',
    permission: 'recovery:read',
    params: ChartParams,
    query: schemas.CopingSkillQuery,
    success: { status: 200, schema: schemas.CopingSkillPage, description: 'A page of coping skills.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listCopingSkills(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'addCopingSkill',
    summary: 'Add a coping skill',
    description: 'Adds something that helps, and how well it is learned.',
    permission: 'recovery:write',
    params: ChartParams,
    body: schemas.NewCopingSkill,
    success: { status: 201, schema: schemas.CopingSkill, description: 'The coping skill.' },
    problems: ['invalid-state'],
    handler: async (trx, { params, body }) => {
      const made = await service.addCopingSkill(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/coping-skills/${made.id}`, made)
    },
  }),
  operation({
    ...one,
    method: 'GET',
    operationId: 'getCopingSkill',
    summary: 'Read a coping skill',
    description: 'As it is, or what an earlier version said.',
    permission: 'recovery:read',
    query: VersionQuery,
    success: shown,
    handler: async (trx, { params, query }) =>
      ok(await service.getCopingSkill(trx, params.chartId, params.copingSkillId, query.version)),
  }),
  operation({
    ...one,
    method: 'PATCH',
    operationId: 'changeCopingSkill',
    summary: 'Change a coping skill',
    description: 'How well it is learned, or that it is retired. Every version is kept.',
    permission: 'recovery:write',
    ifMatch: true,
    body: schemas.CopingSkillChange,
    success: shown,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeCopingSkill(trx, params.chartId, params.copingSkillId, version, body)),
  }),
]
