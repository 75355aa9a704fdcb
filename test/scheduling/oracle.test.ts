import fc from 'fast-check'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

interface Held {
  clinician: number
  room: number | null
  /** Clients: both of a couple. */
  people: readonly number[]
  /** Without buffers. */
  minute: number
  duration: number
  from: number
  to: number
  active: boolean
  id: string
  version: number
}

/** Two clients, and the two as a couple. */
const subjects = [[0], [1], [0, 1]] as const

const step = fc.record({
  kind: fc.constantFrom('book', 'book', 'book', 'move', 'cancel', 'uncancel'),
  target: fc.nat(20),
  clinician: fc.nat(1),
  subject: fc.nat(2),
  room: fc.option(fc.nat(1), { freq: 4 }),
  minute: fc.nat(16).map(quarter => quarter * 15),
  duration: fc.constantFrom(20, 50, 90),
  buffered: fc.boolean(),
})

t.test(
  'whatever is booked, moved, canceled and taken back, the service agrees with a simple calendar',
  async t => {
    const test = await createTestApp(t)
    let day = 1
    const property = fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async steps => {
      day += 2
      const held: (Held & { buffers: [number, number] })[] = []
      for (const { kind, target, clinician, subject: who, room, minute, duration, buffered } of steps) {
        if (kind === 'book') {
          const people = subjects[who] ?? []
          const isCouple = people.length === 2
          const buffers: [number, number] = buffered && !isCouple ? [10, 15] : [0, 0]
          const times = { minute, duration, from: minute - buffers[0], to: minute + duration + buffers[1] }
          const wish = { clinician, room, people, ...times }
          const reply = await book(desk, at(day, 15, minute), {
            clinicianId: clinicians[clinician]?.staffId,
            roomId: room === null ? null : bookable.rooms[room],
            durationMinutes: duration,
            ...(isCouple
              ? { clientId: undefined, coupleId, serviceId: bookable.services.couple }
              : {
                  clientId: clientIds[people[0] ?? 0],
                  serviceId: bookable.services[buffered ? 'buffered' : 'individual'],
                }),
          })
          agree(reply, busy(held, wish), 201)
          if (reply.status === 201)
            held.push({ ...wish, buffers, active: true, id: reply.body.id, version: 1 })
          continue
        }
        const subject = held[target % Math.max(held.length, 1)]
        if (!subject || subject.active === (kind === 'uncancel')) continue
        const others = held.filter(one => one !== subject)
        const url = `/v1/appointments/${subject.id}`
        const options = { ifMatch: subject.version }
        if (kind === 'cancel') {
          const reply = await desk.post(`${url}/cancellation`, { reasonCode: 'other', by: 'client' }, options)
          agree(reply, undefined, 200)
          Object.assign(subject, { active: false, version: subject.version + 1 })
        } else if (kind === 'uncancel') {
          const reply = await desk.delete(`${url}/cancellation`, options)
          agree(reply, busy(others, subject), 200)
          if (reply.status === 200) Object.assign(subject, { active: true, version: subject.version + 1 })
        } else {
          const [before, after] = subject.buffers
          const times = { minute, duration, from: minute - before, to: minute + duration + after }
          const wish = { clinician, room, people: subject.people, ...times }
          const change = {
            startsAt: at(day, 15, minute),
            durationMinutes: duration,
            clinicianId: clinicians[clinician]?.staffId,
            roomId: room === null ? null : bookable.rooms[room],
          }
          const reply = await desk.patch(url, change, options)
          agree(reply, busy(others, wish), 200)
          if (reply.status === 200) Object.assign(subject, wish, { version: subject.version + 1 })
        }
      }
    })

    const practice = await createTestPractice(test)
    const bookable = await createBookablePractice(test, practice)
    const desk = await practice.staff(['admin'])
    const clinicians = [await practice.staff(['clinician']), await practice.staff(['clinician'])] as const
    const clientIds = [(await bookable.client()).clientId, (await bookable.client()).clientId] as const
    const { coupleId } = await bookable.couple([...clientIds])
    const { book } = bookingsOf(bookable, clinicians[0], clientIds[0])
    await fc.assert(property, { numRuns: 15, endOnFailure: true })
    t.pass('in 15 random days')
  },
)

type Wish = Pick<Held, 'clinician' | 'room' | 'people' | 'minute' | 'duration' | 'from' | 'to'>

/** The resource that stands in the way, as the service is to name it: the clinician, the room, then the clients. */
function busy(held: Held[], wish: Wish): string | undefined {
  const active = held.filter(one => one.active)
  const meeting = active.filter(one => one.from < wish.to && wish.from < one.to)
  if (meeting.some(one => one.clinician === wish.clinician)) return 'clinician'
  if (wish.room !== null && meeting.some(one => one.room === wish.room)) return 'room'
  const seen = active.filter(
    one => one.minute < wish.minute + wish.duration && wish.minute < one.minute + one.duration,
  )
  return seen.some(one => one.people.some(person => wish.people.includes(person))) ? 'client' : undefined
}

function agree(
  reply: { status: number; body: { resource?: string } },
  resource: string | undefined,
  done: number,
) {
  const expected = resource === undefined ? done : 409
  if (reply.status !== expected || reply.body.resource !== resource)
    throw new Error(`answered ${reply.status} ${reply.body.resource}, expected ${expected} ${resource}`)
}
