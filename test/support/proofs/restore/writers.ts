import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { patiently } from '../../patiently.ts'
import type { Caller } from '../../practice.ts'

/** Writes through the service and marks the time of each acknowledged write, until it is told to stop. */
export interface Writers {
  stop(): Promise<{ acknowledged: number; failed: number }>
}

/**
 * Makes a location; its answer is kept, sealed. A client asks again with its key: on a loaded machine the service
 * may shed a request.
 */
export async function writeSealed(caller: Caller): Promise<number> {
  const body = { name: `Location ${randomUUID()}`, timeZone: 'UTC' }
  const key = randomUUID()
  return (await patiently(() => caller.post('/v1/locations', body, { key }))).status
}

/** Besides what the service writes: a row with its time, so that the recovery point can be read off. */
export async function startWriters(callers: readonly Caller[], adminUrl: string): Promise<Writers> {
  const markers = new pg.Client({ connectionString: adminUrl })
  markers.on('error', () => {})
  await markers.connect()
  await markers.query(
    'create table if not exists public.markers (id uuid primary key, at timestamptz not null)',
  )
  const stopping = new AbortController()
  let acknowledged = 0
  let failed = 0
  const write = async (caller: Caller) => {
    while (!stopping.signal.aborted) {
      const status = await writeSealed(caller)
      await markers.query('insert into public.markers values ($1, clock_timestamp())', [randomUUID()])
      if (status === 201) acknowledged += 1
      else failed += 1
    }
  }
  const running = callers.map(write)
  return {
    async stop() {
      stopping.abort()
      await Promise.all(running)
      await markers.end()
      return { acknowledged, failed }
    },
  }
}
