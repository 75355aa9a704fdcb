import { connect, type Socket } from 'node:net'

/** Connections that behave like a client which does not hurry. */
export interface SlowClients {
  count: number
  /** How many the service has ended by now. */
  ended(): number
  stop(): void
}

export type SlowKind = 'headers' | 'body' | 'reading'

const host = 'Host: api.example\r\n'

/** What each kind sends at first, and then again and again. */
const kinds: Readonly<Record<SlowKind, { first: string; next: () => string }>> = {
  headers: { first: `GET /v1/practice HTTP/1.1\r\n${host}`, next: () => `X-${Date.now()}: a\r\n` },
  body: {
    first: `POST /v1/sessions HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
    next: () => ' ',
  },
  reading: { first: `GET /openapi.json HTTP/1.1\r\n${host}\r\n`.repeat(2), next: () => '' },
}

export async function startSlowClients(url: string, kind: SlowKind, count: number): Promise<SlowClients> {
  const { hostname, port } = new URL(url)
  const { first, next } = kinds[kind]
  let ended = 0
  const sockets = await Promise.all(Array.from({ length: count }, () => open(hostname, Number(port))))
  for (const socket of sockets) {
    socket.once('close', () => (ended += 1))
    socket.on('error', () => {})
    // Whoever reads slowly learns of the end only by the close: nothing is read at all.
    if (kind === 'reading') socket.pause()
    else socket.resume()
    socket.write(first)
  }
  const timer = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write(next() || Buffer.alloc(0))
  }, 500)
  return {
    count,
    ended: () => ended,
    stop() {
      clearInterval(timer)
      for (const socket of sockets) socket.destroy()
    },
  }
}

function open(hostname: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

export interface Served {
  p99Ms: number
  failures: string[]
}

/** Ordinary requests one after the other, each on a connection of its own or kept. */
export async function serve(url: string, token: string, count: number): Promise<Served> {
  const times: number[] = []
  const failures: string[] = []
  for (let done = 0; done < count; done += 1) {
    const start = performance.now()
    const response = await fetch(`${url}/v1/practice`, {
      headers: { authorization: `Bearer ${token}`, ...(done % 2 ? { connection: 'close' } : {}) },
    }).catch((error: unknown) => failures.push(String(error)))
    if (typeof response === 'object') {
      if (!response.ok) failures.push(String(response.status))
      await response.arrayBuffer()
    }
    times.push(performance.now() - start)
  }
  const sorted = times.toSorted((a, b) => a - b)
  return { p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0, failures }
}
