import { Type } from 'typebox'
import { Nullable, OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Flag, Rating, Words } from '../kind.ts'

/** The loop of the founding practice, and the finer words some clients use for their own. */
export const cyclePhases = [
  'usage',
  'self_judgment',
  'avoidance',
  'preoccupation',
  'ritual',
  'despair',
] as const

/** keys: phase, next phase. measures: intensity, shame, 1 when the loop was broken here. */
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
      nextPhase: Nullable(
        OneOf(cyclePhases, { description: 'What followed; null when the loop was broken.' }),
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
  indexed: ({ phase, nextPhase, intensity, shame, brokenHere }) => ({
    keys: [phase, nextPhase],
    measures: [intensity, shame ?? null, brokenHere ? 1 : 0],
  }),
})
