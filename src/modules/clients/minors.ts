import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { findPractice, today } from '../practice/index.ts'
import { ageOn, ruleOf } from './minor-consents.rules.ts'

/** Whether a client is a minor today, and on what basis a minor is in care (the newest decision; null for none). */
export interface MinorStanding {
  /** Null where no birth date is on record. */
  minor: boolean | null
  basis: 'parent' | 'minor_self' | 'court' | 'emancipated' | null
}

/** The caller has decided that the actor may ask. By the age of majority of the practice's own jurisdiction. */
export async function minorStanding(trx: PracticeTransaction, clientId: string): Promise<MinorStanding> {
  const [client, consent, practice, day] = await Promise.all([
    trx
      .selectFrom('clients')
      .select('birth_date')
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', clientId)
      .executeTakeFirst(),
    trx
      .selectFrom('client_minor_consents')
      .select('basis')
      .where('practice_id', '=', trx.practiceId)
      .where('client_id', '=', clientId)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),
    findPractice(trx),
    today(trx),
  ])
  const { ageOfMajority } = ruleOf(practice?.jurisdiction ?? '')
  return {
    minor: client?.birth_date ? ageOn(client.birth_date, day) < ageOfMajority : null,
    basis: (consent?.basis ?? null) as MinorStanding['basis'],
  }
}
