import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startWorker } from '../../src/lib/jobs/worker.ts'
import { createApiClientCaller } from '../support/api-client.ts'
import { couplePeople, day } from '../support/couples.ts'
import { confirmation, decideBilling, lockNote } from '../support/note-followups.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { at, bookingsOf, createBookablePractice } from '../support/scheduling.ts'
import { headerFor, marker, signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { until } from '../support/until.ts'

const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })
const minute = 60_000

/** Settings of a training. */
const settings = {
  name: 'smr',
  goal: 'Steadier attention (fictional).',
  sites: ['Cz'],
  reference: 'A1',
  ground: 'A2',
  montage: 'referential',
  rewardBands: [{ band: 'smr', lowHz: 12, highHz: 15 }],
  inhibitBands: [],
  thresholds: 'automatic',
  rewardTarget: { fromPercent: 60, toPercent: 80 },
  feedback: ['visual'],
  plannedSessions: 20,
  baselineId: null,
}

/** A session that ended an hour ago and took so many minutes. */
function lasting(minutes: number) {
  const endedAt = new Date(Date.now() - 60 * minute)
  return {
    startedAt: new Date(endedAt.getTime() - minutes * minute).toISOString(),
    endedAt: endedAt.toISOString(),
  }
}

t.test('billing facts of signed notes', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const bookable = await createBookablePractice(test, practice)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'])
  const biller = await practice.staff(['biller'])
  const alex = await people.client('Alex', [clinician])
  const urlOf = (noteId: string) => `/v1/session-notes/${noteId}/billing-facts`
  const factsOf = (by: Caller, noteId: string) => by.get(urlOf(noteId))
  const telehealth = async (minutes: number) =>
    signedNote(clinician, alex.chartId, {
      ...lasting(minutes),
      header: {
        ...(await headerFor(clinician, alex.chartId)),
        place: { kind: 'telehealth_home', stateCode: 'CA' },
        diagnoses: [{ system: 'icd10cm', code: 'F41.1' }],
      },
    })

  t.test('a signature writes them, and who bills reads them and never the note', async t => {
    const { body: note } = await telehealth(47)
    const { status, body } = await factsOf(biller, note.id)
    t.equal(status, 200)
    t.match(body, {
      noteId: note.id,
      chartId: alex.chartId,
      revision: 1,
      status: 'suggested',
      authorId: clinician.staffId,
      appointmentId: null,
      sessionDate: note.sessionDate,
      startedAt: note.startedAt,
      minutes: 47,
      attendanceCount: 1,
      presentClientIds: [alex.id],
      identifiedPatientId: null,
      diagnoses: [{ system: 'icd10cm', code: 'F41.1' }],
      suggestion: {
        code: '90834',
        placeOfService: '10',
        modifiers: ['95'],
        addOns: [],
        reason: '47 minutes face to face: 90834 is for 38 to 52 minutes.',
      },
      decision: null,
      version: 1,
    })
    t.notMatch(JSON.stringify(body), new RegExp(marker))
    for (const path of ['', '/document', '/release', '/revisions/1'])
      t.equal((await biller.get(`/v1/session-notes/${note.id}${path}`)).status, 403, path)
  })

  /** What was told of the facts of a note, in order. */
  const toldOf = async (noteId: string) => {
    const rows = await bookable.run(
      `select type from events where practice_id = $1 and resource_id = $2 and type like 'note-billing-facts.%' order by id`,
      [practice.id, noteId],
    )
    return rows.map(({ type }) => String(type).replace('note-billing-facts.', ''))
  }

  t.test('confirmed by the clinician, final once the note is locked, and then no more', async t => {
    const { body: note } = await telehealth(53)
    const { body: facts } = await factsOf(clinician, note.id)
    t.equal(facts.suggestion.code, '90837')
    const confirmed = await decideBilling(clinician, note.id, 1, confirmation(facts))
    t.match(confirmed.body, {
      status: 'confirmed',
      version: 2,
      decision: { code: '90837', changed: false, reason: null, decidedById: clinician.staffId },
    })
    const changed = { ...confirmation(facts), code: '90834', reason: 'What the payer covers (fictional).' }
    t.equal((await decideBilling(clinician, note.id, 1, changed)).body.code, 'stale-version')
    const other = await decideBilling(clinician, note.id, 2, changed)
    t.match(other.body, { status: 'confirmed', version: 3, decision: { code: '90834', changed: true } })
    t.equal((await lockNote(clinician, note.id, note.version)).status, 200)
    t.match((await factsOf(biller, note.id)).body, { status: 'final', decision: { code: '90834' } })
    t.equal((await decideBilling(clinician, note.id, 3, confirmation(facts))).body.code, 'invalid-state')
    t.same(await toldOf(note.id), ['recorded', 'confirmed', 'confirmed', 'finalized'], 'who bills is told')
  })

  t.test('of a locked note that nobody confirmed nothing is final, until somebody does', async t => {
    const { body: note } = await telehealth(40)
    await lockNote(clinician, note.id, note.version)
    const { body: facts } = await factsOf(biller, note.id)
    t.equal(facts.status, 'suggested')
    t.same(await toldOf(note.id), ['recorded'])
    t.match((await decideBilling(clinician, note.id, 1, confirmation(facts))).body, { status: 'final' })
    t.same(await toldOf(note.id), ['recorded', 'confirmed', 'finalized'])
  })

  t.test('what differs needs a reason, and makes sense', async t => {
    const { body: note } = await telehealth(47)
    const same = confirmation((await factsOf(clinician, note.id)).body)
    const refused = async (decision: Record<string, unknown>) =>
      (await decideBilling(clinician, note.id, 1, { ...same, ...decision })).status
    t.equal(await refused({ code: '90837' }), 400)
    t.equal(await refused({ modifiers: [] }), 400)
    t.equal(await refused({ placeOfService: '11' }), 400)
    t.equal(await refused({ code: null }), 400)
    t.equal(
      await refused({ code: null, addOns: [{ code: '90785', units: 1 }], reason: 'No (fictional).' }),
      400,
    )
    t.equal(await refused({ code: 'nine', reason: 'No (fictional).' }), 400)
    const twice = { code: '90785', units: 1 }
    t.equal(await refused({ addOns: [twice, twice], reason: 'No (fictional).' }), 400)
    const added = await decideBilling(clinician, note.id, 1, {
      ...same,
      addOns: [twice],
      reason: 'A report was due in the session (fictional).',
    })
    t.match(added.body.decision, {
      changed: true,
      addOns: [{ code: '90785', label: /complexity/i, units: 1 }],
    })
    const nothing = { ...same, code: null, reason: 'Given free (fictional).' }
    t.match((await decideBilling(clinician, note.id, 2, nothing)).body, {
      decision: { code: null, label: null },
    })
  })

  t.test('two who decide at once: one of them; a repeated key: once', async t => {
    const { body: note } = await telehealth(47)
    const same = confirmation((await factsOf(clinician, note.id)).body)
    const replies = await Promise.all([1, 2, 3].map(() => decideBilling(clinician, note.id, 1, same)))
    t.same(replies.map(({ status }) => status).sort(), [200, 412, 412])
    const key = randomUUID()
    const again = () => clinician.post(`${urlOf(note.id)}/decision`, same, { key, ifMatch: 2 })
    const [first, second] = [await again(), await again()]
    t.equal(first.body.version, 3)
    t.same(second.body, first.body)
  })

  t.test('there are none of a draft, of one that waits for a co-signature, or that was returned', async t => {
    const associate = await practice.staff(['clinician'], {
      cosignRequired: true,
      supervisorId: supervisor.staffId,
    })
    const own = await people.client('Jamie', [associate])
    const { body: draft } = await startNote(associate, own.chartId, lasting(20))
    t.equal((await factsOf(associate, draft.id)).status, 404)
    const { body: waiting } = await step(associate, draft.id, 'signature', draft.version)
    t.equal(waiting.status, 'pending_cosign')
    t.same(
      plain(await factsOf(biller, draft.id)),
      plain(await factsOf(biller, randomUUID())),
      'as if there were no such note',
    )
    const { body: returned } = await step(supervisor, draft.id, 'return', waiting.version, {
      remarks: 'Longer?',
    })
    t.equal((await factsOf(biller, draft.id)).status, 404)
    t.same(await toldOf(draft.id), [], 'nor is anything told of them')
    const changed = await associate.patch(`/v1/session-notes/${draft.id}`, lasting(54), {
      ifMatch: returned.version,
    })
    const { body: signed } = await step(associate, draft.id, 'signature', changed.body.version)
    await step(supervisor, draft.id, 'cosignature', signed.version)
    t.match((await factsOf(biller, draft.id)).body, {
      revision: 2,
      minutes: 54,
      suggestion: { code: '90837' },
    })
    t.same(await toldOf(draft.id), ['recorded'])
  })

  t.test('they are withdrawn when the note is entered in error', async t => {
    const { body: note } = await telehealth(47)
    const { body: facts } = await factsOf(clinician, note.id)
    await decideBilling(clinician, note.id, 1, confirmation(facts))
    await step(clinician, note.id, 'entered-in-error', note.version, { reason: 'Wrong chart (fictional).' })
    t.match((await factsOf(biller, note.id)).body, { status: 'withdrawn' })
    t.same(
      await toldOf(note.id),
      ['recorded', 'confirmed', 'withdrawn'],
      'what was billed has to be taken back',
    )
    t.equal((await decideBilling(clinician, note.id, 2, confirmation(facts))).body.code, 'invalid-state')
  })

  t.test('a couple’s session by whether the identified patient was there', async t => {
    const [robin, sam] = [await people.client('Robin', [clinician]), await people.client('Sam', [clinician])]
    const { coupleId, chartId } = await bookable.couple([robin.id, sam.id], [clinician])
    const signed = async (presentIds: string[], minutes = 50) => {
      const attendance = [robin, sam].map(({ id }) => ({
        clientId: id,
        presence: presentIds.includes(id) ? 'present' : 'absent',
      }))
      const more = { ...lasting(minutes), header: { attendance, risk: { status: 'denied' } } }
      const { body } = await signedNote(clinician, chartId, more)
      return (await factsOf(biller, body.id)).body
    }
    const unclear = await signed([robin.id, sam.id])
    t.match(unclear, { suggestion: { code: null, reason: /identified patient/ }, identifiedPatientId: null })
    t.same(
      unclear.suggestion.alternatives.map(({ code }: { code: string }) => code),
      ['90847', '90846'],
    )
    const { body: couple } = await practice.owner.get(`/v1/couples/${coupleId}`)
    const named = await practice.owner.put(
      `/v1/couples/${coupleId}/identified-patient`,
      { clientId: robin.id, effectiveOn: day(-3) },
      { ifMatch: couple.version },
    )
    t.equal(named.status, 200)
    t.match(await signed([robin.id, sam.id]), {
      identifiedPatientId: robin.id,
      attendanceCount: 2,
      suggestion: { code: '90847' },
    })
    t.match(await signed([sam.id]), { attendanceCount: 1, suggestion: { code: '90846' } })
    t.match(await signed([robin.id]), { suggestion: { code: '90834' } })
    t.match(await signed([robin.id, sam.id], 25), { suggestion: { code: null } })
    t.match(await signed([]), { attendanceCount: 0, suggestion: { code: null, reason: /missed/ } })
    const twice = ['present', 'late'].map(presence => ({ clientId: robin.id, presence }))
    const header = { attendance: twice, risk: { status: 'denied' } }
    const { body: note } = await signedNote(clinician, chartId, { ...lasting(50), header })
    t.match((await factsOf(biller, note.id)).body, { attendanceCount: 1, suggestion: { code: '90834' } })
  })

  t.test(
    'without documented times there is no code by time; minutes of attendance count where they are given',
    async t => {
      const times = { startedAt: null, endedAt: null, sessionDate: day(-1) }
      const { body: bare } = await signedNote(clinician, alex.chartId, times)
      t.match((await factsOf(biller, bare.id)).body, {
        minutes: null,
        suggestion: { code: null, reason: /began/ },
      })
      const attendance = [{ clientId: alex.id, presence: 'late', minutes: 31 }]
      const header = { attendance, risk: { status: 'denied' } }
      const { body: late } = await signedNote(clinician, alex.chartId, { ...lasting(50), header })
      t.match((await factsOf(biller, late.id)).body, { minutes: 31, suggestion: { code: '90832' } })
    },
  )

  t.test('a crisis is counted by its minutes face to face, not from its start to its end', async t => {
    const code = async (minutesFaceToFace: number, length: number, more: object = {}) => {
      const content = {
        presentation: 'Called after a quarrel (fictional).',
        minutesFaceToFace,
        steps: ['safety_plan_reviewed'],
        outcome: 'stays_at_home',
        followUp: 'A call tomorrow.',
      }
      const parts = [{ id: randomUUID(), kind: 'crisis', content }]
      const { body } = await signedNote(clinician, alex.chartId, { ...lasting(length), parts, ...more })
      const { minutes, suggestion } = (await factsOf(biller, body.id)).body
      return [minutes, suggestion.code, ...suggestion.addOns.map((one: { code: string }) => one.code)]
    }
    t.same(await code(62, 110), [62, '90839'])
    t.same(await code(75, 110), [75, '90839', '90840'])
    t.same(await code(29, 110), [29, '90832'])
    t.same(await code(15, 110), [15, null])
    t.same(await code(110, 62), [62, '90839'], 'never more than there are')
    const attendance = [{ clientId: alex.id, presence: 'present', minutes: 110 }]
    const header = { attendance, risk: { status: 'denied' } }
    t.same(await code(62, 110, { header }), [62, '90839'])
    const parts = [{ id: randomUUID(), kind: 'crisis', content: { presentation: 'Fictional.' } }]
    const { body: draft } = await startNote(clinician, alex.chartId, { parts })
    const refused = await step(clinician, draft.id, 'signature', draft.version)
    t.equal(refused.status, 409)
    t.match(JSON.stringify(refused.body.errors), /minutesFaceToFace/)
  })

  t.test('training alone has the code of biofeedback, whoever ran it', async t => {
    const { status, body: protocol } = await clinician.post(
      `/v1/charts/${alex.chartId}/neurofeedback-protocols`,
      { settings },
      { key: randomUUID() },
    )
    t.equal(status, 201, JSON.stringify(protocol))
    const technician = await practice.staff(['clinician'])
    const suggested = async (content: object, more: object = {}, others: object[] = []) => {
      const training = {
        protocolId: protocol.id,
        protocolRevision: 1,
        impedances: [{ site: 'Cz', kiloohms: 4 }],
        rounds: [{ minutes: 30 }],
        sideEffects: [],
        ...content,
      }
      const parts = [{ id: randomUUID(), kind: 'neurofeedback', content: training }, ...others]
      const { status, body } = await signedNote(clinician, alex.chartId, { ...lasting(50), parts, ...more })
      t.equal(status, 200, JSON.stringify(body))
      const { suggestion } = (await factsOf(biller, body.id)).body
      return [suggestion.code, ...suggestion.alternatives.map((one: { code: string }) => one.code)]
    }
    const run = { technicianId: technician.staffId, supervisorId: clinician.staffId }
    const cbt = { id: randomUUID(), kind: 'cbt', content: { work: [{ technique: 'exposure' }] } }
    t.same(await suggested({}), ['90901', '90832', '90876'])
    t.same(await suggested(run), ['90901', '90832', '90876'])
    t.same(await suggested({}, {}, [cbt]), ['90832', '90876'])
    t.same(await suggested(run, {}, [{ ...cbt, id: randomUUID() }]), ['90832'])
    const own = { technicianId: clinician.staffId, supervisorId: technician.staffId }
    t.same(await suggested(own, {}, [{ ...cbt, id: randomUUID() }]), ['90901'])
  })

  t.test('a block that was booked as an intensive has no code, however long it was', async t => {
    await people.run(`update services set kind = 'intensive' where practice_id = $1 and id = $2`, [
      practice.id,
      bookable.services.buffered,
    ])
    const { book } = bookingsOf(bookable, clinician, alex.id)
    const booked = await book(practice.owner, at(-2, 18), { serviceId: bookable.services.buffered })
    t.equal(booked.status, 201)
    const { body: note } = await signedNote(clinician, alex.chartId, {
      ...lasting(180),
      appointmentId: booked.body.id,
    })
    t.match((await factsOf(biller, note.id)).body, {
      appointmentId: booked.body.id,
      minutes: 180,
      suggestion: { code: null, reason: /intensive/ },
    })
  })

  t.test('they are listed by status and day, for those who may bill these charts', async t => {
    const outsider = await practice.staff(['clinician'])
    const list = async (by: Caller, query = '') => (await by.get(`/v1/billing-facts?${query}`)).body
    const all = (await list(biller, 'limit=200')).data
    t.ok(all.length > 8)
    for (const status of ['suggested', 'confirmed', 'final', 'withdrawn']) {
      const some = (await list(biller, `limit=200&status=${status}`)).data
      const expected = all.filter((one: { status: string }) => one.status === status)
      t.same(some, expected, status)
      t.ok(some.length > 0, status)
    }
    t.same((await list(biller, `to=${day(-2)}`)).data, [])
    t.same((await list(outsider)).data, [])
    t.same(
      (await list(clinician, 'limit=200')).data.length,
      all.length - 1,
      'charts of others are not theirs',
    )
    const pages: string[] = []
    for (let cursor = ''; ; ) {
      const page = await list(biller, `limit=3${cursor}`)
      pages.push(...page.data.map(({ noteId }: { noteId: string }) => noteId))
      if (page.nextCursor === null) break
      cursor = `&cursor=${page.nextCursor}`
    }
    t.same(
      pages,
      all.map(({ noteId }: { noteId: string }) => noteId),
      'page by page the same',
    )
  })

  t.test('a program that bills reads them and hears of them, and no note', async t => {
    const program = await createApiClientCaller(test, practice, ['billing-facts:read', 'events:read'])
    const { body: note } = await telehealth(47)
    t.match((await factsOf(program, note.id)).body, { minutes: 47, suggestion: { code: '90834' } })
    const listed = (await program.get('/v1/billing-facts?limit=200')).body.data
    t.ok(listed.some(({ noteId }: { noteId: string }) => noteId === note.id))
    t.equal((await program.get(`/v1/session-notes/${note.id}`)).status, 403)
    t.equal((await decideBilling(program, note.id, 1, {})).status, 403)
    const { body: draft } = await startNote(clinician, alex.chartId, lasting(30))
    t.equal((await factsOf(program, draft.id)).status, 404)
    const worker = await startWorker(test.house, { relayUrl: test.relayUrl })
    t.teardown(() => worker.stop())
    await until('the program is told', async () => {
      const { body } = await program.get('/v1/events?types=note-billing-facts.recorded&limit=200')
      return body.data.some(({ resource }: { resource: { id: string } }) => resource.id === note.id)
    })
    const { body: feed } = await program.get('/v1/events?limit=200')
    t.ok(feed.data.every(({ type }: { type: string }) => type.startsWith('note-billing-facts.')))
  })

  t.test('who may not is refused, and other practices find nothing', async t => {
    const { body: note } = await telehealth(47)
    const same = confirmation((await factsOf(clinician, note.id)).body)
    const admin = await practice.staff(['admin'])
    for (const by of [admin, supervisor]) t.equal((await factsOf(by, note.id)).status, 403)
    t.equal((await decideBilling(biller, note.id, 1, same)).status, 403)
    t.equal((await decideBilling(practice.owner, note.id, 1, same)).status, 403)
    const integration = await createApiClientCaller(test, practice, ['notes:read'])
    t.equal((await factsOf(integration, note.id)).status, 403)
    const outsider = await practice.staff(['clinician'])
    const elsewhere = await (await createTestPractice(test)).staff(['biller'])
    for (const by of [outsider, elsewhere])
      t.same(plain(await factsOf(by, note.id)), plain(await factsOf(by, randomUUID())))
    t.equal((await decideBilling(outsider, note.id, 1, same)).status, 404)
    t.equal((await factsOf(practice.owner, note.id)).status, 200)
  })
})
