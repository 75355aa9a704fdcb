import { randomUUID } from 'node:crypto'
import { layClient } from './clients-raw.ts'
import { type Caller, createTestPractice, type Reply } from './practice.ts'
import { startNote, step } from './session-notes.ts'
import type { TestApp } from './test-app.ts'

/** A client's chart with a clinician, and an associate whose notes need a co-signature. */
export async function createEmdrGround(test: TestApp) {
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'])
  const associate = await practice.staff(['clinician'], {
    supervisorId: supervisor.staffId,
    cosignRequired: true,
  })
  const { clientId, chartId } = await layClient(test, practice, 'Robin', [
    [clinician, 'primary'],
    [associate, 'co_therapist'],
  ])
  return { practice, supervisor, clinician, associate, clientId, chartId }
}

export const targetsOf = (chartId: string) => `/v1/charts/${chartId}/emdr-targets`

/** Registers a target. */
export const register = (
  by: Caller,
  chartId: string,
  more: Record<string, unknown> = {},
  key: string = randomUUID(),
): Promise<Reply> =>
  by.post(targetsOf(chartId), { kind: 'past', label: 'The hallway (fictional)', ...more }, { key })

/** A part of EMDR about one target, with consent and safety, put away where nothing else is said. */
export const emdrPart = (
  targetId: string,
  work: Record<string, unknown>,
  more: Record<string, unknown> = {},
) => ({
  id: randomUUID(),
  kind: 'emdr',
  content: {
    consent: true,
    safety: true,
    resources: ['container'],
    closure: { status: 'incomplete', resources: ['container'] },
    ...more,
    targets: [{ targetId, ...work }],
  },
})

/** A draft with these parts. */
export const noteWith = (
  by: Caller,
  chartId: string,
  parts: unknown[],
  more: Record<string, unknown> = {},
): Promise<Reply> => startNote(by, chartId, { parts, ...more })

interface Draft {
  id: string
  version: number
  checks: { warnings: { pointer: string; code: string }[] } | null
}

/** Signs a draft with a reason for whatever it is warned about. */
export const signWithReasons = (by: Caller, { id, version, checks }: Draft): Promise<Reply> => {
  const overrides = (checks?.warnings ?? []).map(({ pointer, code }) => ({
    pointer,
    code,
    reason: 'Judged so (fictional).',
  }))
  return step(by, id, 'signature', version, { overrides })
}

/** A session with these parts, signed. */
export async function signedWith(
  by: Caller,
  chartId: string,
  parts: unknown[],
  more: Record<string, unknown> = {},
): Promise<Reply> {
  const { body } = await noteWith(by, chartId, parts, more)
  return signWithReasons(by, body)
}
