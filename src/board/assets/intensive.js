import { all, call, get } from './api.js'
import { addDays, dayName, todayIn, whenOf } from './dates.js'
import { el, field, openDialog, option, select, valuesOf, whileBusy } from './dom.js'
import { clinicianField, serviceField, whyFields } from './fields.js'
import { aftercarePart, moneyPart } from './intensive-parts.js'
import { clinicianName, may, roomName, state, zone } from './state.js'
import { subjectOf, whoField } from './who.js'
import { gateWords, statusWords, titleOf, wordsFor } from './words.js'

const base = '/v1/intensives'
const lookAheadDays = 27
const shownStanding = 12

const reasons = [
  ['', 'Do not go on'],
  ['recorded_elsewhere', 'It is recorded elsewhere'],
  ['not_needed', 'It is not needed'],
  ['clinical_judgment', 'Clinical judgment'],
  ['urgent', 'It is urgent'],
  ['other', 'Something else'],
]

/** What is said next; `scheduled` comes from booking. */
const nextSteps = {
  inquiry: 'screened',
  screened: 'contracted',
  contracted: 'deposit_due',
  scheduled: 'in_progress',
  completed: 'aftercare',
}

/** Before it is in progress it may be canceled as a whole. */
const cancelable = new Set(['inquiry', 'screened', 'contracted', 'deposit_due', 'scheduled'])

/** A new intensive, from the inquiry on, or one that is on its way. */
export function openIntensive(at, done) {
  const { body, refuse, close } = openDialog('Intensives')
  const standing = el('div', { class: 'choices' })
  listStanding().then(list =>
    standing.replaceChildren(
      ...list.map(({ id, status, title }) => {
        const button = el('button', { type: 'button' }, `${title}: ${statusWords(status)}`)
        button.addEventListener('click', async () => {
          const intensive = await get(`${base}/${id}`)
          close()
          showIntensive(intensive, { ...at, title }, done)
        })
        return button
      }),
    ),
  )
  const open = el('button', { class: 'main', type: 'submit' }, 'Open')
  const form = el(
    'form',
    {},
    whoField(refuse),
    el(
      'div',
      { class: 'row' },
      serviceField(({ kind }) => kind === 'intensive'),
      clinicianField(),
    ),
    el(
      'div',
      { class: 'row' },
      field('Price in dollars', 'number', { name: 'price', required: true, min: 0, step: '0.01' }),
      field('Deposit in dollars', 'number', { name: 'deposit', required: true, min: 0, step: '0.01' }),
    ),
    open,
  )
  body.append(standing, form)
  form.addEventListener('submit', event => {
    event.preventDefault()
    whileBusy(open, async () => {
      try {
        const { who, serviceId, clinicianId, price, deposit } = valuesOf(form)
        const intensive = await call('POST', base, {
          key: crypto.randomUUID(),
          body: {
            ...subjectOf(who),
            serviceId,
            leadStaffId: clinicianId,
            locationId: state.location.id,
            priceCents: Math.round(Number(price) * 100),
            depositCents: Math.round(Number(deposit) * 100),
          },
        })
        close()
        showIntensive(intensive, at, done)
      } catch (error) {
        refuse(await wordsFor(error))
      }
    })
  })
}

/** The newest that are not canceled, by the names of whom they are for. */
async function listStanding() {
  const { data } = await get(base, { limit: 50 })
  const those = data.filter(({ status }) => status !== 'canceled')
  return Promise.all(
    those
      .slice(0, shownStanding)
      .map(async intensive => ({ ...intensive, title: await nameOfSubject(intensive) })),
  )
}

async function nameOfSubject({ clientId, coupleId }) {
  if (coupleId) {
    const { members } = await get(`/v1/couples/${coupleId}`)
    return members.map(({ displayName }) => displayName).join(' & ')
  }
  const { preferredName, legalGivenName, legalFamilyName } = await get(`/v1/clients/${clientId}`)
  return `${preferredName ?? legalGivenName} ${legalFamilyName}`
}

/** The intensive that a block of the calendar belongs to. */
export async function openIntensiveOf(entry, done) {
  const [day] = entry.localStart.split('T')
  showIntensive(await get(`${base}/${entry.partOf.id}`), { day, title: titleOf(entry) }, done)
}

/** Everything of an intensive: its checklist, its blocks, and what can be done next. */
function showIntensive(first, { day, title }, done) {
  let intensive = first
  const { body, say, refuse } = openDialog(title ?? 'Intensive', { onClose: () => done('') })
  const url = `${base}/${first.id}`
  const nameOf = ({ blockId }) => blockWords(intensive.blocks.find(({ id }) => id === blockId))
  const why = field('When gates are open', select('despite', reasons))
  const despite = () => {
    const reasonCode = why.querySelector('select').value
    return reasonCode && { despiteOpenGates: { reasonCode } }
  }

  /** A button that takes a step and draws what is then. */
  function step(label, work, words) {
    const button = el('button', { class: 'main', type: 'button' }, label)
    button.addEventListener('click', () =>
      whileBusy(button, async () => {
        try {
          intensive = (await work()) ?? intensive
          draw()
          say(words)
        } catch (error) {
          refuse(await wordsFor(error, nameOf))
        }
      }),
    )
    return button
  }
  const send = (method, path, request) =>
    call(method, `${url}/${path}`, { version: intensive.version, ...request })

  function draw() {
    const { status, blocks, gates } = intensive
    body.replaceChildren(
      el('p', {}, el('strong', {}, statusWords(status)), daysWords(intensive)),
      gates.length > 0 ? checklistOf(gates) : '',
      blocks.length > 0 ? tableOf(blocks) : '',
      moneyPart(intensive, may('appointments:write') && moneyStep),
      aftercarePart(intensive, may('appointments:write') && { done: doneStep, plan: planTask }) ?? '',
      ...(may('appointments:write') ? actions(status, blocks) : []),
    )
  }

  function actions(status, blocks) {
    const hasCome = intensive.startsAt && intensive.startsAt <= new Date().toISOString()
    const to = status === 'scheduled' && !hasCome ? undefined : nextSteps[status]
    const isPlanned = blocks.some(block => block.status === 'planned')
    const isBooked = blocks.some(block => block.status === 'booked')
    return [
      to && el('div', { class: 'row' }, why, stepTo(to)),
      status === 'deposit_due' && fitForm(),
      isPlanned && status === 'deposit_due' && el('div', { class: 'row' }, why, bookButton()),
      isBooked && status === 'scheduled' && moveForm(),
      cancelable.has(status) && cancelForm(),
    ].filter(Boolean)
  }

  const moneyStep = (label, kind, form) =>
    step(
      label,
      () => {
        const { amount, onDate } = valuesOf(form)
        const body = { kind, amountCents: Math.round(Number(amount) * 100), onDate }
        return send('POST', 'money-steps', { key: crypto.randomUUID(), body })
      },
      'It is recorded.',
    )

  const doneStep = ({ id, version }) =>
    step(
      'Done',
      async () => {
        await call('PATCH', `${url}/aftercare-tasks/${id}`, { version, body: { status: 'done' } })
        return get(url)
      },
      'The task is done.',
    )

  const planTask = form =>
    step(
      'Plan it',
      async () => {
        if (!form.reportValidity()) return intensive
        await call('POST', `${url}/aftercare-tasks`, { key: crypto.randomUUID(), body: valuesOf(form) })
        return get(url)
      },
      'The task is planned.',
    )

  const stepTo = to =>
    step(
      `Now ${statusWords(to)}`,
      () =>
        send('POST', 'status-changes', {
          body: { to, ...(to === 'deposit_due' && { dueOn: todayIn(zone()) }), ...despite() },
        }),
      `It is ${statusWords(to)} now.`,
    )

  const bookButton = () =>
    step(
      'Book all blocks',
      () => send('POST', 'booking', { key: crypto.randomUUID(), body: { ...despite() } }),
      'All blocks are booked.',
    )

  /** Looks for days on which a template fits what is free, and plans one of them. */
  function fitForm() {
    const templates = field('Itinerary', select('intensiveTemplateId', []))
    const options = el('div', { class: 'choices' })
    const find = el('button', { class: 'main', type: 'submit' }, 'Find days')
    const form = el(
      'form',
      {},
      el('h3', {}, 'Find days'),
      templates,
      el('div', { class: 'row' }, clinicianField(), secondField()),
      el(
        'div',
        { class: 'row' },
        field('First day from', 'date', { name: 'from', required: true, value: day }),
        field('Until', 'date', { name: 'until', required: true, value: addDays(day, lookAheadDays) }),
      ),
      find,
      options,
    )
    if (intensive.leadStaffId) form.elements.clinicianId.value = intensive.leadStaffId
    offerTemplates(templates.querySelector('select'), intensive.coupleId ? 'couple' : 'individual')
    form.addEventListener('submit', event => {
      event.preventDefault()
      whileBusy(find, async () => {
        try {
          const { options: found } = await call('POST', `${url}/fittings`, {
            body: fittingOf(valuesOf(form)),
          })
          options.replaceChildren(...found.map(planStep))
          options.querySelector('button')?.focus()
          say(
            found.length === 0
              ? 'It fits on none of these days.'
              : `It fits on ${found.length} of these days.`,
          )
        } catch (error) {
          refuse(await wordsFor(error))
        }
      })
    })
    return form
  }

  const planStep = ({ firstOn, blocks }) =>
    step(
      `From ${dayName(firstOn)}: ${blocks.length} blocks`,
      () => send('PUT', 'plan', { body: { blocks } }),
      'These days are planned, and take nobody’s time yet.',
    )

  function moveForm() {
    const form = el('form', {}, el('h3', {}, 'Move all of it'), whyFields())
    const first = field('New first day', 'date', { name: 'firstOn', required: true })
    const move = step(
      'Move all blocks',
      () => send('POST', 'moves', { key: crypto.randomUUID(), body: valuesOf(form) }),
      'All blocks are moved.',
    )
    form.append(first, move)
    form.addEventListener('submit', event => event.preventDefault())
    return form
  }

  function cancelForm() {
    const form = el('form', {}, whyFields())
    form.append(
      step(
        'Cancel all of it',
        () => send('POST', 'cancellation', { body: valuesOf(form) }),
        'It is canceled.',
      ),
    )
    return el('details', {}, el('summary', {}, 'Cancel'), form)
  }

  draw()
}

async function offerTemplates(list, audience) {
  const templates = await all('/v1/intensive-templates')
  const fitting = templates.filter(template => template.audience === audience && template.status === 'active')
  list.replaceChildren(...fitting.map(({ id, name }) => option([id, name])))
}

const fittingOf = ({ intensiveTemplateId, clinicianId, secondId, from, until }) => ({
  intensiveTemplateId,
  clinicianIds: [clinicianId, secondId].filter(Boolean),
  from,
  until,
  shiftMinutes: 60,
})

const secondField = () =>
  field(
    'Second clinician',
    select('secondId', [['', 'None'], ...state.clinicians.map(({ id, displayName }) => [id, displayName])]),
  )

const daysWords = ({ startsAt, endsAt, blocks }) => {
  const booked = blocks.filter(({ status }) => status !== 'planned' && status !== 'canceled')
  if (!startsAt || !endsAt || booked.length === 0) return ''
  return `, ${dayName(booked[0].localStart.slice(0, 10))} to ${dayName(booked.at(-1).localStart.slice(0, 10))}`
}

const checklistOf = gates =>
  el(
    'details',
    {},
    el('summary', {}, `Checklist: ${gates.filter(({ status }) => status === 'open').length} open`),
    el(
      'ul',
      {},
      gates.map(gate => el('li', {}, `${gateWords(gate)}: ${gate.status}`)),
    ),
  )

const blockWords = block => (block ? `${whenOf(block.localStart)}, ${statusWords(block.kind)}` : 'A block')

const tableOf = blocks =>
  el(
    'div',
    { class: 'dates', tabindex: '0', role: 'region', 'aria-label': 'Blocks' },
    el(
      'table',
      {},
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ['Block', 'With', 'Where', 'How it stands'].map(text => el('th', { scope: 'col' }, text)),
        ),
      ),
      el(
        'tbody',
        {},
        blocks.map(block =>
          el(
            'tr',
            {},
            el(
              'th',
              { scope: 'row' },
              `${blockWords(block)} ${block.participants.join(' & ').toUpperCase()}`,
            ),
            el('td', {}, block.clinicianIds.map(clinicianName).join(' and ')),
            el('td', {}, block.roomId ? roomName(block.roomId) : ''),
            el('td', {}, statusWords(block.status)),
          ),
        ),
      ),
    ),
  )
