import type { ClientAddress } from './clients.schemas.ts'
import { birthDateFault, type NormalPoint, normalizeEmail, normalizePhone } from './contact-points.ts'

/** The header of an import file, in this order in the documentation. `docs/import.md` lists it too. */
export const importColumns = {
  legal_given_name: 'Required.',
  legal_family_name: 'Required.',
  preferred_name: 'How the person wants to be called.',
  pronouns: 'For example `they/them`.',
  birth_date: '`YYYY-MM-DD`.',
  sex_recorded_at_birth: '`female`, `male`, `intersex` or `unknown`, as a payer has it on record.',
  gender: "In the person's own words.",
  languages: 'BCP 47 tags with semicolons between them, for example `en;es`.',
  phone: 'In any usual spelling; US when it has no country code.',
  email: 'One address.',
  address_line1: 'With city, state and postal_code, or none of them.',
  address_line2: '',
  city: '',
  state: 'USPS code of two letters.',
  postal_code: 'ZIP or ZIP+4.',
  status: '`inquiry`, `waitlisted` or `active`; `active` when empty.',
  external_system: 'Name of the system the rows come from: lower case letters, digits and dashes.',
  external_id: 'Its id there; unique. With external_system, or neither.',
} as const
export type ImportColumn = keyof typeof importColumns
export type ImportValues = Partial<Record<ImportColumn, string>>

/** What is wrong with one cell. Never its value. */
export interface CellProblem {
  column: ImportColumn
  code: string
}

/** A row that can become a client. */
export interface ImportedClient {
  legalGivenName: string
  legalFamilyName: string
  preferredName: string | null
  pronouns: string | null
  birthDate: string | null
  sexRecordedAtBirth: string | null
  gender: string | null
  languages: string[]
  addresses: ClientAddress[]
  points: NormalPoint[]
  status: string
  externalId: { system: string; value: string } | null
}

const longest: Partial<Record<ImportColumn, number>> = {
  legal_given_name: 80,
  legal_family_name: 80,
  preferred_name: 80,
  pronouns: 40,
  gender: 80,
  address_line1: 120,
  address_line2: 120,
  city: 80,
  external_id: 120,
}
const sexes = ['female', 'male', 'intersex', 'unknown']
const statuses = ['inquiry', 'waitlisted', 'active']

/**
 * A cell that a spreadsheet would run as a formula when the data is exported again (OWASP, "CSV Injection").
 * Only free text can hold one: everything else has a form of its own.
 */
const isFormula = (text: string) => /^[=+\-@\t\r]/.test(text)

/** Reads one row. Either a client or what is wrong with it. */
export function readRow(values: ImportValues, now: Date): ImportedClient | CellProblem[] {
  const problems: CellProblem[] = []
  const fail = (column: ImportColumn, code: string) => void problems.push({ column, code })
  const cell = (column: ImportColumn) => values[column]?.trim() || null
  const text = (column: ImportColumn): string | null => {
    const value = cell(column)
    if (value && isFormula(value)) fail(column, 'formula')
    if (value && value.length > (longest[column] ?? 500)) fail(column, 'too-long')
    return value
  }
  const required = (column: ImportColumn): string => {
    const value = text(column)
    if (!value) fail(column, 'required')
    return value ?? ''
  }
  const word = (column: ImportColumn, words: readonly string[]): string | null => {
    const value = cell(column)?.toLowerCase() ?? null
    if (value && !words.includes(value)) fail(column, 'unknown-word')
    return value
  }
  const client: ImportedClient = {
    legalGivenName: required('legal_given_name'),
    legalFamilyName: required('legal_family_name'),
    preferredName: text('preferred_name'),
    pronouns: text('pronouns'),
    birthDate: readBirthDate(cell('birth_date'), now, code => fail('birth_date', code)),
    sexRecordedAtBirth: word('sex_recorded_at_birth', sexes),
    gender: text('gender'),
    languages: readLanguages(cell('languages'), () => fail('languages', 'language')),
    addresses: readAddress({ cell, text, fail }),
    points: [
      ...readPoint('phone', cell('phone'), () => fail('phone', 'phone')),
      ...readPoint('email', cell('email'), () => fail('email', 'email')),
    ],
    status: word('status', statuses) ?? 'active',
    externalId: readExternalId({ cell, text, fail }),
  }
  return problems.length > 0 ? problems : client
}

interface Cells {
  cell(column: ImportColumn): string | null
  text(column: ImportColumn): string | null
  fail(column: ImportColumn, code: string): void
}

function readBirthDate(value: string | null, now: Date, fail: (code: string) => void): string | null {
  if (value === null) return null
  const fault = isCalendarDate(value) ? birthDateFault(value, now) : 'date'
  if (fault) fail(fault)
  return value
}

function isCalendarDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

function readLanguages(value: string | null, fail: () => void): string[] {
  const tags = (value ?? '')
    .split(';')
    .map(tag => tag.trim())
    .filter(tag => tag !== '')
  try {
    if (tags.length <= 10) return Intl.getCanonicalLocales(tags)
  } catch {
    // Told below, like too many of them.
  }
  fail()
  return []
}

function readPoint(system: 'phone' | 'email', value: string | null, fail: () => void): NormalPoint[] {
  if (value === null) return []
  const normalized = system === 'phone' ? normalizePhone(value) : normalizeEmail(value)
  if (!normalized) {
    fail()
    return []
  }
  const kind = system === 'phone' ? 'mobile' : 'home'
  const shown = system === 'phone' ? normalized : value
  return [{ system, value: shown, normalized, kind, label: null, primary: true, usable: true }]
}

function readAddress({ cell, text, fail }: Cells): ClientAddress[] {
  const [line1, line2, city] = [text('address_line1'), text('address_line2'), text('city')]
  const [state, postalCode] = [cell('state')?.toUpperCase() ?? null, cell('postal_code')]
  if (!line1 && !line2 && !city && !state && !postalCode) return []
  if (state && !/^[A-Z]{2}$/.test(state)) fail('state', 'state')
  if (postalCode && !/^\d{5}(-\d{4})?$/.test(postalCode)) fail('postal_code', 'postal-code')
  if (!line1) fail('address_line1', 'incomplete-address')
  if (!city) fail('city', 'incomplete-address')
  if (!state) fail('state', 'incomplete-address')
  if (!postalCode) fail('postal_code', 'incomplete-address')
  if (!line1 || !city || !state || !postalCode) return []
  const address = { line1, line2, city, state, postalCode, country: 'US' }
  return [{ kind: 'home', address, confidential: false }]
}

function readExternalId({ cell, text, fail }: Cells): ImportedClient['externalId'] {
  const [system, value] = [cell('external_system'), text('external_id')]
  if (!system && !value) return null
  if (system && !/^[a-z][a-z0-9-]{0,39}$/.test(system)) fail('external_system', 'external-system')
  if (!system) fail('external_system', 'required')
  if (!value) fail('external_id', 'required')
  return system && value ? { system, value } : null
}
