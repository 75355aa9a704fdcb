import type { DocumentedOperation } from '../../operations.ts'
import type { Reply } from '../../practice.ts'
import { asAdmin } from '../../test-server.ts'
import { callerFor, type Request } from '../../world/requests.ts'
import type { World } from '../../world.ts'
import { type Form, hitsIn, tell } from './forms.ts'

/** Does the work for each of them, so many at a time. */
export async function each<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...all]
  const worker = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** In another order for each seed. */
export function shuffled<T>(all: readonly T[], seed: number): T[] {
  const keyed = all.map((one, index) => [Math.imul(index + 1, 2_654_435_761 ^ seed) >>> 0, one] as const)
  return keyed.sort(([a], [b]) => a - b).map(([, one]) => one)
}

/** What of the markers a refusal says back, in body or headers. */
export function echoesOf(name: string, { status, body, headers }: Reply, forms: readonly Form[]): string[] {
  if (status < 400) return []
  const said = Buffer.from(
    `${typeof body === 'string' ? body : JSON.stringify(body)}${JSON.stringify(headers)}`,
  )
  return hitsIn(said, forms).map(hit => `${name} ${status}: ${tell(hit)}`)
}

/** The documented example, good enough to be refused for what is broken in it. Nothing is prepared. */
export function plainRequest(world: World, operation: DocumentedOperation): Request {
  const params = operation.parameters.filter(({ in: where }) => where === 'path')
  const required = operation.parameters.filter(one => one.in === 'query' && one.required)
  return {
    operation,
    by: callerFor(world, operation.permission),
    params: Object.fromEntries(params.map(({ name, example }) => [name, world.ids[name] ?? String(example)])),
    query: Object.fromEntries(required.map(({ name, example }) => [name, example])),
    body: operation.bodyExample,
    headers: {},
  }
}

const neverHeld = ['idempotency_keys', 'audit_log', 'audit_seals', 'authentication_log']

/** Holds every table against writing while the work is done; reading goes on. */
export function whileHeld(adminUrl: string, work: () => Promise<void>): Promise<void> {
  return asAdmin(adminUrl, async admin => {
    const { rows } = await admin.query<{ name: string }>(
      `select oid::regclass::text as name from pg_class
       where relnamespace = 'cairn'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> all($1)`,
      [neverHeld],
    )
    await admin.query('begin')
    await admin.query(`lock table ${rows.map(row => row.name).join(', ')} in exclusive mode`)
    await work()
    await admin.query('rollback')
  })
}
