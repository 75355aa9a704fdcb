import t from 'tap'
import { asOwner } from '../support/clients-raw.ts'
import { day } from '../support/couples.ts'
import { createRecordGround } from '../support/recovery-records.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('consequences before and after', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { practice, clinician, supervisor, chartId, behaviorId, made, step } = ground
  const url = `/v1/charts/${chartId}/consequence-comparison`
  const debts = await made('consequence', {
    occurredOn: day(-60),
    content: { domain: 'financial', severity: 3 },
  })
  await made('consequence', { occurredOn: day(-5), content: { domain: 'family', severity: 2 } })
  await made('consequence', { occurredOn: day(-50), behaviorId, content: { domain: 'work', severity: 4 } })
  const mistake = await made('consequence', {
    occurredOn: day(-60),
    content: { domain: 'hiding', severity: 4 },
  })
  await step(mistake, { status: 'withdrawn', reason: 'Somebody else’s (fictional).' })
  const repaired = await step(debts, { status: 'being_repaired', effectiveOn: day(-10) })
  t.equal(repaired.status, 200)
  const revised = await clinician.put(
    `${ground.url}/${debts.id}`,
    { kind: 'consequence', content: { ...debts.content, severity: 1 } },
    { ifMatch: repaired.body.version },
  )
  t.equal(revised.status, 200)
  // It was written three days ago.
  await asOwner(
    test,
    `update recovery_record_revisions set effective_on = $2 where record_id = $1 and change = 'revised'`,
    [debts.id, day(-3)],
  )

  const read = async (query: string, by = clinician) => (await by.get(`${url}?${query}`)).body
  const standing = { active: 0, beingRepaired: 0, resolved: 0, bySeverity: [0, 0, 0, 0, 0], burden: 0 }
  const own = await read(`before=${day(-30)}`)
  t.match(own, { before: day(-30), after: day() })
  t.same(
    own.domains.map((one: { domain: string; burdenChange: number }) => [one.domain, one.burdenChange]),
    [
      ['financial', -2],
      ['family', 2],
      ['work', 0],
    ],
  )
  t.same(own.together, {
    before: { ...standing, active: 2, bySeverity: [0, 0, 0, 1, 1], burden: 7 },
    after: { ...standing, active: 2, beingRepaired: 1, bySeverity: [0, 1, 1, 0, 1], burden: 7 },
    burdenChange: 0,
  })
  const seen = await read(`before=${day(-30)}&after=${day(-6)}`, supervisor)
  t.same(seen.domains, [
    {
      domain: 'financial',
      before: { ...standing, active: 1, bySeverity: [0, 0, 0, 1, 0], burden: 3 },
      after: { ...standing, beingRepaired: 1, bySeverity: [0, 0, 0, 1, 0], burden: 3 },
      burdenChange: 0,
    },
  ])
  t.same(seen.together.after, seen.domains[0].after, 'nothing restricted shows through a number')
  t.match((await read(`before=${day()}&after=${day(-1)}`)).errors, [
    { pointer: 'query/before', code: 'order' },
  ])
  t.match((await read(`before=${day()}&after=${day(1)}`)).errors, [
    { pointer: 'query/after', code: 'not-future' },
  ])
  t.equal((await clinician.get(url)).status, 400)
  t.equal((await (await practice.staff(['clinician'])).get(`${url}?before=${day()}`)).status, 404)
  t.equal((await (await practice.staff(['biller'])).get(`${url}?before=${day()}`)).status, 403)
  const elsewhere = await createRecordGround(test)
  t.equal((await elsewhere.clinician.get(`${url}?before=${day()}`)).status, 404)
})
