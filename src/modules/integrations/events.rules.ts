import {
  type EventType,
  eventTypes,
  isAboutUnsignedNote,
  isRestricted,
  tellsOfTreatment,
} from '../../lib/event-types.ts'
import type { Scope } from '../../lib/scope.ts'

const all = Object.keys(eventTypes) as EventType[]

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventTypes, type)

/**
 * The types a caller is told of: those whose permission it holds. Of notes an API client learns when they are signed,
 * never of drafts and never of what is restricted; a person learns of them in the chart, behind its door, and not here.
 */
export function visibleTypes({ actor }: Scope): EventType[] {
  return all.filter(type => {
    if (!actor.permissions.has(eventTypes[type])) return false
    if (!tellsOfTreatment(type)) return true
    return actor.kind === 'api_client' && !isAboutUnsignedNote(type) && !isRestricted(type)
  })
}
