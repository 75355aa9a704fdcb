import type { FastifyInstance } from 'fastify'
import { clientRoutes } from './clients.routes.ts'
import { duplicateRoutes } from './duplicates.routes.ts'
import { identifierRoutes } from './identifiers.routes.ts'
import { importRoutes } from './imports.routes.ts'
import type { MergeFollower } from './merges.follower.ts'
import { mergeRoutes } from './merges.routes.ts'
import { minorConsentRoutes } from './minor-consents.routes.ts'
import { relatedPeopleRoutes } from './related-people.routes.ts'

export {
  type ClientClock,
  type ClientMoment,
  clientClock,
  clientMoment,
  clientToday,
  todayInChart,
} from './client-days.ts'
export { type OpenClient, openClient } from './clients.door.ts'
export { defaultSafeContact } from './clients.projection.ts'
export { openingStatuses } from './clients.rules.ts'
export { ContactPoint, SafeContact } from './clients.schemas.ts'
export { createClient } from './clients.service.ts'
export { checkBirthDate, normalPoints } from './contact-points.ts'
export { importColumns } from './imports.rules.ts'
export type { MergedPair, MergeFollower } from './merges.follower.ts'
export { type MinorStanding, minorStanding } from './minors.ts'
export { findRelatedPerson, type RelatedPersonRow } from './related-people.repository.ts'
export {
  type ContactDecision,
  type ContactPurpose,
  mayContact,
  type Reachability,
  reachabilityOf,
} from './safe-contact.ts'

const routes = [
  ...clientRoutes,
  ...duplicateRoutes,
  ...identifierRoutes,
  ...relatedPeopleRoutes,
  ...minorConsentRoutes,
  ...importRoutes,
]

/** People: demographics, contact, identifiers, related people, consent of minors, search, duplicates, merge, import. */
export default async function clients(
  app: FastifyInstance,
  { mergeFollower }: { mergeFollower: MergeFollower },
) {
  for (const route of [...routes, ...mergeRoutes(mergeFollower)]) app.route(route)
}
