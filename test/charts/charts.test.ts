import { randomUUID } from 'node:crypto'
import t from 'tap'
import { asOwner, layClient, layCoupleChart } from '../support/clients-raw.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('charts', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const clinician = await practice.staff(['clinician'])
  const other = await practice.staff(['clinician'])

  t.test('a clinician opens a group, leads it, and sees members by name only', async t => {
    const made = await clinician.post('/v1/charts', { kind: 'group', name: 'Tuesday Group' })
    t.equal(made.status, 201)
    t.equal(made.etag, '"v1"')
    t.same(
      made.body.careTeam.map((entry: { staffId: string }) => entry.staffId),
      [clinician.staffId],
    )
    t.same((await clinician.get(`/v1/charts/${made.body.id}`)).body, made.body)
    t.equal((await other.get(`/v1/charts/${made.body.id}`)).status, 404)
    const named = await clinician.post('/v1/charts', {
      kind: 'group',
      name: 'For another',
      primaryClinicianId: other.staffId,
    })
    t.equal(named.body.code, 'not-permitted')
    const byDesk = await owner.post('/v1/charts', {
      kind: 'group',
      name: 'For another',
      primaryClinicianId: other.staffId,
    })
    t.same([byDesk.status, byDesk.body.careTeam[0].staffId], [201, other.staffId])
    t.equal((await owner.post('/v1/charts', { kind: 'couple', name: 'X' })).status, 400)
  })

  t.test('members join and leave a group over time', async t => {
    const { body: group } = await clinician.post('/v1/charts', { kind: 'group', name: 'Members' })
    const mine = await layClient(test, practice, 'Avery', [[clinician, 'primary']])
    const theirs = await layClient(test, practice, 'Blake', [[other, 'primary']])
    const url = `/v1/charts/${group.id}/members`
    const joined = await clinician.post(url, { clientId: mine.clientId })
    t.same([joined.status, joined.body.displayName, joined.body.leftAt], [201, 'Avery Example', null])
    t.equal((await clinician.post(url, { clientId: mine.clientId })).body.code, 'already-exists')
    const unseen = await clinician.post(url, { clientId: theirs.clientId })
    const missing = await clinician.post(url, { clientId: randomUUID() })
    t.same(
      { ...unseen.body, requestId: '' },
      { ...missing.body, requestId: '' },
      'a client not seen is not there',
    )
    t.equal((await owner.post(url, { clientId: theirs.clientId })).status, 201)
    t.equal(
      (await other.get(`/v1/charts/${group.id}`)).status,
      404,
      'a member’s clinician does not see the group',
    )
    const left = await clinician.post(`${url}/${joined.body.id}/departure`)
    t.ok(left.body.leftAt)
    t.equal((await clinician.post(`${url}/${joined.body.id}/departure`)).body.code, 'invalid-state')
    t.equal((await clinician.post(url, { clientId: mine.clientId })).status, 201, 'and may join again')
    t.equal((await clinician.get(url)).body.data.length, 3)
    t.equal((await clinician.get(`/v1/charts/${group.id}`)).body.members.length, 2)
  })

  t.test('the members of individual and couple charts do not change here', async t => {
    const a = await layClient(test, practice, 'Cleo', [[clinician, 'primary']])
    const b = await layClient(test, practice, 'Drew', [[clinician, 'primary']])
    const couple = await layCoupleChart(test, practice, [a.clientId, b.clientId], [[clinician, 'primary']])
    for (const id of [a.chartId, couple]) {
      const refused = await clinician.post(`/v1/charts/${id}/members`, { clientId: b.clientId })
      t.equal(refused.body.code, 'invalid-state')
      const [member] = (await clinician.get(`/v1/charts/${id}/members`)).body.data
      const leave = await clinician.post(`/v1/charts/${id}/members/${member.id}/departure`)
      t.equal(leave.body.code, 'invalid-state')
    }
  })

  t.test('a closed chart is read and not written, until it is reopened', async t => {
    const { body: group } = await clinician.post('/v1/charts', { kind: 'group', name: 'Closing' })
    const { clientId } = await layClient(test, practice, 'Ellis', [[clinician, 'primary']])
    const url = `/v1/charts/${group.id}`
    t.equal((await clinician.post(`${url}/closure`, undefined, { ifMatch: 7 })).body.code, 'stale-version')
    t.equal((await clinician.post(`${url}/closure`)).body.code, 'precondition-required')
    const closed = await clinician.post(`${url}/closure`, undefined, { ifMatch: 1 })
    t.same([closed.status, closed.body.status, closed.etag], [200, 'closed', '"v2"'])
    t.equal((await clinician.get(url)).status, 200)
    t.equal((await clinician.post(`${url}/members`, { clientId })).body.code, 'invalid-state')
    const joining = { staffId: other.staffId, role: 'covering' }
    t.equal((await clinician.post(`${url}/care-team`, joining)).body.code, 'invalid-state')
    t.equal((await clinician.post(`${url}/closure`, undefined, { ifMatch: 2 })).body.code, 'invalid-state')
    t.equal((await other.post(`${url}/reopening`, undefined, { ifMatch: 2 })).status, 404)
    t.equal((await owner.post(`${url}/reopening`, undefined, { ifMatch: 2 })).body.status, 'open')
    t.equal((await clinician.post(`${url}/members`, { clientId })).status, 201)
  })

  t.test('charts are listed in pages, narrowed by kind, status and client', async t => {
    const own = await createTestPractice(test)
    const laid = []
    for (const name of ['Avery', 'Blake', 'Casey', 'Drew', 'Ellis'])
      laid.push(await layClient(test, own, name))
    await own.owner.post('/v1/charts', { kind: 'group', name: 'Group' })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const url: string = `/v1/charts?kind=individual&limit=2${cursor ? `&cursor=${cursor}` : ''}`
      const { body } = await own.owner.get(url)
      seen.push(...body.data.map((chart: { id: string }) => chart.id))
      cursor = body.nextCursor
    } while (cursor)
    t.same(seen, laid.map(({ chartId }) => chartId).reverse())
    const ofOne = (await own.owner.get(`/v1/charts?clientId=${laid[0]?.clientId}&status=open`)).body.data
    t.same(
      ofOne.map((chart: { id: string }) => chart.id),
      [laid[0]?.chartId],
    )
    t.same((await own.owner.get('/v1/charts?status=closed')).body.data, [])
    t.equal((await own.owner.get('/v1/charts?kind=family')).status, 400)
    t.equal(
      (await own.owner.get('/v1/charts?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).body.code,
      'invalid-cursor',
    )
  })

  t.test('a caseload: charts by who is on the care team today, of what the caller may see', async t => {
    const own = await createTestPractice(test)
    const [ann, ben] = [await own.staff(['clinician']), await own.staff(['clinician'])]
    const ofAnn = await layClient(test, own, 'Gale', [[ann, 'primary']])
    const ofBoth = await layClient(test, own, 'Harper', [
      [ann, 'primary'],
      [ben, 'co_therapist'],
    ])
    const caseload = async (caller: Caller, staffId: string) => {
      const { body } = await caller.get(`/v1/charts?staffId=${staffId}`)
      return body.data.map((chart: { id: string }) => chart.id)
    }
    t.same(await caseload(own.owner, ann.staffId), [ofBoth.chartId, ofAnn.chartId])
    t.same(await caseload(own.owner, ben.staffId), [ofBoth.chartId])
    t.same(await caseload(ben, ann.staffId), [ofBoth.chartId], 'not what Ann has alone')
  })

  t.test('every look at a chart, granted or denied, names chart and people in the audit trail', async t => {
    const { chartId, clientId } = await layClient(test, practice, 'Finley', [[clinician, 'primary']])
    await clinician.get(`/v1/charts/${chartId}`)
    await other.get(`/v1/charts/${chartId}`)
    const rows = await asOwner(
      test,
      `select decision, outcome, client_ids from audit_log where chart_id = $1 and operation = 'getChart' order by id`,
      [chartId],
    )
    t.same(rows, [
      { decision: 'granted', outcome: null, client_ids: [clientId] },
      { decision: 'denied', outcome: 'not-found', client_ids: [] },
    ])
  })
})
