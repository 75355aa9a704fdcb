import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError } from 'fastify'
import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { catalog, type ProblemCode, problemBody } from '../lib/problems.ts'

const byNodeCode: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'request-headers-too-large',
}

/**
 * Answers what is refused before there is a request (no HTTP, two lengths, headers too large or too slow) as
 * everything is answered, and ends the connection: where the next request begins on it is anybody's guess.
 */
export function createClientErrorHandler({ publicUrl, log }: { publicUrl: string; log: Logger }) {
  return (error: ConnectionError, socket: Socket): void => {
    // The client is gone.
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    const code = byNodeCode[error.code] ?? 'malformed-request'
    const requestId = uuidv7()
    log.info({ reqId: requestId, code, status: catalog[code][0] }, 'refused before it was a request')
    if (socket.writable)
      socket.write(rawAnswer(code, JSON.stringify(problemBody(publicUrl, code, requestId))))
    socket.destroy()
  }
}

function rawAnswer(code: ProblemCode, body: string): string {
  const [status] = catalog[code]
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
