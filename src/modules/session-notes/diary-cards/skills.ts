import type { skillModules } from '../parts/dbt.ts'

/** Skills that a card asks for, in our own words, by the module they are taught in. */
export const skills = {
  observing: 'mindfulness',
  describing: 'mindfulness',
  taking_part: 'mindfulness',
  without_judging: 'mindfulness',
  one_thing_at_a_time: 'mindfulness',
  doing_what_works: 'mindfulness',
  pausing: 'distress_tolerance',
  body_chemistry: 'distress_tolerance',
  pros_and_cons: 'distress_tolerance',
  distracting: 'distress_tolerance',
  self_soothing: 'distress_tolerance',
  easing_the_moment: 'distress_tolerance',
  accepting_reality: 'distress_tolerance',
  checking_the_facts: 'emotion_regulation',
  opposite_action: 'emotion_regulation',
  solving_problems: 'emotion_regulation',
  good_experiences: 'emotion_regulation',
  mastery: 'emotion_regulation',
  coping_ahead: 'emotion_regulation',
  caring_for_the_body: 'emotion_regulation',
  asking_or_declining: 'interpersonal_effectiveness',
  keeping_the_relationship: 'interpersonal_effectiveness',
  keeping_self_respect: 'interpersonal_effectiveness',
  validating: 'interpersonal_effectiveness',
} as const satisfies Readonly<Record<string, (typeof skillModules)[number]>>

export type SkillKey = keyof typeof skills
export const skillKeys = Object.keys(skills) as [SkillKey, ...SkillKey[]]

export const emotionKeys = [
  'sadness',
  'fear',
  'anger',
  'shame',
  'guilt',
  'loneliness',
  'emptiness',
  'joy',
  'love',
] as const

/**
 * What urges a card asks for. What a personal one stands for, clinician and client agree in the session: the word is in no
 * card, so that no series and no screen tells it.
 */
export const urgeTargets = [
  'suicide',
  'self_harm',
  'substance',
  'sexual_acting_out',
  'disordered_eating',
  'gambling',
  'spending',
  'personal_1',
  'personal_2',
  'personal_3',
] as const
export type UrgeTarget = (typeof urgeTargets)[number]
