import { createHash } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { canonicalJson } from '../../lib/canonical-json.ts'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { notFound, Problem } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { atVersion } from '../../lib/versions.ts'
import type { OpenChart } from '../charts/index.ts'
import { today } from '../practice/index.ts'
import { type At, openIndividual } from './individual.ts'
import * as repository from './psychosocial.repository.ts'
import {
  completeness,
  daysBetween,
  mergeSections,
  requireDraft,
  type SectionChange,
  type Sections,
} from './psychosocial.rules.ts'
import type {
  NewPsychosocial,
  Psychosocial,
  PsychosocialQuery,
  PsychosocialSummary,
} from './psychosocial.schemas.ts'
import { sealedAddendum, sealedPsychosocial, sealedPsychosocialDraft } from './sealed-places.ts'

/** Newest first. @throws Problem `not-found`, `invalid-state`, `invalid-cursor` */
export async function listPsychosocial(
  trx: PracticeTransaction,
  chartId: string,
  { cursor, limit = limits.page.default }: PsychosocialQuery,
): Promise<Page<PsychosocialSummary>> {
  trx.audit({ resourceType: 'psychosocial-assessment' })
  const chart = await openOwnStory(trx, chartId)
  const before = trx.cursorKey({ chartId }, cursor)?.[0] as string | undefined
  const rows = await repository.listPsychosocial(trx, chart, { limit, before })
  return toPage(rows, limit, toSummary, row => trx.cursorAfter({ chartId }, [row.id]))
}

/** @throws Problem `not-found`, `invalid-state` */
export async function getPsychosocial(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
): Promise<Psychosocial> {
  trx.audit({ resourceType: 'psychosocial-assessment', resourceId: id })
  return show(trx, await openOwnStory(trx, chartId), id)
}

/**
 * Begins one. It names the newest signed one, which it brings up to date.
 *
 * @throws Problem `not-found`, `invalid-state`, `already-exists` while another of its kind is a draft
 */
export async function begin(
  trx: PracticeTransaction,
  chartId: string,
  { kind, dueOn = null }: NewPsychosocial,
): Promise<Psychosocial> {
  const id = uuidv7()
  trx.audit({ resourceType: 'psychosocial-assessment', resourceId: id, fields: ['kind', 'dueOn'] })
  const chart = await openOwnStory(trx, chartId, { write: true })
  const [previous, startedOn] = await Promise.all([repository.findLastSigned(trx, chart), today(trx)])
  emit(trx, { type: 'psychosocial-assessment.begun', resourceId: id, resourceVersion: 1, chartId })
  const values = {
    id,
    chart_id: chart.id,
    kind,
    previous_id: previous?.id ?? null,
    started_on: startedOn,
    due_on: dueOn,
  }
  // Sent in this order, in one round trip.
  const [, shown] = await Promise.all([repository.insertPsychosocial(trx, values), show(trx, chart, id)])
  return shown
}

/**
 * Saves sections of a draft. Made to be called while somebody writes: no event.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state` once it is signed
 */
export async function saveSections(
  trx: PracticeTransaction,
  at: At,
  change: SectionChange,
): Promise<PsychosocialSummary> {
  const { chart, before, sealer } = await openDraft(trx, at)
  trx.audit({ fields: ['sections'] })
  const sections = mergeSections(before, change)
  const version = at.version + 1
  const sealed = sealer.seal(sealedPsychosocialDraft(at.id, version), JSON.stringify(sections))
  repository.saveDraft(trx, at.id, version, sealed)
  // Sent in this order, in one round trip.
  const [, row] = await Promise.all([
    repository.changePsychosocial(trx, at, { completeness: completeness(sections) }),
    repository.findPsychosocial(trx, chart, at.id),
  ])
  if (!row) throw notFound()
  return toSummary(row)
}

/** For good. @throws Problem `not-found`, `stale-version`, `invalid-state` without a formulation, and once it is signed */
export async function sign(trx: PracticeTransaction, at: At): Promise<Psychosocial> {
  const [{ chart, before: sections, sealer }, day] = await Promise.all([openDraft(trx, at), today(trx)])
  trx.audit({ fields: ['signature'] })
  if (!sections.presenting_problem || !sections.formulation)
    throw new Problem('invalid-state', {
      detail: 'The presenting problem and the formulation need a text first.',
    })
  await repository.changePsychosocial(trx, at, { status: 'signed', signed_on: day })
  const text = canonicalJson(JSON.parse(JSON.stringify(sections)))
  const content = {
    psychosocial_id: at.id,
    content_sealed: sealer.seal(sealedPsychosocial(at.id), text),
    content_hash: createHash('sha256').update(text).digest(),
    signed_by: recorder(trx),
  }
  // Sent in this order, in one round trip.
  const [, , shown] = await Promise.all([
    repository.insertContent(trx, content),
    repository.removeDraft(trx, at.id),
    announce(trx, chart, at, 'signed'),
  ])
  return shown
}

/** @throws Problem `not-found`, `stale-version`, `invalid-state` before it is signed */
export async function addAddendum(trx: PracticeTransaction, at: At, text: string): Promise<Psychosocial> {
  const [{ chart, row }, sealer] = await Promise.all([openAt(trx, at), trx.sealer()])
  trx.audit({ fields: ['addenda'] })
  if (row.status === 'draft')
    throw new Problem('invalid-state', { detail: 'It is a draft: change it instead.' })
  await repository.changePsychosocial(trx, at, {})
  const id = uuidv7()
  const addendum = {
    id,
    psychosocial_id: at.id,
    content_sealed: sealer.seal(sealedAddendum(id), text),
    written_by: recorder(trx),
  }
  // Sent in this order, in one round trip.
  const [, shown] = await Promise.all([
    repository.insertAddendum(trx, addendum),
    announce(trx, chart, at, 'addended'),
  ])
  return shown
}

/** The door to a person's whole story, trauma and legal matters in it. @throws Problem `not-found`, `invalid-state` */
const openOwnStory = (trx: PracticeTransaction, chartId: string, { write = false } = {}) =>
  openIndividual(trx, chartId, { write, dataClass: 'restricted' })

async function openAt(trx: PracticeTransaction, { chartId, id, version }: At) {
  trx.audit({ resourceType: 'psychosocial-assessment', resourceId: id })
  const chart = await openOwnStory(trx, chartId, { write: true })
  return { chart, row: atVersion(await repository.findPsychosocial(trx, chart, id), version) }
}

async function openDraft(trx: PracticeTransaction, at: At) {
  const open = await openAt(trx, at)
  requireDraft(open.row.status)
  const [before, sealer] = await Promise.all([draftOf(trx, at.id), trx.sealer()])
  return { ...open, before, sealer }
}

function announce(
  trx: PracticeTransaction,
  chart: OpenChart,
  { id, version }: At,
  what: 'signed' | 'addended',
): Promise<Psychosocial> {
  emit(trx, {
    type: `psychosocial-assessment.${what}`,
    resourceId: id,
    resourceVersion: version + 1,
    chartId: chart.id,
  })
  return show(trx, chart, id)
}

async function draftOf(trx: PracticeTransaction, id: string): Promise<Sections> {
  const [row] = await Promise.all([repository.findDraft(trx, id), trx.sealer()])
  return row ? opened(await trx.open(sealedPsychosocialDraft(id, row.version), row.content_sealed)) : {}
}

const opened = (text: Buffer) => JSON.parse(text.toString()) as Sections

async function show(trx: PracticeTransaction, chart: OpenChart, id: string): Promise<Psychosocial> {
  const [row, content, addenda] = await Promise.all([
    repository.findPsychosocial(trx, chart, id),
    repository.findContent(trx, id),
    repository.listAddenda(trx, id),
    trx.sealer(),
  ])
  // Found by the id alone, the rest counts for nothing where the chart has no such assessment.
  if (!row) throw notFound()
  return {
    ...toSummary(row),
    sections: content
      ? opened(await trx.open(sealedPsychosocial(id), content.content_sealed))
      : await draftOf(trx, id),
    signature: content
      ? {
          signerId: content.signed_by,
          signedAt: content.signed_at.toISOString(),
          contentHash: content.content_hash.toString('hex'),
        }
      : null,
    addenda: await Promise.all(addenda.map(one => toAddendum(trx, one))),
  }
}

const toAddendum = async (trx: PracticeTransaction, row: repository.AddendumRow) => ({
  text: (await trx.open(sealedAddendum(row.id), row.content_sealed)).toString(),
  writtenById: row.written_by,
  createdAt: row.written_at.toISOString(),
})

const toSummary = (row: repository.PsychosocialRow): PsychosocialSummary => ({
  id: row.id,
  chartId: row.chart_id,
  kind: row.kind as PsychosocialSummary['kind'],
  previousId: row.previous_id,
  status: row.status === 'draft' ? 'draft' : row.addended ? 'addended' : 'signed',
  completeness: row.completeness,
  startedOn: row.started_on,
  dueOn: row.due_on,
  overdue: row.overdue,
  signedOn: row.signed_on,
  daysToSign: row.signed_on ? daysBetween(row.started_on, row.signed_on) : null,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})
