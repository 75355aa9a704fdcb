import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface SmtpServer {
  url: string
  /** Each message that was taken, in order; its id is that of its Message-ID. */
  taken: { id: string; text: string }[]
  /** Called at the end of a message, before it is acknowledged. */
  onMessage: (id: string) => void
  close(): Promise<void>
}

export interface SmtpOptions {
  /** What it listens on. */
  host?: string
  /** What it says to a command of its client; the usual when undefined. */
  answerTo?: (command: string) => string | undefined
}

/** As much of an SMTP server as a message needs. */
export async function startSmtpServer(options: SmtpOptions = {}): Promise<SmtpServer> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    converse(socket, smtp, options)
  }).listen(0, options.host ?? '127.0.0.1')
  await once(server, 'listening')
  const smtp: SmtpServer = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: [],
    onMessage: () => {},
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(done => server.close(done))
    },
  }
  return smtp
}

function converse(socket: Socket, smtp: SmtpServer, { answerTo }: SmtpOptions): void {
  let message: string[] | undefined
  let rest = ''
  const answer = (line: string) => socket.write(`${line}\r\n`)
  const take = (line: string) => {
    if (message && line === '.') {
      const text = message.join('\n')
      const id = /^Message-ID: <([^@>]+)/im.exec(text)?.[1] ?? ''
      message = undefined
      smtp.taken.push({ id, text })
      smtp.onMessage(id)
      return answer('250 kept')
    }
    if (message) return void message.push(line)
    const special = answerTo?.(line)
    if (special !== undefined) return answer(special)
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
