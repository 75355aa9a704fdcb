import { type Static, Type } from 'typebox'
import { CalendarDate, component, Nullable, OneOf, strictObject, Text } from '../../lib/schemas.ts'
import {
  Diagnosis,
  diagnosisExample,
  Goal,
  goalExample,
  Intervention,
  interventionExample,
  NewDiagnosis,
  newDiagnosisExample,
  Objective,
  objectiveExample,
  Problem,
  problemExample,
  TeamMember,
  teamMemberExample,
} from './elements.schemas.ts'

/** Own words, not those of any payer's scale. */
const levelsOfCare = [
  'outpatient',
  'outpatient_intensive',
  'intensive_outpatient_program',
  'partial_hospital_program',
  'residential',
  'medical',
  'detoxification',
  'aftercare',
] as const

const fields = {
  startsOn: CalendarDate('The day of the plan.', '2026-11-20'),
  summary: Nullable(Text(8_000, { description: 'How those who wrote it understand what is going on.' })),
  clientWords: Nullable(
    Text(8_000, { description: 'What the client or the couple wants, in their own words.' }),
  ),
  strengths: Nullable(Text(8_000)),
  levelOfCare: OneOf(levelsOfCare),
  team: Type.Array(TeamMember, { maxItems: 20 }),
  problems: Type.Array(Problem, { maxItems: 20 }),
  goals: Type.Array(Goal, { maxItems: 20 }),
  objectives: Type.Array(Objective, { maxItems: 40 }),
  interventions: Type.Array(Intervention, { maxItems: 60 }),
  phaseOverrideReason: Nullable(
    Text(2_000, { description: 'Why trauma work begins before containment and coping are in place.' }),
  ),
}

const writtenExample = {
  startsOn: '2026-11-20',
  summary: null,
  clientWords: 'I want to sleep and to stop hiding (fictional).',
  strengths: 'Keeps appointments; a brother who knows.',
  levelOfCare: 'outpatient' as const,
  team: [teamMemberExample],
  problems: [problemExample],
  goals: [goalExample],
  objectives: [objectiveExample],
  interventions: [interventionExample],
  phaseOverrideReason: null,
}

export const PlanDraft = component(
  'TreatmentPlanDraft',
  strictObject(
    { ...fields, diagnoses: Type.Array(NewDiagnosis, { maxItems: 20 }) },
    {
      description:
        'The whole of a plan as it is written: what is left out of a list is left out of the plan.',
      examples: [{ ...writtenExample, diagnoses: [newDiagnosisExample] }],
    },
  ),
)

export const contentExample = { ...writtenExample, diagnoses: [diagnosisExample] }

export const PlanContent = component(
  'TreatmentPlanContent',
  strictObject(
    { ...fields, diagnoses: Type.Array(Diagnosis) },
    { description: 'What a plan says.', examples: [contentExample] },
  ),
)

export type PlanDraft = Static<typeof PlanDraft>
export type PlanContent = Static<typeof PlanContent>
