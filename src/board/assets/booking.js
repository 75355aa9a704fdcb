import { call } from './api.js'
import { addDays, clock, instantOf, minuteOn, whenOf } from './dates.js'
import { el, field, openDialog, valuesOf, whileBusy } from './dom.js'
import { clinicianField, modeField, placeOf, roomField, serviceField } from './fields.js'
import { orOverbook } from './overbook.js'
import { clinicianName, roomName, state, zone } from './state.js'
import { subjectOf, whoField } from './who.js'
import { wordsFor } from './words.js'

const lookAheadDays = 13

/**
 * Finds a free time, keeps it for some minutes while the person makes up their mind, and books it.
 *
 * @param at a place of the board to begin with: `{ day, minute, lane }`
 * @param done gets what to say when something was booked
 */
export function openBooking(at, done) {
  let hold = null
  /** What is no longer wanted is free again before anything else is asked. */
  async function letGo() {
    const given = hold
    hold = null
    if (given) await call('DELETE', `/v1/slot-holds/${given.id}`).catch(() => {})
  }
  const { body, say, refuse, close } = openDialog('Book an appointment', { onClose: letGo })
  const slots = el('fieldset', { class: 'slots', hidden: true })
  const find = el('button', { class: 'main', type: 'submit' }, 'Find times')
  const form = el(
    'form',
    {},
    whoField(refuse),
    el(
      'div',
      { class: 'row' },
      serviceField(({ kind }) => kind !== 'group'),
      modeField(),
    ),
    el('div', { class: 'row' }, clinicianField([['', 'Anyone']]), roomField([['', 'Any that fits']])),
    el(
      'div',
      { class: 'row' },
      field('From', 'date', { name: 'from', required: true, value: at.day }),
      field('Until', 'date', {
        name: 'until',
        required: true,
        value: at.lane ? at.day : addDays(at.day, lookAheadDays),
      }),
      field('Not before', 'time', { name: 'earliest', value: at.lane ? clock(at.minute) : '' }),
      field('Ends by', 'time', { name: 'latest' }),
    ),
    find,
  )
  if (at.lane) form.elements[`${at.lane.kind}Id`].value = at.lane.id
  form.append(exactPart())
  body.append(form, slots)

  form.addEventListener('submit', event => {
    event.preventDefault()
    whileBusy(find, async () => {
      await letGo()
      try {
        const wish = valuesOf(form)
        const found = await call('POST', '/v1/slots/search', { body: searchOf(wish) })
        showSlots(found.slots, wish)
        say(
          found.slots.length === 0
            ? 'No time was found: widen the search.'
            : `${found.slots.length} times are free.`,
        )
      } catch (error) {
        refuse(await wordsFor(error))
      }
    })
  })
  form.addEventListener('input', () => {
    slots.hidden = true
    letGo()
  })

  /** A time that the search does not offer: outside of the hours, or over something else. */
  function exactPart() {
    const book = el('button', { type: 'button' }, 'Book exactly then')
    book.addEventListener('click', () => {
      if (!form.reportValidity()) return
      whileBusy(book, async () => {
        await letGo()
        try {
          await bookExactly(valuesOf(form))
        } catch (error) {
          refuse(await wordsFor(error))
        }
      })
    })
    return el(
      'details',
      {},
      el('summary', {}, 'At a time that is not offered'),
      el(
        'div',
        { class: 'row' },
        field('On', 'date', { name: 'exactDay', required: true, value: at.day }),
        field('At', 'time', {
          name: 'exactTime',
          required: true,
          value: at.lane ? clock(at.minute) : '09:00',
        }),
        book,
      ),
    )
  }

  async function bookExactly({ who, serviceId, mode, clinicianId, roomId, exactDay, exactTime }) {
    if (!clinicianId) return refuse('Choose the clinician first.')
    const wanted = {
      ...subjectOf(who),
      serviceId,
      clinicianId,
      ...placeOf({ mode, roomId }),
      startsAt: instantOf(exactDay, minuteOn(exactDay, `${exactDay}T${exactTime}`), zone()),
    }
    const { displayName, localStart, overbooked } = await orOverbook(more =>
      call('POST', '/v1/appointments', { body: { ...wanted, ...more }, key: crypto.randomUUID() }),
    )
    close()
    done(
      `${displayName ?? 'The appointment'} is ${overbooked ? 'overbooked' : 'booked'}: ${whenOf(localStart)}.`,
    )
  }

  function showSlots(found, wish) {
    slots.hidden = found.length === 0
    const list = el(
      'div',
      { class: 'choices' },
      found.map(slot => choiceOf(slot, () => keep(slot, wish))),
    )
    slots.replaceChildren(el('legend', {}, 'Free times'), list)
    list.querySelector('button')?.focus()
  }

  async function keep(slot, wish) {
    await letGo()
    try {
      hold = await call('POST', '/v1/slot-holds', { body: bodyOf(slot, wish), key: crypto.randomUUID() })
      confirm(slot, wish)
      say(`${slotWords(slot)} is kept for you until ${timeOf(hold.expiresAt)}.`)
    } catch (error) {
      refuse(await wordsFor(error))
    }
  }

  function confirm(slot, wish) {
    const book = el('button', { class: 'main', type: 'button' }, 'Book this time')
    const back = el('button', { type: 'button' }, 'Look for another')
    const key = crypto.randomUUID()
    book.addEventListener('click', () => whileBusy(book, () => bookSlot(slot, wish, key)))
    back.addEventListener('click', () => {
      letGo()
      find.focus()
      slots.hidden = true
    })
    slots.replaceChildren(el('legend', {}, slotWords(slot)), el('div', { class: 'row' }, book, back))
    book.focus()
  }

  async function bookSlot(slot, wish, key) {
    try {
      const { clinicianIds, ...rest } = bodyOf(slot, wish)
      const body = { ...rest, clinicianId: clinicianIds[0], slotHoldId: hold.id }
      const appointment = await call('POST', '/v1/appointments', { body, key })
      hold = null
      close()
      done(`${appointment.displayName ?? 'The appointment'} is booked: ${slotWords(slot)}.`)
    } catch (error) {
      refuse(await wordsFor(error))
    }
  }
}

function searchOf({ who, serviceId, mode, clinicianId, roomId, from, until, earliest, latest }) {
  const inPerson = mode === 'in_person' && {
    locationIds: [state.location.id],
    ...(roomId && { roomIds: [roomId] }),
  }
  return {
    ...subjectOf(who),
    serviceId,
    mode,
    ...inPerson,
    ...(clinicianId && { clinicianIds: [clinicianId] }),
    from,
    until,
    ...(earliest && { earliest }),
    ...(latest && { latest }),
    order: from === until ? 'first_available' : 'spread_out',
    limit: 30,
  }
}

const bodyOf = ({ clinicianIds, roomId, startsAt }, { who, serviceId, mode }) => ({
  ...subjectOf(who),
  serviceId,
  clinicianIds,
  ...placeOf({ mode, roomId }),
  startsAt,
})

const slotWords = ({ localStart, clinicianIds, roomId }) =>
  [whenOf(localStart), clinicianIds.map(clinicianName).join(' and '), roomId && roomName(roomId)]
    .filter(Boolean)
    .join(', ')

const choiceOf = (slot, onclick) => el('button', { type: 'button', onclick }, slotWords(slot))

const timeOf = instant =>
  new Intl.DateTimeFormat('en-US', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(instant),
  )
