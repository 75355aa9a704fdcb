import { call } from './api.js'
import { clock, instantOf, minuteOn } from './dates.js'
import { el, field, openDialog, valuesOf, whileBusy } from './dom.js'
import { clinicianField, placeOf, roomField, whyFields } from './fields.js'
import { orOverbook } from './overbook.js'
import { seriesPart } from './series.js'
import { may, serviceName, zone } from './state.js'
import { entryWords, titleOf, wordsFor } from './words.js'

/** Whether it can be moved at all, as far as the board knows; the API has the last word. */
export const isMovable = ({ kind, status }) =>
  kind === 'appointment' && may('appointments:write') && (status === 'scheduled' || status === 'confirmed')

/**
 * Moves an appointment to another time, clinician or room.
 *
 * @param to `{ day, minute, clinicianId?, mode?, roomId? }`, and what overbooking adds
 * @returns the appointment, and `undo`, which moves it back
 * @throws Refusal
 */
export async function moveAppointment(entry, { day, minute, ...place }) {
  const before = {
    startsAt: entry.startsAt,
    clinicianId: entry.clinicianIds[0],
    mode: entry.mode,
    ...(entry.mode === 'in_person' && { locationId: entry.locationId, roomId: entry.roomId }),
  }
  const body = { startsAt: instantOf(day, minute, zone()), ...place }
  const url = `/v1/appointments/${entry.id}`
  const moved = await call('PATCH', url, { version: entry.version, body })
  return { moved, undo: () => call('PATCH', url, { version: moved.version, body: before }) }
}

/** What is booked, with everything that the front desk does to it. */
export function openAppointment(entry, done) {
  const { body, refuse, close } = openDialog(titleOf(entry))
  body.append(el('p', {}, entryWords(entry)), el('p', {}, serviceName(entry.serviceId)))
  if (entry.kind !== 'appointment' || !may('appointments:write')) return

  const url = `/v1/appointments/${entry.id}`
  /** A step that changes it; the board is drawn anew. */
  const step = (label, method, path, words, { make = () => undefined, freed = false } = {}) => {
    const button = el('button', { type: 'button' }, label)
    button.addEventListener('click', () =>
      whileBusy(button, async () => {
        try {
          await call(method, `${url}/${path}`, { version: entry.version, body: make() })
          close()
          done(words, { freed })
        } catch (error) {
          refuse(await wordsFor(error))
        }
      }),
    )
    return button
  }

  if (isMovable(entry)) body.append(moveForm())
  const steps = {
    scheduled: ['confirm', 'arrive', 'cancel'],
    confirmed: ['arrive', 'cancel'],
    arrived: ['start', 'cancel'],
  }[entry.status]
  const buttons = {
    confirm: () => step('Confirm', 'POST', 'confirmation', 'Confirmed.'),
    arrive: () => step('Has arrived', 'POST', 'arrival', 'The arrival is recorded.'),
    start: () => step('Session begins', 'POST', 'start', 'The session has begun.', { make: () => ({}) }),
    cancel: () => null,
  }
  const named = (steps ?? []).map(name => buttons[name]()).filter(Boolean)
  if (named.length > 0) body.append(el('div', { class: 'row' }, named))
  if (steps?.includes('cancel')) body.append(cancelForm())
  if (entry.partOf) body.append(seriesPart(entry, { refuse, close, done }))

  function moveForm() {
    const [day] = entry.localStart.split('T')
    const move = el('button', { class: 'main', type: 'submit' }, 'Move')
    const form = el(
      'form',
      {},
      el('h3', {}, 'Move'),
      el(
        'div',
        { class: 'row' },
        field('Day', 'date', { name: 'day', required: true, value: day }),
        field('Starts', 'time', {
          name: 'time',
          required: true,
          value: clock(minuteOn(day, entry.localStart)),
        }),
      ),
      el('div', { class: 'row' }, clinicianField(), entry.mode === 'in_person' && roomField([['', 'None']])),
      move,
    )
    form.elements.clinicianId.value = entry.clinicianIds[0]
    if (entry.mode === 'in_person') form.elements.roomId.value = entry.roomId ?? ''
    form.addEventListener('submit', event => {
      event.preventDefault()
      whileBusy(move, async () => {
        try {
          const { day, time, clinicianId, roomId } = valuesOf(form)
          const place = entry.mode === 'in_person' ? { ...placeOf(entry), roomId: roomId ?? null } : {}
          const minute = minuteOn(day, `${day}T${time}`)
          const to = { day, minute, clinicianId, ...place }
          const { undo } = await orOverbook(more => moveAppointment(entry, { ...to, ...more }))
          close()
          done(`Moved: ${titleOf(entry)}.`, { undo, freed: true })
        } catch (error) {
          refuse(await wordsFor(error))
        }
      })
    })
    return form
  }

  function cancelForm() {
    const fields = whyFields()
    const form = el('form', {}, fields)
    const button = step('Cancel the appointment', 'POST', 'cancellation', `Canceled: ${titleOf(entry)}.`, {
      make: () => valuesOf(form),
      freed: true,
    })
    form.append(button)
    return el('details', {}, el('summary', {}, 'Cancel'), form)
  }
}
