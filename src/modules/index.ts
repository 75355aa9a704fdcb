import type { FastifyInstance } from 'fastify'
import alerts from './alerts/index.ts'
import assessments from './assessments/index.ts'
import charts from './charts/index.ts'
import clients from './clients/index.ts'
import compliance from './compliance/index.ts'
import couples from './couples/index.ts'
import identity from './identity/index.ts'
import inquiries from './inquiries/index.ts'
import integrations from './integrations/index.ts'
import portal from './portal/index.ts'
import practice from './practice/index.ts'
import psychotherapyNotes from './psychotherapy-notes/index.ts'
import recovery from './recovery/index.ts'
import releases from './releases/index.ts'
import scheduling, { followMerge } from './scheduling/index.ts'
import sessionNotes from './session-notes/index.ts'
import taskModel from './task-model/index.ts'
import treatmentPlans from './treatment-plans/index.ts'

/** Every module, in reading order. This list is the only place that wires them. */
export default async function modules(app: FastifyInstance) {
  await app.register(identity)
  await app.register(practice)
  await app.register(charts)
  await app.register(clients, { mergeFollower: followMerge })
  await app.register(inquiries)
  await app.register(couples)
  await app.register(scheduling)
  await app.register(alerts)
  await app.register(portal)
  await app.register(releases)
  await app.register(assessments)
  await app.register(taskModel)
  await app.register(recovery)
  await app.register(treatmentPlans)
  await app.register(sessionNotes)
  await app.register(psychotherapyNotes)
  await app.register(integrations)
  await app.register(compliance)
}
