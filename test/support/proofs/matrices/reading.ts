import { forEach } from '../../../../src/lib/for-each.ts'
import { type DocumentedOperation, operationsOf } from '../../operations.ts'
import type { Caller, Reply } from '../../practice.ts'
import { documentsHeader, type Request, requestOf, send } from '../../world/requests.ts'
import { idOf, type World } from '../../world.ts'
import type { Planted } from './planting.ts'

/** An operation that changes nothing: every GET, and searches, which take their words in a body. */
export const isReading = (operation: DocumentedOperation) =>
  operation.permission !== 'public' &&
  (operation.method === 'GET' ||
    (operation.method === 'POST' && !documentsHeader(operation, 'idempotency-key')))

export const mayUse = ({ permission }: DocumentedOperation, granted: ReadonlySet<string>) =>
  permission === 'any' || granted.has(permission)

/** The ids by which something can be addressed, by the names of path parameters. */
export type Address = Readonly<Record<string, string>>

/** Where what was planted can be read again: where it was written, and where the answer says it stands. */
export function addressesOf(world: World, planted: readonly Planted[]): Address[] {
  const paths = operationsOf(world.test.app).filter(({ method }) => method === 'GET')
  return planted.flatMap(({ request, reply }) => {
    const location = String(reply.headers.location ?? '')
    // What a client sends from the portal is read in their own chart, which the portal does not name.
    const chart = request.operation.path.startsWith('/v1/portal/')
      ? { chartId: idOf(world, 'portalChartId') }
      : {}
    return [
      { ...chart, ...request.params },
      ...paths.map(({ path }) => matched(path, location)).filter(found => found !== undefined),
      ...notesIn(reply.body),
    ]
  })
}

/** The notes that an answer names: a group's session is written into those of its members. */
function notesIn(answer: unknown): Address[] {
  if (answer === null || typeof answer !== 'object') return []
  const own = 'noteId' in answer && typeof answer.noteId === 'string' ? [{ noteId: answer.noteId }] : []
  return [...own, ...Object.values(answer).flatMap(notesIn)]
}

function matched(path: string, address: string): Address | undefined {
  const pattern = path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  const found = new RegExp(`^${pattern}$`).exec(address)
  return found ? { ...found.groups } : undefined
}

/**
 * Every reading operation of a world: as documented, without filters, and at each of these addresses.
 *
 * @param addresses what else to read by, beside the ids of the world
 */
export async function readingsOf(world: World, addresses: readonly Address[]): Promise<Request[]> {
  const found = new Map<string, Request>()
  const keep = (request: Request) =>
    found.set(JSON.stringify([request.operation.id, request.params, request.query, request.body]), request)
  for (const operation of operationsOf(world.test.app).filter(isReading)) {
    const request = await requestOf(world, operation)
    keep(request)
    const plain = { ...request, query: neededOf(request) }
    keep(plain)
    const names = Object.keys(request.params)
    if (names.length === 0) continue
    for (const address of addresses.filter(one => names.every(name => name in one)))
      keep({ ...plain, params: Object.fromEntries(names.map(name => [name, address[name] ?? ''])) })
  }
  return [...found.values()]
}

/** Where something that was planted is likely to be read again, the nearest first. */
export function readingsNear(
  readings: readonly Request[],
  { request: { operation } }: Planted,
  addresses: readonly Address[],
): Request[] {
  const distance = (one: Request) =>
    (one.operation.tag === operation.tag ? 0 : 10) - Object.keys(one.params).length
  return readings
    .filter(({ params }) =>
      addresses.some(address => Object.entries(params).every(([name, id]) => address[name] === id)),
    )
    .toSorted((one, other) => distance(one) - distance(other))
}

/** The same addresses, with other ids where the names are the same. */
export const readdressed = (readings: readonly Request[], ids: Address): Request[] =>
  readings.map(request => ({
    ...request,
    params: Object.fromEntries(Object.entries(request.params).map(([name, id]) => [name, ids[name] ?? id])),
  }))

/** The widest that can be asked: no filter, and the largest page there is. */
function neededOf({ operation, query }: Request): Request['query'] {
  const needed = operation.parameters.filter(({ in: place, required }) => place === 'query' && required)
  const paged = operation.parameters.some(({ in: place, name }) => place === 'query' && name === 'limit')
  return {
    ...Object.fromEntries(needed.map(({ name }) => [name, query[name]])),
    ...(paged ? { limit: 200 } : {}),
  }
}

export interface Answered {
  request: Request
  reply: Reply
}

/** Asks all of it as one caller. @returns the answers in the order of the questions */
export async function readAll(
  { test }: Pick<World, 'test'>,
  readings: readonly Request[],
  by: Caller,
): Promise<Answered[]> {
  const answers: Answered[] = []
  await forEach([...readings.entries()], async ([index, request]) => {
    answers[index] = { request, reply: await send(test, { ...request, by }) }
  })
  return answers
}

export const nameOfReading = ({ operation, params, query }: Request) =>
  `${operation.id} ${JSON.stringify(params)} ${JSON.stringify(query)}`
