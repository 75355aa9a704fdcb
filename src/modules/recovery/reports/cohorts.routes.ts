import { ok, operation } from '../../../plugins/operations/index.ts'
import { BlockCohort, TypologyCohort } from './blocks.schemas.ts'
import { getBlockCohort, getTypologyCohort } from './blocks.service.ts'
import * as schemas from './cohorts.schemas.ts'
import * as service from './cohorts.service.ts'

const common = { tag: 'Recovery', method: 'GET', permission: 'reports:read' } as const

export const cohortRoutes = [
  operation({
    ...common,
    path: '/v1/reports/education',
    operationId: 'getEducationCohort',
    summary: 'Count completed education',
    description:
      'By topic and audience, how many of those who were assigned something in a time completed it: of the whole practice, without names, and of no group of fewer than five.',
    query: schemas.EducationCohortQuery,
    success: { status: 200, schema: schemas.EducationCohort, description: 'The counts.' },
    handler: async (trx, { query }) => ok(await service.getEducationCohort(trx, query)),
  }),
  operation({
    ...common,
    path: '/v1/reports/partner-care',
    operationId: 'getPartnerCareCohort',
    summary: 'Count support of partners',
    description:
      'How many couples in joint care there are, and how far partners have support of their own: of the whole practice, without names, and of no group of fewer than five.',
    success: { status: 200, schema: schemas.PartnerCareCohort, description: 'The counts.' },
    handler: async trx => ok(await service.getPartnerCareCohort(trx)),
  }),
  operation({
    ...common,
    path: '/v1/reports/blocks',
    operationId: 'getBlockCohort',
    summary: 'Count blocks to treatment',
    description:
      'The most common blocks, how many of them the treatment plan in force has no objective for, and how many of those who have them left early: of the whole practice, without names, and of no group of fewer than five.',
    success: { status: 200, schema: BlockCohort, description: 'The counts.' },
    handler: async trx => ok(await getBlockCohort(trx)),
  }),
  operation({
    ...common,
    path: '/v1/reports/typology',
    operationId: 'getTypologyCohort',
    summary: 'Count typologies',
    description:
      'The mix of patterns of those in care: of the whole practice, without names, and of no group of fewer than five.',
    success: { status: 200, schema: TypologyCohort, description: 'The counts.' },
    handler: async trx => ok(await getTypologyCohort(trx)),
  }),
]
