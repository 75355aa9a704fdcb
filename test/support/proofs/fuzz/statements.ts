import type pg from 'pg'
import type { TestApp } from '../../test-app.ts'

/** @returns how many statements the service has sent so far */
export function countStatements({ house }: TestApp): () => number {
  let count = 0
  const watched = new WeakSet<pg.PoolClient>()
  house.database.pool.on('acquire', client => {
    if (watched.has(client)) return
    watched.add(client)
    const query = client.query
    client.query = function (this: pg.PoolClient, ...args: unknown[]) {
      count += 1
      return Reflect.apply(query, this, args)
    } as typeof client.query
  })
  return () => count
}
