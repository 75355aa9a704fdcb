import { v7 as uuidv7 } from 'uuid'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { Problem, unknownReference } from '../../lib/problems.ts'
import { recorder } from '../../lib/recorder.ts'
import type { OpenChart } from '../charts/index.ts'
import { today } from '../practice/index.ts'
import { insertDisclosures } from './disclosures.repository.ts'
import { holdReleases, membersEver, type ReleaseToday } from './releases.repository.ts'
import { type RecipientKind, type ReleaseCategory, refusals } from './releases.rules.ts'
import { openTerms } from './releases.service.ts'

// What other modules give to somebody outside rests on releases: `allowedBy` before it is put together, `disclose` once
// it stands, in one transaction.

/** Releases that allow something, held as they are until COMMIT. */
export interface Allowed {
  recipientKind: RecipientKind
  /** As it was signed; null for the client of an individual chart. */
  recipient: string | null
  part2: boolean
  /** Whom it is about. */
  clientIds: readonly string[]
  on: string
  categories: readonly ReleaseCategory[]
  releases: readonly ReleaseToday[]
}

/**
 * Requires that these releases allow this to be told, on this day: in force, of this chart, with this in their scope, to one
 * recipient, and of a couple’s chart from everybody who ever was in it.
 *
 * @param asked `on` is today where it is left out; `pointerOf` says where the request names the release at a place
 * @throws Problem `unknown-reference`, `not-released` that names what is missing; `invalid-state` for a group
 */
export async function allowedBy(
  trx: PracticeTransaction,
  chart: OpenChart,
  asked: {
    releaseIds: readonly string[]
    categories: readonly ReleaseCategory[]
    on?: string
    pointerOf: (at: number) => string
  },
): Promise<Allowed> {
  if (chart.kind === 'group')
    throw new Problem('invalid-state', { detail: 'What is of a group is released to nobody.' })
  const { categories, pointerOf } = asked
  const releaseIds = [...new Set(asked.releaseIds.map(id => id.toLowerCase()))]
  const [rows, members, day] = await Promise.all([
    holdReleases(trx, chart, releaseIds),
    membersEver(trx, chart),
    today(trx),
  ])
  const releases = releaseIds.map((id, at) => {
    const row = rows.find(one => one.id === id)
    if (!row) throw unknownReference(pointerOf(at))
    return row
  })
  const opened = await Promise.all(
    releases.map(async row => ({ ...row, recipient: (await openTerms(trx, row)).recipient })),
  )
  const on = asked.on ?? day
  const everybody = chart.kind === 'couple'
  const telling = { on, categories, clientIds: everybody ? members : chart.clientIds, everybody }
  const errors = refusals(opened, telling, pointerOf)
  if (errors.length > 0) throw new Problem('not-released', { errors })
  return {
    recipientKind: opened[0]?.recipient_kind ?? 'client',
    recipient: opened[0]?.recipient ?? null,
    part2: releases.some(({ part2 }) => part2),
    clientIds: releases.map(({ client_id }) => client_id),
    on,
    categories,
    releases,
  }
}

/** What the client of an individual chart is given takes no release (45 CFR 164.502(a)(1)(i)). @throws Problem `not-released` */
export async function allowedToClient(
  trx: PracticeTransaction,
  chart: OpenChart,
  { categories, pointer }: { categories: readonly ReleaseCategory[]; pointer: string },
): Promise<Allowed> {
  if (chart.kind !== 'individual') {
    const detail = 'Everybody who was ever in this chart has to release it.'
    throw new Problem('not-released', { errors: [{ pointer, code: 'signer-missing', detail }] })
  }
  return {
    recipientKind: 'client',
    recipient: null,
    part2: false,
    clientIds: chart.clientIds.slice(0, 1),
    on: await today(trx),
    categories,
    releases: [],
  }
}

/** Records that it was given out: for each of whom it is about. The database holds it against the releases once more. */
export async function disclose(
  trx: PracticeTransaction,
  chart: OpenChart,
  { recipientKind, clientIds, on, categories, releases }: Allowed,
  what: { letterId: string } | { recordId: string; dataClass: 'clinical' | 'restricted' },
): Promise<void> {
  const disclosedBy = recorder(trx)
  const rows = clientIds.map((clientId, at) => ({
    id: uuidv7(),
    chart_id: chart.id,
    client_id: clientId,
    release_id: releases[at]?.id ?? null,
    recipient_kind: recipientKind,
    released_categories: releases[at]?.categories ?? null,
    released_from: releases[at]?.from_on ?? null,
    released_until: releases[at]?.until_on ?? null,
    categories: [...categories],
    data_class: 'letterId' in what ? 'clinical' : what.dataClass,
    letter_id: 'letterId' in what ? what.letterId : null,
    record_id: 'recordId' in what ? what.recordId : null,
    disclosed_on: on,
    disclosed_by: disclosedBy,
  }))
  await insertDisclosures(trx, rows)
}
