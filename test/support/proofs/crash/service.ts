import { join } from 'node:path'
import type { Reply } from '../../practice.ts'
import { type RunningService, type ServiceOptions, startService } from '../../service.ts'
import type { TestApp } from '../../test-app.ts'
import { testServer } from '../../test-server.ts'

/** Without it most of a start is spent on taking types away. */
export const compileCache = join(import.meta.dirname, '../../../../.tap/compile-cache')

/** The service as a process of its own on the database of a test; its tokens are good there too. */
export async function serviceOn(
  test: TestApp,
  env: Record<string, string> = {},
  options: ServiceOptions = {},
): Promise<RunningService> {
  const { keyringFile } = await testServer()
  const settings = {
    DATABASE_APP_URL: test.appUrl,
    DATABASE_RELAY_URL: test.relayUrl,
    MIGRATE_ON_START: 'false',
    CAIRN_KEYRING_FILE: keyringFile,
    PUBLIC_URL: 'http://127.0.0.1:3000',
    SETUP_TOKEN: test.setupToken,
    RATE_LIMIT_PER_MINUTE: '1000000',
    DEV_INBOX: 'true',
    NODE_COMPILE_CACHE: compileCache,
  }
  return startService('', { ...settings, ...env }, options)
}

interface Message {
  method: string
  url: string
  headers: Record<string, string>
  payload?: string
}

/** @throws when there was no answer, or only a part of one */
export async function sendTo(service: { url: string }, message: Message): Promise<Reply> {
  const { method, headers, payload } = message
  const response = await fetch(service.url + message.url, {
    method,
    headers,
    ...(payload === undefined ? {} : { body: payload }),
    signal: AbortSignal.timeout(20_000),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== ''
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : text,
    etag: response.headers.get('etag') ?? '',
    headers: Object.fromEntries(response.headers),
  }
}
