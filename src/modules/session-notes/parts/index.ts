import { cbt } from './cbt.ts'
import { caseManagement, collateralContact } from './contacts.ts'
import { couple, firstCouple } from './couple.ts'
import { crisis } from './crisis.ts'
import { dbt } from './dbt.ts'
import { emdr } from './emdr.ts'
import { noShow, termination } from './endings.ts'
import { groupMember } from './group-member.ts'
import { intake } from './intake.ts'
import { intensiveDay, intensiveSummary } from './intensive.ts'
import { neurofeedback } from './neurofeedback.ts'
import type { PartKind } from './part.ts'
import { somatic } from './somatic.ts'

/** Every kind of structured work that a note may hold, in every version, the newest of each kind first. */
export const partKinds: readonly PartKind[] = [
  cbt,
  dbt,
  emdr,
  somatic,
  neurofeedback,
  couple,
  firstCouple,
  groupMember,
  intake,
  crisis,
  collateralContact,
  caseManagement,
  intensiveDay,
  intensiveSummary,
  noShow,
  termination,
]

/** The very version a part was written under. */
export function partOf(kind: string, version: number): PartKind {
  const found = partKinds.find(candidate => candidate.kind === kind && candidate.version === version)
  if (!found) throw new Error(`There is no part "${kind}" of version ${version}`)
  return found
}

/** The version that new parts are written under; undefined for a kind there is none of. */
export const currentPart = (kind: string): PartKind | undefined =>
  partKinds.find(candidate => candidate.kind === kind)
