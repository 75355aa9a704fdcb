import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A mail server that takes no message, and says why with the address it was given, as many do. */
export async function echoingMailServer(t: Test): Promise<{ url: string; told(): string }> {
  const told: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.write('220 canary\r\n')
    socket.on('data', chunk => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        told.push(line)
        socket.write(answerTo(line))
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, told: () => told.join('\n') }
}

function answerTo(line: string): string {
  if (/^RCPT/i.test(line)) return `550 ${line.slice(8)} is nobody here\r\n`
  return /^(EHLO|HELO|MAIL|RSET|NOOP)/i.test(line) ? '250 ok\r\n' : '221 bye\r\n'
}
