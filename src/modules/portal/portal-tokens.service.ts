import type { FastifyInstance } from 'fastify'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { notFound, unknownReference } from '../../lib/problems.ts'
import { requireReach } from '../charts/index.ts'
import { findRelatedPerson, minorStanding } from '../clients/index.ts'
import * as repository from './portal-tokens.repository.ts'
import type { NewPortalToken, PortalToken } from './portal-tokens.schemas.ts'
import { mayRepresent } from './representatives.rules.ts'

const defaultMinutes = 10

/**
 * Gives a front-end a token for a client who signed in there.
 *
 * @throws Problem `unknown-reference` for a client without an open chart of their own, merged or deceased, and for a
 *   representative who may not see it
 */
export async function issuePortalToken(
  trx: PracticeTransaction,
  sign: FastifyInstance['signPortalToken'],
  { clientId, representativeId, ttlMinutes = defaultMinutes }: NewPortalToken,
): Promise<PortalToken> {
  trx.audit({ resourceType: 'portal-token', clientIds: [clientId] })
  const subject = await repository.findSubject(trx, clientId)
  if (!subject) throw unknownReference('/clientId')
  if (representativeId) await requireRepresentative(trx, clientId, representativeId)
  const session = await repository.insertSession(trx, {
    client_id: clientId,
    representative_id: representativeId ?? null,
    api_client_id: trx.scope.actor.id,
    ttlMinutes,
  })
  trx.audit({ resourceId: session.id, chartId: subject.chart_id })
  const accessToken = sign(
    {
      kind: 'client',
      pid: trx.practiceId,
      sub: clientId,
      sid: session.id,
      ...(representativeId ? { rep: representativeId } : {}),
      cv: subject.api_client_version,
    },
    ttlMinutes * 60,
  )
  return {
    id: session.id,
    clientId,
    representativeId: representativeId ?? null,
    accessToken,
    tokenType: 'Bearer',
    expiresAt: session.expires_at.toISOString(),
  }
}

/** Ends one token that this front-end got, from its next use on. @throws Problem `not-found` */
export async function endPortalToken(trx: PracticeTransaction, id: string): Promise<void> {
  trx.audit({ resourceType: 'portal-token', resourceId: id })
  const session = await repository.findSession(trx, id)
  if (!session) throw notFound()
  trx.audit({ clientIds: [session.client_id] })
  repository.endSession(trx, id)
}

/** Ends all that this front-end got for a client. @throws Problem `not-found` */
export async function endTokensOfFrontEnd(trx: PracticeTransaction, clientId: string): Promise<void> {
  trx.audit({ resourceType: 'client', resourceId: clientId })
  if (!(await repository.isClient(trx, clientId))) throw notFound()
  trx.audit({ clientIds: [clientId] })
  repository.endSessionsOf(trx, clientId, trx.scope.actor.id)
}

/** Ends all of a client's tokens, whichever front-end got them. @throws Problem `not-found` */
export async function endTokensOfClient(trx: PracticeTransaction, clientId: string): Promise<void> {
  trx.audit({ resourceType: 'client', resourceId: clientId })
  await requireReach(trx, clientId, { write: true, permission: 'clients:write' })
  repository.endSessionsOf(trx, clientId)
}

/** @throws Problem `unknown-reference` */
async function requireRepresentative(
  trx: PracticeTransaction,
  clientId: string,
  representativeId: string,
): Promise<void> {
  const [person, standing] = await Promise.all([
    findRelatedPerson(trx, clientId, representativeId),
    minorStanding(trx, clientId),
  ])
  if (!person || !mayRepresent(standing, person)) throw unknownReference('/representativeId')
}
