import { type Static, Type } from 'typebox'
import { component, Id, Instant, Nullable, strictObject, Text, Version } from '../../../lib/schemas.ts'
import { Address } from '../../practice/index.ts'

const client = '019c0000-0000-7000-8000-0000000000b1'
const appointment = '019c0000-0000-7000-8000-0000000000d1'

const state = Type.String({ pattern: '^[A-Z]{2}$', description: 'USPS code.', examples: ['CA'] })

const EmergencyContact = component(
  'CheckInEmergencyContact',
  strictObject(
    { name: Text(120), phone: Text(40) },
    {
      description: 'Whom to call near the client.',
      examples: [{ name: 'Jamie Example', phone: '+15550100' }],
    },
  ),
)

const said = {
  address: Address,
  emergencyContact: Nullable(EmergencyContact),
  isPrivate: Type.Boolean({ description: 'Whether nobody else can see or hear the session there.' }),
}
const emergencyServices = Nullable(
  Text(200, { description: 'Emergency services near the present address, as far as they are known.' }),
)
const isAppropriate = Type.Boolean({
  description: 'Whether telehealth suits the client now, as the clinician judges it at this session.',
})
const fields = { ...said, emergencyServices, isAppropriate }

const given = {
  address: { line1: '7 Sample Lane', city: 'Faketown', state: 'CA', postalCode: '90000' },
  emergencyContact: { name: 'Jamie Example', phone: '+15550100' },
  emergencyServices: 'Faketown General Hospital',
  isPrivate: true,
  isAppropriate: true,
}

const made = {
  id: '019c0000-0000-7000-8000-0000000000f4',
  clientId: client,
  ...given,
  state: 'CA',
  recordedById: '019c0000-0000-7000-8000-0000000000e1',
  checkedInAt: '2026-11-23T15:58:00.000Z',
}

export const NewCheckIn = component(
  'NewTelehealthCheckIn',
  strictObject(
    { clientId: Id('A client of the appointment.', client), ...fields },
    {
      description:
        'Where a client is as a telehealth session begins. 16 CCR 1815.5 asks at each session for the present address and whether telehealth is appropriate and confidential, and for emergency services near there.',
      examples: [{ clientId: client, ...given }],
    },
  ),
)

export const CheckIn = component(
  'TelehealthCheckIn',
  strictObject(
    {
      id: Id('The check-in.', made.id),
      clientId: Id('Whose it is.', client),
      state,
      ...fields,
      isAppropriate: Nullable(isAppropriate),
      recordedById: Nullable(
        Id('Who asked the client, or judged what the client said.', '019c0000-0000-7000-8000-0000000000e1'),
      ),
      checkedInAt: Instant('When it was recorded.'),
    },
    {
      description:
        'Where a client was at one session. `isAppropriate` and `recordedById` are null of one that the client made at the portal and nobody has judged.',
      examples: [made],
    },
  ),
)

export const CheckInJudgment = component(
  'CheckInJudgment',
  strictObject(
    { isAppropriate, emergencyServices: Type.Optional(emergencyServices) },
    {
      description: 'Whether telehealth suits a client who checked in themself.',
      examples: [{ isAppropriate: true, emergencyServices: 'Faketown General Hospital' }],
    },
  ),
)

const { address, emergencyContact, isPrivate } = given

export const OwnCheckIn = component(
  'OwnTelehealthCheckIn',
  strictObject(said, {
    description: 'Where the client is as a telehealth session begins, and whom to reach near there.',
    examples: [{ address, emergencyContact, isPrivate }],
  }),
)

export const CheckInParams = strictObject({
  appointmentId: Id('The appointment.', appointment),
  checkInId: Id('The check-in.', made.id),
})

export const Telehealth = component(
  'Telehealth',
  strictObject(
    {
      appointmentId: Id('The appointment.', appointment),
      link: Nullable(Type.String({ description: 'Where the session is held.' })),
      plannedState: Nullable(state),
      licensedStates: Type.Array(state, {
        description: 'Where the clinician may practice on the day of the session.',
      }),
      checkIns: Type.Array(CheckIn, {
        description:
          'The newest of each client. Empty for integrations, billers, and clinicians who may not open the chart.',
      }),
      version: Version,
    },
    {
      description: 'What a telehealth session needs.',
      examples: [
        {
          appointmentId: appointment,
          link: 'https://video.example/rooms/harbor',
          plannedState: 'CA',
          licensedStates: ['CA'],
          checkIns: [made],
          version: 1,
        },
      ],
    },
  ),
)

export const TelehealthLink = component(
  'TelehealthLink',
  strictObject(
    {
      link: Nullable(
        Type.String({
          pattern: '^https://[^\\s<>"]+$',
          maxLength: 500,
          description: 'Kept sealed, because whoever has it can join.',
          examples: ['https://video.example/rooms/harbor'],
        }),
      ),
    },
    {
      description: 'Where the session is held; null takes the link away.',
      examples: [{ link: 'https://video.example/rooms/harbor' }],
    },
  ),
)

export type NewCheckIn = Static<typeof NewCheckIn>
export type CheckIn = Static<typeof CheckIn>
export type CheckInJudgment = Static<typeof CheckInJudgment>
export type OwnCheckIn = Static<typeof OwnCheckIn>
export type Telehealth = Static<typeof Telehealth>
