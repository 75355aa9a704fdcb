import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  Reason,
  strictObject,
  Text,
  Version,
} from '../../../lib/schemas.ts'
import { findings, openStatuses, targetKinds, targetStatuses } from './targets.rules.ts'

const ids = {
  target: '019c0000-0000-7000-8000-0000000000f7',
  chart: '019c0000-0000-7000-8000-0000000000c1',
  note: '019c0000-0000-7000-8000-0000000000e1',
  part: '019c0000-0000-7000-8000-0000000000a9',
  staff: '019c0000-0000-7000-8000-0000000000b1',
}

const Sud = (description: string) => Type.Integer({ minimum: 0, maximum: 10, description })
const Voc = (description: string) => Type.Integer({ minimum: 1, maximum: 7, description })
const Status = (description: string) => OneOf(targetStatuses, { description })

const words = {
  label: Text(120, { description: 'A few words by which client and clinician know it. Never the story.' }),
  worstImage: Nullable(Text(500, { description: 'The image that stands for the worst of it.' })),
  negativeCognition: Nullable(Text(300, { description: 'What the client believes of themselves with it.' })),
  negativeTheme: Nullable(
    OneOf(['responsibility_defect', 'responsibility_action', 'safety', 'control', 'connection'], {
      description: 'What the negative cognition is about.',
    }),
  ),
  positiveCognition: Nullable(Text(300, { description: 'What they would rather believe.' })),
  emotions: Type.Array(Text(60), { maxItems: 12, description: 'Named by the client.' }),
  bodyLocation: Nullable(Text(200, { description: 'Where in the body it is felt.' })),
  baselineSud: Nullable(Sud('Disturbance when it was first assessed, 0–10.')),
  baselineVoc: Nullable(Voc('How true the positive cognition felt then, 1–7.')),
  feederMemories: Type.Array(Text(120), {
    maxItems: 12,
    description: 'Labels of earlier memories that feed it.',
  }),
}

const kind = OneOf(targetKinds, {
  description: 'A memory, what triggers it today, a situation to come, or an urge or feeling state.',
})
const position = Nullable(
  Type.Integer({ minimum: 1, maximum: 999, description: 'Place in the planned order; null for none.' }),
)

const exampleWords = {
  label: 'The hallway (fictional)',
  worstImage: 'A closed door (fictional)',
  negativeCognition: 'I am not safe',
  negativeTheme: 'safety' as const,
  positiveCognition: 'I am safe now',
  emotions: ['fear'],
  bodyLocation: 'Chest',
  baselineSud: 8,
  baselineVoc: 2,
  feederMemories: [],
}

const standing = {
  status: Status(
    'Moved by signed notes, in the order of the sessions, and by hand. A note that is returned or entered in error moves it no longer.',
  ),
  lastSud: Nullable(Sud('The last measure of a session or set by hand.')),
  lastVoc: Nullable(Voc('The last measure of a session or set by hand.')),
  lastSessionOn: Nullable(CalendarDate('The last session that worked on it.', '2026-11-16')),
  incompleteSessions: Type.Integer({ minimum: 0, description: 'Sessions that left it unfinished.' }),
}

const exampleStanding = {
  status: 'incomplete' as const,
  lastSud: 3,
  lastVoc: 2,
  lastSessionOn: '2026-11-16',
  incompleteSessions: 1,
}

const exampleTarget = {
  id: ids.target,
  chartId: ids.chart,
  kind: 'past' as const,
  position: 1,
  ...exampleWords,
  ...exampleStanding,
  version: 2,
  createdAt: '2026-11-02T17:00:00.000Z',
  updatedAt: '2026-11-16T18:00:00.000Z',
}

export const TargetWords = strictObject(words)

export const EmdrTarget = component(
  'EmdrTarget',
  strictObject(
    {
      id: Id('The target.', ids.target),
      chartId: Id('The chart it belongs to.', ids.chart),
      kind,
      position,
      ...words,
      ...standing,
      version: Version,
      createdAt: Instant('When it was registered.', exampleTarget.createdAt),
      updatedAt: Instant('When it last changed.', exampleTarget.updatedAt),
    },
    { description: 'What is worked through with EMDR.', examples: [exampleTarget] },
  ),
)

export const OpenEmdrTarget = component(
  'OpenEmdrTarget',
  strictObject(
    {
      id: Id('The target.', ids.target),
      kind,
      label: words.label,
      ...standing,
      status: OneOf(openStatuses, { description: 'What the next session looks at again.' }),
    },
    {
      description:
        'A target that was begun and is not through: the next session begins with its re-evaluation.',
      examples: [{ id: ids.target, kind: 'past' as const, label: exampleWords.label, ...exampleStanding }],
    },
  ),
)

const optional = {
  position: Type.Optional(position),
  worstImage: Type.Optional(words.worstImage),
  negativeCognition: Type.Optional(words.negativeCognition),
  negativeTheme: Type.Optional(words.negativeTheme),
  positiveCognition: Type.Optional(words.positiveCognition),
  emotions: Type.Optional(words.emotions),
  bodyLocation: Type.Optional(words.bodyLocation),
  baselineSud: Type.Optional(words.baselineSud),
  baselineVoc: Type.Optional(words.baselineVoc),
  feederMemories: Type.Optional(words.feederMemories),
}

export const NewEmdrTarget = component(
  'NewEmdrTarget',
  strictObject(
    { kind, label: words.label, ...optional },
    {
      description: 'A target to register. It begins as `identified`.',
      examples: [{ kind: 'past' as const, label: exampleWords.label, position: 1, baselineSud: 8 }],
    },
  ),
)

export const EmdrTargetChange = component(
  'EmdrTargetChange',
  strictObject(
    { kind: Type.Optional(kind), label: Type.Optional(words.label), ...optional },
    {
      minProperties: 1,
      description: 'What changed. What is left out stays; earlier words stay in the history.',
      examples: [{ negativeCognition: 'I am not safe', positiveCognition: 'I am safe now', baselineVoc: 2 }],
    },
  ),
)

export const EmdrTargetStep = component(
  'EmdrTargetStep',
  strictObject(
    {
      status: Status('Any other than it has: by hand the clinician decides.'),
      reason: Reason(1_000, { description: 'Why it is set by hand.' }),
      sud: Type.Optional(Sud('Disturbance now, 0–10.')),
      voc: Type.Optional(Voc('Validity of the positive cognition now, 1–7.')),
    },
    {
      description: 'A status set by hand.',
      examples: [
        { status: 'assessed', reason: 'Assessed before it was registered here (fictional).', sud: 7 },
      ],
    },
  ),
)

const changes = ['created', 'revised', 'set_by_hand', 'moved_by_note', 'taken_back'] as const

export const EmdrTargetHistoryEntry = component(
  'EmdrTargetHistoryEntry',
  strictObject(
    {
      version: Version,
      change: OneOf(changes, {
        description: '`taken_back`: the note that moved it was returned or entered in error.',
      }),
      fromStatus: Nullable(Status('Before.')),
      toStatus: Status('After.'),
      findings: Type.Array(OneOf(findings), {
        description: 'What the session found, in the order in which a session comes to it.',
      }),
      sud: Nullable(Sud('Measured then.')),
      voc: Nullable(Voc('Measured then.')),
      noteId: Nullable(Id('The note that moved it.', ids.note)),
      noteRevision: Nullable(Type.Integer({ minimum: 1 })),
      partId: Nullable(Id('The part of that note.', ids.part)),
      sessionOn: Nullable(CalendarDate('The day of the session.', '2026-11-16')),
      words: Nullable(
        strictObject(words, { description: 'The words it had from then on, where they changed.' }),
      ),
      reason: Nullable(Type.String({ description: 'Why it was set by hand.' })),
      recordedById: Id('The member of staff.', ids.staff),
      recordedAt: Instant('When.', '2026-11-16T18:00:00.000Z'),
    },
    {
      description: 'One step of a target. Nothing of it ever changes.',
      examples: [
        {
          version: 2,
          change: 'moved_by_note',
          fromStatus: 'identified',
          toStatus: 'incomplete',
          findings: ['assessed', 'processed', 'left'],
          sud: 3,
          voc: 2,
          noteId: ids.note,
          noteRevision: 1,
          partId: ids.part,
          sessionOn: '2026-11-16',
          words: null,
          reason: null,
          recordedById: ids.staff,
          recordedAt: '2026-11-16T18:00:00.000Z',
        },
      ],
    },
  ),
)

const CurvePoint = component(
  'EmdrCurvePoint',
  strictObject(
    {
      noteId: Id('The note.', ids.note),
      partId: Id('Its part.', ids.part),
      sessionDate: CalendarDate('The day of the session.', '2026-11-16'),
      sudStart: Nullable(Sud('At the start.')),
      sudEnd: Nullable(Sud('At the end.')),
      vocStart: Nullable(Voc('At the start.')),
      vocEnd: Nullable(Voc('At the end.')),
      sets: Nullable(Type.Integer({ minimum: 0, description: 'Sets of bilateral stimulation.' })),
      bodyScanClear: Nullable(Type.Boolean({ description: 'Null where no body scan was done.' })),
    },
    {
      description: 'The measures of one session. Null is not measured.',
      examples: [
        {
          noteId: ids.note,
          partId: ids.part,
          sessionDate: '2026-11-16',
          sudStart: 8,
          sudEnd: 3,
          vocStart: 2,
          vocEnd: null,
          sets: 9,
          bodyScanClear: null,
        },
      ],
    },
  ),
)

export const EmdrCurve = component(
  'EmdrCurve',
  strictObject(
    {
      emdrTargetId: Id('The target.', ids.target),
      points: Type.Array(CurvePoint, { description: 'Oldest session first; the latest 500.' }),
    },
    {
      description: 'SUD and VOC of one target over its sessions.',
      examples: [
        {
          emdrTargetId: ids.target,
          points: [
            {
              noteId: ids.note,
              partId: ids.part,
              sessionDate: '2026-11-16',
              sudStart: 8,
              sudEnd: 3,
              vocStart: 2,
              vocEnd: null,
              sets: 9,
              bodyScanClear: null,
            },
          ],
        },
      ],
    },
  ),
)

export const ChartOfTargets = strictObject({ chartId: Id('The chart.', ids.chart) })
export const TargetParams = strictObject({
  chartId: Id('The chart.', ids.chart),
  emdrTargetId: Id('The target.', ids.target),
})
export const TargetQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(targetStatuses, { description: 'Only these.', examples: ['incomplete'] })),
  kind: Type.Optional(OneOf(targetKinds, { description: 'Only these.', examples: ['past'] })),
})
export const TargetHistoryQuery = strictObject({ ...PageQuery })
export const EmdrTargetPage = listOf('EmdrTargetPage', EmdrTarget)
export const EmdrTargetHistoryPage = listOf('EmdrTargetHistoryPage', EmdrTargetHistoryEntry)

export type TargetWords = Static<typeof TargetWords>
export type EmdrTarget = Static<typeof EmdrTarget>
export type OpenEmdrTarget = Static<typeof OpenEmdrTarget>
export type NewEmdrTarget = Static<typeof NewEmdrTarget>
export type EmdrTargetChange = Static<typeof EmdrTargetChange>
export type EmdrTargetStep = Static<typeof EmdrTargetStep>
export type EmdrTargetHistoryEntry = Static<typeof EmdrTargetHistoryEntry>
export type EmdrCurve = Static<typeof EmdrCurve>
export type CurvePoint = Static<typeof CurvePoint>
export type TargetQuery = Static<typeof TargetQuery>
export type TargetHistoryQuery = Static<typeof TargetHistoryQuery>
