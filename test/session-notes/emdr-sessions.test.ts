import t from 'tap'
import { systemScope } from '../../src/lib/scope.ts'
import { visibleTypes } from '../../src/modules/integrations/events.rules.ts'
import { adultIn, completed, each } from '../support/assessments.ts'
import { layClient } from '../support/clients-raw.ts'
import {
  createEmdrGround,
  emdrPart,
  noteWith,
  register,
  signedWith,
  signWithReasons,
  targetsOf,
} from '../support/emdr.ts'
import { sessionEnding, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('signed notes move targets', async t => {
  const test = await createTestApp(t)
  const ground = await createEmdrGround(test)
  const { practice, supervisor, clinician, associate } = ground
  const chart = (name: string) =>
    layClient(test, practice, name, [
      [clinician, 'primary'],
      [associate, 'co_therapist'],
    ])
  const targetIn = async (chartId: string) => String((await register(clinician, chartId)).body.id)
  const read = async (chartId: string, id: string) =>
    (await clinician.get(`${targetsOf(chartId)}/${id}`)).body
  const first = { phases: ['assessment', 'desensitization'], sudStart: 8, sudEnd: 3, vocStart: 2 }
  const second = {
    phases: ['reevaluation', 'desensitization', 'installation', 'body_scan'],
    sudStart: 4,
    sudEnd: 0,
    vocStart: 3,
    vocEnd: 7,
    sets: [
      { passes: 24, sud: 2 },
      { passes: 30, sud: 0 },
    ],
    bodyScan: { clear: true },
  }

  t.test('an incomplete target is put away, shown first in the next draft, and worked through', async t => {
    const { chartId } = await chart('Vic')
    const id = await targetIn(chartId)
    const done = await signedWith(clinician, chartId, [emdrPart(id, first)], sessionEnding(50))
    t.equal(done.status, 200)
    t.same(done.body.openTargets, [], 'a signed note shows none')
    t.match(await read(chartId, id), {
      status: 'incomplete',
      lastSud: 3,
      lastVoc: 2,
      incompleteSessions: 1,
      version: 2,
    })
    const draft = await noteWith(clinician, chartId, [
      emdrPart(id, second, { closure: { status: 'complete' } }),
    ])
    t.match(draft.body.openTargets, [
      { id, label: 'The hallway (fictional)', status: 'incomplete', lastSud: 3 },
    ])
    t.same(
      (await clinician.get(`/v1/session-notes/${draft.body.id}`)).body.openTargets,
      draft.body.openTargets,
    )
    t.equal((await signWithReasons(clinician, draft.body)).status, 200)
    t.match(await read(chartId, id), {
      status: 'cleared',
      lastSud: 0,
      lastVoc: 7,
      incompleteSessions: 1,
      version: 3,
    })
    const recheck = emdrPart(id, { phases: ['reevaluation'], sudStart: 0, vocStart: 7 })
    await signedWith(clinician, chartId, [recheck], sessionEnding(0.1))
    t.match(await read(chartId, id), { status: 'rechecked' })
    const curve = await clinician.get(`${targetsOf(chartId)}/${id}/curve`)
    t.match(curve.body.points, [
      { sudStart: 8, sudEnd: 3, vocStart: 2, vocEnd: null, sets: null, bodyScanClear: null },
      { sudStart: 4, sudEnd: 0, vocStart: 3, vocEnd: 7, sets: 2, bodyScanClear: true },
      { sudStart: 0, sudEnd: null, vocStart: 7, vocEnd: null },
    ])
  })

  t.test('several targets and several blocks of a day move in one signature', async t => {
    const { chartId } = await chart('Wren')
    const [a, b] = [await targetIn(chartId), await targetIn(chartId)]
    const begun = emdrPart(a, first, { closure: { status: 'goes_on' } })
    const block = emdrPart(a, { phases: ['desensitization'], sudStart: 3, sudEnd: 0 })
    block.content.targets.push({ targetId: b, phases: ['assessment'], sudStart: 5, vocStart: 3 } as never)
    t.equal((await signedWith(clinician, chartId, [begun, block])).status, 200)
    t.match(await read(chartId, a), { status: 'desensitized', lastSud: 0, version: 3, incompleteSessions: 0 })
    t.match(await read(chartId, b), { status: 'assessed', lastSud: 5, version: 2 })
    const history = await clinician.get(`${targetsOf(chartId)}/${a}/history`)
    t.match(history.body.data.slice(1), [
      {
        fromStatus: 'identified',
        toStatus: 'processing',
        partId: begun.id,
        findings: ['assessed', 'processed'],
      },
      {
        fromStatus: 'processing',
        toStatus: 'desensitized',
        partId: block.id,
        findings: ['processed', 'desensitized', 'left'],
      },
    ])
  })

  t.test('a return takes the move back as a new entry, and the second signature moves it anew', async t => {
    const { chartId } = await chart('Xen')
    const id = await targetIn(chartId)
    const signed = await signedWith(associate, chartId, [emdrPart(id, first)])
    t.match(signed.body, { status: 'pending_cosign' })
    t.match(await read(chartId, id), { status: 'incomplete' })
    const url = `${targetsOf(chartId)}/${id}`
    t.same((await clinician.get(`${url}/curve`)).body.points, [], 'not final yet')
    const noteId = signed.body.id
    const back = await step(supervisor, noteId, 'return', signed.body.version, { remarks: 'Fictional.' })
    t.equal(back.status, 200)
    t.match(await read(chartId, id), {
      status: 'identified',
      lastSud: null,
      lastSessionOn: null,
      incompleteSessions: 0,
      version: 3,
    })
    const draft = await associate.get(`/v1/session-notes/${noteId}`)
    const again = await signWithReasons(associate, draft.body)
    t.equal((await step(supervisor, noteId, 'cosignature', again.body.version)).status, 200)
    t.match(await read(chartId, id), { status: 'incomplete', lastSud: 3, version: 4 })
    const { data } = (await clinician.get(`${url}/history`)).body
    t.match(data, [
      { change: 'created' },
      { change: 'moved_by_note', noteId, noteRevision: 1, toStatus: 'incomplete' },
      {
        change: 'taken_back',
        noteId,
        noteRevision: 1,
        toStatus: 'identified',
        recordedById: supervisor.staffId,
      },
      { change: 'moved_by_note', noteId, noteRevision: 2, toStatus: 'incomplete' },
    ])
    t.equal((await clinician.get(`${url}/curve`)).body.points.length, 1)
  })

  t.test('a note entered in error counts no longer, whatever came after it', async t => {
    const { chartId } = await chart('Yan')
    const id = await targetIn(chartId)
    const wrong = await signedWith(clinician, chartId, [emdrPart(id, first)], sessionEnding(50))
    await signedWith(clinician, chartId, [emdrPart(id, { phases: ['reevaluation'], sudStart: 2 })])
    t.match(await read(chartId, id), { status: 'incomplete', lastSud: 2 })
    const reason = { reason: 'Another client (fictional).' }
    const marked = await step(clinician, wrong.body.id, 'entered-in-error', wrong.body.version, reason)
    t.equal(marked.status, 200)
    t.match(await read(chartId, id), { status: 'identified', lastSud: 2, incompleteSessions: 0, version: 4 })
    t.equal((await clinician.get(`${targetsOf(chartId)}/${id}/curve`)).body.points.length, 1)
  })

  t.test(
    'a note signed late counts where its session was, and not over what was set by hand since',
    async t => {
      const { chartId } = await chart('Zia')
      const id = await targetIn(chartId)
      const late = await noteWith(clinician, chartId, [emdrPart(id, first)], sessionEnding(50))
      const through = emdrPart(id, second, { closure: { status: 'complete' } })
      await signedWith(clinician, chartId, [through])
      t.match(await read(chartId, id), { status: 'cleared', version: 2 })
      await signWithReasons(clinician, (await clinician.get(`/v1/session-notes/${late.body.id}`)).body)
      t.match(await read(chartId, id), { status: 'cleared', lastSud: 0, version: 3 })
      const url = `${targetsOf(chartId)}/${id}/status-changes`
      await clinician.post(url, { status: 'reopened', reason: 'A dream (fictional).' }, { ifMatch: 3 })
      await signedWith(
        clinician,
        chartId,
        [emdrPart(id, { phases: ['reevaluation'], sudStart: 0, vocStart: 7 })],
        sessionEnding(0.5),
      )
      t.match(await read(chartId, id), { status: 'reopened', version: 5 })
    },
  )

  t.test('warnings never block: without a reason they are named, with one it is signed', async t => {
    const { chartId } = await chart('Alma')
    const id = await targetIn(chartId)
    const rushed = emdrPart(
      id,
      { phases: ['desensitization', 'installation'], sudEnd: 4, vocEnd: 5 },
      { closure: {}, resources: [] },
    )
    const draft = await noteWith(clinician, chartId, [rushed])
    const codes = [
      'installation_before_desensitization',
      'incomplete_without_closure',
      'incomplete_without_containment',
      'no_recent_dissociation_screen',
      'no_stabilization',
    ]
    t.same(
      draft.body.checks.warnings.map(({ code }: { code: string }) => code),
      codes,
    )
    const refused = await step(clinician, draft.body.id, 'signature', 1, {})
    t.equal(refused.body.code, 'invalid-state')
    t.same(
      refused.body.errors.map(({ code }: { code: string }) => code),
      codes,
    )
    t.match(await read(chartId, id), { status: 'identified', version: 1 })
    const signed = await signWithReasons(clinician, draft.body)
    t.equal(signed.body.overrides.length, 5)
    t.match(await read(chartId, id), { status: 'incomplete' })
    await clinician.post(
      `${targetsOf(chartId)}/${id}/status-changes`,
      { status: 'reopened', reason: 'x' },
      { ifMatch: 2 },
    )
    const hasty = await noteWith(
      clinician,
      chartId,
      [emdrPart(await targetIn(chartId), { phases: ['reevaluation'], sudStart: 2 })],
      sessionEnding(-24),
    )
    t.match(hasty.body.checks.warnings, [{ code: 'target_not_rechecked' }])
  })

  t.test('a completed screen for dissociation answers its warning', async t => {
    const { chartId } = await adultIn(practice, clinician)
    const id = await targetIn(chartId)
    const draft = await noteWith(clinician, chartId, [emdrPart(id, first)], sessionEnding(-24))
    t.match(draft.body.checks.warnings, [{ code: 'no_recent_dissociation_screen' }])
    await completed(clinician, chartId, 'des-ii', each(28, 10))
    const url = `/v1/session-notes/${draft.body.id}`
    t.same((await clinician.get(url)).body.checks.warnings, [])
  })

  t.test('a target of another chart is refused, and nothing is signed or moved', async t => {
    const [{ chartId }, other] = [await chart('Bea'), await chart('Cas')]
    const [own, foreign] = [await targetIn(chartId), await targetIn(other.chartId)]
    const { id: partId, ...part } = emdrPart(own, first)
    part.content.targets.push({ targetId: foreign, phases: ['reevaluation'], sudStart: 1 } as never)
    const pointer = `/parts/${partId}/content/targets/1/targetId`
    const begun = await noteWith(clinician, chartId, [{ id: partId, ...part }])
    t.match(begun.body, { code: 'unknown-reference', errors: [{ pointer }] })
    const { body } = await noteWith(clinician, chartId, [])
    const url = `/v1/session-notes/${body.id}`
    await clinician.patch(url, { parts: { [partId]: part } }, { ifMatch: 1 })
    const refused = await signWithReasons(clinician, (await clinician.get(url)).body)
    t.match(refused.body, { code: 'unknown-reference', errors: [{ pointer }] })
    t.equal((await clinician.get(url)).body.status, 'draft')
    t.match(await read(chartId, own), { status: 'identified', version: 1 })
    t.match(await read(other.chartId, foreign), { status: 'identified', version: 1 })
  })

  t.test('two notes about the same targets signed at once both move them', async t => {
    const { chartId } = await chart('Dee')
    const ids = [await targetIn(chartId), await targetIn(chartId)]
    const thatDay = { sessionDate: '2026-01-05', startedAt: null, endedAt: null }
    const about = (order: string[]) =>
      noteWith(
        clinician,
        chartId,
        order.map(id => emdrPart(id, first)),
        thatDay,
      )
    const drafts = [await about(ids), await about(ids.toReversed())]
    const replies = await Promise.all(drafts.map(({ body }) => signWithReasons(clinician, body)))
    t.same(
      replies.map(({ status }) => status),
      [200, 200],
    )
    for (const id of ids) t.match(await read(chartId, id), { version: 3, incompleteSessions: 2 })
  })

  t.test('moves are told to the care team and to nobody else', async t => {
    const { chartId } = await chart('Eli')
    const id = await targetIn(chartId)
    await signedWith(associate, chartId, [emdrPart(id, first)])
    const told = async (by: typeof clinician) => {
      const { status, body } = await by.get(`/v1/charts/${chartId}/timeline?limit=200`)
      const types = (body.data ?? []).map(({ type }: { type: string }) => type)
      return { status, types: types.filter((type: string) => type.startsWith('emdr-target')) }
    }
    t.same((await told(clinician)).types.toSorted(), ['emdr-target.created', 'emdr-target.status-changed'])
    t.same(await told(supervisor), { status: 200, types: [] })
    const integration = {
      ...systemScope(practice.id, 'test').actor,
      kind: 'api_client' as const,
      permissions: new Set(['events:read', 'notes:read'] as const),
    }
    const types: string[] = visibleTypes({ ...systemScope(practice.id, 'test'), actor: integration })
    t.ok(types.includes('session-note.signed'))
    t.notOk(types.some(type => type.startsWith('emdr-target')))
  })
})
