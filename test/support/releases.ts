import { randomUUID } from 'node:crypto'
import type { Caller, Reply } from './practice.ts'

type Fields = Record<string, unknown>

export const court = 'Faketown Superior Court (fictional)'

export const releasesOf = (chartId: string) => `/v1/charts/${chartId}/releases`

/** Records a release for a court, of everything a letter may tell, where nothing else is said. */
export const record = (
  by: Caller,
  chartId: string,
  clientId: string,
  more: Fields = {},
  key: string = randomUUID(),
): Promise<Reply> =>
  by.post(
    releasesOf(chartId),
    {
      clientId,
      recipientKind: 'court',
      recipient: court,
      purpose: 'A report that the court asked for (fictional).',
      categories: ['attendance', 'counts', 'tasks', 'stages'],
      part2: false,
      signedOn: '2026-01-05',
      untilOn: '2099-12-31',
      ...more,
    },
    { key },
  )

/** The same, and it has to succeed. */
export async function released(
  by: Caller,
  chartId: string,
  clientId: string,
  more: Fields = {},
): Promise<Reply['body']> {
  const { status, body } = await record(by, chartId, clientId, more)
  if (status !== 201) throw new Error(`A release was refused with ${status}: ${JSON.stringify(body)}`)
  return body
}

export const revoke = (by: Caller, { chartId, id, version }: Reply['body']): Promise<Reply> =>
  by.post(`${releasesOf(chartId)}/${id}/revocation`, undefined, { ifMatch: version })

export const disclosuresOf = async (by: Caller, chartId: string): Promise<Reply['body'][]> =>
  (await by.get(`/v1/charts/${chartId}/disclosures`)).body.data
