import { randomUUID } from 'node:crypto'
import t from 'tap'
import {
  completeness,
  daysBetween,
  mergeSections,
  sectionKeys,
} from '../../src/modules/assessments/psychosocial.rules.ts'
import { adultIn, coupleIn } from '../support/assessments.ts'
import { day } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const section = (text: string) => ({ text, sources: ['self' as const] })

t.test('completeness is 100 only when every section has a text', async t => {
  const all = Object.fromEntries(sectionKeys.map(key => [key, section('x')]))
  t.equal(completeness({}), 0)
  t.equal(completeness({ trauma: section('x') }), 4, '1 of 21')
  t.equal(completeness(mergeSections(all, { legal: null })), 95, '20 of 21')
  t.equal(completeness(all), 100)
  t.equal(daysBetween('2026-02-27', '2026-03-02'), 3)
  t.equal(daysBetween('2026-03-07', '2026-03-09'), 2, 'over a change of the clock')
})

t.test('psychosocial assessments', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const urlOf = (chartId: string) => `/v1/charts/${chartId}/psychosocial-assessments`
  const begin = (chartId: string, more: object = {}, by = clinician) =>
    by.post(urlOf(chartId), { kind: 'intake', ...more }, { key: randomUUID() })
  const save = (chartId: string, id: string, version: number, sections: object) =>
    clinician.patch(`${urlOf(chartId)}/${id}/sections`, { sections }, { ifMatch: version })
  const step = (chartId: string, id: string, version: number, what: string, body?: object) =>
    clinician.post(`${urlOf(chartId)}/${id}/${what}`, body, { ifMatch: version, key: randomUUID() })

  t.test('is written section by section, signed for good, added to, and brought up to date', async t => {
    const { chartId } = await adultIn(practice, clinician)
    const { body } = await begin(chartId, { dueOn: day(-1) })
    t.match(body, {
      status: 'draft',
      completeness: 0,
      overdue: true,
      startedOn: day(),
      sections: {},
      previousId: null,
    })
    t.equal((await begin(chartId)).body.code, 'already-exists')
    const first = await save(chartId, body.id, 1, {
      presenting_problem: section('canary-words'),
      trauma: section('x'),
    })
    t.match(first.body, { completeness: 9, version: 2 })
    t.equal((await save(chartId, body.id, 1, { legal: section('x') })).body.code, 'stale-version')
    t.equal(
      (await step(chartId, body.id, 2, 'signature')).body.code,
      'invalid-state',
      'it has no formulation',
    )
    t.equal((await step(chartId, body.id, 2, 'addenda', { text: 'Early' })).body.code, 'invalid-state')
    await save(chartId, body.id, 2, { formulation: section('x'), trauma: null })
    const twins = await Promise.all([0, 1].map(() => step(chartId, body.id, 3, 'signature')))
    const [winner, loser] = twins.map(reply => reply.status).sort()
    t.equal(winner, 200)
    t.ok(loser === 412 || loser === 409, 'the other finds it changed, or signed')
    const signed = await clinician.get(`${urlOf(chartId)}/${body.id}`)
    t.match(signed.body, {
      status: 'signed',
      completeness: 9,
      overdue: false,
      daysToSign: 0,
      signature: { signerId: clinician.staffId, contentHash: /^[0-9a-f]{64}$/ },
    })
    t.same(Object.keys(signed.body.sections), ['presenting_problem', 'formulation'])
    t.equal((await save(chartId, body.id, 4, { legal: section('x') })).body.code, 'invalid-state')
    const added = await step(chartId, body.id, 4, 'addenda', { text: 'canary-addendum' })
    t.match(added.body, {
      status: 'addended',
      addenda: [{ text: 'canary-addendum', writtenById: clinician.staffId }],
    })
    t.same(added.body.sections, signed.body.sections)
    t.equal((await begin(chartId, { kind: 'update' })).body.previousId, body.id)
    const rows = await asAdmin(test.adminUrl, async admin => [
      ...(await admin.query('select content_sealed from cairn.psychosocial_contents')).rows,
      ...(await admin.query('select content_sealed from cairn.psychosocial_addenda')).rows,
      ...(await admin.query('select content_sealed from cairn.psychosocial_drafts')).rows,
    ])
    t.equal(rows.length, 2)
    t.notMatch(rows.map(row => String(row.content_sealed)).join(''), /canary/)
    t.notMatch(test.logLines.join(''), /canary/)
  })

  t.test('the care team alone knows of it', async t => {
    const { chartId } = await adultIn(practice, clinician)
    const { body } = await begin(chartId)
    const stranger = await (await createTestPractice(test)).staff(['clinician'])
    for (const by of [supervisor, await practice.staff(['clinician']), stranger]) {
      t.equal((await by.get(urlOf(chartId))).status, 404)
      t.equal((await by.get(`${urlOf(chartId)}/${body.id}`)).status, 404)
    }
    t.equal((await practice.owner.get(urlOf(chartId))).status, 403)
    t.notMatch(JSON.stringify((await supervisor.get(`/v1/charts/${chartId}/timeline`)).body), /psychosocial/)
    t.match(JSON.stringify((await clinician.get(`/v1/charts/${chartId}/timeline`)).body), /psychosocial/)
    const other = await adultIn(practice, clinician)
    t.equal((await clinician.get(`${urlOf(other.chartId)}/${body.id}`)).status, 404)
    const couple = await coupleIn(test, practice, clinician)
    t.equal((await begin(couple.chartId)).body.code, 'invalid-state')
    t.equal((await begin(chartId, { kind: 'canary' })).status, 400)
    const page = await clinician.get(`${urlOf(chartId)}?limit=1`)
    t.equal(page.body.data.length, 1)
  })
})
