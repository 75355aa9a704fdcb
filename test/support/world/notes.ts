import type { World } from '../world.ts'
import { ifStill, makeClient } from './care.ts'
import { type Ground, make, read } from './ground.ts'
import type { Prepared, Request } from './requests.ts'
import { makeAppointment, makeNote, makeNotedChart, sessionOfWorld, wasThere } from './sessions.ts'

/** Makers of what notes are begun with. Each makes something fresh, through the API. */

const definition = (name: string) => ({
  name,
  sections: [
    { key: 'plan', label: 'Plan', help: 'What follows.', required: false, text: 'As agreed (fictional).' },
  ],
  parts: [{ kind: 'cbt', content: { bridge: 'The last homework (fictional).' } }],
})

async function makeTemplate({ callers }: Ground, whose: 'practice' | 'personal') {
  const { supervisor, clinician } = callers
  const made =
    whose === 'practice'
      ? await make(supervisor, '/v1/note-templates', definition('For all (fictional)'))
      : await make(clinician, '/v1/me/note-templates', definition('My own (fictional)'))
  return { noteTemplateId: String(made.key), version: Number(made.version) }
}

/** Two sessions of the clinician that took place and have no note. */
async function makeMissing(ground: Ground): Promise<void> {
  for (const _ of ['one', 'another']) {
    const { id, startsAt, endsAt, version } = await makeAppointment(ground, { when: 'past' })
    const came = { actualStartsAt: startsAt, actualEndsAt: endsAt }
    await make(ground.callers.owner, `/v1/appointments/${id}/attendance`, came, { ifMatch: version })
  }
}

/** A signed note of the world's chart that worked on its plan. */
export async function noteOnPlan(ground: Ground, ids: Readonly<Record<string, string>>): Promise<void> {
  const { clinician } = ground.callers
  const note = await make(clinician, `/v1/charts/${ids.chartId}/session-notes`, {
    template: 'dap',
    ...sessionOfWorld,
    ...wholeNote(ids),
  })
  await make(clinician, `/v1/session-notes/${note.id}/signature`, undefined, ifStill(note))
}

const wholeNote = ({ clientId, planId, riskAssessmentId }: Readonly<Record<string, string>>) => ({
  header: {
    ...wasThere(String(clientId)),
    risk: { status: 'denied', riskAssessmentId },
    objectives: [{ planId, objectiveKey: 'o1' }],
  },
  sections: { data: 'Fictional.', assessment: 'Fictional.', plan: 'Fictional.' },
})

/** What a header names is of the note's own chart. */
const ofWorldsChart = (request: Request, { ids }: World): Request => ({
  ...request,
  params: { ...request.params, chartId: ids.chartId ?? '' },
  body: { template: 'dap', sessionDate: '2026-01-02', ...wholeNote(ids) },
})

const savedInAnyChart = (request: Request, { ids }: World): Request => ({
  ...request,
  body: wholeNote(ids),
})

const headerIds = ['attendance/[]/clientId', 'objectives/[]/planId', 'risk/riskAssessmentId']

export const noteVariants: Readonly<Record<string, (request: Request, world: World) => Request>> = {
  ...Object.fromEntries(headerIds.map(place => [`startSessionNote body header/${place}`, ofWorldsChart])),
  ...Object.fromEntries(headerIds.map(place => [`saveSessionNote body header/${place}`, savedInAnyChart])),
  'listChartSessionNotes query planId': (request, { ids }) => ({
    ...request,
    params: { chartId: ids.chartId ?? '' },
    query: { planId: ids.planId },
  }),
}

export async function templateIds(ground: Ground) {
  await makeMissing(ground)
  await makeTemplate(ground, 'personal')
  const { noteTemplateId } = await makeTemplate(ground, 'practice')
  return { noteTemplateId, authorId: ground.callers.clinician.staffId }
}

const unfiltered = {
  status: undefined,
  authorId: undefined,
  partKind: undefined,
  planId: undefined,
  objectiveKey: undefined,
}

/** A draft in the world's chart, to which the ids of the world belong. */
async function draftInWorld({ ids, callers: { owner, clinician } }: World): Promise<Prepared> {
  const { careTeam } = await read(owner, `/v1/charts/${ids.chartId}`)
  // The chart of a partner is one that nobody treats as yet.
  if (!careTeam.some(({ staffId }: { staffId: string }) => staffId === clinician.staffId)) {
    const member = { staffId: clinician.staffId, role: 'co_therapist' }
    await make(owner, `/v1/charts/${ids.chartId}/care-team`, member)
  }
  const note = await make(clinician, `/v1/charts/${ids.chartId}/session-notes`, {
    template: 'dap',
    sessionDate: '2026-01-02',
  })
  return { by: clinician, params: { noteId: String(note.id) } }
}

export const notePreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  saveSessionNote: draftInWorld,
  startSessionNote: async world => ({ params: { chartId: (await makeClient(world)).chartId } }),
  listChartSessionNotes: async world => ({
    params: { chartId: await makeNotedChart(world) },
    query: { ...unfiltered, authorId: world.callers.clinician.staffId },
  }),
  setSessionNoteReadiness: async world => ({ params: { noteId: (await makeNote(world)).noteId } }),
  lockSessionNote: async world => ({
    by: world.callers.clinician,
    params: { noteId: (await makeNote(world, 'signed')).noteId },
  }),
  changeNoteTemplate: async world => {
    const { noteTemplateId, version } = await makeTemplate(world, 'practice')
    return { params: { noteTemplateId }, version }
  },
  changeOwnNoteTemplate: async world => {
    const { noteTemplateId, version } = await makeTemplate(world, 'personal')
    return { by: world.callers.clinician, params: { noteTemplateId }, version }
  },
  // Whoever saved none gets a row with the first ones: they are here already.
  saveNoteSnippets: async ({ callers: { clinician } }) => {
    const { version } = await read(clinician, '/v1/me/note-snippets')
    const saved = await make(
      clinician,
      '/v1/me/note-snippets',
      { snippets: [] },
      { method: 'put', ifMatch: version },
    )
    return { by: clinician, version: Number(saved.version) }
  },
}
