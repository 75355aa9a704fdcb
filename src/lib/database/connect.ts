import pg from 'pg'
import { limits } from '../limits.ts'
import { Problem } from '../problems.ts'

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
}

/**
 * A pool with the house's limits. The error listeners are not optional: a server that ends a connection
 * would otherwise end the process.
 */
export function createPool({ url, size = limits.pool.size, applicationName, onError }: PoolOptions): pg.Pool {
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
  } as pg.PoolConfig)
  pool.on('error', onError)
  // The pool listens to idle connections only. One that is lost in use fails its query, and would otherwise
  // also end the process.
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

/** Takes a connection or answers 503: waiting longer would only move the queue into this process. */
export async function acquire(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (cause) {
    throw new Problem('service-busy', { cause })
  }
}
