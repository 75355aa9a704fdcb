import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import type { Page } from '../../../lib/pages.ts'
import { invalidField } from '../../../lib/problems.ts'
import { clientToday } from '../../clients/index.ts'
import { earliest, notAfter } from '../days.ts'
import {
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  listDocuments,
  readDocument,
  type Stored,
} from '../documents/documents.ts'
import { statusChange } from '../documents/status-change.ts'
import { openRecovery } from '../recovery-door.ts'
import * as repository from './addictions.repository.ts'
import { type AddictionStatus, addictionStatuses, classOf } from './addictions.rules.ts'
import type {
  Addiction,
  AddictionChange,
  AddictionContent,
  AddictionQuery,
  NewAddiction,
} from './addictions.schemas.ts'

export const addictionKind: DocumentKind<AddictionStatus, AddictionContent> = {
  kind: 'addiction',
  resourceType: 'addiction',
  statuses: addictionStatuses,
}

/** @throws Problem `not-found`, `invalid-cursor` */
export async function listAddictions(
  trx: PracticeTransaction,
  chartId: string,
  query: AddictionQuery,
): Promise<Page<Addiction>> {
  const chart = await openRecovery(trx, chartId, 'read')
  return listDocuments(trx, chart, addictionKind, query, show)
}

/** @param version an earlier one, to see what it said @throws Problem `not-found` */
export async function getAddiction(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version?: number,
): Promise<Addiction> {
  const chart = await openRecovery(trx, chartId, 'read')
  return show(await readDocument(trx, chart, addictionKind, id, version))
}

/** @throws Problem `not-found`, `invalid-request`, `invalid-state`, `conflict` for a second primary one */
export async function addAddiction(
  trx: PracticeTransaction,
  chartId: string,
  { status = 'active', ...input }: NewAddiction,
): Promise<Addiction> {
  const chart = await openRecovery(trx, chartId, 'write')
  const today = await clientToday(trx, chart)
  checkSoberSince(today, input.soberSince)
  const id = uuidv7()
  const content: AddictionContent = {
    ownWord: null,
    severity: null,
    role: null,
    sequence: null,
    isPrimary: false,
    inCheckIns: true,
    soberSince: null,
    ...given(input),
    type: input.type,
  }
  const made = await createDocument(trx, chart, addictionKind, { id, status, statusOn: today, content })
  repository.insertAddiction(trx, chart, { id, ...columnsOf(content) })
  emit(trx, { type: 'addiction.created', resourceId: id, resourceVersion: 1, chartId })
  return show(made)
}

/** @throws Problem `not-found`, `stale-version`, `invalid-request`, `invalid-state`, `conflict` */
export async function changeAddiction(
  trx: PracticeTransaction,
  chartId: string,
  id: string,
  version: number,
  { status, statusOn, reason, ...fields }: AddictionChange,
): Promise<Addiction> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, addictionKind, id, version),
    clientToday(trx, chart),
  ])
  trx.audit({ fields: Object.keys(fields) })
  checkSoberSince(today, fields.soberSince)
  const content = { ...current.content, ...given(fields) }
  const step = statusChange(trx, today, current, { status, statusOn, reason })
  const after = await changeDocument(trx, current, { ...step, content })
  repository.updateAddiction(trx, id, columnsOf(content))
  const type = step.status ? 'addiction.status-changed' : 'addiction.updated'
  emit(trx, { type, resourceId: id, resourceVersion: after.version, chartId })
  return show(after)
}

function checkSoberSince(today: string, day: string | null | undefined): void {
  if (day && day < earliest) throw invalidField('/soberSince', 'too-early', `Must not be before ${earliest}.`)
  notAfter(today, '/soberSince', day)
}

const columnsOf = ({ isPrimary, inCheckIns, soberSince }: AddictionContent) => ({
  is_primary: isPrimary,
  in_check_ins: inCheckIns,
  sober_since: soberSince,
})

const show = (document: Stored<AddictionStatus, AddictionContent>): Addiction => ({
  ...headOf(document),
  ...document.content,
  class: classOf(document.content.type),
})
