import { randomUUID } from 'node:crypto'
import type { Caller, Reply, TestPractice } from './practice.ts'

/** Obviously fictional, and easy to look for where no text may be found. */
export const marker = 'otter-umbrella-fictional'

export type NoteKind = 'psychotherapy' | 'sud_counseling'

export const notes = '/v1/psychotherapy-notes'
export const authorizations = '/v1/psychotherapy-authorizations'

export const startNote = (by: Caller, chartId: string, more: Record<string, unknown> = {}): Promise<Reply> =>
  by.post(`/v1/charts/${chartId}/psychotherapy-notes`, {
    kind: 'psychotherapy',
    conversationOn: '2026-01-05',
    text: `Why did I look away? (${marker})`,
    ...more,
  })

/** A transition of a note that has this version. */
export const step = (
  by: Caller,
  id: string,
  what: 'completion' | 'reopening' | 'entered-in-error',
  version: number,
  body?: unknown,
): Promise<Reply> => by.post(`${notes}/${id}/${what}`, body, { ifMatch: version, key: randomUUID() })

/** @returns the id of a note that is completed */
export async function completedNote(
  by: Caller,
  chartId: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const { body } = await startNote(by, chartId, more)
  const { status } = await step(by, body.id, 'completion', body.version)
  if (status !== 200) throw new Error(`A note could not be completed: ${status}`)
  return body.id
}

export const addAddendum = (by: Caller, id: string, text: string, key = randomUUID()): Promise<Reply> =>
  by.post(`${notes}/${id}/addenda`, { text }, { key })

export const authorize = (
  by: Caller,
  chartId: string,
  signed: Record<string, unknown>,
  key = randomUUID(),
): Promise<Reply> =>
  by.post(
    `/v1/charts/${chartId}/psychotherapy-authorizations`,
    {
      scope: ['psychotherapy_notes'],
      recipient: 'Jordan Example (fictional)',
      purpose: 'Second opinion (fictional)',
      signedOn: '2026-01-05',
      expiresOn: '2099-12-31',
      ...signed,
    },
    { key },
  )

export const revoke = (by: Caller, id: string, version = 1): Promise<Reply> =>
  by.post(`${authorizations}/${id}/revocation`, undefined, { ifMatch: version, key: randomUUID() })

/** A client with a chart that this clinician is on. */
export async function chartOf(
  practice: TestPractice,
  clinician: Caller,
  details: Record<string, unknown> = {},
): Promise<{ clientId: string; chartId: string }> {
  const { body: client } = await practice.owner.post(
    '/v1/clients',
    {
      legalGivenName: 'Alex',
      legalFamilyName: 'Example',
      status: 'active',
      primaryClinicianId: clinician.staffId,
      ...details,
    },
    { key: randomUUID() },
  )
  const { body: charts } = await practice.owner.get(`/v1/charts?clientId=${client.id}`)
  return { clientId: client.id, chartId: charts.data[0].id }
}

/** Says who supervises somebody from today. */
export async function supervise(
  owner: Caller,
  { staffId }: Caller,
  change: { supervisorId: string | null; forTraining?: boolean },
): Promise<void> {
  const url = `/v1/staff-members/${staffId}`
  const { body } = await owner.get(url)
  const { status } = await owner.put(`${url}/supervision`, change, { ifMatch: body.version })
  if (status !== 200) throw new Error(`Supervision could not be changed: ${status}`)
}

/** Puts somebody on a chart's care team. */
export async function joinTeam(owner: Caller, chartId: string, { staffId }: Caller): Promise<string> {
  const member = { staffId, role: 'co_therapist' }
  const { status, body } = await owner.post(`/v1/charts/${chartId}/care-team`, member, { key: randomUUID() })
  if (status !== 201) throw new Error(`Nobody joined the care team: ${status}`)
  return body.id
}

/** Ends the first membership of a chart's care team: the primary clinician's. */
export async function leaveTeam(owner: Caller, chartId: string): Promise<void> {
  const team = await owner.get(`/v1/charts/${chartId}/care-team`)
  const [{ id, version }] = team.body.data
  const url = `/v1/charts/${chartId}/care-team/${id}/end`
  const { status } = await owner.post(url, {}, { ifMatch: version, key: randomUUID() })
  if (status >= 300) throw new Error(`Nobody left the care team: ${status}`)
}
