import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { invalidField, unknownReference } from '../../lib/problems.ts'
import { findRelatedPerson, minorStanding } from '../clients/index.ts'
import { mayRepresent } from './representatives.rules.ts'

/**
 * The client signs, or whoever represents them: for a minor in care on a parent's or a court's decision somebody must
 * (45 CFR 164.502(g)(3)).
 *
 * @throws Problem `unknown-reference`, `invalid-request`
 */
export async function requireSigner(
  trx: PracticeTransaction,
  { clientId, representativeId }: { clientId: string; representativeId?: string },
): Promise<void> {
  const [standing, person] = await Promise.all([
    minorStanding(trx, clientId),
    representativeId === undefined ? undefined : findRelatedPerson(trx, clientId, representativeId),
  ])
  if (representativeId !== undefined) {
    if (!person || !mayRepresent(standing, person)) throw unknownReference('/representativeId')
    return
  }
  const signsAlone = standing.basis === 'minor_self' || standing.basis === 'emancipated'
  if (standing.minor && !signsAlone) {
    throw invalidField('/representativeId', 'required', 'Somebody who represents this client must sign.')
  }
}
