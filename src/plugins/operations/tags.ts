/** The sections of the documentation, in reading order. */
export const tags = {
  'Signing in': 'Sessions, second factors, invitations and passwords of people.',
  Practice: 'Settings, staff, credentials, licenses, locations, rooms and services.',
  Clients: 'People in care: demographics, contact, related people, search, duplicates and merge.',
  Inquiries: 'Whoever asks for care, from first contact to becoming a client or not.',
  Couples: 'A couple as a unit of care beside two private charts.',
  Charts: 'The one door to clinical data: members, care team, emergency access and timeline.',
  Availability: 'Working hours, time off and holidays; finding free slots and keeping them for a moment.',
  Appointments: 'Booking, moving and canceling, without ever double-booking.',
  'Appointment series':
    'Sessions that come again by a rule: previewed, booked a year ahead, changed, paused and canceled.',
  Intensives: 'Some days of blocks for a client or a couple, from inquiry to aftercare, booked as one.',
  Groups: 'Groups with seats, their members over time and their meetings; who is to be kept apart.',
  Waitlist: 'Who waits for a time or a seat, and offers of what becomes free.',
  Instruments:
    'What is asked and how it is scored: definitions as data, editions, and the wording a practice holds a right to.',
  Assessments: 'Assigning instruments, answering and scoring them, trends, and what keeps people safe.',
  'Task programs':
    'Templates of task programs and stage models, and the journeys of clients and couples through them.',
  'Treatment plans': 'Problems, goals, objectives and interventions: written, signed, reviewed and revised.',
  'Session notes': 'Drafting, signing, co-signing and correcting.',
  'Psychotherapy notes':
    'What a therapist writes for themselves, kept separate from the record: shown to its author and to nobody by a role.',
  Alerts: 'What rules found in charts, for staff to look at.',
  Portal: 'What a client reaches through the practice’s own front-end, and the tokens for it.',
  Releases: 'What clients signed may be told to whom, and what was given out on it.',
  Recovery:
    'What a client works on and how it goes: definitions, contracts, check-ins, urges, lapses and their figures.',
  Integrations: 'The event feed.',
  'API clients': 'Programs that work for the practice: their credentials, tokens and the signing keys.',
  Compliance: 'The audit trail.',
} as const

export type Tag = keyof typeof tags
