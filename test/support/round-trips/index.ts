import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import type { Test } from 'tap'
import { Batch } from '../../../src/lib/database/batch.ts'
import { answerAlone } from '../proofs/cluster/instances.ts'
import type { TestApp } from '../test-app.ts'

const file = fileURLToPath(new URL('agreed.txt', import.meta.url))

/** What one request asked of the database: how often it waited, and how many statements that were. */
export interface Cost {
  trips: number
  /** BEGIN counts with entering, COMMIT as one. */
  statements: number
}

/**
 * Counts on every connection, as they are used. One request at a time. A statement that is sent after another's answer
 * came is taken to have waited for it, so what leaves together counts once, however fast the answers are. A practice's
 * keys are not counted: a process reads them once in minutes, except of a practice that was made a moment ago.
 */
export function countingOn({ app, house }: Pick<TestApp, 'app' | 'house'>): () => Cost {
  answerAlone(app)
  let counts: Cost = { trips: 0, statements: 0 }
  let answered = 0
  const watched = new WeakSet<pg.PoolClient>()
  house.database.pool.on('acquire', client => {
    if (watched.has(client)) return
    watched.add(client)
    const { query } = client
    const counted = (...args: unknown[]) => {
      const statements = statementsOf(args[0])
      if (statements === 0) return Reflect.apply(query, client, args)
      const trip = answered + 1
      const settled = () => {
        answered = Math.max(answered, trip)
      }
      counts.statements += statements
      counts.trips = Math.max(counts.trips, trip)
      const answer = Reflect.apply(query, client, args)
      answerOf(answer).then(settled, settled)
      return answer
    }
    Object.assign(client, { query: counted })
  })
  return () => {
    const taken = counts
    counts = { trips: 0, statements: 0 }
    answered = 0
    return taken
  }
}

/** Of a batch, which answers its statements one by one, when all are answered. */
export const answerOf = (answer: unknown): Promise<unknown> =>
  answer instanceof Batch ? answer.settled : Promise.resolve(answer)

const statementsOf = (query: unknown) =>
  query instanceof Batch ? query.asked.filter(({ text }) => isCounted(text)).length : 1

const isCounted = (text: string) => text !== 'begin' && !text.includes('practice_keys')

const agreements = (): ReadonlyMap<string, Cost> =>
  new Map(readFileSync(file, 'utf8').trim().split('\n').map(parsed))

/** What was agreed for one operation. */
export const agreedCost = (id: string): Cost | undefined => agreements().get(id)

const within = ({ trips, statements }: Cost, limit: Cost | undefined) =>
  limit !== undefined && trips <= limit.trips && statements <= limit.statements

/**
 * The least that an operation cost, of a few times: on a busy machine a text that is being opened beside a statement may
 * come after its answer, and what then takes a trip of its own is not the operation's doing.
 */
export async function leastCost(id: string, measure: () => Promise<Cost>): Promise<Cost> {
  const limit = agreements().get(id)
  let least = await measure()
  for (let again = 0; again < 4 && !within(least, limit); again++) {
    const { trips, statements } = await measure()
    least = { trips: Math.min(trips, least.trips), statements: Math.min(statements, least.statements) }
  }
  return least
}

/**
 * Holds what operations cost against what was agreed. More is a change that somebody decides on: `UPDATE_TRIPS=1` writes
 * the list anew.
 */
export function isWithinAgreement(t: Test, costs: ReadonlyMap<string, Cost>): void {
  const lines = [...costs].map(([id, { trips, statements }]) => `${id} ${trips} ${statements}`)
  if (process.env.UPDATE_TRIPS) writeFileSync(file, `${lines.toSorted().join('\n')}\n`)
  const agreed = agreements()
  for (const [id, cost] of costs) {
    t.ok(within(cost, agreed.get(id)), `${id}: ${cost.trips} round trips, ${cost.statements} statements`)
  }
  t.same(
    [...agreed.keys()].filter(id => !costs.has(id)),
    [],
    'what was agreed is still there',
  )
}

function parsed(line: string): [string, Cost] {
  const [id = '', trips, statements] = line.split(' ')
  return [id, { trips: Number(trips), statements: Number(statements) }]
}
