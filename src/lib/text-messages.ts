import type { Config } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { NotTaken } from './not-taken.ts'

/** A text message to a client's phone. */
export interface TextMessage {
  /** The same on every attempt: the gateway can tell a repeated message by it. */
  id: string
  /** E.164. */
  to: string
  text: string
}

export interface TextSender {
  /** @throws NotTaken when it certainly was not taken; anything else when nobody knows */
  send(message: TextMessage): Promise<void>
}

/**
 * Text messages by an HTTP gateway: `POST <url>` with `{ id, to, text }` as JSON, `Idempotency-Key: <id>` and, where a
 * token is set, `Authorization: Bearer <token>`. Any 2xx means that the gateway has it. Undefined where none is set.
 */
export function createTextSender({
  TEXT_GATEWAY_URL,
  TEXT_GATEWAY_TOKEN,
}: Pick<Config, 'TEXT_GATEWAY_URL' | 'TEXT_GATEWAY_TOKEN'>): TextSender | undefined {
  if (!TEXT_GATEWAY_URL) return undefined
  const url = URL.parse(TEXT_GATEWAY_URL)
  if (!url) throw new ConfigError('TEXT_GATEWAY_URL is no URL.')
  if (url.protocol !== 'https:' && !onThisMachine.has(url.hostname))
    throw new ConfigError('TEXT_GATEWAY_URL must be https, unless it is on this machine.')
  const authorization = TEXT_GATEWAY_TOKEN ? { authorization: `Bearer ${TEXT_GATEWAY_TOKEN}` } : {}
  return {
    async send({ id, to, text }) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': id, ...authorization },
        body: JSON.stringify({ id, to, text }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      }).catch(error => {
        throw neverReached(error) ?? error
      })
      await response.body?.cancel()
      if (!response.ok) throw refusal(response.status)
    },
  }
}

const timeoutMs = 10_000
const onThisMachine = new Set(['localhost', '127.0.0.1', '[::1]'])

/** What it refuses it did not take. What it fails at (a gateway of its own may have it) nobody knows. */
function refusal(status: number): Error {
  if (status === 429 || status === 503) return new NotTaken(String(status), true)
  if (status < 500) return new NotTaken(String(status), status === 401 || status === 403 || status === 408)
  return new Error('The gateway failed')
}

/** Before a connection stands nothing was sent. */
function neverReached(error: unknown): NotTaken | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return unreached.has(code) ? new NotTaken(code, true) : undefined
}

const unreached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
