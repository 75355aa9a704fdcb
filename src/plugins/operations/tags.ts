/** The sections of the documentation, in reading order. */
export const tags = {
  'Signing in': 'Sessions, tokens, second factors, invitations, password resets and API clients.',
  Practice: 'Settings, staff, credentials, licenses, locations, rooms and services.',
  Clients: 'People in care: demographics, contact, related people, search, duplicates and merge.',
  Couples: 'A couple as a unit of care beside two private charts.',
  Charts: 'The one door to clinical data: members, care team, emergency access and timeline.',
  Appointments: 'Booking, moving and cancelling, without ever double-booking.',
  'Session notes': 'Drafting, signing, co-signing and correcting.',
  Integrations: 'The event feed.',
  Compliance: 'The audit trail.',
  Service: 'Health and discovery.',
} as const

export type Tag = keyof typeof tags
