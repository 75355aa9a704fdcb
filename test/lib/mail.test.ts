import t, { type Test } from 'tap'
import { createMailer, createSmtpMailer } from '../../src/lib/mail.ts'
import { startSmtpServer } from '../support/smtp-server.ts'

const from = 'Cairn <no-reply@cairn.example>'
const mail = { to: 'olive@practice.example', subject: 'Hello', text: 'A line.\n\nAnother: é', id: 'mail-1' }

async function smtpServer(t: Test, { refuses = false } = {}) {
  const server = await startSmtpServer({
    host: '0.0.0.0',
    answerTo: command => (refuses && /^RCPT/i.test(command) ? '550 no such mailbox' : undefined),
  })
  t.teardown(() => server.close())
  return server
}

t.test('mail goes out by SMTP, under the same message id on every attempt', async t => {
  const { taken, url } = await smtpServer(t)
  const mailer = createSmtpMailer(url, from)
  await mailer.send(mail)
  await mailer.send(mail)
  t.equal(taken.length, 2)
  for (const { text } of taken) {
    t.match(text, /^From: Cairn <no-reply@cairn\.example>$/m)
    t.match(text, /^To: olive@practice\.example$/m)
    t.match(text, /^Message-ID: <mail-1@cairn\.example>$/m)
  }
})

t.test('a line break in a subject makes no header of its own', async t => {
  const { taken, url } = await smtpServer(t)
  await createSmtpMailer(url, from).send({ ...mail, subject: 'Hello\r\nBcc: attacker@other.example' })
  t.notMatch(taken[0]?.text, /^Bcc:/m)
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

t.test(
  'an address that is none of a mail server is refused when the service starts, without its password',
  t => {
    for (const url of ['mail.practice.example:587', 'smtp://', 'https://mail.practice.example', 'canary'])
      t.throws(
        () => createSmtpMailer(url, from),
        { name: 'ConfigError', message: /^SMTP_URL has to be smtp:/ },
        url,
      )
    t.end()
  },
)

t.test('without a server mail is kept where that is allowed, and refused elsewhere', async t => {
  const settings = { SMTP_URL: '', MAIL_FROM: from }
  const inbox = createMailer({ ...settings, DEV_INBOX: true })
  await inbox.send(mail)
  t.same(inbox.inbox, [mail])
  await t.rejects(createMailer({ ...settings, DEV_INBOX: false }).send(mail), /SMTP_URL/)
})
