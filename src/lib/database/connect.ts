import pg from 'pg'
import { limits } from '../limits.ts'
import { Problem } from '../problems.ts'
import { type Fence, type Place, WrongServer } from './fence.ts'

/** int8 (cents, versions, positions) stays below 2^53 here; dates stay text: a Date would shift birth dates. */
const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.DATE, text => text],
])
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return parsers.get(oid) ?? pg.types.getTypeParser(oid, format)
  },
} as pg.CustomTypesConfig

export interface PoolOptions {
  url: string
  size?: number
  applicationName: string
  onError: (error: Error) => void
  /** Looks at the server behind each new connection. */
  fence?: Fence
}

/**
 * A pool with the house's limits. The error listeners are not optional: a server that ends a connection
 * would otherwise end the process.
 */
export function createPool({
  url,
  size = limits.pool.size,
  applicationName,
  onError,
  fence,
}: PoolOptions): pg.Pool {
  const places = new Map<pg.ClientBase, Place>()
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: applicationName,
    connectionTimeoutMillis: limits.pool.acquireMs,
    idleTimeoutMillis: limits.pool.idleMs,
    maxLifetimeSeconds: limits.pool.maxLifetimeSeconds,
    query_timeout: limits.pool.queryMs,
    keepAlive: true,
    pipeline: true,
    types,
    onConnect: async (client: pg.ClientBase) => {
      if (fence) places.set(client, await fence.admit(client))
    },
  } as pg.PoolConfig)
  pool.on('error', onError)
  // The pool listens to idle connections only. One that is lost in use fails its query, and would otherwise
  // also end the process.
  pool.on('connect', client => client.on('error', () => {}))
  pool.on('remove', client => places.delete(client))
  fence?.onNewer(newer => {
    for (const [client, place] of places)
      if (place.system === newer.system && place.timeline < newer.timeline) leave(client)
  })
  return pool
}

/** An idle one leaves its pool, as if the server had ended it; one in use fails its query. */
function leave(client: pg.ClientBase): void {
  client.emit('error', new WrongServer('OLD_PRIMARY'))
  if (client instanceof pg.Client) void client.end().catch(() => {})
}

/** Takes a connection or answers 503: waiting longer would only move the queue into this process. */
export async function acquire(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (cause) {
    throw new Problem('service-busy', { cause })
  }
}
