/** Areas of a life, in the order in which a rating of all of them is stored. Do not reorder: append. */
export const lifeDomains = [
  'partner',
  'family',
  'friends',
  'work',
  'money',
  'health',
  'sexuality',
  'spirituality',
  'technology',
  'self',
] as const

/** By what they are to the client; nobody is named here. */
export const personRoles = [
  'partner',
  'sponsor',
  'peer',
  'friend',
  'family',
  'therapist',
  'clergy',
  'employer',
  'other',
] as const
