import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DocumentedOperation } from '../../operations.ts'
import type { Reply } from '../../practice.ts'
import { documentsHeader, type Request, requestOf } from '../../world/requests.ts'
import type { World } from '../../world.ts'
import type { CrashPoint } from './call-crash.ts'
import { repeatable, uncounted } from './exceptions.ts'
import type { Footprint, Footprints, Trace } from './footprint.ts'

/** What an operation does when nothing goes wrong. */
export interface CleanRun {
  operation: DocumentedOperation
  status: number
  /** Database calls of the request. */
  calls: number
  footprint: Footprint
}

export interface Crashed {
  clean: CleanRun
  point: CrashPoint
  /** The answer to the request that was cut short; undefined when there was none. */
  first: Reply | undefined
  /** The definite answer to the same request sent again. */
  last: Reply
  footprint: Footprint
}

export type Send = (request: Request) => Promise<Reply>

/** The request that is sent again and again until it is answered: one key for all attempts. */
export async function repeatableRequest(world: World, operation: DocumentedOperation): Promise<Request> {
  const request = await requestOf(world, operation)
  if (!documentsHeader(operation, 'idempotency-key')) return request
  return { ...request, headers: { 'idempotency-key': randomUUID(), ...request.headers } }
}

export async function cleanRun(
  footprints: Footprints,
  request: Request,
  counted: (request: Request) => Promise<{ reply: Reply; calls: number }>,
): Promise<CleanRun> {
  const mark = await footprints.mark()
  const { reply, calls } = await counted(request)
  if (reply.status >= 300)
    throw new Error(`${request.operation.id} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
  return {
    operation: request.operation,
    status: reply.status,
    calls,
    footprint: await footprints.since(mark),
  }
}

/** As a client does that keeps its promise: waits as it is told, sends the same again, and stops when it knows. */
export async function untilDefinite(send: () => Promise<Reply>): Promise<Reply> {
  for (let attempt = 0; attempt < 40; attempt++) {
    const reply = await send().catch(() => undefined)
    const waits = !reply || reply.status === 503 || reply.body?.code === 'idempotency-key-in-use'
    if (!waits) return reply
    await sleep(50)
  }
  throw new Error('Nothing definite was answered to forty attempts')
}

/** What is wrong with how it went, in words; undefined when nothing is. */
export function faultOf(crashed: Crashed): string | undefined {
  const fault = answerFault(crashed) ?? effectFault(crashed) ?? auditFault(crashed)
  const { clean, point, first, last } = crashed
  const where = `${clean.operation.id}, call ${point.call} of ${clean.calls}, ${point.moment}`
  return fault && `${where} (${first?.status ?? 'no answer'}, then ${last.status}): ${fault}`
}

const hasKey = ({ clean }: Crashed) => documentsHeader(clean.operation, 'idempotency-key')
const isReplay = ({ last }: Crashed) => last.headers['idempotency-replayed'] === 'true'

function answerFault(crashed: Crashed): string | undefined {
  const { clean, first, last } = crashed
  if (first && first.status !== clean.status && first.status !== 503)
    return `the request that was cut short was answered with ${JSON.stringify(first.body)}`
  if (last.status === clean.status) return undefined
  if (hasKey(crashed) || last.status >= 500) return `then ${JSON.stringify(last.body)}`
  return undefined
}

const effectFault = ({ clean, footprint }: Crashed) => effectFaults(clean, footprint).join('; ') || undefined

/** How what was done differs from what one undisturbed request does, by table. */
export function effectFaults(clean: CleanRun, footprint: Footprint): string[] {
  const isRepeatable = clean.operation.id in repeatable
  const names = new Set([...Object.keys(clean.footprint.tables), ...Object.keys(footprint.tables)])
  return [...names].flatMap(name => {
    if (name in uncounted) return []
    const [expected, found] = [clean.footprint.tables[name] ?? none, footprint.tables[name] ?? none]
    const fits = isRepeatable ? isOnceOrTwice(expected, found) : isSame(expected, found)
    return fits ? [] : [`${name}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`]
  })
}

const none: Trace = { rows: 0, written: 0, versions: 0 }
const aspects = ['rows', 'written', 'versions'] as const

const isSame = (expected: Trace, found: Trace) => aspects.every(aspect => expected[aspect] === found[aspect])

/** The second of two sign-ins may find what the first one made. */
const isOnceOrTwice = (expected: Trace, found: Trace) =>
  isSame(expected, none)
    ? true
    : aspects.every(aspect => found[aspect] >= 0 && found[aspect] <= 2 * expected[aspect]) &&
      !isSame(found, none)

/** What was done is audited once, and so is each answer that tells of it again. */
function auditFault(crashed: Crashed): string | undefined {
  const { clean, footprint } = crashed
  const more = footprint.audited.granted - clean.footprint.audited.granted
  const expected = hasKey(crashed) ? [isReplay(crashed) ? 1 : 0] : [0, 1]
  return expected.includes(more) ? undefined : `${more} audit rows more than a clean run and its replay`
}
