export const frameworkKeys = ['interview_four', 'csat_ten', 'icd11_6c72', 'dsm5_sud_eleven'] as const
export type FrameworkKey = (typeof frameworkKeys)[number]

/** A list of criteria that something can be rated by. Which of them are met is a count and never a diagnosis. */
export interface Framework {
  key: FrameworkKey
  title: string
  criteria: readonly string[]
  /** From how many the source speaks of an indication; null where it gives no number. */
  indicativeCount: number | null
  source: string
  confidence: 'verified' | 'general_knowledge'
}

/** Labels are our own. */
export const frameworks: readonly Framework[] = [
  {
    key: 'interview_four',
    title: 'Four questions of a first interview',
    criteria: ['tolerance', 'consequences', 'failed_attempts', 'withdrawal'],
    indicativeCount: null,
    source: 'Interviews that this product is built on',
    confidence: 'general_knowledge',
  },
  {
    key: 'csat_ten',
    title: 'Ten criteria, Carnes',
    criteria: [
      'loss_of_control',
      'more_than_intended',
      'failed_efforts',
      'time_spent',
      'preoccupation',
      'unmet_obligations',
      'continuing_despite_harm',
      'escalation',
      'giving_up_activities',
      'withdrawal_distress',
    ],
    indicativeCount: 3,
    source: 'P. Carnes, criteria as commonly published; three or more taken as indicative',
    confidence: 'verified',
  },
  {
    key: 'icd11_6c72',
    title: 'ICD-11 6C72, essential features',
    criteria: [
      'central_focus',
      'failed_reductions',
      'continuing_despite_harm',
      'little_satisfaction',
      'six_months_or_more',
      'marked_distress_or_impairment',
      'more_than_moral_disapproval',
    ],
    indicativeCount: null,
    source: 'WHO, ICD-11 6C72 (summary in our own words)',
    confidence: 'verified',
  },
  {
    key: 'dsm5_sud_eleven',
    title: 'DSM-5 substance use, eleven criteria',
    criteria: [
      'more_than_intended',
      'failed_efforts',
      'time_spent',
      'craving',
      'unmet_obligations',
      'social_problems',
      'giving_up_activities',
      'hazardous_use',
      'continuing_despite_harm',
      'tolerance',
      'withdrawal',
    ],
    indicativeCount: 2,
    source: 'DSM-5 (labels in our own words); two or more within twelve months',
    confidence: 'general_knowledge',
  },
]

export const frameworkOf = (key: FrameworkKey): Framework => {
  const found = frameworks.find(framework => framework.key === key)
  if (!found) throw new Error('A framework has no list')
  return found
}

export const criterionKeys = [...new Set(frameworks.flatMap(({ criteria }) => criteria))].toSorted()
