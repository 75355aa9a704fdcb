import { sql } from 'kysely'
import { inPractice } from '../../../lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import type { House } from '../../../lib/house.ts'
import { limits } from '../../../lib/limits.ts'
import { errorForLog } from '../../../lib/log.ts'
import { NotTaken } from '../../../lib/not-taken.ts'
import { enqueue } from '../../../lib/outbox.ts'
import { systemScope } from '../../../lib/scope.ts'
import { reachabilityOf } from '../../clients/index.ts'
import { findPractice, type PracticeRow, policiesOf } from '../../practice/index.ts'
import { type Due, type Item, isStillSo } from './due.rules.ts'
import { nextOpen } from './hours.rules.ts'
import * as repository from './messages.repository.ts'
import { type Way, wayTo } from './reach.ts'
import { timesOf } from './round.ts'
import { sealContent } from './sealed-content.ts'
import { messageOf, type Said } from './words.ts'

interface Ready {
  channel: Way['channel']
  to: string
  subject: string
  text: string
  attempts: number
}

type Outcome = 'sent' | 'refused' | 'again' | 'uncertain'

const minuteMs = 60_000

/**
 * Sends one message at most once: it is written down as `sending` before it is handed over, and whoever finds it so
 * afterwards does not repeat it. Only what certainly was not taken is offered again.
 *
 * @throws when it is to be offered again; the queue says when
 */
export async function sendClientMessage(
  house: House,
  practiceId: string,
  messageId: string,
  now = new Date(),
): Promise<void> {
  const scope = systemScope(practiceId, 'client-message')
  const sendsTexts = house.texts !== undefined
  const ready = await inPractice(house.database, scope, trx => prepare(trx, messageId, sendsTexts, now))
  if (!ready) return
  const outcome = await handOver(house, messageId, ready)
  await inPractice(house.database, scope, trx => record(trx, messageId, ready, outcome))
  if (outcome === 'again') throw new NotTaken('again', true)
}

/** Decides by what is booked now, and takes the message in hand. Undefined where there is nothing to send now. */
async function prepare(
  trx: PracticeTransaction,
  id: string,
  sendsTexts: boolean,
  now: Date,
): Promise<Ready | undefined> {
  const [message, practice] = await Promise.all([repository.findMessage(trx, id), findPractice(trx)])
  if (message?.status === 'sending') await giveUp(trx, id)
  if (message?.status !== 'queued' || !practice) return undefined
  const { way, said, gone } = await lookAgain(trx, message, practice, { sendsTexts, now })
  const opens = way && said.length > 0 ? nextOpen(now, way.hours) : undefined
  if (!way || !opens) return drop(trx, id)
  if (opens > now) {
    enqueue(trx, 'client-message', id, { minutes: Math.ceil((opens.getTime() - now.getTime()) / minuteMs) })
    return undefined
  }
  if (gone.length > 0) repository.dropItems(trx, id, gone)
  const written = messageOf(said, way.isNeutral ? undefined : practice, now)
  const ready = { channel: way.channel, to: way.to, ...written, attempts: message.attempts + 1 }
  return (await takeInHand(trx, id, ready)) ? ready : undefined
}

/** How the client is reached now, what of the message is still so, and the keys of what is not. */
async function lookAgain(
  trx: PracticeTransaction,
  { client_id: clientId, purpose, items }: repository.WholeMessage,
  practice: PracticeRow,
  { sendsTexts, now }: { sendsTexts: boolean; now: Date },
): Promise<{ way: Way | undefined; said: Said[]; gone: string[] }> {
  const ids = items.map(({ id }) => id)
  const [times, reachable] = await Promise.all([timesOf(trx, ids, now), reachabilityOf(trx, [clientId])])
  const reachability = reachable.get(clientId)
  const { clientMessages: policy } = policiesOf(practice)
  const byId = new Map(times.map(time => [time.id, time]))
  const stands = (item: Item) => isStillSo(item, byId.get(item.id), clientId, now)
  const zoneOf = (id: string) => reachability?.timeZone ?? byId.get(id)?.timeZone ?? practice.time_zone
  return {
    way: policy
      ? wayTo(reachability, purpose as Due['purpose'], {
          policy,
          practiceTimeZone: practice.time_zone,
          sendsTexts,
        })
      : undefined,
    said: items.filter(stands).map(item => ({ ...item, timeZone: zoneOf(item.id) })),
    gone: items.filter(item => !stands(item)).map(({ key }) => key),
  }
}

async function takeInHand(trx: PracticeTransaction, id: string, ready: Ready): Promise<boolean> {
  const { channel, to, subject, text, attempts } = ready
  const content_sealed = await sealContent(trx, id, { to, subject, text })
  return repository.step(trx, id, ['queued'], { status: 'sending', channel, content_sealed, attempts })
}

/** Nothing of it is so any more, or the client is not to be written to: it does not say which. */
async function drop(trx: PracticeTransaction, id: string): Promise<undefined> {
  await repository.step(trx, id, ['queued'], { status: 'dropped' })
}

/** Whoever had it in hand did not come back. It may have left, so it is not sent again. */
async function giveUp(trx: PracticeTransaction, id: string): Promise<void> {
  if (await repository.step(trx, id, ['sending'], { status: 'uncertain' }))
    emit(trx, { type: 'client-message.not-sent', resourceId: id })
}

async function handOver(house: House, id: string, { channel, to, subject, text }: Ready): Promise<Outcome> {
  try {
    if (channel === 'text') await house.texts?.send({ id, to, text })
    else await house.mailer.send({ id, to, subject, text })
    return 'sent'
  } catch (error) {
    house.log.warn({ error: errorForLog(error), channel }, 'a message to a client was not taken')
    if (!(error instanceof NotTaken)) return 'uncertain'
    return error.again ? 'again' : 'refused'
  }
}

/** Whoever was thought dead and was not says so in the end: what it knows counts. */
async function record(
  trx: PracticeTransaction,
  id: string,
  { attempts }: Ready,
  outcome: Outcome,
): Promise<void> {
  const inHand = ['sending', 'uncertain']
  if (outcome === 'sent') {
    if (await repository.step(trx, id, inHand, { status: 'sent', sent_at: sql<Date>`now()` }))
      emit(trx, { type: 'client-message.sent', resourceId: id })
  } else if (outcome === 'uncertain') await giveUp(trx, id)
  else if (outcome === 'again' && attempts < limits.clientMessages.attempts)
    await repository.step(trx, id, inHand, { status: 'queued', channel: null, content_sealed: null })
  else if (await repository.step(trx, id, inHand, { status: 'failed' }))
    emit(trx, { type: 'client-message.not-sent', resourceId: id })
}
