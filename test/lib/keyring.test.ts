import { randomBytes, randomUUID, sign, verify } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { KeyDestroyed, KeyUnavailable, SealBroken } from '../../src/lib/sealing/errors.ts'
import { openSecret, resealSecret, sealSecret } from '../../src/lib/sealing/key-provider.ts'
import { createLocalKeyring, loadLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { readKeyring, updateKeyring } from '../../src/lib/sealing/keyring-file.ts'
import {
  destroyKekVersion,
  newKeyring,
  revokeSigningKey,
  rotateKek,
  rotateSigningKey,
  signingRotationStep,
} from '../../src/lib/sealing/keyring-rotation.ts'
import { adjustableClock } from '../support/sealing.ts'
import { until } from '../support/until.ts'

const minute = 60_000

t.test('keyring file', async t => {
  const fresh = () => join(t.testdir(), 'keys', 'keyring.json')

  t.test('it is made once, closed to others, and stays the same', async t => {
    const path = join(t.testdir(), 'keys', 'keyring.json')
    const keyrings = await Promise.all(Array.from({ length: 5 }, () => createLocalKeyring(path)))
    const kids = new Set(keyrings.map(keyring => keyring.signingKey().kid))
    t.equal(kids.size, 1, 'five starts at once agree')
    t.equal(statSync(path).mode & 0o777, 0o600)
    t.same(readdirSync(join(path, '..')), ['keyring.json'], 'no lock and no temporary copy is left')
    for (const keyring of keyrings) keyring.close()
  })

  t.test('a missing, open, cut or foreign file is refused with what to do', async t => {
    const path = join(t.testdir(), 'keyring.json')
    await t.rejects(loadLocalKeyring(path), /no keyring at .*Restore it from its backup/)
    ;(await createLocalKeyring(path)).close()
    const good = readFileSync(path, 'utf8')
    chmodSync(path, 0o640)
    await t.rejects(loadLocalKeyring(path), /chmod 600/)
    chmodSync(path, 0o600)
    writeFileSync(path, good.slice(0, -20))
    await t.rejects(loadLocalKeyring(path), /not JSON/)
    writeFileSync(path, good.replace(/"auditKey": "...../, '"auditKey": "'))
    await t.rejects(loadLocalKeyring(path), /damaged at \/auditKey/)
    writeFileSync(path, good.replaceAll('"current"', '"retired"'))
    await t.rejects(loadLocalKeyring(path), /one current key/)
  })

  t.test('commands at once lose no rotation, from several threads', async t => {
    const path = fresh()
    ;(await createLocalKeyring(path)).close()
    const workers = Array.from({ length: 3 }, () => rotatingThread(path, 5))
    await Promise.all([
      ...workers,
      ...Array.from({ length: 5 }, () => updateKeyring(path, d => rotateKek(d, new Date()))),
    ])
    const data = await readKeyring(path)
    t.equal(data.revision, 21)
    t.same(
      data.keyEncryptionKeys.map(key => key.version),
      Array.from({ length: 21 }, (_, index) => index + 1),
    )
  })

  t.test('a lock and a copy left by a killed command are cleared, a fresh lock is respected', async t => {
    const path = join(t.testdir(), 'keyring.json')
    ;(await createLocalKeyring(path)).close()
    writeFileSync(`${path}.lock`, 'left behind')
    writeFileSync(`${path}.abc.tmp`, 'left behind')
    let done = false
    const update = updateKeyring(path, data => rotateKek(data, new Date())).then(() => (done = true))
    await new Promise(resolve => setTimeout(resolve, 150))
    t.equal(done, false, 'waits for whoever holds it')
    const longAgo = new Date(Date.now() - minute)
    utimesSync(`${path}.lock`, longAgo, longAgo)
    await update
    t.equal((await readKeyring(path)).keyEncryptionKeys.length, 2)
    t.same(readdirSync(join(path, '..')), ['keyring.json'])
  })

  t.test('whoever lost the lock does not overwrite the newer keyring', async t => {
    const path = join(t.testdir(), 'keyring.json')
    ;(await createLocalKeyring(path)).close()
    const late = updateKeyring(path, data => {
      writeFileSync(`${path}.lock`, 'taken over')
      return rotateKek(data, new Date())
    })
    await t.rejects(late, /Run this one again/)
    t.equal((await readKeyring(path)).revision, 1)
  })

  t.test('a change that has nothing to do writes nothing', async t => {
    const path = join(t.testdir(), 'keyring.json')
    ;(await createLocalKeyring(path)).close()
    const before = statSync(path).ino
    await updateKeyring(path, data => data)
    t.equal(statSync(path).ino, before)
  })

  t.test('keys do not print', async t => {
    const path = join(t.testdir(), 'keyring.json')
    const keyring = await createLocalKeyring(path)
    keyring.close()
    const { auditKey, signingKeys } = await readKeyring(path)
    const printed = JSON.stringify([
      keyring.auditKey,
      keyring.signingKey(),
      keyring.jwks(),
      keyring.rolePasswordMaster,
    ])
    t.notOk(printed.includes(auditKey))
    t.notOk(printed.includes(signingKeys[0]?.privateJwk.d ?? ''))
  })
})

t.test('key-encryption keys', async t => {
  const context = { purpose: 'data', practiceId: randomUUID(), version: '1' }
  const secret = randomBytes(32)

  t.test('a wrapped key unwraps under its own context and keyring only', async t => {
    const keyring = await createLocalKeyring(join(t.testdir(), 'a.json'))
    const stranger = await createLocalKeyring(join(t.testdir({}), 'b.json'))
    t.teardown(() => [keyring, stranger].forEach(ring => ring.close()))
    const { kekVersion, wrapped } = await keyring.wrap(secret, context)
    t.same(await keyring.unwrap(kekVersion, wrapped, { ...context }), secret)
    t.same(
      await keyring.unwrap(kekVersion, wrapped, {
        version: '1',
        practiceId: context.practiceId,
        purpose: 'data',
      }),
      secret,
    )
    await t.rejects(keyring.unwrap(kekVersion, wrapped, { ...context, practiceId: randomUUID() }), SealBroken)
    await t.rejects(keyring.unwrap(kekVersion, wrapped, { ...context, purpose: 'index' }), SealBroken)
    await t.rejects(stranger.unwrap(kekVersion, wrapped, context), SealBroken)
    await t.rejects(keyring.unwrap(kekVersion + 1, wrapped, context), KeyUnavailable)
  })

  t.test(
    'a rotation by another process is picked up at once when its key is met, and by itself otherwise',
    async t => {
      const path = join(t.testdir(), 'keyring.json')
      const service = await createLocalKeyring(path, { pollMs: 25 })
      const sleeper = await createLocalKeyring(path, { pollMs: 3_600_000 })
      t.teardown(() => [service, sleeper].forEach(ring => ring.close()))
      await updateKeyring(path, data => rotateKek(data, new Date()))
      const command = await loadLocalKeyring(path)
      command.close()
      const { kekVersion, wrapped } = await command.wrap(secret, context)
      t.equal(kekVersion, 2)
      t.equal(await sleeper.currentKekVersion(), 1, 'has not looked yet')
      t.same(await sleeper.unwrap(kekVersion, wrapped, context), secret)
      t.equal(await sleeper.currentKekVersion(), 2)
      await until('polling finds it', async () => (await service.currentKekVersion()) === 2)
      t.pass('picked up by polling')
    },
  )

  t.test('a broken new file is reported and the known keys stay in use', async t => {
    const path = join(t.testdir(), 'keyring.json')
    const problems: unknown[] = []
    const keyring = await createLocalKeyring(path, { pollMs: 25, onProblem: error => problems.push(error) })
    t.teardown(() => keyring.close())
    writeFileSync(path, '{}')
    await until('a problem is reported', () => problems.length > 0)
    t.equal((await keyring.wrap(secret, context)).kekVersion, 1)
  })

  t.test('only a retired version can be destroyed, and what it wrapped is gone', async t => {
    const path = join(t.testdir(), 'keyring.json')
    const keyring = await createLocalKeyring(path)
    t.teardown(() => keyring.close())
    const { wrapped } = await keyring.wrap(secret, context)
    await t.rejects(
      updateKeyring(path, data => destroyKekVersion(data, 1)),
      /current one/,
    )
    await updateKeyring(path, data => destroyKekVersion(rotateKek(data, new Date()), 1))
    await keyring.refresh()
    await t.rejects(keyring.unwrap(1, wrapped, context), KeyDestroyed)
    t.throws(() => destroyKekVersion(newKeyring(new Date()), 9), /no key-encryption key/)
  })

  t.test('a small secret outside a practice is sealed into one value', async t => {
    const path = join(t.testdir(), 'keyring.json')
    const keyring = await createLocalKeyring(path)
    t.teardown(() => keyring.close())
    const owner = { purpose: 'totp', userId: randomUUID() }
    const sealed = await sealSecret(keyring, Buffer.from('seed'), owner)
    t.equal((await openSecret(keyring, sealed, owner)).toString(), 'seed')
    await t.rejects(openSecret(keyring, sealed, { ...owner, userId: randomUUID() }), SealBroken)
    await t.rejects(openSecret(keyring, sealed.subarray(0, 4), owner), SealBroken)
    t.equal(await resealSecret(keyring, sealed, owner), undefined)
    await updateKeyring(path, data => rotateKek(data, new Date()))
    await keyring.refresh()
    const again = await resealSecret(keyring, sealed, owner)
    await updateKeyring(path, data => destroyKekVersion(data, 1))
    await keyring.refresh()
    t.equal((await openSecret(keyring, again ?? Buffer.alloc(0), owner)).toString(), 'seed')
  })
})

t.test('signing keys', async t => {
  const message = Buffer.from('header.payload')

  t.test(
    'a rotation publishes first, signs later, and the old key verifies until its tokens are gone',
    async t => {
      const path = join(t.testdir(), 'keyring.json')
      const clock = adjustableClock()
      const service = await createLocalKeyring(path, { clock, pollMs: 3_600_000 })
      t.teardown(() => service.close())
      const kids = () => service.jwks().keys.map(key => key.kid)
      const step = async () => {
        await updateKeyring(path, data => rotateSigningKey(data, clock.now()))
        await service.refresh()
      }
      const old = service.signingKey()
      const token = sign(null, message, old.key)

      await step()
      const [, next] = kids()
      t.ok(next, 'the next key is published')
      t.equal(service.signingKey().kid, old.kid, 'and does not sign yet')

      await step()
      t.equal(kids().length, 2, 'too early: nothing happens')
      clock.advance(limits.sealing.signingKeyLeadMs)
      await step()
      t.equal(service.signingKey().kid, next)

      clock.advance(limits.tokens.accessSeconds * 1000)
      const stillKnown = await service.verificationKey(old.kid)
      t.ok(
        stillKnown && verify(null, message, stillKnown, token),
        'a token signed just before still verifies',
      )
      clock.advance(5 * minute)
      t.equal(await service.verificationKey(old.kid), undefined)
      t.same(kids(), [next])

      await step()
      clock.advance(limits.sealing.signingKeyLeadMs)
      await step()
      const data = await readKeyring(path)
      t.notOk(
        data.signingKeys.some(key => key.kid === old.kid),
        'the expired key leaves the file',
      )
    },
  )

  t.test('an unknown kid makes the service look at the file, and is unknown if it is not there', async t => {
    const path = join(t.testdir(), 'keyring.json')
    const service = await createLocalKeyring(path, { pollMs: 3_600_000 })
    t.teardown(() => service.close())
    await updateKeyring(path, data => rotateSigningKey(rotateSigningKey(data, new Date()), new Date(), 0))
    const command = await loadLocalKeyring(path)
    command.close()
    const { kid, key } = command.signingKey()
    t.not(service.signingKey().kid, kid)
    const found = await service.verificationKey(kid)
    t.ok(found && verify(null, message, found, sign(null, message, key)))
    t.equal(found?.type, 'public')
    t.equal(await service.verificationKey('../../etc/passwd'), undefined)
  })

  t.test('the published keys hold no private part', async t => {
    const keyring = await createLocalKeyring(join(t.testdir(), 'keyring.json'))
    keyring.close()
    t.same(Object.keys(keyring.jwks().keys[0] ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  })

  t.test('a leaked key is replaced at once and its tokens stop working', async t => {
    const now = new Date()
    const before = newKeyring(now)
    const leaked = before.signingKeys[0]?.kid ?? ''
    t.throws(() => revokeSigningKey(before, leaked), /rotate first/)
    const rotated = rotateSigningKey(rotateSigningKey(before, now), now, 0)
    t.equal(signingRotationStep(rotated, now), 'publish')
    t.notOk(revokeSigningKey(rotated, leaked).signingKeys.some(key => key.kid === leaked))
    t.throws(() => revokeSigningKey(rotated, 'nobody'), /no signing key/)
  })
})

/** A second program: own module instances, own event loop. */
async function rotatingThread(path: string, times: number): Promise<void> {
  const folder = new URL('../../src/lib/sealing/', import.meta.url).href
  const code = `
    import { workerData } from 'node:worker_threads'
    const { updateKeyring } = await import('${folder}keyring-file.ts')
    const { rotateKek } = await import('${folder}keyring-rotation.ts')
    for (let n = 0; n < workerData.times; n++) await updateKeyring(workerData.path, data => rotateKek(data, new Date()))`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: { path, times },
  })
  const [exitCode] = await once(worker, 'exit')
  if (exitCode !== 0) throw new Error(`The thread ended with ${exitCode}`)
}
