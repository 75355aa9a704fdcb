import type { TemplateBlock } from './templates.schemas.ts'

/**
 * Itineraries to begin with: drafts of our own, from no published schedule. A practice that works otherwise makes its
 * own. The first clinician leads, the second sees the other partner.
 */
export interface ShippedTemplate {
  id: string
  name: string
  audience: 'individual' | 'couple'
  days: number
  blocks: TemplateBlock[]
}

type Kind = TemplateBlock['kind']
type Who = TemplateBlock['participants']

const block = (
  day: number,
  startsAt: string,
  durationMinutes: number,
  kind: Kind,
  participants: Who,
  clinicians: number[],
): TemplateBlock => ({
  day,
  startsAt,
  durationMinutes,
  kind,
  participants,
  clinicians,
  needsRoom: kind !== 'break',
})

/** Huddle, joint, both alone at the same time, break, joint. */
const coupleDay = (day: number, apart: Kind): TemplateBlock[] => [
  block(day, '08:30', 30, 'staff_huddle', [], [1, 2]),
  block(day, '09:00', 90, 'joint', ['a', 'b'], [1]),
  block(day, '10:45', 75, apart, ['a'], [1]),
  block(day, '10:45', 75, apart, ['b'], [2]),
  block(day, '12:00', 60, 'break', ['a', 'b'], []),
  block(day, '13:00', 60, 'education', ['a', 'b'], [2]),
  block(day, '14:15', 90, 'joint', ['a', 'b'], [1, 2]),
]

const individualDay = (day: number): TemplateBlock[] => [
  block(day, '09:00', 90, 'individual', ['a'], [1]),
  block(day, '10:45', 75, 'emdr', ['a'], [1]),
  block(day, '12:00', 60, 'break', ['a'], []),
  block(day, '13:00', 60, 'education', ['a'], [1]),
  block(day, '14:15', 90, 'individual', ['a'], [1]),
]

const couple = (count: number, number: number): ShippedTemplate => ({
  id: `00000000-0000-7000-8000-0000000c000${number}`,
  name: `Couple, ${count} days`,
  audience: 'couple',
  days: count,
  blocks: Array.from({ length: count }, (_, index) =>
    coupleDay(index + 1, index % 2 === 0 ? 'individual' : 'emdr'),
  ).flat(),
})

const individual = (count: number, number: number): ShippedTemplate => ({
  id: `00000000-0000-7000-8000-0000000c000${number}`,
  name: `Individual, ${count} days`,
  audience: 'individual',
  days: count,
  blocks: Array.from({ length: count }, (_, index) => individualDay(index + 1)).flat(),
})

export const shippedTemplates: readonly ShippedTemplate[] = [
  individual(2, 1),
  individual(3, 2),
  individual(5, 3),
  couple(2, 4),
  couple(3, 5),
  couple(5, 6),
]
