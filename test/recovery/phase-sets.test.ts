import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { createRecoveryGround, type RecoveryGround } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

const first = {
  phases: [
    { label: 'Preoccupation', position: 1 },
    { label: 'Despair', description: 'After', position: 2 },
  ],
}
const second = { phases: [{ label: 'Ritual', position: 1 }] }
const key = () => ({ key: randomUUID() })

t.test('phases of the cycle that a practice begins with', async t => {
  const test = await createTestApp(t)
  const write = ({ practice }: RecoveryGround, body: object, by = practice.owner) =>
    by.post('/v1/cycle-phase-sets', body, key())
  const start = ({ url, clinician }: RecoveryGround, by = clinician) =>
    by.post(`${url}/cycle-phase-starts`, undefined, key())
  const labels = async (ground: RecoveryGround) =>
    (await ground.read('cycle-phases')).data.map((one: { label: string; status: string }) => [
      one.label,
      one.status,
    ])

  t.test('each version stays, and a chart keeps what it began with as its own', async t => {
    const ground = await createRecoveryGround(test)
    t.equal((await start(ground)).body.code, 'invalid-state', 'there is nothing to begin with')
    t.match((await write(ground, first)).body, { number: 1, ...first })
    const started = await start(ground)
    t.equal(started.status, 201)
    t.match(started.body, {
      setNumber: 1,
      phases: [{ label: 'Preoccupation', version: 1 }, { label: 'Despair' }],
    })
    t.match((await write(ground, second)).body, { number: 2 })
    t.same(await labels(ground), [
      ['Despair', 'active'],
      ['Preoccupation', 'active'],
    ])
    t.equal((await start(ground)).body.code, 'invalid-state', 'it has phases of its own')
    for (const phase of started.body.phases) {
      const url = `${ground.url}/cycle-phases/${phase.id}`
      await ground.clinician.patch(url, { status: 'retired' }, { ifMatch: 1 })
    }
    t.match((await start(ground)).body, { setNumber: 2, phases: [{ label: 'Ritual' }] })
    const { body } = await ground.clinician.get('/v1/cycle-phase-sets?limit=1')
    t.match(body.data, [{ number: 2 }])
    const next = await ground.clinician.get(`/v1/cycle-phase-sets?limit=1&cursor=${body.nextCursor}`)
    t.match(next.body, { data: [{ number: 1 }], nextCursor: null })
  })

  t.test('of two who begin at once one does', async t => {
    const ground = await createRecoveryGround(test)
    await write(ground, first)
    const replies = await Promise.all([start(ground), start(ground)])
    t.equal(replies.filter(({ status }) => status === 201).length, 1)
    t.equal((await labels(ground)).length, 2)
  })

  t.test('who keeps the practice writes it, and who cares for a chart begins with it', async t => {
    const ground = await createRecoveryGround(test)
    const { practice, clinician, supervisor } = ground
    t.equal((await write(ground, first, clinician)).status, 403)
    t.equal((await write(ground, first, await practice.staff(['admin']))).status, 201)
    t.equal((await start(ground, supervisor)).status, 403)
    t.equal((await start(ground, practice.owner)).status, 403)
    t.equal((await start(ground, await practice.staff(['clinician']))).status, 404)
    const elsewhere = await createTestPractice(test)
    t.equal((await start(ground, await elsewhere.staff(['clinician']))).status, 404)
    t.same((await elsewhere.owner.get('/v1/cycle-phase-sets')).body.data, [])
    const twins = { phases: [...second.phases, { label: 'Twin', position: 1 }] }
    t.match((await write(ground, twins)).body.errors, [{ pointer: '/phases/1/position', code: 'unique' }])
    t.equal((await write(ground, { phases: [] })).status, 400)
  })
})
