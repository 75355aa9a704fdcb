import { createInboxMailer, type Mail, type Mailer } from '../lib/mail.ts'

export interface DemoMailer extends Mailer {
  /** What is sent while `work` lasts goes to nobody: it is kept for `work` to read. */
  keeping<T>(work: (inbox: readonly Mail[]) => Promise<T>): Promise<T>
}

/**
 * The demo's people read their invitations here while they move in, whether mail is sent, shown or neither: their
 * addresses are nobody's, and no mail server should hear of them.
 */
export function demoMailer(mailer: Mailer): DemoMailer {
  const { inbox } = mailer
  if (inbox) return { ...mailer, inbox, keeping: work => work(inbox) }
  let current = mailer
  return {
    send: mail => current.send(mail),
    async keeping(work) {
      const kept = createInboxMailer()
      current = kept
      try {
        return await work(kept.inbox)
      } finally {
        current = mailer
      }
    },
  }
}
