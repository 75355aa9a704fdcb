import { invalidField } from './problems.ts'

/**
 * Whether a National Provider Identifier is well formed: ten digits, the first 1 (a person) or 2 (an
 * organization), and the right check digit: Luhn over the number behind the prefix 80840 (ISO 7812
 * issuer of the US health system; 45 CFR 162.406).
 */
export function isNpi(text: string): boolean {
  if (!/^[12][0-9]{9}$/.test(text)) return false
  const digits = [...`80840${text}`].reverse().map(Number)
  const sum = digits.reduce((total, digit, place) => total + (place % 2 === 1 ? doubled(digit) : digit), 0)
  return sum % 10 === 0
}

const doubled = (digit: number) => (digit > 4 ? digit * 2 - 9 : digit * 2)

/**
 * Refuses a body whose field `/npi` holds a number that is no NPI. Nothing given is nothing wrong.
 *
 * @throws Problem `invalid-request`
 */
export function requireNpi(npi: string | null | undefined): void {
  if (npi && !isNpi(npi)) throw invalidField('/npi', 'check-digit', 'The check digit of this NPI is wrong.')
}
