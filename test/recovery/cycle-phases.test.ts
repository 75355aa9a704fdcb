import { randomUUID } from 'node:crypto'
import t from 'tap'
import { layClient } from '../support/clients-raw.ts'
import { day } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import type { Reply } from '../support/practice.ts'
import { createRecoveryGround } from '../support/recovery.ts'
import { createRecordGround, type RecordGround } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

const own = (phaseId: string, nextPhaseId?: string) => ({
  phase: 'own',
  phaseId,
  nextPhase: nextPhaseId ? 'own' : null,
  ...(nextPhaseId ? { nextPhaseId } : {}),
  brokenHere: false,
  intensity: 6,
})

t.test('own phases of the cycle', async t => {
  const test = await createTestApp(t)
  const phases = ({ chartId }: RecordGround) => `/v1/charts/${chartId}/cycle-phases`
  const add = async (ground: RecordGround, label: string, position = 1): Promise<Reply['body']> => {
    const reply = await ground.clinician.post(phases(ground), { label, position })
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
    return reply.body
  }

  t.test('a phase is added, changed, retired and comes back, and every version is kept', async t => {
    const ground = await createRecordGround(test)
    const { clinician, supervisor, practice } = ground
    const phase = await add(ground, 'The long evening', 2)
    t.match(phase, {
      status: 'active',
      label: 'The long evening',
      description: null,
      position: 2,
      version: 1,
    })
    const url = `${phases(ground)}/${phase.id}`
    const change = (body: Record<string, unknown>, ifMatch: number) => clinician.patch(url, body, { ifMatch })
    t.match((await change({ label: 'The empty house' }, 1)).body, { label: 'The empty house', version: 2 })
    t.equal((await change({ label: 'Too late' }, 1)).status, 412)
    t.equal((await change({ status: 'active' }, 2)).body.code, 'invalid-state')
    t.equal((await change({ position: 0 }, 2)).body.code, 'invalid-request')
    t.match((await change({ status: 'retired', reason: 'Moved (fictional).' }, 2)).body, {
      status: 'retired',
    })
    t.match((await change({ status: 'active' }, 3)).body, { status: 'active', version: 4 })
    t.equal((await clinician.get(`${url}?version=1`)).body.label, 'The long evening')
    const { history } = (await supervisor.get(url)).body
    t.same(
      history.map((one: { status: string }) => one.status),
      ['active', 'active', 'retired', 'active'],
    )
    t.equal(history[2].reason, 'Moved (fictional).')
    t.equal((await clinician.get(`${phases(ground)}?status=retired`)).body.data.length, 0)
    t.equal((await supervisor.post(phases(ground), { label: 'x', position: 1 })).status, 403)
    t.equal((await (await practice.staff(['clinician'])).get(url)).status, 404)
    t.equal((await (await createRecordGround(test)).clinician.get(url)).status, 404)
    const events = (await clinician.get(`/v1/charts/${ground.chartId}/timeline?limit=200`)).body.data
    t.same(
      events
        .map(({ type }: { type: string }) => type)
        .filter((type: string) => type.startsWith('cycle-phase')).length,
      4,
    )
  })

  t.test('entries name own phases of their chart that are in use, and no others', async t => {
    const ground = await createRecordGround(test)
    const { clinician, practice, write, made } = ground
    const [evening, trip] = [await add(ground, 'Evening'), await add(ground, 'On the road', 2)]
    const pointerOf = async (content: Record<string, unknown>, more: Record<string, unknown> = {}) => {
      const { status, body } = await write('cycle_entry', { ...more, content })
      return [status, body.code, body.errors?.[0].pointer]
    }
    await made('cycle_entry', { content: own(evening.id.toUpperCase(), trip.id) })
    await made('cycle_entry', { content: { ...own(trip.id), nextPhase: 'usage' } })
    t.same(await pointerOf({ phase: 'own' }), [400, 'invalid-request', '/content/phaseId'])
    t.same(await pointerOf({ phaseId: evening.id }), [400, 'invalid-request', '/content/phaseId'])
    t.same(await pointerOf({ nextPhaseId: evening.id }), [400, 'invalid-request', '/content/nextPhaseId'])
    const elsewhere = await layClient(test, practice, 'Sky', [[clinician, 'primary']])
    const theirs = await clinician.post(`/v1/charts/${elsewhere.chartId}/cycle-phases`, {
      label: 'x',
      position: 1,
    })
    for (const id of [theirs.body.id, ground.addictionId])
      t.same((await pointerOf(own(evening.id, id))).slice(1), ['unknown-reference', '/content/nextPhaseId'])
    await clinician.patch(`${phases(ground)}/${trip.id}`, { status: 'retired' }, { ifMatch: 1 })
    t.same((await pointerOf(own(trip.id))).slice(1), ['unknown-reference', '/content/phaseId'])
    const { cycle } = (await clinician.get(`/v1/charts/${ground.chartId}/recovery-insights`)).body
    t.same(cycle.transitions, [
      { from: evening.id, to: trip.id, count: 1, share: 1, timed: 0, meanHours: null },
      { from: trip.id, to: 'usage', count: 1, share: 1, timed: 0, meanHours: null },
    ])
  })

  t.test('a time of day is on the day of the entry, and times between phases come of it', async t => {
    const ground = await createRecordGround(test)
    const { clinician, write, made, chartId } = ground
    const at = (time: string) => `${day(-1)}T${time}:00.000Z`
    const wrong = await write('cycle_entry', { occurredOn: day(-3), content: { at: at('20:00') } })
    t.match(wrong.body.errors, [{ pointer: '/content/at', code: 'other-day' }])
    const phase = { brokenHere: false }
    const evening = await add(ground, 'Evening')
    const told = { occurredOn: day(-1) }
    await made('cycle_entry', {
      ...told,
      content: { ...own(evening.id), nextPhase: 'usage', at: at('18:00') },
    })
    await made('cycle_entry', {
      ...told,
      content: { ...phase, phase: 'usage', nextPhase: 'despair', at: at('20:30') },
    })
    const { cycle } = (await clinician.get(`/v1/charts/${chartId}/recovery-insights`)).body
    t.match(cycle.transitions, [
      { from: evening.id, to: 'usage', timed: 1, meanHours: 2.5 },
      { from: 'usage', to: 'despair', timed: 0, meanHours: null },
    ])
  })

  t.test('a client sees their own phases in use, in their order, and names them', async t => {
    const ground = await createRecoveryGround(test)
    const [second, first, gone] = [
      await ground.made('cycle-phases', { label: 'Second', position: 2 }),
      await ground.made('cycle-phases', { label: 'First', position: 1 }),
      await ground.made('cycle-phases', { label: 'Gone', position: 3 }),
    ]
    await ground.clinician.patch(
      `${ground.url}/cycle-phases/${gone.id}`,
      { status: 'retired' },
      { ifMatch: 1 },
    )
    const portal = await portalCaller(ground.practice, ground.clientId)
    t.same((await portal.get('/v1/portal/recovery')).body.cyclePhases, [
      { cyclePhaseId: first.id, label: 'First' },
      { cyclePhaseId: second.id, label: 'Second' },
    ])
    const send = (content: Record<string, unknown>) =>
      portal.post('/v1/portal/recovery-records', { kind: 'cycle_entry', content }, { key: randomUUID() })
    t.match((await send(own(first.id, second.id))).body, { content: { phase: 'own', phaseId: first.id } })
    t.equal((await send(own(gone.id))).body.code, 'unknown-reference')
  })
})
