import { randomUUID } from 'node:crypto'
import t from 'tap'
import { couplePeople, day, link } from '../support/couples.ts'
import {
  amendmentStep,
  enterAmendment,
  hold,
  release,
  releaseToPartner,
  revokePartnerRelease,
} from '../support/note-followups.ts'
import { textOf } from '../support/pdf-text.ts'
import { portalCaller } from '../support/portal.ts'
import { type Caller, createTestPractice, type Reply } from '../support/practice.ts'
import { headerFor, signedNote, startNote } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

const list = '/v1/portal/session-notes'
const plain = ({ status, body }: Reply) => ({ status, body: { ...body, requestId: '' } })

t.test('a couple’s note is released to one of the two on the other’s agreement', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const pair = async () => {
    const [a, b] = [await people.client('Alex', [clinician]), await people.client('Blake', [clinician])]
    const { body: couple } = await link(practice.owner, a.id, b.id, { primaryClinicianId: clinician.staffId })
    const chartId = String(couple.chartId)
    const place = {
      kind: 'telehealth_home',
      stateCode: 'CA',
      checkIn: {
        address: '1 Quince Way (fictional)',
        emergencyContact: 'A sister (fictional)',
        confirmedPrivate: true,
      },
    }
    const diagnoses = [{ system: 'icd10cm', code: 'F43.22' }]
    const header = { ...(await headerFor(clinician, chartId)), place, diagnoses }
    const { body: note } = await signedNote(clinician, chartId, { header })
    const [portalA, portalB] = [await portalCaller(practice, a.id), await portalCaller(practice, b.id)]
    const toA = { clientId: a.id, agreedById: b.id, signedOn: day() }
    return { a, b, chartId, note, portalA, portalB, toA }
  }
  const idsOf = async (by: Caller) => (await by.get(list)).body.data.map(({ id }: { id: string }) => id)
  const read = (by: Caller, id: string) => by.get(`${list}/${id}`)

  t.test('the one it is released to reads it, the other does not, until it is taken back', async t => {
    const { note, portalA, portalB, toA } = await pair()
    t.equal((await release(clinician, note.id)).body.code, 'invalid-state', 'not without an agreement')
    const missing = plain(await read(portalA, randomUUID()))
    t.same(plain(await read(portalA, note.id)), missing)
    const released = await releaseToPartner(clinician, note.id, toA)
    t.match(released, {
      status: 201,
      body: { partnerReleases: [{ ...toA, releasedById: clinician.staffId, revokedAt: null }] },
    })
    t.same(await idsOf(portalA), [note.id])
    t.same(await idsOf(portalB), [])
    t.same(plain(await read(portalB, note.id)), missing, 'the other finds nothing')
    const shown = await read(portalA, note.id)
    t.equal(shown.status, 200)
    t.same(shown.body.header.place, { kind: 'telehealth_home', stateCode: 'CA' }, 'nobody’s address')
    t.match(note.header, { risk: { status: 'denied' }, diagnoses: [{ code: 'F43.22' }] })
    t.same([shown.body.header.risk, shown.body.header.diagnoses], [undefined, undefined], 'of either of them')
    t.equal((await portalA.get(`${list}/${note.id}/document`)).status, 200)
    const [{ id }] = released.body.partnerReleases
    t.equal((await revokePartnerRelease(clinician, note.id, randomUUID())).status, 404)
    const revoked = await revokePartnerRelease(clinician, note.id, id)
    t.match(revoked.body.partnerReleases, [{ id, revokedById: clinician.staffId }])
    t.same(plain(await read(portalA, note.id)), missing)
    t.equal((await revokePartnerRelease(clinician, note.id, id)).body.code, 'invalid-state')
    t.equal((await releaseToPartner(clinician, note.id, toA)).status, 201, 'signed anew, it holds again')
  })

  t.test('reasons given to warnings are for neither of the two, on paper either', async t => {
    const { chartId, toA, portalA } = await pair()
    const place = { kind: 'telehealth_home', stateCode: 'CA' }
    const header = { ...(await headerFor(clinician, chartId)), place }
    const { body: note } = await signedNote(clinician, chartId, { header })
    t.match(note.overrides, [{ code: 'check_in_missing', reason: 'Kept on paper (fictional).' }])
    t.equal((await releaseToPartner(clinician, note.id, toA)).status, 201)
    const printed = async (by: Caller, url: string) => {
      const headers = { authorization: `Bearer ${by.token}` }
      return textOf((await test.app.inject({ url, headers })).rawPayload)
    }
    t.match(await printed(clinician, `/v1/session-notes/${note.id}/document`), /Kept on paper/)
    const paper = await printed(portalA, `${list}/${note.id}/document`)
    t.match(paper, /Session note/)
    t.notMatch(paper, /Kept on paper|Reasons given/)
  })

  t.test('what was added after the other agreed is not theirs to read, unless they asked for it', async t => {
    const { a, b, note, portalA, toA } = await pair()
    const amend = async (clientId: string, addendum: string) => {
      const { body: request } = await enterAmendment(clinician, note.id, clientId, day())
      const accepted = await amendmentStep(clinician, request.id, 'acceptance', 1, { addendum })
      t.equal(accepted.status, 200)
    }
    const textsOf = async () =>
      (await read(portalA, note.id)).body.addenda.map(({ text }: { text: string }) => text)
    const paper = async () => {
      const headers = { authorization: `Bearer ${portalA.token}` }
      const url = `${list}/${note.id}/document`
      return textOf((await test.app.inject({ url, headers })).rawPayload)
    }
    await amend(b.id, 'Said before (fictional).')
    const released = await releaseToPartner(clinician, note.id, toA)
    t.same(await textsOf(), ['Said before (fictional).'], 'the other agreed to it')
    await amend(b.id, 'Of Blake alone (fictional).')
    await amend(a.id, 'For Alex (fictional).')
    t.same(await textsOf(), ['Said before (fictional).', 'For Alex (fictional).'])
    t.notMatch(await paper(), /Of Blake alone/)
    await revokePartnerRelease(clinician, note.id, released.body.partnerReleases[0].id)
    await releaseToPartner(clinician, note.id, toA)
    t.equal((await textsOf()).length, 3, 'released anew, with the agreement to all of it')
    t.match(await paper(), /Of Blake alone/)
  })

  t.test('an integration and the timeline learn that it was taken back', async t => {
    const { note, chartId, toA } = await pair()
    const released = await releaseToPartner(clinician, note.id, toA)
    await revokePartnerRelease(clinician, note.id, released.body.partnerReleases[0].id)
    const { body } = await clinician.get(`/v1/charts/${chartId}/timeline`)
    const types = body.data.map(({ type }: { type: string }) => type)
    t.ok(types.includes('session-note.released'))
    t.ok(types.includes('session-note.release-revoked'))
  })

  t.test('whoever did not agree, or is none of the two, releases nothing', async t => {
    const { a, b, note, chartId, toA } = await pair()
    const stranger = await people.client('Robin', [clinician])
    const refusals = [
      [{ ...toA, agreedById: a.id }, 400],
      [{ ...toA, agreedById: stranger.id }, 422],
      [{ ...toA, clientId: stranger.id }, 422],
      [{ ...toA, signedOn: day(2) }, 400],
      [{ clientId: a.id, agreedById: b.id }, 400],
    ] as const
    for (const [given, status] of refusals)
      t.equal((await releaseToPartner(clinician, note.id, given)).status, status, JSON.stringify(given))
    const { body: draft } = await startNote(clinician, chartId)
    t.equal((await releaseToPartner(clinician, draft.id, toA)).body.code, 'invalid-state')
    const { body: own } = await signedNote(clinician, a.chartId)
    t.equal((await releaseToPartner(clinician, own.id, toA)).body.code, 'invalid-state')
    const outsider = await practice.staff(['clinician'])
    const elsewhere = await (await createTestPractice(test)).staff(['clinician'])
    for (const by of [outsider, elsewhere]) t.equal((await releaseToPartner(by, note.id, toA)).status, 404)
    t.equal((await releaseToPartner(practice.owner, note.id, toA)).status, 403)
    const key = randomUUID()
    const twice = [
      await releaseToPartner(clinician, note.id, toA, key),
      await releaseToPartner(clinician, note.id, toA, key),
    ]
    t.same(twice[1]?.body, twice[0]?.body)
    t.equal((await releaseToPartner(clinician, note.id, toA)).body.code, 'already-exists')
  })

  t.test('of two who release at once one does', async t => {
    const { note, toA } = await pair()
    const both = await Promise.all([0, 1].map(() => releaseToPartner(clinician, note.id, toA)))
    t.same(both.map(({ status }) => status).toSorted(), [201, 409])
  })

  t.test('a hold keeps it back, and neither sees the other’s own notes or requests', async t => {
    const { a, b, note, portalA, portalB, toA } = await pair()
    const { body: private_ } = await signedNote(clinician, a.chartId)
    await release(clinician, private_.id)
    await releaseToPartner(clinician, note.id, toA)
    await releaseToPartner(clinician, note.id, { ...toA, clientId: b.id, agreedById: a.id })
    await enterAmendment(clinician, note.id, a.id, day(), 'Mine alone (fictional).')
    t.same(await idsOf(portalB), [note.id])
    t.same((await read(portalB, note.id)).body.amendmentRequests, [])
    t.equal((await read(portalA, note.id)).body.amendmentRequests.length, 1)
    t.equal((await read(portalB, private_.id)).status, 404)
    t.equal((await hold(clinician, note.id, 60)).status, 201)
    t.same([await idsOf(portalA), await idsOf(portalB)], [[private_.id], []])
    const guardian = await people.relatedPerson(a.id, 'Kim')
    await people.run(
      `update related_people set roles = '{personal_representative}', may_know = '{treatment}' where id = $1`,
      [guardian],
    )
    await people.run('update note_release_holds set ended_at = now() where note_id = $1', [note.id])
    t.same(await idsOf(portalB), [note.id])
    t.same(await idsOf(await portalCaller(practice, a.id, guardian)), [private_.id], 'for themselves alone')
  })

  t.test('who reads it may ask to amend it, and disagree', async t => {
    const { note, portalA, portalB, toA } = await pair()
    await releaseToPartner(clinician, note.id, toA)
    const ask = (by: Caller) =>
      by.post(`${list}/${note.id}/amendment-requests`, { text: 'Please (fictional).' }, { key: randomUUID() })
    t.equal((await ask(portalB)).status, 404)
    t.equal((await ask(portalA)).status, 201)
  })
})
