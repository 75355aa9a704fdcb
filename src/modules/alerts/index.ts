import type { FastifyInstance } from 'fastify'
import { alertRoutes } from './alerts.routes.ts'

export { type FoundByJob, neverRaised, raiseFound } from './found.ts'
export { findOverdue } from './overdue.ts'
export { type NewAlert, raiseAlert } from './raise.ts'
export type { AlertRuleName, Evidence, Severity } from './rules.ts'
export { settleAlert } from './settle.ts'

/** What rules, and colleagues, found in charts: who sees to it, until when, and what came of it. */
export default async function alerts(app: FastifyInstance) {
  for (const route of alertRoutes) app.route(route)
}
