import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, link } from '../support/couples.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

t.test('linking a couple', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const people = couplePeople(test, practice)

  t.test('two clients are linked, the joint chart opens, and the clinician who links leads it', async t => {
    const clinician = await practice.staff(['clinician'])
    const a = await people.client('Alex', [clinician])
    const b = await people.client('Blair', [clinician])
    const made = await link(clinician, a.id, b.id)
    t.equal(made.status, 201)
    t.equal(made.headers.location, `/v1/couples/${made.body.id}`)
    t.same(made.body.members, [
      { clientId: a.id, displayName: 'Alex Example' },
      { clientId: b.id, displayName: 'Blair Example' },
    ])
    t.equal(made.body.status, 'together')
    t.same((await clinician.get(`/v1/couples/${made.body.id}`)).body, made.body)
    const team = await clinician.get(`/v1/charts/${made.body.chartId}/care-team`)
    t.same(
      team.body.data.map((m: { staffId: string; role: string }) => [m.staffId, m.role]),
      [[clinician.staffId, 'primary']],
    )
  })

  t.test(
    'the front desk links anybody and may name who leads; nobody comes from a partner’s team',
    async t => {
      const [ofA, lead] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
      const a = await people.client('Ari', [ofA])
      const b = await people.client('Bo')
      const made = await link(owner, a.id, b.id, { primaryClinicianId: lead.staffId })
      t.equal(made.status, 201)
      t.equal((await lead.get(`/v1/couples/${made.body.id}`)).status, 200)
      t.equal((await ofA.get(`/v1/couples/${made.body.id}`)).status, 404)
    },
  )

  t.test('a clinician links only two clients in their own care, and is told no more', async t => {
    const [mine, other] = [await practice.staff(['clinician']), await practice.staff(['clinician'])]
    const a = await people.client('Avery', [mine])
    const hidden = await people.client('Hidden', [other])
    const refused = await link(mine, a.id, hidden.id)
    t.equal(refused.body.code, 'unknown-reference')
    t.same(plain(await link(mine, a.id, randomUUID())), plain(refused))
    t.same(plain(await link(mine, hidden.id, a.id)), plain(refused))
    const both = await people.client('Both', [mine])
    await link(owner, a.id, both.id)
    t.same(plain(await link(mine, a.id, both.id)), plain(refused), 'nor of a couple they may not see')
    t.equal((await link(owner, both.id, a.id)).body.code, 'already-exists')
    t.equal(
      (await link(mine, a.id, both.id, { primaryClinicianId: other.staffId })).body.code,
      'not-permitted',
    )
  })

  t.test('a supervisor reads the couples of supervisees and links nobody', async t => {
    const supervisor = await practice.staff(['supervisor'])
    const associate = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
    const a = await people.client('Ash', [associate])
    const b = await people.client('Bay', [associate])
    const { body } = await link(associate, a.id, b.id)
    t.equal((await supervisor.get(`/v1/couples/${body.id}`)).status, 200)
    t.equal((await link(supervisor, a.id, b.id)).body.code, 'not-permitted')
    const stranger = await practice.staff(['supervisor'])
    t.equal((await stranger.get(`/v1/couples/${body.id}`)).status, 404)
    const both = await practice.staff(['supervisor', 'clinician'])
    t.same((await both.get('/v1/couples')).body.data, [])
  })

  t.test('a supervising clinician changes no couple that is only seen by supervision', async t => {
    const senior = await practice.staff(['supervisor', 'clinician'])
    const associate = await practice.staff(['clinician'], { supervisorId: senior.staffId })
    const a = await people.client('Aya', [associate])
    const b = await people.client('Ben', [associate])
    const { body } = await link(associate, a.id, b.id)
    t.equal((await senior.get(`/v1/couples/${body.id}`)).status, 200)
    const step = { status: 'separated', effectiveOn: body.statusEffectiveOn }
    const refused = await senior.post(`/v1/couples/${body.id}/status-changes`, step, { ifMatch: 1 })
    t.equal(refused.status, 404)
    const c = await people.client('Cal', [associate])
    t.equal((await link(senior, a.id, c.id)).body.code, 'unknown-reference')
  })

  t.test(
    'the same two are one current couple, however many link them at once and in which order',
    async t => {
      const a = await people.client('Twin')
      const b = await people.client('Twain')
      const replies = await Promise.all(
        [0, 1, 2, 3, 4, 5].map(n => (n % 2 ? link(owner, a.id, b.id) : link(owner, b.id, a.id))),
      )
      t.same(replies.map(reply => reply.status).sort(), [201, 409, 409, 409, 409, 409])
      const charts = await people.run(
        `select count(*)::int as charts from chart_members m join charts c using (practice_id)
       where c.id = m.chart_id and c.kind = 'couple' and m.client_id = $1`,
        [a.id],
      )
      t.equal(charts[0]?.charts, 1, 'no joint chart is left over')
    },
  )

  t.test('the same key links once and answers alike, but not to who may no longer see it', async t => {
    const clinician = await practice.staff(['clinician'])
    const a = await people.client('Again', [clinician])
    const b = await people.client('Anew', [clinician])
    const body = { clientId: a.id, partnerClientId: b.id }
    const key = randomUUID()
    const first = await clinician.post('/v1/couples', body, { key })
    const second = await clinician.post('/v1/couples', body, { key })
    t.same(second.body, first.body)
    t.equal(second.headers['idempotency-replayed'], 'true')
    t.equal((await clinician.post('/v1/couples', body)).body.code, 'idempotency-key-required')
    await people.run(
      `update care_team_members set ends_on = starts_on where practice_id = $1 and chart_id = $2`,
      [practice.id, first.body.chartId],
    )
    t.equal((await clinician.post('/v1/couples', body, { key })).status, 404)
  })

  t.test('who cannot be a partner is refused', async t => {
    const a = await people.client('Solo')
    const related = await people.relatedPerson(a.id, 'Rory')
    const gone = await people.client('Gone')
    await people.run(`update clients set status = 'deceased' where id = $1`, [gone.id])
    t.equal((await link(owner, a.id, a.id)).body.errors[0].pointer, '/partnerClientId')
    t.equal((await link(owner, a.id, gone.id)).body.code, 'unknown-reference')
    t.equal((await link(owner, a.id, gone.id, { partnerRelatedPersonId: related })).status, 400)
    t.equal((await owner.post('/v1/couples', { clientId: a.id }, { key: randomUUID() })).status, 400)
    const future = await link(owner, a.id, (await people.client('Soon')).id, {
      statusEffectiveOn: '2999-01-01',
    })
    t.equal(future.body.errors[0].pointer, '/statusEffectiveOn')
    const lead = await link(owner, a.id, (await people.client('Late')).id, {
      primaryClinicianId: owner.staffId,
    })
    t.equal(lead.body.code, 'unknown-reference')
    const strict = await link(owner, a.id, gone.id, { secret: 'canary-value' })
    t.equal(strict.status, 400)
    t.notMatch(JSON.stringify(strict.body), /canary|secret/)
  })
})
