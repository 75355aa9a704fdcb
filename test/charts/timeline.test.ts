import { randomUUID } from 'node:crypto'
import t from 'tap'
import { asOwner, layClient } from '../support/clients-raw.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp, type TestApp } from '../support/test-app.ts'

t.test('timeline', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const clinician = await practice.staff(['clinician'])
  const { chartId, clientId } = await layClient(test, practice, 'Avery', [[clinician, 'primary']])
  for (const type of ['session-note.signed', 'not.known']) await layEvent(test, practice.id, chartId, type)
  const { body: group } = await clinician.post('/v1/charts', { kind: 'group', name: 'Timeline' })

  t.test('tells what happened, newest first, in pages without gap or repeat', async t => {
    const { body: joined } = await clinician.post(`/v1/charts/${group.id}/members`, { clientId })
    await clinician.post(`/v1/charts/${group.id}/members/${joined.id}/departure`)
    const types: string[] = []
    let cursor: string | null = null
    do {
      const url: string = `/v1/charts/${group.id}/timeline?limit=1${cursor ? `&cursor=${cursor}` : ''}`
      const { body } = await clinician.get(url)
      types.push(...body.data.map((entry: { type: string }) => entry.type))
      cursor = body.nextCursor
    } while (cursor)
    t.same(types, ['chart.member-left', 'chart.member-joined', 'chart.opened'])
  })

  t.test('is closed to whom the chart is closed', async t => {
    const stranger = await practice.staff(['clinician'])
    t.equal((await stranger.get(`/v1/charts/${group.id}/timeline`)).status, 404)
  })

  t.test('tells each reader only of what they may read in this chart', async t => {
    const typesFor = async (caller: Caller) =>
      (await caller.get(`/v1/charts/${chartId}/timeline`)).body.data.map(
        (entry: { type: string }) => entry.type,
      )
    t.same(await typesFor(clinician), ['session-note.signed', 'chart.opened'])
    t.same(await typesFor(practice.owner), ['chart.opened'])
    const treatsElsewhere = await practice.staff(['owner', 'clinician'])
    t.same(await typesFor(treatsElsewhere), ['chart.opened'], 'as front desk, not as somebody’s clinician')
  })
})

function layEvent(test: TestApp, practiceId: string, chartId: string, type: string) {
  return asOwner(
    test,
    `insert into events (practice_id, type, resource_type, resource_id, chart_id) values ($1, $2, 'session-note', $3, $4)`,
    [practiceId, type, randomUUID(), chartId],
  )
}
