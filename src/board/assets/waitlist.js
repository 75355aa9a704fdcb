import { all, call, get } from './api.js'
import { wallClockOf, whenOf } from './dates.js'
import { el, openDialog, whileBusy } from './dom.js'
import { clinicianName, may, serviceName, zone } from './state.js'
import { wordsFor } from './words.js'

const base = '/v1/waitlist-offers'

/** A job makes the offers, some moments after an hour became free. */
const looksAfterMs = [1_000, 2_000, 4_000, 8_000]

/** Offers that wait for an answer: who is to be called. */
export const openOffers = async () =>
  may('appointments:read') ? (await get(base, { status: 'open', limit: 50 })).data : []

/** @returns what was offered since, in words; nothing when that takes more than some seconds */
export async function whatIsOffered(before) {
  const known = new Set(before.map(({ id }) => id))
  for (const wait of looksAfterMs) {
    await new Promise(next => setTimeout(next, wait))
    const [offer] = (await openOffers()).filter(({ id }) => !known.has(id))
    if (offer) return `The freed time is offered: ${await offerWords(offer)}.`
  }
  return ''
}

async function offerWords({ waitlistEntryId, opening, expiresAt }) {
  const { displayName } = await get(`/v1/waitlist-entries/${waitlistEntryId}`)
  const { slot } = opening
  const what = slot
    ? `${whenOf(wallClockOf(slot.startsAt, slot.timeZone))}, ${clinicianName(slot.clinicianId)}`
    : 'a seat in a group'
  return `${displayName ?? 'somebody'}, ${what}, until ${whenOf(wallClockOf(expiresAt, zone()))}`
}

/** Offers with their answers, and who waits. */
export async function openWaitlist(done) {
  const { body, refuse, close } = openDialog('Waitlist')
  const draw = async () => {
    const [offers, waiting] = await Promise.all([
      openOffers(),
      all('/v1/waitlist-entries', { status: 'waiting' }),
    ])
    const lines = await Promise.all(offers.map(offerLine))
    body.replaceChildren(
      el('h3', {}, 'Offered'),
      lines.length > 0 ? el('ul', { class: 'lines' }, lines) : el('p', {}, 'Nothing is offered just now.'),
      el('h3', {}, 'Waiting, in their turn'),
      waiting.length > 0
        ? el(
            'ol',
            {},
            waiting.map(entry => el('li', {}, entryWords(entry))),
          )
        : el('p', {}, 'Nobody waits.'),
    )
  }

  async function offerLine(offer) {
    return el(
      'li',
      {},
      el('span', {}, await offerWords(offer)),
      may('appointments:write') && answer(offer, 'Accepted', 'acceptance', 'They are booked.'),
      may('appointments:write') && answer(offer, 'Declined', 'refusal', 'The next have their turn.'),
    )
  }

  /** What somebody said when they were called. */
  function answer({ id, version }, label, path, words) {
    const button = el('button', { type: 'button', class: path === 'acceptance' ? 'main' : null }, label)
    button.addEventListener('click', () =>
      whileBusy(button, async () => {
        try {
          await call('POST', `${base}/${id}/${path}`, { version, key: crypto.randomUUID() })
          close()
          done(words)
        } catch (error) {
          refuse(await wordsFor(error))
        }
      }),
    )
    return button
  }

  await draw().catch(async error => refuse(await wordsFor(error)))
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

const entryWords = ({ displayName, serviceId, clinicianIds, weekdays, priority }) =>
  [
    displayName ?? 'Somebody',
    serviceId ? serviceName(serviceId) : 'a seat in a group',
    clinicianIds.map(clinicianName).join(' or '),
    weekdays.map(day => days[day - 1]).join(' '),
    priority,
  ]
    .filter(Boolean)
    .join(', ')
