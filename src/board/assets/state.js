import { all, get } from './api.js'
import { addDays, daysFrom, mondayOf, todayIn } from './dates.js'

/** What the page knows. Filled by `openPractice`, and `calendar` by `loadCalendar`. */
export const state = {
  me: null,
  locations: [],
  location: null,
  clinicians: [],
  rooms: [],
  services: [],
  shown: { clinician: new Set(), room: new Set() },
  day: '',
  days: 5,
  calendar: null,
}

/** Clinicians start with those who are shown in a week without scrolling. */
const shownAtFirst = 3

export async function openPractice() {
  const [me, locations, staff, services] = await Promise.all([
    get('/v1/me'),
    all('/v1/locations', { status: 'active' }),
    all('/v1/staff-members', { role: 'clinician', status: 'active' }),
    all('/v1/services', { status: 'active' }),
  ])
  const clinicians = staff.toSorted((a, b) => a.displayName.localeCompare(b.displayName))
  Object.assign(state, { me, locations, clinicians, services })
  const own = clinicians.find(({ id }) => id === me.staffMember?.id)
  state.shown.clinician = new Set((own ? [own] : clinicians.slice(0, shownAtFirst)).map(({ id }) => id))
  await chooseLocation(locations[0]?.id)
}

export async function chooseLocation(id) {
  state.location = state.locations.find(location => location.id === id) ?? null
  state.rooms = id ? await all(`/v1/locations/${id}/rooms`, { status: 'active' }) : []
  state.shown.room = new Set()
  state.day ||= todayIn(zone())
}

/** The zone in which the board shows days and times. */
export const zone = () => state.location?.timeZone ?? state.me.practice.timeZone

export const firstDay = () => (state.days === 1 ? state.day : mondayOf(state.day))

export const shownDays = () => daysFrom(firstDay(), state.days)

export const may = permission => state.me.permissions.includes(permission)

let asked = 0

/** @returns whether it is still what was asked for last */
export async function loadCalendar() {
  const own = ++asked
  const { clinician, room } = state.shown
  const calendar = await get('/v1/calendar', {
    from: firstDay(),
    until: addDays(firstDay(), state.days - 1),
    timeZone: zone(),
    ...(clinician.size + room.size > 0 && { clinicianIds: [...clinician], roomIds: [...room] }),
  })
  if (own !== asked) return false
  state.calendar = calendar
  // Nobody was chosen: everybody is shown, as the API does it.
  if (clinician.size + room.size === 0) state.shown.clinician = new Set(calendar.clinicianIds)
  return true
}

const nameIn = (list, id, other) => list.find(entry => entry.id === id)?.displayName ?? other

export const clinicianName = id => nameIn(state.clinicians, id, 'a colleague')
export const roomName = id => state.rooms.find(room => room.id === id)?.name ?? 'a room'
export const serviceName = id => state.services.find(service => service.id === id)?.name ?? 'a service'
export const resourceName = ({ kind, id }) => (kind === 'room' ? roomName(id) : clinicianName(id))
