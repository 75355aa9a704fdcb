import { type EventType, eventTypes, isAboutUnsignedNote } from '../../lib/event-types.ts'
import type { Scope } from '../../lib/scope.ts'
import type { Permission } from '../charts/access-policy.ts'

const permissionOf = (type: EventType): Permission => eventTypes[type]
const all = Object.keys(eventTypes) as EventType[]

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventTypes, type)

/**
 * The types a caller is told of: those whose permission it holds. Of notes an API client learns when they
 * are signed and never of drafts; a person learns of them in the chart, behind its door, and not here.
 */
export function visibleTypes({ actor }: Scope): EventType[] {
  return all.filter(type => {
    const permission = permissionOf(type)
    if (!actor.permissions.has(permission)) return false
    if (permission !== 'notes:read') return true
    return actor.kind === 'api_client' && !isAboutUnsignedNote(type)
  })
}
