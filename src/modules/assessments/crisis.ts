import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { findPractice } from '../practice/index.ts'
import type { Crisis } from './crisis.schemas.ts'
import contactsByCountry from './crisis-contacts.json' with { type: 'json' }

const known: Readonly<Record<string, Crisis>> = contactsByCountry

/** Whom to reach at once, by the country of the practice's jurisdiction. */
export async function crisisSupport(trx: PracticeTransaction): Promise<Crisis> {
  const country = (await findPractice(trx))?.jurisdiction.slice(0, 2)
  return (country === undefined ? undefined : known[country]) ?? contactsByCountry.general
}
