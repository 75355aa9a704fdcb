import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { createRecoveryGround } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('urges', async t => {
  const test = await createTestApp(t)

  t.test('an urge has the day, hour and weekday of the client’s own zone', async t => {
    const ground = await createRecoveryGround(test)
    const urge = (occurredAt: string) =>
      ground.made('urges', { occurredAt, stage: 'thought', urgeBefore: 5, outcome: 'passed' })
    const instants = [
      '2026-03-08T09:59:59Z',
      '2026-03-08T10:00:00Z',
      '2025-11-02T08:30:00Z',
      '2025-11-02T09:30:00Z',
      '2024-03-01T05:00:00Z',
    ]
    const zones = [null, 'Pacific/Kiritimati', 'America/St_Johns', 'Asia/Kathmandu']
    for (const zone of zones) {
      const client = await ground.practice.owner.get(`/v1/clients/${ground.clientId}`)
      await ground.practice.owner.patch(
        `/v1/clients/${ground.clientId}`,
        { timeZone: zone },
        { ifMatch: client.body.version },
      )
      for (const instant of instants) {
        const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone ?? 'America/Los_Angeles')
        t.match(await urge(instant), {
          occurredOn: local.toPlainDate().toString(),
          localHour: local.hour,
          weekday: local.dayOfWeek,
        })
      }
      const today = Temporal.Now.zonedDateTimeISO(zone ?? 'America/Los_Angeles')
        .toPlainDate()
        .toString()
      t.match(await ground.figures(), { today, timeZone: zone ?? 'America/Los_Angeles' })
    }
  })

  t.test('the urge log shows patterns, by hand, without what was withdrawn', async t => {
    const ground = await createRecoveryGround(test)
    const skill = await ground.made('coping-skills', {
      name: 'Breathe',
      family: 'grounding',
      level: 'learned',
    })
    const other = await ground.made('coping-skills', { name: 'Call', family: 'social', level: 'learned' })
    const trigger = await ground.made('triggers', { kind: 'emotional', label: 'Lonely' })
    const urge = (more: Record<string, unknown>) =>
      ground.made('urges', {
        occurredAt: '2026-01-05T05:30:00Z',
        stage: 'cue',
        urgeBefore: 8,
        outcome: 'passed',
        ...more,
      })
    await urge({ urgeAfter: 2, copingSkillIds: [skill.id], triggerId: trigger.id })
    await urge({ stage: 'ritual', urgeAfter: 5, outcome: 'unchanged', copingSkillIds: [skill.id, other.id] })
    await urge({
      occurredAt: '2026-01-06T20:10:00Z',
      stage: 'act',
      urgeBefore: 4,
      outcome: 'acted_on',
      triggerId: trigger.id,
    })
    const wrong = await urge({ urgeBefore: 1, triggerId: trigger.id })
    const withdraw = () => ground.clinician.post(`${ground.url}/urges/${wrong.id}/withdrawal`)
    t.ok((await withdraw()).body.withdrawnAt)
    t.equal((await withdraw()).body.code, 'invalid-state')
    const patterns = await ground.read('urge-patterns?from=2026-01-01&to=2026-01-31')
    t.same(patterns, {
      from: '2026-01-01',
      to: '2026-01-31',
      count: 3,
      meanStage: 2.67,
      interruptedRate: 0.67,
      triggers: [{ triggerId: trigger.id, count: 2, meanUrge: 6 }],
      hours: [
        { weekday: 2, hour: 12, count: 1, meanUrge: 4 },
        { weekday: 7, hour: 21, count: 2, meanUrge: 8 },
      ],
      skills: [
        { copingSkillId: skill.id, uses: 2, meanDrop: 4.5, hitRate: 0.5 },
        { copingSkillId: other.id, uses: 1, meanDrop: 3, hitRate: 0 },
      ],
    })
    const page = await ground.read('urges?limit=3')
    const rest = await ground.read(`urges?limit=3&cursor=${page.nextCursor}`)
    t.equal(page.data.length + rest.data.length, 4)
    const refused = async (more: Record<string, unknown>) =>
      (
        await ground.post('urges', {
          occurredAt: '2026-01-05T05:30:00Z',
          stage: 'cue',
          urgeBefore: 8,
          outcome: 'passed',
          ...more,
        })
      ).body.errors[0].pointer
    t.equal(await refused({ occurredAt: new Date(Date.now() + 600_000).toISOString() }), '/occurredAt')
    t.equal(await refused({ occurredAt: '0001-01-01T00:00:00Z' }), '/occurredAt')
    t.equal(await refused({ triggerId: skill.id }), '/triggerId')
    t.equal(await refused({ copingSkillIds: [trigger.id] }), '/copingSkillIds')
    const empty = await ground.read('urge-patterns?from=2020-01-01&to=2020-01-31')
    t.match(empty, { count: 0, meanStage: null, interruptedRate: null, hours: [] })
  })
})
