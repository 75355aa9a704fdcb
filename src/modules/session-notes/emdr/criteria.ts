/** When something counts, with where it is from. */
export interface Criterion {
  value: number
  unit: 'sud' | 'voc' | 'days'
  explains: string
  source: string
  confidence: 'verified' | 'general_knowledge'
}

const protocol = {
  source: 'Standard protocol of EMDR (F. Shapiro), eight phases',
  confidence: 'verified',
} as const

/** What decides whether a target is through a phase, and when a look at the ground is due. */
export const criteria = {
  settled: {
    value: 0,
    unit: 'sud',
    explains: 'The disturbance is worked through: installation may follow.',
    ...protocol,
  },
  settledWithReason: {
    value: 1,
    unit: 'sud',
    explains: 'Counts as worked through where a reason says that it fits the client’s life.',
    ...protocol,
  },
  held: {
    value: 7,
    unit: 'voc',
    explains: 'The positive belief is installed: the body scan may follow.',
    ...protocol,
  },
  heldWithReason: {
    value: 6,
    unit: 'voc',
    explains: 'Counts as installed where a reason says that it fits the client’s life.',
    source: 'Common practice; no published cut-off was found',
    confidence: 'general_knowledge',
  },
  screenAge: {
    value: 365,
    unit: 'days',
    explains: 'A dissociation screen (DES-II) that is older asks for another before memories are processed.',
    source: 'Clinical judgment; that there must be a screen is the protocol’s, its age is not',
    confidence: 'general_knowledge',
  },
} as const satisfies Record<string, Criterion>
