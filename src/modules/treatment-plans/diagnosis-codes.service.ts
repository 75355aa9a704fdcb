import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { emit } from '../../lib/events.ts'
import { limits } from '../../lib/limits.ts'
import { type Page, toPage } from '../../lib/pages.ts'
import { type FieldError, invalidField, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import type { PlanContent, PlanDraft } from './content.schemas.ts'
import * as repository from './diagnosis-codes.repository.ts'
import {
  type CodeEntry,
  type CodeSystem,
  isAskedFor,
  isValidOn,
  orderOf,
  shipped,
} from './diagnosis-codes.rules.ts'
import type {
  DiagnosisCode,
  DiagnosisCodeImport,
  DiagnosisCodeImported,
  DiagnosisCodeQuery,
} from './diagnosis-codes.schemas.ts'

const placeOf = ({ system, code }: Pick<CodeEntry, 'system' | 'code'>) => `${system} ${code}`

/**
 * The codes that may be used: what the practice imported, and of what is shipped that of which it imported nothing.
 *
 * @throws Problem `invalid-cursor`
 */
export async function listCodes(
  trx: PracticeTransaction,
  query: DiagnosisCodeQuery,
): Promise<Page<DiagnosisCode>> {
  trx.audit({ resourceType: 'diagnosis-code' })
  const { cursor, limit = limits.page.default, ...filter } = query
  const key = trx.cursorKey(filter, cursor)
  const after = key && ([String(key[0]), String(key[1]), String(key[2])] as const)
  const place = after && orderOf({ system: after[0] as CodeSystem, code: after[1], validFrom: after[2] })
  const candidates = shipped.filter(
    entry => isAskedFor(entry, filter) && (place === undefined || orderOf(entry) > place),
  )
  const [own, replacing] = await Promise.all([
    repository.listCodes(trx, filter, { limit, after }),
    repository.findCodes(
      trx,
      candidates.map(({ code }) => code),
    ),
  ])
  const replaced = new Set(replacing.map(row => placeOf(toEntry(row))))
  const all = [...own.map(toEntry), ...candidates.filter(entry => !replaced.has(placeOf(entry)))]
  all.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  return toPage(
    all.slice(0, limit + 1),
    limit,
    entry => entry,
    entry => trx.cursorAfter(filter, [entry.system, entry.code, entry.validFrom]),
  )
}

const toEntry = (row: repository.CodeRow): CodeEntry => ({
  system: row.system as CodeSystem,
  code: row.code,
  label: row.label,
  validFrom: row.valid_from,
  validTo: row.valid_to,
  source: row.source,
  confidence: 'imported',
})

/**
 * Adds a part of a code list. A newer entry of a code ends the one before it.
 *
 * @throws Problem `invalid-request`, `conflict` for days that overlap with those of a later entry
 */
export async function importCodes(
  trx: PracticeTransaction,
  input: DiagnosisCodeImport,
): Promise<DiagnosisCodeImported> {
  trx.audit({ resourceType: 'diagnosis-code', fields: ['codes'] })
  checkList(input)
  const codes = input.codes.map(code => ({ ...code, validTo: code.validTo ?? null }))
  const list = { ...input, codes, importedBy: recorder(trx) }
  // Sent in this order, in one round trip.
  const [, ended] = await Promise.all([repository.takeTurn(trx), repository.endEarlier(trx, list)])
  await repository.upsertCodes(trx, list)
  emit(trx, { type: 'diagnosis-codes.imported', resourceId: trx.practiceId })
  return { imported: codes.length, ended }
}

function checkList({ codes }: DiagnosisCodeImport): void {
  const seen = new Set<string>()
  for (const [index, { code, validFrom, validTo }] of codes.entries()) {
    if (seen.has(code))
      throw invalidField(`/codes/${index}/code`, 'twice', 'Each code stands in an import once.')
    seen.add(code)
    if (validTo && validTo < validFrom) {
      throw invalidField(`/codes/${index}/validTo`, 'order', 'Must not be before `validFrom`.')
    }
  }
}

export const unlisted = 'No such code is listed: import it first.'

type Code = Pick<CodeEntry, 'system' | 'code'>

/** Every entry of a code, of the practice or, where it imported none of it, as shipped. */
async function listedEntries(
  trx: PracticeTransaction,
  codes: readonly string[],
): Promise<(code: Code) => CodeEntry[]> {
  const own = (await repository.findCodes(trx, codes)).map(toEntry)
  const replaced = new Set(own.map(placeOf))
  const known = [...own, ...shipped.filter(entry => !replaced.has(placeOf(entry)))]
  return code => known.filter(entry => placeOf(entry) === placeOf(code))
}

/** Whether each of these codes is listed, and valid on a day; in their order. Asks nothing about none. */
export async function standingOf(
  trx: PracticeTransaction,
  codes: readonly Code[],
  day: string,
): Promise<('valid' | 'not-valid' | 'unlisted')[]> {
  if (codes.length === 0) return []
  const entriesOf = await listedEntries(
    trx,
    codes.map(({ code }) => code),
  )
  return codes.map(code => {
    const entries = entriesOf(code)
    if (entries.length === 0) return 'unlisted'
    return entries.some(entry => isValidOn(entry, day)) ? 'valid' : 'not-valid'
  })
}

/**
 * The diagnoses of a draft with the labels of their codes on the day the plan starts.
 *
 * @throws Problem `unknown-reference` for a code that is not listed, `invalid-request` for one that is not valid that day
 */
export async function labeled(
  trx: PracticeTransaction,
  { diagnoses, startsOn }: Pick<PlanDraft, 'diagnoses' | 'startsOn'>,
): Promise<PlanContent['diagnoses']> {
  if (diagnoses.length === 0) return []
  const codes = diagnoses.flatMap(({ code, icd11Code }) => [code, ...(icd11Code ? [icd11Code] : [])])
  const entriesOf = await listedEntries(trx, codes)
  const labelOf = (system: CodeSystem, code: string, pointer: string) => {
    const entries = entriesOf({ system, code })
    if (entries.length === 0) throw unknownReference(pointer, unlisted)
    const entry = entries.find(one => isValidOn(one, startsOn))
    if (!entry) throw invalidField(pointer, 'not-valid', 'Not valid on the day the plan starts.')
    return entry.label
  }
  return diagnoses.map((diagnosis, index) => ({
    ...diagnosis,
    label: labelOf('icd10cm', diagnosis.code, `/diagnoses/${index}/code`),
    icd11Label:
      diagnosis.icd11Code === null
        ? null
        : labelOf('icd11', diagnosis.icd11Code, `/diagnoses/${index}/icd11Code`),
  }))
}

/** The same before an offer: a code may have ended since it was written down. @throws Problem `invalid-state` */
export async function requireValidCodes(
  trx: PracticeTransaction,
  content: Pick<PlanContent, 'diagnoses' | 'startsOn'>,
): Promise<void> {
  try {
    await labeled(trx, content)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const errors: FieldError[] = error.options.errors ?? []
    throw new Problem('invalid-state', {
      detail: 'A diagnosis code is not valid on the day of the plan.',
      errors,
    })
  }
}
