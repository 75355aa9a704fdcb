import { created, ok, operation } from '../../plugins/operations/index.ts'
import { getJourney } from './journey.read.ts'
import * as schemas from './journeys.schemas.ts'
import * as service from './journeys.service.ts'
import * as migration from './migration.service.ts'

const common = { tag: 'Task programs' } as const
const base = '/v1/charts/{chartId}/journeys'
const oneJourney = { ...common, params: schemas.JourneyParams } as const
const changed = {
  status: 200,
  schema: schemas.JourneySummary,
  description: 'The journey as it is now.',
} as const

export const journeyRoutes = [
  operation({
    ...common,
    method: 'GET',
    path: base,
    operationId: 'listChartJourneys',
    summary: 'List the journeys of a chart',
    description: 'Task programs and stage models that somebody of this chart is or was in, oldest first.',
    permission: 'programs:read',
    params: schemas.ChartOfJourneys,
    query: schemas.JourneyListQuery,
    success: { status: 200, schema: schemas.JourneySummaryPage, description: 'A page of journeys.' },
    problems: ['invalid-cursor'],
    handler: async (trx, { params, query }) => ok(await service.listJourneys(trx, params.chartId, query)),
  }),
  operation({
    ...common,
    method: 'POST',
    path: base,
    operationId: 'enrollInProgram',
    summary: 'Enroll in a program',
    description:
      'Begins a journey through a published version. In a couple’s chart it is for both together, or for the partner who is named. Nobody is in one program twice at a time.',
    permission: 'programs:write',
    params: schemas.ChartOfJourneys,
    body: schemas.NewJourney,
    success: { status: 201, schema: schemas.JourneySummary, description: 'The journey.' },
    problems: ['already-exists', 'invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => {
      const journey = await service.enroll(trx, params.chartId, body)
      return created(`/v1/charts/${params.chartId}/journeys/${journey.id}`, journey)
    },
  }),
  operation({
    ...oneJourney,
    method: 'GET',
    path: `${base}/{journeyId}`,
    operationId: 'getJourney',
    summary: 'Read a journey',
    description:
      'Everything for one screen: tasks with performables, stages beside what is typical, progress by section, how tasks were signed off lately, what has not moved for long, and what changed since the last session.',
    permission: 'programs:read',
    query: schemas.JourneyQuery,
    success: { status: 200, schema: schemas.Journey, description: 'The journey.' },
    handler: async (trx, { params, query }) => ok(await getJourney(trx, params, query)),
  }),
  operation({
    ...oneJourney,
    method: 'PATCH',
    path: `${base}/{journeyId}`,
    operationId: 'changeJourney',
    summary: 'Change a journey',
    description: 'Shows it to the client in the portal or does not any more, or corrects its first day.',
    permission: 'programs:write',
    ifMatch: true,
    body: schemas.JourneyChange,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeJourney(trx, params, version, body)),
  }),
  operation({
    ...oneJourney,
    method: 'POST',
    path: `${base}/{journeyId}/status-changes`,
    operationId: 'changeJourneyStatus',
    summary: 'Pause, end or continue a journey',
    description: 'Tasks and stages move only while it is active. What ended can go on again.',
    permission: 'programs:write',
    ifMatch: true,
    body: schemas.JourneyStatusChange,
    success: changed,
    problems: ['invalid-state', 'already-exists'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeStatus(trx, params, version, body)),
  }),
  operation({
    ...oneJourney,
    method: 'POST',
    path: `${base}/{journeyId}/migration-preview`,
    operationId: 'previewJourneyMigration',
    summary: 'Preview a migration',
    description: 'Says what would become of each key. Nothing is changed.',
    permission: 'programs:read',
    readsOnly: true,
    body: schemas.MigrationPlan,
    success: { status: 200, schema: schemas.MigrationPreview, description: 'What would happen.' },
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body }) => ok(await migration.previewMigration(trx, params, body)),
  }),
  operation({
    ...oneJourney,
    method: 'POST',
    path: `${base}/{journeyId}/migration`,
    operationId: 'migrateJourney',
    summary: 'Go on under another version',
    description:
      'Lets a journey go on under another published version, of this template or of another. Keys that are the same go on by themselves; every other one is mapped or left behind by name. Status, history and evidence of what goes on are kept, and what is left behind stays to be read.',
    permission: 'programs:write',
    ifMatch: true,
    body: schemas.MigrationPlan,
    success: { status: 200, schema: schemas.Journey, description: 'The journey as it is now.' },
    problems: ['invalid-state', 'unknown-reference', 'already-exists'],
    handler: async (trx, { params, body, version }) =>
      ok(await migration.migrateJourney(trx, params, version, body)),
  }),
]
