import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { EventType } from '../../lib/event-types.ts'
import { emit } from '../../lib/events.ts'
import { given } from '../../lib/given.ts'
import { limits } from '../../lib/limits.ts'
import { each, openedPage, type Page } from '../../lib/pages.ts'
import { invalidField, notFound, Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import { checkBirthDate, createClient, defaultSafeContact, normalPoints } from '../clients/index.ts'
import * as repository from './inquiries.repository.ts'
import * as rules from './inquiries.rules.ts'
import type {
  Inquiry,
  InquiryAcceptance,
  InquiryChange,
  InquiryContact,
  InquiryDetail,
  InquiryPerson,
  InquiryQuery,
  InquiryStep,
  NewInquiry,
} from './inquiries.schemas.ts'
import { toDetail, toInquiry, type WhoAsked, whoAsked } from './inquiries.view.ts'
import { openInquiry, openInquiryAt } from './inquiry-door.ts'
import { sealedNote, sealedPerson, sealedWords } from './sealed-places.ts'
import { seesAll } from './sight.ts'

/** @throws Problem `not-found` */
export async function getInquiry(trx: PracticeTransaction, id: string): Promise<InquiryDetail> {
  const [row] = await Promise.all([openInquiry(trx, id, 'inquiries:read'), trx.sealer()])
  return toDetail(trx, row)
}

/** @throws Problem `invalid-cursor` */
export async function listInquiries(
  trx: PracticeTransaction,
  { cursor, limit = limits.page.default, ...filter }: InquiryQuery,
): Promise<Page<Inquiry>> {
  trx.audit({ resourceType: 'inquiry' })
  const before = trx.cursorKey(filter, cursor)?.[0] as string | undefined
  const [rows] = await Promise.all([
    repository.listInquiries(trx, { ...filter, limit, before }),
    trx.sealer(),
  ])
  trx.audit({ clientIds: rows.slice(0, limit).flatMap(row => row.client_id ?? []) })
  return openedPage(
    rows,
    limit,
    each(row => toInquiry(trx, row)),
    row => trx.cursorAfter(filter, [row.id]),
  )
}

/**
 * Writes down that somebody asked for care. A clinician who does sees to it; the front desk says who does.
 *
 * @throws Problem `invalid-request`, `not-permitted` for a clinician who gives it to somebody else, `unknown-reference`
 */
export async function receiveInquiry(trx: PracticeTransaction, input: NewInquiry): Promise<InquiryDetail> {
  const id = uuidv7()
  trx.audit({ resourceType: 'inquiry', resourceId: id, fields: Object.keys(input) })
  const { receivedAt, words } = input
  if (receivedAt && Date.parse(receivedAt) > Date.now() + toleranceMs) {
    throw invalidField('/receivedAt', 'not-future', 'Must not be in the future.')
  }
  const assignedTo = await assigneeOf(trx, input.assignedToId)
  const person_sealed = await sealWho(trx, id, {
    person: personOf(input.person),
    contact: contactOf(input.contact),
    safeContact: input.safeContact ?? defaultSafeContact,
  })
  await repository.insertInquiry(trx, {
    id,
    source: input.source,
    contact_role: input.contact.role,
    asked_for: input.askedFor,
    region: input.region ?? null,
    urgent: input.urgent ?? false,
    assigned_to: assignedTo,
    received_by: recorder(trx),
    received_at: receivedAt ?? sql<Date>`now()`,
    person_sealed,
    words_sealed: words ? await trx.seal(sealedWords(id), JSON.stringify(words)) : null,
  })
  await record(trx, id, { status: 'received' })
  emit(trx, { type: 'inquiry.received', resourceId: id, resourceVersion: 1 })
  return toDetail(trx, await openInquiry(trx, id, 'inquiries:read'))
}

/** Clocks differ a little. */
const toleranceMs = 60_000

/** @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request`, `not-permitted`, `unknown-reference` */
export async function changeInquiry(
  trx: PracticeTransaction,
  id: string,
  version: number,
  change: InquiryChange,
): Promise<InquiryDetail> {
  const [row] = await Promise.all([openInquiryAt(trx, id, version), trx.sealer()])
  trx.audit({ fields: Object.keys(change) })
  rules.checkChange({ status: row.status, anonymized: row.anonymized_at !== null })
  const { person, contact, safeContact } = change
  const who = await whoAsked(trx, row)
  if (!who) throw notFound()
  const changed = await repository.changeInquiry(
    trx,
    row,
    given({
      source: change.source,
      asked_for: change.askedFor,
      region: change.region,
      urgent: change.urgent,
      contact_role: contact?.role,
      assigned_to: change.assignedToId === undefined ? undefined : await assigneeOf(trx, change.assignedToId),
      person_sealed: await sealWho(trx, id, {
        person: person ? personOf(person) : who.person,
        contact: contact ? contactOf(contact) : who.contact,
        safeContact: safeContact ?? who.safeContact,
      }),
    }),
  )
  return announce(trx, changed, 'inquiry.updated')
}

const events = {
  contacted: 'inquiry.contacted',
  screened: 'inquiry.screened',
  referred_out: 'inquiry.referred-out',
  declined: 'inquiry.declined',
  closed: 'inquiry.closed',
} as const satisfies Record<rules.ReachableStatus, EventType>

/** @throws Problem `not-found`, `stale-version`, `invalid-state` */
export async function takeStep(
  trx: PracticeTransaction,
  id: string,
  version: number,
  { status, reason = null, note = null }: InquiryStep,
): Promise<InquiryDetail> {
  const [row] = await Promise.all([openInquiryAt(trx, id, version), trx.sealer()])
  trx.audit({ fields: ['status'] })
  rules.checkStep({ status: row.status, anonymized: row.anonymized_at !== null }, status)
  const why = rules.reasonOf(row.status, status, reason)
  const changed = await repository.changeInquiry(trx, row, {
    status,
    ended_at: rules.hasEnded(status) ? sql<Date>`now()` : null,
    ...(status === 'contacted' && !row.contacted_at ? { contacted_at: sql<Date>`now()` } : {}),
    ...(status === 'screened' && !row.screened_at ? { screened_at: sql<Date>`now()` } : {}),
  })
  await record(trx, id, { status, reason: why, note })
  return announce(trx, changed, events[status])
}

/**
 * Makes a client of whoever asked. What goes over is what they said of themselves; nobody else who asked for them, and
 * nothing of what was said, is written into the client's record.
 *
 * @throws Problem `not-found`, `stale-version`, `invalid-state`, `invalid-request` without a name, `unknown-reference`
 */
export async function acceptInquiry(
  trx: PracticeTransaction,
  id: string,
  version: number,
  input: InquiryAcceptance,
): Promise<InquiryDetail> {
  const [row] = await Promise.all([openInquiryAt(trx, id, version), trx.sealer()])
  rules.checkStep({ status: row.status, anonymized: row.anonymized_at !== null }, 'accepted')
  const who = await whoAsked(trx, row)
  if (!who) throw notFound()
  const lead = input.primaryClinicianId ?? row.assigned_to
  const client = await createClient(trx, {
    ...clientOf(who, input),
    ...given({ status: input.status, primaryClinicianId: lead ?? undefined }),
  })
  trx.audit({ resourceType: 'inquiry', resourceId: id, fields: ['status', ...Object.keys(input)] })
  const changed = await repository.changeInquiry(trx, row, {
    status: 'accepted',
    client_id: client.id,
    ended_at: sql<Date>`now()`,
    assigned_to: lead,
  })
  await record(trx, id, { status: 'accepted' })
  // Who gave it to a colleague may not see the client that it became.
  const now = await repository.findInquiry(trx, id, 'inquiries:read')
  return announce(trx, now ?? changed, 'inquiry.accepted')
}

/** @throws Problem `invalid-request` for a name that nobody knows */
function clientOf({ person, contact, safeContact }: WhoAsked, input: InquiryAcceptance) {
  const legalGivenName = input.legalGivenName ?? person.givenName
  const legalFamilyName = input.legalFamilyName ?? person.familyName
  if (!legalGivenName) throw invalidField('/legalGivenName', 'required', 'A client has a given name.')
  if (!legalFamilyName) throw invalidField('/legalFamilyName', 'required', 'A client has a family name.')
  const own = contact.role === 'self' ? { contactPoints: contact.points, safeContact } : {}
  return {
    legalGivenName,
    legalFamilyName,
    preferredName: person.preferredName,
    pronouns: person.pronouns,
    birthDate: input.birthDate ?? person.birthDate,
    ...own,
  }
}

function personOf(person: InquiryPerson): InquiryPerson {
  if (person.birthDate) checkBirthDate(person.birthDate, new Date(), '/person/birthDate')
  return person
}

const contactOf = (contact: InquiryContact): InquiryContact => ({
  ...contact,
  points: normalPoints(contact.points, '/contact/points').map(
    ({ system, value, kind, label, primary, usable }) => ({ system, value, kind, label, primary, usable }),
  ),
})

const sealWho = (trx: PracticeTransaction, id: string, who: WhoAsked): Promise<Buffer> =>
  trx.seal(sealedPerson(id), JSON.stringify(who))

/**
 * Who sees to an inquiry: whom the front desk says, or a clinician for themselves.
 *
 * @throws Problem `not-permitted`, `unknown-reference`
 */
async function assigneeOf(
  trx: PracticeTransaction,
  asked: string | null | undefined,
): Promise<string | null> {
  if (!seesAll(trx)) {
    const own = recorder(trx)
    if (asked === undefined || asked === own) return own
    throw new Problem('not-permitted', { detail: 'The front desk says who sees to an inquiry.' })
  }
  if (asked === undefined) return trx.scope.actor.roles.includes('clinician') ? recorder(trx) : null
  if (asked !== null && !(await repository.isClinician(trx, asked))) {
    throw unknownReference('/assignedToId', 'Must be an active clinician.')
  }
  return asked
}

async function record(
  trx: PracticeTransaction,
  inquiryId: string,
  {
    status,
    reason = null,
    note = null,
  }: { status: rules.InquiryStatus; reason?: rules.StepReason | null; note?: string | null },
): Promise<void> {
  const id = uuidv7()
  await repository.insertStep(trx, {
    id,
    inquiry_id: inquiryId,
    status,
    reason,
    note_sealed: note ? await trx.seal(sealedNote(id), note) : null,
    made_by: recorder(trx),
  })
}

function announce(
  trx: PracticeTransaction,
  row: repository.InquiryRow,
  type: EventType,
): Promise<InquiryDetail> {
  emit(trx, { type, resourceId: row.id, resourceVersion: row.version })
  return toDetail(trx, row)
}
