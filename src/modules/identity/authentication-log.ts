import type { GlobalQueries } from '../../lib/database/global-tables.ts'

/** The request before sign-in, as far as the records of it need to know. */
export interface RequestTrace {
  requestId: string
  remoteAddress: string
}

/** One row per sign-in, reset or enrollment before a practice is known. Never an address of a person. */
export async function logAuthentication(
  global: GlobalQueries,
  request: RequestTrace,
  entry: { operation: string; outcome: string; userId: string | null },
): Promise<void> {
  await global
    .insertInto('authentication_log')
    .values({
      operation: entry.operation,
      outcome: entry.outcome,
      user_id: entry.userId,
      request_id: request.requestId,
      remote_address: request.remoteAddress,
    })
    .execute()
}
