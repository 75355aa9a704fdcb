import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import {
  daysAfter,
  deadlineRuleOf,
  deadlineRules,
  denialReasons,
} from '../../src/modules/session-notes/amendments/amendments.rules.ts'
import { couplePeople, day } from '../support/couples.ts'
import { amendmentStep, enterAmendment, lockNote, release } from '../support/note-followups.ts'
import { portalCaller } from '../support/portal.ts'
import { createTestPractice, type Reply } from '../support/practice.ts'
import { signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

t.test('the days to act on a request are data', t => {
  t.match(deadlineRuleOf('US-CA', '2026-11-26'), { respondWithinDays: 60, extensionDays: 30 })
  t.equal(daysAfter('2026-11-26', 60), '2027-01-25')
  t.equal(daysAfter('2027-01-25', 30), '2027-02-24')
  const own = {
    ...deadlineRules[0],
    jurisdiction: 'US-ZZ',
    respondWithinDays: 10,
  } as (typeof deadlineRules)[number]
  t.equal(
    deadlineRuleOf('US-ZZ', '2026-11-26', [...deadlineRules, own]).respondWithinDays,
    10,
    'a state’s own rule',
  )
  t.equal(deadlineRuleOf('US-CA', '2026-11-26', [...deadlineRules, own]).respondWithinDays, 60)
  t.throws(() => deadlineRuleOf('US-CA', '1999-01-01'), /no rule/)
  for (const { source } of [...deadlineRules, ...denialReasons]) t.match(source, /45 CFR 164\.526/)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_000 }), offset => {
      const received = daysAfter('2010-01-01', offset)
      return Date.parse(daysAfter(received, 60)) - Date.parse(received) === 60 * 86_400_000
    }),
  )
  t.end()
})

t.test('requests to amend a note', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const alex = await people.client('Alex', [clinician])
  const received = async () => {
    const { body: note } = await signedNote(clinician, alex.chartId)
    const { body: request } = await enterAmendment(clinician, note.id, alex.id, day())
    return { note, request }
  }

  t.test(
    'denied, disputed and rebutted, all of it goes with the note, which stays as it was signed',
    async t => {
      const { note, request } = await received()
      t.match(request, {
        noteId: note.id,
        clientId: alex.id,
        status: 'received',
        receivedOn: day(),
        dueOn: daysAfter(day(), 60),
        extended: false,
        version: 1,
        papers: [{ kind: 'request', enteredBy: 'staff', recordedById: clinician.staffId }],
      })
      const denial = { reasonCode: 'accurate_and_complete', text: 'It is as it was (fictional).' }
      const denied = await amendmentStep(clinician, request.id, 'denial', 1, denial)
      t.match(denied.body, { status: 'denied', denialReason: 'accurate_and_complete', version: 2 })
      const disputed = await amendmentStep(clinician, request.id, 'disagreement', 2)
      t.match(disputed.body, { status: 'disagreed', version: 3 })
      const rebutted = await amendmentStep(clinician, request.id, 'rebuttal', 3)
      t.match(rebutted.body, { status: 'rebutted', denialReason: 'accurate_and_complete', version: 4 })
      t.same(
        rebutted.body.papers.map(({ kind }: { kind: string }) => kind),
        ['request', 'denial', 'disagreement', 'rebuttal'],
      )
      const { body: after } = await clinician.get(`/v1/session-notes/${note.id}`)
      t.same(after.amendmentRequests, [rebutted.body])
      t.same(after.signatures, note.signatures)
      t.equal(after.version, note.version, 'the note itself did not change')
      t.same((await clinician.get(`/v1/amendment-requests/${request.id}`)).body, rebutted.body)
    },
  )

  t.test('accepted, it becomes a signed addendum, also of a locked note', async t => {
    const { note, request } = await received()
    t.equal((await lockNote(clinician, note.id, note.version)).status, 200)
    const accepted = await amendmentStep(clinician, request.id, 'acceptance', 1, {
      addendum: 'On time (fictional).',
    })
    t.equal(accepted.status, 200)
    const { body: after } = await clinician.get(`/v1/session-notes/${note.id}`)
    t.match(after.addenda, [
      { id: accepted.body.addendumId, text: 'On time (fictional).', authorId: clinician.staffId },
    ])
    t.match(after.amendmentRequests, [
      { status: 'accepted', addendumId: after.addenda[0].id, denialReason: null },
    ])
  })

  t.test('the time to act is extended once, by what the rule says, and not when it is over', async t => {
    const { request } = await received()
    const extended = await amendmentStep(clinician, request.id, 'extension', 1)
    t.match(extended.body, { status: 'received', extended: true, dueOn: daysAfter(day(), 90), version: 2 })
    const again = await amendmentStep(clinician, request.id, 'extension', 2)
    t.equal(again.body.code, 'invalid-state')
    const { request: old } = await received()
    await people.run('update note_amendment_requests set received_on = $2, due_on = $3 where id = $1', [
      old.id,
      day(-61),
      day(-1),
    ])
    t.equal((await amendmentStep(clinician, old.id, 'extension', 1)).body.code, 'invalid-state')
    const list = async (query: string) =>
      (await clinician.get(`/v1/amendment-requests?${query}`)).body.data.map((one: { id: string }) => one.id)
    t.same(await list(`status=received&dueBefore=${day()}`), [old.id], 'what is overdue is found')
    t.ok((await list('status=rebutted')).length > 0)
    const first = await clinician.get('/v1/amendment-requests?limit=1')
    t.equal(first.body.data[0].id, old.id, 'what is due first')
    const next = await clinician.get(`/v1/amendment-requests?limit=1&cursor=${first.body.nextCursor}`)
    t.not(next.body.data[0].id, old.id)
  })

  t.test('steps that do not follow are refused', async t => {
    const { request } = await received()
    const denial = { reasonCode: 'not_created_by_us' }
    t.equal((await amendmentStep(clinician, request.id, 'disagreement', 1)).body.code, 'invalid-state')
    t.equal((await amendmentStep(clinician, request.id, 'rebuttal', 1)).body.code, 'invalid-state')
    t.equal((await amendmentStep(clinician, request.id, 'denial', 9, denial)).body.code, 'stale-version')
    t.equal((await amendmentStep(clinician, request.id, 'denial', 1)).status, 400, 'a denial needs a ground')
    t.equal((await amendmentStep(clinician, request.id, 'denial', 1, { reasonCode: 'because' })).status, 400)
    const both = await Promise.all([
      amendmentStep(clinician, request.id, 'denial', 1, denial),
      amendmentStep(clinician, request.id, 'acceptance', 1, { addendum: 'Yes (fictional).' }),
    ])
    t.same(both.map(({ status }) => status).sort(), [200, 412], 'two who decide at once')
    const [decided] = both.filter(({ status }) => status === 200)
    t.equal((await amendmentStep(clinician, request.id, 'denial', 2, denial)).body.code, 'invalid-state')
    t.equal(
      (await amendmentStep(clinician, request.id, 'extension', decided?.body.version)).body.code,
      'invalid-state',
    )
  })

  t.test(
    'only a signed and valid note is amended, for a member of its chart, with a day that can be',
    async t => {
      const { body: draft } = await startNote(clinician, alex.chartId)
      t.equal((await enterAmendment(clinician, draft.id, alex.id, day())).body.code, 'invalid-state')
      const { body: note } = await step(clinician, draft.id, 'signature', draft.version)
      const robin = await people.client('Robin', [clinician])
      t.equal((await enterAmendment(clinician, note.id, robin.id, day())).body.code, 'unknown-reference')
      t.equal((await enterAmendment(clinician, note.id, alex.id, day(1))).status, 400)
      t.equal((await enterAmendment(clinician, note.id, alex.id, day(-30))).status, 400)
      const body = { clientId: alex.id, receivedOn: day(), text: 'Once (fictional).' }
      const key = randomUUID()
      const url = `/v1/session-notes/${note.id}/amendment-requests`
      const [first, second] = [
        await clinician.post(url, body, { key }),
        await clinician.post(url, body, { key }),
      ]
      t.equal(first.status, 201)
      t.same(second.body, first.body)
      await step(clinician, note.id, 'entered-in-error', note.version, { reason: 'Twice (fictional).' })
      t.equal((await enterAmendment(clinician, note.id, alex.id, day())).body.code, 'invalid-state')
    },
  )

  t.test('who may not see the chart finds nothing, and papers cannot be changed in the database', async t => {
    const { note, request } = await received()
    const outsider = await practice.staff(['clinician'])
    const elsewhere = await (await createTestPractice(test)).staff(['clinician'])
    const missing = plain(await clinician.get(`/v1/amendment-requests/${randomUUID()}`))
    for (const by of [outsider, elsewhere]) {
      t.same(plain(await by.get(`/v1/amendment-requests/${request.id}`)), missing)
      t.equal((await amendmentStep(by, request.id, 'rebuttal', 1)).status, 404)
      t.equal((await enterAmendment(by, note.id, alex.id, day())).status, 404)
      t.same((await by.get('/v1/amendment-requests')).body.data, [])
    }
    t.equal((await practice.owner.get(`/v1/amendment-requests/${request.id}`)).status, 403)
    const rights = await people.run(
      `select privilege_type from information_schema.role_table_grants
       where table_schema = 'cairn' and table_name = 'note_amendment_papers' and grantee = 'cairn_app'
       order by 1`,
      [],
    )
    t.same(
      rights.map(({ privilege_type }) => privilege_type),
      ['INSERT', 'SELECT'],
    )
  })

  t.test('a client asks and disagrees through the portal, and so does who represents them', async t => {
    const { body: note } = await signedNote(clinician, alex.chartId)
    const portal = await portalCaller(practice, alex.id)
    const url = `/v1/portal/session-notes/${note.id}`
    const ask = () =>
      portal.post(`${url}/amendment-requests`, { text: 'Please (fictional).' }, { key: randomUUID() })
    t.equal((await ask()).status, 404, 'what is not released is not there')
    await release(clinician, note.id)
    const asked = await ask()
    t.equal(asked.status, 201)
    t.match(asked.body, {
      clientId: alex.id,
      receivedOn: day(),
      papers: [{ enteredBy: 'client', recordedById: null }],
    })
    const disagree = (by: typeof portal, version: number) =>
      by.post(
        `/v1/portal/amendment-requests/${asked.body.id}/disagreement`,
        { text: 'No (fictional).' },
        { key: randomUUID(), ifMatch: version },
      )
    t.equal((await disagree(portal, 1)).body.code, 'invalid-state')
    await amendmentStep(clinician, asked.body.id, 'denial', 1, { reasonCode: 'accurate_and_complete' })
    const robin = await people.client('Robin', [clinician])
    t.equal(
      (await disagree(await portalCaller(practice, robin.id), 2)).status,
      404,
      'another client’s request',
    )
    const guardian = await people.relatedPerson(alex.id, 'Kim')
    await people.run(
      `update related_people set roles = '{personal_representative}', may_know = '{treatment}' where id = $1`,
      [guardian],
    )
    const disputed = await disagree(await portalCaller(practice, alex.id, guardian), 2)
    t.match(disputed.body.papers.at(-1), {
      kind: 'disagreement',
      enteredBy: 'client',
      representativeId: guardian,
    })
    t.same((await portal.get(url)).body.amendmentRequests, [disputed.body])
  })

  t.test('the timeline of the chart tells of each step, without words', async t => {
    const { note, request } = await received()
    await amendmentStep(clinician, request.id, 'denial', 1, { reasonCode: 'not_accessible' })
    const found = await people.run(
      `select type, resource_id from events where resource_id = $1 and type like 'session-note.amendment%' order by id`,
      [note.id],
    )
    t.same(
      found.map(({ type }) => type),
      ['session-note.amendment-requested', 'session-note.amendment-denied'],
    )
  })
})
