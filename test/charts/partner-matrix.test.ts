import t from 'tap'
import { Problem } from '../../src/lib/problems.ts'
import { type DataClass, dataClasses, type Role } from '../../src/modules/charts/access-policy.ts'
import { isChartWithin, isClientWithin, openChart, requireReach } from '../../src/modules/charts/index.ts'
import { asStaff, layClient, layCoupleChart } from '../support/clients-raw.ts'
import { type Caller, createTestPractice, type TestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

type Actor = readonly [Caller, readonly Role[]]

/** Which classes of a chart the door opens to somebody: asked of the door itself, once per class. */
async function openedClasses(test: TestApp, practice: TestPractice, actor: Actor, chartId: string) {
  const opened: DataClass[] = []
  for (const dataClass of dataClasses) {
    const chart = await asStaff(test, practice, actor, trx => openChart(trx, chartId, { dataClass })).catch(
      expectNotFound,
    )
    const listed = await asStaff(test, practice, actor, trx =>
      trx
        .selectFrom('charts')
        .select('id')
        .where(isChartWithin(trx, 'charts.id', { dataClass }))
        .execute(),
    )
    const inList = listed.some(row => row.id === chartId)
    if (inList !== Boolean(chart)) throw new Error(`Door and list differ on ${dataClass}`)
    if (chart) opened.push(dataClass)
  }
  return opened
}

async function reachesContact(test: TestApp, practice: TestPractice, actor: Actor, clientId: string) {
  const single = await asStaff(test, practice, actor, trx => requireReach(trx, clientId)).catch(
    expectNotFound,
  )
  const listed = await asStaff(test, practice, actor, trx =>
    trx.selectFrom('clients').select('id').where(isClientWithin(trx, 'clients.id')).execute(),
  )
  const inList = listed.some(row => row.id === clientId)
  if (inList !== Boolean(single)) throw new Error('Door and list differ on a client')
  return inList
}

function expectNotFound(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'not-found') return undefined
  throw error
}

const treating: DataClass[] = [
  'administrative',
  'billing',
  'clinical',
  'restricted',
  'part2',
  'psychotherapy',
]

t.test('between partners', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const ofA = await practice.staff(['clinician'])
  const ofB = await practice.staff(['clinician'])
  const ofBoth = await practice.staff(['clinician'])
  const supervisor = await practice.staff(['supervisor'])
  const associate = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const admin = await practice.staff(['admin'])
  const biller = await practice.staff(['biller'])
  const a = await layClient(test, practice, 'Avery', [[ofA, 'primary']])
  const b = await layClient(test, practice, 'Blake', [
    [ofB, 'primary'],
    [associate, 'co_therapist'],
  ])
  const couple = await layCoupleChart(test, practice, [a.clientId, b.clientId], [[ofBoth, 'primary']])
  const seen = (actor: Actor) => seenBy(test, practice, actor, { a, b, couple })

  t.test("a clinician of A's individual chart sees nothing of B and nothing of the couple", async t => {
    t.same(await seen([ofA, ['clinician']]), {
      a: treating,
      b: [],
      couple: [],
      contactA: true,
      contactB: false,
    })
    t.equal((await ofA.get(`/v1/charts/${b.chartId}`)).status, 404)
    t.equal((await ofA.get(`/v1/charts/${couple}`)).status, 404)
    const listed = await ofA.get('/v1/charts')
    t.same(ids(listed.body), [a.chartId])
    t.same(ids((await ofA.get(`/v1/charts?clientId=${b.clientId}`)).body), [])
    t.notMatch(JSON.stringify(listed.body), /Blake/)
  })

  t.test(
    "the couple's therapist sees the couple, neither individual chart, nobody's contact data",
    async t => {
      t.same(await seen([ofBoth, ['clinician']]), {
        a: [],
        b: [],
        couple: treating,
        contactA: false,
        contactB: false,
      })
      const { body } = await ofBoth.get(`/v1/charts/${couple}`)
      t.same(
        body.members.map((member: { displayName: string }) => member.displayName),
        ['Avery Example', 'Blake Example'],
      )
      t.same(Object.keys(body.members[0]).sort(), ['clientId', 'displayName', 'id', 'joinedAt'])
      t.equal((await ofBoth.get(`/v1/charts/${a.chartId}`)).status, 404)
      t.same(ids((await ofBoth.get(`/v1/charts?clientId=${a.clientId}`)).body), [couple])
    },
  )

  t.test('the front desk sees who and when of all charts, and no clinical class', async t => {
    const desk: DataClass[] = ['administrative', 'billing']
    t.same(await seen([admin, ['admin']]), { a: desk, b: desk, couple: desk, contactA: true, contactB: true })
    t.same(new Set(ids((await admin.get('/v1/charts')).body)), new Set([a.chartId, b.chartId, couple]))
    t.same((await admin.get(`/v1/charts/${couple}`)).body.classes, desk)
  })

  t.test('a supervisor sees what their supervisee treats, and no more', async t => {
    t.same(await seen([supervisor, ['supervisor']]), {
      a: [],
      b: ['administrative', 'clinical'],
      couple: [],
      contactA: false,
      contactB: true,
    })
    t.same(ids((await supervisor.get('/v1/charts')).body), [b.chartId])
  })

  t.test('a biller sees names and billing, and has no way to the charts themselves', async t => {
    const billing: DataClass[] = ['administrative', 'billing']
    t.same((await seen([biller, ['biller']])).couple, billing)
    const chart = await asStaff(test, practice, [biller, ['biller']], trx =>
      openChart(trx, couple, { dataClass: 'administrative' }),
    )
    t.equal(chart.limited, true)
    t.equal((await biller.get('/v1/charts')).body.code, 'not-permitted')
  })

  t.test('a role reaches only as far as the permission that is used', async t => {
    const both: Actor = [supervisor, ['supervisor', 'clinician']]
    const write = (permission: 'notes:write' | 'notes:cosign') =>
      asStaff(test, practice, both, trx =>
        openChart(trx, b.chartId, { dataClass: 'clinical', write: true, permission }),
      ).catch(expectNotFound)
    t.equal(await write('notes:write'), undefined, 'a supervisor does not write in a supervisee’s chart')
    t.ok(await write('notes:cosign'))
  })

  t.test('another practice sees nothing, and a chart that is not there looks the same', async t => {
    const stranger = (await createTestPractice(test)).owner
    const hidden = await stranger.get(`/v1/charts/${a.chartId}`)
    const missing = await stranger.get('/v1/charts/019c0000-0000-7000-8000-00000000dead')
    t.equal(hidden.status, 404)
    t.same({ ...hidden.body, requestId: '' }, { ...missing.body, requestId: '' })
    t.same((await stranger.get('/v1/charts')).body.data, [])
  })
})

interface Charts {
  a: { clientId: string; chartId: string }
  b: { clientId: string; chartId: string }
  couple: string
}

async function seenBy(test: TestApp, practice: TestPractice, actor: Actor, { a, b, couple }: Charts) {
  return {
    a: await openedClasses(test, practice, actor, a.chartId),
    b: await openedClasses(test, practice, actor, b.chartId),
    couple: await openedClasses(test, practice, actor, couple),
    contactA: await reachesContact(test, practice, actor, a.clientId),
    contactB: await reachesContact(test, practice, actor, b.clientId),
  }
}

const ids = (page: { data: { id: string }[] }) => page.data.map(item => item.id)
