import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField, Problem } from '../../lib/problems.ts'
import { reaches } from '../charts/access-policy.ts'
import { requireReach } from '../charts/index.ts'
import { findRelatedPerson } from '../clients/index.ts'
import { openCouple } from './couple-door.ts'
import * as repository from './couples.repository.ts'
import type { NewCouple } from './couples.schemas.ts'
import { isInCare } from './partners.repository.ts'

/** The second of the two: a client, or somebody in the first client's life who may become one. */
export type Partner =
  | { clientId: string; relatedPersonId: null }
  | { clientId: null; relatedPersonId: string }

/**
 * The one answer for a person who cannot be linked, whatever the reason: unknown, not to be seen by this
 * actor, no longer in care, or in a couple the actor may not see. A reason would tell which.
 */
const cannotBeLinked = () => new Problem('unknown-reference')

const isNotFound = (error: unknown) => error instanceof Problem && error.code === 'not-found'

/** @throws Problem `invalid-request` unless exactly one partner is named, other than the client */
export function partnerOf(input: NewCouple): Partner {
  const { partnerClientId, partnerRelatedPersonId } = input
  if (partnerClientId && partnerRelatedPersonId === undefined) {
    if (partnerClientId === input.clientId) throw sameClient('/partnerClientId')
    return { clientId: partnerClientId, relatedPersonId: null }
  }
  if (partnerRelatedPersonId && partnerClientId === undefined) {
    return { clientId: null, relatedPersonId: partnerRelatedPersonId }
  }
  throw invalidField(
    '/partnerClientId',
    'one-of',
    'Give either `partnerClientId` or `partnerRelatedPersonId`.',
  )
}

export const sameClient = (pointer: string) =>
  invalidField(pointer, 'distinct', 'The partners must be two people.')

/**
 * Front desk links anybody; a clinician only clients of their own care teams. Supervision and emergency
 * access do not suffice: they are for reading.
 *
 * @throws Problem `unknown-reference`
 */
export async function requireLinkable(trx: PracticeTransaction, clientId: string): Promise<void> {
  try {
    await requireReach(trx, clientId, { write: true, permission: 'couples:write' })
  } catch (error) {
    throw isNotFound(error) ? cannotBeLinked() : error
  }
  if (!(await isInCare(trx, clientId))) throw cannotBeLinked()
}

/**
 * This person of the client may be linked, as far as the actor may know: a couple in which the person has become a
 * client refuses only to those who see that couple. To the others the refusal would tell that the partner is in care.
 *
 * @throws Problem `unknown-reference` unless this is an active related person of this client, `already-exists`
 */
export async function requireFreeRelatedPerson(
  trx: PracticeTransaction,
  clientId: string,
  relatedPersonId: string,
): Promise<void> {
  const person = await findRelatedPerson(trx, clientId, relatedPersonId)
  if (person?.status !== 'active') throw cannotBeLinked()
  for (const { id } of await repository.findCurrentOf(trx, relatedPersonId)) {
    if (await maySeeCouple(trx, id)) throw isLinked()
  }
}

/**
 * Why two people cannot be linked who are a current couple already. Only those who may see that couple
 * are told of it.
 */
export async function alreadyLinked(
  trx: PracticeTransaction,
  pair: Parameters<typeof repository.findCurrent>[1],
): Promise<Problem | undefined> {
  const current = await repository.findCurrent(trx, pair)
  if (!current) return undefined
  return (await maySeeCouple(trx, current.id)) ? isLinked() : cannotBeLinked()
}

const isLinked = () => new Problem('already-exists', { detail: 'These two are a current couple already.' })

async function maySeeCouple(trx: PracticeTransaction, id: string): Promise<boolean> {
  try {
    await openCouple(trx, id)
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

/**
 * Who becomes the joint chart's primary clinician when it opens: a clinician who links becomes it; the
 * front desk may name one, or leave the care team for later.
 *
 * @throws Problem `not-permitted` when a clinician names somebody else
 */
export function openingClinician(trx: PracticeTransaction, named: string | undefined): string | null {
  const { roles, staffId } = trx.scope.actor
  const isFrontDesk = reaches(roles, 'administrative').has('all')
  if (named !== undefined && named !== staffId && !isFrontDesk) {
    throw new Problem('not-permitted', { detail: 'A clinician can only put themselves on the care team.' })
  }
  return named ?? (roles.includes('clinician') ? staffId : null)
}
