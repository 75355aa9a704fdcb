export const addictionClasses = ['chemical', 'process'] as const
export type AddictionClass = (typeof addictionClasses)[number]

/** What may become compulsive, and whether a substance is taken. */
const classes = {
  alcohol: 'chemical',
  cocaine: 'chemical',
  stimulants: 'chemical',
  opioids: 'chemical',
  cannabis: 'chemical',
  sedatives: 'chemical',
  nicotine: 'chemical',
  other_substance: 'chemical',
  sex: 'process',
  love: 'process',
  pornography: 'process',
  gaming: 'process',
  internet: 'process',
  phone_social_media: 'process',
  gambling: 'process',
  eating: 'process',
  spending: 'process',
  work: 'process',
  other_process: 'process',
} as const satisfies Readonly<Record<string, AddictionClass>>

export type AddictionType = keyof typeof classes
export const addictionTypes = Object.keys(classes) as AddictionType[]
export const classOf = (type: AddictionType): AddictionClass => classes[type]

/** Free in every direction: things get better, come back, and are only watched. */
export const addictionStatuses = ['active', 'early_remission', 'sustained_remission', 'watch'] as const
export type AddictionStatus = (typeof addictionStatuses)[number]

/**
 * How one addiction acts on another.
 *
 * Source: the idea after Carnes, Murray and Charpentier (2005); the list of modes is general knowledge.
 */
export const interactionModes = [
  'cross_tolerance',
  'withdrawal_mediation',
  'replacement',
  'alternating_cycles',
  'masking',
  'ritualizing',
  'intensification',
  'numbing',
  'disinhibiting',
  'combining',
  'inhibiting',
] as const

export const interactionStatuses = ['observed', 'ended'] as const
export type InteractionStatus = (typeof interactionStatuses)[number]
