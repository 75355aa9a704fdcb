import { Temporal } from 'temporal-polyfill'
import { Problem } from '../../lib/problems.ts'
import rulesByJurisdiction from './minor-consent-rules.json' with { type: 'json' }
import type { NewMinorConsent } from './minor-consents.schemas.ts'

interface MinorConsentRule {
  ageOfMajority: number
  /** What a minor's own consent takes; null where we have no rule that allows it. */
  minorSelf: { fromAge: number; maturityDetermination: boolean; parentInvolvement: boolean } | null
  /** The law it comes from, stored with every consent. */
  source: string
}

/** Without a rule of the jurisdiction nobody under 18 consents alone. */
const general: MinorConsentRule = {
  ageOfMajority: 18,
  minorSelf: null,
  source: 'No rule on record for this jurisdiction: age of majority 18, no consent by the minor alone',
}

const known: Readonly<Record<string, MinorConsentRule>> = rulesByJurisdiction

export const ruleOf = (jurisdiction: string): MinorConsentRule => known[jurisdiction] ?? general

/** Whole years on a day. Who is born on February 29 has a birthday on March 1 in other years. */
export function ageOn(birthDate: string, day: string): number {
  const born = Temporal.PlainDate.from(birthDate)
  const on = Temporal.PlainDate.from(day)
  const hadBirthday = on.month > born.month || (on.month === born.month && on.day >= born.day)
  return on.year - born.year - (hadBirthday ? 0 : 1)
}

/**
 * Whether a minor may be in care on this basis.
 *
 * @param decidedOn the day the basis holds from, in the practice's zone
 * @throws Problem `minor-consent-not-valid`
 */
export function checkMinorConsent(
  birthDate: string | null,
  decidedOn: string,
  rule: MinorConsentRule,
  input: NewMinorConsent,
): void {
  if (birthDate === null) throw refused('The birth date must be on record first.')
  const age = ageOn(birthDate, decidedOn)
  if (age >= rule.ageOfMajority) throw refused('The client was of age on that day.')
  if (input.basis === 'parent' && !input.consentingPersonId) {
    throw refused('The consenting parent or guardian must be named: one of the related people.')
  }
  if (input.basis === 'minor_self') checkMinorSelf(age, rule.minorSelf, input)
}

function checkMinorSelf(age: number, rule: MinorConsentRule['minorSelf'], input: NewMinorConsent): void {
  if (!rule) throw refused('No rule on record lets a minor consent alone in this jurisdiction.')
  if (age < rule.fromAge) throw refused(`A minor may consent alone from the age of ${rule.fromAge}.`)
  if (rule.maturityDetermination && !input.maturity) {
    throw refused('A professional must have found the minor mature enough: who, and when.')
  }
  if (rule.parentInvolvement) checkParentInvolvement(input.parentInvolvement)
}

function checkParentInvolvement(involvement: NewMinorConsent['parentInvolvement']): void {
  if (!involvement) throw refused('The record must say whether a parent is involved, or why not.')
  if (involvement.decision === 'involved' && involvement.attempts.length === 0) {
    throw refused('The record must say when contact with the parent was tried, and the result.')
  }
  if (involvement.decision === 'not_appropriate' && !involvement.reason) {
    throw refused('The record must say why involving a parent would be inappropriate.')
  }
}

const refused = (detail: string) => new Problem('minor-consent-not-valid', { detail })
