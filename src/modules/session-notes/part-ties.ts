import type { Static } from 'typebox'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { type FieldError, Problem } from '../../lib/problems.ts'
import type { OpenChart } from '../charts/index.ts'
import { findStaff } from '../practice/index.ts'
import { tiesOfGroup } from './group/ties.ts'
import { revisionsOf } from './neurofeedback/protocols.repository.ts'
import { couple, firstCouple } from './parts/couple.ts'
import { neurofeedback } from './parts/neurofeedback.ts'
import type { PartKind } from './parts/part.ts'
import type { NotePart } from './parts/parts.schemas.ts'

/** Where something is named, and whether there is such a thing in this chart. */
type Tie = readonly [pointer: string, isKnown: boolean]

/**
 * Protocols, staff, partners and sessions of groups that parts name must be of the chart and the practice. Asked at the signature: a draft is
 * saved every few seconds.
 *
 * @throws Problem `unknown-reference`
 */
export async function requirePartTies(
  trx: PracticeTransaction,
  chart: OpenChart,
  parts: readonly NotePart[],
): Promise<void> {
  const ties = await Promise.all([
    tiesOfCouple(chart, parts),
    tiesOfNeurofeedback(trx, chart, parts),
    tiesOfGroup(trx, chart, parts),
  ])
  const errors: FieldError[] = ties
    .flat()
    .filter(([, isKnown]) => !isKnown)
    .map(([pointer]) => ({ pointer, code: 'unknown', detail: 'There is none like this in this chart.' }))
  if (errors.length > 0) throw new Problem('unknown-reference', { errors })
}

/** The parts of one version of a kind, with where they stand. */
export const ofKind = <Kind extends PartKind>({ kind, version }: Kind, parts: readonly NotePart[]) =>
  parts
    .filter(part => part.kind === kind && part.version === version)
    .map(part => ({ at: `/parts/${part.id}/content`, of: part.content as Static<Kind['content']> }))

const sameId = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase()

function tiesOfCouple({ clientIds }: OpenChart, parts: readonly NotePart[]): Tie[] {
  const known = (id: string | undefined) => id === undefined || clientIds.some(sameId(id))
  const written = [...ofKind(couple, parts), ...ofKind(firstCouple, parts)]
  return written.flatMap(({ at, of: { presentClientId, stances = [] } }) => [
    [`${at}/presentClientId`, known(presentClientId)] as const,
    ...stances.map(({ clientId }, index) => [`${at}/stances/${index}/clientId`, known(clientId)] as const),
  ])
}

async function tiesOfNeurofeedback(
  trx: PracticeTransaction,
  chart: OpenChart,
  parts: readonly NotePart[],
): Promise<Tie[]> {
  const sessions = ofKind(neurofeedback, parts)
  if (sessions.length === 0) return []
  const staffIds = new Set(
    sessions.flatMap(({ of }) => [of.technicianId, of.supervisorId].flatMap(id => id ?? [])),
  )
  const [revisions, staff] = await Promise.all([
    revisionsOf(trx, chart),
    Promise.all([...staffIds].map(async id => ((await findStaff(trx, id)) ? id : undefined))),
  ])
  const knownStaff = (id: string | undefined) => id === undefined || staff.includes(id)
  return sessions.flatMap(({ at, of: { protocolId, protocolRevision = 0, technicianId, supervisorId } }) => {
    const latest = protocolId === undefined ? undefined : revisions.get(protocolId.toLowerCase())
    return [
      [`${at}/protocolId`, protocolId === undefined || latest !== undefined],
      [`${at}/protocolRevision`, latest === undefined || protocolRevision <= latest],
      [`${at}/technicianId`, knownStaff(technicianId)],
      [`${at}/supervisorId`, knownStaff(supervisorId)],
    ] satisfies Tie[]
  })
}
