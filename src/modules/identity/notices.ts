import { onGlobalTables } from '../../lib/database/global-tables.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import { systemScope } from '../../lib/scope.ts'
import type { MailText } from './mail-texts.ts'
import { queueMail } from './mails.ts'
import { findMembership } from './memberships.repository.ts'
import type { IdentityTools } from './tools.ts'
import { listDirectory } from './users.repository.ts'

/** Mails a person about their account, by way of one of the practices they work in. */
export async function mailUser(
  tools: Pick<IdentityTools, 'database'>,
  userId: string,
  operation: string,
  text: MailText,
): Promise<void> {
  const directory = await onGlobalTables(tools.database, global => listDirectory(global, userId))
  for (const { practice_id } of directory) {
    const sent = await inPractice(tools.database, systemScope(practice_id, operation), async trx => {
      const member = await findMembership(trx, userId)
      if (member) await queueMail(trx, { to: member.email, ...text })
      return member !== undefined
    })
    if (sent) return
  }
}
