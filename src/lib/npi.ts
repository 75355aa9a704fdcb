/**
 * Whether a National Provider Identifier has the right check digit: Luhn over the number behind the
 * prefix 80840 (ISO 7812 issuer of the US health system; 45 CFR 162.406).
 */
export function isNpi(text: string): boolean {
  if (!/^[0-9]{10}$/.test(text)) return false
  const digits = [...`80840${text}`].reverse().map(Number)
  const sum = digits.reduce((total, digit, place) => total + (place % 2 === 1 ? doubled(digit) : digit), 0)
  return sum % 10 === 0
}

const doubled = (digit: number) => (digit > 4 ? digit * 2 - 9 : digit * 2)
