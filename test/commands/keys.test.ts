import { randomUUID } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { keysStatus, resealAll, rotateDataKeys, rotateKeys } from '../../src/commands/keys.ts'
import { loadConfig } from '../../src/config.ts'
import { readKeyring } from '../../src/lib/sealing/keyring-file.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin, testServer } from '../support/test-server.ts'

interface Done {
  key: string
  name: string
  reply: Reply
}

t.test('keys rotate', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-keys-'))
  const keyringFile = join(folder, 'keyring.json')
  await copyFile((await testServer()).keyringFile, keyringFile)
  const test = await createTestApp(t, { keyringFile })
  t.teardown(() => rm(folder, { recursive: true }))
  const config = loadConfig({ DATABASE_URL: test.adminUrl, CAIRN_KEYRING_FILE: keyringFile })
  const practices = await Promise.all([createTestPractice(test), createTestPractice(test)])
  const lines: string[] = []
  const say = (line: string) => void lines.push(line)

  const write = async (caller: Caller): Promise<Done> => {
    const [key, name] = [randomUUID(), `Location ${randomUUID()}`]
    return { key, name, reply: await caller.post('/v1/locations', { name, timeZone: 'UTC' }, { key }) }
  }
  const replay = ({ key, name }: Done, caller: Caller) =>
    caller.post('/v1/locations', { name, timeZone: 'UTC' }, { key })

  /** Eight clients write sealed rows and read them back until the work is done. @returns every status seen */
  async function underLoad(work: () => Promise<unknown>): Promise<{ statuses: Set<number>; count: number }> {
    const ended = new AbortController()
    const statuses = new Set<number>()
    let count = 0
    const client = async (caller: Caller) => {
      const written: Done[] = []
      while (!ended.signal.aborted) {
        const done = await write(caller)
        written.push(done)
        const again = await replay(written[Math.floor(Math.random() * written.length)] ?? done, caller)
        t.equal(again.headers['idempotency-replayed'], 'true')
        for (const reply of [done.reply, again]) statuses.add(reply.status)
        count += 2
        await sleep(30)
      }
    }
    const clients = Array.from({ length: 8 }, (_, n) => client((practices[n % 2] ?? practices[0]).owner))
    await work().finally(() => ended.abort())
    await Promise.all(clients)
    return { statuses, count }
  }

  const owner = practices[0].owner
  const before = await write(owner)

  await t.test('the key-encryption key, under load, with no failed request', async t => {
    const { statuses, count } = await underLoad(() => rotateKeys(config, say, 300))
    t.same([...statuses], [201])
    t.ok(count > 16)
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query('select distinct kek_version from cairn.practice_keys'),
    )
    t.same(rows, [{ kek_version: 2 }])
    t.same((await replay(before, owner)).body, before.reply.body)
  })

  await t.test('the data keys, under load, with no failed request; everything is sealed again', async t => {
    const { statuses } = await underLoad(() => rotateDataKeys(config, say))
    t.same([...statuses], [201])
    t.equal(await resealAll(config, say), true)
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query(
        `select distinct substring(response from 2 for 4) as version from cairn.idempotency_keys where response is not null`,
      ),
    )
    t.same(
      rows.map(row => row.version.readUInt32BE()),
      [2],
    )
    const replayed = await replay(before, owner)
    t.same(replayed.body, before.reply.body)
    t.equal(replayed.headers['idempotency-replayed'], 'true')
  })

  await t.test('the signing key is published first; tokens of the former one stay valid', async t => {
    t.match(lines.join('\n'), /The next signing key is published/)
    await test.house.keyring.refresh()
    t.equal(test.house.keyring.jwks().keys.length, 2)
    t.equal((await owner.get('/v1/locations')).status, 200)
  })

  await t.test('the status tells what hangs on which key', async t => {
    const status: string[] = []
    await keysStatus(config, line => void status.push(line))
    const text = status.join('\n')
    t.match(text, /key-encryption key 1 {2}retired, .* wraps 0 keys/)
    t.match(text, /key-encryption key 2 {2}current, .* wraps 6 keys/)
    t.match(text, new RegExp(`${practices[0].id} {2}data key 2, 0 texts under former ones`))
  })

  await t.test('a text that was moved to another row is reported and left as it is', async t => {
    const [one, two] = [await write(owner), await write(owner)]
    await asAdmin(test.adminUrl, admin =>
      admin.query(
        `update cairn.idempotency_keys set response = (select response from cairn.idempotency_keys where key = $1) where key = $2`,
        [one.key, two.key],
      ),
    )
    lines.length = 0
    t.equal(await rotateDataKeys(config, say), false)
    t.equal(lines.filter(line => line.includes('DOES NOT OPEN: idempotency_keys.response')).length, 1)
    t.equal((await replay(one, owner)).status, 201)
    t.equal((await replay(two, owner)).status, 500)
  })

  await t.test(
    'the runtime role’s URL may lack its password; where it does not connect, nothing is begun',
    async t => {
      const url = new URL(test.adminUrl)
      url.username = 'cairn_app'
      url.password = ''
      const versions = async () => (await readKeyring(keyringFile)).keyEncryptionKeys.length
      const before = await versions()
      await rotateKeys({ ...config, DATABASE_APP_URL: url.href }, say, 0)
      t.equal(await versions(), before + 1)
      url.password = 'wrong'
      await t.rejects(rotateKeys({ ...config, DATABASE_APP_URL: url.href }, say, 0), { code: '28P01' })
      t.equal(await versions(), before + 1)
    },
  )
})
