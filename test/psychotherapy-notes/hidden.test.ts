import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { type DocumentedOperation, fillPath, operationsOf, willingHeaders } from '../support/operations.ts'
import { portalCaller } from '../support/portal.ts'
import type { Caller, Reply } from '../support/practice.ts'
import { formsOf } from '../support/proofs/canary/forms.ts'
import { hitsInTables } from '../support/proofs/canary/tables.ts'
import { each } from '../support/proofs/canary/walk.ts'
import { visibleOf } from '../support/proofs/matrices/answers.ts'
import {
  addAddendum,
  authorize,
  chartOf,
  completedNote,
  joinTeam,
  notes,
  startNote,
  step,
} from '../support/psychotherapy-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'
import { createGround, make } from '../support/world/ground.ts'

// A psychotherapy note is its author's. Whoever else asks, by whatever way, finds that there is nothing.

t.setTimeout(120_000)
t.test('psychotherapy notes are found by nobody else', async t => {
  const test = await createTestApp(t)
  const ground = await createGround(test)
  const { practice, callers } = ground
  const { owner, clinician: author, outsider } = callers
  const { clientId, chartId } = await chartOf(practice, author)
  const partner = await practice.staff(['clinician'])
  await joinTeam(owner, chartId, partner)
  await make(outsider, `/v1/charts/${chartId}/emergency-access`, {
    reasonCode: 'danger_to_self',
    narrative: 'The client called in distress (fictional).',
    durationMinutes: 30,
  })
  const { admin, biller, supervisor, integration } = callers
  const others: Readonly<Record<string, Caller>> = {
    'the owner': owner,
    admin,
    biller,
    supervisor,
    'a clinician of the same chart': partner,
    'a clinician in an emergency': outsider,
    'an API client with every scope': integration,
    'the client at the portal': await portalCaller(practice, clientId),
  }
  const clinical = [partner, outsider, supervisor]
  const written = words()
  const ids = await writeEverywhere()
  const texts = Object.values(written)
  const operations = operationsOf(test.app)

  /** A word that is nowhere else for every place where something is written. */
  function words() {
    const names = [
      'draft',
      'completed',
      'former',
      'addendum',
      'reason',
      'sud',
      'purpose',
      'recipient',
    ] as const
    const random = fc.sample(fc.stringMatching(/^[a-z]{12}$/), names.length)
    return Object.fromEntries(names.map((name, index) => [name, `zz${random[index]}`])) as Record<
      (typeof names)[number],
      string
    >
  }

  async function writeEverywhere() {
    const { body: draft } = await startNote(author, chartId, { text: written.draft })
    const completed = await completedNote(author, chartId, { text: written.former })
    await step(author, completed, 'reopening', 2)
    await author.patch(`${notes}/${completed}`, { text: written.completed }, { ifMatch: 3 })
    await step(author, completed, 'completion', 4)
    await addAddendum(author, completed, written.addendum)
    const sud = await completedNote(author, chartId, { kind: 'sud_counseling', text: written.sud })
    await step(author, sud, 'entered-in-error', 2, { reason: written.reason })
    const { body: authorization } = await authorize(author, chartId, {
      clientId,
      purpose: written.purpose,
      recipient: written.recipient,
    })
    return { draft: draft.id, completed, sud, authorization: String(authorization.id) }
  }

  /** Every reading of the API, as widely as it can be asked, about this chart and each of these notes. */
  function readings(): { operation: DocumentedOperation; url: string }[] {
    return operations
      .filter(({ method, permission }) => method === 'GET' && permission !== 'public')
      .flatMap(operation =>
        (operation.path.includes('{psychotherapyNoteId}')
          ? [ids.draft, ids.completed, ids.sud]
          : [ids.completed]
        ).map(psychotherapyNoteId => {
          const known = {
            chartId,
            clientId,
            psychotherapyNoteId,
            noteId: psychotherapyNoteId,
            psychotherapyAuthorizationId: ids.authorization,
            staffId: author.staffId,
            practiceId: practice.id,
          }
          const query = operation.parameters
            .filter(({ in: where, required, name }) => where === 'query' && (required || name === 'limit'))
            .map(({ name, example }) => [name, name === 'limit' ? '200' : String(example)])
          const search = new URLSearchParams(Object.fromEntries(query)).toString()
          return { operation, url: `${fillPath(operation.path, known)}${search ? `?${search}` : ''}` }
        }),
      )
  }

  t.test(
    'by no reading of the API: not as another role, an integration, a client, or in an emergency',
    async t => {
      const noteIds = [ids.draft, ids.completed, ids.sud, ids.authorization]
      t.equal((await outsider.get(`/v1/charts/${chartId}`)).status, 200, 'the emergency opens the chart')
      let asked = 0
      for (const [name, by] of Object.entries(others)) {
        await each(readings(), 8, async ({ operation, url }) => {
          const { body, headers } = await by.get(url)
          const said = JSON.stringify([body, headers])
          const found = texts.filter(word => said.includes(word))
          // Who reviews the trail is told that somebody was here, and of nothing that stands there.
          // Nor is a client of their notes, by the list of what they signed.
          const known = { listAudit: noteIds, listOwnPsychotherapyAuthorizations: [ids.authorization] }
          const told: readonly string[] = new Map(Object.entries(known)).get(operation.id) ?? []
          const named = noteIds.filter(id => said.includes(id) && !told.includes(id))
          if (found.length + named.length > 0) t.fail(`${name}: ${operation.id} ${found} ${named}`)
          asked += 1
        })
      }
      t.ok(asked > 500, `${asked} readings`)
    },
  )

  t.test('nor by a search for its words', async t => {
    for (const [name, by] of Object.entries(others)) {
      for (const word of texts) {
        const { body } = await by.post('/v1/clients/search', { text: word })
        t.notOk(body.data?.length, `${name} ${word}`)
      }
    }
  })

  t.test('its author does find every word', async t => {
    const missing = new Set(texts)
    for (const { url } of readings()) {
      const said = JSON.stringify((await author.get(url)).body)
      for (const word of missing) if (said.includes(word)) missing.delete(word)
    }
    // A former text is read by its number.
    t.same([...missing], [])
  })

  const own = operations.filter(({ tag }) => tag === 'Psychotherapy notes')
  const ask = (
    by: Caller,
    { method, path, bodyExample }: DocumentedOperation,
    at: Record<string, string>,
  ) => {
    const [url, options] = [fillPath(path, at), { headers: willingHeaders() }]
    if (method === 'GET') return by.get(url, options)
    return method === 'PATCH' ? by.patch(url, bodyExample, options) : by.post(url, bodyExample, options)
  }
  const asMissing = ({ status, headers, body }: Reply) => {
    const { requestId: _, ...rest } = body
    return { status, type: headers['content-type'], body: rest }
  }

  t.test('in every method the answer is that of a missing thing', async t => {
    const missing = asMissing(await author.get(`${notes}/${uuidv7()}`))
    t.match(missing, { status: 404, body: { code: 'not-found' } })
    for (const [name, by] of Object.entries(others)) {
      for (const operation of own) {
        const here = {
          chartId,
          psychotherapyNoteId: ids.completed,
          psychotherapyAuthorizationId: ids.authorization,
        }
        // A list of one's own is empty, and whoever treats may write for themselves.
        if (clinical.includes(by) && !operation.path.includes('{psychotherapy')) continue
        t.same(asMissing(await ask(by, operation, here)), missing, `${name} ${operation.id}`)
        const nowhere = await ask(by, operation, {})
        t.same(visibleOf(nowhere).body, visibleOf(await ask(by, operation, here)).body)
      }
    }
  })

  t.test('lists of others are empty', async t => {
    for (const by of clinical) {
      for (const path of [notes, '/v1/psychotherapy-authorizations'])
        t.same((await by.get(`${path}?chartId=${chartId}`)).body, { data: [], nextCursor: null })
    }
  })

  t.test('nobody answers a repetition under the author’s key', async t => {
    const key = randomUUID()
    const body = { text: 'Once' }
    const url = `${notes}/${ids.completed}/addenda`
    t.equal((await author.post(url, body, { key })).status, 201)
    t.equal((await author.post(url, body, { key })).headers['idempotency-replayed'], 'true')
    t.equal((await partner.post(url, body, { key })).status, 404)
  })

  t.test('whoever left the chart left them there, replays too', async t => {
    const leaver = await practice.staff(['clinician'])
    const memberId = await joinTeam(owner, chartId, leaver)
    const key = randomUUID()
    const start = () =>
      leaver.post(
        `/v1/charts/${chartId}/psychotherapy-notes`,
        { kind: 'psychotherapy', conversationOn: '2026-01-05', text: 'Mine' },
        { key },
      )
    const { body: note } = await start()
    t.equal((await start()).status, 201)
    await make(owner, `/v1/charts/${chartId}/care-team/${memberId}/end`, {}, { ifMatch: 1 })
    t.same([(await start()).status, (await leaver.get(`${notes}/${note.id}`)).status], [404, 404])
    t.same((await leaver.get(notes)).body.data, [])
  })

  t.test('no event, alert or later work tells of them', async t => {
    const { rows } = await asAdmin(test.adminUrl, admin =>
      admin.query(
        `select resource_id as id from cairn.events where resource_id = any($1::uuid[])
         union all select subject_id from cairn.outbox where subject_id = any($1::uuid[])`,
        [Object.values(ids)],
      ),
    )
    t.same(rows, [])
  })

  t.test('no table, audit row or line of the log holds a word of them', async t => {
    const forms = texts.flatMap(text => formsOf({ name: text, text, cased: true }))
    t.same(
      (await hitsInTables(test.adminUrl, forms)).map(({ column, needle }) => `${column} ${needle}`),
      [],
    )
    const log = test.logLines.join('\n')
    t.ok(log.length > 0)
    t.same(
      texts.filter(word => log.includes(word)),
      [],
    )
  })
})
