import { signIn, signOut } from './api.js'
import { isMovable, moveAppointment, openAppointment } from './appointment.js'
import { openBooking } from './booking.js'
import { addDays, todayIn } from './dates.js'
import { byId, el, option, valuesOf, whileBusy } from './dom.js'
import { openIntensive, openIntensiveOf } from './intensive.js'
import { makeMovable } from './move.js'
import { orOverbook } from './overbook.js'
import { openSeries } from './series.js'
import { chooseLocation, loadCalendar, may, openPractice, state, zone } from './state.js'
import { openOffers, openWaitlist, whatIsOffered } from './waitlist.js'
import { drawWeek, hours } from './week.js'
import { titleOf, wordsFor } from './words.js'

const calendar = byId('calendar')
const stepMinutes = 15
const on = (id, name, listener) => byId(id).addEventListener(name, listener)

/** How to take back what was done last, if it can be. */
let takeBack = null

/** Says what happened, with a way back where there is one. */
function say(text, undo) {
  byId('alert').textContent = ''
  byId('said').querySelector('span').textContent = text
  byId('undo').hidden = !undo
  takeBack = undo ?? null
}

async function refuse(error) {
  const words = await wordsFor(error)
  say('')
  byId('alert').textContent = words
}

/** Does something that changes the calendar, and shows it as it is then, whether it worked or not. */
async function take(work, words) {
  try {
    const { undo } = (await work()) ?? {}
    await done(words, { undo, freed: true })
  } catch (error) {
    await show()
    await refuse(error)
  }
}

async function show() {
  calendar.setAttribute('aria-busy', 'true')
  try {
    const offered = openOffers().catch(() => offers)
    if (!(await loadCalendar())) return
    drawWeek(calendar, { mayMove: isMovable })
    drawChoices()
    byId('day').value = state.day
    drawOffers(await offered)
  } catch (error) {
    await refuse(error)
  } finally {
    calendar.removeAttribute('aria-busy')
  }
}

function drawChoices() {
  const draw = (id, kind, list, nameOf) => {
    const field = byId(id)
    const focused = field.contains(document.activeElement) && document.activeElement.value
    const boxes = list.map(entry =>
      el(
        'label',
        {},
        el('input', {
          type: 'checkbox',
          value: entry.id,
          'data-kind': kind,
          checked: state.shown[kind].has(entry.id),
        }),
        el('span', {}, nameOf(entry)),
      ),
    )
    field.replaceChildren(field.querySelector('legend'), ...boxes)
    if (focused) field.querySelector(`[value="${focused}"]`)?.focus()
  }
  draw('clinicians', 'clinician', state.clinicians, ({ displayName }) => displayName)
  draw('rooms', 'room', state.rooms, ({ name }) => name)
  byId('rooms').hidden = state.rooms.length === 0
}

/** Offers as they were when the calendar was drawn last. */
let offers = []

function drawOffers(list) {
  offers = list
  byId('waitlist').textContent = list.length > 0 ? `Waitlist (${list.length})` : 'Waitlist'
}

/** @param freed says that an hour may have become free, which somebody may be offered who waits */
async function done(words, { undo, freed = false } = {}) {
  const before = offers
  sayOffered('')
  await show()
  say(words, undo)
  // Nobody waits for that: what is offered is told when it is.
  if (freed) whatIsOffered(before).then(sayOffered, () => {})
}

async function sayOffered(words) {
  byId('offered').querySelector('span').textContent = words
  byId('show-offers').hidden = words === ''
  if (words) drawOffers(await openOffers())
}

async function begin() {
  await openPractice()
  const { me, locations } = state
  byId('practice').textContent = me.practice.name
  byId('practice').title = me.practice.name
  byId('location').replaceChildren(...locations.map(({ id, name }) => option([id, name])))
  byId('location').hidden = locations.length === 0
  byId('actions').hidden = !may('appointments:write')
  byId('sign-in').reset()
  byId('sign-in').hidden = true
  byId('board').hidden = false
  await show()
  calendar.focus()
}

on('sign-in', 'submit', async event => {
  event.preventDefault()
  const form = event.currentTarget
  const fault = form.querySelector('.fault')
  fault.textContent = ''
  await whileBusy(form.querySelector('button'), async () => {
    try {
      const answer = await signIn(valuesOf(form))
      if (answer.status === 'signed_in') return await begin()
      fault.textContent = missing[answer.status]
      if (answer.status === 'mfa_required') form.elements.totp.focus()
      else choosePractice(form.elements.practiceId, answer.practices)
    } catch (error) {
      fault.textContent = await wordsFor(error)
    }
  })
})

const missing = {
  mfa_required: 'Enter the one-time code of your authenticator app too.',
  practice_choice: 'Choose the practice too.',
}

function choosePractice(field, practices) {
  field.replaceChildren(...practices.map(({ id, name }) => option([id, name])))
  field.closest('label').hidden = false
  field.focus()
}

const turn = step => () => {
  state.day = addDays(state.day, state.days === 1 ? step : 7 * step)
  return show()
}
on('earlier', 'click', turn(-1))
on('later', 'click', turn(1))
on('today', 'click', () => {
  state.day = todayIn(zone())
  return show()
})
on('day', 'change', ({ target }) => {
  if (!target.value) return
  state.day = target.value
  show()
})
on('days', 'change', ({ target }) => {
  state.days = Number(target.value)
  show()
})
on('refresh', 'click', show)
on('location', 'change', async ({ target }) => {
  await chooseLocation(target.value)
  await show()
})
on('board', 'change', ({ target }) => {
  const { kind } = target.dataset
  if (!kind) return
  state.shown[kind][target.checked ? 'add' : 'delete'](target.value)
  show()
})
on('sign-out', 'click', async () => {
  await signOut()
  location.reload()
})

on('undo', 'click', ({ currentTarget }) => whileBusy(currentTarget, () => take(takeBack, 'Taken back.')))
on('book', 'click', () => openBooking({ day: state.day }, done))
on('series', 'click', () => openSeries({ day: state.day }, done))
on('intensive', 'click', () => openIntensive({ day: state.day }, done))
on('waitlist', 'click', () => openWaitlist(done))
on('show-offers', 'click', () => openWaitlist(done))

makeMovable(calendar, {
  say,
  drop(entry, { day, minute, lane }) {
    const inRoom = { mode: 'in_person', locationId: state.location?.id, roomId: lane.id }
    const place = lane.kind === 'room' ? inRoom : { clinicianId: lane.id }
    const move = more => moveAppointment(entry, { day, minute, ...place, ...more })
    return take(() => orOverbook(move), `Moved: ${titleOf(entry)}.`)
  },
})

calendar.addEventListener('click', event => {
  const button = event.target.closest('.entry')
  if (button) return openEntry(state.calendar.entries.find(({ id }) => id === button.dataset.id))
  const lane = event.target.closest('.lane')
  const body = event.target.closest('.hours')
  if (!lane || !body || !may('appointments:write')) return
  const box = body.getBoundingClientRect()
  const minute = hours.from + ((event.clientY - box.top) / box.height) * (hours.to - hours.from)
  const { day, kind, id } = lane.dataset
  openBooking({ day, minute: Math.floor(minute / stepMinutes) * stepMinutes, lane: { kind, id } }, done)
})

function openEntry(entry) {
  if (entry.kind === 'intensive_block') return openIntensiveOf(entry, done)
  return openAppointment(entry, done)
}
