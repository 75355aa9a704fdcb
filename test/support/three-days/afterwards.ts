import type { Test } from 'tap'
import { verifyPracticeNotes } from '../../../src/commands/notes.ts'
import { make, read } from '../eight-months/cast.ts'
import { amendmentStep, confirmation, decideBilling, lockNote, release } from '../note-followups.ts'
import { textOf } from '../pdf-text.ts'
import type { Caller } from '../practice.ts'
import { addAddendum, step } from '../session-notes.ts'
import { type Body, type Cast, day, daysFromToday, factsOf, noteUrl, readNote } from './cast.ts'
import type { Worked } from './emdr.ts'
import type { Settled } from './somatic.ts'

/** What stands on the pages of a note's PDF. */
async function printed({ test }: Cast, { token }: Caller, url: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const { statusCode, rawPayload } = await test.app.inject({ url: `${url}/document`, headers })
  return statusCode === 200 ? textOf(rawPayload) : ''
}

/** Minutes of each note and the code by the rule of time, worked by hand. */
export async function tellTheBilling(t: Test, cast: Cast, { notes }: Worked, hers: Settled): Promise<void> {
  const { lead, bodyTherapist, biller } = cast
  const table: readonly (readonly [by: Caller, note: Body, minutes: number, code: string])[] = [
    [lead, notes.first, 52, '90834'], // 11:00 to 11:52, the last minute of 38 to 52
    [lead, notes.second, 105, '90837'], // 60 before lunch and 45 after it, not the five hours between
    [lead, notes.third, 16, '90832'], // 16:00 to 16:16, the first minute of 16 to 37
    [bodyTherapist, hers.first, 37, '90832'], // 11:00 to 11:37, the last minute of 16 to 37
    [bodyTherapist, hers.second, 38, '90834'], // 11:00 to 11:38, the first minute of 38 to 52
    [bodyTherapist, hers.third, 53, '90837'], // 11:00 to 11:53, the first minute from 53 on
  ]
  for (const [by, note, minutes, code] of table) {
    const facts = await factsOf(by, note.id)
    t.match(facts, {
      status: 'suggested',
      minutes,
      suggestion: { code, placeOfService: '11', modifiers: [] },
    })
    t.same(await factsOf(biller, note.id), facts)
    t.equal((await biller.get(noteUrl(note.id))).status, 403, 'who bills reads the facts and never the note')
  }
  const first = await factsOf(lead, notes.first.id)
  const shorter = { ...confirmation(first), code: '90832' }
  t.equal((await decideBilling(lead, notes.first.id, 1, shorter)).status, 400, 'what differs takes a reason')
  const decided = await decideBilling(lead, notes.first.id, 1, confirmation(first))
  t.match(decided.body, { status: 'confirmed', decision: { code: '90834', changed: false } })
}

/** What is locked takes an addendum, and nothing else. */
export async function tellTheLock(t: Test, cast: Cast, { notes: { first } }: Worked): Promise<void> {
  const { lead, colleague, biller } = cast
  const locked = (await lockNote(lead, first.id, first.version)).body
  t.match(locked, { status: 'locked', lock: { lockedById: lead.staffId } })
  t.equal(
    (await lead.patch(noteUrl(first.id), { header: { next: 'x' } }, { ifMatch: locked.version })).status,
    409,
  )
  t.equal((await step(lead, first.id, 'signature', locked.version)).body.code, 'invalid-state')
  t.equal(
    (await step(lead, first.id, 'lock', locked.version)).body.code,
    'invalid-state',
    'there is no way back',
  )
  const { data } = await read(biller, '/v1/billing-facts?status=final')
  t.same(
    data.map(({ noteId, decision }: Body) => [noteId, decision.code]),
    [[first.id, '90834']],
  )
  t.equal(
    (await decideBilling(lead, first.id, 2, confirmation(await factsOf(lead, first.id)))).body.code,
    'invalid-state',
  )

  t.equal((await addAddendum(lead, first.id, 'He asked for water twice (Damson).')).status, 201)
  t.equal((await addAddendum(lead, first.id, 'And rested at noon (Bullace).')).status, 201)
  const after = await readNote(colleague, first.id)
  t.match(after.addenda, [{ text: /Damson/ }, { text: /Bullace/ }])
  t.same(after.signatures, first.signatures, 'the note itself is what it was')
  t.match(await printed(cast, colleague, noteUrl(first.id)), /Damson[\s\S]*Bullace/)
}

/** Iris asks to change what stands about her, is refused, disagrees, and is answered: all of it goes with the note. */
export async function tellTheAmendment(t: Test, cast: Cast, { first }: Settled): Promise<void> {
  const { bodyTherapist, associate, iris, caleb } = cast
  const own = `/v1/portal/session-notes/${first.id}`
  t.equal((await iris.portal.get(own)).status, 404, 'not released yet')
  t.equal((await release(bodyTherapist, first.id)).status, 200)
  const asked = await make(iris.portal, `${own}/amendment-requests`, {
    text: 'Not cold: Quince (fictional).',
  })
  t.match(asked, { status: 'received', dueOn: daysFromToday(60), version: 1 })
  const why = { reasonCode: 'accurate_and_complete', text: 'As seen: Medlar (fictional).' }
  const denied = await amendmentStep(bodyTherapist, asked.id, 'denial', 1, why)
  t.match(denied.body, { status: 'denied', denialReason: 'accurate_and_complete' })
  const dispute = `/v1/portal/amendment-requests/${asked.id}/disagreement`
  t.equal(
    (await make(iris.portal, dispute, { text: 'I was there: Sorb (fictional).' }, 2)).status,
    'disagreed',
  )
  const answer = { text: 'So was I: Rowan (fictional).' }
  const rebutted = await amendmentStep(bodyTherapist, asked.id, 'rebuttal', 3, answer)
  t.equal(rebutted.body.status, 'rebutted')

  const papers = /Quince[\s\S]*Medlar[\s\S]*Sorb[\s\S]*Rowan/
  for (const [by, url] of [
    [bodyTherapist, noteUrl(first.id)],
    [associate, noteUrl(first.id)],
    [iris.portal, own],
  ] as const) {
    t.match(JSON.stringify(await read(by, url)), papers, `${url} tells all four`)
    t.match(await printed(cast, by, url), papers, `${url}/document tells all four`)
  }
  const now = await readNote(associate, first.id)
  t.same([now.version, now.signatures], [first.version, first.signatures], 'the note did not change')
  t.equal((await caleb.portal.get(own)).status, 404)
  t.same((await read(caleb.portal, '/v1/portal/session-notes')).data, [])
}

/** The plan and the notes of the three days, side by side. */
export async function tellTheThread(
  t: Test,
  { lead, caleb }: Cast,
  { planId, notes }: Worked,
): Promise<void> {
  const thread = await read(lead, `${caleb.url}/golden-thread?from=${day(1)}&to=${day(3)}`)
  t.equal(thread.planId, planId)
  t.same(
    thread.objectives.map(({ objectiveKey, notes: many, lastAddressedOn }: Body) => [
      objectiveKey,
      many,
      lastAddressedOn,
    ]),
    [
      ['o1', 2, day(2)], // both days of the memory
      ['o2', 2, day(2)], // the second of them, and the group that evening
      ['o3', 0, null],
    ],
  )
  t.same(thread.objectivesWithoutNotes, ['o3'])
  t.same(thread.notesWithoutObjectives, [
    { noteId: notes.third.id, sessionDate: day(3), authorId: lead.staffId },
  ])
}

/** Three of his, three of hers, four of theirs, two of the group, and the record of the group. */
export async function tellTheHashes(t: Test, { test, practice }: Cast): Promise<void> {
  const { checked, findings } = await verifyPracticeNotes(test.house.database, practice.id)
  t.same({ checked, findings }, { checked: 13, findings: [] })
}
