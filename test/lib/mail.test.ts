import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { createMailer, createSmtpMailer } from '../../src/lib/mail.ts'

const from = 'Cairn <no-reply@cairn.example>'
const mail = { to: 'olive@practice.example', subject: 'Hello', text: 'A line.\n\nAnother: é', id: 'mail-1' }

/** As much of an SMTP server as a message needs. */
async function smtpServer(t: Test, { refuses = false } = {}) {
  const messages: string[] = []
  const server = createServer(socket => converse(socket, messages, refuses)).listen(0, '0.0.0.0')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { messages, url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function converse(socket: Socket, messages: string[], refuses: boolean): void {
  let data: string[] | undefined
  let rest = ''
  const answer = (line: string) => socket.write(`${line}\r\n`)
  const take = (line: string) => {
    if (data && line === '.') {
      messages.push(data.join('\n'))
      data = undefined
      return answer('250 kept')
    }
    if (data) return void data.push(line)
    if (/^DATA/i.test(line)) {
      data = []
      return answer('354 go on')
    }
    if (/^STARTTLS/i.test(line)) return answer('502 not here')
    if (/^QUIT/i.test(line)) return void socket.end('221 bye\r\n')
    return answer(refuses && /^RCPT/i.test(line) ? '550 no such mailbox' : '250 ok')
  }
  answer('220 test')
  socket.on('data', chunk => {
    const lines = (rest + chunk.toString()).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
  socket.on('error', () => {})
}

t.test('mail goes out by SMTP, under the same message id on every attempt', async t => {
  const { messages, url } = await smtpServer(t)
  const mailer = createSmtpMailer(url, from)
  await mailer.send(mail)
  await mailer.send(mail)
  t.equal(messages.length, 2)
  for (const message of messages) {
    t.match(message, /^From: Cairn <no-reply@cairn\.example>$/m)
    t.match(message, /^To: olive@practice\.example$/m)
    t.match(message, /^Message-ID: <mail-1@cairn\.example>$/m)
  }
})

t.test('a line break in a subject makes no header of its own', async t => {
  const { messages, url } = await smtpServer(t)
  await createSmtpMailer(url, from).send({ ...mail, subject: 'Hello\r\nBcc: attacker@other.example' })
  t.notMatch(messages[0], /^Bcc:/m)
})

t.test('a refused message is an error, so that the job tries again', async t => {
  const { url } = await smtpServer(t, { refuses: true })
  await t.rejects(createSmtpMailer(url, from).send(mail))
})

t.test('another machine must offer TLS', async t => {
  const { url } = await smtpServer(t)
  const elsewhere = url.replace('127.0.0.1', '127.0.0.2')
  await t.rejects(createSmtpMailer(elsewhere, from).send(mail))
})

t.test('without a server mail is kept where that is allowed, and refused elsewhere', async t => {
  const settings = { SMTP_URL: '', MAIL_FROM: from }
  const inbox = createMailer({ ...settings, DEV_INBOX: true })
  await inbox.send(mail)
  t.same(inbox.inbox, [mail])
  await t.rejects(createMailer({ ...settings, DEV_INBOX: false }).send(mail), /SMTP_URL/)
})
