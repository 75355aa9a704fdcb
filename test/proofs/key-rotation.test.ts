import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { rotateDataKeys, rotateKeys } from '../../src/commands/keys.ts'
import { loadConfig } from '../../src/config.ts'
import { limits } from '../../src/lib/limits.ts'
import { readKeyring, updateKeyring } from '../../src/lib/sealing/keyring-file.ts'
import { revokeSigningKey, rotateSigningKey } from '../../src/lib/sealing/keyring-rotation.ts'
import { signIn, signUp } from '../support/identity.ts'
import { proof } from '../support/proof.ts'
import { createForge } from '../support/proofs/identity/forgery.ts'
import { startInstance } from '../support/proofs/identity/instances.ts'
import { startProcesses } from '../support/proofs/identity/processes.ts'
import { type Seen, underLoad } from '../support/proofs/identity/rotation-load.ts'
import { createTestApp } from '../support/test-app.ts'
import { testServer } from '../support/test-server.ts'

// The short form has two services in this process and calls what the commands call; the long form has two
// processes and runs the commands.

const here = proof('key-rotation')
const rounds = here.amount(1, 6, 'ROTATIONS')
const clients = here.amount(4, 8)

t.test('keys rotate under load', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-rotation-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const keyringFile = join(folder, 'keyring.json')
  await copyFile((await testServer()).keyringFile, keyringFile)
  const test = await createTestApp(t, { keyringFile })
  const urls = here.long
    ? (await startProcesses(t, test, 2, { CAIRN_KEYRING_FILE: keyringFile })).map(({ url }) => url)
    : await Promise.all([1, 2].map(() => startInstance(t, test, keyringFile)))
  const people = await Promise.all(
    Array.from({ length: clients }, async () => signIn(test, (await signUp(test)).email)),
  )
  const environment = { DATABASE_URL: test.adminUrl, CAIRN_KEYRING_FILE: keyringFile }
  const config = loadConfig(environment)
  const rotate = {
    keys: () => (here.long ? command(environment) : rotateKeys(config, () => {}, 200)),
    dataKeys: () => (here.long ? command(environment, '--data') : rotateDataKeys(config, () => {})),
    /** Both steps of it without the lead time, so that no service can know the new key before its tokens come. */
    signingKey: () => updateKeyring(keyringFile, data => rotateSigningKey(data, new Date(), 0)),
  }
  const total: Seen = { requests: 0, repeated: 0, failures: [], kids: new Set() }
  const statusOf = (token: string, url = urls[0]) =>
    fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status)
  const publishedKids = async () => {
    const response = await fetch(`${urls[1]}/.well-known/jwks.json`)
    const { keys } = (await response.json()) as { keys: { kid: string }[] }
    return keys.map(({ kid }) => kid)
  }

  const somebodyNew = async () => {
    await test.house.keyring.refresh()
    return signIn(test, (await signUp(test)).email)
  }

  await t.test('every kind of key, again and again, without one failed request', async t => {
    for (let round = 0; round < rounds; round += 1) {
      const seen = await underLoad(urls, people, async () => {
        await rotate.keys()
        await rotate.signingKey()
        await pause()
        await rotate.dataKeys()
      })
      t.same(seen.failures.slice(0, 5), [])
      total.requests += seen.requests
      total.repeated += seen.repeated
      total.failures.push(...seen.failures)
      for (const kid of seen.kids) total.kids.add(kid)
    }
    const { keyEncryptionKeys, signingKeys } = await readKeyring(keyringFile)
    t.ok(keyEncryptionKeys.length > rounds, 'the key-encryption key rotated')
    t.ok(total.kids.size > rounds, `tokens were signed by ${total.kids.size} keys`)
    t.ok(signingKeys.length > rounds)
    // A rotation turns nobody away: only a machine without time to spare does, now and then.
    t.ok(total.repeated <= Math.max(8, total.requests / 50), `${total.repeated} had to be repeated`)
    t.ok(total.requests > 20 * rounds, `${total.requests} requests`)
  })

  await t.test('a load that meets a key which is not there does notice', async t => {
    const [somebody] = people
    if (!somebody) throw new Error('There is nobody')
    const lost = {
      ...somebody,
      token: createForge(somebody.token, test.house.keyring.signingKey().key)({ kid: 'x' }, {}),
    }
    const seen = await underLoad(urls, [lost], () => new Promise(resolve => setTimeout(resolve, 100)))
    t.match(seen.failures[0], /401/)
  })

  await t.test('tokens of a former key are good until they expire; then the key is gone', async t => {
    const person = await somebodyNew()
    const { header } = createForge(person.token, test.house.keyring.signingKey().key)
    const former = String(header.kid)
    await rotate.signingKey()
    await rotate.signingKey()
    await pause()
    t.equal(await statusOf(person.token), 200)
    t.ok((await publishedKids()).includes(former))
    const lifeMs = (limits.tokens.accessSeconds + limits.tokens.clockToleranceSeconds) * 1_000
    await retiredAgo(keyringFile, former, lifeMs)
    await pause()
    t.equal(await statusOf(person.token), 200, 'as long as a late token of it may live')
    await retiredAgo(keyringFile, former, lifeMs + 61_000)
    await pause()
    t.equal(await statusOf(person.token), 401)
    t.notOk((await publishedKids()).includes(former))
  })

  await t.test('a key that leaked is taken out at once', async t => {
    const person = await somebodyNew()
    const { header } = createForge(person.token, test.house.keyring.signingKey().key)
    await rotate.signingKey()
    await rotate.signingKey()
    await updateKeyring(keyringFile, data => revokeSigningKey(data, String(header.kid)))
    await pause()
    for (const url of urls) t.equal(await statusOf(person.token, url), 401)
  })

  t.teardown(() =>
    here.report({
      rotations: rounds * 3,
      clients,
      requests: total.requests,
      failures: total.failures.length,
      'asked again': total.repeated,
      'signing keys seen': total.kids.size,
    }),
  )
})

/** As long as a service takes to read its keyring again. */
const pause = () =>
  new Promise(resolve => setTimeout(resolve, here.long ? 2 * limits.sealing.keyringPollMs : 200))

const retiredAgo = (file: string, kid: string, ms: number) =>
  updateKeyring(file, data => ({
    ...data,
    signingKeys: data.signingKeys.map(key =>
      key.kid === kid ? { ...key, retiredAt: new Date(Date.now() - ms).toISOString() } : key,
    ),
  }))

/** `npm run keys -- rotate …` as an operator runs it. @throws Error with what it said when it fails */
async function command(environment: Record<string, string>, ...more: string[]): Promise<void> {
  const child = spawn(process.execPath, ['src/commands/keys.ts', 'rotate', ...more], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text))
  const code = await new Promise(resolve => child.once('exit', resolve))
  if (code !== 0) throw new Error(`It ended with ${code}: ${said}`)
}
