import { randomUUID } from 'node:crypto'
import type { Caller, Reply } from './practice.ts'

/** A client through the API. @returns the body of the answer */
export async function registerClient(
  caller: Caller,
  details: Record<string, unknown> = {},
): Promise<Reply['body']> {
  const reply = await caller.post('/v1/clients', {
    legalGivenName: 'Jordan',
    legalFamilyName: 'Example',
    ...details,
  })
  if (reply.status !== 201) throw new Error(`The client was not registered: ${JSON.stringify(reply.body)}`)
  return reply.body
}

/** Merges by the versions the records have now. */
export async function mergeInto(caller: Caller, survivorId: string, mergedId: string): Promise<Reply> {
  const [survivor, merged] = await Promise.all([
    caller.get(`/v1/clients/${survivorId}`),
    caller.get(`/v1/clients/${mergedId}`),
  ])
  return caller.post(
    `/v1/clients/${survivorId}/merge`,
    {
      mergedClientId: mergedId,
      reason: 'registered_twice',
      survivorVersion: survivor.body.version,
      mergedVersion: merged.body.version,
    },
    { key: randomUUID() },
  )
}
