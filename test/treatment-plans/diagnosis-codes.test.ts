import t from 'tap'
import { shipped } from '../../src/modules/treatment-plans/diagnosis-codes.rules.ts'
import { couplePeople } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { diagnosis, startPlan, step } from '../support/treatment-plans.ts'

type Code = { system: string; code: string; validFrom: string; validTo: string | null; label: string }

t.test('what is shipped is in order, once, and says where it comes from', async t => {
  const places = shipped.map(({ system, code }) => `${system} ${code}`)
  t.same(places, [...places].sort())
  t.equal(new Set(places).size, places.length)
  for (const { code, source, confidence, label } of shipped) {
    t.ok(source.length > 5 && label.length > 2, code)
    t.match(confidence, /^(verified|general_knowledge)$/)
  }
})

t.test('diagnosis codes', async t => {
  const test = await createTestApp(t)
  const fresh = async () => {
    const practice = await createTestPractice(test)
    const { owner } = practice
    const load = (codes: unknown[], system = 'icd10cm') =>
      owner.post('/v1/diagnosis-codes/import', { system, source: 'A fictional list', codes })
    const list = async (query = '') => (await owner.get(`/v1/diagnosis-codes${query}`)).body.data as Code[]
    return { practice, owner, load, list }
  }
  const code = (word: string, validFrom: string, validTo: string | null = null, label = 'A label') => ({
    code: word,
    label,
    validFrom,
    validTo,
  })

  t.test('the starter list is there, filtered and page by page', async t => {
    const { owner, list } = await fresh()
    t.same(
      (await list('?codePrefix=F63')).map(one => one.code),
      ['F63.0', 'F63.89', 'F63.9'],
    )
    t.same(
      (await list('?system=icd11')).map(one => one.code),
      ['6B40', '6B41', '6C50', '6C51', '6C72'],
    )
    t.same((await list('?codePrefix=F43.81&validOn=2022-09-30')).length, 0)
    t.same((await list('?codePrefix=F43.81&validOn=2022-10-01')).length, 1)
    const seen: Code[] = []
    let cursor = ''
    do {
      const { body } = await owner.get(`/v1/diagnosis-codes?limit=7${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.data)
      cursor = body.nextCursor
    } while (cursor)
    t.same(seen, await list('?limit=200'))
    t.equal(seen.length, shipped.length)
  })

  t.test('what a practice imports takes the place of what is shipped, in its own practice', async t => {
    const { load, list } = await fresh()
    const done = await load([code('F63.89', '2020-10-01', null, 'Own label'), code('A00.0', '2020-10-01')])
    t.same([done.status, done.body], [200, { imported: 2, ended: 0 }])
    t.match(await list('?codePrefix=F63.89'), [
      { label: 'Own label', validFrom: '2020-10-01', confidence: 'imported' },
    ])
    t.equal((await list('?limit=1'))[0]?.code, 'A00.0')
    const other = await fresh()
    t.match(await other.list('?codePrefix=F63.89'), [{ label: 'Other impulse disorder' }])
    t.same(await other.list('?codePrefix=A00'), [])
  })

  t.test('a newer entry ends the one before it, and days never overlap', async t => {
    const { load, list } = await fresh()
    await load([code('Z99.1', '2020-10-01', null, 'Old')])
    t.same((await load([code('Z99.1', '2026-10-01', null, 'New')])).body, { imported: 1, ended: 1 })
    t.same(
      (await list('?codePrefix=Z99.1')).map(one => [one.validFrom, one.validTo, one.label]),
      [
        ['2020-10-01', '2026-09-30', 'Old'],
        ['2026-10-01', null, 'New'],
      ],
    )
    t.same((await load([code('Z99.1', '2026-10-01', null, 'Newer')])).body, { imported: 1, ended: 0 })
    const early = await load([code('Z99.1', '2019-10-01')])
    t.equal(early.body.code, 'conflict')
    t.equal((await load([code('Z99.1', '2019-10-01', '2020-09-30')])).status, 200)
    t.equal((await list('?codePrefix=Z99.1')).length, 3)
    const twins = await Promise.all([0, 1].map(() => load([code('Z99.2', '2020-10-01')])))
    t.same(
      twins.map(({ status }) => status),
      [200, 200],
    )
    t.equal((await list('?codePrefix=Z99.2')).length, 1)
  })

  t.test('an import says what is wrong with it', async t => {
    const { load } = await fresh()
    const twice = await load([code('Z99.1', '2020-10-01'), code('Z99.1', '2021-10-01')])
    t.equal(twice.body.errors[0].pointer, '/codes/1/code')
    const order = await load([code('Z99.1', '2020-10-01', '2020-09-01')])
    t.equal(order.body.errors[0].pointer, '/codes/0/validTo')
    t.equal((await load([])).status, 400)
    t.equal((await load([code('canary code', '2020-10-01')])).status, 400)
    t.equal((await load([code('Z99.1', '2020-10-01')], 'canary')).status, 400)
  })

  t.test('owners and supervisors write the list; those who treat and the front desk read it', async t => {
    const { practice, load } = await fresh()
    t.equal((await load([code('Z99.1', '2020-10-01')])).status, 200)
    const body = { system: 'icd10cm', source: 'x', codes: [code('Z99.1', '2020-10-01')] }
    for (const [role, writes] of [
      ['supervisor', 200],
      ['clinician', 403],
      ['admin', 403],
      ['biller', 403],
    ] as const) {
      const by = await practice.staff([role])
      t.equal((await by.post('/v1/diagnosis-codes/import', body)).status, writes, role)
      t.equal((await by.get('/v1/diagnosis-codes')).status, role === 'biller' ? 403 : 200, role)
    }
  })

  t.test('a diagnosis must be listed, and valid on the day the plan starts', async t => {
    const { practice, load } = await fresh()
    const people = couplePeople(test, practice)
    const clinician = await practice.staff(['clinician'])
    const start = async (word: string, more: Record<string, unknown> = {}) => {
      const alex = await people.client('Alex', [clinician])
      return startPlan(clinician, alex.chartId, { diagnoses: [diagnosis('d1', word)], ...more })
    }
    const unknown = await start('Q99.9')
    t.equal(unknown.body.code, 'unknown-reference')
    t.equal(unknown.body.errors[0].pointer, '/diagnoses/0/code')
    const early = await start('F43.81', { startsOn: '2022-09-30' })
    t.equal(early.body.errors[0].pointer, '/diagnoses/0/code')
    const beside = { diagnoses: [diagnosis('d1', 'F63.89', { icd11Code: '6C99' })] }
    t.equal((await start('F63.89', beside)).body.errors[0].pointer, '/diagnoses/0/icd11Code')
    const two = [
      diagnosis('d1', 'F63.89', { principal: true }),
      diagnosis('d2', 'F41.1', { principal: true }),
    ]
    t.equal((await start('F63.89', { diagnoses: two })).body.errors[0].pointer, '/diagnoses')
    t.equal((await start('F43.81', { startsOn: '2022-10-01' })).status, 201)

    const { body: plan } = await start('F41.1', { startsOn: '2026-11-20' })
    await load([code('F41.1', '2015-10-01', '2026-10-31', 'Ended meanwhile')])
    const refused = await step(clinician, plan, 'offer')
    t.equal(refused.body.code, 'invalid-state')
    t.equal(refused.body.errors[0].pointer, '/diagnoses/0/code')
  })
})
