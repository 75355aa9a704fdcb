import { randomUUID } from 'node:crypto'
import t from 'tap'
import { asOwner, layClient } from '../support/clients-raw.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('care team', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const primary = await practice.staff(['clinician'])
  const other = await practice.staff(['clinician'])
  const admin = await practice.staff(['admin'])
  const { chartId } = await layClient(test, practice, 'Avery', [[primary, 'primary']])
  const team = `/v1/charts/${chartId}/care-team`

  t.test('who is put on it sees the chart at once, and who is taken off it no longer', async t => {
    t.equal((await other.get(`/v1/charts/${chartId}`)).status, 404)
    const added = await primary.post(team, { staffId: other.staffId, role: 'covering' })
    t.equal(added.status, 201)
    t.equal(added.body.current, true)
    t.equal((await other.get(`/v1/charts/${chartId}`)).status, 200)
    t.equal((await other.post(`${team}/${added.body.id}/end`, {}, { ifMatch: 1 })).body.code, 'not-permitted')
    t.equal(
      (await primary.post(`${team}/${added.body.id}/end`, {}, { ifMatch: 9 })).body.code,
      'stale-version',
    )
    const ended = await primary.post(`${team}/${added.body.id}/end`, {}, { ifMatch: 1 })
    t.same([ended.status, ended.body.current, ended.body.version], [200, false, 2])
    t.equal((await other.get(`/v1/charts/${chartId}`)).status, 404)
    t.equal(
      (await primary.post(`${team}/${added.body.id}/end`, {}, { ifMatch: 2 })).body.code,
      'invalid-state',
    )
    const again = await primary.post(team, { staffId: other.staffId, role: 'covering' })
    t.equal(again.status, 201, 'and may come back the same day')
    await admin.post(`${team}/${again.body.id}/end`, {}, { ifMatch: 1 })
  })

  t.test('what was read of a chart is out of date when its care team changed', async t => {
    const read = await admin.get(team)
    const again = () => admin.get(team, { headers: { 'if-none-match': read.etag } })
    t.equal((await again()).status, read.etag ? 304 : 200)
    const chart = await admin.get(`/v1/charts/${chartId}`)
    const same = () => admin.get(`/v1/charts/${chartId}`, { headers: { 'if-none-match': chart.etag } })
    t.equal((await same()).status, 304)
    const added = await admin.post(team, { staffId: other.staffId, role: 'covering' })
    t.equal((await same()).status, 200, 'though its version is the same')
    await admin.post(`${team}/${added.body.id}/end`, {}, { ifMatch: 1 })
  })

  t.test('a membership counts from its first day up to its last, in the zone of the practice', async t => {
    const added = await admin.post(team, { staffId: other.staffId, role: 'covering', startsOn: '2999-01-01' })
    t.equal(added.body.current, false)
    t.equal((await other.get(`/v1/charts/${chartId}`)).status, 404, 'not yet')
    const set = (starts: string, ends: string | null) =>
      asOwner(
        test,
        `update care_team_members set starts_on = ${starts}, ends_on = ${ends ?? 'null'} where id = '${added.body.id}'`,
      )
    const day = "(now() at time zone 'America/Los_Angeles')::date"
    await set(day, `${day} + 1`)
    t.equal((await other.get(`/v1/charts/${chartId}`)).status, 200, 'its only day')
    await set(`${day} - 1`, day)
    t.equal((await other.get(`/v1/charts/${chartId}`)).status, 404, 'the day after')
  })

  t.test('only active clinicians are put on it, once at a time, and one primary', async t => {
    const refused = async (staffId: string, role = 'co_therapist') =>
      (await admin.post(team, { staffId, role })).body.code
    t.equal(await refused(admin.staffId), 'unknown-reference')
    t.equal(await refused(randomUUID()), 'unknown-reference')
    const elsewhere = await (await createTestPractice(test)).staff(['clinician'])
    t.equal(await refused(elsewhere.staffId), 'unknown-reference')
    const disabled = await practice.staff(['clinician'])
    await asOwner(test, `update staff_members set status = 'disabled' where id = $1`, [disabled.staffId])
    t.equal(await refused(disabled.staffId), 'unknown-reference')
    t.equal(await refused(primary.staffId), 'already-exists')
    t.equal(await refused(other.staffId, 'primary'), 'conflict')
    const backwards = {
      staffId: other.staffId,
      role: 'covering',
      startsOn: '2999-02-01',
      endsOn: '2999-01-01',
    }
    t.equal((await admin.post(team, backwards)).body.errors[0].pointer, '/endsOn')
    t.equal((await admin.post(team, { ...backwards, startsOn: '2999-02-30' })).status, 400)
  })

  t.test('of two who are made primary at once, one is', async t => {
    const { chartId: fresh } = await layClient(test, practice, 'Casey')
    const rivals = await Promise.all([1, 2, 3, 4].map(() => practice.staff(['clinician'])))
    const replies = await Promise.all(
      rivals.map(({ staffId }) => admin.post(`/v1/charts/${fresh}/care-team`, { staffId, role: 'primary' })),
    )
    t.same(replies.map(reply => reply.status).sort(), [201, 409, 409, 409])
  })

  t.test('a role is handed over and the time before stays in the history', async t => {
    const { chartId: handed } = await layClient(test, practice, 'Drew', [
      [primary, 'primary'],
      [other, 'co_therapist'],
    ])
    const url = `/v1/charts/${handed}/care-team`
    await asOwner(test, `update care_team_members set starts_on = '2020-01-01' where chart_id = $1`, [handed])
    const [first, second] = (await primary.get(url)).body.data
    const early = await admin.post(`${url}/${second.id}/role-change`, { role: 'primary' }, { ifMatch: 1 })
    t.equal(early.body.code, 'conflict', 'not while there is another primary')
    const stepped = await primary.post(
      `${url}/${first.id}/role-change`,
      { role: 'consultant' },
      { ifMatch: 1 },
    )
    t.same([stepped.status, stepped.body.role], [200, 'consultant'])
    t.not(stepped.body.id, first.id)
    const risen = await admin.post(`${url}/${second.id}/role-change`, { role: 'primary' }, { ifMatch: 1 })
    t.equal(risen.status, 200)
    const { data } = (await other.get(url)).body
    t.equal(data.length, 4)
    const now = (await other.get(`${url}?current=true`)).body.data
    t.same(now.map((member: { role: string }) => member.role).sort(), ['consultant', 'primary'])
    const lost = await primary.post(url, { staffId: other.staffId, role: 'covering' })
    t.equal(lost.body.code, 'not-permitted', 'who is no longer primary no longer manages the team')
  })

  t.test('supervisors and those who do not see the chart change nothing', async t => {
    const supervisor = await practice.staff(['supervisor'])
    await asOwner(test, 'update staff_members set supervisor_id = $1 where id = $2', [
      supervisor.staffId,
      primary.staffId,
    ])
    t.equal((await supervisor.get(team)).status, 200)
    const body = { staffId: other.staffId, role: 'covering' }
    t.equal((await supervisor.post(team, body)).body.code, 'not-permitted')
    t.equal((await other.post(team, body)).status, 404)
    await asOwner(test, 'update staff_members set supervisor_id = null where id = $1', [primary.staffId])
    t.equal((await supervisor.get(team)).status, 404, 'supervision ended, and so did the reach')
  })

  t.test('a repeated request shows nothing to who lost access since', async t => {
    const { chartId: lost } = await layClient(test, practice, 'Ellis', [[primary, 'primary']])
    const key = randomUUID()
    const body = { staffId: other.staffId, role: 'covering' }
    const url = `/v1/charts/${lost}/care-team`
    t.equal((await primary.post(url, body, { key })).status, 201)
    t.equal((await primary.post(url, body, { key })).headers['idempotency-replayed'], 'true')
    const [own] = (await primary.get(url)).body.data
    t.equal((await admin.post(`${url}/${own.id}/end`, {}, { ifMatch: 1 })).status, 200)
    t.equal((await primary.post(url, body, { key })).status, 404)
  })
})
