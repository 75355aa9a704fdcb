import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createRecoveryGround, day, type RecoveryGround } from '../support/recovery.ts'
import { signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

const settings = {
  name: 'smr',
  goal: 'Steadier attention (fictional).',
  sites: ['Cz'],
  reference: 'A1',
  ground: 'A2',
  montage: 'referential',
  rewardBands: [{ band: 'smr' }],
  inhibitBands: [{ band: 'theta', lowHz: 4, highHz: 7 }],
  thresholds: 'automatic',
  rewardTarget: { fromPercent: 60, toPercent: 80 },
  feedback: ['visual'],
  plannedSessions: 20,
  baselineId: null,
}

const baseline = {
  recordedOn: day(-3),
  method: 'qeeg',
  eyes: 'both',
  findings: 'More theta than expected (fictional).',
  medications: null,
  seizures: { history: 'none', note: null },
  headInjury: { history: 'possible', note: 'A fall (fictional).' },
  consentOn: day(-3),
}

t.test('neurofeedback', async t => {
  const test = await createTestApp(t)
  const start = (ground: RecoveryGround, more = {}) =>
    ground.made('neurofeedback-protocols', { settings: { ...settings, ...more } })
  const change = (
    ground: RecoveryGround,
    id: string,
    what: string,
    ifMatch: number,
    body: object,
    by = ground.clinician,
  ) => by.post(`${ground.url}/neurofeedback-protocols/${id}/${what}`, body, { ifMatch })

  t.test('settings are kept with the reason for each change, and one that ended stays', async t => {
    const ground = await createRecoveryGround(test)
    const protocol = await start(ground)
    t.match(protocol, { status: 'active', revision: 1, version: 1 })
    t.same(protocol.settings.rewardBands, [{ band: 'smr', lowHz: 12, highHz: 15 }])
    t.same(protocol.settings.inhibitBands, settings.inhibitBands)
    const longer = { settings: { ...settings, plannedSessions: 30 }, reason: 'Goes well (fictional).' }
    const { body: revised } = await change(ground, protocol.id, 'revisions', 1, longer)
    t.match(revised, { revision: 2, version: 2, settings: { plannedSessions: 30 } })
    t.equal((await change(ground, protocol.id, 'revisions', 1, longer)).body.code, 'stale-version')
    const to = (status: string, ifMatch: number) =>
      change(ground, protocol.id, 'status-changes', ifMatch, { status, reason: 'Fictional.' })
    for (const [status, version, code] of [
      ['active', 2, 'invalid-state'],
      ['paused', 2, undefined],
      ['paused', 3, 'invalid-state'],
      ['active', 3, undefined],
      ['ended', 4, undefined],
      ['active', 5, 'invalid-state'],
    ] as const)
      t.equal((await to(status, version)).body.code, code, `${status} at ${version}`)
    t.equal((await change(ground, protocol.id, 'revisions', 5, longer)).body.code, 'invalid-state')
    const { history } = await ground.read(`neurofeedback-protocols/${protocol.id}`)
    t.same(
      history.map((one: Record<string, unknown>) => [
        one.change,
        one.revision,
        one.reason,
        one.settings !== null,
      ]),
      [
        ['started', 1, null, true],
        ['revised', 2, 'Goes well (fictional).', true],
        ['paused', 2, 'Fictional.', false],
        ['resumed', 2, 'Fictional.', false],
        ['ended', 2, 'Fictional.', false],
      ],
    )
    t.equal(history[0].settings.plannedSessions, 20)
    const listed = await ground.read('neurofeedback-protocols?status=ended')
    t.match(listed.data, [{ id: protocol.id, settings: { plannedSessions: 30 } }])
    t.same((await ground.read('neurofeedback-protocols?status=active')).data, [])
  })

  t.test('of two who change it at once one is told', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await start(ground)
    const body = { settings, reason: 'Fictional.' }
    const twins = await Promise.all([1, 2, 3].map(() => change(ground, id, 'revisions', 1, body)))
    t.same(twins.map(({ status }) => status).sort(), [200, 412, 412])
  })

  t.test('what cannot be is refused', async t => {
    const ground = await createRecoveryGround(test)
    const pointer = async (more: object) => {
      const { status, body } = await ground.post('neurofeedback-protocols', {
        settings: { ...settings, ...more },
      })
      return [status, body.errors?.[0].pointer]
    }
    t.same(await pointer({ sites: [] }), [400, '/settings/sites'])
    t.same(await pointer({ sites: ['C z'] }), [400, '/settings/sites/0'])
    t.same(await pointer({ rewardBands: [{ band: 'smr' }, { band: 'smr' }] }), [400, '/settings/rewardBands'])
    t.same(await pointer({ rewardBands: [{ band: 'smr', lowHz: 15, highHz: 15 }] }), [
      400,
      '/settings/rewardBands/0/highHz',
    ])
    t.same(await pointer({ rewardTarget: { fromPercent: 80, toPercent: 60 } }), [
      400,
      '/settings/rewardTarget/toPercent',
    ])
    t.same(await pointer({ baselineId: randomUUID() }), [422, '/settings/baselineId'])
  })

  t.test('a baseline stays, and another one takes its place; once', async t => {
    const ground = await createRecoveryGround(test)
    const first = await ground.made('neurofeedback-baselines', baseline)
    t.match(first, { ...baseline, inForce: true, correctsId: null })
    t.equal((await start(ground, { baselineId: first.id })).settings.baselineId, first.id)
    const twins = await Promise.all(
      [1, 2].map(() => ground.post('neurofeedback-baselines', { ...baseline, correctsId: first.id })),
    )
    t.same(twins.map(({ status }) => status).sort(), [201, 409])
    const { data } = await ground.read('neurofeedback-baselines')
    t.same(
      data.map((one: { inForce: boolean }) => one.inForce),
      [true, false],
    )
    const refusal = async (more: object) => {
      const { status, body } = await ground.post('neurofeedback-baselines', { ...baseline, ...more })
      return [status, body.errors?.[0].pointer]
    }
    t.same(await refusal({ recordedOn: day(2) }), [400, '/recordedOn'])
    t.same(await refusal({ consentOn: day(2) }), [400, '/consentOn'])
    t.same(await refusal({ correctsId: randomUUID() }), [422, '/correctsId'])
  })

  t.test('a practice sets its own bands, and what was written keeps its own', async t => {
    const ground = await createRecoveryGround(test)
    const { owner } = ground.practice
    const before = await start(ground)
    const set = (afterRevision: number, more = {}) =>
      owner.post(
        '/v1/neurofeedback-bands',
        { band: 'smr', lowHz: 12.5, highHz: 15.5, source: 'An example device', afterRevision, ...more },
        { key: randomUUID() },
      )
    const twins = await Promise.all([set(0), set(0)])
    t.same(twins.map(({ status }) => status).sort(), [201, 409])
    t.equal((await set(0)).body.code, 'conflict')
    t.equal((await set(1, { lowHz: 16 })).body.errors[0].pointer, '/highHz')
    t.equal((await ground.clinician.post('/v1/neurofeedback-bands', {}, { key: randomUUID() })).status, 403)
    const { body } = await ground.clinician.get('/v1/neurofeedback-bands')
    t.match(body.data[3], { band: 'smr', lowHz: 12.5, highHz: 15.5, confidence: 'practice', revision: 1 })
    t.match(body.data[1], {
      band: 'theta',
      lowHz: 4,
      highHz: 8,
      confidence: 'general_knowledge',
      revision: 0,
    })
    t.same((await start(ground)).settings.rewardBands, [{ band: 'smr', lowHz: 12.5, highHz: 15.5 }])
    const kept = await ground.read(`neurofeedback-protocols/${before.id}`)
    t.same(kept.settings.rewardBands, [{ band: 'smr', lowHz: 12, highHz: 15 }])
    const elsewhere = await createRecoveryGround(test)
    t.equal((await elsewhere.clinician.get('/v1/neurofeedback-bands')).body.data[3].revision, 0)
  })

  t.test(
    'others do not find it: another practice, a clinician outside the team, a chart that is not its own',
    async t => {
      const [ground, other] = [await createRecoveryGround(test), await createRecoveryGround(test)]
      const { id } = await start(ground)
      const outsider = await ground.practice.staff(['clinician'])
      const frontDesk = await ground.practice.staff(['admin'])
      const path = `/neurofeedback-protocols/${id}`
      t.equal((await other.clinician.get(ground.url + path)).status, 404)
      t.equal((await other.clinician.get(other.url + path)).status, 404)
      t.equal((await outsider.get(ground.url + path)).status, 404)
      t.equal((await frontDesk.get(ground.url + path)).status, 403)
      t.equal((await ground.supervisor.get(ground.url + path)).status, 200)
      const step = { status: 'ended', reason: 'Fictional.' }
      t.equal((await change(ground, id, 'status-changes', 1, step, ground.supervisor)).status, 403)
      t.equal((await change(ground, id, 'status-changes', 1, step, outsider)).status, 404)
    },
  )

  t.test('a signature asks that the protocol is of this chart and had these settings', async t => {
    const [ground, other] = [await createRecoveryGround(test), await createRecoveryGround(test)]
    const { id: protocolId } = await start(ground)
    const { id: foreign } = await start(other)
    const partId = randomUUID()
    const session = (more: object) => ({
      parts: [
        {
          id: partId,
          kind: 'neurofeedback',
          content: {
            protocolId,
            protocolRevision: 1,
            impedances: [{ site: 'Cz', kiloohms: 4 }],
            rounds: [{ minutes: 20, amplitudes: [{ band: 'theta', microvolts: 11 }] }],
            sideEffects: [],
            ...more,
          },
        },
      ],
    })
    const at = `/parts/${partId}/content`
    const begun = await startNote(ground.clinician, ground.chartId, session({ protocolId: foreign }))
    t.match(begun, { status: 422, body: { errors: [{ pointer: `${at}/protocolId` }] } })
    const refused = async (content: object) => {
      const { body: note } = await startNote(ground.clinician, ground.chartId, session({}))
      const saved = await ground.clinician.patch(
        `/v1/session-notes/${note.id}`,
        { parts: { [partId]: { kind: 'neurofeedback', content } } },
        { ifMatch: note.version },
      )
      const { status, body } = await step(ground.clinician, note.id, 'signature', saved.body.version)
      return [status, body.errors?.[0].pointer]
    }
    t.same(await refused({ protocolId: foreign }), [422, `${at}/protocolId`])
    t.same(await refused({ protocolRevision: 2 }), [422, `${at}/protocolRevision`])
    t.same(await refused({ technicianId: other.clinician.staffId, supervisorId: ground.clinician.staffId }), [
      422,
      `${at}/technicianId`,
    ])
    t.same(await refused({ rounds: null }), [409, `${at}/rounds`])
    const signed = await signedNote(ground.clinician, ground.chartId, session({}))
    t.equal(signed.body.status, 'signed')
    const trend = await ground.read(`note-trends?subjectId=${protocolId}&measure=microvolts_theta`)
    t.match(trend.data, [{ partKind: 'neurofeedback', subjectId: protocolId, points: [{ value: 11 }] }])
  })
})
