import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('a couple over time', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const { owner } = practice
  const people = couplePeople(test, practice)
  const joint = await practice.staff(['clinician'])

  const couple = async (since = day(-30)) => {
    const [a, b] = [await people.client('Alex'), await people.client('Blair')]
    const made = await link(owner, a.id, b.id, {
      statusEffectiveOn: since,
      primaryClinicianId: joint.staffId,
    })
    return { ...made.body, a: a.id, b: b.id, url: `/v1/couples/${made.body.id}` } as {
      a: string
      b: string
      url: string
      id: string
      chartId: string
    }
  }
  const step = (url: string, version: number, body: Record<string, unknown>) =>
    joint.post(`${url}/status-changes`, body, { ifMatch: version, key: randomUUID() })

  t.test('a separated couple stays readable, with its history and who was in care when', async t => {
    const { url, a, b, chartId } = await couple()
    const reason = 'Told by both (fictional)'
    const separated = await step(url, 1, {
      status: 'separated',
      effectiveOn: day(-2),
      reason,
      leavingClientIds: [b],
    })
    t.equal(separated.status, 200)
    t.equal(separated.body.status, 'separated')
    t.equal(separated.etag, '"v2"')
    t.equal(separated.body.members.length, 2, 'both partners stay named')
    t.same((await joint.get(url)).body, separated.body)
    const { body: history } = await joint.get(`${url}/history`)
    t.same(
      history.statusChanges.map((c: Record<string, unknown>) => [
        c.status,
        c.effectiveOn,
        c.reason,
        c.recordedById,
      ]),
      [
        ['together', day(-30), null, owner.staffId],
        ['separated', day(-2), reason, joint.staffId],
      ],
    )
    const leftAt = Object.fromEntries(
      history.memberPeriods.map((p: { clientId: string; leftAt: string | null }) => [p.clientId, p.leftAt]),
    )
    t.equal(leftAt[a], null)
    t.ok(Date.now() - Date.parse(leftAt[b]) < 60_000, 'leaving is recorded now, never backdated')
    const members = await joint.get(`/v1/charts/${chartId}/members`)
    t.same(
      members.body.data.map((m: { clientId: string; leftAt: string | null }) => [m.clientId, m.leftAt]),
      [
        [a, null],
        [b, leftAt[b]],
      ],
      'the joint chart knows the same periods',
    )
  })

  t.test('both are in care again when a couple has rejoined, and no period is lost', async t => {
    const { url, a, b } = await couple()
    await step(url, 1, { status: 'separated', effectiveOn: day(-9), leavingClientIds: [b] })
    await step(url, 2, { status: 'divorced', effectiveOn: day(-8) })
    t.equal((await step(url, 3, { status: 'rejoined', effectiveOn: day(-1) })).body.status, 'rejoined')
    const { body } = await joint.get(`${url}/history`)
    const periods = body.memberPeriods as { clientId: string; leftAt: string | null }[]
    t.same(periods.filter(p => p.clientId === a).length, 1)
    t.same(
      periods.filter(p => p.clientId === b).map(p => p.leftAt === null),
      [false, true],
    )
    t.same(
      body.statusChanges.map((c: { status: string }) => c.status),
      ['together', 'separated', 'divorced', 'rejoined'],
    )
  })

  t.test('an ended couple is read, not changed, and the two can be linked anew', async t => {
    const { url, a, b, chartId, id } = await couple()
    t.equal(
      (await step(url, 1, { status: 'ended', effectiveOn: day() })).body.errors[0].pointer,
      '/endReason',
    )
    const ended = await step(url, 1, { status: 'ended', effectiveOn: day(), endReason: 'deceased' })
    t.equal(ended.body.status, 'ended')
    t.equal((await joint.get(`/v1/charts/${chartId}`)).body.status, 'closed')
    t.same((await joint.get(url)).body, ended.body)
    const { body: history } = await joint.get(`${url}/history`)
    t.equal(history.statusChanges[1].endReason, 'deceased')
    t.ok(history.memberPeriods.every((p: { leftAt: string | null }) => p.leftAt !== null))
    t.equal((await step(url, 2, { status: 'rejoined', effectiveOn: day() })).body.code, 'invalid-state')
    const billed = { clientId: a, effectiveOn: day() }
    const put = await joint.put(`${url}/identified-patient`, billed, { ifMatch: 2 })
    t.equal(put.body.code, 'invalid-state')
    const anew = await link(owner, b, a)
    t.equal(anew.status, 201)
    t.not(anew.body.id, id)
  })

  t.test('impossible steps are refused and write nothing', async t => {
    const { url, b } = await couple()
    const outsider = (await people.client('Casey')).id
    const pointer = async (body: Record<string, unknown>) =>
      (await step(url, 1, body)).body.errors?.[0]?.pointer as string
    t.equal((await step(url, 1, { status: 'rejoined', effectiveOn: day() })).body.code, 'invalid-state')
    t.equal(await pointer({ status: 'separated', effectiveOn: day(2) }), '/effectiveOn')
    t.equal(await pointer({ status: 'separated', effectiveOn: day(-31) }), '/effectiveOn')
    t.equal(await pointer({ status: 'separated', effectiveOn: day(), endReason: 'deceased' }), '/endReason')
    t.equal(
      await pointer({ status: 'separated', effectiveOn: day(), leavingClientIds: [outsider] }),
      '/leavingClientIds',
    )
    t.equal((await step(url, 1, { status: 'separated', effectiveOn: '2026-02-30' })).status, 400)
    t.equal((await step(url, 9, { status: 'separated', effectiveOn: day() })).body.code, 'stale-version')
    const missing = await joint.post(`${url}/status-changes`, { status: 'separated', effectiveOn: day() })
    t.equal(missing.body.code, 'precondition-required')
    const { body } = await joint.get(`${url}/history`)
    t.equal(body.statusChanges.length, 1)
    t.ok(body.memberPeriods.some((p: { clientId: string }) => p.clientId === b))
  })

  t.test('of two steps at once from one version, one is refused', async t => {
    const { url } = await couple()
    const replies = await Promise.all(
      ['separated', 'divorced', 'separated', 'divorced'].map(status =>
        step(url, 1, { status, effectiveOn: day() }),
      ),
    )
    t.same(replies.map(reply => reply.status).sort(), [200, 412, 412, 412])
    t.equal((await joint.get(`${url}/history`)).body.statusChanges.length, 2)
  })

  t.test('the reason is sealed at rest', async t => {
    const { url, id } = await couple()
    await step(url, 1, { status: 'separated', effectiveOn: day(), reason: 'canary-reason' })
    const rows = await people.run(
      `select reason_sealed from couple_status_changes where couple_id = $1 and status = 'separated'`,
      [id],
    )
    t.notOk(String(rows[0]?.reason_sealed).includes('canary-reason'))
    t.notMatch(test.logLines.join(''), /canary-reason/)
  })

  t.test('the identified patient holds from a day on, and what held before stays', async t => {
    const { url, a, b } = await couple()
    const put = (version: number, clientId: string | null, effectiveOn: string) =>
      joint.put(`${url}/identified-patient`, { clientId, effectiveOn }, { ifMatch: version })
    t.equal((await put(1, a, day(-20))).body.identifiedPatientId, a)
    t.equal((await put(2, b, day(20))).body.identifiedPatientId, a, 'a day to come changes nothing yet')
    t.equal((await put(3, b, day(-20))).body.identifiedPatientId, b, 'of two for one day the later holds')
    t.equal((await put(4, null, day(-1))).body.identifiedPatientId, null)
    t.equal((await put(4, a, day())).body.code, 'stale-version')
    const outsider = (await people.client('Casey')).id
    t.equal((await put(5, outsider, day())).body.errors[0].pointer, '/clientId')
    const { body } = await joint.get(`${url}/history`)
    t.same(
      body.identifiedPatients.map((p: { clientId: string; effectiveOn: string }) => [
        p.clientId,
        p.effectiveOn,
      ]),
      [
        [a, day(-20)],
        [b, day(-20)],
        [null, day(-1)],
        [b, day(20)],
      ],
    )
  })
})
