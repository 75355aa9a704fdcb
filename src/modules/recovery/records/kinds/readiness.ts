import { Type } from 'typebox'
import { OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Rating, Words } from '../kind.ts'

/** In order, but anybody may move in either direction at any time. */
export const readinessStages = [
  'precontemplation',
  'contemplation',
  'preparation',
  'action',
  'maintenance',
] as const

/** keys: stage, source. measures: importance, confidence, readiness. */
export const readiness = defineKind({
  kind: 'readiness',
  name: 'RecoveryReadiness',
  title: 'Readiness to change',
  about: 'The stage and three rulers for one behavior or addiction on one day. Stages move freely both ways.',
  dataClass: 'clinical',
  charts: ['individual'],
  content: contentOf(
    {
      stage: OneOf(readinessStages),
      importance: Rating(0, 10, 'How important change is to the client.'),
      confidence: Rating(0, 10, 'How sure the client is to manage it.'),
      readiness: Rating(0, 10, 'How ready the client is.'),
      source: OneOf(['urica', 'ruler', 'clinician'] as const),
      changeTalk: Type.Optional(Words(1_000, 'What the client said for change, in short.')),
    },
    'Readiness on one day.',
    {
      stage: 'contemplation',
      importance: 7,
      confidence: 4,
      readiness: 5,
      source: 'ruler',
      changeTalk: 'Wants to be awake for the children (fictional).',
    },
  ),
  log: true,
  steps: { recorded: [] },
  subject: 'required',
  indexed: ({ stage, source, importance, confidence, readiness }) => ({
    keys: [stage, source],
    measures: [importance, confidence, readiness],
  }),
})
