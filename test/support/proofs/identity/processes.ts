import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Reply } from '../../practice.ts'
import { type RunningService, startService } from '../../service.ts'
import type { TestApp } from '../../test-app.ts'
import { testServer } from '../../test-server.ts'

/** Service processes on the database of a test, which believe the X-Forwarded-For of this machine. */
export async function startProcesses(
  t: Test,
  test: TestApp,
  count: number,
  env: Record<string, string> = {},
): Promise<RunningService[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-processes-'))
  const started: RunningService[] = []
  t.teardown(async () => {
    await Promise.all(started.map(service => service.kill()))
    await rm(folder, { recursive: true, force: true })
  })
  const { keyringFile } = await testServer()
  const settings = {
    DATABASE_APP_URL: test.appUrl,
    DATABASE_RELAY_URL: test.relayUrl,
    CAIRN_KEYRING_FILE: keyringFile,
    PUBLIC_URL: 'http://127.0.0.1:3000',
    PROCESS_ROLE: 'api',
    TRUST_PROXY: '127.0.0.1',
    RATE_LIMIT_PER_MINUTE: '1000000',
    DATABASE_POOL_SIZE: '6',
    ...env,
  }
  await Promise.all(
    Array.from({ length: count }, async () => started.push(await startService(folder, settings))),
  )
  return started
}

export interface Sent {
  token?: string
  /** The address it seems to come from. */
  from?: string
}

type Answer = Pick<Reply, 'status' | 'body'> & { headers: Headers }

/** Sends JSON to a process as somebody somewhere would, again when it is too busy to judge it. */
export async function sendTo(...request: Parameters<typeof sendOnce>): Promise<Answer> {
  let answer = await sendOnce(...request)
  for (let again = 0; answer.status === 503 && again < 40; again++) {
    await sleep(250)
    answer = await sendOnce(...request)
  }
  return answer
}

async function sendOnce(
  { url }: RunningService,
  path: string,
  body?: unknown,
  { token, from = '192.0.2.1' }: Sent = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'x-forwarded-for': from,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers }
}

/** An address nobody had before. */
export function addresses(): () => string {
  let last = 0
  return () => {
    last += 1
    return `198.18.${Math.floor(last / 250) % 256}.${(last % 250) + 1}`
  }
}
