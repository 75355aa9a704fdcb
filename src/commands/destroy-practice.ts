import { createInterface } from 'node:readline/promises'
import type pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import type { Config } from '../config.ts'
import { assertKeyringFits } from '../keyring-check.ts'
import { loadLocalKeyring } from '../lib/sealing/keyring.ts'
import { updateKeyring } from '../lib/sealing/keyring-file.ts'
import { destroyPractice } from '../lib/sealing/keyring-rotation.ts'
import { keyringFileOf } from '../open-database.ts'
import { adminUrl, asOwner } from './owner-connection.ts'

export interface Destruction {
  practiceId: string
  /** Asks the person for the practice's name, having shown what will be lost. */
  typeName: () => Promise<string>
  /** Goes on although records are younger than their retention. */
  despiteRetention: boolean
}

interface AtStake {
  name: string
  clients: number
  signed_notes: number
  keep_until: string | null
}

/**
 * Years after the last appointment or note, and after a minor's 18th birthday: California's rule for therapists
 * (Bus. & Prof. Code §4980.49). Other states ask for other times; none that we know asks for more.
 */
const retentionYears = 7

/**
 * Destroys a practice's keys for good: in the keyring, so that no backup of the database brings them back, then in
 * the database. Ends every way into the practice. Safe to run again after it was broken off.
 *
 * @throws Error when there is no such practice, its records must still be kept, or the name was not typed
 */
export async function destroyPracticeKeys(
  config: Config,
  { practiceId, typeName, despiteRetention }: Destruction,
  say: (line: string) => void,
): Promise<void> {
  const keyringFile = keyringFileOf(config)
  const keyring = await loadLocalKeyring(keyringFile)
  try {
    await assertKeyringFits(await adminUrl(config), keyring, keyringFile)
  } finally {
    keyring.close()
  }
  await asOwner(config, async owner => {
    const stake = await readStake(owner, practiceId)
    say(`${stake.name}: ${stake.clients} clients, ${stake.signed_notes} signed notes.`)
    say('Everything sealed becomes unreadable for ever, in this database and in every backup of it.')
    say('Cairn does not know of legal holds: be sure that there is none.')
    refuseWithinRetention(stake, despiteRetention)
    if ((await typeName()).trim() !== stake.name)
      throw new Error('That is not its name. Nothing was destroyed.')
    await updateKeyring(keyringFile, data => destroyPractice(data, practiceId))
    await endPractice(owner, practiceId)
  })
  say('Destroyed. Running services forget the keys within five minutes, or at once when they are restarted.')
  say('Destroy the copies of the keyring from before: whoever has one and a backup can still read it.')
  say('Names, appointments and the audit trail are not sealed: they stay in the database and its backups.')
}

async function readStake(owner: pg.ClientBase, practiceId: string): Promise<AtStake> {
  const { rows } = await owner.query<AtStake>(
    `select p.name,
       (select count(*)::int from clients c where c.practice_id = $1) as clients,
       (select count(*)::int from session_notes n where n.practice_id = $1 and n.status <> 'draft') as signed_notes,
       to_char(greatest(
         (select max(ends_at) from appointments a where a.practice_id = $1) + make_interval(years => $2),
         (select max(signed_at) from session_note_signatures s where s.practice_id = $1) + make_interval(years => $2),
         (select max(birth_date) from clients c where c.practice_id = $1) + make_interval(years => 18 + $2)
       ), 'YYYY-MM-DD') as keep_until
     from practices p where p.practice_id = $1`,
    [practiceId, retentionYears],
  )
  if (!rows[0]) throw new Error(`There is no practice ${practiceId}.`)
  return rows[0]
}

function refuseWithinRetention({ keep_until: keepUntil }: AtStake, despiteRetention: boolean): void {
  if (despiteRetention || keepUntil === null || keepUntil <= new Date().toISOString().slice(0, 10)) return
  throw new Error(
    `Its records are to be kept until ${keepUntil} (${retentionYears} years, for minors from their 18th birthday). ` +
      'Nothing was destroyed. Where the law of its state lets them go, add --despite-retention.',
  )
}

async function endPractice(owner: pg.ClientBase, practiceId: string): Promise<void> {
  const statements = [
    `update practice_keys set state = 'destroyed', wrapped = '' where practice_id = $1`,
    `update practices set status = 'closed', version = version + 1, updated_at = now() where practice_id = $1 and status <> 'closed'`,
    `update sessions set ended_at = now(), end_reason = 'disabled' where practice_id = $1 and ended_at is null`,
    `update staff_members set status = 'disabled', version = version + 1, updated_at = now() where practice_id = $1 and status <> 'disabled'`,
    'update api_clients set revoked_at = now(), version = version + 1, updated_at = now() where practice_id = $1 and revoked_at is null',
    'update invitations set revoked_at = now() where practice_id = $1 and accepted_at is null and revoked_at is null',
  ]
  await owner.query('begin')
  try {
    for (const statement of statements) await owner.query(statement, [practiceId])
    await owner.query(
      `insert into audit_log (practice_id, id, actor_kind, actor_id, request_id, operation, decision, purpose,
         resource_type, resource_id)
       values ($1, $2, 'system', $1, 'command', 'destroyPracticeKeys', 'granted', 'operations', 'practice', $1)`,
      [practiceId, uuidv7()],
    )
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback')
    throw error
  }
}

/** For a person at a terminal. @throws Error where there is none */
export async function askForName(): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Error('Nobody can be asked here: give the practice’s name with --confirm.')
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await prompt.question('Type the practice’s name to go on: ')
  } finally {
    prompt.close()
  }
}
