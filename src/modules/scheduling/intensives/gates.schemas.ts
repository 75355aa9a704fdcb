import { type Static, Type } from 'typebox'
import { component, Id, Instant, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { note } from '../session-fields.schemas.ts'
import { example } from './examples.ts'
import { gateStatuses, gates, overrideReasons, participantNames } from './intensives.rules.ts'

export const participant = OneOf(participantNames, {
  description: 'A participant, by their place.',
  examples: ['a'],
})

const gate = OneOf(gates, {
  description:
    'Stability, medical, risk and contract are asked of each participant, deposit and estimate of the whole.',
  examples: ['contract'],
})

const overrideReason = OneOf(overrideReasons, {
  description: 'Why it was passed on purpose.',
  examples: ['recorded_elsewhere'],
})

export const GateState = component(
  'IntensiveGate',
  strictObject(
    {
      gate,
      participant: Nullable(participant),
      status: OneOf(gateStatuses),
      reasonCode: Nullable(overrideReason),
      note: Nullable(
        Type.String({
          description:
            'What was noted. Of stability, medical and risk only for those who may read clinical data of the chart.',
        }),
      ),
      recordedById: Nullable(Id('Who settled it; null where a payment did.', example.clinician)),
      markedAt: Nullable(Instant('When it was last marked; null for a gate that never was.')),
    },
    {
      description: 'A line of the checklist.',
      examples: [
        {
          gate: 'contract',
          participant: 'a',
          status: 'met',
          reasonCode: null,
          note: null,
          recordedById: example.clinician,
          markedAt: '2026-11-10T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewGateMark = component(
  'NewIntensiveGateMark',
  strictObject(
    {
      gate,
      participant: Type.Optional(participant),
      status: OneOf(gateStatuses, { examples: ['met'] }),
      reasonCode: Type.Optional(overrideReason),
      note: Type.Optional(note),
    },
    {
      description: 'A mark on the checklist. An override needs its reason.',
      examples: [{ gate: 'contract', participant: 'a', status: 'met', note: 'Signed on paper (fictional).' }],
    },
  ),
)

export const despiteOpenGates = component(
  'OpenGatesOverride',
  strictObject(
    { reasonCode: overrideReason, note: Type.Optional(note) },
    {
      description: 'Why the step is taken although gates are open; recorded for each of them.',
      examples: [{ reasonCode: 'urgent', note: 'Begins tomorrow (fictional).' }],
    },
  ),
)

export type GateState = Static<typeof GateState>
export type NewGateMark = Static<typeof NewGateMark>
export type OpenGatesOverride = Static<typeof despiteOpenGates>
