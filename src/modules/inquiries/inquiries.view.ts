import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { SafeContact } from '../clients/index.ts'
import { type InquiryRow, listSteps, type StepRow } from './inquiries.repository.ts'
import type { InquiryStatus, StepReason } from './inquiries.rules.ts'
import type {
  Inquiry,
  InquiryContact,
  InquiryDetail,
  InquiryPerson,
  InquiryWords,
} from './inquiries.schemas.ts'
import { sealedNote, sealedPerson, sealedWords } from './sealed-places.ts'

/** What is sealed of who it was. */
export interface WhoAsked {
  person: InquiryPerson
  contact: InquiryContact
  safeContact: SafeContact
}

/** Null once the inquiry was anonymized. */
export async function whoAsked(trx: PracticeTransaction, row: InquiryRow): Promise<WhoAsked | null> {
  if (!row.person_sealed) return null
  return JSON.parse((await trx.open(sealedPerson(row.id), row.person_sealed)).toString()) as WhoAsked
}

export async function toInquiry(trx: PracticeTransaction, row: InquiryRow): Promise<Inquiry> {
  const who = await whoAsked(trx, row)
  return {
    id: row.id,
    status: row.status,
    source: row.source as Inquiry['source'],
    askedFor: row.asked_for as Inquiry['askedFor'],
    region: row.region,
    urgent: row.urgent,
    assignedToId: row.assigned_to,
    person: who?.person ?? null,
    contact: who?.contact ?? null,
    safeContact: who?.safeContact ?? null,
    clientId: row.shown_client_id,
    receivedAt: row.received_at.toISOString(),
    contactedAt: row.contacted_at?.toISOString() ?? null,
    screenedAt: row.screened_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    anonymizedAt: row.anonymized_at?.toISOString() ?? null,
    receivedById: row.received_by,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export async function toDetail(trx: PracticeTransaction, row: InquiryRow): Promise<InquiryDetail> {
  const steps = await listSteps(trx, row)
  const [shown, words, history] = await Promise.all([
    toInquiry(trx, row),
    row.words_shown ? wordsOf(trx, row) : undefined,
    Promise.all(steps.map(step => toStep(trx, step, row.words_shown))),
  ])
  return { ...shown, ...(words === undefined ? {} : { words }), history }
}

async function wordsOf(trx: PracticeTransaction, row: InquiryRow): Promise<InquiryWords | null> {
  if (!row.words_sealed) return null
  return JSON.parse((await trx.open(sealedWords(row.id), row.words_sealed)).toString()) as InquiryWords
}

async function toStep(trx: PracticeTransaction, row: StepRow, withNote: boolean) {
  const note = row.note_sealed && withNote ? await trx.open(sealedNote(row.id), row.note_sealed) : null
  return {
    status: row.status as InquiryStatus,
    reason: row.reason as StepReason | null,
    ...(withNote ? { note: note?.toString() ?? null } : {}),
    madeById: row.made_by,
    madeAt: row.made_at.toISOString(),
  }
}
