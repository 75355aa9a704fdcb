/** The sections of the documentation, in reading order. */
export const tags = {
  'Signing in': 'Sessions, second factors, invitations and passwords of people.',
  Practice: 'Settings, staff, credentials, licenses, locations, rooms and services.',
  Clients: 'People in care: demographics, contact, related people, search, duplicates and merge.',
  Couples: 'A couple as a unit of care beside two private charts.',
  Charts: 'The one door to clinical data: members, care team, emergency access and timeline.',
  Appointments: 'Booking, moving and canceling, without ever double-booking.',
  'Session notes': 'Drafting, signing, co-signing and correcting.',
  Integrations: 'The event feed.',
  'API clients': 'Programs that work for the practice: their credentials, tokens and the signing keys.',
  Compliance: 'The audit trail.',
} as const

export type Tag = keyof typeof tags
