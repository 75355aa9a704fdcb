import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice } from '../support/practice.ts'
import { createRecordGround } from '../support/recovery-records.ts'
import { court, disclosuresOf, record, released, releasesOf, revoke } from '../support/releases.ts'
import { must } from '../support/task-model.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('releases of information', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const outsider = await practice.staff(['clinician'])
  const client = await people.client('Jordan', [clinician])
  const url = releasesOf(client.chartId)

  t.test('what was signed is kept as it is, its words sealed', async t => {
    const key = randomUUID()
    const first = await record(clinician, client.chartId, client.id, { fromOn: day() }, key)
    t.equal(first.status, 201)
    t.match(first.body, {
      chartId: client.chartId,
      clientId: client.id,
      recipientKind: 'court',
      recipient: court,
      categories: ['attendance', 'counts', 'tasks', 'stages'],
      fromOn: day(),
      status: 'in_force',
      recordedById: clinician.staffId,
      revokedAt: null,
      version: 1,
    })
    t.same((await record(clinician, client.chartId, client.id, { fromOn: day() }, key)).body, first.body)
    t.same((await clinician.get(`${url}/${first.body.id}`)).body, first.body)
    t.same((await supervisor.get(`${url}/${first.body.id}`)).body, first.body)
    const rows = await people.run('select * from releases where id = $1', [first.body.id])
    t.notMatch(JSON.stringify(rows), /Faketown|asked for/)
    t.equal(
      (await record(clinician, client.chartId, client.id, { signedOn: day(), fromOn: day(3) })).body.status,
      'not_yet',
    )
  })

  t.test('it is revoked once, by whoever read it as it is, and allows nothing from then on', async t => {
    const one = await released(clinician, client.chartId, client.id)
    t.equal((await revoke(clinician, { ...one, version: 7 })).status, 412)
    const twins = await Promise.all([revoke(clinician, one), revoke(clinician, one)])
    t.same(twins.map(({ status }) => status).toSorted(), [200, 412])
    const { body } = await clinician.get(`${url}/${one.id}`)
    t.match(body, { status: 'revoked', revokedById: clinician.staffId, version: 2 })
    t.ok(body.revokedAt)
    t.equal((await revoke(clinician, body)).body.code, 'invalid-state')
  })

  t.test('days that cannot be, strangers and what is no category are refused', async t => {
    const pointer = async (more: Record<string, unknown>, clientId = client.id) => {
      const { status, body } = await record(clinician, client.chartId, clientId, more)
      t.ok(status === 400 || status === 422)
      return body.errors[0].pointer
    }
    t.equal(await pointer({ signedOn: day(1), untilOn: day(9) }), '/signedOn')
    t.equal(await pointer({ fromOn: '2026-01-04' }), '/fromOn')
    t.equal(await pointer({ fromOn: day(), untilOn: day(-1) }), '/untilOn')
    t.equal(await pointer({ untilOn: day(-1) }), '/untilOn')
    t.equal(await pointer({ categories: [] }), '/categories')
    t.equal(await pointer({ categories: ['psychotherapy_notes'] }), '/categories/0')
    const other = await people.client('Sam', [clinician])
    t.equal(await pointer({}, other.id), '/clientId')
    t.equal(await pointer({ representativeId: randomUUID() }), '/representativeId')
  })

  t.test('for a minor in a parent’s care somebody signs in their name', async t => {
    const minor = await people.client('Robin', [clinician])
    await people.run('update clients set birth_date = $2 where id = $1', [minor.id, day(-365 * 12)])
    const { status, body } = await record(clinician, minor.chartId, minor.id)
    t.equal(status, 400)
    t.equal(body.errors[0].pointer, '/representativeId')
  })

  t.test(
    'nobody else finds any: other practices, other clinicians, front desk, supervisors who would write',
    async t => {
      const one = await released(clinician, client.chartId, client.id)
      const stranger = await (await createTestPractice(test)).staff(['clinician'])
      for (const by of [outsider, stranger]) {
        t.equal((await by.get(`${url}/${one.id}`)).status, 404)
        t.equal((await by.get(url)).status, 404)
        t.equal((await record(by, client.chartId, client.id)).status, 404)
        t.equal((await revoke(by, one)).status, 404)
        t.equal((await by.get(`/v1/charts/${client.chartId}/disclosures`)).status, 404)
      }
      t.equal((await practice.owner.get(url)).status, 403)
      t.equal((await record(supervisor, client.chartId, client.id)).status, 403)
      t.equal((await revoke(supervisor, one)).status, 403)
      const other = await people.client('Kim', [clinician])
      t.equal((await clinician.get(`${releasesOf(other.chartId)}/${one.id}`)).status, 404)
    },
  )

  t.test('a list goes on from page to page, newest first', async t => {
    const one = await people.client('Lee', [clinician])
    const made = []
    for (const _ of [1, 2, 3]) made.unshift((await released(clinician, one.chartId, one.id)).id)
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await clinician.get(
        `${releasesOf(one.chartId)}?limit=2${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...body.data.map(({ id }: { id: string }) => id))
      cursor = body.nextCursor ?? ''
    } while (cursor)
    t.same(seen, made)
  })

  t.test('the portal shows partners their own, and nothing of the other’s', async t => {
    const [one, two] = [await people.client('Alex', [clinician]), await people.client('Blair', [clinician])]
    const { chartId } = must(
      await link(practice.owner, one.id, two.id, { primaryClinicianId: clinician.staffId }),
    )
    const mine = await released(clinician, one.chartId, one.id, { recipient: 'Own Court (fictional)' })
    const joint = await released(clinician, chartId, one.id)
    await released(clinician, chartId, two.id, { recipient: 'Other Court (fictional)' })
    const portal = await portalCaller(practice, one.id)
    const { body } = await portal.get('/v1/portal/releases')
    t.same(
      body.data.map(({ id }: { id: string }) => id),
      [joint.id, mine.id],
    )
    t.notMatch(JSON.stringify(body), new RegExp(`Other Court|${two.id}`))
    t.same((await portal.get('/v1/portal/disclosures')).body.data, [])
    const guardian = await people.relatedPerson(one.id, 'Kim')
    await people.run(
      `update related_people set roles = '{personal_representative}', may_know = '{treatment}' where id = $1`,
      [guardian],
    )
    const acting = await (await portalCaller(practice, one.id, guardian)).get('/v1/portal/releases')
    t.same(
      acting.body.data.map(({ id }: { id: string }) => id),
      [mine.id],
      'who acts for one of them finds the own alone',
    )
  })

  t.test('in a closed chart nothing new is released, but what was is revoked', async t => {
    const one = await people.client('Drew', [clinician])
    const held = await released(clinician, one.chartId, one.id)
    await people.run(`update charts set status = 'closed', closed_at = now() where id = $1`, [one.chartId])
    t.equal((await record(clinician, one.chartId, one.id)).body.code, 'invalid-state')
    t.equal((await revoke(clinician, held)).status, 200)
  })
})

t.test('reports of legal matters', async t => {
  const test = await createTestApp(t)
  const ground = await createRecordGround(test)
  const { practice, clinician, supervisor, clientId, chartId, made } = ground
  const matter = await made('legal_matter')
  const report = (content: Record<string, unknown> = {}) =>
    made('legal_report', {
      relatedRecordId: matter.id,
      occurredOn: '2026-01-10',
      content: { releasedTo: court, ...content },
    })
  const send = (
    one: { id: string; version: number },
    releaseId?: string,
    more: Record<string, unknown> = {},
  ) => ground.step(one, { status: 'released', ...(releaseId && { releaseId }), ...more })

  t.test('a report goes out on a release that allows its kind, to its recipient', async t => {
    const one = await report()
    const refused = async (releaseId?: string, more: Record<string, unknown> = {}) => {
      const { status, body } = await send(one, releaseId, more)
      t.ok(status === 409 || status === 422)
      t.equal(body.errors[0].pointer, '/releaseId')
      return body.errors[0].code
    }
    const fit = await released(clinician, chartId, clientId, { categories: ['attendance'] })
    t.equal(await refused(), 'required')
    t.equal(await refused(randomUUID()), 'unknown')
    t.equal(
      await refused((await released(clinician, chartId, clientId, { categories: ['evaluation'] })).id),
      'category',
    )
    t.equal(
      await refused((await released(clinician, chartId, clientId, { recipient: 'Elsewhere' })).id),
      'recipient',
    )
    const later = await released(clinician, chartId, clientId, { fromOn: '2026-02-01' })
    t.equal(await refused(later.id, { effectiveOn: '2026-01-31' }), 'not-yet')
    t.equal((await clinician.get(`${ground.url}/${one.id}`)).body.status, 'draft')
    t.same(await disclosuresOf(clinician, chartId), [])
    t.equal((await send(one, fit.id)).body.status, 'released')
    t.match(await disclosuresOf(clinician, chartId), [
      {
        kind: 'legal_report',
        recordId: one.id,
        releaseId: fit.id,
        recipient: court,
        categories: ['attendance'],
        clientId,
        disclosedById: clinician.staffId,
      },
    ])
    t.same(await disclosuresOf(supervisor, chartId), [], 'what is restricted is not there for a supervisor')
    const portal = await portalCaller(practice, clientId)
    t.match((await portal.get('/v1/portal/disclosures')).body.data, [{ recordId: one.id }])
  })

  t.test('only a report takes a release, and one that was revoked lets none out', async t => {
    const one = await released(clinician, chartId, clientId)
    const { body } = await ground.step(matter, { status: 'closed', releaseId: one.id })
    t.equal(body.errors[0].pointer, '/releaseId')
    const next = await report({ type: 'progress' })
    const wide = await released(clinician, chartId, clientId, { categories: ['progress'] })
    must(await revoke(clinician, wide))
    t.match((await send(next, wide.id)).body, { code: 'not-released', errors: [{ code: 'revoked' }] })
  })

  t.test('the database itself lets no disclosure go beyond its release', async t => {
    const one = await released(clinician, chartId, clientId, { categories: ['attendance'] })
    const people = couplePeople(test, practice)
    const insert = (columns: Record<string, unknown>) => {
      const row = {
        practice_id: practice.id,
        id: randomUUID(),
        chart_id: chartId,
        client_id: clientId,
        release_id: one.id,
        recipient_kind: 'court',
        released_categories: ['attendance'],
        released_from: '2026-01-05',
        released_until: '2099-12-31',
        categories: ['attendance'],
        data_class: 'restricted',
        record_id: matter.id,
        disclosed_on: '2026-02-01',
        disclosed_by: clinician.staffId,
        ...columns,
      }
      const names = Object.keys(row)
      const places = names.map((_, at) => `$${at + 1}`)
      return people.run(
        `insert into disclosures (${names.join(', ')}) values (${places.join(', ')})`,
        Object.values(row),
      )
    }
    await t.rejects(insert({ categories: ['attendance', 'evaluation'] }), /disclosures_basis_check/)
    await t.rejects(insert({ disclosed_on: '2026-01-04' }), /disclosures_basis_check/)
    await t.rejects(insert({ released_categories: ['attendance', 'evaluation'] }), /disclosures_release_fkey/)
    await t.rejects(insert({ recipient_kind: 'employer' }), /disclosures_release_fkey/)
    await t.rejects(insert({ release_id: null }), /disclosures_basis_check/)
    await insert({})
  })
})
