import type { Permission } from '../modules/charts/access-policy.ts'

/**
 * Every event type and the permission a reader of the feed needs to be told of it. The part before the
 * dot is the resource type.
 */
export const eventTypes = {
  'practice.created': 'practice:read',
  'practice.updated': 'practice:read',
  // The database went back to an earlier instant: what readers learned since then may never have happened.
  'practice.restored': 'practice:read',
  'location.created': 'practice:read',
  'location.updated': 'practice:read',
  'room.created': 'practice:read',
  'room.updated': 'practice:read',
  'service.created': 'practice:read',
  'service.updated': 'practice:read',
  'staff-member.created': 'staff:read',
  'staff-member.updated': 'staff:read',
  'staff-member.roles-changed': 'staff:read',
  'staff-member.disabled': 'staff:read',
  'staff-member.enabled': 'staff:read',
  'staff-member.supervision-changed': 'staff:read',
  'credential.created': 'staff:read',
  'credential.updated': 'staff:read',
  'license.created': 'staff:read',
  'license.updated': 'staff:read',
  'invitation.created': 'staff:read',
  'invitation.accepted': 'staff:read',
  'session.reused': 'audit:read',
  'api-client.created': 'api-clients:read',
  'api-client.updated': 'api-clients:read',
  'api-client.revoked': 'api-clients:read',
  'couple.created': 'couples:read',
  'couple.partner-registered': 'couples:read',
  'couple.status-changed': 'couples:read',
  'couple.identified-patient-changed': 'couples:read',
  'couple-policy.created': 'couples:read',
  'couple-policy.updated': 'couples:read',
  // Agreements are clinical, so their events are told like those of notes.
  'couple-agreement.proposed': 'notes:read',
  'couple-agreement.accepted': 'notes:read',
  'couple-agreement.dropped': 'notes:read',
  'couple-agreement.agreed': 'notes:read',
  'couple-agreement.broken': 'notes:read',
  'couple-agreement.ended': 'notes:read',
  'chart.opened': 'charts:read',
  'chart.closed': 'charts:read',
  'chart.reopened': 'charts:read',
  'chart.member-joined': 'charts:read',
  'chart.member-left': 'charts:read',
  'care-team-member.added': 'charts:read',
  'care-team-member.role-changed': 'charts:read',
  'care-team-member.ended': 'charts:read',
  'emergency-access.granted': 'emergency-access:review',
  'emergency-access.ended': 'emergency-access:review',
  'emergency-access.reviewed': 'emergency-access:review',
  'appointment.booked': 'appointments:read',
  'appointment.moved': 'appointments:read',
  'appointment.canceled': 'appointments:read',
  'appointment.uncanceled': 'appointments:read',
  'appointment.no-show': 'appointments:read',
  'appointment.attended': 'appointments:read',
  'session-note.created': 'notes:read',
  'session-note.signed': 'notes:read',
  'session-note.cosigned': 'notes:read',
  'session-note.returned': 'notes:read',
  'session-note.amended': 'notes:read',
  'session-note.entered-in-error': 'notes:read',
  'client.created': 'clients:read',
  'client.updated': 'clients:read',
  'client.status-changed': 'clients:read',
  'client.merged': 'clients:read',
  'client.unmerged': 'clients:read',
} as const satisfies Record<string, Permission>

export type EventType = keyof typeof eventTypes

/**
 * What happens to a note once it is signed, or to an agreement once both partners accepted it: all that an
 * API client ever learns of them.
 */
const signedNoteVerbs: ReadonlySet<string> = new Set([
  'signed',
  'cosigned',
  'amended',
  'entered-in-error',
  'agreed',
  'broken',
  'ended',
])

/** Whether an event of a note (or agreement) is about its draft. A verb that nobody listed counts as one. */
export const isAboutUnsignedNote = (type: string) => !signedNoteVerbs.has(type.slice(type.indexOf('.') + 1))
