import { createHmac, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type GlobalQueries, onGlobalTables } from '../../lib/database/global-tables.ts'
import type { House } from '../../lib/house.ts'
import { limits } from '../../lib/limits.ts'
import { networkOf } from '../../lib/networks.ts'
import { Problem } from '../../lib/problems.ts'
import { deriveKey } from '../../lib/sealing/aes-gcm.ts'

/**
 * Limits on guessing, counted in PostgreSQL so that a restart or a second process forgets nothing.
 *
 * The rule: within the window an address (for IPv6 its /64) may fail so many times, and an account so many
 * times. Failures from an address at which the account has signed in lately are counted for that address
 * alone: a stranger who guesses cannot lock people out of where they work. Accounts that do not exist are
 * counted alike. Addresses and accounts are stored as keyed hashes only.
 *
 * Each attempt is written down before it is judged and struck out when it succeeds, so that attempts at once
 * cannot pass the limit together.
 */
export interface Attempt {
  /** It was no guess: it no longer counts, the failures before it do. */
  release(global: GlobalQueries): Promise<void>
  /** The person has shown to be who they say: the account's failures are forgotten, the address is known. */
  succeed(global: GlobalQueries): Promise<void>
}

export type AttemptTools = Pick<House, 'database' | 'keyring'>

interface Limit {
  subject: Buffer
  most: number
}

/** @throws Problem `too-many-requests` */
export async function beginSignIn(
  tools: AttemptTools,
  { account, address }: { account: string; address: string },
): Promise<Attempt> {
  const mac = subjectKey(tools)
  const place = { account: mac('account', account), address: mac('address', networkOf(address)) }
  const known = await onGlobalTables(tools.database, global => isKnown(global, place))
  const subject = known ? mac('account at address', account, networkOf(address)) : place.account
  const attempt = await begin(tools, [
    { subject, most: limits.signIn.failuresPerAccount },
    { subject: place.address, most: limits.signIn.failuresPerAddress },
  ])
  return {
    release: attempt.release,
    async succeed(global) {
      await attempt.release(global)
      await global.deleteFrom('sign_in_attempts').where('subject', '=', subject).execute()
      await remember(global, place)
    },
  }
}

/**
 * One guess at a second factor or a password by somebody who is signed in. Within a request's transaction it takes
 * a second connection: its operation says `secondConnection`.
 *
 * @throws Problem `too-many-requests`
 */
export async function beginProof(tools: AttemptTools, userId: string): Promise<Attempt> {
  const subject = subjectKey(tools)('proof', userId)
  const attempt = await begin(tools, [{ subject, most: limits.signIn.failuresPerAccount }])
  return {
    release: attempt.release,
    async succeed(global) {
      await global.deleteFrom('sign_in_attempts').where('subject', '=', subject).execute()
    },
  }
}

/** Counts a request for a reset. @returns false when this account had enough of them */
export async function mayAskForReset(
  tools: AttemptTools,
  { account, address }: { account: string; address: string },
): Promise<boolean> {
  const mac = subjectKey(tools)
  try {
    await begin(tools, [
      { subject: mac('reset', account), most: limits.passwordReset.perAccount },
      { subject: mac('reset from', networkOf(address)), most: limits.signIn.failuresPerAddress },
    ])
    return true
  } catch (error) {
    if (error instanceof Problem && error.code === 'too-many-requests') return false
    throw error
  }
}

async function begin(tools: AttemptTools, counted: readonly Limit[]): Promise<Pick<Attempt, 'release'>> {
  const rows = counted.map(({ subject }) => ({ id: uuidv7(), subject }))
  const ids = rows.map(row => row.id)
  const release = async (global: GlobalQueries) => {
    await global
      .deleteFrom('sign_in_attempts')
      .where(eb => eb('id', '=', eb.fn.any(eb.val(ids))))
      .execute()
  }
  // Two transactions on purpose: whoever counts must see what others wrote down before.
  await onGlobalTables(tools.database, global => global.insertInto('sign_in_attempts').values(rows).execute())
  const waitSeconds = await onGlobalTables(tools.database, global => longestWait(global, counted))
  if (waitSeconds !== undefined) {
    await onGlobalTables(tools.database, release)
    throw new Problem('too-many-requests', { retryAfter: waitSeconds })
  }
  return { release }
}

/** Seconds until the oldest counted failure leaves the window, where a limit is passed. */
async function longestWait(global: GlobalQueries, counted: readonly Limit[]): Promise<number | undefined> {
  const subjects = counted.map(limit => limit.subject)
  const rows = await global
    .selectFrom('sign_in_attempts')
    .select(({ fn }) => [
      'subject',
      fn.countAll<number>().as('count'),
      sql<number>`ceil(extract(epoch from min(occurred_at) + ${window} - now()))::int`.as('wait'),
    ])
    .where(eb => eb('subject', '=', eb.fn.any(eb.val(subjects))))
    .where('occurred_at', '>', sql<Date>`now() - ${window}`)
    .groupBy('subject')
    .execute()
  const waits = counted.flatMap(({ subject, most }) =>
    rows.filter(row => row.subject.equals(subject) && row.count > most).map(row => Math.max(1, row.wait)),
  )
  return waits.length > 0 ? Math.max(...waits) : undefined
}

const window = sql`make_interval(mins => ${limits.signIn.windowMinutes})`

interface Place {
  account: Buffer
  address: Buffer
}

async function isKnown(global: GlobalQueries, { account, address }: Place): Promise<boolean> {
  const row = await global
    .selectFrom('sign_in_addresses')
    .select('account')
    .where('account', '=', account)
    .where('address', '=', address)
    .where('last_seen_at', '>', sql<Date>`now() - make_interval(days => ${limits.signIn.knownAddressDays})`)
    .executeTakeFirst()
  return row !== undefined
}

async function remember(global: GlobalQueries, place: Place): Promise<void> {
  await global
    .insertInto('sign_in_addresses')
    .values(place)
    .onConflict(conflict =>
      conflict.constraint('sign_in_addresses_pkey').doUpdateSet({ last_seen_at: sql<Date>`now()` }),
    )
    .execute()
}

function subjectKey({ keyring }: AttemptTools): (...parts: string[]) => Buffer {
  const key: KeyObject = deriveKey(keyring.cursorKey, Buffer.from('cairn sign-in subjects 1'))
  return (...parts) => createHmac('sha256', key).update(JSON.stringify(parts)).digest()
}
