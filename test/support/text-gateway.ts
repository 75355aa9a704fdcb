import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface TakenText {
  /** Its Idempotency-Key. */
  key: string
  authorization: string
  body: { id: string; to: string; text: string }
}

export interface TextGateway {
  url: string
  /** Every request that was read, in order, answered or not. */
  taken: TakenText[]
  /** What it answers next; 202 when undefined. `hang up` ends the connection without an answer. */
  answer: (text: TakenText) => number | 'hang up' | undefined
  close(): Promise<void>
}

/** A gateway of text messages on this machine. */
export async function startTextGateway(t: Test): Promise<TextGateway> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', () => {
      const text = {
        key: String(request.headers['idempotency-key']),
        authorization: String(request.headers.authorization ?? ''),
        body: JSON.parse(Buffer.concat(parts).toString()),
      }
      gateway.taken.push(text)
      const answer = gateway.answer(text) ?? 202
      if (answer === 'hang up') request.socket.destroy()
      else response.writeHead(answer).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const gateway: TextGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`,
    taken: [],
    answer: () => undefined,
    close: async () => {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
  t.teardown(() => gateway.close())
  return gateway
}
