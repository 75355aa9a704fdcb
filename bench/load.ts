import { readdir, readFile } from 'node:fs/promises'
import autocannon from 'autocannon'
import type { Ground, Running } from './ground.ts'

/** Requests to repeat, one after the other, each connection for itself. */
export interface Load {
  connections: number
  method: 'GET' | 'POST' | 'PATCH'
  /** Of whoever asks, as it was when the ground was filled. */
  token?: string
  headers: Record<string, string>
  /** The address, and the body if any, of a request: the n-th of all, counted from 0. */
  request(n: number): Sent
  /** Answers that are as they should be. */
  expected: readonly number[]
}

export interface Sent {
  path: string
  body?: unknown
  headers?: Record<string, string>
  /** Told of the answer, unless the round ended before it came. */
  answered?(status: number): void
}

export interface Measured {
  perSecond: number
  p99Ms: number
  /** CPU milliseconds per request, of the server process and of PostgreSQL; NaN where /proc is not there. */
  serverMs: number
  databaseMs: number
}

/** Sends a load for some seconds, shared by the processes that answer it. @throws when an answer is not as expected */
export async function measure(
  ground: Ground,
  targets: readonly Running[],
  load: Load,
  seconds: number,
): Promise<Measured> {
  let sent = 0
  const next = () => load.request(sent++)
  const connections = load.connections / targets.length
  const { token } = load
  const headers = { ...load.headers, ...(token && { authorization: `Bearer ${ground.renewed(token)}` }) }
  const before = await cpuOf(ground, targets)
  const results = await Promise.all(
    targets.map(({ url }) => sendLoad(url, { ...load, headers, connections }, seconds, next)),
  )
  const after = await cpuOf(ground, targets)
  const answered = results.reduce((sum, { requests }) => sum + requests.total, 0)
  return {
    perSecond: results.reduce((sum, { requests, duration }) => sum + requests.total / duration, 0),
    p99Ms: Math.max(...results.map(({ latency }) => latency.p99)),
    serverMs: (after.server - before.server) / answered,
    databaseMs: (after.database - before.database) / answered,
  }
}

/** Of one connection. */
interface Context {
  answered?: Sent['answered'] | undefined
}

async function sendLoad(
  url: string,
  load: Load,
  seconds: number,
  next: () => Sent,
): Promise<autocannon.Result> {
  let wrong: string | undefined
  const result = await autocannon({
    url,
    connections: load.connections,
    duration: seconds,
    method: load.method,
    requests: [
      {
        setupRequest: (request, context: Context) => {
          const { path, body, headers, answered } = next()
          context.answered = answered
          return {
            ...request,
            path,
            headers: { ...load.headers, ...headers },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          }
        },
        onResponse: (status, body, context: Context) => {
          if (!load.expected.includes(status)) wrong ??= body
          context.answered?.(status)
        },
      },
    ],
  })
  const unexpected = Object.entries(result.statusCodeStats ?? {}).filter(
    ([status]) => !load.expected.includes(Number(status)),
  )
  if (unexpected.length > 0 || result.errors > 0 || result.requests.total === 0)
    throw new Error(`Unexpected answers: ${JSON.stringify({ unexpected, errors: result.errors, wrong })}`)
  return result
}

interface Cpu {
  server: number
  database: number
}

async function cpuOf(ground: Ground, targets: readonly Running[]): Promise<Cpu> {
  const postgres = await ground.postgresPid()
  const processes = await statsOfAll()
  const own = processes.filter(({ pid }) => targets.some(target => target.pid === pid))
  const ofPostgres = processes.filter(({ pid, parent }) => pid === postgres || parent === postgres)
  // Connections that ended meanwhile are counted with their parent.
  const database = ofPostgres.reduce((sum, stat) => sum + stat.cpuMs + stat.endedChildrenMs, 0)
  return {
    server: own.length > 0 ? own.reduce((sum, stat) => sum + stat.cpuMs, 0) : Number.NaN,
    database: ofPostgres.length > 0 ? database : Number.NaN,
  }
}

interface ProcessStat {
  pid: number
  parent: number
  cpuMs: number
  endedChildrenMs: number
}

/** Ticks are hundredths of a second on every Linux that runs Node. */
const tickMs = 10

async function statsOfAll(): Promise<ProcessStat[]> {
  const names = await readdir('/proc').catch((): string[] => [])
  const texts = await Promise.all(
    names
      .filter(name => /^\d+$/.test(name))
      .map(pid => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
  )
  return texts.flatMap(text => {
    // The program's name, in parentheses, may hold spaces.
    const [pid] = text.split(' ', 1)
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
    const ended = (childUser + childSystem) * tickMs
    return pid ? [{ pid: Number(pid), parent, cpuMs: (user + system) * tickMs, endedChildrenMs: ended }] : []
  })
}

/** Resident megabytes of a process. */
export async function memoryOf({ pid }: Running): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024)
}
