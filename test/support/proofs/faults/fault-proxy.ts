import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export type Direction = 'request' | 'reply'

/** A network between the service and PostgreSQL that does what it is told. Only one fault holds at a time. */
export interface FaultProxy {
  port: number
  /** Ends the fault. What was held back flows on. */
  pass(): Promise<void>
  /** Nobody listens any more, and what was open is reset. */
  refuse(): Promise<void>
  /** Resets every open connection; new ones pass. */
  cut(): void
  /** Nothing gets through in either direction, and nobody is told. */
  blackHole(): void
  /** As when a firewall forgot: connections that are open stay black holes for ever; new ones pass. */
  forgetConnections(): void
  /**
   * Once so many more bytes have passed in this direction, cuts the connection they passed on. A cut reply leaves
   * the server with all it was sent. @returns whether it has happened yet
   */
  cutAfter(direction: Direction, bytes: number): () => boolean
  delay(latencyMs: number, jitterMs: number): void
  throttle(bytesPerSecond: number): void
  /** Leads to another server of this host, as a name that was pointed there; what was open is reset. */
  leadTo(port: number): void
  /** Bytes that have passed so far. */
  passed: Readonly<Record<Direction, number>>
  /** How often the service waited for PostgreSQL: requests that followed a reply. Means something one by one only. */
  roundTrips(): number
  close(): Promise<void>
}

interface Fault {
  held?: boolean
  latencyMs?: number
  jitterMs?: number
  bytesPerSecond?: number
  cut?: { direction: Direction; left: number }
}

interface Link {
  client: Socket
  server: Socket
  /** Lets held bytes go. */
  resume(): void
  forgotten: boolean
}

export async function startFaultProxy(first: { host: string; port: number }): Promise<FaultProxy> {
  const links = new Set<Link>()
  const passed = { request: 0, reply: 0 }
  let fault: Fault = {}
  let last: Direction = 'reply'
  let roundTrips = 0
  let target = first
  let listener: Server | undefined

  const accept = (client: Socket) => {
    const link = linkTo(client, target, links)
    const toServer = pump(link, 'request', client, link.server)
    const toClient = pump(link, 'reply', link.server, client)
    link.resume = () => [toServer, toClient].forEach(release => void release())
  }

  /** Forwards what arrives, in order, as the fault of the moment lets it. @returns what lets go all that waits */
  function pump(link: Link, direction: Direction, from: Socket, to: Socket) {
    const waiting: { chunk: Buffer; due: number }[] = []
    let freeAt = 0
    let timer: NodeJS.Timeout | undefined
    from.on('data', chunk => {
      const { latencyMs = 0, jitterMs = 0, bytesPerSecond = Infinity } = fault
      const arrival = performance.now() + latencyMs + Math.random() * jitterMs
      freeAt = Math.max(freeAt, arrival) + (chunk.length / bytesPerSecond) * 1_000
      waiting.push({ chunk, due: freeAt })
      flow()
    })
    /** One timer, for the first that waits: TCP never changes the order of what it was given. */
    function flow(): void {
      clearTimeout(timer)
      for (let [first] = waiting; first && !fault.held && !link.forgotten; [first] = waiting) {
        const wait = first.due - performance.now()
        if (wait > 0) {
          timer = setTimeout(flow, wait)
          return
        }
        waiting.shift()
        deliver(first.chunk)
      }
    }
    function deliver(chunk: Buffer): void {
      const cut = fault.cut?.direction === direction ? fault.cut : undefined
      const through = cut && cut.left < chunk.length ? chunk.subarray(0, cut.left) : chunk
      passed[direction] += through.length
      if (last === 'reply' && direction === 'request') roundTrips++
      last = direction
      if (to.writable) to.write(through)
      if (!cut) return
      cut.left -= through.length
      if (through.length === chunk.length) return
      fault = {}
      link.server.end()
      link.client.resetAndDestroy()
    }
    return () => {
      for (const held of waiting) held.due = 0
      freeAt = 0
      flow()
    }
  }

  const listen = async (port: number) => {
    listener = createServer(accept).listen(port, '127.0.0.1')
    await once(listener, 'listening')
    return (listener.address() as AddressInfo).port
  }
  const cut = () => {
    for (const { client, server } of links) {
      client.resetAndDestroy()
      server.destroy()
    }
  }
  const port = await listen(0)
  const stopListening = () => {
    listener?.close()
    listener = undefined
  }
  return {
    port,
    passed,
    roundTrips: () => roundTrips,
    async pass() {
      fault = {}
      if (!listener) await listen(port)
      for (const link of links) link.resume()
    },
    async refuse() {
      stopListening()
      cut()
    },
    cut,
    blackHole: () => void (fault = { held: true }),
    forgetConnections: () => links.forEach(link => void (link.forgotten = true)),
    cutAfter(direction, bytes) {
      const armed: Fault = { cut: { direction, left: bytes } }
      fault = armed
      return () => fault !== armed
    },
    delay: (latencyMs, jitterMs) => void (fault = { latencyMs, jitterMs }),
    leadTo(to) {
      target = { ...target, port: to }
      cut()
    },
    throttle: bytesPerSecond => void (fault = { bytesPerSecond }),
    async close() {
      stopListening()
      cut()
    },
  }
}

function linkTo(client: Socket, target: { host: string; port: number }, links: Set<Link>): Link {
  const server = connect(target)
  const link: Link = { client, server, resume: () => {}, forgotten: false }
  links.add(link)
  const end = () => {
    links.delete(link)
    // A forgotten connection is not told of its end either.
    if (!link.forgotten) client.destroy()
    server.destroy()
  }
  for (const socket of [client, server]) {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', end)
  }
  return link
}
