import { type Static, Type } from 'typebox'
import { given } from '../../../lib/given.ts'
import type { FieldError } from '../../../lib/problems.ts'
import { component, Id, OneOf } from '../../../lib/schemas.ts'
import { Band, Site } from '../neurofeedback/bands.schemas.ts'
import { bandKeys } from '../neurofeedback/bands.ts'
import { content, figure, growing, mean, minutes, rating, several, words } from './fields.ts'
import { figureAbout, most, rise } from './numbers.ts'
import { listed, missingFields, type PartFigure, type PartWarning, partKind } from './part.ts'
import { referenceValues } from './reference-values.ts'

const sideEffectKinds = [
  'headache',
  'fatigue',
  'irritability',
  'anxiety',
  'dizziness',
  'sleep',
  'low_mood',
  'other',
] as const

const exampleProtocol = '019c0000-0000-7000-8000-000000002001'

const amount = (maximum: number, description: string) => Type.Number({ minimum: 0, maximum, description })

const Amplitude = component(
  'NeurofeedbackAmplitude',
  growing({ band: Band, microvolts: amount(1_000, 'Mean amplitude, in µV.') }, 'One band’s amplitude.', {
    band: 'smr',
    microvolts: 4.2,
  }),
)

const Impedance = growing({ site: Site, kiloohms: amount(1_000, 'In kΩ.') }, 'Of one electrode.')

const Round = growing(
  {
    startMinute: minutes('How far into the session it began', 480),
    minutes: amount(480, 'How long it lasted, in minutes.'),
    thresholds: several(
      growing({ band: Band, microvolts: amount(1_000, 'In µV.') }, 'A threshold.'),
      'As set.',
      12,
    ),
    amplitudes: several(Amplitude, 'Means over the round.', 12),
    rewardPercent: amount(100, 'Share of the time that was rewarded, in percent.'),
  },
  'A round of training.',
)

const SideEffect = growing(
  {
    kind: OneOf(sideEffectKinds),
    severity: rating(1, 3, 'From mild to strong'),
    text: words('What was told.', 1_000),
  },
  'An unwanted effect.',
)

const beforeAndAfter = (what: string) =>
  growing({ before: rating(0, 10, 'Before'), after: rating(0, 10, 'After') }, what)

const NeurofeedbackContent = content({
  protocolId: Id('A neurofeedback protocol of this chart.', exampleProtocol),
  protocolRevision: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    description: 'The settings that were used.',
  }),
  sessionNumber: rating(1, 1_000, 'Which session of the training it is'),
  plannedSessions: rating(1, 1_000, 'How many are planned'),
  device: growing(
    { name: words('Device.', 120), software: words('Software.', 120), version: words('Its version.', 60) },
    'What it was done with.',
  ),
  technicianId: Id('Who ran it, where that was not the author.', '019c0000-0000-7000-8000-0000000000b2'),
  supervisorId: Id('The clinician responsible for a technician.', '019c0000-0000-7000-8000-0000000000b1'),
  impedances: several(Impedance, 'By electrode.', 24),
  artifactPercent: amount(100, 'Share of the recording lost to artifacts, in percent.'),
  rounds: several(Round, 'In order.', 30),
  before: several(Amplitude, 'Before training.', 12),
  after: several(Amplitude, 'After training.', 12),
  alertness: beforeAndAfter('Alertness, in the client’s rating.'),
  calm: beforeAndAfter('Calm, in the client’s rating.'),
  sideEffects: several(SideEffect, 'What was reported; an empty list when asked, and there was nothing.', 20),
  betweenSessions: words('What was told of the days since.'),
  change: growing(
    {
      needed: Type.Boolean({ description: 'Whether the protocol is to change.' }),
      reason: words('Why, or why not.', 1_000),
    },
    'What follows for the protocol, which changes in its own place.',
  ),
})

type Neurofeedback = Static<typeof NeurofeedbackContent>

/** Which protocol, at least one round that says how long, and an answer to the question for side effects. */
function missing({ protocolId, protocolRevision, rounds = [], sideEffects }: Neurofeedback): FieldError[] {
  const named = missingFields({ protocolId, protocolRevision, rounds }, [
    'protocolId',
    'protocolRevision',
    'rounds',
  ])
  const ofRounds = rounds.flatMap((round, at) =>
    missingFields(round, ['minutes']).map(error => ({ ...error, pointer: `/rounds/${at}${error.pointer}` })),
  )
  const asked = {
    pointer: '/sideEffects',
    code: 'required',
    detail: 'Ask for side effects; none is an empty list.',
  }
  return [...named, ...ofRounds, ...(sideEffects === undefined ? [asked] : [])]
}

function warnings(part: Neurofeedback): PartWarning[] {
  const { impedances = [], sideEffects = [], change = {}, sessionNumber, plannedSessions } = part
  const { value, source } = referenceValues.impedance
  const tooHigh = impedances.flatMap(({ kiloohms = 0 }, at) =>
    kiloohms >= value
      ? [
          {
            code: 'impedance_high',
            pointer: `/impedances/${at}`,
            detail: `An impedance of ${value} kΩ or more (${source}).`,
          },
        ]
      : [],
  )
  const rules: readonly (readonly [breaks: boolean, code: string, pointer: string, detail: string])[] = [
    [
      impedances.every(({ kiloohms }) => kiloohms === undefined),
      'impedance_unknown',
      '/impedances',
      'No impedance was written down.',
    ],
    [
      sideEffects.some(({ severity }) => severity === 3) && change.needed !== true,
      'strong_side_effect',
      '/sideEffects',
      'A strong side effect was reported, and the protocol is not to change.',
    ],
    [
      part.technicianId !== undefined && part.supervisorId === undefined,
      'technician_alone',
      '/supervisorId',
      'A technician ran it, and no clinician is named as responsible.',
    ],
    [
      sessionNumber !== undefined && plannedSessions !== undefined && sessionNumber > plannedSessions,
      'beyond_plan',
      '/sessionNumber',
      'There were more sessions than planned: review whether to go on.',
    ],
  ]
  const others = rules.filter(([breaks]) => breaks)
  return [...tooHigh, ...others.map(([, code, pointer, detail]) => ({ code, pointer, detail }))]
}

type Amplitudes = Static<typeof Amplitude>[]

const bandsIn = (amplitudes: Amplitudes): Amplitudes =>
  amplitudes.flatMap(({ band }) => (band === undefined ? [] : [{ band }]))

/** The mean of a band over rounds, each counting as long as it lasted. */
function meanAmplitude(rounds: NonNullable<Neurofeedback['rounds']>, key: string): number | undefined {
  const parts = rounds.flatMap(({ minutes: length = 0, amplitudes = [] }) => {
    const { microvolts } = ofBand(amplitudes, key) ?? {}
    return microvolts === undefined || length === 0 ? [] : [{ length, microvolts }]
  })
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  if (total === 0) return undefined
  return parts.reduce((sum, { length, microvolts }) => sum + length * microvolts, 0) / total
}

const ofBand = (amplitudes: Amplitudes, key: string) => amplitudes.find(one => one.band === key)

function amplitudeChange({ before = [], after = [] }: Neurofeedback, key: string): number | undefined {
  return rise(ofBand(before, key)?.microvolts, ofBand(after, key)?.microvolts)
}

/**
 * What trends count, for each protocol apart: amplitudes in µV over the rounds by their length (`microvolts_theta`) and
 * from before to after training (`microvolts_change_theta`); `side_effects` is how many were reported.
 */
function figures(part: Neurofeedback): PartFigure[] {
  const { protocolId, rounds = [], impedances = [], sideEffects } = part
  const about = (measure: string, value: number | undefined): PartFigure[] =>
    protocolId === undefined ? figure(measure, value) : figureAbout(protocolId, measure, value)
  const lengths = rounds.flatMap(round => round.minutes ?? [])
  return [
    ...about(
      'training_minutes',
      lengths.length === 0 ? undefined : lengths.reduce((sum, one) => sum + one, 0),
    ),
    ...about('reward_percent_mean', mean(rounds.flatMap(({ rewardPercent }) => rewardPercent ?? []))),
    ...about('artifact_percent', part.artifactPercent),
    ...about('impedance_max', most(impedances.flatMap(({ kiloohms }) => kiloohms ?? []))),
    ...bandKeys.flatMap(key => [
      ...about(`microvolts_${key}`, meanAmplitude(rounds, key)),
      ...about(`microvolts_change_${key}`, amplitudeChange(part, key)),
    ]),
    ...about('alertness_rise', rise(part.alertness?.before, part.alertness?.after)),
    ...about('calm_rise', rise(part.calm?.before, part.calm?.after)),
    ...about('side_effects', sideEffects?.length),
    ...about('side_effect_severity_max', most((sideEffects ?? []).flatMap(({ severity }) => severity ?? []))),
  ]
}

export const neurofeedback = partKind({
  kind: 'neurofeedback',
  version: 1,
  title: 'Neurofeedback',
  about: 'One session of training under a protocol of the chart: signal, rounds, amplitudes and effects.',
  source:
    'Contents of an EEG biofeedback session record as commonly kept; amplitudes in µV, impedance in kΩ.',
  charts: ['individual'],
  content: NeurofeedbackContent,
  example: {
    protocolId: exampleProtocol,
    protocolRevision: 1,
    sessionNumber: 4,
    plannedSessions: 20,
    device: { name: 'Example Amp 2', software: 'Example Trainer', version: '3.1' },
    impedances: [{ site: 'Cz', kiloohms: 4.2 }],
    artifactPercent: 6,
    rounds: [
      {
        startMinute: 5,
        minutes: 10,
        thresholds: [{ band: 'smr', microvolts: 5 }],
        amplitudes: [
          { band: 'smr', microvolts: 5.4 },
          { band: 'theta', microvolts: 12 },
        ],
        rewardPercent: 68,
      },
    ],
    before: [{ band: 'smr', microvolts: 5 }],
    after: [{ band: 'smr', microvolts: 5.6 }],
    alertness: { before: 5, after: 6 },
    calm: { before: 4, after: 7 },
    sideEffects: [{ kind: 'fatigue', severity: 1, text: 'Tired for an hour (fictional).' }],
    betweenSessions: 'Slept through on four nights.',
    change: { needed: false, reason: 'Goes well.' },
  },
  missing,
  // The protocol while it is in use, its sites, and bands with the thresholds of the last round. Which settings are used,
  // and all that is measured, is said anew each time.
  carry: ({ protocolId, sessionNumber, plannedSessions, device, ...last }, { activeProtocolIds }) => {
    if (protocolId === undefined || !activeProtocolIds.includes(protocolId.toLowerCase()))
      return given({ device })
    const { impedances = [], rounds = [], before = [], after = [] } = last
    const { thresholds } = rounds.at(-1) ?? {}
    return given({
      protocolId,
      sessionNumber: sessionNumber === undefined ? undefined : Math.min(sessionNumber + 1, 1_000),
      plannedSessions,
      device,
      impedances: listed(impedances.flatMap(({ site }) => (site === undefined ? [] : [{ site }]))),
      rounds: thresholds === undefined ? undefined : [{ thresholds }],
      before: listed(bandsIn(before)),
      after: listed(bandsIn(after)),
    })
  },
  warnings,
  figures,
})
