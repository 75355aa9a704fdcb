import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startGroupSession } from '../support/group-sessions.ts'
import { createGroupPractice, dayIn, makeGroup, meetings, post } from '../support/groups.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

const record = { interventions: ['Check-in round'], dynamics: 'Quiet at first (fictional).' }
const noTimes = { startedAt: undefined, endedAt: undefined }

t.test('the record of a group and the meeting it documents', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const ground = await createGroupPractice(test, practice)
  const { desk, leader, colleague, run } = ground
  let days = -3
  const held = async () => {
    const { url, group, chartId } = await makeGroup(ground, { curriculum: ['Triggers', 'Urges'] })
    const clientIds = await ground.people(3, leader)
    const memberIds: string[] = []
    for (const clientId of clientIds)
      memberIds.push((await post(desk, `${url}/members`, { clientId })).body.id)
    await run("update therapy_group_members set joined_at = now() - interval '60 days' where group_id = $1", [
      group.id,
    ])
    days -= 1
    const { body } = await post(
      desk,
      `${url}/meetings`,
      meetings(ground, { firstOn: dayIn(days), time: '12:00' }),
    )
    const [meeting] = body.meetings
    const actual = {
      actualStartsAt: meeting.startsAt,
      actualEndsAt: new Date(Date.parse(meeting.startsAt) + 80 * 60_000).toISOString(),
    }
    const attend = (version: number, ...presences: string[]) =>
      desk.post(
        `/v1/group-meetings/${meeting.id}/attendance`,
        {
          ...actual,
          members: presences.map((presence, at) => ({ groupMemberId: memberIds[at], presence })),
        },
        { ifMatch: version },
      )
    const start = (by: Caller, more: object = {}) =>
      startGroupSession(by, chartId, { ...noTimes, record, groupMeetingId: meeting.id, ...more })
    return { chartId, clientIds, meeting, actual, attend, start }
  }
  const missing = async (by: Caller, groupMeetingId: string): Promise<string[]> =>
    (await by.get('/v1/missing-session-notes?limit=200')).body.data.flatMap((one: Record<string, string>) =>
      one.groupMeetingId === groupMeetingId ? [one.chartId] : [],
    )

  t.test('takes times, attendance and theme from the meeting, of which it is the only record', async t => {
    const { chartId, clientIds, meeting, actual, attend, start } = await held()
    t.equal((await start(leader)).body.code, 'invalid-state', 'nobody said yet who was there')
    t.equal((await attend(1, 'late', 'absent_excused', 'left_early')).status, 200)
    t.equal((await missing(leader, meeting.id)).length, 3, 'the record, and two who were there')
    t.same(await missing(colleague, meeting.id), [])
    const started = await start(leader, { carryForward: true })
    t.equal(started.status, 201, JSON.stringify(started.body))
    const { session, notes } = started.body
    t.match(session, {
      groupMeetingId: meeting.id,
      startedAt: actual.actualStartsAt,
      endedAt: actual.actualEndsAt,
      headCount: 2,
      record: { theme: 'Triggers' },
      carried: ['/record/theme'],
    })
    t.same(
      session.attendance.map(({ presence }: { presence: string }) => presence),
      ['late', 'absent', 'present'],
    )
    t.equal(notes.length, 2)
    t.same(await missing(leader, meeting.id), [])
    t.equal((await start(leader)).body.code, 'already-exists')
    const url = `/v1/charts/${chartId}/group-sessions/${session.id}`
    const change = (body: object) => leader.patch(url, body, { ifMatch: 1 })
    for (const wrong of [
      { startedAt: actual.actualStartsAt },
      { attendance: [{ memberId: session.attendance[0].memberId, presence: 'absent' }] },
    ])
      t.equal((await change(wrong)).status, 400)
    await attend(2, 'absent')
    const sign = (version: number) =>
      leader.post(`${url}/signature`, undefined, { ifMatch: version, key: randomUUID() })
    t.equal((await sign(1)).body.code, 'invalid-state', 'the meeting was corrected since')
    const corrected = await change({ record: { theme: 'Triggers', ...record } })
    t.match(corrected.body, { headCount: 1, carried: ['/record/theme'], version: 2 })
    t.equal((await sign(2)).body.status, 'signed')
    await attend(3, 'present', 'present', 'present')
    const { body: counted } = await leader.get(`/v1/charts/${chartId}/attendance`)
    t.match(counted.months.at(-1), { sessions: 1, present: 3, absent: 0 }, 'the meeting is the one truth')
    const twice = await leader.post(
      `${url}/entered-in-error`,
      { reason: 'Twice (fictional).' },
      { ifMatch: 3, key: randomUUID() },
    )
    t.equal(twice.body.groupMeetingId, null)
    t.ok((await missing(leader, meeting.id)).includes(chartId), 'its meeting is free again')
    t.equal((await start(leader, { record: { theme: 'Anew', ...record } })).status, 201)
    t.equal(clientIds.length, 3)
  })

  t.test('a member’s note is billed and counted by the meeting', async t => {
    const { clientIds, meeting, actual, attend, start } = await held()
    await attend(1, 'present', 'late', 'absent')
    const { notes } = (await start(leader)).body
    const [{ noteId }] = notes
    const { body: draft } = await leader.get(`/v1/session-notes/${noteId}`)
    const [part] = draft.parts
    const content = {
      participation: 3,
      presentation: 'Calm (fictional).',
      response: 'Named two signs.',
      plan: 'Bring the list.',
    }
    const change = {
      startedAt: new Date(Date.parse(actual.actualStartsAt) + 600_000).toISOString(),
      header: { risk: { status: 'denied' }, place: { kind: 'office' } },
      parts: { [part.id]: { kind: 'group_member', content } },
    }
    t.equal((await leader.patch(`/v1/session-notes/${noteId}`, change, { ifMatch: 1 })).status, 200)
    t.equal((await step(leader, noteId, 'signature', 2)).body.status, 'signed')
    const { body: facts } = await leader.get(`/v1/session-notes/${noteId}/billing-facts`)
    t.match(facts, {
      startedAt: actual.actualStartsAt,
      endedAt: actual.actualEndsAt,
      minutes: 80,
      presentClientIds: [clientIds[0]],
    })
    await attend(2, 'late')
    const { body: counted } = await leader.get(`/v1/charts/${draft.chartId}/attendance`)
    t.match(counted.months.at(-1), { sessions: 1, present: 0, late: 1 })
    const rows = await run('select meeting_id from session_note_meetings where note_id = $1', [noteId])
    t.same(rows, [{ meeting_id: meeting.id }])
  })

  t.test('a note begins with what the last one of each member planned', async t => {
    const { attend, start } = await held()
    await attend(1, 'present')
    const { notes } = (await start(leader, { carryForward: true })).body
    const { body: draft } = await leader.get(`/v1/session-notes/${notes[0].noteId}`)
    t.same(draft.carried, ['/header/interventions'], 'the first has nothing to go on from')
  })

  t.test('another group’s meeting, a presence of one’s own, and twins are refused', async t => {
    const one = await held()
    const other = await held()
    await one.attend(1)
    await other.attend(1)
    const wrong = await one.start(leader, { groupMeetingId: other.meeting.id })
    t.match(wrong.body, { code: 'unknown-reference', errors: [{ pointer: '/groupMeetingId' }] })
    t.equal((await one.start(leader, { groupMeetingId: randomUUID() })).body.code, 'unknown-reference')
    t.equal((await one.start(leader, { startedAt: one.actual.actualStartsAt })).status, 400)
    const members = await run('select id from chart_members where chart_id = $1 order by joined_at, id', [
      one.chartId,
    ])
    const [member] = members
    const said = { members: [{ memberId: member?.id, presence: 'absent' }] }
    t.equal((await one.start(leader, said)).status, 400)
    const stranger = { members: [{ memberId: randomUUID() }] }
    t.equal((await one.start(leader, stranger)).body.code, 'unknown-reference')
    t.equal((await one.start(colleague)).status, 404)
    const twins = await Promise.all([one.start(leader), one.start(leader)])
    t.same(twins.map(({ status }) => status).toSorted(), [201, 409])
    const without = {
      groupMeetingId: undefined,
      sessionDate: '2026-01-05',
      record: { theme: 'x', ...record },
    }
    t.equal((await one.start(leader, without)).status, 400, 'who was there is said')
  })
})
