/**
 * Numbers from which on a rule asks to look. They are data with their source, because practices and teachers differ;
 * wherever one is applied, the answer says which it was.
 */
export interface ReferenceValue {
  value: number
  unit: string
  explains: string
  source: string
  confidence: 'verified' | 'general_knowledge'
}

const practical = {
  source: 'clinical judgment; no published cut-off',
  confidence: 'general_knowledge',
} as const

const commonInEeg = {
  source: 'common practice in EEG recording; amplifiers and practices differ',
  confidence: 'general_knowledge',
} as const

export const referenceValues = {
  suicide_urge: {
    value: 3,
    unit: 'points of 5',
    explains: 'An urge to suicide of at least this strength asks for a look at risk.',
    ...practical,
  },
  over_activation: {
    value: 9,
    unit: 'points of 10',
    explains: 'A session whose activation peaks here or higher counts as over-activated.',
    ...practical,
  },
  impedance: {
    value: 10,
    unit: 'kΩ',
    explains: 'An electrode with this impedance or more is not accepted; the goal is less than 5 kΩ.',
    ...commonInEeg,
  },
} as const satisfies Readonly<Record<string, ReferenceValue>>
