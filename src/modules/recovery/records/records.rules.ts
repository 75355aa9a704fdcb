import { invalidField, Problem } from '../../../lib/problems.ts'
import { type RecordKind, withdrawn } from './kind.ts'

/** @throws Problem `invalid-state` */
export function checkStep(kind: RecordKind, from: string, to: string, by: 'staff' | 'client'): void {
  const steps = by === 'client' ? kind.clientSteps : kind.steps
  if (steps?.[from]?.includes(to)) return
  throw new Problem('invalid-state', {
    detail: 'This step does not fit the status of the record; the catalog of kinds says what may follow.',
  })
}

/**
 * A step names one of the reasons its kind lists for that status, and none where it lists none.
 *
 * @throws Problem `invalid-request`
 */
export function checkReason(
  kind: RecordKind,
  { status, reasonKey, reason }: { status: string; reasonKey?: string; reason?: string },
): void {
  const words = kind.reasons?.[status]
  if (words && !words.includes(reasonKey ?? ''))
    throw invalidField('/reasonKey', 'required', `Must be one of: ${words.join(', ')}.`)
  if (!words && reasonKey)
    throw invalidField(
      '/reasonKey',
      'unknown',
      'This step takes no reason from the list; `reason` takes words.',
    )
  if (status === withdrawn && !reason)
    throw invalidField('/reason', 'required', 'Say why the record is withdrawn.')
}

/** @throws Problem `invalid-state` */
export function checkReleasable(kind: RecordKind, content: Record<string, unknown>): void {
  if (!kind.portal)
    throw new Problem('invalid-state', { detail: 'Records of this kind are never shown in the portal.' })
  if (kind.isClients && !kind.isClients(content))
    throw new Problem('invalid-state', {
      detail: 'Of this kind the portal shows what clients say themselves.',
    })
}

/** @throws Problem `invalid-state` */
export function checkRevisable(kind: RecordKind, status: string): void {
  if (kind.log)
    throw new Problem('invalid-state', {
      detail: 'An entry of a log is not revised. Write another one that names it in `correctsRecordId`.',
    })
  if (status === withdrawn || kind.locked?.includes(status))
    throw new Problem('invalid-state', { detail: 'In this status the content stands as it is.' })
}

/** @throws Problem `invalid-request` */
export function checkDates({ occurredOn, endsOn }: { occurredOn: string; endsOn?: string | null }): void {
  if (endsOn && endsOn < occurredOn)
    throw invalidField('/endsOn', 'order', 'Must not be before `occurredOn`.')
}

/**
 * Addresses and pictures are what this software must never hold: what an accountability tool saw, and whatever a client
 * could paste. A word with a dot in it is no address; one with a known ending is.
 */
const links = [
  /:\/\//,
  /\bwww\./i,
  /\bdata:(?:image|video|audio|text|application)\//i,
  /\w\.(?:com|net|org|info|io|co|tv|xxx|me|app|dev|gov|edu|uk|de|ru|onion)\b/i,
]

/** @throws Problem `invalid-request`, at the first text that looks like an address */
export function refuseLinks(value: unknown, pointer = '/content'): void {
  if (typeof value === 'string') {
    if (links.some(link => link.test(value)))
      throw invalidField(
        pointer,
        'link',
        'Addresses, links and pictures are never kept here: they can name what was looked at. Say it in words.',
      )
    return
  }
  if (value === null || typeof value !== 'object') return
  for (const [name, inner] of Object.entries(value)) refuseLinks(inner, `${pointer}/${name}`)
}
