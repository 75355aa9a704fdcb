import { clock, dayName, minuteOn } from './dates.js'
import { el } from './dom.js'
import { resourceName, state } from './state.js'
import { hours, placeOf } from './week.js'

const stepMinutes = 15
/** A hand that trembles does not drag. */
const dragFromPixels = 5

/**
 * Lets movable entries be dragged to another time, day, clinician or room, and be moved by keys: Space takes one up,
 * arrows move it (with Shift to the lane beside), Enter or Space puts it down, Escape leaves it.
 *
 * @param options.drop gets the entry and where it is put: `{ day, minute, lane }`
 */
export function makeMovable(container, { drop, say }) {
  let lifted = null
  let endedDrag = false

  function lift(button) {
    const entry = state.calendar.entries.find(({ id }) => id === button.dataset.id)
    const lane = button.closest('.lane')
    const { day } = lane.dataset
    const from = minuteOn(day, entry.localStart)
    const length = minuteOn(day, entry.localEnd) - from
    lifted = { entry, button, lane, minute: from, length, origin: { lane, minute: from } }
    lifted.ghost = el('li', { class: 'ghost', 'aria-hidden': 'true' })
    button.classList.add('lifted')
  }

  function place(lane, minute) {
    const last = Math.max(hours.from, hours.to - lifted.length)
    lifted.lane = lane
    lifted.minute = Math.min(Math.max(minute, hours.from), last)
    const { '--from': from, '--for': length } = placeOf(lifted.minute, lifted.minute + lifted.length)
    lifted.ghost.style.setProperty('--from', from)
    lifted.ghost.style.setProperty('--for', length)
    lifted.ghost.textContent = clock(lifted.minute)
    lane.querySelector('ol').append(lifted.ghost)
    lifted.ghost.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }

  const whereWords = () => {
    const { day, kind, id } = lifted.lane.dataset
    return `${dayName(day)}, ${clock(lifted.minute)}, ${resourceName({ kind, id })}`
  }

  function end() {
    lifted.ghost.remove()
    lifted.button.classList.remove('lifted')
    lifted = null
  }

  function leave() {
    end()
    say('Left where it was.')
  }

  async function putDown() {
    const { entry, lane, minute, origin } = lifted
    const isSame = lane === origin.lane && minute === origin.minute
    const { day, kind, id } = lane.dataset
    if (isSame) return leave()
    end()
    return drop(entry, { day, minute, lane: { kind, id } })
  }

  /** Lanes in the order in which they are drawn: the same one a day on, or the one beside. */
  function laneBeside(step, isLane) {
    const lanes = [...container.querySelectorAll('.lane')]
    const { kind, id, day } = lifted.lane.dataset
    const those = isLane
      ? lanes.filter(({ dataset }) => dataset.day === day)
      : lanes.filter(({ dataset }) => dataset.kind === kind && dataset.id === id)
    return those[those.indexOf(lifted.lane) + step] ?? lifted.lane
  }

  function moveByKey(key, isLane) {
    const { lane, minute } = lifted
    if (key === 'ArrowUp') place(lane, minute - stepMinutes)
    else if (key === 'ArrowDown') place(lane, minute + stepMinutes)
    else place(laneBeside(key === 'ArrowLeft' ? -1 : 1, isLane), minute)
    say(`${whereWords()}.`)
  }

  container.addEventListener('keydown', event => {
    const button = event.target.closest('.entry.movable')
    if (!button) return
    // The board was drawn anew meanwhile.
    if (lifted && !lifted.button.isConnected) lifted = null
    if (!lifted && event.key === ' ') {
      lift(button)
      place(lifted.lane, lifted.minute)
      say(`Taken up: ${whereWords()}. Arrow keys move it, Enter puts it down, Escape leaves it.`)
    } else if (lifted && event.key.startsWith('Arrow')) moveByKey(event.key, event.shiftKey)
    else if (lifted && (event.key === 'Enter' || event.key === ' ')) putDown()
    else if (lifted && event.key === 'Escape') leave()
    else return
    event.preventDefault()
  })
  // A button is pressed when Space is let go.
  container.addEventListener('keyup', event => {
    if (event.key === ' ' && event.target.closest('.entry.movable')) event.preventDefault()
  })
  container.addEventListener('focusout', () => {
    if (lifted && !lifted.byHand) leave()
  })

  /** The lane under the pointer and the minute there, in steps. */
  function under(event, grabbed) {
    const lane = document
      .elementsFromPoint(event.clientX, event.clientY)
      .map(node => node.closest('.lane'))
      .find(Boolean)
    if (!lane) return null
    const box = lane.querySelector('.hours').getBoundingClientRect()
    const minute = hours.from + ((event.clientY - grabbed - box.top) / box.height) * (hours.to - hours.from)
    return { lane, minute: Math.round(minute / stepMinutes) * stepMinutes }
  }

  container.addEventListener('pointerdown', event => {
    endedDrag = false
    const button = event.target.closest('.entry.movable')
    // A finger scrolls; whoever uses one moves by the dialog.
    if (!button || event.button !== 0 || event.pointerType === 'touch' || lifted) return
    const start = { x: event.clientX, y: event.clientY }
    const grabbed = event.clientY - button.getBoundingClientRect().top
    const stopped = new AbortController()
    const { signal } = stopped
    const on = (name, listener) => document.addEventListener(name, listener, { signal })
    on('pointermove', move => {
      if (!lifted && Math.hypot(move.clientX - start.x, move.clientY - start.y) < dragFromPixels) return
      if (!lifted) {
        lift(button)
        lifted.byHand = true
      }
      const target = under(move, grabbed)
      if (target) place(target.lane, target.minute)
    })
    on('pointerup', () => {
      stopped.abort()
      if (!lifted) return
      endedDrag = true
      putDown()
    })
    on('pointercancel', () => {
      stopped.abort()
      if (lifted) leave()
    })
    on('keydown', ({ key }) => {
      if (key !== 'Escape' || !lifted) return
      stopped.abort()
      leave()
    })
  })
  // The click that ends a drag opens nothing.
  container.addEventListener(
    'click',
    event => {
      if (endedDrag) event.stopImmediatePropagation()
      endedDrag = false
    },
    { capture: true },
  )
}
