import { randomUUID } from 'node:crypto'
import t from 'tap'
import { verifyPracticeNotes } from '../../src/commands/notes.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { asOwner } from '../support/clients-raw.ts'
import { createGroupGround, memberNote, record, startGroupSession } from '../support/group-sessions.ts'
import { portalCaller } from '../support/portal.ts'
import { countingOn } from '../support/round-trips/index.ts'
import { sessionEnding, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('sessions of groups', async t => {
  const test = await createTestApp(t)
  const { practice, facilitator, other, outsider, ana, boris, cleo, groupChartId } =
    await createGroupGround(test)
  const base = `/v1/charts/${groupChartId}/group-sessions`
  const all = [
    { memberId: ana.memberId, presence: 'present', minutes: 90, note: memberNote },
    { memberId: boris.memberId, presence: 'absent' },
    { memberId: cleo.memberId, presence: 'late' },
  ]
  const begin = (more: Record<string, unknown> = {}) =>
    startGroupSession(facilitator, groupChartId, { members: all, ...more })
  const act = (by: typeof other, id: string, what: string, version: number, body?: unknown) =>
    by.post(`${base}/${id}/${what}`, body, { ifMatch: version, key: randomUUID() })

  t.test(
    'one request makes the record, attendance and a draft for each whose chart the writer may write in',
    async t => {
      const { status, body } = await begin()
      t.equal(status, 201)
      t.match(body.session, {
        status: 'draft',
        headCount: 2,
        revision: 1,
        record,
        chartId: groupChartId,
        authorId: facilitator.staffId,
      })
      const [note] = body.notes
      t.strictSame(body.notes, [{ memberId: ana.memberId, noteId: note.noteId, version: 1 }])
      t.same(body.notPermitted, [cleo.memberId])
      t.same(
        body.session.attendance.map(({ presence, noteId }: { presence: string; noteId: string | null }) => [
          presence,
          noteId,
        ]),
        [
          ['present', note.noteId],
          ['absent', null],
          ['late', null],
        ],
      )
      t.same((await facilitator.get(`${base}/${body.session.id}`)).body, body.session)
      const draft = await facilitator.get(`/v1/session-notes/${note.noteId}`)
      t.match(draft.body, {
        chartId: ana.chartId,
        template: { key: 'group_member', version: 1 },
        partKinds: ['group_member'],
        header: {
          attendance: [{ clientId: ana.clientId, presence: 'present', minutes: 90 }],
          interventions: record.interventions,
        },
        parts: [{ kind: 'group_member', content: { groupSessionId: body.session.id, participation: 3 } }],
        carried: ['/header/interventions'],
        checks: { missing: [], warnings: [] },
      })
      for (const secret of [boris.clientId, cleo.clientId, boris.memberId, cleo.memberId])
        t.notOk(JSON.stringify(draft.body).includes(secret), 'a note tells of nobody else')
      const list = await facilitator.get(`/v1/charts/${ana.chartId}/session-notes?partKind=group_member`)
      t.ok(list.body.data.some(({ id }: { id: string }) => id === note.noteId))
      t.same((await outsider.get(`/v1/charts/${cleo.chartId}/session-notes`)).body.data, [])
      const signed = await step(facilitator, note.noteId, 'signature', 1)
      t.equal(signed.status, 200)
      const seen = await other.get(`/v1/session-notes/${note.noteId}`)
      t.equal(seen.status, 200, 'the care team of the member reads it')
    },
  )

  t.test('a whole group costs as many statements as one member', async t => {
    const cost = countingOn(test)
    const costOf = async (members: unknown[]) => {
      cost()
      t.equal((await begin({ members })).status, 201)
      return cost().statements
    }
    const present = [ana, boris].map(({ memberId }) => ({ memberId, presence: 'present', note: memberNote }))
    await costOf(present)
    t.same(await costOf(present), await costOf(present.slice(0, 1)))
  })

  t.test(
    'a repeated key makes no second session, and is refused once a chart of it is out of reach',
    async t => {
      const key = randomUUID()
      const times = sessionEnding(1)
      const again = () => startGroupSession(facilitator, groupChartId, { members: all, ...times }, key)
      const first = await again()
      t.same((await again()).body, first.body)
      const out =
        'update care_team_members set starts_on = starts_on + $1::int where chart_id = $2 and staff_id = $3'
      await asOwner(test, out, [2, ana.chartId, facilitator.staffId])
      t.equal((await again()).status, 404)
      await asOwner(test, out, [-2, ana.chartId, facilitator.staffId])
      t.same((await again()).body, first.body)
      const keyless = await facilitator.post(base, { ...times, record, members: all })
      t.equal(keyless.status, 428)
    },
  )

  t.test('names of members in the record need a reason, whatever their case and accents', async t => {
    const named = { ...record, dynamics: 'ANAIS spoke first, then the others.' }
    const refused = await begin({ record: named })
    t.equal(refused.body.code, 'invalid-state')
    t.match(refused.body.errors, [{ pointer: '/record/dynamics', code: 'names_a_member' }])
    t.notOk(JSON.stringify(refused.body).toLowerCase().includes('anais'))
    const overrides = [
      { pointer: '/record/dynamics', code: 'names_a_member', reason: 'The name of a song (fictional).' },
    ]
    const made = await begin({ record: named, overrides })
    t.equal(made.status, 201)
    t.same(made.body.session.overrides, overrides)
    t.equal((await begin({ overrides })).body.code, 'invalid-request', 'a reason for nothing')
    t.equal((await begin({ record: { ...record, theme: 'Clever bookkeeping' } })).status, 201)
    const family = await begin({ record: { ...record, interventions: ['An example'] } })
    t.match(family.body.errors, [{ pointer: '/record/interventions/0' }], 'family names count too')
  })

  t.test(
    'a member’s note that names another one is warned about, and only who knows the group is',
    async t => {
      const { body } = await begin()
      const [{ noteId }] = body.notes
      const url = `/v1/session-notes/${noteId}`
      const saved = await facilitator.patch(
        url,
        { header: { response: 'Agreed with Boris.' } },
        { ifMatch: 1 },
      )
      const { body: draft } = await facilitator.get(url)
      t.match(draft.checks.warnings, [{ pointer: '/header/response', code: 'names_another_member' }])
      const refused = await step(facilitator, noteId, 'signature', saved.body.version)
      t.equal(refused.body.code, 'invalid-state')
      const overrides = [
        { pointer: '/header/response', code: 'names_another_member', reason: 'An actor (fictional).' },
      ]
      const signed = await step(facilitator, noteId, 'signature', saved.body.version, { overrides })
      t.equal(signed.status, 200)
      const part = (presentation: string) => ({
        id: randomUUID(),
        kind: 'group_member',
        content: { ...memberNote.content, presentation, groupSessionId: body.session.id },
      })
      const own = await startNote(outsider, cleo.chartId, {
        parts: [part('Spoke of Boris and Anaïs (fictional).')],
      })
      t.same(own.body.checks.warnings, [], 'who treats a member alone is told of no other')
      t.equal((await step(outsider, own.body.id, 'signature', own.body.version)).status, 200)
      const absent = await startNote(facilitator, boris.chartId, { parts: [part('Calm (fictional).')] })
      t.equal(absent.body.code, 'unknown-reference', 'absent members get no note of the session')
      t.equal(absent.body.errors[0].code, 'unknown')
    },
  )

  t.test(
    'a record is corrected until it is signed; then its author and facilitators sign it, once each',
    async t => {
      const { body } = await begin({ facilitatorIds: [other.staffId] })
      const { id } = body.session
      t.equal((await other.get(`${base}/${id}`)).status, 404, 'a draft is its author’s alone')
      t.same((await other.get(base)).body.data.map((one: { id: string }) => one.id).includes(id), false)
      t.equal((await act(other, id, 'signature', 1)).status, 404)
      const change = {
        record: { ...record, theme: 'Evenings (fictional)' },
        attendance: [{ memberId: boris.memberId, presence: 'late', minutes: 60 }],
      }
      const corrected = await facilitator.patch(`${base}/${id}`, change, { ifMatch: 1 })
      t.match(corrected.body, { revision: 2, version: 2, headCount: 3, record: change.record })
      t.same((await facilitator.get(`${base}/${id}`)).body, corrected.body)
      t.equal((await facilitator.patch(`${base}/${id}`, change, { ifMatch: 1 })).body.code, 'stale-version')
      const named = { record: { ...record, theme: 'About Cleo' } }
      t.equal((await facilitator.patch(`${base}/${id}`, named, { ifMatch: 2 })).body.code, 'invalid-state')
      const unknown = { attendance: [{ memberId: randomUUID(), presence: 'late' }] }
      t.equal(
        (await facilitator.patch(`${base}/${id}`, unknown, { ifMatch: 2 })).body.code,
        'unknown-reference',
      )
      t.equal((await act(facilitator, id, 'entered-in-error', 2, { reason: 'x' })).body.code, 'invalid-state')
      const signed = await act(facilitator, id, 'signature', 2)
      t.match(signed.body, { status: 'signed', version: 3, signatures: [{ role: 'author' }] })
      t.equal((await facilitator.patch(`${base}/${id}`, change, { ifMatch: 3 })).body.code, 'invalid-state')
      t.equal((await act(facilitator, id, 'signature', 3)).body.code, 'invalid-state', 'once each')
      const seen = await other.get(`${base}/${id}`)
      t.equal(seen.body.attendance[0].noteId, null, 'a draft of somebody else is not named')
      const cosigned = await act(other, id, 'signature', 3)
      t.match(cosigned.body, {
        status: 'cosigned',
        version: 4,
        signatures: [{ signerId: facilitator.staffId }, { role: 'facilitator', signerId: other.staffId }],
      })
      const [first, second] = cosigned.body.signatures
      t.equal(first.contentHash, second.contentHash)
      t.same((await facilitator.get(`${base}/${id}`)).body.signatures, cosigned.body.signatures)
      t.equal((await act(other, id, 'entered-in-error', 4, { reason: 'x' })).status, 404)
      const marked = await act(facilitator, id, 'entered-in-error', 4, {
        reason: 'The wrong group (fictional).',
      })
      t.match(marked.body, {
        status: 'entered_in_error',
        enteredInError: { reason: 'The wrong group (fictional).' },
        record: change.record,
      })
      t.same((await other.get(`${base}/${id}`)).body.enteredInError, marked.body.enteredInError)
    },
  )

  t.test('of two who sign the same record at once one is told', async t => {
    const { body } = await begin()
    const replies = await Promise.all([1, 2].map(() => act(facilitator, body.session.id, 'signature', 1)))
    t.same(replies.map(({ status }) => status).toSorted(), [200, 412])
    t.equal((await act(facilitator, body.session.id, 'entered-in-error', 1, { reason: 'x' })).status, 412)
  })

  t.test('of a correction and a signature at once one is told', async t => {
    const { body } = await begin()
    const { id } = body.session
    const [corrected, signed] = await Promise.all([
      facilitator.patch(`${base}/${id}`, { record: { ...record, theme: 'Mornings' } }, { ifMatch: 1 }),
      act(facilitator, id, 'signature', 1),
    ])
    t.same([corrected.status, signed.status].toSorted(), [200, 412])
    const { body: now } = await facilitator.get(`${base}/${id}`)
    t.equal(now.record.theme, corrected.status === 200 ? 'Mornings' : record.theme)
    t.equal(now.signatures.length, signed.status === 200 ? 1 : 0)
  })

  t.test('nothing is written in the closed chart of a group', async t => {
    const own = await createGroupGround(test)
    const members = [{ memberId: own.ana.memberId, presence: 'present' }]
    const start = () => startGroupSession(own.facilitator, own.groupChartId, { members })
    const url = `/v1/charts/${own.groupChartId}/group-sessions`
    const { body } = await start()
    await asOwner(test, `update charts set status = 'closed', closed_at = now() where id = $1`, [
      own.groupChartId,
    ])
    const one = `${url}/${body.session.id}`
    const refused = [
      await start(),
      await own.facilitator.patch(one, { record }, { ifMatch: 1 }),
      await own.facilitator.post(`${one}/signature`, undefined, { ifMatch: 1, key: randomUUID() }),
    ]
    t.same([...new Set(refused.map(({ status, body }) => `${status} ${body.code}`))], ['409 invalid-state'])
    t.equal((await own.facilitator.get(one)).status, 200)
  })

  t.test('bad values are refused', async t => {
    const codeOf = async (more: Record<string, unknown>) => (await begin(more)).body.code
    t.equal(await codeOf({ members: [] }), 'invalid-request')
    t.equal(await codeOf({ members: [all[0], all[0]] }), 'invalid-request', 'nobody twice')
    t.equal(await codeOf({ members: [{ memberId: randomUUID(), presence: 'present' }] }), 'unknown-reference')
    const absent = { memberId: boris.memberId, presence: 'absent', note: memberNote }
    t.equal(await codeOf({ members: [absent] }), 'invalid-request', 'no note of who was absent')
    t.equal(await codeOf({ facilitatorIds: [outsider.staffId] }), 'unknown-reference')
    t.equal(await codeOf({ facilitatorIds: [facilitator.staffId] }), 'invalid-request')
    t.equal(await codeOf({ record: { ...record, interventions: [] } }), 'invalid-request')
    const ahead = new Date(Date.now() + 86_400_000).toISOString()
    const early = await begin({ startedAt: ahead, endedAt: null })
    t.equal((await act(facilitator, early.body.session.id, 'signature', 1)).body.code, 'invalid-state')
  })

  t.test('nobody else finds anything of it', async t => {
    const { body } = await begin()
    const { id } = body.session
    await act(facilitator, id, 'signature', 1)
    const stranger = (await createGroupGround(test)).facilitator
    for (const by of [outsider, stranger])
      for (const url of [base, `${base}/${id}`]) t.equal((await by.get(url)).status, 404)
    for (const role of ['owner', 'admin', 'biller'] as const)
      t.equal((await (await practice.staff([role])).get(base)).status, 403, role)
    t.equal((await startGroupSession(outsider, groupChartId, { members: all })).status, 404)
    t.equal((await startGroupSession(facilitator, ana.chartId, { members: all })).status, 404, 'no group')
    t.equal((await (await portalCaller(practice, ana.clientId)).get(base)).status, 403)
    const machine = await createApiClientCaller(test, practice, ['notes:read'])
    const seen = await machine.get(`${base}/${id}`)
    t.equal(seen.status, 200, 'an integration reads what is signed')
    t.ok(seen.body.attendance.every(({ noteId }: { noteId: string | null }) => noteId === null))
  })

  t.test('what was altered behind the service’s back is found', async t => {
    const { body } = await begin()
    const { id } = body.session
    await act(facilitator, id, 'signature', 1)
    const problems = async () => (await verifyPracticeNotes(test.house.database, practice.id)).findings
    t.same(await problems(), [])
    const tamper = async (set: string, back: string, problem: string) => {
      await asOwner(test, `update ${set} = $1`, [id])
      t.same(await problems(), [{ noteId: id, problem }], problem)
      await asOwner(test, `update ${back} = $1`, [id])
    }
    const [head, signature] = ['group_sessions set', 'group_session_signatures set']
    await tamper(`${head} head_count = 9 where id`, `${head} head_count = 2 where id`, 'header-altered')
    await tamper(
      `${head} status = 'cosigned' where id`,
      `${head} status = 'signed' where id`,
      'status-altered',
    )
    const later = (hours: number) =>
      `${signature} signed_at = signed_at + interval '${hours} hours' where group_session_id`
    await tamper(later(1), later(-1), 'signature-altered')
    const cut = 'set_byte(document_sealed, 40, get_byte(document_sealed, 40) # 1)'
    const text = `group_session_contents set document_sealed = ${cut} where group_session_id`
    await tamper(text, text, 'content-altered')
    t.same(await problems(), [])
  })

  t.test('what is kept can be added to and never changed', async t => {
    for (const table of ['contents', 'attendance', 'signatures', 'errors']) {
      const rows = await asOwner(
        test,
        `select has_table_privilege('cairn_app', 'cairn.group_session_${table}', 'update, delete') as may`,
      )
      t.same(rows, [{ may: false }], table)
    }
  })
})
