import { randomUUID } from 'node:crypto'
import type { NewNotePart } from '../../openapi/client/index.ts'
import { answered, type DemoApi, once, onceIfStill } from './demo-api.ts'
import type { DemoEmdr, DemoNote } from './demo-data.ts'
import type { LoadedPractice } from './load-practice.ts'

interface Plan {
  note: DemoNote
  chartId: string
  booked: { id: string; startsAt: string; endsAt: string; mode: 'in_person' | 'telehealth' }
  author: DemoApi
}

/** A session note in the state the demo asks for, taken there step by step. */
export async function loadNote(
  practice: LoadedPractice,
  { note, chartId, booked, author }: Plan,
): Promise<void> {
  const { template, sections, state } = note
  const header = await headerOf(author, chartId, booked.mode)
  const parts = [...(note.parts ?? []), ...(note.emdr ? [await emdrPart(author, chartId, note.emdr)] : [])]
  const started = await answered(
    author.client.POST('/v1/charts/{chartId}/session-notes', {
      params: { path: { chartId }, ...once() },
      body: { template, ...sessionOf(booked), header, sections, parts },
    }),
  )
  if (state === 'draft') return
  const path = { noteId: started.id }
  const overrides = (started.checks?.warnings ?? []).map(({ pointer, code }) => ({
    pointer,
    code,
    reason: 'Looked at before, on paper. (Fictional.)',
  }))
  const signed = await answered(
    author.client.POST('/v1/session-notes/{noteId}/signature', {
      params: { path, ...onceIfStill(started) },
      body: { overrides },
    }),
  )
  const params = { path, ...onceIfStill(signed) }
  if (state === 'amended') {
    const body = {
      reason: 'Detail left out',
      text: 'The client also asked about group dates. (Fictional demo note.)',
    }
    await answered(
      author.client.POST('/v1/session-notes/{noteId}/addenda', { params: { path, ...once() }, body }),
    )
  }
  if (state === 'entered_in_error') {
    await answered(
      author.client.POST('/v1/session-notes/{noteId}/entered-in-error', {
        params,
        body: { reason: 'Written for the wrong day. (Fictional.)' },
      }),
    )
  }
  const supervisor = practice.people.dana
  if (state === 'cosigned' && supervisor)
    await answered(supervisor.client.POST('/v1/session-notes/{noteId}/cosignature', { params }))
  if (state === 'returned' && supervisor) {
    await answered(
      supervisor.client.POST('/v1/session-notes/{noteId}/return', {
        params,
        body: { remarks: 'Please say what you did when the tension rose. (Fictional.)' },
      }),
    )
  }
}

/** Demo sessions begin and end on time. */
const sessionOf = ({ id, startsAt, endsAt }: Plan['booked']) => ({
  appointmentId: id,
  startedAt: startsAt,
  endedAt: endsAt,
})

const places = {
  in_person: { kind: 'office' },
  telehealth: {
    kind: 'telehealth_home',
    checkIn: {
      address: '1 Example Way, Sampletown (fictional)',
      emergencyContact: 'A sister, +15555550123 (fictional)',
      confirmedPrivate: true,
    },
  },
} as const

/** Everybody of the chart was there, and nothing was found of risk. */
async function headerOf({ client }: DemoApi, chartId: string, mode: Plan['booked']['mode']) {
  const { members } = await answered(client.GET('/v1/charts/{chartId}', { params: { path: { chartId } } }))
  const attendance = members.map(({ clientId }) => ({ clientId, presence: 'present' as const }))
  return {
    attendance,
    place: places[mode],
    risk: { status: 'denied' as const },
    progress: 'some' as const,
  }
}

/** Registers the target, and says what was done with it. */
async function emdrPart(
  { client }: DemoApi,
  chartId: string,
  { target, work, content }: DemoEmdr,
): Promise<NewNotePart> {
  const params = { path: { chartId }, ...once() }
  const { id: targetId } = await answered(
    client.POST('/v1/charts/{chartId}/emdr-targets', { params, body: target }),
  )
  return { id: randomUUID(), kind: 'emdr', content: { ...content, targets: [{ targetId, ...work }] } }
}
