import { randomUUID } from 'node:crypto'
import type { Caller, Reply } from './practice.ts'

/** Steps of what follows a signature, each with a key of its own. */

const post = (by: Caller, url: string, body: unknown, ifMatch?: number): Promise<Reply> =>
  by.post(url, body, { key: randomUUID(), ...(ifMatch === undefined ? {} : { ifMatch }) })

export const lockNote = (by: Caller, noteId: string, version: number) =>
  post(by, `/v1/session-notes/${noteId}/lock`, undefined, version)

export const enterAmendment = (
  by: Caller,
  noteId: string,
  clientId: string,
  receivedOn: string,
  text = 'I was on time (fictional).',
) => post(by, `/v1/session-notes/${noteId}/amendment-requests`, { clientId, receivedOn, text })

export const amendmentStep = (
  by: Caller,
  id: string,
  what: 'extension' | 'acceptance' | 'denial' | 'disagreement' | 'rebuttal',
  version: number,
  body: Record<string, unknown> = {},
) =>
  post(by, `/v1/amendment-requests/${id}/${what}`, { text: `About ${what} (fictional).`, ...body }, version)

export const decideBilling = (by: Caller, noteId: string, version: number, decision: unknown) =>
  post(by, `/v1/session-notes/${noteId}/billing-facts/decision`, decision, version)

/** The suggestion as a decision that confirms it. */
export const confirmation = ({ suggestion }: Reply['body']) => ({
  code: suggestion.code,
  addOns: suggestion.addOns.map(({ code, units }: Record<string, unknown>) => ({ code, units })),
  modifiers: suggestion.modifiers,
  placeOfService: suggestion.placeOfService,
  reason: null,
})

export const release = (by: Caller, noteId: string) => by.post(`/v1/session-notes/${noteId}/release`)

export const hold = (by: Caller, noteId: string, minutes: number, reasonCode = 'endangers_life_or_safety') =>
  post(by, `/v1/session-notes/${noteId}/release-holds`, {
    reasonCode,
    basis: 'Somebody at home reads the mail (fictional).',
    expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
  })

export const releaseToPartner = (
  by: Caller,
  noteId: string,
  agreement: unknown,
  key: string = randomUUID(),
) => by.post(`/v1/session-notes/${noteId}/partner-releases`, agreement, { key })

export const revokePartnerRelease = (by: Caller, noteId: string, id: string) =>
  post(by, `/v1/session-notes/${noteId}/partner-releases/${id}/revocation`, undefined)
