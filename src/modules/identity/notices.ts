import { type GlobalQueries, globalTablesOf, onGlobalTables } from '../../lib/database/global-tables.ts'
import { inPractice } from '../../lib/database/in-practice.ts'
import { systemScope } from '../../lib/scope.ts'
import type { MailText } from './mail-texts.ts'
import { queueMail } from './mails.ts'
import { findMembership } from './memberships.repository.ts'
import type { IdentityTools } from './tools.ts'
import { listDirectory } from './users.repository.ts'

/** Mails a person about their account, by way of one of the practices they work in. */
export const mailUser = (
  tools: Pick<IdentityTools, 'database'>,
  userId: string,
  operation: string,
  text: MailText,
): Promise<void> => changeAndTell(tools, { userId, operation, text }, async () => {})

/**
 * Changes a person's account and mails them of it, in one transaction, by way of one of the practices they
 * work in: no change goes unnoticed because the process ended after it.
 */
export async function changeAndTell<T>(
  tools: Pick<IdentityTools, 'database'>,
  { userId, operation, text }: { userId: string; operation: string; text: MailText },
  change: (global: GlobalQueries) => Promise<T>,
): Promise<T> {
  const practiceId = await findWorkplace(tools, userId, operation)
  if (practiceId === undefined) return onGlobalTables(tools.database, change)
  return inPractice(tools.database, systemScope(practiceId, operation), async trx => {
    const changed = await change(globalTablesOf(trx))
    const member = await findMembership(trx, userId)
    if (member) await queueMail(trx, { to: member.email, ...text })
    return changed
  })
}

/** A practice in which this person is active; undefined when there is none. */
async function findWorkplace(
  tools: Pick<IdentityTools, 'database'>,
  userId: string,
  operation: string,
): Promise<string | undefined> {
  const directory = await onGlobalTables(tools.database, global => listDirectory(global, userId))
  for (const { practice_id } of directory) {
    const scope = systemScope(practice_id, operation)
    if (await inPractice(tools.database, scope, trx => findMembership(trx, userId))) return practice_id
  }
  return undefined
}
