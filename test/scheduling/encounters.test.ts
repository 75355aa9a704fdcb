import fc from 'fast-check'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { findEncounters } from '../../src/modules/scheduling/separation/waiting-room.repository.ts'
import { createGroupPractice, post } from '../support/groups.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

const minuteMs = 60_000

t.test('who would meet whom, against looking at every pair of moments', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const ground = await createGroupPractice(test, practice)
  const { clientId } = await ground.client([ground.leader])
  const { book } = bookingsOf(ground, ground.leader, clientId)
  const far = await practice.owner.post('/v1/locations', { name: 'Far Office', timeZone: 'UTC' })
  const farId = String(far.body.id)
  const stays: { start: number; end: number; locationId: string | null }[] = []
  const stay = async (startsAt: string, more: Record<string, unknown> = {}) => {
    const { status, body } = await book(ground.desk, startsAt, more)
    t.equal(status, 201, JSON.stringify(body))
    stays.push({
      start: Date.parse(body.startsAt),
      end: Date.parse(body.endsAt),
      locationId: body.locationId,
    })
  }
  await stay(at(5, 9))
  await stay(at(5, 10), { durationMinutes: 120 })
  await stay(at(5, 13), { locationId: farId, roomId: null })
  await stay(at(5, 15), { mode: 'telehealth', locationId: null, roomId: null })
  await stay(at(5, 17), { serviceId: ground.services.buffered })
  const hold = {
    serviceId: ground.services.individual,
    clinicianIds: [ground.leader.staffId],
    mode: 'in_person',
    locationId: ground.locationId,
    startsAt: at(5, 20),
    clientId,
  }
  t.equal((await post(ground.desk, '/v1/slot-holds', hold)).status, 201)
  stays.push({ start: Date.parse(at(5, 20)), end: Date.parse(at(5, 20, 50)), locationId: ground.locationId })

  const visits = fc.array(
    fc.record({
      start: fc.integer({ min: 0, max: 288 }),
      length: fc.integer({ min: 1, max: 48 }),
      apartMinutes: fc.integer({ min: 1, max: 90 }),
      locationId: fc.constantFrom(ground.locationId, farId),
    }),
    { minLength: 200, maxLength: 200 },
  )
  const midnight = Date.parse(at(5, 0))
  await fc.assert(
    fc.asyncProperty(visits, async asked => {
      const encounters = asked.map(({ start, length, apartMinutes, locationId }) => ({
        otherId: clientId,
        apartMinutes,
        locationId,
        startsAt: new Date(midnight + start * 5 * minuteMs),
        endsAt: new Date(midnight + (start + length) * 5 * minuteMs),
      }))
      const expected = encounters.flatMap(({ startsAt, endsAt, apartMinutes, locationId }, place) =>
        stays.some(
          there =>
            there.locationId === locationId &&
            [there.start, there.end].some(theirs =>
              [startsAt, endsAt].some(ours => Math.abs(theirs - ours.getTime()) < apartMinutes * minuteMs),
            ),
        )
          ? [place]
          : [],
      )
      const found = await inPractice(test.house.database, systemScope(practice.id, 'test'), trx =>
        findEncounters(trx, encounters, []),
      )
      t.same(
        [...found].toSorted((a, b) => a - b),
        expected,
      )
    }),
    { numRuns: 10 },
  )
})
