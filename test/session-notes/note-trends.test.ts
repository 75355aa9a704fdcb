import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, link } from '../support/couples.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createRecoveryGround, type RecoveryGround } from '../support/recovery.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

const session = (sessionDate: string, peak: number, settlingMinutes: number, by = 'somatic') => ({
  startedAt: null,
  endedAt: null,
  sessionDate,
  parts: [
    {
      id: randomUUID(),
      kind: by,
      content: { activation: { start: 4, peak, end: 2 }, settlingMinutes, endOrientation: 'oriented' },
    },
  ],
})

t.test('note trends', async t => {
  const test = await createTestApp(t)
  const sign = async (ground: RecoveryGround, by: Caller, more: Record<string, unknown>) => {
    const { status, body } = await signedNote(by, ground.chartId, more)
    t.equal(status, 200, JSON.stringify(body))
    return body
  }
  const range = 'from=2026-01-01&to=2026-03-31'

  t.test(
    'series, slopes and rates of signed notes, worked by hand, in the same statements however many',
    async t => {
      const ground = await createRecoveryGround(test)
      const { clinician } = ground
      const taken = countingOn(test)
      const counted = async () => {
        taken()
        await ground.read(`note-trends?${range}`)
        return taken().statements
      }
      await sign(ground, clinician, session('2026-01-05', 8, 20))
      const few = await counted()
      await sign(ground, clinician, session('2026-01-19', 5, 12))
      await sign(ground, clinician, session('2026-01-12', 7, 19))
      t.equal(await counted(), few)
      const trends = await ground.read(`note-trends?${range}`)
      const of = (measure: string) => trends.data.find((one: { measure: string }) => one.measure === measure)
      t.same(
        of('activation_peak').points.map(({ sessionDate, value }: Record<string, unknown>) => [
          sessionDate,
          value,
        ]),
        [
          ['2026-01-05', 8],
          ['2026-01-12', 7],
          ['2026-01-19', 5],
        ],
      )
      t.same(of('activation_peak').summary, {
        first: 8,
        last: 5,
        change: -3,
        mean: 6.67,
        min: 5,
        max: 8,
        slopePerSession: -1.5,
      })
      t.match(of('settling_minutes').summary, { change: -8, mean: 17, slopePerSession: -4 })
      t.same(trends.rates, [{ rate: 'over_activated_sessions', value: 0, of: 3 }])
      t.match(trends, { truncated: false, attendance: { attended: 3, missed: 0, rate: 1 } })
      const one = await ground.read(`note-trends?${range}&partKind=somatic&measure=settling_minutes`)
      t.equal(one.data.length, 1)
      t.same((await ground.read('note-trends?from=2026-02-01&to=2026-03-31')).data, [])
      t.equal((await clinician.get(`${ground.url}/note-trends?from=2000-01-01&to=2026-01-01`)).status, 400)
      t.equal((await clinician.get(`${ground.url}/note-trends?partKind=astrology`)).status, 400)
    },
  )

  t.test('homework of the header is brought up next time, asked about and counted', async t => {
    const ground = await createRecoveryGround(test)
    const { clinician } = ground
    const rates = async () => (await ground.read(`note-trends?${range}`)).rates
    const day = (sessionDate: string) => ({ startedAt: null, endedAt: null, sessionDate })
    const first = await startNote(clinician, ground.chartId, day('2026-01-05'))
    const homework = [{ what: 'Walk' }, { what: 'Call', due: '2026-01-10' }, { what: 'Log', confidence: 7 }]
    const saved = await clinician.patch(
      `/v1/session-notes/${first.body.id}`,
      { header: { homework } },
      { ifMatch: 1 },
    )
    const overrides = first.body.checks.warnings.map((one: { pointer: string; code: string }) => ({
      pointer: one.pointer,
      code: one.code,
      reason: 'Kept on paper (fictional).',
    }))
    const signed = await step(clinician, first.body.id, 'signature', saved.body.version, { overrides })
    t.equal(signed.status, 200)
    t.same(await rates(), [], 'nothing was asked about yet')
    const { body: next } = await startNote(clinician, ground.chartId, {
      ...day('2026-01-12'),
      carryForward: true,
    })
    t.same(next.header.homeworkReview, [{ what: 'Walk' }, { what: 'Call' }, { what: 'Log' }])
    t.ok(next.carried.includes('/header/homeworkReview'))
    const answered = (results: (string | undefined)[]) => ({
      header: {
        homeworkReview: results.map((result, at) => ({
          what: homework[at]?.what,
          ...(result ? { result } : {}),
        })),
      },
    })
    const url = `/v1/session-notes/${next.id}`
    t.equal((await clinician.patch(url, answered(['maybe']), { ifMatch: 1 })).status, 400)
    t.equal((await clinician.patch(url, answered(['done', 'partly', undefined]), { ifMatch: 1 })).status, 200)
    t.notOk((await clinician.get(url)).body.carried.includes('/header/homeworkReview'))
    t.equal((await step(clinician, next.id, 'signature', 2, { overrides })).status, 200)
    t.same(await rates(), [{ rate: 'homework_done', value: 0.75, of: 1 }])
    const { data } = await ground.read(`note-trends?${range}&partKind=header`)
    t.match(data, [
      { partKind: 'header', measure: 'homework_completion', points: [{ partId: next.id, value: 75 }] },
    ])
  })

  t.test('what is a draft, waits, was returned or is in error does not count', async t => {
    const ground = await createRecoveryGround(test)
    const { clinician } = ground
    const points = async () => (await ground.read(`note-trends?${range}`)).data[0]?.points.length ?? 0
    await startNote(clinician, ground.chartId, session('2026-01-05', 8, 20))
    t.equal(await points(), 0)
    const note = await sign(ground, clinician, session('2026-01-06', 8, 20))
    t.equal(await points(), 1)
    await step(clinician, note.id, 'entered-in-error', note.version, { reason: 'Another chart (fictional).' })
    t.equal(await points(), 0)
    const associate = await ground.practice.staff(['clinician'], {
      supervisorId: ground.supervisor.staffId,
      cosignRequired: true,
    })
    const joined = await ground.practice.owner.post(
      `${ground.url}/care-team`,
      { staffId: associate.staffId, role: 'co_therapist' },
      { key: randomUUID() },
    )
    t.equal(joined.status, 201)
    const waiting = await sign(ground, associate, session('2026-01-07', 6, 10))
    t.equal(waiting.status, 'pending_cosign')
    t.equal(await points(), 0)
    await step(ground.supervisor, waiting.id, 'cosignature', waiting.version)
    t.equal(await points(), 1)
  })

  t.test('others do not find a chart’s trends', async t => {
    const [ground, other] = [await createRecoveryGround(test), await createRecoveryGround(test)]
    const outsider = await ground.practice.staff(['clinician'])
    t.equal((await other.clinician.get(`${ground.url}/note-trends`)).status, 404)
    t.equal((await outsider.get(`${ground.url}/note-trends`)).status, 404)
    t.equal((await ground.practice.owner.get(`${ground.url}/note-trends`)).status, 403)
    t.equal((await ground.supervisor.get(`${ground.url}/note-trends`)).status, 200)
  })

  t.test(
    'a couple part stands in couple charts, names its partners, and has no place for a screen',
    async t => {
      const practice = await createTestPractice(test)
      const clinician = await practice.staff(['clinician'])
      const people = couplePeople(test, practice)
      const [a, b] = [await people.client('Ash', [clinician]), await people.client('Birch', [clinician])]
      const stranger = await people.client('Cedar')
      const { body: couple } = await link(clinician, a.id, b.id)
      const partId = randomUUID()
      const part = (content: object, kind = 'couple') => ({ parts: [{ id: partId, kind, content }] })
      const joint = {
        present: 'both',
        topics: ['communication'],
        interventions: [{ approach: 'eft', what: 'Slowed the turn (fictional).' }],
        stances: [
          { clientId: a.id, engagement: 7 },
          { clientId: b.id, engagement: 4 },
        ],
      }
      const start = (chartId: string, more: object) =>
        startNote(clinician, chartId, more as Record<string, unknown>)
      t.equal((await start(a.chartId, part(joint))).status >= 400, true, 'not in a partner’s own chart')
      t.equal((await start(couple.chartId, part({}, 'somatic'))).status >= 400, true, 'nor somatic work here')
      const screened = await start(couple.chartId, part({ ...joint, safetyScreen: 'positive' }))
      t.equal(screened.status, 400)
      t.notMatch(JSON.stringify(screened.body), /positive/)
      const { body: note } = await start(couple.chartId, part(joint))
      const patched = await clinician.patch(
        `/v1/session-notes/${note.id}`,
        { parts: { [partId]: { kind: 'couple', content: { safetyScreen: 'positive' } } } },
        { ifMatch: note.version },
      )
      t.equal(patched.status, 400, JSON.stringify(patched.body))
      const strange = { ...joint, stances: [{ clientId: stranger.id }, { clientId: b.id }] }
      t.match(await start(couple.chartId, part(strange)), {
        status: 422,
        body: { errors: [{ pointer: `/parts/${partId}/content/stances/0/clientId` }] },
      })
      t.equal((await step(clinician, note.id, 'signature', note.version)).status, 200)
      const { body } = await clinician.get(`/v1/charts/${couple.chartId}/note-trends?measure=engagement`)
      t.same(
        body.data.map((one: { subjectId: string; points: { value: number }[] }) => [
          one.subjectId,
          one.points[0]?.value,
        ]),
        [
          [a.id, 7],
          [b.id, 4],
        ].toSorted(([x], [y]) => (String(x) < String(y) ? -1 : 1)),
      )
    },
  )
})
