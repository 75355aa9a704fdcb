import { Refusal } from './api.js'
import { el, field, openDialog, valuesOf } from './dom.js'
import { may } from './state.js'
import { wordsFor } from './words.js'

/**
 * Asks for something that takes time. Where clinician or room are taken, somebody who may book over that hears what is
 * in the way and is asked why; then it is asked for again, on purpose.
 *
 * @param ask sends the request, with what it gets added to the body
 * @throws Refusal that it was, when there is nothing to be done or the person leaves it
 */
export async function orOverbook(ask) {
  try {
    return await ask({})
  } catch (error) {
    if (!mayBeOverbooked(error)) throw error
    const note = await askWhy(await wordsFor(error))
    if (note === null) throw error
    return ask({ overbook: true, note }).catch(again => {
      throw again.code === 'resource-busy' ? new Refusal(again.status, cannotBeDone) : again
    })
  }
}

/** What else is in the way then is not said. */
const cannotBeDone = { detail: 'This time cannot be booked over.' }

/** A client is never in two places: what clashes there stays refused, for whoever asks. */
const mayBeOverbooked = error =>
  error instanceof Refusal &&
  error.code === 'resource-busy' &&
  !error.problem.clashes &&
  error.problem.resource !== 'client' &&
  may('appointments:overbook')

/** @returns the reason that a person gives, or null when they leave it */
function askWhy(clash) {
  return new Promise(resolve => {
    const { body, close } = openDialog('Book over it?', { onClose: () => resolve(null) })
    const form = el(
      'form',
      {},
      field('Why both at once', 'text', {
        name: 'note',
        required: true,
        maxlength: 500,
        autocomplete: 'off',
      }),
      el(
        'div',
        { class: 'row' },
        el('button', { class: 'main', type: 'submit' }, 'Overbook'),
        el('button', { type: 'button', onclick: close }, 'Leave it'),
      ),
    )
    body.append(
      el('p', { class: 'clash' }, clash),
      el('p', {}, 'Both would stand at the same time. The reason stays in the history of the appointment.'),
      form,
    )
    form.addEventListener('submit', event => {
      event.preventDefault()
      resolve(valuesOf(form).note)
      close()
    })
    form.elements.note.focus()
  })
}
