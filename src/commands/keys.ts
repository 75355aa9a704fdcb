import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { type Config, loadConfig } from '../config.ts'
import { assertKeyringFits } from '../keyring-check.ts'
import { systemClock } from '../lib/clock.ts'
import { createCommitGate } from '../lib/database/commit-gate.ts'
import { createPool } from '../lib/database/connect.ts'
import { onOneConnection } from '../lib/database/one-connection.ts'
import { ownerKeyStore } from '../lib/database/owner-key-store.ts'
import { limits } from '../lib/limits.ts'
import { createCursors } from '../lib/pages.ts'
import { KeyDestroyed } from '../lib/sealing/errors.ts'
import { type LocalKeyring, loadLocalKeyring } from '../lib/sealing/keyring.ts'
import { readKeyring, updateKeyring } from '../lib/sealing/keyring-file.ts'
import { rotateKek, rotateSigningKey, signingRotationStep } from '../lib/sealing/keyring-rotation.ts'
import { createSealer, type Sealer } from '../lib/sealing/practice-keys.ts'
import { countFormerSeals, openEverything, resealPractice } from '../lib/sealing/reseal.ts'
import { resealTotpSecrets } from '../modules/identity/index.ts'
import { practiceIdOf, sayWhyFailed } from './command-line.ts'
import { askForName, destroyPracticeKeys } from './destroy-practice.ts'
import { adminUrl, appUrlOf, asOwner } from './owner-connection.ts'

const usage = `npm run keys -- status          what keys there are, and what still hangs on former ones
npm run keys -- rotate          a new key-encryption key; wraps the practices' keys and second factors again;
                                one step of replacing the signing key (publish; five minutes later, activate)
npm run keys -- rotate --data   a new data key for each practice; seals its texts again
npm run keys -- reseal          seals again what was written with a former data key since
npm run keys -- check           opens everything that is sealed, for instance after a restore
npm run keys -- destroy --practice <id> [--confirm <its name>] [--despite-retention]
                                makes everything that is sealed of a practice unreadable for ever

Services keep running. Back the keyring up before and after.`

type Say = (line: string) => void

interface Tools {
  config: Config
  keyringFile: string
  keyring: LocalKeyring
  owner: pg.Client
  sealer: Sealer
  say: Say
}

async function withTools<T>(config: Config, say: Say, work: (tools: Tools) => Promise<T>): Promise<T> {
  const keyringFile = config.CAIRN_KEYRING_FILE || join(config.CAIRN_DATA_DIR, 'keyring.json')
  const keyring = await loadLocalKeyring(keyringFile)
  await assertKeyringFits(await adminUrl(config), keyring, keyringFile).catch(error => {
    keyring.close()
    throw error
  })
  const sealer = createSealer({ keyProvider: keyring, clock: systemClock })
  try {
    return await asOwner(config, owner => work({ config, keyringFile, keyring, owner, sealer, say }))
  } finally {
    keyring.close()
  }
}

/**
 * Rotates the key-encryption key and takes one step with the signing key. Repeats the wrapping after
 * `settleMs`: a service that had not read the new keyring yet may have wrapped a key with the former one.
 */
export const rotateKeys = (config: Config, say: Say, settleMs = 2 * limits.sealing.keyringPollMs) =>
  withTools(config, say, async tools => {
    const { config, keyringFile, keyring } = tools
    // Second factors need it later: what cannot be finished is not begun.
    await onOneConnection(await appUrlOf(config, keyring), async () => {})
    await updateKeyring(keyringFile, data => rotateKek(data, new Date()))
    await keyring.refresh()
    say(`Key-encryption key ${await keyring.currentKekVersion()} is current`)
    await rewrapEverything(tools)
    await sleep(settleMs)
    await rewrapEverything(tools)
    await stepSigningKey(tools)
  })

async function rewrapEverything(tools: Tools): Promise<void> {
  const { owner, sealer, say } = tools
  let keys = 0
  for (const practiceId of await practicesOf(owner)) {
    keys += await unlessDestroyed(0, () => sealer.rewrapAll(practiceId, ownerKeyStore(owner)))
  }
  say(`Wrapped again: ${keys} keys of practices, ${await resealSecondFactors(tools)} second factors`)
}

/** Second factors belong to people, not to a practice, and the runtime role may write them. */
async function resealSecondFactors({ config, keyring, sealer }: Tools): Promise<number> {
  const url = await appUrlOf(config, keyring)
  const pool = createPool({ url, size: 1, applicationName: 'cairn-command', onError: () => {} })
  try {
    const cursors = createCursors(keyring.cursorKey)
    const commits = createCommitGate()
    return await resealTotpSecrets({ pool, namedStatements: false, commits, sealer, cursors }, keyring)
  } finally {
    await pool.end()
  }
}

async function stepSigningKey({ keyringFile, say }: Tools): Promise<void> {
  const now = new Date()
  const step = signingRotationStep(await readKeyring(keyringFile), now)
  await updateKeyring(keyringFile, data => rotateSigningKey(data, now))
  const told = {
    publish: 'The next signing key is published. Run this again in five minutes to sign with it.',
    wait: 'The next signing key was published less than five minutes ago and does not sign yet.',
    activate: 'The next signing key signs now; the former one verifies until its last token has expired.',
  }
  say(told[step])
}

/** Gives each practice a new data key and seals its texts again. @returns whether every text opened */
export const rotateDataKeys = (config: Config, say: Say) =>
  withTools(config, say, async tools => {
    for (const practiceId of await practicesOf(tools.owner)) {
      await unlessDestroyed(undefined, () => newDataKey(tools, practiceId))
    }
    const intact = await resealEverything(tools)
    say(
      'Running services seal with the former key for up to five minutes more: `npm run keys -- reseal` then.',
    )
    return intact
  })

/** Seals again what still hangs on a former data key. @returns whether every text opened */
export const resealAll = (config: Config, say: Say) => withTools(config, say, resealEverything)

async function newDataKey({ owner, sealer }: Tools, practiceId: string): Promise<void> {
  await owner.query('begin')
  try {
    await sealer.newDataKeyVersion(practiceId, ownerKeyStore(owner))
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback')
    throw error
  }
}

async function resealEverything({ owner, sealer, say }: Tools): Promise<boolean> {
  let intact = true
  for (const practiceId of await practicesOf(owner)) {
    sealer.forget(practiceId)
    await unlessDestroyed(undefined, async () => {
      const sealers = await sealer.forPurposes(practiceId, ownerKeyStore(owner))
      const { resealed, broken } = await resealPractice(owner, sealers, practiceId)
      const version = sealers.get('data')?.dataKeyVersion
      say(`${practiceId}  data key ${version}, ${resealed} texts sealed again`)
      for (const { table, column, rowId } of broken) say(`  DOES NOT OPEN: ${table}.${column} of ${rowId}`)
      if (broken.length > 0) intact = false
    })
  }
  return intact
}

/** Opens everything that is sealed. @returns whether every text opened, but those of destroyed practices */
export const checkSeals = (config: Config, say: Say) =>
  withTools(config, say, async ({ owner, sealer }) => {
    let intact = true
    for (const practiceId of await practicesOf(owner)) {
      const checked = await unlessDestroyed(undefined, async () => {
        const sealers = await sealer.forPurposes(practiceId, ownerKeyStore(owner))
        return openEverything(owner, sealers, practiceId)
      })
      if (!checked) say(`${practiceId}  its keys were destroyed`)
      else {
        say(`${practiceId}  ${checked.opened} sealed texts open`)
        for (const { table, column, rowId } of checked.broken)
          say(`  DOES NOT OPEN: ${table}.${column} of ${rowId}`)
        if (checked.broken.length > 0) intact = false
      }
    }
    return intact
  })

/** Tells which keys there are and what still hangs on former ones. */
export const keysStatus = (config: Config, say: Say) =>
  withTools(config, say, async ({ keyringFile, owner }) => {
    const { keyEncryptionKeys, signingKeys } = await readKeyring(keyringFile)
    for (const { version, state, createdAt } of keyEncryptionKeys) {
      const { rows } = await owner.query<{ n: number }>(
        `select count(*)::int as n from practice_keys where kek_version = $1 and state <> 'destroyed'`,
        [version],
      )
      say(`key-encryption key ${version}  ${state}, of ${createdAt}, wraps ${rows[0]?.n} keys`)
    }
    for (const { kid, state, publishedAt } of signingKeys)
      say(`signing key ${kid}  ${state}, of ${publishedAt}`)
    for (const practiceId of await practicesOf(owner)) {
      const keys = await ownerKeyStore(owner).load(practiceId)
      const current = keys.find(key => key.purpose === 'data' && key.state === 'current')
      if (!current) say(`${practiceId}  no data key`)
      else {
        let former = 0
        for (const { purpose, version, state } of keys) {
          if (purpose === 'index' || state !== 'current') continue
          former += await countFormerSeals(owner, practiceId, { purpose, version })
        }
        say(`${practiceId}  data key ${current.version}, ${former} texts under former ones`)
      }
    }
  })

async function practicesOf(owner: pg.ClientBase): Promise<string[]> {
  const { rows } = await owner.query<{ practice_id: string }>(
    'select distinct practice_id from practice_keys order by practice_id',
  )
  return rows.map(row => row.practice_id)
}

/** A practice whose keys were destroyed on purpose has nothing to rotate. */
async function unlessDestroyed<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof KeyDestroyed) return otherwise
    throw error
  }
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      data: { type: 'boolean', default: false },
      practice: { type: 'string' },
      confirm: { type: 'string' },
      'despite-retention': { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(`${usage}\n`)
  const config = loadConfig()
  const say: Say = line => process.stdout.write(`${line}\n`)
  let intact = true
  const command = positionals.length === 1 ? positionals[0] : undefined
  if (command === 'status') await keysStatus(config, say)
  else if (command === 'rotate' && values.data) intact = await rotateDataKeys(config, say)
  else if (command === 'rotate') await rotateKeys(config, say)
  else if (command === 'reseal') intact = await resealAll(config, say)
  else if (command === 'check') intact = await checkSeals(config, say)
  else if (command === 'destroy' && values.practice) {
    const { practice, confirm, 'despite-retention': despiteRetention } = values
    const typeName = async () => confirm ?? (await askForName())
    await destroyPracticeKeys(config, { practiceId: practiceIdOf(practice), typeName, despiteRetention }, say)
  } else throw new Error(usage)
  if (!intact) process.exitCode = 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main().catch(sayWhyFailed(usage))
