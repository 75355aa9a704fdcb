import type pg from 'pg'
import { inPractice } from '../database/in-practice.ts'
import type { PracticeTransaction } from '../database/practice-transaction.ts'
import type { House } from '../house.ts'
import { systemScope } from '../scope.ts'
import { practicesOf } from './housekeeping.ts'
import type { RoundName } from './queues.ts'

/** What is done in each practice on a round. It may be done again at any time without harm. */
export type Round = (trx: PracticeTransaction) => Promise<void>

/** Who does the work of each round. */
export type Rounds = Readonly<Record<RoundName, Round>>

/** Visits every practice, each in a transaction of its own: one practice's trouble does not keep the others waiting. */
export async function makeRound(house: House, relay: pg.Pool, name: RoundName, round: Round): Promise<void> {
  for (const practiceId of await practicesOf(relay)) {
    await inPractice(house.database, systemScope(practiceId, name), round).catch(error => {
      house.outage.failed(error, 'a round failed for a practice', { round: name, practiceId })
    })
  }
}
