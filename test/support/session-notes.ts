import { randomUUID } from 'node:crypto'
import type { Caller, Reply } from './practice.ts'

/** Obviously fictional, and easy to look for where no text may be found. */
export const marker = 'zebra-lantern-fictional'

export const dapSections = {
  data: `Slept better, two calm evenings (${marker}).`,
  assessment: 'Progress toward steadier sleep. No safety concerns raised.',
  plan: 'Keep the wind-down routine; bring the sleep log.',
}

const hour = 3_600_000

/** A session that ended some hours ago and lasted 50 minutes. */
export function sessionEnding(hoursAgo: number) {
  const endedAt = new Date(Date.now() - hoursAgo * hour)
  return {
    startedAt: new Date(endedAt.getTime() - 50 * 60_000).toISOString(),
    endedAt: endedAt.toISOString(),
  }
}

export const office = { kind: 'office' } as const

/** Who was there and where, and that nothing was found of risk: what a signature asks of a header. */
export async function headerFor(by: Caller, chartId: string) {
  const { body } = await by.get(`/v1/charts/${chartId}`)
  return {
    attendance: (body.members ?? []).map(({ clientId }: { clientId: string }) => ({
      clientId,
      presence: 'present',
    })),
    risk: { status: 'denied' },
    place: office,
  }
}

/** A complete draft of a session an hour ago. */
export const startNote = async (
  by: Caller,
  chartId: string,
  more: Record<string, unknown> = {},
): Promise<Reply> =>
  by.post(`/v1/charts/${chartId}/session-notes`, {
    template: 'dap',
    ...sessionEnding(1),
    header: await headerFor(by, chartId),
    sections: dapSections,
    ...more,
  })

/** Signature, co-signature, return or mark, with a key of its own. */
export const step = (
  by: Caller,
  noteId: string,
  what: 'signature' | 'cosignature' | 'return' | 'entered-in-error' | 'lock',
  version: number,
  body?: unknown,
): Promise<Reply> =>
  by.post(`/v1/session-notes/${noteId}/${what}`, body, { ifMatch: version, key: randomUUID() })

/** A note that is started and signed, without its times or place where they are not given. */
export async function signedNote(
  by: Caller,
  chartId: string,
  more: Record<string, unknown> = {},
): Promise<Reply> {
  const { body } = await startNote(by, chartId, more)
  const undocumented = (body.checks?.warnings ?? []).filter(({ code }: { code: string }) => isOfFacts(code))
  const overrides = undocumented.map(({ pointer, code }: { pointer: string; code: string }) => ({
    pointer,
    code,
    reason: 'Kept on paper (fictional).',
  }))
  return step(by, body.id, 'signature', body.version, overrides.length > 0 ? { overrides } : undefined)
}

/** Warnings of a session whose times or place no test is about. */
const isOfFacts = (code: string) => ['times_missing', 'place_missing', 'check_in_missing'].includes(code)

export const addAddendum = (by: Caller, noteId: string, text: string): Promise<Reply> =>
  by.post(`/v1/session-notes/${noteId}/addenda`, { reason: 'Detail left out', text }, { key: randomUUID() })
