import { clock, longDay, minuteOn } from './dates.js'
import { el } from './dom.js'
import { clinicianName, resourceName, roomName, shownDays, state } from './state.js'
import { entryWords, statusWords, titleOf } from './words.js'

const hour = 60

/** Minutes of the day between which the board is drawn: eight to six, and more where something lies outside. */
export let hours = { from: 8 * hour, to: 18 * hour }

/** Draws the days with a lane for each clinician and room, and keeps the focus where it was. */
export function drawWeek(container, { mayMove }) {
  const focused = document.activeElement?.closest?.('.entry')?.dataset
  hours = hoursOf(state.calendar)
  const days = shownDays()
  container.replaceChildren(axis(), ...days.map(day => dayOf(day, mayMove)))
  container.style.setProperty('--length', String(hours.to - hours.from))
  if (focused) entryIn(container, focused.id, focused.lane)?.focus()
}

/** The button of an entry in a lane, or in any where it is no longer in that one. */
export const entryIn = (container, id, lane) =>
  container.querySelector(`.entry[data-id="${id}"][data-lane="${lane}"]`) ??
  container.querySelector(`.entry[data-id="${id}"]`)

function hoursOf({ entries, working }) {
  const spans = shownDays().flatMap(day =>
    [...entries, ...working].map(({ localStart, localEnd }) => [
      minuteOn(day, localStart),
      minuteOn(day, localEnd),
    ]),
  )
  const within = spans.filter(([from, to]) => to > 0 && from < 24 * hour)
  const first = Math.min(8 * hour, ...within.map(([from]) => Math.max(0, from)))
  const last = Math.max(18 * hour, ...within.map(([, to]) => Math.min(24 * hour, to)))
  return { from: Math.floor(first / hour) * hour, to: Math.ceil(last / hour) * hour }
}

function axis() {
  const marks = []
  for (let minute = hours.from; minute < hours.to; minute += hour)
    marks.push(el('span', { '--from': minute - hours.from }, clock(minute)))
  return el('div', { class: 'axis', 'aria-hidden': 'true' }, marks)
}

function dayOf(day, mayMove) {
  const { clinician, room } = state.shown
  const lanes = [
    ...state.clinicians.filter(({ id }) => clinician.has(id)).map(({ id }) => ({ kind: 'clinician', id })),
    ...state.rooms.filter(({ id }) => room.has(id)).map(({ id }) => ({ kind: 'room', id })),
  ]
  return el(
    'section',
    { class: 'day', 'aria-label': longDay(day) },
    el('h2', {}, longDay(day)),
    el(
      'div',
      { class: 'lanes' },
      lanes.map(lane => laneOf(day, lane, mayMove)),
    ),
  )
}

function laneOf(day, lane, mayMove) {
  const { entries, busy, working } = state.calendar
  const ofLane = span => (lane.kind === 'room' ? span.roomId : span.clinicianId) === lane.id
  const ofEntry = entry =>
    lane.kind === 'room' ? entry.roomId === lane.id : entry.clinicianIds.includes(lane.id)
  const spans = (list, name, words) =>
    list
      .filter(ofLane)
      .flatMap(span => placed(day, span).map(place => el('div', { class: name, ...place }, words)))
  const shown = entries.filter(ofEntry).flatMap(entry => placed(day, entry).map(place => ({ entry, place })))
  return el(
    'div',
    { class: `lane ${lane.kind}`, 'data-day': day, 'data-kind': lane.kind, 'data-id': lane.id },
    el('h3', {}, resourceName(lane)),
    el(
      'div',
      { class: 'hours' },
      spans(working, 'working', null),
      spans(busy, 'busy', 'Taken'),
      el(
        'ol',
        { 'aria-label': `${resourceName(lane)}, ${longDay(day)}` },
        shown.map(({ entry, place }, index) => {
          const beside = shown.slice(0, index).filter(other => endOf(other.place) > place['--from']).length
          return el('li', { ...place, '--beside': beside }, buttonOf(entry, lane, mayMove(entry)))
        }),
      ),
    ),
  )
}

/** Where a span lies on a day; nowhere when it does not touch it. */
function placed(day, { localStart, localEnd }) {
  const [from, until] = [
    Math.max(minuteOn(day, localStart), hours.from),
    Math.min(minuteOn(day, localEnd), hours.to),
  ]
  return until > from ? [placeOf(from, until)] : []
}

export const placeOf = (from, until) => ({ '--from': from - hours.from, '--for': until - from })

const endOf = place => place['--from'] + place['--for']

function buttonOf(entry, lane, isMovable) {
  const { id, kind, status, localStart, overbooked, mode, roomId, clinicianIds } = entry
  const other = lane.kind === 'room' ? clinicianIds.map(clinicianName).join(', ') : roomId && roomName(roomId)
  return el(
    'button',
    {
      type: 'button',
      class: `entry ${kind} ${status}${overbooked ? ' overbooked' : ''}${isMovable ? ' movable' : ''}`,
      'data-id': id,
      'data-lane': lane.id,
      'aria-label': entryWords(entry),
      'aria-keyshortcuts': isMovable ? 'Space' : null,
    },
    el('strong', {}, titleOf(entry)),
    el('span', {}, `${localStart.slice(11)} ${mode === 'telehealth' ? 'telehealth' : (other ?? '')}`),
    status === 'scheduled' || status === 'booked' ? null : el('em', {}, statusWords(status)),
  )
}
