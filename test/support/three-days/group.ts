import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { layClient } from '../clients-raw.ts'
import { make, read } from '../eight-months/cast.ts'
import { memberNote, record, startGroupSession } from '../group-sessions.ts'
import { type Body, type Cast, day, factsOf, noteUrl, readNote, session } from './cast.ts'

/** Caleb’s note of the evening. */
export interface Evening {
  calebsNote: Body
}

/** The evening of the second day: a group of three, one of whom stayed away, in one request. */
export async function tellTheEvening(t: Test, cast: Cast, planId: string): Promise<Evening> {
  const { test, practice, lead, caleb } = cast
  const theo = await layClient(test, practice, 'Theo', [[lead, 'primary']])
  const ned = await layClient(test, practice, 'Ned', [[lead, 'primary']])
  const chart = await make(practice.owner, '/v1/charts', {
    kind: 'group',
    name: 'Evening Group (fictional)',
    primaryClinicianId: lead.staffId,
  })
  const memberIds: string[] = []
  for (const { clientId } of [caleb, theo, ned])
    memberIds.push((await make(practice.owner, `/v1/charts/${chart.id}/members`, { clientId })).id)
  const [calebId, theoId, nedId] = memberIds
  const objectives = [{ planId, objectiveKey: 'o2' }]
  const members = [
    {
      memberId: calebId,
      presence: 'present',
      minutes: 90,
      note: { ...memberNote, header: { ...memberNote.header, objectives } },
    },
    { memberId: theoId, presence: 'late', minutes: 75, note: memberNote },
    { memberId: nedId, presence: 'absent' },
  ]
  const evening = { ...session(2, '18:00', '19:30'), members }
  const named = { ...record, dynamics: 'Theo spoke first (fictional).' }
  const refused = await startGroupSession(lead, chart.id, { ...evening, record: named })
  t.match(refused.body.errors, [{ pointer: '/record/dynamics', code: 'names_a_member' }])
  const key = randomUUID()
  const { status, body } = await startGroupSession(lead, chart.id, evening, key)
  t.equal(status, 201)
  t.match(body, { session: { headCount: 2, record, sessionDate: day(2) }, notPermitted: [] })
  t.same(
    body.notes.map(({ memberId }: Body) => memberId),
    [calebId, theoId],
    'nobody writes about who was not there',
  )
  t.same((await startGroupSession(lead, chart.id, evening, key)).body, body, 'sent twice, it is one evening')

  const sessionUrl = `/v1/charts/${chart.id}/group-sessions/${body.session.id}`
  t.equal((await make(lead, `${sessionUrl}/signature`, undefined, 1)).status, 'signed')
  for (const { noteId, version } of body.notes) {
    await make(lead, `${noteUrl(noteId)}/signature`, undefined, version)
    // 90 and 75 minutes: the length of a group does not matter.
    t.match(await factsOf(lead, noteId), { suggestion: { code: '90853' }, attendanceCount: 1 })
  }
  const [{ noteId }] = body.notes
  const calebsNote = await readNote(lead, noteId)
  const printed = JSON.stringify(calebsNote)
  for (const other of [theo.clientId, ned.clientId, theoId, nedId, 'Theo', 'Ned'])
    t.notOk(printed.includes(String(other)), 'his note tells of nobody else')
  t.same((await read(lead, `/v1/charts/${ned.chartId}/session-notes`)).data, [])
  const { months } = await read(lead, `/v1/charts/${chart.id}/attendance?from=${day(1)}&to=${day(3)}`)
  t.same(months, [{ month: day(2).slice(0, 7), sessions: 1, present: 1, late: 1, absent: 1, noShow: 0 }])
  return { calebsNote }
}
