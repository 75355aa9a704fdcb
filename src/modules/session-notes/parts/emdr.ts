import { type Static, Type } from 'typebox'
import { given } from '../../../lib/given.ts'
import type { FieldError } from '../../../lib/problems.ts'
import { Id, OneOf } from '../../../lib/schemas.ts'
import { isHeld, isSettled, lastSud, lastVoc, phases, type TargetWork } from '../emdr/targets.rules.ts'
import { content, growing, rating, several, words } from './fields.ts'
import { figureAbout } from './numbers.ts'
import { listed, missingFields, type PartFigure, type PartWarning, partKind } from './part.ts'

const sud = (when: string) => rating(0, 10, `Subjective units of disturbance ${when}`)
const voc = (when: string) => rating(1, 7, `Validity of the positive cognition ${when}`)
const phasesDone = (description: string) =>
  Type.Array(OneOf(phases), { maxItems: phases.length, uniqueItems: true, description })
const stimulation = OneOf(
  ['eye_movement', 'tactile', 'auditory', 'butterfly_hug', 'light_bar', 'online_tool'],
  { description: 'Bilateral stimulation.' },
)
const resources = (description: string) =>
  Type.Array(OneOf(['calm_place', 'container', 'light_stream', 'breathing', 'grounding', 'team', 'other']), {
    maxItems: 7,
    uniqueItems: true,
    description,
  })

const bilateralSet = growing(
  {
    bls: stimulation,
    passes: Type.Integer({ minimum: 1, maximum: 500, description: 'Passes back and forth.' }),
    seconds: Type.Integer({ minimum: 1, maximum: 900, description: 'How long it took, in seconds.' }),
    speed: OneOf(['slow', 'medium', 'fast']),
    shift: words('What the client noticed afterwards, in a few words.', 500),
    sud: sud('after it'),
  },
  'One set of bilateral stimulation.',
)

const interweave = growing(
  {
    kind: OneOf(['responsibility', 'safety', 'choice', 'information', 'resource', 'somatic', 'other']),
    text: words('What was offered.', 500),
  },
  'A cognitive or other interweave where processing was stuck.',
)

const bodyScan = growing(
  {
    clear: Type.Boolean({ description: 'Nothing but neutral or pleasant sensations are left.' }),
    residual: words('What was left, and where.', 500),
    setsToClear: Type.Integer({ minimum: 0, maximum: 100, description: 'Sets it took to clear it.' }),
  },
  'Phase 6.',
)

const work = growing(
  {
    targetId: Id('A target of this chart: its label, image and cognitions stand there, not here.'),
    phases: phasesDone('What was done with this target; re-evaluation comes first in a session.'),
    sudStart: sud('at the start'),
    sudEnd: sud('at the end'),
    vocStart: voc('at the start'),
    vocEnd: voc('at the end'),
    ecologicalReason: words('Why a SUD of 1 or a VOC of 6 is as far as it goes for this client.', 500),
    sets: several(bilateralSet, 'In order.', 100),
    interweaves: several(interweave, 'In order.'),
    abreaction: OneOf(['none', 'mild', 'strong']),
    blocked: Type.Boolean({ description: 'Whether processing looped or stood still.' }),
    bodyScan,
  },
  'The work on one target.',
)

const closure = growing(
  {
    status: OneOf(['complete', 'incomplete', 'goes_on'], {
      description:
        '`incomplete`: an unfinished target was put away. `goes_on`: the work goes on in a later part of this day.',
    }),
    resources: resources('What was used to close, like the container or the calm place.'),
    text: words('How it was closed.', 2_000),
  },
  'Phase 7.',
)

const mostTargets = 6

const structure = content({
  phases: phasesDone('What was done that belongs to no single target: planning and preparation.'),
  consent: Type.Boolean({ description: 'The client agreed to process memories today.' }),
  safety: Type.Boolean({ description: 'Safety and stability were looked at before processing.' }),
  resources: resources('What the client has at hand to steady themselves, practiced before processing.'),
  bls: stimulation,
  targets: several(work, 'In the order of the session.', mostTargets),
  closure,
  stability: OneOf(['stable', 'unsettled', 'unstable'], { description: 'How the client left.' }),
  log: growing(
    {
      given: Type.Boolean({ description: 'Whether instructions were given.' }),
      text: words('What to write down between sessions.', 1_000),
    },
    'Instructions for the log between sessions.',
  ),
  remarks: words('No story of the memory: that belongs elsewhere.'),
})

export type EmdrContent = Static<typeof structure>

/** A draft may leave open which target it is. */
type NamedWork = TargetWork & { targetId?: string }

/** Why a target counts as unfinished at the end: it was processed, and not cleared. */
const isUnfinished = ({ phases: did = [], bodyScan: scan }: TargetWork) =>
  did.includes('desensitization') && !(did.includes('body_scan') && scan?.clear)

/** Which measures a phase cannot do without. */
const needs: readonly [(typeof phases)[number], keyof TargetWork & string, string][] = [
  ['reevaluation', 'sudStart', 'A re-evaluation measures the disturbance.'],
  ['assessment', 'sudStart', 'An assessment measures the disturbance.'],
  ['assessment', 'vocStart', 'An assessment measures the positive cognition.'],
  ['desensitization', 'sudEnd', 'Desensitization ends with a measure of the disturbance.'],
  ['installation', 'vocEnd', 'An installation ends with a measure of the positive cognition.'],
]

function missingOfTarget(work: NamedWork, at: string): FieldError[] {
  const { phases: did = [] } = work
  const required = (pointer: string, detail: string) => ({ pointer, code: 'required', detail })
  const unmeasured = needs.filter(([phase, measure]) => did.includes(phase) && work[measure] === undefined)
  const fields = new Map(unmeasured.map(([, measure, detail]) => [measure, detail]))
  return [
    ...missingFields(work, ['targetId']).map(error => ({ ...error, pointer: `${at}${error.pointer}` })),
    ...(did.length > 0 ? [] : [required(`${at}/phases`, 'Say what was done with this target.')]),
    ...[...fields].map(([measure, detail]) => required(`${at}/${measure}`, detail)),
    ...(did.includes('body_scan') && work.bodyScan?.clear === undefined
      ? [required(`${at}/bodyScan/clear`, 'Say whether the body scan was clear.')]
      : []),
  ]
}

function missing({ targets = [], phases: did = [] }: EmdrContent): FieldError[] {
  if (targets.length === 0 && did.length === 0) {
    const detail = 'Name the targets of the session, or the phases that belong to none.'
    return [{ pointer: '/targets', code: 'required', detail }]
  }
  return targets.flatMap((work, index) => [
    ...missingOfTarget(work, `/targets/${index}`),
    ...(work.targetId === undefined ||
    targets.findIndex(({ targetId }) => targetId === work.targetId) === index
      ? []
      : [
          {
            pointer: `/targets/${index}/targetId`,
            code: 'twice',
            detail: 'Name each target once in a part.',
          },
        ]),
  ])
}

function warningsOfTarget(work: TargetWork, at: string): PartWarning[] {
  const { phases: did = [], ecologicalReason: reason } = work
  const settled = isSettled(lastSud(work), reason)
  const installed = isHeld(lastVoc(work), reason)
  const pointer = `${at}/phases`
  return [
    ...(did.includes('installation') && !settled
      ? [
          {
            code: 'installation_before_desensitization',
            pointer,
            detail: 'Installation follows a SUD of 0, or of 1 with a reason why it fits the client’s life.',
          },
        ]
      : []),
    ...(did.includes('body_scan') && !(settled && installed)
      ? [
          {
            code: 'body_scan_before_installation',
            pointer,
            detail:
              'The body scan follows a SUD of 0 and a VOC of 7, or a reason why less fits the client’s life.',
          },
        ]
      : []),
  ]
}

function warnings({ targets = [], consent, safety, closure: closed = {} }: EmdrContent): PartWarning[] {
  const processes = targets.some(({ phases: did = [] }) => did.includes('desensitization'))
  const leaves = targets.some(isUnfinished) && closed.status !== 'goes_on'
  const all: readonly [boolean, PartWarning][] = [
    [
      processes && consent !== true,
      { code: 'no_consent', pointer: '/consent', detail: 'Processing needs the client’s agreement.' },
    ],
    [
      processes && safety !== true,
      {
        code: 'no_safety_check',
        pointer: '/safety',
        detail: 'Processing follows a look at safety and stability.',
      },
    ],
    [
      leaves && closed.status !== 'incomplete',
      {
        code: 'incomplete_without_closure',
        pointer: '/closure/status',
        detail: 'A target was left unfinished: the session is closed as an incomplete one.',
      },
    ],
    [
      leaves && (closed.resources ?? []).length === 0,
      {
        code: 'incomplete_without_containment',
        pointer: '/closure/resources',
        detail:
          'What is left unfinished is put away, for instance in a container, and the client is steadied.',
      },
    ],
  ]
  return [
    ...targets.flatMap((work, index) => warningsOfTarget(work, `/targets/${index}`)),
    ...all.filter(([holds]) => holds).map(([, warning]) => warning),
  ]
}

function figures({ targets = [] }: EmdrContent): PartFigure[] {
  return targets.flatMap(
    ({ targetId, sudStart, sudEnd, vocStart, vocEnd, sets, phases: did, bodyScan: scan }) => {
      const scanned = did?.includes('body_scan') && scan?.clear !== undefined
      const measured = [
        ['sud_start', sudStart],
        ['sud_end', sudEnd],
        ['voc_start', vocStart],
        ['voc_end', vocEnd],
        ['sets', sets?.length],
        ['body_scan_clear', scanned ? Number(scan.clear) : undefined],
      ] as const
      if (targetId === undefined) return []
      return measured.flatMap(([measure, value]) => figureAbout(targetId, measure, value))
    },
  )
}

/** Sessions of EMDR. The label of a memory stands in the registry of targets, which is restricted; its story in neither. */
export const emdr = partKind({
  kind: 'emdr',
  version: 1,
  title: 'EMDR',
  about: 'Phases, sets and measures of each target that was worked on, and how the session was closed.',
  source: 'The eight phases of EMDR, SUD (Wolpe) and VOC (Shapiro); in labels of our own.',
  charts: ['individual'],
  content: structure,
  example: {
    consent: true,
    safety: true,
    resources: ['calm_place', 'container'],
    bls: 'eye_movement',
    targets: [
      {
        targetId: '019c0000-0000-7000-8000-0000000000f7',
        phases: ['reevaluation', 'desensitization'],
        sudStart: 7,
        sudEnd: 3,
        vocStart: 2,
        sets: [{ passes: 24, speed: 'fast', shift: 'Warmer hands (fictional).', sud: 5 }],
        interweaves: [{ kind: 'safety', text: 'How old are you now? (fictional)' }],
        abreaction: 'mild',
        blocked: false,
        bodyScan: { clear: false, residual: 'A tight jaw (fictional).' },
      },
    ],
    closure: { status: 'incomplete', resources: ['container', 'calm_place'] },
    stability: 'stable',
    log: { given: true, text: 'Dreams, images, sensations (fictional).' },
  },
  missing,
  // What was put away unfinished comes first. Consent and safety are asked for anew before processing.
  carry: ({ resources: atHand, bls }, { incompleteTargetIds }) =>
    given({
      targets: listed(incompleteTargetIds.slice(0, mostTargets).map(targetId => ({ targetId }))),
      resources: atHand,
      bls,
    }),
  warnings,
  figures,
})
