import type { FastifyInstance } from 'fastify'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { dataClasses } from '../charts/access-policy.ts'
import { agreementRoutes } from './agreements.routes.ts'
import { openCouple } from './couple-door.ts'
import * as repository from './couples.repository.ts'
import { coupleRoutes } from './couples.routes.ts'
import { policyRoutes } from './policies.routes.ts'

export { type OpenCouple, openCouple } from './couple-door.ts'
export { identifiedPatientOf } from './identified-patient.ts'

/**
 * The joint chart of a couple, without asking who may see it: pass `openChart` with it.
 *
 * @returns undefined when there is no such couple, or no joint chart yet
 */
export async function coupleChartId(trx: PracticeTransaction, coupleId: string): Promise<string | undefined> {
  return (await repository.findCouple(trx, coupleId))?.chart_id ?? undefined
}

/** Couples: the two linked, their status over time, confidentiality policies and agreements. */
export default async function couples(app: FastifyInstance) {
  app.registerDoor('couple', (trx, { id, need }) => {
    const dataClass = dataClasses.find(known => known === need)
    if (!dataClass) throw new Error('A stored door names a class of data that is not in the access policy')
    return openCouple(trx, id, { dataClass })
  })
  for (const route of [...coupleRoutes, ...policyRoutes, ...agreementRoutes]) app.route(route)
}
