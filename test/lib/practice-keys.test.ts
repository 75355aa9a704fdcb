import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { dataKeyVersionOf } from '../../src/lib/sealing/envelope.ts'
import { KeyDestroyed, KeyUnavailable, SealBroken } from '../../src/lib/sealing/errors.ts'
import { createLocalKeyring } from '../../src/lib/sealing/keyring.ts'
import { updateKeyring } from '../../src/lib/sealing/keyring-file.ts'
import { destroyKekVersion, destroyPractice, rotateKek } from '../../src/lib/sealing/keyring-rotation.ts'
import type { KeyRotationStore, WrappedKey } from '../../src/lib/sealing/practice-key-store.ts'
import { createSealer } from '../../src/lib/sealing/practice-keys.ts'
import { adjustableClock, place, text } from '../support/sealing.ts'

const minute = 60_000

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
