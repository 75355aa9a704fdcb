import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { each, openedPage, type Page } from '../../lib/pages.ts'
import { notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import { type OpenChart, openChart, openOwnChart } from '../charts/index.ts'
import { requireSigner } from '../portal/index.ts'
import { today } from '../practice/index.ts'
import * as repository from './releases.repository.ts'
import { requireTerm, statusOn } from './releases.rules.ts'
import type { NewRelease, PageOnly, Release } from './releases.schemas.ts'
import { sealedTerms } from './sealed-places.ts'

/** What is told of a release in words. */
interface Terms {
  recipient: string
  purpose: string
}

type Place = { chartId: string; releaseId: string }

/** A client takes a release back whenever they like, also after the chart was closed. */
const openReleases = (
  trx: PracticeTransaction,
  chartId: string,
  permission: 'releases:read' | 'releases:write',
) => openChart(trx, chartId, { dataClass: 'clinical', permission })

/**
 * Records what a client signed. Whoever left a couple's chart still releases what was written while they were in it.
 *
 * @throws Problem `not-found`, `invalid-request`, `unknown-reference`; `invalid-state` in a closed chart and for a group
 */
export async function recordRelease(
  trx: PracticeTransaction,
  chartId: string,
  input: NewRelease,
): Promise<Release> {
  const [id, recordedBy] = [uuidv7(), recorder(trx)]
  trx.audit({ resourceType: 'release', resourceId: id, fields: Object.keys(input) })
  const need = { dataClass: 'clinical', permission: 'releases:write', write: true } as const
  const [chart] = await Promise.all([openChart(trx, chartId, need), trx.sealer()])
  if (chart.kind === 'group')
    throw new Problem('invalid-state', { detail: 'What is of a group is released to nobody.' })
  const members = await repository.membersEver(trx, chart)
  if (!members.includes(input.clientId)) throw unknownReference('/clientId')
  trx.audit({ clientIds: [input.clientId] })
  const [day] = await Promise.all([today(trx), requireSigner(trx, input)])
  const { signedOn, fromOn = signedOn, untilOn, recipient, purpose } = input
  requireTerm({ signedOn, fromOn, untilOn }, day)
  await repository.insertRelease(trx, {
    id,
    chart_id: chartId,
    client_id: input.clientId,
    recipient_kind: input.recipientKind,
    categories: input.categories,
    terms_sealed: await trx.seal(sealedTerms(id), JSON.stringify({ recipient, purpose } satisfies Terms)),
    part2: input.part2,
    signed_on: signedOn,
    from_on: fromOn,
    until_on: untilOn,
    representative_id: input.representativeId ?? null,
    recorded_by: recordedBy,
  })
  emit(trx, { type: 'release.recorded', resourceId: id, resourceVersion: 1, chartId })
  return showRelease(trx, chart, id)
}

/** @throws Problem `not-found` */
export async function getRelease(trx: PracticeTransaction, { chartId, releaseId }: Place): Promise<Release> {
  trx.audit({ resourceType: 'release', resourceId: releaseId })
  return showRelease(trx, await openReleases(trx, chartId, 'releases:read'), releaseId)
}

/**
 * Revokes a release: from the next letter and report on it allows nothing. What was given out before stays so.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` when it is revoked already
 */
export async function revokeRelease(
  trx: PracticeTransaction,
  { chartId, releaseId }: Place,
  version: number,
): Promise<Release> {
  trx.audit({ resourceType: 'release', resourceId: releaseId, fields: ['revokedAt'] })
  const chart = await openReleases(trx, chartId, 'releases:write')
  const before = atVersion(await repository.findRelease(trx, chart, releaseId), version)
  if (before.revoked_at) throw new Problem('invalid-state', { detail: 'This release is revoked.' })
  const row = await repository.revoke(trx, before, recorder(trx))
  emit(trx, { type: 'release.revoked', resourceId: releaseId, resourceVersion: row.version, chartId })
  return toRelease(trx, row)
}

/** Newest first, also those that hold no longer. @throws Problem `not-found`, `invalid-cursor` */
export async function listReleases(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<Release>> {
  trx.audit({ resourceType: 'release' })
  const before = trx.cursorKey({ chartId }, cursor)?.[0] as string | undefined
  const chart = await openReleases(trx, chartId, 'releases:read')
  const rows = await repository.listReleases(trx, chart, { limit, before })
  return openedPage(rows, limit, opened(trx), row => trx.cursorAfter({ chartId }, [row.id]))
}

/** What the client signed, in their own chart and in one they share. @throws Problem `not-found`, `invalid-cursor` */
export async function listOwnReleases(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default }: PageOnly,
): Promise<Page<Release>> {
  trx.audit({ resourceType: 'release' })
  const before = trx.cursorKey({}, cursor)?.[0] as string | undefined
  const rows = await repository.listReleasesOf(trx, await openOwnChart(trx), { limit, before })
  return openedPage(rows, limit, opened(trx), row => trx.cursorAfter({}, [row.id]))
}

const opened = (trx: PracticeTransaction) => each((row: repository.ReleaseToday) => toRelease(trx, row))

async function showRelease(trx: PracticeTransaction, chart: OpenChart, id: string): Promise<Release> {
  const row = await repository.findRelease(trx, chart, id)
  if (!row) throw notFound()
  return toRelease(trx, row)
}

/** The words of a release. */
export async function openTerms(
  trx: PracticeTransaction,
  { id, terms_sealed }: { id: string; terms_sealed: Buffer },
): Promise<Terms> {
  return JSON.parse((await trx.open(sealedTerms(id), terms_sealed)).toString()) as Terms
}

async function toRelease(trx: PracticeTransaction, row: repository.ReleaseToday): Promise<Release> {
  return {
    id: row.id,
    chartId: row.chart_id,
    clientId: row.client_id,
    recipientKind: row.recipient_kind,
    ...(await openTerms(trx, row)),
    categories: row.categories,
    part2: row.part2,
    signedOn: row.signed_on,
    fromOn: row.from_on,
    untilOn: row.until_on,
    representativeId: row.representative_id,
    status: statusOn(row, row.today),
    recordedById: row.recorded_by,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedById: row.revoked_by,
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}
