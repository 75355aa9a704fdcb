import type { ClientRow, WholeClientRow } from './clients.repository.ts'
import type { Client, ClientSummary, ContactPoint, SafeContact } from './clients.schemas.ts'

/** What holds for a client who said nothing yet: neutral words, and no message left. */
export const defaultSafeContact: SafeContact = {
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

/**
 * A client as the API shows it.
 *
 * @param limited true where name, birth date and insurance are all that may be shown
 */
export const showClient = (row: WholeClientRow, limited: boolean): Client => ({
  ...limitedPart(row),
  externalIds: row.external_ids,
  ...(limited ? {} : fullPart(row)),
})

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

const fullPart = (row: WholeClientRow) => ({
  pronouns: row.pronouns,
  sexRecordedAtBirth: row.sex_recorded_at_birth as NonNullable<Client['sexRecordedAtBirth']> | null,
  gender: row.gender,
  contactPoints: row.contact_points.map(toContactPoint),
  addresses: row.addresses as NonNullable<Client['addresses']>,
  languages: row.languages,
  safeContact: safeContactOf(row),
  timeZone: row.time_zone,
  status: row.status as NonNullable<Client['status']>,
  statusChangedAt: row.status_changed_at.toISOString(),
})

const toContactPoint = (row: WholeClientRow['contact_points'][number]): ContactPoint => ({
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
