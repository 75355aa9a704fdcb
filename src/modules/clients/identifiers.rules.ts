import type { ClientIdentifier } from './identifiers.schemas.ts'

type Kind = ClientIdentifier['kind']

/** What claims are made with: the identifiers that billing staff see. The others tell who somebody is. */
export const insuranceKinds: readonly Kind[] = ['insurance_member_id', 'medicare', 'medicaid']

export const isInsurance = (kind: string) => insuranceKinds.some(known => known === kind)
