import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { inPractice } from '../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { House } from '../../lib/house.ts'
import type { Mail } from '../../lib/mail.ts'
import { enqueue } from '../../lib/outbox.ts'
import { systemScope } from '../../lib/scope.ts'

const placeOf = (id: string) => ({ table: 'mails', column: 'content', rowId: id, rowVersion: 1 })

/** Writes mail with the work that causes it; the worker sends it after commit. */
export async function queueMail(trx: PracticeTransaction, mail: Omit<Mail, 'id'>): Promise<void> {
  const id = uuidv7()
  const content = await trx.seal(placeOf(id), JSON.stringify(mail))
  trx.later(trx.insertInto('mails').values({ practice_id: trx.practiceId, id, content }))
  enqueue(trx, 'send-mail', id)
}

/**
 * Sends one mail of a practice: read, send, mark as sent and empty, in that order and never in one
 * transaction. Stopped in between it is sent again, under the same message id.
 *
 * @throws what the mailer throws; the job retries
 */
export async function sendMail(house: House, practiceId: string, mailId: string): Promise<void> {
  const scope = systemScope(practiceId, 'send-mail')
  const mail = await inPractice(house.database, scope, trx => readMail(trx, mailId))
  if (!mail) return
  await house.mailer.send({ ...mail, id: mailId })
  await inPractice(house.database, scope, trx => markSent(trx, mailId))
}

async function readMail(trx: PracticeTransaction, id: string): Promise<Omit<Mail, 'id'> | undefined> {
  const row = await trx
    .selectFrom('mails')
    .select('content')
    .where('practice_id', '=', trx.practiceId)
    .where('id', '=', id)
    .where('sent_at', 'is', null)
    .executeTakeFirst()
  return row?.content ? JSON.parse((await trx.open(placeOf(id), row.content)).toString()) : undefined
}

async function markSent(trx: PracticeTransaction, id: string): Promise<void> {
  trx.later(
    trx
      .updateTable('mails')
      .set({ sent_at: sql<Date>`now()`, content: null })
      .where('practice_id', '=', trx.practiceId)
      .where('id', '=', id),
  )
}
