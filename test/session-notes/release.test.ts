import { randomUUID } from 'node:crypto'
import t from 'tap'
import { expireReleaseHold } from '../../src/modules/session-notes/index.ts'
import { holdReasons, isVisible } from '../../src/modules/session-notes/release/release.rules.ts'
import { couplePeople } from '../support/couples.ts'
import { hold, lockNote, release } from '../support/note-followups.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import { marker, signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })
const list = '/v1/portal/session-notes'

t.test('what a client can see follows from the release and the holds', t => {
  const now = new Date('2026-11-26T12:00:00.000Z')
  const [before, after] = [new Date('2026-11-26T11:59:59.999Z'), new Date('2026-11-26T12:00:00.001Z')]
  const kept = (reason_code: string, expires_at: Date, ended_at: Date | null = null) => ({
    reason_code,
    expires_at,
    ended_at,
  })
  t.equal(isVisible(null, [], now), false)
  t.equal(isVisible(after, [], now), false)
  t.equal(isVisible(now, [], now), true)
  t.equal(isVisible(before, [kept('endangers_life_or_safety', after)], now), false)
  t.equal(isVisible(before, [kept('endangers_life_or_safety', now)], now), true, 'its time is over')
  t.equal(isVisible(before, [kept('harms_another_person', after, before)], now), true, 'it was ended')
  t.equal(isVisible(before, [kept('harm_through_representative', after)], now), true, 'not about the client')
  for (const { source } of holdReasons) t.match(source, /^45 CFR 164\.524\(a\)\(3\)/)
  t.end()
})

t.test('release of signed notes to the client', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const subject = async () => {
    const client = await people.client('Alex', [clinician])
    const { body: note } = await signedNote(clinician, client.chartId)
    return { client, note, portal: await portalCaller(practice, client.id) }
  }
  const read = (by: Caller, id: string) => by.get(`${list}/${id}`)
  const idsOf = async (by: Caller) => (await by.get(list)).body.data.map(({ id }: { id: string }) => id)
  const policy = async (noteReleaseAfterHours: number | null) => {
    const { body } = await practice.owner.get('/v1/practice')
    return practice.owner.patch(
      '/v1/practice',
      { policies: { noteReleaseAfterHours } },
      { ifMatch: body.version },
    )
  }

  t.test('by hand: from then on the client reads it at the portal, with all that goes with it', async t => {
    const { note, portal } = await subject()
    const missing = plain(await read(portal, randomUUID()))
    t.same(plain(await read(portal, note.id)), missing, 'not released is not there')
    t.same(await idsOf(portal), [])
    const released = await release(clinician, note.id)
    t.match(released.body, { noteId: note.id, releasedById: clinician.staffId, visible: true, holds: [] })
    t.same((await release(clinician, note.id)).body, released.body, 'twice changes nothing')
    t.same(await idsOf(portal), [note.id])
    const { status, body } = await read(portal, note.id)
    t.equal(status, 200)
    t.match(body, {
      id: note.id,
      sections: note.sections,
      signatures: note.signatures,
      addenda: [],
      amendmentRequests: [],
    })
    for (const hidden of ['returns', 'overrides', 'carried', 'checks', 'chartId'])
      t.notOk(hidden in body, hidden)
    t.same((await clinician.get(`/v1/session-notes/${note.id}/release`)).body, released.body)
    t.equal(
      (await portal.get(`/v1/session-notes/${note.id}`)).status,
      403,
      'through the portal and no other way',
    )
  })

  t.test('by policy: so many hours after the signature, or earlier by hand', async t => {
    t.equal((await policy(0)).status, 200)
    const { note, portal } = await subject()
    t.same(await idsOf(portal), [note.id])
    t.match((await clinician.get(`/v1/session-notes/${note.id}/release`)).body, {
      releasedById: null,
      visibleFrom: note.signedAt,
      visible: true,
    })
    await policy(24)
    const later = await subject()
    t.same(await idsOf(later.portal), [])
    const { body } = await clinician.get(`/v1/session-notes/${later.note.id}/release`)
    t.equal(Date.parse(body.visibleFrom) - Date.parse(later.note.signedAt), 24 * 3_600_000)
    await release(clinician, later.note.id)
    t.same(await idsOf(later.portal), [later.note.id], 'by hand it is earlier')
    await policy(null)
    const byHand = await subject()
    t.match((await clinician.get(`/v1/session-notes/${byHand.note.id}/release`)).body, {
      visibleFrom: null,
    })
  })

  t.test(
    'a hold keeps this note back and no other, and when its time is over the note is there by itself',
    async t => {
      const { client, note, portal } = await subject()
      const { body: other } = await signedNote(clinician, client.chartId)
      for (const { id } of [note, other]) await release(clinician, id)
      const held = await hold(clinician, note.id, 60)
      t.equal(held.status, 201)
      t.match(held.body, {
        visible: false,
        holds: [
          {
            reasonCode: 'endangers_life_or_safety',
            determinedById: clinician.staffId,
            inEffect: true,
            endedAt: null,
          },
        ],
      })
      t.equal((await read(portal, note.id)).status, 404)
      t.equal((await portal.get(`${list}/${note.id}/document`)).status, 404)
      t.same(await idsOf(portal), [other.id])
      const [{ id: holdId }] = held.body.holds
      const move = `update note_release_holds set placed_at = now() - interval '2 hours', expires_at = now() - interval '1 hour'
      where id = $1`
      await people.run(move, [holdId])
      t.same((await idsOf(portal)).toSorted(), [note.id, other.id].toSorted())
      t.match((await clinician.get(`/v1/session-notes/${note.id}/release`)).body, {
        visible: true,
        holds: [{ inEffect: false, endedById: null }],
      })
      const again = await hold(clinician, note.id, 60)
      t.equal(again.status, 201, 'a new determination after one that expired')
      t.match(again.body.holds, [{ inEffect: false }, { inEffect: true }])
    },
  )

  t.test('each hold and its end is in the audit trail and in the events', async t => {
    const { note } = await subject()
    const { body: first } = await hold(clinician, note.id, 60)
    const end = (holdId: string) => clinician.post(`/v1/session-notes/${note.id}/release-holds/${holdId}/end`)
    const ended = await end(first.holds[0].id.toUpperCase())
    t.match(ended.body.holds, [{ inEffect: false, endedById: clinician.staffId }])
    t.equal((await end(first.holds[0].id)).body.code, 'invalid-state')
    t.equal((await end(randomUUID())).status, 404)
    const { body: second } = await hold(clinician, note.id, 60)
    const holdId = second.holds[1].id
    const expire = () => expireReleaseHold(test.house, practice.id, holdId)
    await expire()
    const jobs = await people.run(
      `select extract(epoch from run_after - now()) / 60 as minutes from outbox where subject_id = $1 and kind = 'release-hold-expiry'`,
      [holdId],
    )
    t.ok(Math.abs(Number(jobs[0]?.minutes) - 60) < 2, 'the job is due when the hold ends')
    await people.run(
      `update note_release_holds set placed_at = now() - interval '2 hours', expires_at = now() - interval '1 minute' where id = $1`,
      [holdId],
    )
    await expire()
    await expire()
    const events = await people.run(
      `select type from events where resource_id = $1 and type like 'session-note.release%' order by id`,
      [note.id],
    )
    const [held, over] = ['session-note.release-held', 'session-note.release-hold-ended']
    t.same(
      events.map(({ type }) => type),
      [held, over, held, over],
      'a job that came early or twice told nothing',
    )
    const audited = await people.run(
      `select operation, actor_kind from audit_log where resource_id = $1 and decision = 'granted'
        and operation in ('holdSessionNoteRelease', 'endSessionNoteReleaseHold', 'release-hold-expiry') order by id`,
      [note.id],
    )
    t.same(audited, [
      { operation: 'holdSessionNoteRelease', actor_kind: 'user' },
      { operation: 'endSessionNoteReleaseHold', actor_kind: 'user' },
      { operation: 'holdSessionNoteRelease', actor_kind: 'user' },
      { operation: 'release-hold-expiry', actor_kind: 'system' },
    ])
  })

  t.test(
    'a hold is narrow: of the list, reasoned, for a time, one at a time, and never of a draft',
    async t => {
      const { client, note } = await subject()
      const url = `/v1/session-notes/${note.id}/release-holds`
      const key = () => ({ key: randomUUID() })
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
      const basis = 'Fictional.'
      t.equal((await clinician.post(url, { reasonCode: 'because', basis, expiresAt }, key())).status, 400)
      t.equal(
        (await clinician.post(url, { reasonCode: 'harms_another_person', expiresAt }, key())).status,
        400,
      )
      t.equal((await clinician.post(url, { reasonCode: 'harms_another_person', basis }, key())).status, 400)
      t.equal((await hold(clinician, note.id, -1)).status, 400)
      t.equal((await hold(clinician, note.id, 91 * 24 * 60)).status, 400)
      const both = await Promise.all([hold(clinician, note.id, 60), hold(clinician, note.id, 60)])
      t.same(both.map(({ status }) => status).sort(), [201, 409])
      t.equal((await hold(clinician, note.id, 60)).body.code, 'already-exists')
      const { body: draft } = await startNote(clinician, client.chartId)
      t.equal((await hold(clinician, draft.id, 60)).body.code, 'invalid-state')
      t.equal((await release(clinician, draft.id)).body.code, 'invalid-state')
    },
  )

  t.test('a hold about a representative keeps the note from them and not from the client', async t => {
    const { client, note, portal } = await subject()
    const guardian = await people.relatedPerson(client.id, 'Kim')
    await people.run(
      `update related_people set roles = '{personal_representative}', may_know = '{treatment}' where id = $1`,
      [guardian],
    )
    const inTheirName = await portalCaller(practice, client.id, guardian)
    await release(clinician, note.id)
    t.same(await idsOf(inTheirName), [note.id])
    const held = await hold(clinician, note.id, 60, 'harm_through_representative')
    t.equal(held.body.visible, true)
    t.same(await idsOf(inTheirName), [])
    t.equal((await read(inTheirName, note.id)).status, 404)
    t.same(await idsOf(portal), [note.id])
  })

  t.test(
    'a note that waits for a co-signature is shown once it has it, and one entered in error no more',
    async t => {
      await policy(0)
      const supervisor = await practice.staff(['supervisor'])
      const associate = await practice.staff(['clinician'], {
        cosignRequired: true,
        supervisorId: supervisor.staffId,
      })
      const client = await people.client('Alex', [associate])
      const portal = await portalCaller(practice, client.id)
      const { body: first } = await signedNote(associate, client.chartId)
      const { body: returned } = await step(supervisor, first.id, 'return', first.version, {
        remarks: 'More?',
      })
      const { body: note } = await step(associate, first.id, 'signature', returned.version)
      const { body: anew } = await associate.get(`/v1/session-notes/${note.id}/release`)
      t.equal(anew.visibleFrom, note.signedAt, 'counted from its last signature')
      t.equal((await read(portal, note.id)).status, 404)
      t.equal((await release(associate, note.id)).body.code, 'invalid-state')
      t.equal((await hold(associate, note.id, 60, 'harm_through_representative')).status, 201)
      const { body: cosigned } = await step(supervisor, note.id, 'cosignature', note.version)
      t.equal((await read(portal, note.id)).status, 200)
      t.equal((await release(supervisor, note.id)).status, 403)
      t.equal((await lockNote(associate, note.id, cosigned.version)).status, 200)
      t.equal((await read(portal, note.id)).status, 200)
      await step(associate, note.id, 'entered-in-error', cosigned.version + 1, {
        reason: 'Wrong chart (fictional).',
      })
      t.equal((await read(portal, note.id)).status, 404)
      await policy(null)
    },
  )

  t.test('notes of a couple come through neither partner’s portal by policy or by hand', async t => {
    await policy(0)
    const bookable = await createBookablePractice(test, practice)
    const [robin, sam] = [await people.client('Robin', [clinician]), await people.client('Sam', [clinician])]
    const couple = await bookable.couple([robin.id, sam.id], [clinician])
    const { body: note } = await signedNote(clinician, couple.chartId)
    t.equal((await release(clinician, note.id)).body.code, 'invalid-state')
    await people.run(
      'insert into note_releases (practice_id, note_id, visible_from) values ($1, $2, now())',
      [practice.id, note.id],
    )
    for (const { id } of [robin, sam]) {
      const portal = await portalCaller(practice, id)
      t.equal((await read(portal, note.id)).status, 404)
      t.same(await idsOf(portal), [])
    }
    await policy(null)
  })

  t.test('a client sees their own notes only, page by page, and others may release nothing', async t => {
    const { client, note, portal } = await subject()
    const stranger = await subject()
    await release(clinician, note.id)
    t.equal((await read(stranger.portal, note.id)).status, 404)
    t.same(await idsOf(stranger.portal), [])
    const more = await Promise.all([1, 2].map(() => signedNote(clinician, client.chartId)))
    for (const { body } of more) await release(clinician, body.id)
    const first = await portal.get(`${list}?limit=2`)
    t.equal(first.body.data.length, 2)
    const rest = await portal.get(`${list}?limit=2&cursor=${first.body.nextCursor}`)
    t.equal(rest.body.data.length, 1)
    t.notMatch(JSON.stringify(first.body), new RegExp(marker))
    const outsider = await practice.staff(['clinician'])
    const elsewhere = await (await createTestPractice(test)).staff(['clinician'])
    for (const by of [outsider, elsewhere]) {
      t.equal((await release(by, note.id)).status, 404)
      t.equal((await hold(by, note.id, 60)).status, 404)
      t.equal((await by.get(`/v1/session-notes/${note.id}/release`)).status, 404)
    }
    t.equal((await clinician.get(list)).status, 403, 'the portal is for clients')
  })
})
