import { createSecretKey, randomBytes, randomUUID, sign, verify } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { type DataKey, dataKeyVersionOf, openSealed, sealWith } from '../../src/lib/sealing/envelope.ts'
import { KeyDestroyed, KeyUnavailable, SealBroken } from '../../src/lib/sealing/errors.ts'
import { openSecret, resealSecret, sealSecret } from '../../src/lib/sealing/key-provider.ts'
import { createLocalKeyring, loadLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { readKeyring, updateKeyring } from '../../src/lib/sealing/keyring-file.ts'
import {
  destroyKekVersion,
  destroyPractice,
  newKeyring,
  revokeSigningKey,
  rotateKek,
  rotateSigningKey,
  signingRotationStep,
} from '../../src/lib/sealing/keyring-rotation.ts'
import type { KeyRotationStore, WrappedKey } from '../../src/lib/sealing/practice-key-store.ts'
import { createSealer } from '../../src/lib/sealing/practice-keys.ts'

const text = 'He said: “I have not told her yet.” 🕊'
const place = { table: 'session_notes', column: 'body', rowId: randomUUID(), rowVersion: 3 }
const minute = 60_000

function adjustableClock(start = '2026-03-02T09:00:00Z') {
  let now = new Date(start).getTime()
  return { now: () => new Date(now), advance: (ms: number) => void (now += ms) }
}

t.test('envelope', async t => {
  const context = { ...place, practiceId: randomUUID() }
  const dataKey = { version: 7, key: createSecretKey(randomBytes(32)) }
  const only = (known: DataKey) => (version: number) => {
    if (version !== known.version) throw new KeyUnavailable('another version')
    return known.key
  }
  const sealed = sealWith(dataKey, context, text)

  t.test('a sealed text opens in its place, whatever its length', async t => {
    t.equal(openSealed(only(dataKey), context, sealed).toString(), text)
    t.equal(openSealed(only(dataKey), context, sealWith(dataKey, context, '')).length, 0)
    const bytes = randomBytes(100_000)
    t.same(openSealed(only(dataKey), context, sealWith(dataKey, context, bytes)), bytes)
    t.equal(dataKeyVersionOf(sealed), 7)
  })

  t.test('the text is not in the bytes, and sealing twice gives different bytes', async t => {
    t.notOk(sealed.includes('told her'))
    t.notSame(sealWith(dataKey, context, text), sealed)
  })

  t.test('ids are compared without case, as PostgreSQL compares them', async t => {
    const upper = {
      ...context,
      practiceId: context.practiceId.toUpperCase(),
      rowId: context.rowId.toUpperCase(),
    }
    t.equal(openSealed(only(dataKey), upper, sealed).toString(), text)
  })

  t.test('no single changed bit opens', async t => {
    const anyKey = () => dataKey.key
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      t.throws(() => openSealed(anyKey, context, altered), SealBroken, `bit ${bit}`)
    }
  })

  t.test('no shortened or lengthened text opens', async t => {
    for (const length of [0, 1, 4, 5, 17, 32, 33, sealed.length - 1]) {
      t.throws(() => openSealed(only(dataKey), context, sealed.subarray(0, length)), SealBroken)
    }
    t.throws(() => openSealed(only(dataKey), context, Buffer.concat([sealed, Buffer.alloc(1)])), SealBroken)
  })

  const elsewhere = {
    'another practice': { practiceId: randomUUID() },
    'another table': { table: 'session_note_addenda' },
    'another column': { column: 'plan' },
    'another row': { rowId: randomUUID() },
    'an older version of the row': { rowVersion: 2 },
    'a border moved between the fields': { table: 'session_notesb', column: 'ody' },
    'a quote in a field': { table: 'session_notes","body', column: '' },
  }
  for (const [where, change] of Object.entries(elsewhere)) {
    t.test(`a text moved to ${where} does not open`, async t => {
      t.throws(() => openSealed(only(dataKey), { ...context, ...change }, sealed), SealBroken)
    })
  }

  t.test('another key of the same version does not open it, and the error carries nothing', async t => {
    const other = { version: 7, key: createSecretKey(randomBytes(32)) }
    try {
      openSealed(only(other), context, sealed)
      t.fail('opened')
    } catch (error) {
      t.ok(error instanceof SealBroken)
      t.same(Object.keys(error as Error), ['name'])
      t.notMatch(String(error), /told her|[0-9a-f]{8}-/)
    }
  })
})

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
      await until(async () => (await service.currentKekVersion()) === 2)
      t.pass('picked up by polling')
    },
  )

  t.test('a broken new file is reported and the known keys stay in use', async t => {
    const path = join(t.testdir(), 'keyring.json')
    const problems: unknown[] = []
    const keyring = await createLocalKeyring(path, { pollMs: 25, onProblem: error => problems.push(error) })
    t.teardown(() => keyring.close())
    writeFileSync(path, '{}')
    await until(async () => problems.length > 0)
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

t.test('practice keys', async t => {
  const setUp = async (t: { testdir(): string; teardown(close: () => void): void }) => {
    const path = join(t.testdir(), 'keyring.json')
    const clock = adjustableClock()
    const keyring = await createLocalKeyring(path, { pollMs: 3_600_000 })
    t.teardown(() => keyring.close())
    const table = createKeyTable()
    const newProcess = () => createSealer({ keyProvider: keyring, clock })
    return { path, clock, keyring, table, newProcess, sealer: newProcess(), practiceId: randomUUID() }
  }

  t.test('the first keys are made once, and every process opens what another sealed', async t => {
    const { table, newProcess, practiceId } = await setUp(t)
    const processes = Array.from({ length: 8 }, newProcess)
    const sealers = await Promise.all(processes.map(one => one.forPractice(practiceId, table.slowly())))
    t.equal(table.rows.length, 2, 'one data key and one index key')
    const sealed = sealers.map(sealer => sealer.seal(place, text))
    for (const sealer of sealers) {
      for (const bytes of sealed) t.equal(await sealer.openText(place, bytes), text)
    }
    const indexes = sealers.map(sealer => sealer.blindIndex('clients.ssn', '078051120').toString('hex'))
    t.equal(new Set(indexes).size, 1)
  })

  t.test(
    'a store that forgets nothing and shares nothing is caught: the loser uses the winner’s key',
    async t => {
      const { table, newProcess, practiceId } = await setUp(t)
      const winner = newProcess()
      let raced = false
      const loserStore = {
        ...table.store,
        async insert(key: WrappedKey) {
          if (!raced) {
            raced = true
            await winner.forPractice(practiceId, table.store)
          }
          return table.store.insert(key)
        },
      }
      const loser = await newProcess().forPractice(practiceId, loserStore)
      const sealed = loser.seal(place, text)
      t.equal(await (await newProcess().forPractice(practiceId, table.store)).openText(place, sealed), text)
    },
  )

  t.test('keys of a transaction that rolled back are not used again', async t => {
    const { table, sealer, newProcess, practiceId } = await setUp(t)
    await sealer.forPractice(practiceId, table.store)
    await sealer.forPractice(practiceId, table.store)
    table.rows.length = 0
    const sealed = (await sealer.forPractice(practiceId, table.store)).seal(place, text)
    t.equal(table.rows.length, 2, 'new keys were made')
    t.equal(await (await newProcess().forPractice(practiceId, table.store)).openText(place, sealed), text)
  })

  t.test('unwrapped keys are kept for five minutes and no longer', async t => {
    const { table, clock, sealer, practiceId } = await setUp(t)
    await sealer.forPractice(practiceId, table.store)
    clock.advance(minute)
    await sealer.forPractice(practiceId, table.store)
    const loads = table.loads()
    clock.advance(4 * minute)
    await sealer.forPractice(practiceId, table.store)
    t.equal(table.loads(), loads, 'from the cache')
    clock.advance(minute)
    await sealer.forPractice(practiceId, table.store)
    t.equal(table.loads(), loads + 1, 'from the store')
    sealer.forget(practiceId.toUpperCase())
    await sealer.forPractice(practiceId, table.store)
    t.equal(table.loads(), loads + 2)
  })

  t.test('the cache holds a bounded number of practices, the most recently used', async t => {
    const { table, clock, sealer, practiceId, newProcess } = await setUp(t)
    const others = Array.from({ length: limits.sealing.cachedPractices }, () => randomUUID())
    for (const id of [practiceId, ...others]) await newProcess().forPractice(id, table.store)
    const [first = ''] = others
    for (const id of [practiceId, first]) await sealer.forPractice(id, table.store)
    await sealer.forPractice(practiceId, table.store)
    for (const id of others.slice(1)) await sealer.forPractice(id, table.store)
    clock.advance(1)
    const loads = table.loads()
    await sealer.forPractice(practiceId, table.store)
    t.equal(table.loads(), loads, 'recently used: still there')
    await sealer.forPractice(first, table.store)
    t.equal(table.loads(), loads + 1, 'least recently used: gone')
  })

  t.test('one practice’s texts and blind indexes are strange to another', async t => {
    const { table, sealer, practiceId } = await setUp(t)
    const ours = await sealer.forPractice(practiceId, table.store)
    const theirs = await sealer.forPractice(randomUUID(), table.store)
    await t.rejects(theirs.open(place, ours.seal(place, text)), SealBroken)
    const index = ours.blindIndex('clients.ssn', '078051120')
    t.same(ours.blindIndex('clients.ssn', '078051120'), index)
    t.notSame(ours.blindIndex('clients.ssn', '078051121'), index)
    t.notSame(ours.blindIndex('clients.member_id', '078051120'), index)
    t.notSame(theirs.blindIndex('clients.ssn', '078051120'), index)
    t.equal(index.length, 32)
  })

  t.test('a wrapped key moved to another practice by SQL does not unwrap', async t => {
    const { table, sealer, newProcess, practiceId } = await setUp(t)
    await sealer.forPractice(practiceId, table.store)
    const thief = randomUUID()
    table.rows.push(...table.rows.map(row => ({ ...row, practiceId: thief })))
    await t.rejects(newProcess().forPractice(thief, table.store), SealBroken)
  })

  t.test('a new data key seals, the old one opens, and the index does not change', async t => {
    const { table, sealer, newProcess, practiceId } = await setUp(t)
    const elsewhere = newProcess()
    const before = await sealer.forPractice(practiceId, table.store)
    const stale = await elsewhere.forPractice(practiceId, table.store)
    const old = before.seal(place, text)
    t.equal(await sealer.newDataKeyVersion(practiceId, table.store), 2)
    const after = await sealer.forPractice(practiceId, table.store)
    const sealed = after.seal(place, text)
    t.equal(after.dataKeyVersion, 2)
    t.equal(dataKeyVersionOf(sealed), 2)
    t.equal(await after.openText(place, old), text)
    t.equal(await stale.openText(place, sealed), text, 'a process that has not heard of it looks again')
    t.same(after.blindIndex('clients.ssn', '1'), before.blindIndex('clients.ssn', '1'))
    t.same(table.rows.map(({ purpose, version, state }) => `${purpose} ${version} ${state}`).sort(), [
      'data 1 retired',
      'data 2 current',
      'index 1 current',
    ])
  })

  t.test('psychotherapy notes have a key of their own, made when it is first needed', async t => {
    const { table, sealer, newProcess, practiceId } = await setUp(t)
    const common = await sealer.forPractice(practiceId, table.store)
    t.same([...(await sealer.forPurposes(practiceId, table.store)).keys()], ['data'])
    const apart = await sealer.forPractice(practiceId, table.store, 'psychotherapy')
    t.same([...(await sealer.forPurposes(practiceId, table.store)).keys()], ['data', 'psychotherapy'])
    const sealed = apart.seal(place, text)
    await t.rejects(common.open(place, sealed), SealBroken)
    await t.rejects(apart.open(place, common.seal(place, text)), SealBroken)
    await sealer.newDataKeyVersion(practiceId, table.store)
    const after = await newProcess().forPractice(practiceId, table.store, 'psychotherapy')
    t.equal(after.dataKeyVersion, 2, 'it rotates with the common one')
    t.equal(await after.openText(place, sealed), text)
    table.change(row => row.purpose === 'psychotherapy', { state: 'destroyed', wrapped: Buffer.alloc(0) })
    await t.rejects(newProcess().forPractice(practiceId, table.store, 'psychotherapy'), KeyDestroyed)
    t.equal((await newProcess().forPractice(practiceId, table.store)).dataKeyVersion, 2)
  })

  t.test('two rotations at once make one new key', async t => {
    const { table, sealer, newProcess, practiceId } = await setUp(t)
    await sealer.forPractice(practiceId, table.store)
    let raced = false
    const late = {
      ...table.store,
      async retire(key: WrappedKey) {
        if (!raced) {
          raced = true
          await newProcess().newDataKeyVersion(practiceId, table.store)
        }
        return table.store.retire(key)
      },
    }
    t.equal(await sealer.newDataKeyVersion(practiceId, late), 2)
    t.equal(table.rows.filter(row => row.purpose === 'data').length, 2)
  })

  t.test('after a KEK rotation the keys are wrapped again, and the old KEK is needed no more', async t => {
    const { path, keyring, table, sealer, newProcess, practiceId } = await setUp(t)
    const sealed = (await sealer.forPractice(practiceId, table.store)).seal(place, text)
    await sealer.newDataKeyVersion(practiceId, table.store)
    t.equal(await sealer.rewrapAll(practiceId, table.store), 0)
    await updateKeyring(path, data => rotateKek(data, new Date()))
    await keyring.refresh()
    t.equal(await sealer.rewrapAll(practiceId, table.store), 3)
    t.equal(await sealer.rewrapAll(practiceId, table.store), 0)
    await updateKeyring(path, data => destroyKekVersion(data, 1))
    await keyring.refresh()
    t.equal(await (await newProcess().forPractice(practiceId, table.store)).openText(place, sealed), text)
  })

  t.test(
    'a shredded practice stays unreadable after a restore from before, and gets no new keys',
    async t => {
      const { path, keyring, table, sealer, newProcess, practiceId } = await setUp(t)
      const neighbor = randomUUID()
      const sealed = (await sealer.forPractice(practiceId, table.store)).seal(place, text)
      const theirs = (await sealer.forPractice(neighbor, table.store)).seal(place, text)
      const backup = [...table.rows]
      await updateKeyring(path, data => destroyPractice(data, practiceId.toUpperCase()))
      await keyring.refresh()
      sealer.forget(practiceId)

      table.rows.splice(0, table.rows.length, ...backup)
      await t.rejects(sealer.forPractice(practiceId, table.store), KeyDestroyed)
      await t.rejects(newProcess().forPractice(practiceId, table.store), KeyDestroyed)
      table.rows.splice(0, table.rows.length, ...backup.filter(row => row.practiceId !== practiceId))
      await t.rejects(newProcess().forPractice(practiceId, table.store), KeyDestroyed)
      t.equal(await (await sealer.forPractice(neighbor, table.store)).openText(place, theirs), text)
      t.ok(sealed.length > 0)
    },
  )

  t.test('a destroyed old data key is named as such, and the other texts stay readable', async t => {
    const { table, sealer, newProcess, practiceId } = await setUp(t)
    const old = (await sealer.forPractice(practiceId, table.store)).seal(place, text)
    await sealer.newDataKeyVersion(practiceId, table.store)
    const fresh = (await sealer.forPractice(practiceId, table.store)).seal(place, text)
    table.change(row => row.purpose === 'data' && row.version === 1, {
      state: 'destroyed',
      wrapped: Buffer.alloc(0),
    })
    const later = await newProcess().forPractice(practiceId, table.store)
    await t.rejects(later.open(place, old), KeyDestroyed)
    t.equal(await later.openText(place, fresh), text)
    table.change(row => row.purpose === 'data', { state: 'destroyed', wrapped: Buffer.alloc(0) })
    await t.rejects(newProcess().forPractice(practiceId, table.store), KeyDestroyed)
  })

  t.test('a version that never was is a broken seal', async t => {
    const { table, sealer, practiceId } = await setUp(t)
    const practice = await sealer.forPractice(practiceId, table.store)
    const forged = practice.seal(place, text)
    forged.writeUInt32BE(99, 1)
    await t.rejects(practice.open(place, forged), SealBroken)
  })

  t.test('a provider that is away is told apart from a lost key', async t => {
    const { table, clock, keyring, practiceId } = await setUp(t)
    const away = { ...keyring, unwrap: async () => Promise.reject(new KeyUnavailable('no answer')) }
    await t.rejects(
      createSealer({ keyProvider: away, clock }).forPractice(practiceId, table.store),
      KeyUnavailable,
    )
  })
})

/** The table `practice_keys` in memory, with its primary key and its conditional updates. */
function createKeyTable() {
  const rows: WrappedKey[] = []
  let loads = 0
  const same = (a: WrappedKey, b: WrappedKey) =>
    a.practiceId === b.practiceId && a.purpose === b.purpose && a.version === b.version

  function change(which: (row: WrappedKey) => boolean, values: Partial<WrappedKey>): boolean {
    const found = rows.filter(which)
    for (const row of found) rows[rows.indexOf(row)] = { ...row, ...values }
    return found.length > 0
  }

  const store: KeyRotationStore = {
    async load(practiceId) {
      loads += 1
      return rows.filter(row => row.practiceId === practiceId)
    },
    async insert(key) {
      if (rows.some(row => same(row, key))) return false
      rows.push(key)
      return true
    },
    retire: async key => change(row => same(row, key) && row.state === 'current', { state: 'retired' }),
    replaceWrapping: async ({ kekVersion, wrapped, ...key }, previous) =>
      change(row => same(row, { ...key, kekVersion, wrapped }) && row.kekVersion === previous, {
        kekVersion,
        wrapped,
      }),
  }

  /** Every call waits a little, so that callers at once really interleave. */
  const slowly = (): KeyRotationStore => {
    const pause = () => new Promise(resolve => setTimeout(resolve, Math.random() * 5))
    return {
      ...store,
      load: async id => {
        const found = await store.load(id)
        await pause()
        return found
      },
      insert: async key => {
        await pause()
        return store.insert(key)
      },
    }
  }

  return { rows, store, slowly, change, loads: () => loads }
}

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

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(resolve => setTimeout(resolve, 10))
}
