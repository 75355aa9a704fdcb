import { type FieldError, invalidField, Problem } from '../../../lib/problems.ts'

export const intensiveStatuses = [
  'inquiry',
  'screened',
  'contracted',
  'deposit_due',
  'scheduled',
  'in_progress',
  'completed',
  'aftercare',
  'canceled',
] as const
export type IntensiveStatus = (typeof intensiveStatuses)[number]

/** What somebody says has happened; `scheduled` comes from booking, `canceled` from a cancellation. */
export const saidStatuses = [
  'screened',
  'contracted',
  'deposit_due',
  'in_progress',
  'completed',
  'aftercare',
] as const satisfies readonly IntensiveStatus[]

const next: Readonly<Record<IntensiveStatus, readonly IntensiveStatus[]>> = {
  inquiry: ['screened', 'canceled'],
  screened: ['contracted', 'canceled'],
  contracted: ['deposit_due', 'canceled'],
  deposit_due: ['scheduled', 'canceled'],
  scheduled: ['in_progress', 'canceled'],
  in_progress: ['completed'],
  completed: ['aftercare'],
  aftercare: [],
  canceled: [],
}

/** @throws Problem `invalid-state` */
export function assertMayBecome(status: IntensiveStatus, to: IntensiveStatus): void {
  if (!next[status].includes(to)) throw new Problem('invalid-state')
}

/** @throws Problem `invalid-state` unless it is in one of these states */
export function assertIsIn(status: IntensiveStatus, ...states: readonly IntensiveStatus[]): void {
  if (!states.includes(status)) throw new Problem('invalid-state')
}

/** Before anything of it is booked: what it costs and where it is held may still change. */
export const openStates = ['inquiry', 'screened', 'contracted', 'deposit_due'] as const
/** While blocks may be planned, and while they may be booked. */
export const plannedStates = [...openStates, 'scheduled', 'in_progress'] as const
export const bookedStates = ['deposit_due', 'scheduled', 'in_progress'] as const
export const movedStates = ['scheduled', 'in_progress'] as const

export const gates = ['stability', 'medical', 'risk', 'contract', 'deposit', 'estimate'] as const
export type Gate = (typeof gates)[number]
export const participantNames = ['a', 'b'] as const
export type ParticipantName = (typeof participantNames)[number]
export const gateStatuses = ['open', 'met', 'overridden'] as const
export type GateStatus = (typeof gateStatuses)[number]
export const overrideReasons = [
  'clinical_judgment',
  'recorded_elsewhere',
  'not_needed',
  'urgent',
  'other',
] as const

/** What a clinician of the care team judges, and nobody else reads the notes on. */
const clinicalGates: ReadonlySet<Gate> = new Set(['stability', 'medical', 'risk'])
const wholeGates: ReadonlySet<Gate> = new Set(['deposit', 'estimate'])

export const isClinical = (gate: Gate) => clinicalGates.has(gate)
/** Whether it is asked of each participant. */
export const isOfEach = (gate: Gate) => !wholeGates.has(gate)

/** Which gates have to be settled, or passed on purpose, when an intensive takes this step. */
export const gatesDue: Readonly<Partial<Record<IntensiveStatus, readonly Gate[]>>> = {
  screened: ['stability', 'medical', 'risk'],
  contracted: ['contract'],
  deposit_due: ['estimate'],
  scheduled: ['deposit'],
  // What was settled weeks ago may have been opened again since.
  in_progress: gates,
}

/** One line of the checklist. */
export interface GateLine {
  gate: Gate
  participant: ParticipantName | null
}

/** The checklist of so many participants. */
export function checklistOf(people: readonly ParticipantName[]): GateLine[] {
  return gates.flatMap((gate): GateLine[] =>
    isOfEach(gate) ? people.map(participant => ({ gate, participant })) : [{ gate, participant: null }],
  )
}

export const blockKinds = [
  'joint',
  'individual',
  'emdr',
  'neurofeedback',
  'group',
  'education',
  'break',
  'staff_huddle',
] as const
export type BlockKind = (typeof blockKinds)[number]

/** A block in which something is given to a client: it is delivered, and stands for a part of the price. */
export const isGiven = (kind: BlockKind) => kind !== 'break' && kind !== 'staff_huddle'

/** What a block's kind asks of it. */
export interface Cast {
  kind: BlockKind
  participants: readonly ParticipantName[]
  clinicians: number
}

/** @returns what is wrong with a block's people; undefined when nothing is */
export function wrongWithCast(
  { kind, participants, clinicians }: Cast,
  people: readonly ParticipantName[],
): (Omit<FieldError, 'pointer'> & { field: string }) | undefined {
  const wrong = (field: string, detail: string) => ({ field, code: 'kind', detail })
  if (participants.some(one => !people.includes(one)))
    return wrong('participants', 'There is no such participant.')
  if (kind === 'staff_huddle') {
    if (participants.length > 0) return wrong('participants', 'A staff huddle is without participants.')
  } else if (participants.length === 0) return wrong('participants', 'Say who comes.')
  if (kind === 'joint' && participants.length < people.length)
    return wrong('participants', 'A joint block is of everybody.')
  if (kind === 'individual' && participants.length > 1)
    return wrong('participants', 'An individual block is of one participant.')
  if (kind !== 'break' && clinicians === 0) return wrong('clinicianIds', 'Say who gives it.')
  return undefined
}

/** What takes time of somebody. */
export interface Taking {
  startsAt: Date
  endsAt: Date
  /** Clinicians, room and clients, by id. */
  resourceIds: readonly string[]
}

/**
 * Nobody and no room can be in two blocks of one intensive at a time.
 *
 * @throws Problem `invalid-request`
 */
export function assertNoneTwice(blocks: readonly Taking[], pointer: (index: number) => string): void {
  for (const [index, block] of blocks.entries())
    for (const before of blocks.slice(0, index))
      if (overlap(before, block) && block.resourceIds.some(id => before.resourceIds.includes(id)))
        throw invalidField(
          pointer(index),
          'overlap',
          'Somebody or the room is in another block at the same time.',
        )
}

const overlap = (a: Taking, b: Taking) => a.startsAt < b.endsAt && b.startsAt < a.endsAt
