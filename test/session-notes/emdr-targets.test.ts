import { randomUUID } from 'node:crypto'
import t from 'tap'
import {
  findings,
  openStatuses,
  targetKinds,
  targetStatuses,
} from '../../src/modules/session-notes/emdr/targets.rules.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { layClient, layCoupleChart } from '../support/clients-raw.ts'
import { createEmdrGround, register, targetsOf } from '../support/emdr.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const labelOf = ({ label }: { label: string }) => label

t.test('the words of the code are those of the database', async t => {
  const test = await createTestApp(t)
  const checks = await asAdmin(test.adminUrl, async admin => {
    const { rows } = await admin.query<{ name: string; words: string }>(
      `select conname as name, pg_get_constraintdef(oid) as words from pg_constraint
       where contype = 'c' and conrelid = any(array['cairn.emdr_targets', 'cairn.emdr_target_history']::regclass[])
       union all
       select 'attention', pg_get_expr(adbin, adrelid) from pg_attrdef d
       join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
       where d.adrelid = 'cairn.emdr_targets'::regclass and a.attname = 'attention'`,
    )
    return new Map(rows.map(({ name, words }) => [name, words]))
  })
  const wordsOf = (name: string) =>
    [...(checks.get(name) ?? '').matchAll(/'([a-z_]+)'::text/g)].map(([, word]) => word)
  t.same(wordsOf('emdr_targets_kind_check').toSorted(), targetKinds.toSorted())
  t.same(wordsOf('emdr_targets_status_check').toSorted(), targetStatuses.toSorted())
  t.same(wordsOf('emdr_target_history_from_check').toSorted(), targetStatuses.toSorted())
  t.same(wordsOf('emdr_target_history_to_check').toSorted(), targetStatuses.toSorted())
  t.same(wordsOf('emdr_target_history_findings_check').toSorted(), findings.toSorted())
  t.same(wordsOf('attention').slice(0, openStatuses.length), openStatuses, 'what is open comes first')
})

t.test('the registry of EMDR targets', async t => {
  const test = await createTestApp(t)
  const { practice, supervisor, clinician, associate, chartId } = await createEmdrGround(test)

  t.test('a target is registered, changed and set by hand, and its history keeps everything', async t => {
    const made = await register(clinician, chartId, { position: 2, baselineSud: 8, emotions: ['fear'] })
    t.equal(made.status, 201)
    t.match(made.body, {
      kind: 'past',
      status: 'identified',
      position: 2,
      baselineSud: 8,
      lastSud: null,
      version: 1,
    })
    const url = `${targetsOf(chartId)}/${made.body.id}`
    const changed = await clinician.patch(
      url,
      { label: 'The stairs (fictional)', position: null },
      { ifMatch: 1 },
    )
    t.match(changed.body, {
      label: 'The stairs (fictional)',
      position: null,
      baselineSud: 8,
      emotions: ['fear'],
      version: 2,
    })
    const reason = 'Assessed elsewhere (fictional).'
    const set = await clinician.post(
      `${url}/status-changes`,
      { status: 'assessed', reason, sud: 7 },
      { ifMatch: 2 },
    )
    t.match(set.body, { status: 'assessed', lastSud: 7, lastVoc: null, version: 3 })
    t.same((await associate.get(url)).body, set.body)
    const history = await clinician.get(`${url}/history`)
    t.match(history.body.data, [
      {
        version: 1,
        change: 'created',
        fromStatus: null,
        toStatus: 'identified',
        words: { label: 'The hallway (fictional)' },
      },
      { version: 2, change: 'revised', words: { label: 'The stairs (fictional)' }, reason: null },
      {
        version: 3,
        change: 'set_by_hand',
        fromStatus: 'identified',
        toStatus: 'assessed',
        sud: 7,
        words: null,
        reason,
      },
    ])
    const page = await clinician.get(`${url}/history?limit=2`)
    const rest = await clinician.get(`${url}/history?limit=2&cursor=${page.body.nextCursor}`)
    t.same([...page.body.data, ...rest.body.data], history.body.data)
  })

  t.test('bad values, old versions and repeated keys are refused', async t => {
    const key = randomUUID()
    const made = await register(clinician, chartId, {}, key)
    t.same((await register(clinician, chartId, {}, key)).body, made.body)
    const url = `${targetsOf(chartId)}/${made.body.id}`
    t.equal((await clinician.patch(url, { baselineSud: 11 }, { ifMatch: 1 })).status, 400)
    t.equal((await clinician.patch(url, { baselineVoc: 0 }, { ifMatch: 1 })).status, 400)
    t.equal((await clinician.patch(url, {}, { ifMatch: 1 })).status, 400)
    t.equal((await clinician.patch(url, { label: 'x' }, { ifMatch: 2 })).body.code, 'stale-version')
    const set = (body: unknown, version = 1) =>
      clinician.post(`${url}/status-changes`, body, { ifMatch: version })
    t.equal((await set({ status: 'assessed' })).status, 400, 'a reason is needed')
    t.match((await set({ status: 'identified', reason: 'x' })).body.errors, [
      { pointer: '/status', code: 'same' },
    ])
    t.equal((await set({ status: 'assessed', reason: 'x' }, 4)).body.code, 'stale-version')
    const twins = await Promise.all(['assessed', 'cleared'].map(status => set({ status, reason: 'x' })))
    t.same(twins.map(({ status }) => status).sort(), [200, 412])
    t.equal((await clinician.get(`${targetsOf(chartId)}?cursor=zzz`)).body.code, 'invalid-cursor')
  })

  t.test('the care team alone sees targets, and only in a chart of one client', async t => {
    const made = await register(clinician, chartId)
    const url = `${targetsOf(chartId)}/${made.body.id}`
    const colleague = await practice.staff(['clinician'])
    const biller = await practice.staff(['biller'])
    const { practice: elsewhere } = await createEmdrGround(test)
    const strangers = [supervisor, colleague, practice.owner, biller, await elsewhere.staff(['clinician'])]
    const api = await createApiClientCaller(test, practice, ['notes:read'])
    for (const by of [...strangers, api])
      for (const path of [targetsOf(chartId), url, `${url}/history`, `${url}/curve`])
        t.ok([403, 404].includes((await by.get(path)).status), path)
    t.ok(
      (await supervisor.get(`/v1/charts/${chartId}/session-notes`)).status === 200,
      'who still reads the notes',
    )
    const other = await layClient(test, practice, 'Sasha', [[clinician, 'primary']])
    t.equal((await clinician.get(`${targetsOf(other.chartId)}/${made.body.id}`)).status, 404)
    const third = await layClient(test, practice, 'Toni')
    const couple = await layCoupleChart(
      test,
      practice,
      [other.clientId, third.clientId],
      [[clinician, 'primary']],
    )
    t.equal((await register(clinician, couple)).status, 404)
    t.equal((await clinician.get(targetsOf(couple))).status, 404)
  })

  t.test('what a session left comes first, then the planned order', async t => {
    const { chartId } = await layClient(test, practice, 'Una', [[clinician, 'primary']])
    const make = async (label: string, position: number | null, status?: string) => {
      const { body } = await register(clinician, chartId, { label, position })
      const url = `${targetsOf(chartId)}/${body.id}/status-changes`
      if (status) await clinician.post(url, { status, reason: 'Fictional.' }, { ifMatch: 1 })
    }
    await make('last', null)
    await make('second', 2)
    await make('first', 1)
    await make('through', 3, 'rechecked')
    await make('assessed', 9, 'assessed')
    await make('reopened', 4, 'reopened')
    await make('incomplete', 8, 'incomplete')
    const { body } = await clinician.get(targetsOf(chartId))
    const order = ['incomplete', 'reopened', 'assessed', 'first', 'second', 'last', 'through']
    t.same(body.data.map(labelOf), order)
    const shown: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await clinician.get(`${targetsOf(chartId)}?limit=2${cursor && `&cursor=${cursor}`}`)
      shown.push(...page.body.data.map(labelOf))
      cursor = page.body.nextCursor
    }
    t.same(shown, order)
    t.same((await clinician.get(`${targetsOf(chartId)}?status=reopened`)).body.data.map(labelOf), [
      'reopened',
    ])
    t.same((await clinician.get(`${targetsOf(chartId)}?kind=urge`)).body.data, [])
  })

  t.test('no words of a target stand in the database as they are', async t => {
    await register(clinician, chartId, { label: 'quokka-fictional', worstImage: 'quokka-fictional' })
    const rows = await asAdmin(test.adminUrl, async admin => {
      const all = await admin.query(
        `select t::text as row from cairn.emdr_targets t union all select h::text from cairn.emdr_target_history h`,
      )
      return all.rows.map(({ row }) => String(row))
    })
    t.ok(rows.length > 0)
    t.notOk(rows.some(row => row.includes('quokka') || row.includes(Buffer.from('quokka').toString('hex'))))
  })
})
