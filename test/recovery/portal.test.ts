import { randomUUID } from 'node:crypto'
import t from 'tap'
import { layClient } from '../support/clients-raw.ts'
import { portalCaller } from '../support/portal.ts'
import { createRecoveryGround, day, type RecoveryGround } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

const about = (addictionId: string, urge: number | null, innerCircle: boolean | null = false) => ({
  addictionId,
  urge,
  innerCircle,
  middleCircle: null,
  outerCircle: true,
})

t.test('recovery work at the portal', async t => {
  const test = await createTestApp(t)
  const alertsOf = async (ground: RecoveryGround) =>
    (await ground.clinician.get(`/v1/alerts?chartId=${ground.chartId}`)).body.data
  const ruleNames = async (ground: RecoveryGround) =>
    (await alertsOf(ground)).map(({ rule }: { rule: string }) => rule)

  t.test('at the portal a client sees and sends their own, and nothing else', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction({ ownWord: 'my nights', soberSince: day(-9), role: 'canary-role' })
    const hidden = await ground.addiction({ type: 'work', inCheckIns: false })
    const definition = await ground.made('sobriety-definitions', {
      addictionId: id,
      afterNumber: 0,
      note: 'canary-note',
      items: [{ text: 'Chats', circle: 'inner' }],
    })
    await ground.made('coping-skills', {
      name: 'Breathe',
      family: 'grounding',
      level: 'learned',
      note: 'canary',
    })
    await ground.made('abstinence-contracts', {
      scope: 'self',
      partnerSex: 'allowed',
      plannedDays: 30,
      purpose: 'canary',
    })
    const portal = await portalCaller(ground.practice, ground.clientId)
    const own = await portal.get('/v1/portal/recovery')
    t.equal(own.status, 200)
    t.match(own.body, {
      today: day(),
      addictions: [
        {
          addictionId: id,
          ownWord: 'my nights',
          streak: { currentDays: 10 },
          definition: { items: [{ text: 'Chats' }] },
        },
      ],
      contracts: [],
      copingSkills: [{ name: 'Breathe' }],
    })
    t.equal(own.body.addictions.length, 1)
    t.notMatch(JSON.stringify(own.body), /canary/)
    const send = (path: string, body: Record<string, unknown>) =>
      portal.post(`/v1/portal/${path}`, body, { key: randomUUID() })
    const sent = await send('check-ins', {
      kind: 'daily',
      coversOn: day(-1),
      mood: 3,
      addictions: [about(id, 9)],
    })
    t.match([sent.status, sent.body], [201, { enteredBy: 'client', recordedById: null, daysLate: 1 }])
    t.equal((await send('check-ins', { kind: 'daily', coversOn: day(-1) })).body.code, 'already-exists')
    const strange = await send('check-ins', {
      kind: 'daily',
      coversOn: day(),
      addictions: [about(hidden.id, 1)],
    })
    t.equal(strange.body.code, 'unknown-reference')
    const fixed = await send(`check-ins/${sent.body.id}/corrections`, { mood: 5 })
    t.match([fixed.status, fixed.body], [201, { supersedesId: sent.body.id, enteredBy: 'client' }])
    const byStaff = await ground.checkIn(day(-2), { note: 'canary-staff-note', mood: 2 })
    t.equal((await send(`check-ins/${byStaff.id}/corrections`, { mood: 5 })).body.code, 'invalid-state')
    const list = await portal.get('/v1/portal/check-ins')
    t.same(
      list.body.data.map(({ mood }: { mood: number }) => mood),
      [5, 2],
    )
    t.notMatch(JSON.stringify(list.body), /canary/)
    const itemIds = [definition.items[0].itemId]
    const lapse = await send('lapses', { addictionId: id, occurredOn: day(), severity: 'slip', itemIds })
    t.equal(lapse.status, 201)
    t.match(await ground.read(`lapses/${lapse.body.id}`), {
      countsAs: 'inner',
      history: [{ enteredBy: 'client', recordedById: null }],
    })
    t.equal(
      (await send('lapses', { addictionId: id, occurredOn: day(), severity: 'slip', behaviorIds: [] }))
        .status,
      400,
    )
    t.match((await portal.get('/v1/portal/recovery')).body.addictions[0].streak, { currentDays: 0 })
    const urge = { occurredAt: new Date().toISOString(), stage: 'cue', urgeBefore: 10, outcome: 'passed' }
    t.equal((await send('urges', urge)).status, 201)
    t.same((await ruleNames(ground)).sort(), ['strong_urge', 'strong_urge'])
    t.equal((await portal.get(`${ground.url}/recovery-figures`)).status, 403)
    t.equal((await ground.clinician.get('/v1/portal/recovery')).status, 403)
    const other = await layClient(test, ground.practice, 'Sky', [[ground.clinician, 'primary']])
    const stranger = await portalCaller(ground.practice, other.clientId)
    t.same((await stranger.get('/v1/portal/check-ins')).body.data, [])
    const foreign = await stranger.post(
      `/v1/portal/check-ins/${fixed.body.id}/corrections`,
      { mood: 1 },
      { key: randomUUID() },
    )
    t.equal(foreign.status, 404)
  })

  t.test('whom to reach at once comes with the answer, and staff have the practice’s time', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction()
    const { version } = (await ground.practice.owner.get('/v1/practice')).body
    const policies = { policies: { riskResponseMinutes: 15 } }
    await ground.practice.owner.patch('/v1/practice', policies, { ifMatch: version })
    const portal = await portalCaller(ground.practice, ground.clientId)
    const send = (path: string, body: Record<string, unknown>) =>
      portal.post(`/v1/portal/${path}`, body, { key: randomUUID() })
    const crisis = { contacts: [{ reach: /988/ }], source: /./ }
    const calm = await send('check-ins', { kind: 'daily', coversOn: day(), hopelessness: 7, depression: 7 })
    t.match([calm.status, calm.body], [201, { hopelessness: 7, crisis: null }])
    t.same(await alertsOf(ground), [])
    const fixed = await send(`check-ins/${calm.body.id}/corrections`, { hopelessness: 10 })
    t.match([fixed.status, fixed.body], [201, { supersedesId: calm.body.id, crisis }])
    const late = await send('check-ins', { kind: 'daily', coversOn: day(-20), depression: 8 })
    t.match(late.body.crisis, crisis, 'also with what is told late')
    const told = { addictionId: id, occurredOn: day(), severity: 'lapse' }
    t.same((await send('lapses', told)).body.crisis, null)
    const unsafe = await send('lapses', { ...told, safetyConcern: true })
    t.match([unsafe.status, unsafe.body], [201, { crisis }])
    const alerts = await alertsOf(ground)
    t.same(alerts.map(({ rule }: { rule: string }) => rule).sort(), ['hopelessness', 'lapse_safety'])
    for (const { raisedAt, respondBy } of alerts)
      t.equal(Math.round((Date.parse(respondBy) - Date.parse(raisedAt)) / 60_000), 15)
    const refused = await send('lapses', { ...told, occurredOn: day(1), safetyConcern: true })
    t.match([refused.status, refused.body.crisis], [400, undefined])
    const list = await portal.get('/v1/portal/check-ins')
    t.notOk('crisis' in list.body.data[0], 'what is read again has none')
  })

  t.test('a client adds what helps and what sets urges off, and names it from then on', async t => {
    const ground = await createRecoveryGround(test)
    const portal = await portalCaller(ground.practice, ground.clientId)
    const send = (path: string, body: Record<string, unknown>, key: string = randomUUID()) =>
      portal.post(`/v1/portal/${path}`, body, { key })
    const key = randomUUID()
    const skill = { name: 'Walk around the block', family: 'grounding', level: 'learned' }
    const added = await send('coping-skills', skill, key)
    t.match([added.status, Object.keys(added.body)], [201, ['id', 'createdAt']])
    t.equal((await send('coping-skills', skill, key)).body.id, added.body.id, 'the same key adds it once')
    const trigger = { kind: 'emotional', label: 'Sunday evenings', copingSkillIds: [added.body.id] }
    const named = await send('triggers', trigger)
    t.equal(named.status, 201)
    t.equal((await send('triggers', { ...trigger, copingSkillIds: [randomUUID()] })).status, 422)
    t.equal((await send('triggers', { label: 'of no kind' })).status, 400)
    t.match((await portal.get('/v1/portal/recovery')).body, {
      copingSkills: [{ copingSkillId: added.body.id, name: skill.name }],
      triggers: [{ triggerId: named.body.id, label: trigger.label }],
    })
    t.match(await ground.read(`triggers/${named.body.id}`), {
      copingSkillIds: [added.body.id],
      history: [{ enteredBy: 'client', recordedById: null }],
    })
    t.equal(
      (await ground.clinician.post('/v1/portal/coping-skills', skill, { key: randomUUID() })).status,
      403,
    )
    const other = await layClient(test, ground.practice, 'Sky', [[ground.clinician, 'primary']])
    const stranger = await portalCaller(ground.practice, other.clientId)
    t.equal((await stranger.post('/v1/portal/triggers', trigger, { key: randomUUID() })).status, 422)
  })

  t.test('the figure that the philosophy puts first is there', async t => {
    const ground = await createRecoveryGround(test)
    const { id } = await ground.addiction({ soberSince: day(-100) })
    const choice = { philosophy: 'harm_reduction', agreedBy: 'client', startsOn: day(-90) }
    t.equal((await ground.clinician.put(`${ground.url}/philosophy`, choice)).status, 200)
    for (const offset of [-3, -27, -28, -29, -55, -56]) await ground.lapse(id, day(offset))
    const portal = await portalCaller(ground.practice, ground.clientId)
    const { body } = await portal.get('/v1/portal/recovery')
    t.equal(body.words.headline, 'events_per_four_weeks')
    t.same(body.addictions[0].eventsPerFourWeeks, { last28Days: 2, previous28Days: 3 })
  })
})
