import type { Permission } from '../modules/charts/access-policy.ts'

/**
 * Every event type and the permission a reader of the feed needs to be told of it. The part before the
 * dot is the resource type.
 */
export const eventTypes = {
  'practice.created': 'practice:read',
  'practice.updated': 'practice:read',
  'location.created': 'practice:read',
  'location.updated': 'practice:read',
} as const satisfies Record<string, Permission>

export type EventType = keyof typeof eventTypes
