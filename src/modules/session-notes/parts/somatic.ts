import { type Static, Type } from 'typebox'
import { given } from '../../../lib/given.ts'
import type { FieldError } from '../../../lib/problems.ts'
import { OneOf } from '../../../lib/schemas.ts'
import { content, figure, growing, minutes, rating, several, words } from './fields.ts'
import { rise } from './numbers.ts'
import { listed, missingFields, type PartFigure, type PartWarning, partKind } from './part.ts'
import { referenceValues } from './reference-values.ts'

/** The five channels of experience: sensation, image, behavior, affect, meaning. */
const sibamChannels = ['sensation', 'image', 'behavior', 'affect', 'meaning'] as const

const windowStates = ['hyper', 'within', 'hypo'] as const
const dischargeSigns = ['tremor', 'heat', 'breath', 'tears', 'yawning', 'other'] as const

const Entry = growing(
  {
    channel: OneOf(sibamChannels),
    text: words('What showed.', 500),
    minute: minutes('How far into the work'),
  },
  'Something that showed in one channel.',
)

const Activation = growing(
  {
    start: rating(0, 10, 'At the beginning'),
    peak: rating(0, 10, 'At its highest'),
    end: rating(0, 10, 'At the end'),
  },
  'How activated the client was.',
)

const Window = growing(
  {
    start: OneOf(windowStates, { description: 'At the beginning.' }),
    end: OneOf(windowStates, { description: 'At the end.' }),
  },
  'Above, within or below the window of tolerance.',
)

const Resource = growing(
  { kind: OneOf(['internal', 'external'] as const), text: words('What it was.', 500) },
  'Something that gave support.',
)

const Titration = growing(
  {
    step: OneOf(['small', 'medium', 'large'] as const, { description: 'Size of the step.' }),
    text: words('What was approached.', 1_000),
  },
  'How much at a time.',
)

const DefensiveResponse = growing(
  { completed: OneOf(['no', 'partly', 'yes'] as const), text: words('Which, and how.', 1_000) },
  'A defensive response that had been cut short.',
)

const Coupling = growing(
  { kind: OneOf(['over', 'under'] as const), text: words('Of what.', 500) },
  'What hangs together too closely, or no more.',
)

const Touch = growing(
  {
    used: Type.Boolean({ description: 'Whether touch was used.' }),
    consent: OneOf(['asked_each_time', 'written', 'none'] as const, {
      description: 'How the client agreed.',
    }),
    text: words('Where, and what for.', 1_000),
  },
  'Touch, and the consent to it.',
)

const SomaticContent = content({
  entries: several(Entry, 'What showed, in the order of time.', 200),
  activation: Activation,
  window: Window,
  resources: several(Resource, 'Resources that were used.', 30),
  orienting: words('How the client turned to the room.'),
  titration: Titration,
  pendulationCycles: rating(0, 200, 'Swings between activation and ease'),
  discharge: Type.Array(OneOf(dischargeSigns), {
    maxItems: dischargeSigns.length,
    uniqueItems: true,
    description: 'Signs of release.',
  }),
  defensiveResponse: DefensiveResponse,
  coupling: several(Coupling, 'Over- and undercoupling.', 20),
  touch: Touch,
  settlingMinutes: minutes('From the peak until the client had settled', 480),
  endOrientation: OneOf(['oriented', 'partly', 'not'] as const, {
    description: 'Whether the client left oriented to place and time.',
  }),
})

type Somatic = Static<typeof SomaticContent>

const within = (field: string, errors: readonly FieldError[]): FieldError[] =>
  errors.map(error => ({ ...error, pointer: `/${field}${error.pointer}` }))

/** Where it began, peaked and ended, how the client left, and the consent where there was touch. */
const missing = ({ activation = {}, endOrientation, touch }: Somatic): FieldError[] => [
  ...within('activation', missingFields(activation, ['start', 'peak', 'end'])),
  ...missingFields({ endOrientation }, ['endOrientation']),
  ...(touch?.used ? within('touch', missingFields(touch, ['consent'])) : []),
]

const isOverActivated = (peak: number) => peak >= referenceValues.over_activation.value

function warnings(part: Somatic): PartWarning[] {
  const { entries = [], activation = {}, window = {}, touch = {}, endOrientation = 'oriented' } = part
  const { start = 0, peak, end = 0 } = activation
  const times = entries.flatMap(({ minute }) => minute ?? [])
  const { value, source } = referenceValues.over_activation
  const rules: readonly (readonly [breaks: boolean, code: string, pointer: string, detail: string])[] = [
    [
      times.some((minute, at) => minute < (times[at - 1] ?? 0)),
      'entries_out_of_order',
      '/entries',
      'The entries are not in the order of time.',
    ],
    [
      peak !== undefined && peak < Math.max(start, end),
      'peak_below_others',
      '/activation/peak',
      'The peak is lower than the beginning or the end.',
    ],
    [
      peak !== undefined && isOverActivated(peak),
      'over_activation',
      '/activation/peak',
      `Activation reached ${value} or more (${source}): look at the size of the steps.`,
    ],
    [
      activation.start !== undefined && end > start,
      'ended_above_start',
      '/activation/end',
      'The client left more activated than they came.',
    ],
    [
      window.end === 'hyper' || window.end === 'hypo',
      'ended_outside_window',
      '/window/end',
      'The session ended outside the window of tolerance.',
    ],
    [
      endOrientation !== 'oriented',
      'left_without_orientation',
      '/endOrientation',
      'The client left without being fully oriented.',
    ],
    [
      touch.used === true && touch.consent === 'none',
      'touch_without_consent',
      '/touch/consent',
      'Touch was used, and there was no consent to it.',
    ],
  ]
  return rules.filter(([breaks]) => breaks).map(([, code, pointer, detail]) => ({ code, pointer, detail }))
}

/** `activation_drop` is from the peak to the end; `over_activation` is 1 for a session that was, else 0. */
function figures({ activation = {}, settlingMinutes, pendulationCycles }: Somatic): PartFigure[] {
  const { start, peak, end } = activation
  return [
    ...figure('activation_start', start),
    ...figure('activation_peak', peak),
    ...figure('activation_end', end),
    ...figure('activation_drop', rise(end, peak)),
    ...figure('over_activation', peak === undefined ? undefined : Number(isOverActivated(peak))),
    ...figure('settling_minutes', settlingMinutes),
    ...figure('pendulation_cycles', pendulationCycles),
  ]
}

export const somatic = partKind({
  kind: 'somatic',
  version: 1,
  title: 'Somatic work',
  about: 'What showed in body, image and feeling, activation and settling, and touch with consent.',
  source: 'Terms of Somatic Experiencing (Levine 2010) in our own words; activation 0 to 10.',
  charts: ['individual'],
  content: SomaticContent,
  example: {
    entries: [
      { channel: 'sensation', text: 'A tight chest (fictional).', minute: 4 },
      { channel: 'image', text: 'A closed door.', minute: 9 },
      { channel: 'affect', text: 'Relief.', minute: 31 },
    ],
    activation: { start: 4, peak: 7, end: 2 },
    window: { start: 'within', end: 'within' },
    resources: [{ kind: 'external', text: 'The view of the garden.' }],
    orienting: 'Looks around the room and names colors.',
    titration: { step: 'small', text: 'The moment before the door.' },
    pendulationCycles: 3,
    discharge: ['breath', 'yawning'],
    defensiveResponse: { completed: 'partly', text: 'Pushing away with both hands.' },
    coupling: [{ kind: 'over', text: 'Closeness and danger.' }],
    touch: { used: true, consent: 'asked_each_time', text: 'A hand on the shoulder.' },
    settlingMinutes: 12,
    endOrientation: 'oriented',
  },
  missing,
  // What steadies the client, and what the body has not finished. Touch is agreed to anew each time.
  carry: ({ resources = [], coupling = [], defensiveResponse: { completed, text } = {} }) =>
    given({
      resources: listed(resources),
      coupling: listed(coupling),
      defensiveResponse: text === undefined || completed === 'yes' ? undefined : { text },
    }),
  warnings,
  figures,
})
