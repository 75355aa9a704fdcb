import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type ClientRow, type ContactPointRow, contactPointsOf, externalIdsOf } from './clients.repository.ts'
import type { Client, ClientSummary, ContactPoint, SafeContact } from './clients.schemas.ts'

/** What holds for a client who said nothing yet: neutral words, and no message left. */
const defaultSafeContact: SafeContact = {
  channels: ['phone', 'text', 'email', 'mail'],
  hours: null,
  neutralText: true,
  voicemailAllowed: false,
  danger: false,
}

export const safeContactOf = (row: Pick<ClientRow, 'safe_contact'>): SafeContact => ({
  ...defaultSafeContact,
  ...(row.safe_contact as Partial<SafeContact>),
})

export async function showClient(
  trx: PracticeTransaction,
  row: ClientRow,
  limited: boolean,
): Promise<Client> {
  const [client] = await showClients(trx, [row], new Set(limited ? [row.id] : []))
  if (!client) throw new Error('A client row was given and none came out')
  return client
}

/**
 * Rows as the API shows them.
 *
 * @param limited ids of those of whom name, birth date and insurance are all that may be shown
 */
export async function showClients(
  trx: PracticeTransaction,
  rows: readonly ClientRow[],
  limited: ReadonlySet<string>,
): Promise<Client[]> {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const [allPoints, allExternalIds] = await Promise.all([contactPointsOf(trx, ids), externalIdsOf(trx, ids)])
  const points = Map.groupBy(allPoints, point => point.client_id)
  const externalIds = Map.groupBy(allExternalIds, entry => entry.client_id)
  return rows.map(row => {
    const external = externalIds.get(row.id) ?? []
    return {
      ...limitedPart(row),
      externalIds: Object.fromEntries(external.map(({ system, value }) => [system, value])),
      ...(limited.has(row.id) ? {} : fullPart(row, points.get(row.id) ?? [])),
    }
  })
}

const limitedPart = (row: ClientRow) => ({
  id: row.id,
  legalGivenName: row.legal_given_name,
  legalFamilyName: row.legal_family_name,
  preferredName: row.preferred_name,
  birthDate: row.birth_date,
  mergedIntoId: row.merged_into_id,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

const fullPart = (row: ClientRow, points: readonly ContactPointRow[]) => ({
  pronouns: row.pronouns,
  sexRecordedAtBirth: row.sex_recorded_at_birth as NonNullable<Client['sexRecordedAtBirth']> | null,
  gender: row.gender,
  contactPoints: points.map(toContactPoint),
  addresses: row.addresses as NonNullable<Client['addresses']>,
  languages: row.languages,
  safeContact: safeContactOf(row),
  status: row.status as NonNullable<Client['status']>,
  statusChangedAt: row.status_changed_at.toISOString(),
})

const toContactPoint = (row: ContactPointRow): ContactPoint => ({
  system: row.system as ContactPoint['system'],
  value: row.value,
  kind: row.kind as ContactPoint['kind'],
  label: row.label,
  primary: row.is_primary,
  usable: row.usable,
})

/** Enough to choose the right person from a list. */
export const summaryOf = (row: ClientRow, limited: boolean): ClientSummary => ({
  id: row.id,
  legalGivenName: row.legal_given_name,
  legalFamilyName: row.legal_family_name,
  preferredName: row.preferred_name,
  birthDate: row.birth_date,
  ...(limited ? {} : { status: row.status as NonNullable<ClientSummary['status']> }),
  version: row.version,
})
