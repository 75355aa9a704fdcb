import t from 'tap'
import { afterStep, type Step } from '../../src/modules/scheduling/appointments.rules.ts'
import {
  type AppointmentStatus,
  appointmentStatuses,
} from '../../src/modules/scheduling/appointments.schemas.ts'
import { changeKinds } from '../../src/modules/scheduling/changes.schemas.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

/** As the documentation has it: what each step leads to, and from where. */
const table: Readonly<Record<AppointmentStatus, string>> = {
  scheduled: 'moved:scheduled confirmed arrived started:in_session completed no_show canceled late_canceled',
  confirmed: 'moved:scheduled arrived started:in_session completed no_show canceled late_canceled',
  arrived: 'started:in_session completed no_show canceled late_canceled',
  in_session: 'completed no_show',
  completed: 'completed',
  no_show: 'completed canceled late_canceled',
  canceled: 'uncanceled:scheduled',
  late_canceled: 'uncanceled:scheduled',
}

t.test('each step is possible from exactly the states that allow it', async t => {
  for (const status of appointmentStatuses) {
    const allowed = new Map(
      table[status].split(' ').map(word => {
        const [step = '', next = step] = word.split(':')
        return [step, next] as const
      }),
    )
    for (const step of changeKinds.filter(kind => kind !== 'booked') as Step[]) {
      const next = allowed.get(step)
      if (next === undefined) t.throws(() => afterStep(status, step), { code: 'invalid-state' })
      else t.equal(afterStep(status, step), next)
    }
  }
})

t.test('a session from booking to its end', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const desk = await practice.staff(['admin'])
  const clinician = await practice.staff(['clinician'])
  const { clientId, chartId } = await bookable.client([clinician])
  const partner = await bookable.client([clinician])
  const { book } = bookingsOf(bookable, clinician, clientId)

  t.test('confirmed, arrived, started, completed: each with its place in the history', async t => {
    const { body } = await book(desk, at(-1, 17))
    const url = `/v1/appointments/${body.id}`
    const step = (name: string, version: number, more?: object) =>
      desk.post(`${url}/${name}`, more, { ifMatch: version })
    t.match(await step('confirmation', 1), { status: 200, body: { status: 'confirmed', version: 2 } })
    t.equal((await step('confirmation', 2)).body.code, 'invalid-state')
    t.match(await step('arrival', 2), { status: 200, body: { status: 'arrived' } })
    t.equal((await desk.patch(url, { startsAt: at(3, 17) }, { ifMatch: 3 })).body.code, 'invalid-state')
    t.match(await step('start', 3, { startedAt: at(-1, 17, 3) }), {
      status: 200,
      body: {
        status: 'in_session',
        attendance: {
          actualStartsAt: at(-1, 17, 3),
          actualEndsAt: null,
          participants: [{ clientId, presence: 'present' }],
        },
      },
    })
    const late = { actualEndsAt: at(-1, 17, 55), participants: [{ clientId, presence: 'late' }] }
    t.match(await step('attendance', 4, late), {
      status: 200,
      body: {
        status: 'completed',
        attendance: {
          actualStartsAt: at(-1, 17, 3),
          actualEndsAt: at(-1, 17, 55),
          participants: [{ clientId, presence: 'late' }],
        },
      },
    })
    const { data } = (await desk.get(`${url}/changes`)).body
    t.same(
      data.map((change: { kind: string }) => change.kind),
      ['booked', 'confirmed', 'arrived', 'started', 'completed'],
    )
    t.same((await clinician.get(url)).body.attendance.participants, [{ clientId, presence: 'late' }])
  })

  t.test('who moves an hour has to confirm it anew', async t => {
    const { body } = await book(desk, at(4, 17))
    const url = `/v1/appointments/${body.id}`
    await desk.post(`${url}/confirmation`, undefined, { ifMatch: 1 })
    t.match((await desk.patch(url, { startsAt: at(4, 19) }, { ifMatch: 2 })).body, { status: 'scheduled' })
  })

  t.test('nobody arrives or begins days ahead, nor in the future', async t => {
    const { body } = await book(desk, at(5, 17))
    const url = `/v1/appointments/${body.id}`
    const tooEarly = { code: 'invalid-state', detail: /^Arrivals, starts and check-ins .*12 hours before/ }
    t.match((await desk.post(`${url}/arrival`, undefined, { ifMatch: 1 })).body, tooEarly)
    t.match((await desk.post(`${url}/start`, {}, { ifMatch: 1 })).body, tooEarly)
    const past = (await book(desk, at(-3, 17))).body
    const start = (startedAt: string) =>
      desk.post(`/v1/appointments/${past.id}/start`, { startedAt }, { ifMatch: 1 })
    t.equal((await start(at(2, 17))).body.code, 'invalid-request')
    t.equal((await start(at(-5, 17))).body.code, 'invalid-request')
    t.equal((await desk.post(`/v1/appointments/${past.id}/start`, {}, { ifMatch: 1 })).status, 400)
  })

  t.test('of a couple each partner has their own attendance', async t => {
    const couple = await bookable.couple([clientId, partner.clientId], [clinician])
    const ofCouple = { clientId: undefined, coupleId: couple.coupleId, serviceId: bookable.services.couple }
    const { body } = await book(desk, at(-4, 17), ofCouple)
    const url = `/v1/appointments/${body.id}/attendance`
    const times = { actualStartsAt: at(-4, 17), actualEndsAt: at(-4, 17, 50) }
    const with_ = (participants: object[]) => clinician.post(url, { ...times, participants }, { ifMatch: 1 })
    const absent = { clientId: partner.clientId, presence: 'absent' }
    t.equal((await with_([{ ...absent, clientId: chartId }])).body.code, 'unknown-reference')
    t.equal((await with_([absent, absent])).body.code, 'invalid-request')
    t.equal((await with_([absent, { clientId, presence: 'absent' }])).body.code, 'invalid-request')
    t.equal((await with_([{ ...absent, presence: 'canary-value' }])).body.code, 'invalid-request')
    const recorded = await with_([absent])
    const byId = (all: { clientId: string }[]) => all.toSorted((a, b) => a.clientId.localeCompare(b.clientId))
    const expected = byId([absent, { clientId, presence: 'present' }] as { clientId: string }[])
    t.same(byId(recorded.body.attendance.participants), expected)
    const guest = await practice.staff(['biller'])
    t.same((await guest.get(`/v1/appointments/${body.id}`)).body.attendance.participants, [])
  })

  t.test('the words of the first release are read as what they mean now', async t => {
    const old = async (hour: number, word: string, actual: string) => {
      const { body } = await book(desk, at(-6, hour))
      await bookable.run(
        `update appointments set status = '${word}', actual_starts_at = ${actual}, actual_ends_at = ${actual} + interval '1 minute'
         where practice_id = $1 and id = $2`,
        [practice.id, body.id],
      )
      return String(body.id)
    }
    const booked = await old(10, 'booked', 'null::timestamptz')
    const attended = await old(12, 'attended', 'starts_at')
    t.equal((await desk.get(`/v1/appointments/${booked}`)).body.status, 'scheduled')
    t.equal((await desk.get(`/v1/appointments/${attended}`)).body.status, 'completed')
    const found = async (status: string) => {
      const range = `from=${at(-7, 0)}&to=${at(-5, 0)}`
      const { data } = (await desk.get(`/v1/appointments?${range}&status=${status}`)).body
      return data.map((one: { id: string }) => one.id)
    }
    t.same(await found('scheduled'), [booked])
    t.same(await found('completed'), [attended])
    await bookable.run(
      `update reservations set holder_id = null where practice_id = $1 and appointment_id = $2 and resource_kind <> 'client'`,
      [practice.id, booked],
    )
    t.equal(
      (await desk.patch(`/v1/appointments/${booked}`, { startsAt: at(-6, 14) }, { ifMatch: 1 })).status,
      200,
    )
    t.equal((await book(desk, at(-6, 10))).status, 201, 'what it had reserved is free')
  })

  t.test('one of another practice is not found by any step', async t => {
    const strange = await createTestPractice(test)
    const { body } = await book(desk, at(-8, 17))
    for (const step of ['confirmation', 'arrival', 'start', 'no-show'])
      t.equal(
        (
          await strange.owner.post(`/v1/appointments/${body.id}/${step}`, step === 'start' ? {} : undefined, {
            ifMatch: 1,
          })
        ).status,
        404,
      )
  })
})
