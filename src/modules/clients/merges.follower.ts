import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'

/** Two records of one person. */
export interface MergedPair {
  mergedId: string
  survivorId: string
  /** The individual charts that the survivor joins, or leaves again. */
  chartIds: readonly string[]
}

/**
 * What a later module holds of a client follows the survivor: this module may not know of it, so it is handed in where
 * modules are wired.
 */
export interface MergeFollower {
  /** Before the clients are locked: whoever takes a seat has the group first, then the client. */
  lock(trx: PracticeTransaction, clientIds: readonly string[]): Promise<void>
  /**
   * @returns memberships whose seats were passed on
   * @throws Problem `conflict`, `invalid-state`
   */
  merged(trx: PracticeTransaction, pair: MergedPair): Promise<{ seatIds: string[] }>
  /** @param pair with what `merged` answered. @throws Problem `conflict` */
  unmerged(trx: PracticeTransaction, pair: MergedPair & { seatIds: readonly string[] }): Promise<void>
}
