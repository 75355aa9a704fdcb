import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createApiClientCaller } from '../support/api-client.ts'
import { layClient, layCoupleChart } from '../support/clients-raw.ts'
import { createEmdrGround } from '../support/emdr.ts'
import { createGroupGround, memberNote, startGroupSession } from '../support/group-sessions.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { headerFor, signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { activePlan, objective } from '../support/treatment-plans.ts'

const on = (sessionDate: string) => ({ sessionDate, startedAt: null, endedAt: null })

t.test('plan and notes side by side', async t => {
  const test = await createTestApp(t)
  const { practice, supervisor, clinician, associate, clientId, chartId } = await createEmdrGround(test)
  const header = await headerFor(clinician, chartId)
  const range = '?from=2026-01-01&to=2026-03-31'
  const threadOf = async (by = clinician, more = range) =>
    by.get(`/v1/charts/${chartId}/golden-thread${more}`)
  const sign = async (by: typeof clinician, more: Record<string, unknown>) => {
    const signed = await signedNote(by, chartId, more)
    t.equal(signed.status, 200)
    return signed.body
  }

  t.test('without a plan every note is one without objectives', async t => {
    const note = await sign(clinician, on('2026-01-02'))
    const { body } = await threadOf()
    t.match(body, { planId: null, objectives: [], notesWithoutObjectivesCount: 1 })
    t.same(body.notesWithoutObjectives, [
      { noteId: note.id, sessionDate: '2026-01-02', authorId: clinician.staffId },
    ])
  })

  t.test('objectives are counted by final notes, and gaps are named both ways', async t => {
    const plan = await activePlan(
      clinician,
      { id: clientId, chartId },
      { objectives: [objective('o1'), objective('o2'), objective('o3')] },
    )
    const about = (...keys: string[]) => ({
      header: { ...header, objectives: keys.map(objectiveKey => ({ planId: plan.id, objectiveKey })) },
    })
    await sign(clinician, { ...on('2025-12-05'), ...about('o1', 'o3') })
    await sign(clinician, { ...on('2026-01-05'), ...about('o1') })
    const wrong = await sign(clinician, { ...on('2026-02-01'), ...about('o1', 'o2') })
    await step(clinician, wrong.id, 'entered-in-error', wrong.version, { reason: 'x' })
    const waiting = await sign(associate, { ...on('2026-02-02'), ...about('o2') })
    await startNote(clinician, chartId, { ...on('2026-02-03'), ...about('o2') })
    await sign(clinician, { ...on('2026-03-01'), ...about('o1') })
    const { body } = await threadOf()
    t.equal(body.planId, plan.id)
    t.same(
      body.objectives.map((one: { objectiveKey: string; notes: number; lastAddressedOn: string | null }) => [
        one.objectiveKey,
        one.notes,
        one.lastAddressedOn,
      ]),
      [
        ['o1', 2, '2026-03-01'],
        ['o2', 0, null],
        ['o3', 0, '2025-12-05'],
      ],
    )
    t.same(body.objectivesWithoutNotes, ['o2', 'o3'])
    t.equal(body.notesWithoutObjectivesCount, 1)
    await step(supervisor, waiting.id, 'cosignature', waiting.version)
    t.same((await threadOf()).body.objectivesWithoutNotes, ['o3'], 'once co-signed it counts')
    const march = await threadOf(clinician, '?from=2026-03-01&to=2026-03-01')
    t.match(march.body, { objectivesWithoutNotes: ['o2', 'o3'], notesWithoutObjectivesCount: 0 })
  })

  t.test('a session that nobody came to needs no objective, and is counted as missed', async t => {
    const noShow = {
      id: randomUUID(),
      kind: 'no_show',
      content: { reachedOut: ['called'], followUp: 'Call.' },
    }
    const absent = { ...header, attendance: [{ clientId, presence: 'absent' }] }
    const before = (await threadOf()).body.notesWithoutObjectivesCount
    const { body } = await startNote(clinician, chartId, {
      ...on('2026-02-10'),
      header: absent,
      parts: [noShow],
    })
    t.equal((await step(clinician, body.id, 'signature', body.version)).status, 200)
    const late = { ...header, attendance: [{ clientId, presence: 'late', minutes: 30 }] }
    await sign(clinician, { ...on('2026-02-11'), header: late })
    await sign(clinician, { ...on('2026-02-12'), header: absent })
    t.equal((await threadOf()).body.notesWithoutObjectivesCount, before + 2)
    const { body: attendance } = await clinician.get(`/v1/charts/${chartId}/attendance${range}`)
    t.same(attendance.months, [
      { month: '2026-01', sessions: 2, present: 2, late: 0, absent: 0, noShow: 0 },
      { month: '2026-02', sessions: 4, present: 1, late: 1, absent: 1, noShow: 1 },
      { month: '2026-03', sessions: 1, present: 1, late: 0, absent: 0, noShow: 0 },
    ])
  })

  t.test('two who write of one appointment count its people once, and the trends say the same', async t => {
    const house = await createTestPractice(test)
    const bookable = await createBookablePractice(test, house)
    const [one, other] = [await house.staff(['clinician']), await house.staff(['clinician'])]
    const client = await bookable.client([one, other])
    const { book } = bookingsOf(bookable, one, client.clientId)
    const booked = await book(house.owner, at(-2, 18))
    t.equal(booked.status, 201, JSON.stringify(booked.body))
    const note = async (by: typeof one, presence: string, more: object = {}) => {
      const attendance = [{ clientId: client.clientId, presence }]
      const header = { attendance, risk: { status: 'denied' } }
      t.equal((await signedNote(by, client.chartId, { header, ...more })).status, 200)
    }
    const counted = async () => {
      const read = async (what: string) => (await one.get(`/v1/charts/${client.chartId}/${what}`)).body
      const { months } = await read('attendance')
      const sum = (of: string) =>
        months.reduce((total: number, month: Record<string, number>) => total + (month[of] ?? 0), 0)
      const { attended, missed, rate } = (await read('note-trends')).attendance
      return {
        months: [sum('sessions'), sum('present'), sum('late'), sum('absent')],
        trends: [attended, missed, rate],
      }
    }
    const appointmentId = booked.body.id
    await note(one, 'absent', { appointmentId })
    t.same(await counted(), { months: [1, 0, 0, 1], trends: [0, 1, 0] })
    await note(other, 'late', { appointmentId })
    t.same(await counted(), { months: [1, 0, 1, 0], trends: [1, 0, 1] })
    await note(other, 'present')
    t.same(
      await counted(),
      { months: [2, 1, 1, 0], trends: [2, 0, 1] },
      'one without an appointment is its own',
    )
  })

  t.test('a group is counted by the signed records of its sessions', async t => {
    const ground = await createGroupGround(test)
    const { facilitator, groupChartId, ana, boris, cleo } = ground
    const members = [
      { memberId: ana.memberId, presence: 'present', note: memberNote },
      { memberId: boris.memberId, presence: 'absent' },
      { memberId: cleo.memberId, presence: 'late' },
    ]
    const attendance = () => facilitator.get(`/v1/charts/${groupChartId}/attendance${range}`)
    const { body } = await startGroupSession(facilitator, groupChartId, { ...on('2026-02-03'), members })
    t.same((await attendance()).body.months, [], 'a draft is not counted')
    const url = `/v1/charts/${groupChartId}/group-sessions/${body.session.id}/signature`
    await facilitator.post(url, undefined, { ifMatch: 1, key: randomUUID() })
    t.same((await attendance()).body.months, [
      { month: '2026-02', sessions: 1, present: 1, late: 1, absent: 1, noShow: 0 },
    ])
    t.equal((await ground.outsider.get(`/v1/charts/${groupChartId}/attendance`)).status, 404)
  })

  t.test('who may read neither the notes nor the plan is answered nothing', async t => {
    t.equal((await threadOf(supervisor)).status, 200, 'the supervisor of somebody on the care team may')
    const outsider = await practice.staff(['clinician'])
    const { clinician: stranger } = await createEmdrGround(test)
    const partnerClinician = await practice.staff(['clinician'])
    const partner = await layClient(test, practice, 'Sam', [[partnerClinician, 'primary']])
    const couple = await layCoupleChart(
      test,
      practice,
      [clientId, partner.clientId],
      [[partnerClinician, 'primary']],
    )
    t.equal((await partnerClinician.get(`/v1/charts/${couple}/golden-thread`)).status, 200)
    for (const by of [outsider, stranger, partnerClinician])
      for (const what of ['golden-thread', 'attendance'])
        t.equal((await by.get(`/v1/charts/${chartId}/${what}`)).status, 404)
    const portal = await portalCaller(practice, clientId)
    const machine = await createApiClientCaller(test, practice, ['notes:read'])
    const biller = await practice.staff(['biller'])
    for (const by of [portal, biller, practice.owner, machine]) t.equal((await threadOf(by)).status, 403)
    for (const by of [portal, biller, practice.owner])
      t.equal((await by.get(`/v1/charts/${chartId}/attendance`)).status, 403)
    for (const bad of ['?from=2026-02-01&to=2026-01-01', '?from=2001-01-01', '?from=soon'])
      for (const what of ['golden-thread', 'attendance'])
        t.equal((await clinician.get(`/v1/charts/${chartId}/${what}${bad}`)).status, 400)
  })
})
