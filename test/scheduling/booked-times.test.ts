import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { type BookedWithin, bookedTimes } from '../../src/modules/scheduling/calendar/booked-times.ts'
import { createGroupPractice, makeGroup, meetings, post } from '../support/groups.ts'
import { intensivesOf } from '../support/intensives.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf } from '../support/scheduling.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('what takes time: appointments, intensives and groups', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const ground = await createGroupPractice(test, practice)
  const { desk, leader, colleague, rooms } = ground
  const stranger = await practice.staff(['clinician'])
  const supervisor = await practice.staff(['supervisor'])
  await ground.run('update staff_members set supervisor_id = $2 where id = $1', [
    leader.staffId,
    supervisor.staffId,
  ])
  const biller = await practice.staff(['biller'])
  const [a, b] = [await ground.client([colleague]), await ground.client([colleague])]
  const couple = await ground.couple([a.clientId, b.clientId], [leader])

  const { book } = bookingsOf(ground, leader, a.clientId)
  await book(desk, at(7, 9))
  const canceled = (await book(desk, at(7, 11))).body
  const reason = { reasonCode: 'other', by: 'practice' }
  await desk.post(`/v1/appointments/${canceled.id}/cancellation`, reason, { ifMatch: 1 })

  const intensives = await intensivesOf(ground, practice, leader)
  const intensiveId = await intensives.planned(desk, { coupleId: couple.coupleId }, [
    { startsAt: at(8, 9), durationMinutes: 60 },
    { startsAt: at(8, 11), participants: ['a'], kind: 'individual', roomId: rooms[1] },
    { startsAt: at(8, 13), participants: ['b'], kind: 'individual' },
  ])
  const within = { from: new Date(at(6, 0)), to: new Date(at(12, 0)) }
  const look = (more: Partial<BookedWithin> = {}) =>
    inPractice(test.house.database, systemScope(practice.id, 'test'), trx =>
      bookedTimes(trx, { ...within, ...more }),
    )
  const startsOf = (times: { startsAt: Date }[]) => times.map(({ startsAt }) => startsAt.toISOString())
  const planned = await look()
  const booked = await intensives.book(desk, intensiveId)
  t.equal(booked.status, 200)

  const group = await makeGroup(ground, { facilitatorIds: [leader.staffId, colleague.staffId] })
  const member = await post(desk, `${group.url}/members`, { clientId: b.clientId }, group.group.version)
  t.equal(member.status, 201)
  const made = await post(desk, `${group.url}/meetings`, {
    ...meetings(ground),
    firstOn: at(9, 0).slice(0, 10),
  })
  t.equal(made.status, 201, JSON.stringify(made.body))
  const [meeting] = made.body.meetings

  t.test('all of it is found, by clinician and by client, and what is only planned is not', async t => {
    t.same(startsOf(planned), [at(7, 9)])
    const everything = await look()
    t.same(startsOf(everything), [at(7, 9), at(8, 9), at(8, 11), at(8, 13), meeting.startsAt])
    t.same(
      new Set(everything.map(({ kind }) => kind)),
      new Set(['appointment', 'intensive_block', 'group_session']),
    )
    t.same(startsOf(await look({ clinicianId: leader.staffId })), startsOf(everything))
    t.same(startsOf(await look({ clinicianId: colleague.staffId })), [meeting.startsAt])
    t.same(startsOf(await look({ clientId: a.clientId })), [at(7, 9), at(8, 9), at(8, 11)])
    t.same(startsOf(await look({ clientId: b.clientId })), [at(8, 9), at(8, 13), meeting.startsAt])
    const [, joint, own] = everything
    t.same(new Set(joint?.clientIds), new Set([a.clientId, b.clientId]))
    t.same(own?.clientIds, [a.clientId])
    t.equal(own?.wholeId, intensiveId)
    t.match(everything[0], {
      status: 'scheduled',
      isCanceled: false,
      version: 1,
      clinicianIds: [leader.staffId],
    })
  })

  t.test('what was canceled is there for who asks for it, and says so', async t => {
    const all = await look({ canceled: true })
    t.same(
      all.filter(({ isCanceled }) => isCanceled).map(({ id, version }) => [id, version]),
      [[canceled.id, 2]],
    )
  })

  t.test(
    'what reaches into the time from the day before is found, and what ends as it begins is not',
    async t => {
      const [start, end] = [new Date(at(7, 9)), new Date(at(7, 9, 50))]
      const only = async (from: Date, to: Date) => (await look({ from, to })).length
      t.equal(await only(new Date(start.getTime() + 60_000), end), 1)
      t.equal(await only(end, new Date(at(7, 10))), 0)
      t.equal(await only(new Date(at(7, 8)), start), 0)
    },
  )

  t.test(
    'the calendar shows blocks and groups to who gives them and to the front desk; to others time',
    async t => {
      const days = `from=${at(7, 0).slice(0, 10)}&until=${at(10, 0).slice(0, 10)}&timeZone=Etc/UTC`
      const columns = [leader, colleague].map(({ staffId }) => `&clinicianIds=${staffId}`).join('')
      const show = async (by: Caller) => (await by.get(`/v1/calendar?${days}${columns}`)).body
      const kinds = async (by: Caller) => {
        const { entries } = await show(by)
        return Object.fromEntries(
          [...Map.groupBy(entries as { kind: string }[], ({ kind }) => kind)].map(([kind, list]) => [
            kind,
            list.length,
          ]),
        )
      }
      const every = { appointment: 1, intensive_block: 3, group_session: 1 }
      t.same(await kinds(desk), every)
      t.same(await kinds(leader), every)
      t.same(await kinds(supervisor), every)
      t.same(await kinds(colleague), { appointment: 1, group_session: 1 })
      t.same(await kinds(biller), { appointment: 1 })
      t.same(await kinds(stranger), {})
      const taken = await show(stranger)
      t.equal(taken.busy.length, 6, 'one of the appointment, three of blocks, and the meeting of both')
      t.notMatch(JSON.stringify(taken), new RegExp(`${intensiveId}|${group.chartId}|${couple.chartId}|Casey`))
      const seen = (await show(leader)).entries
      t.match(
        seen.find(({ kind }: { kind: string }) => kind === 'intensive_block'),
        { partOf: { kind: 'intensive', id: intensiveId }, displayName: 'Casey Example & Casey Example' },
      )
      const evening = seen.find(({ kind }: { kind: string }) => kind === 'group_session')
      t.match(evening, { partOf: { kind: 'group', id: group.group.id }, chartId: group.chartId })
      t.match(evening.displayName, /^Evening Group/)
    },
  )

  t.test('blocks and meetings count as time that is booked', async t => {
    const day = (days: number) => at(days, 0).slice(0, 10)
    const { body } = await desk.get(`/v1/reports/utilization?from=${day(6)}&until=${day(12)}`)
    const of = (id: string) =>
      body.clinicians.find(({ clinicianId }: { clinicianId: string }) => clinicianId === id)
    t.equal(of(leader.staffId).bookedMinutes, 50 + 180 + 90)
    t.equal(of(colleague.staffId).bookedMinutes, 90)
  })

  t.test('another practice has nothing of it', async t => {
    const other = await createTestPractice(test)
    const scope = systemScope(other.id, 'test')
    const seen = await inPractice(test.house.database, scope, trx =>
      bookedTimes(trx, { ...within, clientId: a.clientId, clinicianId: randomUUID() }),
    )
    t.same(seen, [])
  })
})
