import { type Static, Type } from 'typebox'
import { component, Id, Instant, listOf, PageQuery, strictObject } from '../../../lib/schemas.ts'
import { exampleIds, exampleInstant } from '../documents/documents.schemas.ts'
import { CyclePhase, NewCyclePhase } from './cycle-phases.schemas.ts'

const exampleSet = '019c0000-0000-7000-8000-00000000130f'

const Phases = Type.Array(NewCyclePhase, {
  minItems: 1,
  maxItems: 20,
  description: 'The phases, each with its place in the cycle.',
})

const phases = [
  { label: 'Preoccupation', description: 'Thoughts that return (fictional).', position: 1 },
  { label: 'Despair', description: 'The morning after (fictional).', position: 2 },
]

export const CyclePhaseSet = component(
  'CyclePhaseSet',
  strictObject(
    {
      id: Id('This version.', exampleSet),
      number: Type.Integer({
        minimum: 1,
        description: 'Counts the versions of the practice.',
        examples: [2],
      }),
      phases: Phases,
      createdById: Id('Who wrote it.', exampleIds.staff),
      createdAt: Instant('When it was written.', exampleInstant),
    },
    {
      description:
        'One version of the phases of the cycle that charts of the practice begin with. Versions are never edited.',
      examples: [
        { id: exampleSet, number: 2, phases, createdById: exampleIds.staff, createdAt: exampleInstant },
      ],
    },
  ),
)

export const NewCyclePhaseSet = component(
  'NewCyclePhaseSet',
  strictObject(
    { phases: Phases },
    { description: 'The next version. Charts keep the phases they have.', examples: [{ phases }] },
  ),
)

export const StartedPhases = component(
  'RecoveryCyclePhaseStart',
  strictObject(
    {
      setNumber: Type.Integer({ minimum: 1, description: 'Which version it was.', examples: [2] }),
      phases: Type.Array(CyclePhase, { description: 'The phases of the chart’s own that were made of it.' }),
    },
    {
      description: 'What a chart begins with.',
      examples: [{ setNumber: 2, phases: (CyclePhase as { examples?: unknown[] }).examples ?? [] }],
    },
  ),
)

export const PhaseSetQuery = strictObject(PageQuery)
export const PhaseSetPage = listOf('CyclePhaseSetPage', CyclePhaseSet)

export type CyclePhaseSet = Static<typeof CyclePhaseSet>
export type NewCyclePhaseSet = Static<typeof NewCyclePhaseSet>
export type StartedPhases = Static<typeof StartedPhases>
