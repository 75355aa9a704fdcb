import { call, get } from './api.js'
import { dayName } from './dates.js'
import { el, field, openDialog, select, valuesOf, whileBusy } from './dom.js'
import { clinicianField, modeField, placeOf, roomField, serviceField, whyFields } from './fields.js'
import { rhythms, ruleOf } from './repeat.js'
import { subjectOf, whoField } from './who.js'
import { busyWords, wordsFor } from './words.js'

const base = '/v1/appointment-series'

/** What is in the way is looked up for the first dates only. */
const lookedUp = 8

const standings = {
  free: 'free',
  booked: 'booked',
  kept: 'stays as it is',
  canceled: 'canceled',
  closed: 'closed that day',
  paused: 'paused',
  unavailable: 'not possible',
}

const clashField = () =>
  field(
    'When a date is taken',
    select('onClash', [
      ['refuse', 'Book nothing at all'],
      ['leave_out', 'Leave that date out'],
    ]),
  )

/** Previews a series with its conflicts, and books it. */
export function openSeries(at, done) {
  const { body, say, refuse, close } = openDialog('Book a series')
  const dates = el('div', {
    class: 'dates',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Dates',
    hidden: true,
  })
  const preview = el('button', { type: 'button' }, 'Preview')
  const book = el('button', { class: 'main', type: 'submit' }, 'Book the series')
  const form = el(
    'form',
    {},
    whoField(refuse),
    el('div', { class: 'row' }, serviceField(isForOnes), modeField()),
    el('div', { class: 'row' }, clinicianField(), roomField([['', 'None']])),
    el(
      'div',
      { class: 'row' },
      field('First day', 'date', { name: 'firstOn', required: true, value: at.day }),
      field('Starts', 'time', { name: 'time', required: true, value: '09:00' }),
      field('Repeats', select('rhythm', rhythms)),
      field('Times', 'number', { name: 'times', min: 1, max: 500, placeholder: 'goes on' }),
    ),
    clashField(),
    el('div', { class: 'row' }, preview, book),
    dates,
  )
  body.append(form)
  const attempt = attempts(refuse)
  preview.addEventListener('click', () => {
    if (!form.reportValidity()) return
    attempt(preview, async () => {
      const plan = await call('POST', `${base}/preview`, { body: seriesOf(valuesOf(form)) })
      dates.hidden = false
      dates.replaceChildren(await tableOf(plan.dates))
      say(countWords(plan.dates))
    })
  })
  form.addEventListener('submit', event => {
    event.preventDefault()
    attempt(book, async () => {
      const plan = await call('POST', base, { body: seriesOf(valuesOf(form)), key: crypto.randomUUID() })
      close()
      done(`${plan.series.displayName ?? 'The series'}: ${countWords(plan.dates)}`)
    })
  })
}

const isForOnes = ({ kind }) => kind === 'individual' || kind === 'couple'

function seriesOf({ who, serviceId, mode, clinicianId, roomId, firstOn, time, rhythm, times, onClash }) {
  return {
    ...subjectOf(who),
    serviceId,
    clinicianId,
    ...placeOf({ mode, roomId }),
    rule: ruleOf({ rhythm, firstOn, times }),
    firstOn,
    time,
    onClash,
  }
}

const attempts = refuse => (button, work) =>
  whileBusy(button, async () => {
    try {
      await work()
    } catch (error) {
      refuse(await wordsFor(error, ({ date }) => dayName(date)))
    }
  })

function countWords(dates) {
  const count = (...those) => dates.filter(({ standing }) => those.includes(standing)).length
  const good = count('free', 'booked')
  const rest = dates.length - good - count('kept', 'canceled')
  const canceled = count('canceled')
  return [
    `${good} ${good === 1 ? 'date' : 'dates'} ${count('free') > 0 ? 'free' : 'booked'}`,
    rest > 0 && `${rest} left out`,
    canceled > 0 && `${canceled} canceled`,
  ]
    .filter(Boolean)
    .join(', ')
    .concat('.')
}

async function tableOf(dates) {
  const busy = dates.filter(({ standing }) => standing === 'busy')
  const told = new Map(
    await Promise.all(
      busy.map(async ({ date, resource, clashesWithId }, index) => [
        date,
        await busyWords({
          resource: resource ?? 'unspecified',
          appointmentId: index < lookedUp ? clashesWithId : null,
        }),
      ]),
    ),
  )
  const rows = dates.map(({ date, localStart, standing }) =>
    el(
      'tr',
      { class: standing === 'busy' ? 'clash' : null },
      el('th', { scope: 'row' }, `${dayName(date)}, ${localStart.slice(11, 16)}`),
      el('td', {}, told.get(date) ?? standings[standing]),
    ),
  )
  const head = el('tr', {}, el('th', { scope: 'col' }, 'Date'), el('th', { scope: 'col' }, 'How it stands'))
  return el('table', {}, el('thead', {}, head), el('tbody', {}, rows))
}

/**
 * Changing or canceling the dates of a series from this one on, or all to come, as a part of an appointment's dialog.
 * This one alone is moved and canceled as any appointment is.
 */
export function seriesPart(entry, { refuse, close, done }) {
  const url = `${base}/${entry.partOf.id}`
  const attempt = attempts(refuse)
  const preview = el('button', { type: 'button' }, 'Preview')
  const change = el('button', { class: 'main', type: 'button' }, 'Change them')
  const cancel = el('button', { type: 'button' }, 'Cancel them')
  const dates = el('div', {
    class: 'dates',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Dates',
    hidden: true,
  })
  const form = el(
    'form',
    {},
    el(
      'div',
      { class: 'row' },
      field(
        'Which dates',
        select('which', [
          ['following', 'This one and the following'],
          ['all', 'All to come'],
        ]),
      ),
      field('Starts', 'time', { name: 'time', value: entry.localStart.slice(11) }),
      clinicianField([['', 'As now']]),
      entry.mode === 'in_person' && roomField([['', 'As now']]),
    ),
    clashField(),
    whyFields(),
    el('div', { class: 'row' }, preview, change, cancel),
    dates,
  )
  form.addEventListener('submit', event => event.preventDefault())

  /** What was changed meanwhile counts too: the series is read when it is needed. */
  async function standing() {
    const [{ version, time }, appointment] = await Promise.all([
      get(url),
      get(`/v1/appointments/${entry.id}`),
    ])
    return { version, time, date: appointment.series?.date }
  }
  function bodyFor({ time: before, date }) {
    const { which, time, clinicianId, roomId, onClash, reasonCode, by } = valuesOf(form)
    return {
      ...(which === 'following' && date && { from: date }),
      ...(time !== before && { time }),
      ...(clinicianId && { clinicianId }),
      ...(roomId && { roomId }),
      onClash,
      reasonCode,
      by,
    }
  }
  preview.addEventListener('click', () =>
    attempt(preview, async () => {
      const now = await standing()
      const plan = await call('POST', `${url}/change-preview`, { body: bodyFor(now) })
      dates.hidden = false
      dates.replaceChildren(await tableOf(plan.dates))
    }),
  )
  change.addEventListener('click', () =>
    attempt(change, async () => {
      const now = await standing()
      const plan = await call('PATCH', url, { version: now.version, body: bodyFor(now) })
      close()
      done(`The series is changed: ${countWords(plan.dates)}`)
    }),
  )
  cancel.addEventListener('click', () =>
    attempt(cancel, async () => {
      const now = await standing()
      const { from, reasonCode, by } = bodyFor(now)
      const body = { ...(from && { from }), reasonCode, by }
      const plan = await call('POST', `${url}/cancellation`, { version: now.version, body })
      close()
      done(`The series is canceled: ${countWords(plan.dates)}`)
    }),
  )
  return el('details', {}, el('summary', {}, 'The series it is part of'), form)
}
