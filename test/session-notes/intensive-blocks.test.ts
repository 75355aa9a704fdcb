import { randomUUID } from 'node:crypto'
import t from 'tap'
import { intensivesOf } from '../support/intensives.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { dapSections, step as noteStep, startNote } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

interface Made {
  id: string
  kind: string
}

t.test('notes of an intensive and the blocks they document', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const { run } = bookable
  const desk = await practice.staff(['admin'])
  /** Treats the couple and both partners; the others one partner each. */
  const lead = await practice.staff(['clinician'])
  const [hisOwn, herOwn] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
  const he = await bookable.client([lead, hisOwn])
  const she = await bookable.client([lead, herOwn])
  const couple = await bookable.couple([he.clientId, she.clientId], [lead])
  const intensives = await intensivesOf(bookable, practice, lead)
  const { planned, book, step, must, pass } = intensives

  /** A running day: both for 90 minutes, a break, he for 60, she for 60, both for 60; no other run is on that day. */
  let days = -2
  const running = async () => {
    days -= 2
    const alone = (name: string, hour: number, clinician: Caller) => ({
      startsAt: at(days, hour),
      kind: 'individual',
      participants: [name],
      clinicianIds: [clinician.staffId],
    })
    const id = await planned(desk, { coupleId: couple.coupleId }, [
      { startsAt: at(days, 16), durationMinutes: 90, clinicianIds: [lead.staffId] },
      { startsAt: at(days, 17, 30), durationMinutes: 30, kind: 'break', clinicianIds: [], roomId: null },
      alone('a', 18, lead),
      alone('b', 19, herOwn),
      { startsAt: at(days, 20) },
      { startsAt: at(days + 1, 16) },
    ])
    await must(book(desk, id))
    const started = { to: 'in_progress', despiteOpenGates: pass }
    const { blocks } = await must(step(lead, id, 'status-changes', started))
    const [morning, rest, his, hers, evening, tomorrow] = blocks.map(({ id: blockId }: Made) => blockId)
    const deliver = (...given: [blockId: string, minutes: number, reasonCode?: string][]) =>
      must(
        step(lead, id, 'deliveries', {
          blocks: given.map(([blockId, deliveredMinutes, reasonCode]) => ({
            blockId,
            deliveredMinutes,
            ...(reasonCode ? { reasonCode } : {}),
          })),
        }),
      )
    return { id, morning, rest, his, hers, evening, tomorrow, deliver, day: days }
  }
  const draft = (by: Caller, chartId: string, intensiveBlockIds: unknown[], more: object = {}) =>
    by.post(`/v1/charts/${chartId}/session-notes`, {
      template: 'dap',
      header: { risk: { status: 'denied' } },
      sections: dapSections,
      intensiveBlockIds,
      ...more,
    })
  const missing = async (by: Caller) =>
    (await by.get('/v1/missing-session-notes?limit=200')).body.data as Record<string, string>[]
  const lacks = async (by: Caller, blockId: string) =>
    (await missing(by)).filter(one => one.intensiveBlockId === blockId)

  t.test(
    'a day note takes times, place and attendance from its blocks, and billing their minutes',
    async t => {
      const { morning, evening, rest, his, deliver, day } = await running()
      t.same(await lacks(lead, morning), [], 'nobody said yet that it took place')
      await deliver([morning, 90], [evening, 20, 'illness'], [rest, 30], [his, 60])
      t.match(await lacks(lead, morning), [
        {
          chartId: couple.chartId,
          appointmentId: null,
          groupMeetingId: null,
          startedAt: at(day, 16),
          endedAt: at(day, 17, 30),
        },
      ])
      t.match(await lacks(lead, evening), [{ endedAt: at(day, 20, 20) }])
      t.match(await lacks(lead, his), [{ chartId: he.chartId }])
      t.same(await lacks(lead, rest), [], 'a break takes no note')
      t.same(await lacks(hisOwn, his), [], 'who did not give it owes none')
      const { status, body: note } = await draft(lead, couple.chartId, [evening, morning])
      t.equal(status, 201, JSON.stringify(note))
      t.match(note, {
        intensiveBlockIds: [morning, evening].toSorted(),
        appointmentId: null,
        startedAt: at(day, 16),
        endedAt: at(day, 20, 20),
        header: { place: { kind: 'office' } },
        carried: ['/header/attendance', '/header/place'],
      })
      t.same(
        note.header.attendance,
        [he, she].map(({ clientId }) => ({ clientId, presence: 'present', minutes: 110 })),
      )
      t.same([await lacks(lead, morning), await lacks(lead, evening)], [[], []])
      const stale = await noteStep(lead, note.id, 'signature', note.version + 1)
      t.equal(stale.body.code, 'stale-version')
      const signed = await noteStep(lead, note.id, 'signature', note.version)
      t.match(signed.body, { status: 'signed', intensiveBlockIds: note.intensiveBlockIds })
      const { body: facts } = await lead.get(`/v1/session-notes/${note.id}/billing-facts`)
      t.match(facts, { minutes: 110, attendanceCount: 2, suggestion: { code: null, reason: /intensive/ } })
      const { body: revision } = await lead.get(`/v1/session-notes/${note.id}/revisions/1`)
      t.same(revision.intensiveBlockIds, note.intensiveBlockIds, 'what it documents is signed too')
      t.equal((await draft(lead, couple.chartId, [morning])).body.code, 'already-exists')
      const wrong = await noteStep(lead, note.id, 'entered-in-error', signed.body.version, {
        reason: 'Twice (fictional).',
      })
      t.match(wrong.body, { status: 'entered_in_error', intensiveBlockIds: [] })
      t.equal((await lacks(lead, morning)).length, 1, 'its blocks are free again')
      t.same((await lead.get(`/v1/session-notes/${note.id}`)).body.intensiveBlockIds, [])
      t.equal((await draft(lead, couple.chartId, [morning])).status, 201)
    },
  )

  t.test('what one of the two has alone is of their own chart, and of nobody else’s', async t => {
    const { morning, rest, his, hers, deliver } = await running()
    await deliver([morning, 90], [his, 60], [hers, 45, 'illness'])
    t.match(await lacks(herOwn, hers), [{ chartId: she.chartId }])
    t.same(await lacks(lead, hers), [])
    const refused = async (by: Caller, chartId: string, ids: string[], at = 0) => {
      const { body } = await draft(by, chartId, ids)
      t.match(body, {
        code: 'unknown-reference',
        errors: [{ pointer: `/intensiveBlockIds/${at}` }],
      })
      return body
    }
    const strange = await refused(herOwn, she.chartId, [randomUUID()])
    const tells = ({ instance: _instance, requestId: _requestId, ...rest }: Record<string, unknown>) => rest
    const partners = await refused(herOwn, she.chartId, [his])
    t.same(tells(partners), tells(strange), 'the other partner’s block is none')
    await refused(hisOwn, he.chartId, [hers])
    await refused(herOwn, she.chartId, [hers, his], 1)
    await refused(herOwn, she.chartId, [morning])
    await refused(lead, couple.chartId, [his])
    await refused(lead, couple.chartId, [rest])
    t.equal((await draft(herOwn, couple.chartId, [morning])).status, 404)
    t.equal((await draft(hisOwn, she.chartId, [hers])).status, 404)
    const own = await draft(herOwn, she.chartId, [hers])
    t.same(own.body.header.attendance, [{ clientId: she.clientId, presence: 'present', minutes: 45 }])
    t.same(await lacks(herOwn, hers), [])
    const other = await createTestPractice(test)
    const elsewhere = await createBookablePractice(test, other)
    const stranger = await other.staff(['clinician'])
    const { chartId } = await elsewhere.client([stranger])
    await refused(stranger, chartId, [his])
    const { chartId: third } = await bookable.client([lead])
    await refused(lead, third, [his])
    const ties = await run('select block_id from session_note_blocks where note_id = $1', [own.body.id])
    t.same(ties, [{ block_id: hers }])
  })

  t.test('a block is documented before it is delivered, and its note not signed', async t => {
    const { id, morning, evening, tomorrow, deliver, day } = await running()
    const { body: note } = await draft(lead, couple.chartId, [morning])
    t.match(note, { startedAt: null, sessionDate: at(day, 16).slice(0, 10), carried: [] })
    const header = { attendance: [{ clientId: he.clientId, presence: 'present' }], place: { kind: 'office' } }
    const times = { startedAt: at(day, 16, 5), endedAt: at(day, 17, 0) }
    const saved = await lead.patch(
      `/v1/session-notes/${note.id}`,
      { header, ...times },
      { ifMatch: note.version },
    )
    const sign = () => noteStep(lead, note.id, 'signature', saved.body.version)
    t.equal((await sign()).body.code, 'invalid-state')
    await deliver([morning, 0, 'illness'])
    t.equal((await sign()).body.code, 'invalid-state', 'nothing of it was given')
    t.equal((await draft(lead, couple.chartId, [morning])).body.code, 'invalid-state')
    await deliver([morning, 50, 'illness'], [evening, 60])
    t.equal((await sign()).body.status, 'signed')
    const { body: facts } = await lead.get(`/v1/session-notes/${note.id}/billing-facts`)
    t.match(facts, { ...times, minutes: 50 }, 'minutes are those of the block')
    await must(step(desk, id, 'cancellation', { reasonCode: 'other', by: 'client', blockIds: [tomorrow] }))
    t.equal((await draft(lead, couple.chartId, [tomorrow])).body.code, 'invalid-state')
  })

  t.test('twins, several days, several things and wrong values are refused', async t => {
    const { morning, evening, tomorrow, deliver, day } = await running()
    await deliver([morning, 90], [evening, 60])
    const refusedAt = async (ids: unknown[], pointer: string, more: object = {}) => {
      const { status, body } = await draft(lead, couple.chartId, ids, more)
      t.same([status, body.errors?.[0]?.pointer], [400, pointer], JSON.stringify(body))
    }
    await refusedAt([morning, tomorrow], '/intensiveBlockIds')
    await refusedAt([], '/intensiveBlockIds')
    await refusedAt([morning, morning], '/intensiveBlockIds')
    await refusedAt(['x'], '/intensiveBlockIds/0')
    await refusedAt([morning], '/sessionDate', { startedAt: at(day + 1, 16), endedAt: at(day + 1, 17) })
    const { body: appointment } = await bookingsOf(bookable, hisOwn, he.clientId).book(desk, at(9, 16))
    await refusedAt([morning], '/intensiveBlockIds', { appointmentId: appointment.id })
    const twins = await Promise.all([1, 2].map(() => draft(lead, couple.chartId, [morning, evening])))
    t.same(twins.map(({ status }) => status).toSorted(), [201, 409])
    t.equal((await draft(lead, couple.chartId, [evening])).body.code, 'already-exists')
    const without = await startNote(lead, couple.chartId)
    t.same(without.body.intensiveBlockIds, [])
  })

  t.test('two who gave a block together write of one session', async t => {
    const { morning, deliver } = await running()
    await deliver([morning, 90])
    const helper = await practice.staff(['clinician'])
    await run(
      "insert into care_team_members (practice_id, id, chart_id, staff_id, role, starts_on) values ($1, $2, $3, $4, 'co_therapist', '2020-01-01')",
      [practice.id, randomUUID(), couple.chartId, helper.staffId],
    )
    const count = async () => {
      const { body } = await lead.get(`/v1/charts/${couple.chartId}/attendance`)
      return body.months.reduce((sum: number, month: { sessions: number }) => sum + month.sessions, 0)
    }
    const before = await count()
    for (const by of [lead, helper]) {
      const { body } = await draft(by, couple.chartId, [morning])
      t.equal((await noteStep(by, body.id, 'signature', body.version)).body.status, 'signed')
    }
    t.equal(await count(), before + 1)
  })
})
