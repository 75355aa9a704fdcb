import { type EventType, eventTypes, isAboutUnsignedNote, isRestricted } from '../../lib/event-types.ts'
import type { DataClass, Permission } from './access-policy.ts'

/** Events that tell only of administration. Whatever is not listed here tells of treatment. */
const administrative: ReadonlySet<Permission> = new Set<Permission>([
  'practice:read',
  'staff:read',
  'clients:read',
  'couples:read',
  'charts:read',
  'appointments:read',
  'emergency-access:review',
])

/** The event types a reader of a chart's timeline is told of: those they may do and see. */
export function shownTypes(held: ReadonlySet<Permission>, readable: readonly DataClass[]): EventType[] {
  const types = Object.keys(eventTypes) as EventType[]
  return types.filter(type => {
    const permission: Permission = eventTypes[type]
    // A draft is its author's alone: a timeline that many read does not tell of it.
    if (permission === 'notes:read' && isAboutUnsignedNote(type)) return false
    return held.has(permission) && readable.includes(classOf(type))
  })
}

function classOf(type: EventType): DataClass {
  if (isRestricted(type)) return 'restricted'
  return administrative.has(eventTypes[type]) ? 'administrative' : 'clinical'
}
