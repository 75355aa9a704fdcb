import type { Test } from 'tap'
import { make, must, read } from '../eight-months/cast.ts'
import { signWithReasons, targetsOf } from '../emdr.ts'
import { step } from '../session-notes.ts'
import { activePlan, objective } from '../treatment-plans.ts'
import {
  type Body,
  type Cast,
  codesOf,
  day,
  draft,
  noteUrl,
  part,
  present,
  readNote,
  session,
  signed,
} from './cast.ts'

/** What the three days of Caleb’s own work left behind. */
export interface Worked {
  planId: string
  targetId: string
  /** By day. */
  notes: { first: Body; second: Body; third: Body }
}

const sets = (...suds: number[]) => suds.map(sud => ({ bls: 'eye_movement', passes: 24, sud }))

const steady = { consent: true, safety: true, resources: ['container', 'calm_place'] }

/** A memory is begun on the first day, put away for the night, worked through on the second, looked at again on the third. */
export async function tellTheMemory(t: Test, cast: Cast): Promise<Worked> {
  const { lead, caleb } = cast
  const objectives = ['o1', 'o2', 'o3'].map(key => objective(key))
  const plan = await activePlan(lead, { id: caleb.clientId, chartId: caleb.chartId }, { objectives })
  const about = (...keys: string[]) => keys.map(objectiveKey => ({ planId: plan.id, objectiveKey }))
  const targets = targetsOf(caleb.chartId)
  const evening = { kind: 'future_template', label: 'The first evening at home (fictional)', position: 1 }
  const table = { kind: 'past', label: 'The phone on the table (fictional)', position: 2 }
  const later = await make(lead, targets, evening)
  const target = await make(lead, targets, { ...table, baselineSud: 8, baselineVoc: 2 })
  const stands = () => read(lead, `${targets}/${target.id}`)
  const order = async () => (await read(lead, targets)).data.map(({ id }: Body) => id)
  t.same(await order(), [later.id, target.id], 'as planned, while nothing is begun')

  const first = await tellTheFirstDay(t, cast, target.id, about('o1'))
  t.match(await stands(), { status: 'incomplete', lastSud: 4, lastVoc: 2, incompleteSessions: 1 })
  t.same(await order(), [target.id, later.id], 'what was left comes before what is planned')

  const second = await tellTheSecondDay(t, cast, target.id, about('o1', 'o2'))
  t.match(await stands(), {
    status: 'cleared',
    lastSud: 0,
    lastVoc: 7,
    incompleteSessions: 1,
    lastSessionOn: day(2),
  })

  const recheck = { targetId: target.id, phases: ['reevaluation'], sudStart: 0, vocStart: 7 }
  const third = await signed(lead, caleb.chartId, {
    ...session(3, '16:00', '16:16'),
    header: present([caleb.clientId]),
    parts: [part('emdr', { ...steady, targets: [recheck], closure: { status: 'complete' } })],
  })
  t.match(await stands(), { status: 'rechecked', version: 5 })
  const worked = { planId: plan.id, targetId: target.id, notes: { first, second, third } }
  await tellItsCurve(t, cast, worked)
  return worked
}

/** From 8 to 4 in three sets: it stays open, and is put into the container. */
async function tellTheFirstDay(t: Test, { lead, caleb }: Cast, targetId: string, objectives: Body) {
  const work = { targetId, phases: ['assessment', 'desensitization'], sudStart: 8, sudEnd: 4, vocStart: 2 }
  const emdr = part('emdr', { ...steady, targets: [{ ...work, sets: sets(7, 5, 4) }] })
  const note = await draft(lead, caleb.chartId, {
    ...session(1, '11:00', '11:52'),
    header: present([caleb.clientId], { objectives }),
    parts: [emdr],
  })
  t.same(codesOf(note.checks.warnings), [
    'incomplete_without_closure',
    'incomplete_without_containment',
    'no_recent_dissociation_screen',
  ])
  const closure = { status: 'incomplete', resources: ['container'], text: 'Put away (fictional).' }
  const closed = must(
    await lead.patch(
      noteUrl(note.id),
      { parts: { [emdr.id]: { kind: 'emdr', content: { closure } } } },
      { ifMatch: note.version },
    ),
  )
  const refused = await step(lead, note.id, 'signature', closed.version)
  t.equal(refused.body.code, 'invalid-state', 'a warning takes a reason')
  t.same(codesOf(refused.body.errors), ['no_recent_dissociation_screen'], 'the others were answered')
  const done = must(await signWithReasons(lead, await readNote(lead, note.id)))
  t.match(done, {
    status: 'signed',
    lateEntry: true,
    openTargets: [],
    overrides: [{ code: 'no_recent_dissociation_screen' }],
  })
  return done
}

/** What was left is the first thing of the day: from 5 to 2 before lunch; after it 0, installed with 7, the body clear. */
async function tellTheSecondDay(t: Test, { lead, caleb }: Cast, targetId: string, objectives: Body) {
  const [morning, afternoon] = [part('emdr', {}), part('emdr', {})]
  const empty = await draft(lead, caleb.chartId, {
    ...session(2, '10:30', '15:30'),
    header: present([], {
      attendance: [{ clientId: caleb.clientId, presence: 'present', minutes: 105 }],
      objectives,
    }),
    parts: [morning],
  })
  t.match(empty.openTargets, [{ id: targetId, status: 'incomplete', lastSud: 4, lastSessionOn: day(1) }])
  t.equal(empty.openTargets.length, 1, 'what is only planned is not among them')
  t.same(codesOf(empty.checks.warnings), ['target_not_rechecked'])

  const again = { targetId, phases: ['reevaluation', 'desensitization'], sudStart: 5, sudEnd: 2 }
  const through = {
    targetId,
    phases: ['desensitization', 'installation', 'body_scan'],
    sudStart: 2,
    sudEnd: 0,
    vocStart: 3,
    vocEnd: 7,
    bodyScan: { clear: true },
  }
  const said = {
    [morning.id]: { ...steady, targets: [{ ...again, sets: sets(4, 2) }], closure: { status: 'goes_on' } },
    [afternoon.id]: {
      ...steady,
      targets: [{ ...through, sets: sets(1, 0) }],
      closure: { status: 'complete' },
    },
  }
  let version: number = empty.version
  for (const [id, content] of Object.entries(said)) {
    const change = { parts: { [id]: { kind: 'emdr', content } } }
    version = must(await lead.patch(noteUrl(empty.id), change, { ifMatch: version })).version
  }
  const stale = await lead.patch(noteUrl(empty.id), { header: { next: 'x' } }, { ifMatch: empty.version })
  t.equal(stale.status, 412, 'another device that saved nothing of this overwrites nothing')
  await make(lead, `${noteUrl(empty.id)}/readiness`, { ready: true }, version)
  const note = await readNote(lead, empty.id)
  t.equal(note.status, 'ready')
  t.same(codesOf(note.checks.warnings), ['no_recent_dissociation_screen'])
  return must(await signWithReasons(lead, note))
}

/** Four points, one for each part: the second day has two. */
async function tellItsCurve(
  t: Test,
  { lead, colleague, supervisor, caleb }: Cast,
  { targetId, notes }: Worked,
) {
  const url = `${targetsOf(caleb.chartId)}/${targetId}`
  const { points } = await read(lead, `${url}/curve`)
  const { first, second, third } = notes
  t.same(
    points.map(({ partId: _partId, ...point }: Body) => point),
    [
      {
        noteId: first.id,
        sessionDate: day(1),
        sudStart: 8,
        sudEnd: 4,
        vocStart: 2,
        vocEnd: null,
        sets: 3,
        bodyScanClear: null,
      },
      {
        noteId: second.id,
        sessionDate: day(2),
        sudStart: 5,
        sudEnd: 2,
        vocStart: null,
        vocEnd: null,
        sets: 2,
        bodyScanClear: null,
      },
      {
        noteId: second.id,
        sessionDate: day(2),
        sudStart: 2,
        sudEnd: 0,
        vocStart: 3,
        vocEnd: 7,
        sets: 2,
        bodyScanClear: true,
      },
      {
        noteId: third.id,
        sessionDate: day(3),
        sudStart: 0,
        sudEnd: null,
        vocStart: 7,
        vocEnd: null,
        sets: null,
        bodyScanClear: null,
      },
    ],
  )
  const { data } = await read(lead, `${url}/history`)
  t.same(
    data.map(({ change, toStatus }: Body) => [change, toStatus]),
    [
      ['created', 'identified'],
      ['moved_by_note', 'incomplete'],
      ['moved_by_note', 'processing'],
      ['moved_by_note', 'cleared'],
      ['moved_by_note', 'rechecked'],
    ],
  )
  t.equal((await read(colleague, url)).label, 'The phone on the table (fictional)')
  t.equal((await supervisor.get(url)).status, 404, 'a label is for the care team')
}
