import type { Config } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { NotTaken } from './not-taken.ts'

/** A message by mail. What goes to a client is sent by `scheduling/reminders`, which asks safe contact first. */
export interface Mail {
  to: string
  subject: string
  text: string
  /** The same on every attempt, so that a repeated message can be recognized. */
  id?: string
}

export interface Mailer {
  /** @throws NotTaken when it certainly was not taken; anything else when nobody knows */
  send(mail: Mail): Promise<void>
  /** What was sent, newest last; only where mail is kept in memory instead of being sent. */
  readonly inbox?: readonly Mail[]
}

/** Mail by SMTP where a server is configured, else into memory where that is allowed, else not at all. */
export function createMailer({
  SMTP_URL,
  MAIL_FROM,
  DEV_INBOX,
}: Pick<Config, 'SMTP_URL' | 'MAIL_FROM' | 'DEV_INBOX'>): Mailer {
  if (SMTP_URL) return createSmtpMailer(SMTP_URL, MAIL_FROM)
  return DEV_INBOX ? createInboxMailer() : noMailer
}

/**
 * @param url smtp(s)://user:password@host:port. Without `smtps` the server must offer STARTTLS, unless it is on this machine.
 * @throws ConfigError for any other URL: each mail would fail, and not the start
 */
export function createSmtpMailer(url: string, from: string): Mailer {
  const { protocol, hostname } = URL.parse(url) ?? { protocol: '', hostname: '' }
  if (!/^smtps?:$/.test(protocol) || hostname === '')
    throw new ConfigError('SMTP_URL has to be smtp://user:password@host:port, or smtps://….')
  const options = {
    url,
    requireTLS: !url.startsWith('smtps:') && !onThisMachine.has(hostname),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  return {
    async send({ id, ...mail }) {
      // Loaded with the first message: most processes send none.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(options)
      const messageId = id ? { messageId: `<${id}@${domainOf(from)}>` } : {}
      await transport.sendMail({ ...mail, from, ...messageId }).catch(error => {
        throw notTaken(error) ?? error
      })
    },
  }
}

/** Keeps the last messages in memory, for development: `GET /dev/inbox`. */
export function createInboxMailer(): Mailer & { readonly inbox: readonly Mail[] } {
  const inbox: Mail[] = []
  return {
    inbox,
    async send(mail) {
      inbox.push(mail)
      if (inbox.length > mostKept) inbox.shift()
    },
  }
}

const noMailer: Mailer = {
  async send() {
    const reason = 'No mail can be sent: set SMTP_URL (or DEV_INBOX for development)'
    throw new NotTaken('no-server', true, reason)
  },
}

/** A server that answers with a refusal has not taken the message, nor has one that was never reached. */
function notTaken(error: unknown): NotTaken | undefined {
  if (!(error instanceof Error)) return undefined
  if ('responseCode' in error && typeof error.responseCode === 'number') {
    const { responseCode } = error
    // It may let us in another time; the mailbox or message it refuses for good it will refuse again.
    const again = responseCode < 500 || ('code' in error && error.code === 'EAUTH')
    return new NotTaken(String(responseCode), again)
  }
  if ('command' in error && error.command === 'CONN')
    return new NotTaken('code' in error ? String(error.code) : 'CONN', true)
  return undefined
}

const timeoutMs = 10_000
const mostKept = 200
const onThisMachine = new Set(['localhost', '127.0.0.1', '[::1]'])

const domainOf = (from: string) => /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost'
