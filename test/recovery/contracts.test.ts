import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createRecoveryGround, day } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('abstinence contracts', async t => {
  const test = await createTestApp(t)

  t.test('a contract runs from agreement to completion, and its steps say when', async t => {
    const ground = await createRecoveryGround(test)
    const terms = { scope: 'all_sexual', partnerSex: 'not_allowed', plannedDays: 60, proposedOn: day(-80) }
    let contract = await ground.made('abstinence-contracts', { ...terms, reviewsOn: [day(30)] })
    t.match(contract, { status: 'proposed', startsOn: null, dayNumber: 0, plannedDays: 60, milestones: [] })
    t.same((await ground.figures()).contracts, [], 'a proposal has no figures')
    const step = async (name: string, effectiveOn: string, more: Record<string, unknown> = {}) => {
      const reply = await ground.clinician.post(
        `${ground.url}/abstinence-contracts/${contract.id}/steps`,
        { step: name, effectiveOn, ...more },
        { ifMatch: contract.version, key: randomUUID() },
      )
      if (reply.status === 200) contract = reply.body
      return reply.status === 200 ? reply.body.status : reply.body.code
    }
    t.equal(await step('started', day(-79)), 'invalid-state')
    t.equal(await step('agreed', day(-80)), 'agreed')
    t.equal(await step('partner_consented', day(-80)), 'invalid-request', 'a consent has a record of its own')
    t.equal(await step('started', day(-81)), 'invalid-request', 'before it was agreed')
    t.equal(await step('started', day(-69)), 'active')
    t.match(contract, { startsOn: day(-69), endsOn: day(-10), dayNumber: 60 })
    const addiction = await ground.addiction()
    const lapse = await ground.lapse(addiction.id, day(-40))
    t.equal(await step('broken', day(-40)), 'invalid-request', 'a break is by a lapse')
    t.equal(await step('broken', day(-39), { lapseId: lapse.id }), 'invalid-request', 'on its day')
    t.equal(await step('broken', day(-40), { lapseId: randomUUID() }), 'unknown-reference')
    t.equal(await step('broken', day(-40), { lapseId: lapse.id }), 'broken')
    t.match(contract, { dayNumber: 30, breaks: 1 }, 'nothing restarts by itself')
    t.equal(await step('completed', day(-10)), 'invalid-state')
    t.equal(await step('continued', day(-38), { reason: 'Both want to go on.' }), 'active')
    t.match(contract, { dayNumber: 60, startsOn: day(-69) })
    t.equal(await step('completed', day(-11)), 'invalid-request', 'not before its last day')
    t.equal(await step('extended', day(-10), { plannedDays: 60 }), 'invalid-request')
    t.equal(await step('extended', day(-10), { plannedDays: 75 }), 'active')
    t.match(contract, { plannedDays: 75, dayNumber: 70, endsOn: day(5) })
    t.equal(await step('started', day()), 'invalid-state')
    t.equal(await step('ended_early', day(1)), 'invalid-request')
    t.equal(await step('ended_early', day()), 'ended_early')
    t.same(
      contract.steps.map((one: { step: string }) => one.step),
      ['proposed', 'agreed', 'started', 'broken', 'continued', 'extended', 'ended_early'],
    )
    t.equal(
      contract.history.find(({ version }: { version: number }) => version === 5).reason,
      'Both want to go on.',
    )
    t.same((await ground.read('abstinence-contracts?status=ended_early')).data, [contract])
    t.notMatch(JSON.stringify(contract), /clientId/)
  })

  t.test('a lapse that is told of late breaks a contract that was made longer meanwhile', async t => {
    const ground = await createRecoveryGround(test)
    let contract = await ground.made('abstinence-contracts', {
      scope: 'all_sexual',
      partnerSex: 'not_allowed',
      plannedDays: 30,
      proposedOn: day(-25),
    })
    const step = async (name: string, effectiveOn: string, more = {}) => {
      const reply = await ground.clinician.post(
        `${ground.url}/abstinence-contracts/${contract.id}/steps`,
        { step: name, effectiveOn, ...more },
        { ifMatch: contract.version, key: randomUUID() },
      )
      if (reply.status === 200) contract = reply.body
      return reply.status === 200 ? reply.body.status : reply.body.code
    }
    await step('agreed', day(-25))
    await step('started', day(-20))
    t.equal(await step('extended', day(-2), { plannedDays: 60 }), 'active')
    const lapse = await ground.lapse((await ground.addiction()).id, day(-8))
    t.equal(await step('broken', day(-8), { lapseId: lapse.id }), 'broken')
    t.match(contract, { breaks: 1, dayNumber: 13, plannedDays: 60 })
    t.equal(await step('continued', day(-9)), 'invalid-request', 'not before the break')
    t.equal(await step('continued', day(-7)), 'active')
    t.match(contract, { dayNumber: 21 })
  })

  t.test('of the same thing one contract runs, and of two steps at once one counts', async t => {
    const ground = await createRecoveryGround(test)
    const terms = { scope: 'self', partnerSex: 'allowed', plannedDays: 30, proposedOn: day(-5) }
    const agreed = async () => {
      const contract = await ground.made('abstinence-contracts', terms)
      const url = `${ground.url}/abstinence-contracts/${contract.id}/steps`
      const step = (name: string, version: number) =>
        ground.clinician.post(
          url,
          { step: name, effectiveOn: day(-5) },
          { ifMatch: version, key: randomUUID() },
        )
      t.equal((await step('agreed', 1)).status, 200)
      return step
    }
    const [first, second] = [await agreed(), await agreed()]
    const replies = await Promise.all([first('started', 2), first('started', 2)])
    t.same(replies.map(({ status }) => status).sort(), [200, 412])
    t.equal((await second('started', 2)).body.code, 'conflict')
    t.equal((await first('ended_early', 3)).status, 200)
    t.equal((await second('started', 2)).status, 200)
    const specifics = { ...terms, scope: 'specified' }
    t.equal((await ground.post('abstinence-contracts', specifics)).body.errors[0].pointer, '/specifics')
    t.equal((await ground.post('abstinence-contracts', { ...terms, plannedDays: 0 })).status, 400)
  })
})
