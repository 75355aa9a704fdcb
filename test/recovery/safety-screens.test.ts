import t from 'tap'
import { asOwner } from '../support/clients-raw.ts'
import { couplePeople, link } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import type { Caller } from '../support/practice.ts'
import { createRecordGround, exampleOf, recordsIn } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

const kind = 'safety_screen'
const concern = { finding: 'current_concern', severity: 'high', jointWork: 'paused', indicators: [] }

t.test('safety in the relationship', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { practice, clinician, supervisor, made, write, step, url, chartId } = ground
  const alertsOf = async (by: Caller, chart = chartId) =>
    (await by.get(`/v1/alerts?chartId=${chart}&limit=200`)).body.data.filter(
      ({ rule }: { rule: string }) => rule === 'relationship_safety',
    )

  t.test('it is written, revised, looked at again and closed, and every version stays', async t => {
    const screen = await made(kind, { reviewOn: '2030-01-01' })
    t.match(screen, { status: 'open', dataClass: 'clinical', released: false, reviewOn: '2030-01-01' })
    const body = { kind, content: { ...exampleOf(kind), severity: 'moderate' } }
    const revised = await clinician.put(`${url}/${screen.id}`, body, { ifMatch: 1 })
    t.match(revised.body, { version: 2, content: { severity: 'moderate' } })
    t.equal((await clinician.put(`${url}/${screen.id}`, body, { ifMatch: 1 })).body.code, 'stale-version')
    const again = await step(revised.body, { status: 'open', reviewOn: '2030-02-01' })
    const closed = await step(again.body, { status: 'closed' })
    t.match(closed.body, { status: 'closed', version: 4 })
    t.match((await clinician.get(`${url}/${screen.id}/history`)).body.data, [
      { change: 'created', content: { severity: 'low' } },
      { change: 'revised', content: { severity: 'moderate' } },
      { change: 'reviewed' },
      { change: 'status_changed' },
    ])
  })

  t.test('what was not asked alone, or does not fit together, is refused', async t => {
    const pointerOf = async (content: Record<string, unknown>) => {
      const { status, body } = await write(kind, { content })
      return [status, body.errors?.[0]?.pointer]
    }
    const answer = { indicator: 'control', answer: 'no' }
    t.same(await pointerOf({ alone: false }), [400, '/content/alone'])
    t.same(await pointerOf({ finding: 'none' }), [400, '/content/severity'])
    t.same(await pointerOf({ severity: 'none' }), [400, '/content/severity'])
    t.same(await pointerOf({ indicators: [answer, answer] }), [400, '/content/indicators'])
    t.equal((await write(kind, { content: { indicators: [{ ...answer, answer: 'maybe' }] } })).status, 400)
    t.equal((await write(kind, { released: true })).status, 400, 'no client sees it at the portal')
  })

  t.test('a concern is an alert in the same transaction, with a time to respond', async t => {
    const other = await createRecordGround(test)
    const alerts = () => alertsOf(other.clinician, other.chartId)
    await other.made(kind)
    t.same(await alerts(), [], 'an old, low one is not')
    const screen = await other.made(kind, { content: concern })
    const [alert, ...more] = await alerts()
    t.same(more, [])
    t.match(alert, { severity: 'urgent', ownerId: other.clinician.staffId, status: 'open' })
    t.ok(alert.respondBy)
    t.same(alert.evidence, { recordId: screen.id, finding: 'current_concern', severity: 'high', grave: 0 })
    t.equal((await alertsOf(other.supervisor, other.chartId)).length, 1, 'their supervisor is told too')
    await other.step(screen, { status: 'closed' })
    t.match((await alerts())[0], { status: 'resolved', outcome: 'handled' })
    const indicators = [{ indicator: 'strangulation', answer: 'yes' }]
    const past = await other.made(kind, { content: { finding: 'historical', severity: 'low', indicators } })
    const found = (await alerts()).find(({ status }: { status: string }) => status === 'open')
    t.match(found, { severity: 'attention', evidence: { grave: 1 } })
    await other.step(past, { status: 'withdrawn', reason: 'In the wrong chart (fictional).' })
    const outcomes = (await alerts()).map(({ outcome }: { outcome: string }) => outcome)
    t.same(outcomes.toSorted(), ['handled', 'no_longer_applies'])
  })

  t.test('neither partner sees it at the portal, nor anybody else who may not open the chart', async t => {
    const screen = await made(kind, { content: concern })
    const portal = await portalCaller(practice, ground.clientId)
    const shown = await portal.get('/v1/portal/recovery-records?limit=200')
    t.notMatch(JSON.stringify(shown.body), screen.id)
    t.equal((await portal.get('/v1/portal/recovery-records?kind=safety_screen')).status, 400)
    const stranger = await practice.staff(['clinician'])
    const elsewhere = await (await createRecordGround(test)).clinician.get(`${url}/${screen.id}`)
    const hidden = await stranger.get(`${url}/${screen.id}`)
    t.equal(hidden.status, 404)
    t.equal(elsewhere.status, 404)
    t.equal((await practice.owner.get(`${url}/${screen.id}`)).status, 403)
    t.match((await supervisor.get(`${url}/${screen.id}`)).body, { id: screen.id })
  })

  t.test(
    'the joint chart has no place for it, and work with both is warned by one’s own charts only',
    async t => {
      const people = couplePeople(test, practice)
      const [both, onlyCouple] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
      const a = await people.client('Alex', [clinician, both])
      const b = await people.client('Blair', [onlyCouple])
      const couple = (await link(practice.owner, a.id, b.id)).body
      for (const { staffId } of [both, onlyCouple])
        await asOwner(
          test,
          `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on) values ($1, $2, $3, 'co_therapist', '2020-01-01')`,
          [practice.id, couple.chartId, staffId],
        )
      const notices = `/v1/couples/${couple.id}/safety-notices`
      const joint = recordsIn(practice, both, couple.chartId)
      t.match((await joint.write(kind)).body, { errors: [{ pointer: '/kind', code: 'chart-kind' }] })

      const everything = async (by: Caller) => {
        const paths = [
          `/v1/couples/${couple.id}`,
          `/v1/couples/${couple.id}/safety-notices`,
          `/v1/charts/${couple.chartId}`,
          `/v1/charts/${couple.chartId}/timeline`,
          `${joint.url}?limit=200`,
          `/v1/charts/${couple.chartId}/recovery-insights`,
          `/v1/alerts?limit=200`,
        ]
        const replies = await Promise.all(paths.map(path => by.get(path)))
        return replies.map(({ status, body }) => [status, body])
      }
      const before = await everything(onlyCouple)
      const records = recordsIn(practice, clinician, a.chartId)
      t.same((await both.get(notices)).body, { notices: [] })
      const screen = await records.made(kind, { content: concern, reviewOn: '2030-01-01' })
      t.same(await everything(onlyCouple), before, 'who treats the couple alone learns nothing')
      t.same((await both.get(notices)).body, {
        notices: [
          {
            clientId: a.id,
            chartId: a.chartId,
            recordId: screen.id,
            finding: 'current_concern',
            jointWork: 'paused',
            screenedOn: screen.occurredOn,
            reviewOn: '2030-01-01',
          },
        ],
      })
      t.equal((await clinician.get(notices)).status, 404, 'who treats A alone does not come to the couple')
      t.equal((await practice.owner.get(notices)).status, 403)
      t.equal((await (await createRecordGround(test)).clinician.get(notices)).status, 404)
      t.same((await joint.clinician.get(joint.url)).body.data, [], 'and it left nothing in the joint chart')
      const later = { finding: 'none', severity: 'none', jointWork: 'no_concern', indicators: [] }
      const clear = await records.made(kind, { content: later })
      t.same((await both.get(notices)).body, { notices: [] }, 'the newest one counts')
      await records.step(clear, { status: 'withdrawn', reason: 'By mistake (fictional).' })
      t.equal((await both.get(notices)).body.notices.length, 1)
      await records.step(screen, { status: 'closed' })
      t.same((await both.get(notices)).body, { notices: [] })
    },
  )
})
