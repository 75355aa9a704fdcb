import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '../../practice.ts'
import type { RunningService } from '../../service.ts'
import { sendTo } from './service.ts'

export interface Message {
  method: 'GET' | 'POST' | 'PATCH'
  url: string
  token?: string
  key?: string
  ifMatch?: string
  body?: unknown
}

/** A request that got no answer although the process it was sent to still accepted requests. */
export interface Reset {
  pid: number
  sentAt: number
  failedAt: number
  why: string
}

/** The way to whichever process serves at the moment, as behind a balancer. */
export interface Line {
  serving: RunningService | undefined
  resets: Reset[]
  requests: number
  /** How many requests were answered, by process. */
  answered: Map<number, number>
  /** Sends it until the answer is definite: what a client does that keeps its promise. */
  definite(message: Message): Promise<Reply>
  /** From now on unanswered requests are given up. */
  close(): void
}

const patienceMs = 90_000

export function openLine(): Line {
  const closing = new AbortController()
  const line: Line = {
    serving: undefined,
    resets: [],
    requests: 0,
    answered: new Map(),
    async definite(message) {
      const until = Date.now() + patienceMs
      while (!closing.signal.aborted && Date.now() < until) {
        const reply = await attempt(line, message)
        if (reply) return reply
        await sleep(50)
      }
      throw new Error(`${message.method} ${message.url} got no definite answer`)
    },
    close() {
      closing.abort()
    },
  }
  return line
}

async function attempt(line: Line, message: Message): Promise<Reply | undefined> {
  const { serving } = line
  if (!serving) return undefined
  const sentAt = Date.now()
  const { pid = 0 } = serving.process
  line.requests += 1
  const reply = await sendTo(serving, httpOf(message)).catch(error => {
    line.resets.push({ pid, sentAt, failedAt: Date.now(), why: reasonOf(error) })
  })
  if (reply) line.answered.set(pid, (line.answered.get(pid) ?? 0) + 1)
  const isBusy = reply?.status === 503 || reply?.body?.code === 'idempotency-key-in-use'
  return reply && !isBusy ? reply : undefined
}

const httpOf = ({ method, url, token, key, ifMatch, body }: Message) => ({
  method,
  url,
  headers: {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(key ? { 'idempotency-key': key } : {}),
    ...(ifMatch ? { 'if-match': ifMatch } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  },
  ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
})

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof Error ? `${'code' in cause ? cause.code : cause.name}` : String(cause)
}
