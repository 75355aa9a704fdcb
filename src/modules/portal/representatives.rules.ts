import type { MinorStanding, RelatedPersonRow } from '../clients/index.ts'

/**
 * Whether a related person may use the portal in a client's name. For an adult (or where the age is not on record) that
 * takes a personal representative: a guardian of former years has no part in it. For a minor it takes the basis of
 * care to be a parent's consent or a court's order: who consented alone, or is emancipated, is represented by nobody
 * (45 CFR 164.502(g)(3)). In any case the client's record must let this person know of the treatment.
 */
export function mayRepresent(
  { minor, basis }: MinorStanding,
  person: Pick<RelatedPersonRow, 'status' | 'roles' | 'may_know'>,
): boolean {
  if (person.status !== 'active' || !person.may_know.includes('treatment')) return false
  if (basis === 'minor_self' || basis === 'emancipated') return false
  if (!minor) return person.roles.includes('personal_representative')
  const decided = basis === 'parent' || basis === 'court'
  return decided && (person.roles.includes('guardian') || person.roles.includes('personal_representative'))
}
