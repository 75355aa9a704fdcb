import { all, call } from './api.js'
import { el, field, option } from './dom.js'
import { may } from './state.js'
import { wordsFor } from './words.js'

/** Couples are looked up for the best matches only. */
const couplesOf = 5

/**
 * A field to find a client or a couple by name. Its value is `clientId:…` or `coupleId:…`.
 *
 * @param refuse shows a refusal
 */
export function whoField(refuse) {
  const text = el('input', { type: 'search', autocomplete: 'off' })
  const find = el('button', { type: 'button' }, 'Find')
  const found = el('select', { name: 'who', required: true }, option(['', 'Find somebody first']))
  async function search() {
    if (text.value.trim() === '') return
    try {
      const people = await findPeople(text.value.trim())
      found.replaceChildren(...(people.length > 0 ? people : [['', 'Nobody was found']]).map(option))
      found.focus()
    } catch (error) {
      refuse(await wordsFor(error))
    }
  }
  find.addEventListener('click', search)
  text.addEventListener('keydown', event => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    search()
  })
  return el('div', { class: 'who' }, field('Find a client by name', text), find, field('For', found))
}

/** `{ clientId }` or `{ coupleId }` of what was chosen. */
export function subjectOf(who) {
  const [kind, id] = who.split(':')
  return { [kind]: id }
}

async function findPeople(text) {
  const { data } = await call('POST', '/v1/clients/search', { body: { text, limit: 20 } })
  const clients = data.map(({ client }) => client)
  const couples = may('couples:read')
    ? (
        await Promise.all(clients.slice(0, couplesOf).map(({ id }) => all('/v1/couples', { clientId: id })))
      ).flat()
    : []
  const named = new Map(couples.filter(({ chartId }) => chartId).map(couple => [couple.id, couple]))
  return [
    ...clients.map(client => [`clientId:${client.id}`, clientWords(client)]),
    ...[...named.values()].map(({ id, members }) => [
      `coupleId:${id}`,
      `${members.map(({ displayName }) => displayName).join(' & ')} (couple)`,
    ]),
  ]
}

const clientWords = ({ preferredName, legalGivenName, legalFamilyName, birthDate }) =>
  `${preferredName ?? legalGivenName} ${legalFamilyName}${birthDate ? `, born ${birthDate}` : ''}`
