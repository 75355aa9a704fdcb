import { readdir, readFile } from 'node:fs/promises'
import autocannon from 'autocannon'
import type { Ground, Running } from './ground.ts'

/** Requests to repeat, one after the other, each connection for itself. */
export interface Load {
  connections: number
  method: 'GET' | 'POST'
  headers: Record<string, string>
  /** The address, and the body if any, of a request: the n-th of all, counted from 0. */
  request(n: number): { path: string; body?: unknown; headers?: Record<string, string> }
  /** Answers that are as they should be. */
  expected: readonly number[]
}

export interface Measured {
  perSecond: number
  p99Ms: number
  /** CPU milliseconds per request, of the server process and of PostgreSQL; NaN where /proc is not there. */
  serverMs: number
  databaseMs: number
}

/** Sends a load for some seconds. @throws when an answer is not as expected */
export async function measure(
  ground: Ground,
  target: Running,
  load: Load,
  seconds: number,
): Promise<Measured> {
  let sent = 0
  const before = await cpuOf(ground, target)
  const result = await autocannon({
    url: target.url,
    connections: load.connections,
    duration: seconds,
    method: load.method,
    requests: [
      {
        setupRequest: request => {
          const { path, body, headers } = load.request(sent++)
          return {
            ...request,
            path,
            headers: { ...load.headers, ...headers },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          }
        },
      },
    ],
  })
  const after = await cpuOf(ground, target)
  const unexpected = Object.entries(result.statusCodeStats ?? {}).filter(
    ([status]) => !load.expected.includes(Number(status)),
  )
  if (unexpected.length > 0 || result.errors > 0 || result.requests.total === 0)
    throw new Error(`Unexpected answers: ${JSON.stringify({ unexpected, errors: result.errors })}`)
  return {
    perSecond: result.requests.total / result.duration,
    p99Ms: result.latency.p99,
    serverMs: (after.server - before.server) / result.requests.total,
    databaseMs: (after.database - before.database) / result.requests.total,
  }
}

interface Cpu {
  server: number
  database: number
}

async function cpuOf(ground: Ground, target: Running): Promise<Cpu> {
  const postgres = await ground.postgresPid()
  const processes = await statsOfAll()
  const own = processes.find(({ pid }) => pid === target.pid)
  const ofPostgres = processes.filter(({ pid, parent }) => pid === postgres || parent === postgres)
  // Connections that ended meanwhile are counted with their parent.
  const database = ofPostgres.reduce((sum, stat) => sum + stat.cpuMs + stat.endedChildrenMs, 0)
  return { server: own?.cpuMs ?? Number.NaN, database: ofPostgres.length > 0 ? database : Number.NaN }
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
