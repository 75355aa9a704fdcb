import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { PracticeTransaction } from '../../src/lib/database/practice-transaction.ts'
import { systemScope } from '../../src/lib/scope.ts'
import {
  clashesOf,
  type Holder,
  moveReservations,
  type Reservation,
  type Resource,
  release,
  reservationsOf,
  reserve,
  reserveMany,
} from '../../src/modules/scheduling/reservations.ts'
import { createTestPractice } from '../support/practice.ts'
import { at } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const period = (day: number, hour: number, minutes = 60) => ({
  startsAt: new Date(at(day, hour)),
  endsAt: new Date(at(day, hour, minutes)),
})
const block = (): Holder => ({ kind: 'intensive_block', id: randomUUID() })
const clinician = (): Resource => ({ kind: 'clinician', id: randomUUID() })
const shown = (rows: readonly Reservation[]) => rows.map(({ kind, id }) => [kind, id])

t.test('reservations', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { database } = test.house
  const scope = systemScope(practice.id, 'test')
  const within = <T>(work: (trx: PracticeTransaction) => Promise<T>) => inPractice(database, scope, work)

  t.test('a year of weeks costs as many statements as one hour', async t => {
    const count = async (work: (trx: PracticeTransaction) => Promise<unknown>) => {
      let sent = 0
      const trx = new PracticeTransaction(scope, database, async () => {
        sent++
        return { rows: [] }
      })
      await work(trx)
      return sent + trx.queued.length
    }
    const room: Resource = { kind: 'room', id: randomUUID() }
    const weeks = (length: number) =>
      Array.from({ length }, (_, week) =>
        reservationsOf(block(), [clinician(), room], period(week * 7, 17)),
      ).flat()
    for (const length of [1, 52]) {
      t.equal(await count(trx => reserveMany(trx, weeks(length))), 2)
      t.equal(await count(trx => moveReservations(trx, weeks(length))), 2)
      t.equal(await count(trx => clashesOf(trx, weeks(length))), 1)
      t.equal(
        await count(async trx =>
          release(
            trx,
            weeks(length).map(({ holder }) => holder),
          ),
        ),
        1,
      )
    }
    t.equal(await count(trx => reserveMany(trx, [])), 0)
  })

  t.test(
    'what is free is taken, what is not is answered in one order, and what is refused is not',
    async t => {
      const [ann, ben] = [clinician(), clinician()]
      const room: Resource = { kind: 'room', id: randomUUID() }
      const client: Resource = { kind: 'client', id: randomUUID() }
      await within(trx => reserve(trx, block(), [room, ann, client], period(3, 9)))
      const rows = reservationsOf(block(), [client, room, ben, ann], period(3, 9))
      t.same(shown(await within(trx => reserveMany(trx, rows))), [
        [ann.kind, ann.id],
        [room.kind, room.id],
        [client.kind, client.id],
      ])
      const again = within(trx => reserve(trx, block(), [ben], period(3, 9)))
      await t.rejects(again, { code: 'resource-busy', options: { extra: { resource: 'clinician' } } })
      await within(trx => reserve(trx, block(), [ben, ann], period(3, 10)))
    },
  )

  t.test('rows of one call clash with each other, and those of one holder too', async t => {
    const ann = clinician()
    const holder = block()
    const rows = [period(4, 9), period(4, 9)].flatMap(hour => reservationsOf(holder, [ann], hour))
    t.equal((await within(trx => reserveMany(trx, rows))).length, 1)
  })

  t.test('holders move together, also into what the others of them leave', async t => {
    const ann = clinician()
    const [first, second] = [block(), block()]
    const at9and10 = [
      ...reservationsOf(first, [ann], period(5, 9)),
      ...reservationsOf(second, [ann], period(5, 10)),
    ]
    t.same(await within(trx => reserveMany(trx, at9and10)), [])
    const anHourLater = [
      ...reservationsOf(first, [ann], period(5, 10)),
      ...reservationsOf(second, [ann], period(5, 11)),
    ]
    t.same(await within(trx => moveReservations(trx, anHourLater)), [])
    t.same(await within(trx => reserveMany(trx, reservationsOf(block(), [ann], period(5, 9)))), [])
    await within(async trx => release(trx, [first, second]))
    t.same(await within(trx => reserveMany(trx, reservationsOf(block(), [ann], period(5, 10, 120)))), [])
  })

  t.test('a booking takes the place of its hold, and of one that has run out, and of no other', async t => {
    const ann = clinician()
    const hold = (): Holder => ({ kind: 'hold', id: randomUUID() })
    const [own, other] = [hold(), hold()]
    const soon = new Date(Date.now() + 60_000)
    await within(trx => reserve(trx, own, [ann], period(6, 9), { expiresAt: soon }))
    await within(trx => reserve(trx, other, [ann], period(6, 10), { expiresAt: soon }))
    const both = reservationsOf(block(), [ann], period(6, 9, 120))
    t.equal((await within(trx => clashesOf(trx, both, { insteadOf: [own] }))).length, 1)
    await t.rejects(
      within(trx => reserve(trx, block(), [ann], period(6, 9, 120), { insteadOf: [own] })),
      { code: 'resource-busy' },
    )
    await within(trx => reserve(trx, block(), [ann], period(6, 9), { insteadOf: [own] }))
    const past = new Date(Date.now() - 1_000)
    await within(trx => reserve(trx, hold(), [ann], period(6, 12), { expiresAt: past }))
    t.same(await within(trx => clashesOf(trx, reservationsOf(block(), [ann], period(6, 12)))), [])
    await within(trx => reserve(trx, block(), [ann], period(6, 12)))
  })
})
