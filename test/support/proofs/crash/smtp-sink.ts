import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface SmtpSink {
  url: string
  /** The Message-ID of each message that was taken, in order. */
  taken: string[]
  /** Called at the end of a message, before it is acknowledged. */
  onMessage: (id: string) => void
  close(): Promise<void>
}

/** As much of an SMTP server as a message needs; it keeps ids only. */
export async function startSmtpSink(): Promise<SmtpSink> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    converse(socket, sink)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: [],
    onMessage: () => {},
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(done => server.close(done))
    },
  }
  return sink
}

function converse(socket: Socket, sink: SmtpSink): void {
  let message: string[] | undefined
  let rest = ''
  const answer = (line: string) => socket.write(`${line}\r\n`)
  const take = (line: string) => {
    if (message && line === '.') {
      const id = /^Message-ID: <([^@>]+)/im.exec(message.join('\n'))?.[1] ?? ''
      message = undefined
      sink.taken.push(id)
      sink.onMessage(id)
      return answer('250 kept')
    }
    if (message) return void message.push(line)
    if (/^DATA/i.test(line)) {
      message = []
      return answer('354 go on')
    }
    if (/^STARTTLS/i.test(line)) return answer('502 not here')
    return /^QUIT/i.test(line) ? void socket.end('221 bye\r\n') : answer('250 ok')
  }
  answer('220 test')
  socket.on('data', chunk => {
    const lines = (rest + chunk.toString()).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
  socket.on('error', () => {})
}
