import { type Static, type TString, Type } from 'typebox'
import { CalendarDate, component, Id, Nullable, OneOf, strictObject, Text } from '../../lib/schemas.ts'
import { icd10Code, icd11Code } from './diagnosis-codes.schemas.ts'
import { phases } from './phases.rules.ts'
import { exampleIds as ids } from './schema-examples.ts'

const modalities = [
  'cognitive_behavioral',
  'dialectical_behavioral',
  'emdr',
  'somatic',
  'neurofeedback',
  'motivational_interviewing',
  'psychoeducation',
  'group',
  'couple',
  'family',
  'task_program',
  'community_group',
  'mindfulness',
  'skills_training',
  'medication_by_others',
  'case_management',
  'other',
] as const
const measureKinds = ['count', 'rating', 'percent', 'instrument', 'observation'] as const
const periods = ['day', 'week', 'two_weeks', 'month', 'plan'] as const
const authors = ['client', 'couple', 'clinician'] as const
const helpers = ['clinician', 'client', 'partner', 'couple', 'group', 'team', 'external'] as const
const teamRoles = [
  'therapist',
  'couple_therapist',
  'partner_therapist',
  'group_leader',
  'psychiatrist',
  'physician',
  'neurofeedback_technician',
  'supervisor',
  'case_manager',
  'sponsor',
  'other',
] as const

/** Chosen by whoever writes the plan, and kept in every later revision: never give a key to something else. */
const key = (letter: string, what: string): TString =>
  Type.String({
    pattern: `^${letter}[1-9][0-9]{0,2}$`,
    description: `${what}: \`${letter}1\` to \`${letter}999\`, the same in every revision.`,
    examples: [`${letter}1`],
  })

export const ObjectiveKey = key('o', 'The objective')

const listOfKeys = (item: TString, description: string) =>
  Type.Array(item, { uniqueItems: true, maxItems: 60, description })

const about = Nullable(
  Id(
    'In a couple’s plan the partner it is about; null when it is about both, or in a plan of one client.',
    ids.client,
  ),
)

export const teamMemberExample = { key: 't1', role: 'therapist' as const, name: null }

export const TeamMember = component(
  'PlanTeamMember',
  strictObject(
    {
      key: key('t', 'The member'),
      role: OneOf(teamRoles),
      name: Nullable(Text(160, { description: 'Of somebody outside the practice.' })),
    },
    {
      description: 'Somebody who works on the plan.',
      examples: [teamMemberExample],
    },
  ),
)

export const problemExample = {
  key: 'p1',
  clientId: null,
  title: 'Nights lost to scrolling (fictional)',
  description: null,
}

export const Problem = component(
  'PlanProblem',
  strictObject(
    {
      key: key('p', 'The problem'),
      clientId: about,
      title: Text(200),
      description: Nullable(Text(4_000)),
    },
    {
      description: 'What is to get better.',
      examples: [problemExample],
    },
  ),
)

export const goalExample = {
  key: 'g1',
  clientId: null,
  problemKeys: ['p1'],
  text: 'I want my evenings back (fictional).',
  author: 'client' as const,
}

export const Goal = component(
  'PlanGoal',
  strictObject(
    {
      key: key('g', 'The goal'),
      clientId: about,
      problemKeys: listOfKeys(key('p', 'The problem'), 'The problems it answers.'),
      text: Text(2_000),
      author: OneOf(authors, {
        description: 'Whose goal it is; `client` when it is in the client’s own words.',
      }),
    },
    {
      description: 'What is to be reached.',
      examples: [goalExample],
    },
  ),
)

const number = (description: string) =>
  Nullable(Type.Number({ minimum: -1_000_000, maximum: 1_000_000, description }))

const wordOf = (separator: '-' | '_', description: string, example: string) =>
  Nullable(Type.String({ pattern: `^[a-z0-9][a-z0-9${separator}]{0,39}$`, description, examples: [example] }))

export const objectiveExample = {
  key: 'o1',
  goalKey: 'g1',
  text: 'Five evenings a week without a screen after nine (fictional).',
  phase: 'containment' as const,
  measure: { kind: 'count' as const, unit: 'evenings a week', instrumentKey: null, scaleKey: null },
  baseline: 1,
  target: 5,
  dueOn: '2027-02-20',
  taskKeys: [],
  blockIds: [],
  behaviorIds: [],
}

export const Objective = component(
  'PlanObjective',
  strictObject(
    {
      key: ObjectiveKey,
      goalKey: key('g', 'The goal'),
      text: Text(2_000, { description: 'What will be different, and how anybody could tell.' }),
      phase: OneOf(phases, {
        description: 'The phase of treatment it belongs to; `any` for none in particular.',
      }),
      measure: strictObject({
        kind: OneOf(measureKinds, {
          description:
            '`instrument`: the score of a scale, read from the chart’s assessments. `observation`: nothing is counted.',
        }),
        unit: Nullable(Text(80, { description: 'What is counted or rated.' })),
        instrumentKey: wordOf('-', 'With `instrument`: which.', 'phq-9'),
        scaleKey: wordOf('_', 'With `instrument`: which of its scales.', 'total'),
      }),
      baseline: number('Where it began.'),
      target: number('Where it is to go; more or less than the baseline.'),
      dueOn: Nullable(CalendarDate('The day by which.', '2027-02-20')),
      taskKeys: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]{0,59}$', examples: ['safe_place'] }), {
        uniqueItems: true,
        maxItems: 40,
        description: 'Tasks that serve it, by their keys: of a journey of this chart.',
      }),
      blockIds: Type.Array(Id('A recorded block to treatment.'), {
        uniqueItems: true,
        maxItems: 20,
        description: 'Blocks to treatment it works on: records of this chart.',
      }),
      behaviorIds: Type.Array(Id('A behavior.'), {
        uniqueItems: true,
        maxItems: 20,
        description:
          'Behaviors of this chart it is about. Not part of what is signed; empty for everybody but the care team.',
      }),
    },
    {
      description: 'A step that can be told from not having been taken.',
      examples: [objectiveExample],
    },
  ),
)

export const interventionExample = {
  key: 'i1',
  objectiveKeys: ['o1'],
  phase: 'containment' as const,
  modality: 'cognitive_behavioral' as const,
  who: 'clinician' as const,
  frequency: { times: 1, per: 'week' as const },
  description: null,
}

export const Intervention = component(
  'PlanIntervention',
  strictObject(
    {
      key: key('i', 'The intervention'),
      objectiveKeys: listOfKeys(ObjectiveKey, 'The objectives it serves.'),
      phase: OneOf(phases),
      modality: OneOf(modalities),
      who: OneOf(helpers, { description: 'Who does it, or with whom.' }),
      frequency: Nullable(
        strictObject(
          { times: Type.Integer({ minimum: 1, maximum: 50 }), per: OneOf(periods) },
          { description: 'Null: as needed.' },
        ),
      ),
      description: Nullable(Text(4_000)),
    },
    {
      description: 'What is done about it.',
      examples: [interventionExample],
    },
  ),
)

const diagnosisFields = {
  key: key('d', 'The diagnosis'),
  clientId: about,
  code: icd10Code('ICD-10-CM; valid on the day the plan starts.'),
  icd11Code: Nullable(icd11Code('ICD-11, beside it.')),
  principal: Type.Boolean({ description: 'The one the treatment is mainly for; at most one.' }),
  note: Nullable(Text(2_000)),
}

export const newDiagnosisExample = {
  key: 'd1',
  clientId: null,
  code: 'F63.89',
  icd11Code: '6C72',
  principal: true,
  note: null,
}

export const NewDiagnosis = component(
  'NewPlanDiagnosis',
  strictObject(diagnosisFields, {
    description: 'A diagnosis by its codes. A person gives it: no score and no count ever does.',
    examples: [newDiagnosisExample],
  }),
)

const label = 'The practice’s short label of the code when it was written down.'

export const diagnosisExample = {
  ...newDiagnosisExample,
  label: 'Other impulse disorder',
  icd11Label: 'Compulsive sexual behavior disorder',
}

export const Diagnosis = component(
  'PlanDiagnosis',
  strictObject(
    {
      ...diagnosisFields,
      label: Type.String({ description: label }),
      icd11Label: Nullable(Type.String({ description: label })),
    },
    {
      description: 'A diagnosis by its codes.',
      examples: [diagnosisExample],
    },
  ),
)

export type PlanObjective = Static<typeof Objective>
