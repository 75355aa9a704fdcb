import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { invalidField } from '../../lib/problems.ts'
import type { ClientAddress, ContactPoint } from './clients.schemas.ts'

/** A contact point in the spelling that storage and search share. */
export interface NormalPoint extends Required<ContactPoint> {
  normalized: string
}

/**
 * A phone number in E.164; undefined when it cannot be one. Possible is enough: numbering plans change
 * faster than their descriptions.
 */
export function normalizePhone(text: string): string | undefined {
  const number = parsePhoneNumberFromString(text, 'US')
  return number?.isPossible() ? number.number : undefined
}

const emailPattern = /^[^\s@"(),:;<>[\\\]]+@[^\s@]+\.[^\s@.]{2,}$/

/** An e-mail in lower case; undefined when it cannot be one. */
export function normalizeEmail(text: string): string | undefined {
  const email = text.trim().normalize('NFC').toLowerCase()
  return emailPattern.test(email) && email.length <= 254 ? email : undefined
}

/** @throws Problem `invalid-request` that names the entry */
export function normalPoints(points: readonly ContactPoint[], pointer = '/contactPoints'): NormalPoint[] {
  const normal = points.map((point, index) => normalPoint(point, `${pointer}/${index}`))
  for (const system of ['phone', 'email']) {
    if (normal.filter(point => point.system === system && point.primary).length > 1) {
      throw invalidField(pointer, 'one-primary', `Only one ${system} can be the primary one.`)
    }
  }
  normal.forEach((point, index) => {
    const first = normal.findIndex(
      other => other.system === point.system && other.normalized === point.normalized,
    )
    if (first !== index) throw invalidField(`${pointer}/${index}`, 'repeated', 'This entry is given twice.')
  })
  return normal
}

function normalPoint(point: ContactPoint, pointer: string): NormalPoint {
  const normalized = point.system === 'phone' ? normalizePhone(point.value) : normalizeEmail(point.value)
  if (!normalized)
    throw invalidField(`${pointer}/value`, point.system, `This is no possible ${point.system}.`)
  return {
    system: point.system,
    value: point.system === 'phone' ? normalized : point.value.trim(),
    kind: point.kind,
    label: point.label ?? null,
    primary: point.primary ?? false,
    usable: point.usable ?? true,
    normalized,
  }
}

/** Language tags in their canonical spelling. @throws Problem `invalid-request` */
export function canonicalLanguages(tags: readonly string[]): string[] {
  const canonical = tags.map((tag, index) => {
    try {
      return Intl.getCanonicalLocales(tag)[0] ?? tag
    } catch {
      throw invalidField(`/languages/${index}`, 'language', 'This is no BCP 47 language tag.')
    }
  })
  return [...new Set(canonical)]
}

/** @throws Problem `invalid-request` when two addresses are confidential */
export function checkAddresses(addresses: readonly ClientAddress[]): void {
  if (addresses.filter(address => address.confidential).length > 1) {
    throw invalidField('/addresses', 'one-confidential', 'Only one address can be the confidential one.')
  }
}

const oldestYears = 130

/**
 * A birth date that can be one. "Today" is the latest day anywhere on earth, so that nobody born today is
 * refused by a practice in another zone.
 *
 * @throws Problem `invalid-request`
 */
export function checkBirthDate(birthDate: string, now: Date, pointer = '/birthDate'): void {
  const fault = birthDateFault(birthDate, now)
  if (fault) throw invalidField(pointer, fault, 'A birth date lies within the last 130 years.')
}

export function birthDateFault(birthDate: string, now: Date): 'in-the-future' | 'too-long-ago' | undefined {
  const latest = new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10)
  if (birthDate > latest) return 'in-the-future'
  const earliest = `${Number(latest.slice(0, 4)) - oldestYears}${latest.slice(4)}`
  return birthDate < earliest ? 'too-long-ago' : undefined
}
