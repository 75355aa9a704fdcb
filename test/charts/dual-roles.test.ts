import { randomUUID } from 'node:crypto'
import t from 'tap'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { watchDualRoles } from '../../src/modules/charts/index.ts'
import { asOwner } from '../support/clients-raw.ts'
import { couplePeople, day, link } from '../support/couples.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

/** An answer without what differs from one to the next. */
const plain = ({ status, body }: Reply) => ({ status, body: { ...body, id: '', requestId: '' } })

t.test('one clinician for both partners of a couple', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const { owner } = practice
  const admin = await practice.staff(['admin'])
  const supervisor = await practice.staff(['supervisor'])
  const otherSupervisor = await practice.staff(['supervisor'])
  const therapist = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const colleague = await practice.staff(['clinician'])
  const round = () =>
    inPractice(test.house.database, systemScope(practice.id, 'dual-role-watch'), watchDualRoles)
  const couple = async (first: Caller[], second: Caller[]) => {
    const [alex, blair] = [await people.client('Alex', first), await people.client('Blair', second)]
    const { body } = await link(owner, alex.id, blair.id)
    return { alex, blair, coupleChartId: String(body.chartId) }
  }
  const add = (by: Caller, chartId: string, more: object = {}) =>
    by.post(`/v1/charts/${chartId}/care-team`, { staffId: therapist.staffId, role: 'co_therapist', ...more })
  const listed = async (by: Caller, coupleChartId: string) =>
    (await by.get('/v1/dual-roles?limit=200')).body.data.filter(
      (one: Reply['body']) => one.coupleChartId === coupleChartId,
    )
  const lead = (by: Caller, chartId: string) =>
    people.run(
      `insert into care_team_members (practice_id, chart_id, staff_id, role, starts_on) values ($1, $2, $3, 'primary', '2020-01-01') returning id`,
      [practice.id, chartId, by.staffId],
    )

  t.test('whoever may see both sides is asked for a reason, which is kept sealed', async t => {
    const { blair, coupleChartId } = await couple([therapist], [])
    const refused = await add(admin, blair.chartId)
    t.equal(refused.status, 400)
    t.equal(refused.body.errors[0].pointer, '/dualRoleReason')
    t.equal(
      (await add(admin, blair.chartId, { role: 'consultant' })).status,
      201,
      'a consultant treats nobody',
    )
    const [member] = (await admin.get(`/v1/charts/${blair.chartId}/care-team`)).body.data
    const change = (body: object) =>
      admin.post(`/v1/charts/${blair.chartId}/care-team/${member.id}/role-change`, body, { ifMatch: 1 })
    t.equal((await change({ role: 'co_therapist' })).status, 400)
    const dualRoleReason = 'Nobody else speaks their language (fictional).'
    t.equal((await change({ role: 'co_therapist', dualRoleReason })).status, 200)
    const [found] = await listed(owner, coupleChartId)
    t.match(found, { status: 'justified', reason: dualRoleReason, reasonById: admin.staffId })
    t.equal((await admin.get('/v1/dual-roles')).status, 403)
    t.equal((await therapist.get('/v1/dual-roles')).status, 403)
    const stored = await asOwner(test, 'select reason_sealed from dual_roles where id = $1', [found.id])
    t.notMatch(JSON.stringify(stored), /language/)
    await round()
    t.equal((await listed(owner, coupleChartId))[0].version, found.version, 'the round has nothing to add')
  })

  t.test('who sees one partner only is refused nothing and told nothing', async t => {
    const treated = await couple([therapist], [])
    const alone = await people.client('Cameron')
    const other = await people.client('Drew')
    await link(owner, alone.id, other.id)
    for (const chartId of [treated.blair.chartId, alone.chartId]) await lead(colleague, chartId)
    const dualRoleReason = 'A guess (fictional).'
    const [dual, plainOne] = [
      await add(colleague, treated.blair.chartId, { dualRoleReason }),
      await add(colleague, alone.chartId, { dualRoleReason }),
    ]
    t.same(plain(dual), plain(plainOne))
    t.equal(dual.status, 201)
    t.same(await listed(owner, treated.coupleChartId), [])
    await Promise.all([round(), round()])
    await round()
    const [found, ...more] = await listed(owner, treated.coupleChartId)
    t.same(more, [])
    t.match(found, { status: 'open', reason: null, staffId: therapist.staffId })
    t.equal((await listed(supervisor, treated.coupleChartId)).length, 1)
    t.same(await listed(otherSupervisor, treated.coupleChartId), [])
    for (const by of [colleague, therapist]) {
      const timeline = await by.get(`/v1/charts/${treated.blair.chartId}/timeline`)
      t.notMatch(JSON.stringify(timeline.body), /dual/)
      t.same((await by.get('/v1/alerts')).body.data, [])
    }
  })

  t.test('somebody else than the clinician says why', async t => {
    const { coupleChartId } = await couple([therapist], [therapist])
    await round()
    const [found] = await listed(supervisor, coupleChartId)
    const url = `/v1/dual-roles/${found.id}/reason`
    const reason = { reason: 'A short time only (fictional).' }
    t.equal((await otherSupervisor.post(url, reason, { ifMatch: 1 })).status, 404)
    t.equal((await (await createTestPractice(test)).owner.post(url, reason, { ifMatch: 1 })).status, 404)
    t.equal(
      (await supervisor.post(`/v1/dual-roles/${randomUUID()}/reason`, reason, { ifMatch: 1 })).status,
      404,
    )
    t.equal((await colleague.post(url, reason, { ifMatch: 1 })).status, 403)
    t.equal((await supervisor.post(url, reason, { ifMatch: 7 })).body.code, 'stale-version')
    const twins = await Promise.all([1, 2].map(() => supervisor.post(url, reason, { ifMatch: 1 })))
    t.same(twins.map(({ status }) => status).sort(), [200, 412])
    t.match((await listed(owner, coupleChartId))[0], { status: 'justified', version: 2, ...reason })
    await people.run(
      `update care_team_members set ends_on = $3 where practice_id = $1 and staff_id = $2 returning id`,
      [practice.id, therapist.staffId, day(0)],
    )
    await round()
    const [ended] = await listed(owner, coupleChartId)
    t.match(ended, { status: 'ended', endedAt: String, ...reason })
    t.equal((await owner.post(url, reason, { ifMatch: ended.version })).body.code, 'invalid-state')
    t.same((await owner.get('/v1/dual-roles?status=justified')).body.data, [])
  })

  t.test('a reason given before the first day holds when it comes', async t => {
    const { blair, coupleChartId } = await couple([therapist], [])
    await people.run(
      `update care_team_members set ends_on = null where practice_id = $1 and staff_id = $2 and chart_id = $3 returning id`,
      [practice.id, therapist.staffId, blair.chartId],
    )
    const dualRoleReason = 'Covers the summer (fictional).'
    t.equal((await add(owner, blair.chartId, { startsOn: day(9), dualRoleReason })).status, 201)
    await round()
    t.match(await listed(owner, coupleChartId), [{ status: 'justified' }])
  })
})
