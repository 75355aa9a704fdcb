import { randomUUID } from 'node:crypto'
import t from 'tap'
import { portalCaller } from '../support/portal.ts'
import { createRecoveryGround, day, type RecoveryGround } from '../support/recovery.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { createTestApp } from '../support/test-app.ts'

const urge = (target: string, strength: number, acted: boolean | null = false) => ({
  target,
  urge: strength,
  acted,
  times: null,
})

t.test('diary cards', async t => {
  const test = await createTestApp(t)
  const card = (ground: RecoveryGround, coversOn: string, more: object = {}) =>
    ground.made('diary-cards', { coversOn, ...more })
  const alertsOf = async (ground: RecoveryGround) =>
    (await ground.clinician.get(`/v1/alerts?chartId=${ground.chartId}`)).body.data

  t.test('of a day one card is in force; a correction keeps both', async t => {
    const ground = await createRecoveryGround(test)
    const first = await card(ground, day(-3), { skillUse: 4, note: 'A long day (fictional).' })
    t.match(first, { inForce: true, enteredOn: day(), enteredBy: 'staff', skillUse: 4, sleepMinutes: null })
    t.same([first.emotions, first.urges, first.skills], [[], [], []])
    const twins = await Promise.all([1, 2, 3].map(() => ground.post('diary-cards', { coversOn: day(-4) })))
    t.same(twins.map(({ status }) => status).sort(), [201, 409, 409])
    t.match(twins.find(({ status }) => status === 409)?.body, {
      code: 'already-exists',
      errors: [{ pointer: '/coversOn' }],
    })
    const corrections = await Promise.all(
      [5, 6].map(skillUse => ground.post(`diary-cards/${first.id}/corrections`, { skillUse })),
    )
    t.same(corrections.map(({ status }) => status).sort(), [201, 409])
    const fixed = corrections.find(({ status }) => status === 201)?.body
    t.match(fixed, { supersedesId: first.id, coversOn: day(-3), note: null, inForce: true })
    t.equal((await ground.post(`diary-cards/${randomUUID()}/corrections`, { skillUse: 1 })).status, 404)
    const days = async (query: string) =>
      (await ground.read(`diary-cards?${query}`)).data.map((one: { coversOn: string }) => one.coversOn)
    t.same(await days(''), [day(-3), day(-4)])
    t.same(await days(`superseded=true&from=${day(-3)}`), [day(-3), day(-3)])
    const page = await ground.read('diary-cards?limit=1')
    t.same((await ground.read(`diary-cards?limit=1&cursor=${page.nextCursor}`)).data[0].coversOn, day(-4))
  })

  t.test('what cannot be is refused, and nothing of it repeated', async t => {
    const ground = await createRecoveryGround(test)
    const pointer = async (more: object) =>
      (await ground.post('diary-cards', { coversOn: day(-1), ...more })).body.errors[0].pointer
    t.equal(await pointer({ coversOn: day(2) }), '/coversOn')
    t.equal(await pointer({ coversOn: '1850-01-01' }), '/coversOn')
    t.equal(await pointer({ urges: [urge('suicide', 6)] }), '/urges/0/urge')
    t.equal(await pointer({ urges: [urge('suicide', 1), urge('suicide', 2)] }), '/urges')
    t.equal(await pointer({ emotions: [1, 2].map(strength => ({ emotion: 'joy', strength })) }), '/emotions')
    t.equal(await pointer({ skills: ['pausing', 'pausing'] }), '/skills')
    t.equal(await pointer({ skillUse: 8 }), '/skillUse')
    const { status, body } = await ground.post('diary-cards', { coversOn: day(-1), canary: 'canary' })
    t.equal(status, 400)
    t.notMatch(JSON.stringify(body), /canary/)
    t.same((await ground.read('diary-cards')).data, [])
  })

  t.test(
    'an urge to suicide at the threshold raises one alert, a stronger one another, a weaker one none',
    async t => {
      const ground = await createRecoveryGround(test)
      await card(ground, day(-2), { urges: [urge('suicide', 2), urge('self_harm', 5, true)] })
      t.same(await alertsOf(ground), [])
      const told = await card(ground, day(-1), { urges: [urge('suicide', 3)] })
      t.match(await alertsOf(ground), [
        {
          rule: 'suicide_urge',
          severity: 'urgent',
          evidence: { diaryCardId: told.id, urge: 3, acted: false, coversOn: day(-1) },
        },
      ])
      const again = await ground.made(`diary-cards/${told.id}/corrections`, { urges: [urge('suicide', 3)] })
      t.equal((await alertsOf(ground)).length, 1, 'the same is told once')
      await ground.made(`diary-cards/${again.id}/corrections`, { urges: [urge('suicide', 5)] })
      t.equal((await alertsOf(ground)).length, 2, 'a stronger one is news')
      await card(ground, day(-20), { urges: [urge('suicide', 4)] })
      await card(ground, day(), { urges: [urge('suicide', 1, true)] })
      const severities = (await alertsOf(ground)).map(
        (one: { evidence: { coversOn: string }; severity: string }) => [one.evidence.coversOn, one.severity],
      )
      t.same(severities.sort(), [
        [day(-20), 'attention'],
        [day(-1), 'urgent'],
        [day(-1), 'urgent'],
        [day(), 'urgent'],
      ])
    },
  )

  t.test(
    'a client sends their own cards, is told at once whom to reach, and corrects what they sent',
    async t => {
      const ground = await createRecoveryGround(test)
      const portal = await portalCaller(ground.practice, ground.clientId)
      const send = (body: object) => portal.post('/v1/portal/diary-cards', body, { key: randomUUID() })
      const calm = await send({ coversOn: day(-1), urges: [urge('suicide', 2)], note: 'Fine (fictional).' })
      t.match(calm, {
        status: 201,
        body: { crisis: null, card: { enteredBy: 'client', recordedById: null } },
      })
      const worried = await send({ coversOn: day(), urges: [urge('suicide', 4)] })
      t.match(worried.body.crisis.contacts[0], { reach: 'Call or text 988' })
      t.equal((await alertsOf(ground)).length, 1)
      const correct = (id: string, body: object) =>
        portal.post(`/v1/portal/diary-cards/${id}/corrections`, body, { key: randomUUID() })
      t.equal((await correct(calm.body.card.id, { skillUse: 2 })).body.card.skillUse, 2)
      const { id } = await card(ground, day(-5))
      t.equal((await correct(id, { skillUse: 2 })).body.code, 'invalid-state', 'staff entered it')
      const other = await createRecoveryGround(test)
      const stranger = await portalCaller(other.practice, other.clientId)
      t.same((await stranger.get('/v1/portal/diary-cards')).body.data, [])
      const foreign = await stranger.post(
        `/v1/portal/diary-cards/${worried.body.card.id}/corrections`,
        { skillUse: 2 },
        { key: randomUUID() },
      )
      t.equal(foreign.status, 404)
      t.equal((await portal.get('/v1/portal/diary-cards')).body.data.length, 3)
      t.equal((await portal.get(`${ground.url}/diary-cards`)).status, 403)
      t.equal((await ground.supervisor.get(`${ground.url}/diary-cards`)).status, 200)
      const outsider = await ground.practice.staff(['clinician'])
      t.equal((await outsider.get(`${ground.url}/diary-cards`)).status, 404)
      t.equal((await ground.practice.owner.get(`${ground.url}/diary-cards`)).status, 403)
    },
  )

  t.test('trends by week cost the same however many cards there are', async t => {
    const ground = await createRecoveryGround(test)
    const taken = countingOn(test)
    const trends = async () => {
      taken()
      const body = await ground.read('diary-card-trends?from=2026-01-05&to=2026-01-18')
      return { body, statements: taken().statements }
    }
    await card(ground, '2026-01-06', {
      urges: [urge('self_harm', 4, true)],
      skills: ['pausing'],
      skillUse: 2,
    })
    const few = await trends()
    for (const at of [7, 8, 9, 13])
      await card(ground, `2026-01-${String(at).padStart(2, '0')}`, {
        urges: [urge('self_harm', 1)],
        skillUse: 5,
      })
    const many = await trends()
    t.equal(many.statements, few.statements)
    t.match(many.body, { suicideUrgeThreshold: { value: 3, confidence: 'general_knowledge' } })
    t.match(many.body.weeks, [
      {
        weekOf: '2026-01-05',
        cards: 4,
        blankDays: 2,
        urges: [{ target: 'self_harm', max: 4, mean: 1.75, urgeDays: 4, actedDays: 1, notActedShare: 0.75 }],
        skillsPerDay: 0.25,
        skillUseMean: 4.25,
      },
      { weekOf: '2026-01-12', cards: 1, blankDays: 6 },
    ])
    for (const [range, pointer, code] of [
      ['from=2024-01-01&to=2026-01-01', 'query/from', 'too-long'],
      ['from=2026-01-02&to=2026-01-01', 'query/from', 'order'],
      ['to=0001-01-01', 'query/to', 'too-early'],
    ] as const) {
      const { status, body } = await ground.clinician.get(`${ground.url}/diary-card-trends?${range}`)
      t.match({ status, errors: body.errors }, { status: 400, errors: [{ pointer, code }] }, range)
    }
  })
})
