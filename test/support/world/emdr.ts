import { emdrPart } from '../emdr.ts'
import type { World } from '../world.ts'
import { ifStill, makeClient } from './care.ts'
import { type Ground, make } from './ground.ts'
import type { Prepared, Request } from './requests.ts'
import { sessionOfWorld, wasThere } from './sessions.ts'

/** Makers of EMDR targets. Each makes something fresh, through the API. */

const urlOf = (chartId: string) => `/v1/charts/${chartId}/emdr-targets`

const registerTarget = ({ callers: { clinician } }: Ground, chartId: string) =>
  make(clinician, urlOf(chartId), { kind: 'past', label: 'The hallway (fictional)' })

/** Two targets of the world's chart: one has new words, and was left incomplete by a signed note. */
export async function emdrIds(ground: Ground, ids: Readonly<Record<string, string>>) {
  const { clinician } = ground.callers
  const { chartId = '', clientId = '' } = ids
  await registerTarget(ground, chartId)
  const target = await registerTarget(ground, chartId)
  await make(
    clinician,
    `${urlOf(chartId)}/${target.id}`,
    { bodyLocation: 'Chest' },
    { ifMatch: 1, method: 'patch' },
  )
  const note = await make(clinician, `/v1/charts/${chartId}/session-notes`, {
    template: 'dap',
    ...sessionOfWorld,
    header: { ...wasThere(clientId), risk: { status: 'denied' } },
    sections: { data: 'Fictional.', assessment: 'Fictional.', plan: 'Fictional.' },
    parts: [emdrPart(String(target.id), { phases: ['desensitization'], sudStart: 8, sudEnd: 3 })],
  })
  const overrides = note.checks.warnings.map(({ pointer, code }: { pointer: string; code: string }) => ({
    pointer,
    code,
    reason: 'Judged so (fictional).',
  }))
  await make(clinician, `/v1/session-notes/${note.id}/signature`, { overrides }, ifStill(note))
  const id = String(target.id)
  return { emdrTargetId: id, targetId: id, subjectId: id }
}

async function freshTarget(world: World): Promise<Prepared> {
  const { chartId } = await makeClient(world)
  return { params: { chartId, emdrTargetId: String((await registerTarget(world, chartId)).id) } }
}

export const emdrPreparations: Readonly<Record<string, (world: World) => Promise<Prepared> | Prepared>> = {
  listEmdrTargets: () => ({ query: { status: undefined, kind: undefined } }),
  changeEmdrTarget: freshTarget,
  setEmdrTargetStatus: freshTarget,
}

/** What a part names is a target of the note's own chart. */
export const emdrVariants: Readonly<Record<string, (request: Request, world: World) => Request>> = {
  'startSessionNote body parts/[]/content/targets/[]/targetId': (request, world) => ({
    ...request,
    params: { ...request.params, chartId: world.ids.chartId ?? '' },
    body: {
      ...(request.body as object),
      parts: [emdrPart(world.ids.targetId ?? '', { phases: ['reevaluation'], sudStart: 3 })],
    },
  }),
}
