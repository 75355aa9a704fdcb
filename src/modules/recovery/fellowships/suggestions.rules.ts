import type { AddictionType } from '../addictions/addictions.rules.ts'
import type { Philosophy } from '../words.ts'
import { type Fellowship, knownFellowships } from './fellowships.ts'

/** What the client told of a fellowship: the status of their part in it, of the one told last. */
export interface Part {
  fellowship: string
  status: string
}

/**
 * Fellowships whose members come for what is followed in a chart, and whose idea of sobriety fits the philosophy that was
 * chosen. What the client tried and left is not brought up again.
 *
 * @param philosophy `integrated` where none was chosen, as for words
 * @param parts the client's part in fellowships, oldest first
 */
export function suggestionsFor(
  addictions: readonly { id: string; type: AddictionType }[],
  philosophy: Philosophy,
  parts: readonly Part[],
): { fellowship: Fellowship; addictionIds: string[]; participation: string | null }[] {
  const partIn = new Map(parts.map(({ fellowship, status }) => [fellowship, status]))
  return knownFellowships
    .filter(({ philosophies }) => philosophies.includes(philosophy))
    .map(fellowship => ({
      fellowship,
      addictionIds: addictions
        .filter(({ type }) => fellowship.addictionTypes.includes(type))
        .map(({ id }) => id),
      participation: partIn.get(fellowship.key) ?? null,
    }))
    .filter(({ addictionIds, participation }) => addictionIds.length > 0 && participation !== 'stopped')
}
