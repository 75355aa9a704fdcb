import { Type } from 'typebox'
import { invalidField } from '../../../../lib/problems.ts'
import { Id, Instant, Nullable, OneOf } from '../../../../lib/schemas.ts'
import { canonicalId } from '../../documents/ids.ts'
import { contentOf, defineKind, Flag, Rating, Words } from '../kind.ts'

/**
 * The loop of the founding practice, and the finer words some clients use for their own. `own` is a phase of the chart's
 * own (`cycle-phases`), which `phaseId` names.
 */
export const cyclePhases = [
  'usage',
  'self_judgment',
  'avoidance',
  'preoccupation',
  'ritual',
  'despair',
  'own',
] as const

type Phase = (typeof cyclePhases)[number]
const exampleId = '019c0000-0000-7000-8000-00000000130d'

/** What stands for a phase in a column: its word, or the id of an own one. */
const keyOf = (phase: Phase | null, id: string | undefined) => (id ? canonicalId(id) : phase)

/** An own phase is named by its id, and no other one is. @throws Problem `invalid-request` */
function checkPhase(field: 'phaseId' | 'nextPhaseId', phase: Phase | null, id: string | undefined): void {
  if (phase === 'own' && id === undefined)
    throw invalidField(`/content/${field}`, 'required', 'Say which own phase it is.')
  if (phase !== 'own' && id !== undefined)
    throw invalidField(`/content/${field}`, 'not-allowed', 'Only an own phase is named by its id.')
}

/** keys: phase, next phase. measures: intensity, shame, 1 when the loop was broken here, minutes since 1970. */
export const cycleEntry = defineKind({
  kind: 'cycle_entry',
  name: 'RecoveryCycleEntry',
  title: 'Entry of the addictive cycle',
  about: 'A phase of the cycle, what followed it, or that the loop was broken here.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      phase: OneOf(cyclePhases),
      phaseId: Type.Optional(Id('With `own`: a phase of the chart’s own, in use.', exampleId)),
      nextPhase: Nullable(
        OneOf(cyclePhases, { description: 'What followed; null when the loop was broken.' }),
      ),
      nextPhaseId: Type.Optional(Id('With `own` as what followed: which one.', exampleId)),
      at: Type.Optional(
        Instant(
          'When the phase began, on the day of `occurredOn` where the client lives. Times between phases are computed from it.',
          '2026-01-05T20:00:00.000Z',
        ),
      ),
      brokenHere: Flag('Whether the client left the loop in this phase.'),
      intensity: Rating(0, 10, 'How strong it was.'),
      shame: Type.Optional(Rating(0, 10, 'How much shame.')),
      thought: Type.Optional(Words(500, 'The thought that went with it.')),
      brokenBy: Type.Optional(Words(500, 'What helped to leave the loop.')),
    },
    'An entry of the cycle.',
    {
      phase: 'avoidance',
      nextPhase: null,
      brokenHere: true,
      intensity: 5,
      shame: 4,
      thought: 'Nobody will notice (fictional).',
      brokenBy: 'A call to Alex.',
    },
  ),
  log: true,
  steps: { recorded: [] },
  portal: 'write',
  check: ({ phase, phaseId, nextPhase, nextPhaseId }) => {
    checkPhase('phaseId', phase, phaseId)
    checkPhase('nextPhaseId', nextPhase, nextPhaseId)
  },
  tools: ({ phaseId, nextPhaseId }) => [
    { kind: 'cycle_phase', field: 'phaseId', id: phaseId },
    { kind: 'cycle_phase', field: 'nextPhaseId', id: nextPhaseId },
  ],
  moment: ({ at }) => at,
  indexed: ({ phase, phaseId, nextPhase, nextPhaseId, intensity, shame, brokenHere, at }) => ({
    keys: [keyOf(phase, phaseId), keyOf(nextPhase, nextPhaseId)],
    measures: [
      intensity,
      shame ?? null,
      brokenHere ? 1 : 0,
      at === undefined ? null : Math.floor(Date.parse(at) / 60_000),
    ],
  }),
})
