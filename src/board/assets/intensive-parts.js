import { dayName, todayIn } from './dates.js'
import { el, field, select } from './dom.js'
import { zone } from './state.js'
import { statusWords } from './words.js'

// What an intensive's dialog shows of money and of what comes after.

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })
const inDollars = cents => dollars.format(cents / 100)

const moneyWords = {
  deposit_due: 'Deposit due by',
  deposit_received: 'Deposit received on',
  refund_due: 'Refund due since',
  refund_paid: 'Refund paid on',
  forfeited: 'Kept by the terms, on',
  earned: 'Given of the price, on',
  unearned: 'Not given of the price, on',
}

const takesDeposit = new Set(['deposit_due', 'scheduled', 'in_progress'])

/**
 * The price, each step of money so far, and a form for the one that is next.
 *
 * @param record makes the button that records a step of a kind from a form; false where that is for others
 */
export function moneyPart({ status, priceCents, depositCents, money }, record) {
  const sum = kind =>
    money.filter(step => step.kind === kind).reduce((all, step) => all + step.amountCents, 0)
  const left = [
    [
      'deposit_received',
      'Record the deposit',
      takesDeposit.has(status) ? sum('deposit_due') - sum('deposit_received') : 0,
    ],
    ['refund_paid', 'Record the refund', sum('refund_due') - sum('refund_paid')],
  ]
  const open = record ? left.find(([, , cents]) => cents > 0) : undefined
  return el(
    'section',
    {},
    el('h3', {}, 'Money'),
    el('p', {}, `Price ${inDollars(priceCents)}, deposit ${inDollars(depositCents)}.`),
    el(
      'ul',
      {},
      money.map(({ kind, amountCents, onDate }) =>
        el('li', {}, `${moneyWords[kind]} ${dayName(onDate)}: ${inDollars(amountCents)}`),
      ),
    ),
    open && moneyForm(open, record),
  )
}

function moneyForm([kind, label, cents], record) {
  const form = el(
    'form',
    { class: 'row' },
    field('Amount in dollars', 'number', { name: 'amount', min: 0.01, step: '0.01', value: cents / 100 }),
    field('On', 'date', { name: 'onDate', value: todayIn(zone()) }),
  )
  form.append(record(label, kind, form))
  form.addEventListener('submit', event => event.preventDefault())
  return form
}

const tasks = [
  ['check_in_call', 'Check-in call'],
  ['follow_up_session', 'Follow-up session'],
  ['follow_up_series', 'Follow-up series'],
  ['assessment', 'Assessment'],
  ['summary', 'Summary'],
  ['referral', 'Referral'],
  ['support_group', 'Support group'],
  ['other', 'Something else'],
]

const withAftercare = new Set(['in_progress', 'completed', 'aftercare'])

/**
 * What is to be done afterwards, and a form for more.
 *
 * @param steps `done` makes the button of a task, `plan` that of a form; false where that is for others
 * @returns null while there is nothing to show
 */
export function aftercarePart({ status, aftercareTasks }, steps) {
  const plans = steps && withAftercare.has(status)
  if (aftercareTasks.length === 0 && !plans) return null
  return el(
    'section',
    {},
    el('h3', {}, 'Aftercare'),
    el(
      'ul',
      { class: 'lines' },
      aftercareTasks.map(task =>
        el('li', {}, el('span', {}, taskWords(task)), steps && task.status === 'open' && steps.done(task)),
      ),
    ),
    plans && planForm(steps.plan),
  )
}

const taskWords = ({ kind, participant, dueOn, status }) =>
  [
    tasks.find(([known]) => known === kind)?.[1] ?? statusWords(kind),
    participant && `with ${participant.toUpperCase()}`,
    `by ${dayName(dueOn)}`,
    statusWords(status),
  ]
    .filter(Boolean)
    .join(', ')

function planForm(plan) {
  const form = el(
    'form',
    { class: 'row' },
    field('Task', select('kind', tasks)),
    field('Due on', 'date', { name: 'dueOn', required: true }),
  )
  form.append(plan(form))
  form.addEventListener('submit', event => event.preventDefault())
  return el('details', {}, el('summary', {}, 'Plan a task'), form)
}
