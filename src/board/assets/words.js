import { get, Refusal } from './api.js'
import { clock, whenOf } from './dates.js'
import { clinicianName, roomName } from './state.js'

const statuses = {
  emdr: 'EMDR',
  in_session: 'in session',
  no_show: 'no-show',
  late_canceled: 'canceled late',
  partly_delivered: 'partly delivered',
  not_delivered: 'not delivered',
}

/** `in_session` as people say it. */
export const statusWords = status => statuses[status] ?? status.replaceAll('_', ' ')

const kinds = { appointment: 'Appointment', intensive_block: 'Intensive', group_session: 'Group' }

export const titleOf = ({ kind, displayName }) => displayName ?? kinds[kind]

/** Everything about an entry in one line, for those who do not see where it lies. */
export function entryWords(entry) {
  const { localStart, localEnd, clinicianIds, mode, roomId, status, overbooked, kind } = entry
  return [
    `${whenOf(localStart)} to ${localEnd.slice(11)}`,
    titleOf(entry),
    ...(kind === 'appointment' ? [] : [kinds[kind].toLowerCase()]),
    clinicianIds.map(clinicianName).join(' and '),
    mode === 'telehealth' ? 'telehealth' : roomId && roomName(roomId),
    statusWords(status),
    overbooked && 'overbooked',
  ]
    .filter(Boolean)
    .join(', ')
}

const taken = {
  clinician: 'The clinician is taken',
  room: 'The room is taken',
  client: 'The client has something else',
  unspecified: 'This time does not work: somebody, or the room, is taken',
}

/**
 * A refusal in words that help a front desk. Whatever is no refusal is a fault of this page, and thrown on.
 *
 * @param nameOf names what clashes, where several things were asked for at once
 */
export async function wordsFor(error, nameOf) {
  if (!(error instanceof Refusal)) throw error
  const { code, problem, message } = error
  if (code === 'resource-busy')
    return problem.clashes ? clashWords(problem.clashes, nameOf) : busyWords(problem)
  if (code === 'gates-open') return `Still open: ${problem.openGates.map(gateWords).join(', ')}.`
  if (code === 'stale-version')
    return 'Somebody changed this meanwhile. Look at how it is now, and try again.'
  if (code === 'invalid-request' || code === 'unknown-reference')
    return [
      message,
      ...(problem.errors ?? []).map(({ pointer, detail }) => `${lastOf(pointer)}: ${detail}`),
    ].join(' ')
  return message
}

/** Each of what clashes, in a line of its own. */
async function clashWords(clashes, nameOf) {
  const lines = await Promise.all(
    clashes.slice(0, 12).map(async clash => `${nameOf(clash)}: ${await busyWords(clash)}`),
  )
  const rest = clashes.length - lines.length
  return ['Nothing was booked.', ...lines, ...(rest > 0 ? [`And ${rest} more.`] : [])].join('\n')
}

export const gateWords = ({ gate, participant }) =>
  participant ? `${gate} of ${participant.toUpperCase()}` : gate

const lastOf = pointer => pointer.split('/').at(-1)

/** What is in the way, as far as the API names it. */
export async function busyWords({ resource = 'unspecified', appointmentId }) {
  const rival = appointmentId && (await get(`/v1/appointments/${appointmentId}`).catch(() => null))
  if (!rival) return `${taken[resource]}.`
  const { localStart, durationMinutes, clinicianId } = rival
  const [hours, minutes] = localStart.slice(11, 16).split(':').map(Number)
  const end = clock(hours * 60 + minutes + durationMinutes)
  return `${taken[resource]}: ${titleOf({ ...rival, kind: 'appointment' })}, ${whenOf(localStart)} to ${end}, with ${clinicianName(clinicianId)}.`
}
