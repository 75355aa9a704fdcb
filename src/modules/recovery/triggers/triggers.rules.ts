export const triggerKinds = [
  'external',
  'emotional',
  'cognitive',
  'somatic',
  'relational',
  'time_or_place',
] as const
export const skillFamilies = [
  'grounding',
  'social',
  'physical',
  'cognitive',
  'spiritual',
  'dbt',
  'somatic_resource',
] as const
export const skillLevels = ['learned', 'practiced', 'automatic'] as const

/** A trigger or a skill of the past stays, because urges refer to it. It may come back. */
export const toolStatuses = ['active', 'retired'] as const
export type ToolStatus = (typeof toolStatuses)[number]
