import type { ProgramDocument } from '../templates.schemas.ts'

type Stage = ProgramDocument['stages'][number]

const common = {
  format: 1,
  kind: 'stage_model',
  licenseNote: null,
  orderConfidence: 'published',
  sections: [],
  tasks: [],
} as const satisfies Partial<ProgramDocument>

const recoveryRanges =
  'Ranges given by several treatment programs for the six stages of recovery of Patrick J. Carnes.'

export const recoveryStages: ProgramDocument = {
  ...common,
  tasks: [],
  sections: [],
  key: 'recovery-six-stages',
  title: 'Six stages of recovery',
  audience: 'individual',
  source: 'After Patrick J. Carnes, in labels of our own. Stages overlap.',
  stages: [
    stage('developing', 'Developing', inStage(0, 730)),
    stage('crisis', 'Crisis and decision', inStage(1, 91)),
    stage('shock', 'Shock', inStage(183, 244)),
    stage('grief', 'Grief', {
      ...inStage(152, 213),
      source: 'About six months in the sources; written here as five to seven.',
      confidence: 'general_knowledge',
    }),
    stage('repair', 'Repair', inStage(548, 1_096)),
    stage('growth', 'Growth', inStage(730, null)),
  ],
}

const phaseRanges =
  'Ranges of a three-phase model as treatment programs describe it: 0 to 12, 6 to 24 and 18 to 36 months.'

export const recoveryPhases: ProgramDocument = {
  ...common,
  tasks: [],
  sections: [],
  key: 'recovery-three-phases',
  title: 'Three phases of recovery',
  audience: 'individual',
  source: 'Survival, stability and sustaining, as treatment programs describe them.',
  stages: [
    stage('survival', 'Survival', sinceStart(0, 365)),
    stage('stability', 'Stability', sinceStart(183, 730)),
    stage('sustaining', 'Sustaining', sinceStart(548, 1_096)),
  ],
}

export const partnerStages: ProgramDocument = {
  ...common,
  tasks: [],
  sections: [],
  key: 'partner-six-stages',
  title: 'Six stages of a partner',
  audience: 'partner',
  source: 'After Stefanie Carnes, in labels of our own. No fixed times were found.',
  stages: [
    stage('before_discovery', 'Before discovery'),
    stage('crisis', 'Crisis, decision and gathering information'),
    stage('shock', 'Shock'),
    stage('grief', 'Grief and ambivalence'),
    stage('repair', 'Repair'),
    stage('growth', 'Growth'),
  ],
}

export const partnerPhases: ProgramDocument = {
  ...common,
  tasks: [],
  sections: [],
  key: 'partner-three-phases',
  title: 'Three phases of a partner: safety, processing, reconnecting',
  audience: 'partner',
  source:
    'After the multidimensional partner trauma model (APSATS), which builds on Judith Herman, in labels of our own. No fixed times were found.',
  stages: [
    stage('safety', 'Safety and stabilization'),
    stage('processing', 'Grieving and processing'),
    stage('reconnecting', 'Reconnecting'),
  ],
}

function stage(key: string, label: string, typical: Stage['typical'] = null): Stage {
  return { key, label, description: null, typical }
}

function inStage(fromDays: number, toDays: number | null): NonNullable<Stage['typical']> {
  return { fromDays, toDays, measuredFrom: 'stage_entry', source: recoveryRanges, confidence: 'published' }
}

function sinceStart(fromDays: number, toDays: number): NonNullable<Stage['typical']> {
  return { fromDays, toDays, measuredFrom: 'journey_start', source: phaseRanges, confidence: 'published' }
}
