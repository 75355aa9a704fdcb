import t from 'tap'
import {
  type EventType,
  eventTypes,
  isAboutUnsignedNote,
  tellsOfTreatment,
} from '../../src/lib/event-types.ts'
import { shownTypes } from '../../src/modules/charts/timeline.rules.ts'

const types = Object.keys(eventTypes) as EventType[]

/** What is no chart's: the practice's own, and what is known of people who are nobody's client yet. */
const ofNoChart = ['api-clients:read', 'audit:read', 'dual-roles:read', 'inquiries:read', 'library:read']

t.test('an event of a chart tells of treatment or of administration, in the feed as in the timeline', t => {
  const administrative = new Set(shownTypes(new Set(Object.values(eventTypes)), ['administrative']))
  for (const type of types)
    if (!ofNoChart.includes(eventTypes[type])) t.not(tellsOfTreatment(type), administrative.has(type), type)
  t.end()
})

t.test('of notes and agreements only what is about their drafts is told to nobody', t => {
  t.same(types.filter(isAboutUnsignedNote).toSorted(), [
    'couple-agreement.accepted',
    'couple-agreement.dropped',
    'couple-agreement.proposed',
    'session-note.created',
    'session-note.returned',
  ])
  t.end()
})
