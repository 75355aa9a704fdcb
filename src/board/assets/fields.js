import { el, field, select } from './dom.js'
import { state } from './state.js'

// Fields that several dialogs have.

const modes = [
  ['in_person', 'In person'],
  ['telehealth', 'Telehealth'],
]

const reasons = [
  ['schedule_conflict', 'Another appointment'],
  ['illness', 'Illness'],
  ['travel', 'Travel'],
  ['emergency', 'Emergency'],
  ['weather', 'Weather'],
  ['clinician_unavailable', 'Clinician is away'],
  ['room_unavailable', 'Room cannot be used'],
  ['booking_error', 'Booked in error'],
  ['not_needed', 'Not needed any more'],
  ['other', 'Something else'],
]

export const serviceField = isOffered =>
  field(
    'Service',
    select(
      'serviceId',
      state.services.filter(isOffered).map(({ id, name }) => [id, name]),
    ),
  )

export const clinicianField = (first = []) =>
  field(
    'Clinician',
    select('clinicianId', [...first, ...state.clinicians.map(({ id, displayName }) => [id, displayName])]),
  )

export const roomField = (first = []) =>
  field('Room', select('roomId', [...first, ...state.rooms.map(({ id, name }) => [id, name])]))

export const modeField = () => field('How', select('mode', modes))

export const whyFields = () =>
  el(
    'div',
    { class: 'row' },
    field('Why', select('reasonCode', reasons)),
    field(
      'Asked for by',
      select('by', [
        ['client', 'Client'],
        ['practice', 'Practice'],
      ]),
    ),
  )

/** Where and how, as the API takes it: telehealth has neither location nor room. */
export const placeOf = ({ mode, roomId }) =>
  mode === 'telehealth' ? { mode } : { mode, locationId: state.location.id, ...(roomId && { roomId }) }
