import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../../lib/database/practice-transaction.ts'
import { emit } from '../../../lib/events.ts'
import { given } from '../../../lib/given.ts'
import { clientToday } from '../../clients/index.ts'
import { notAfter, notTooEarly } from '../days.ts'
import { changeAsked } from '../documents/change.ts'
import {
  changeDocument,
  createDocument,
  type DocumentKind,
  documentAt,
  headOf,
  type Stored,
} from '../documents/documents.ts'
import { documentReads, each } from '../documents/reads.ts'
import { openRecovery } from '../recovery-door.ts'
import * as repository from './addictions.repository.ts'
import { type AddictionStatus, classOf } from './addictions.rules.ts'
import type { Addiction, AddictionChange, AddictionContent, NewAddiction } from './addictions.schemas.ts'

export const addictionKind: DocumentKind<AddictionStatus, AddictionContent> = {
  kind: 'addiction',
  resourceType: 'addiction',
}

export const { list: listAddictions, get: getAddiction } = documentReads(addictionKind, each(show))

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
  change: AddictionChange,
): Promise<Addiction> {
  const chart = await openRecovery(trx, chartId, 'write')
  const [current, today] = await Promise.all([
    documentAt(trx, chart, addictionKind, id, version),
    clientToday(trx, chart),
  ])
  checkSoberSince(today, change.soberSince)
  const asked = changeAsked(trx, today, current, change)
  const after = await changeDocument(trx, current, asked)
  repository.updateAddiction(trx, id, columnsOf(asked.content))
  const type = asked.status ? 'addiction.status-changed' : 'addiction.updated'
  emit(trx, { type, resourceId: id, resourceVersion: after.version, chartId })
  return show(after)
}

function checkSoberSince(today: string, day: string | null | undefined): void {
  if (day) notTooEarly('/soberSince', day)
  notAfter(today, '/soberSince', day)
}

const columnsOf = ({ isPrimary, inCheckIns, soberSince }: AddictionContent) => ({
  is_primary: isPrimary,
  in_check_ins: inCheckIns,
  sober_since: soberSince,
})

function show(document: Stored<AddictionStatus, AddictionContent>): Addiction {
  return { ...headOf(document), ...document.content, class: classOf(document.content.type) }
}
