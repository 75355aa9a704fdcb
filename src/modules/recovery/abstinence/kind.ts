import type { DocumentKind } from '../documents/documents.ts'
import type { ContractStatus } from './abstinence.rules.ts'
import type { ContractContent } from './abstinence.schemas.ts'

export const contractKind: DocumentKind<ContractStatus, ContractContent> = {
  kind: 'abstinence_contract',
  resourceType: 'abstinence-contract',
}
