import { type FieldError, Problem } from '../../lib/problems.ts'
import type { PlanContent, PlanDraft } from './content.schemas.ts'

const lists = ['team', 'diagnoses', 'problems', 'goals', 'objectives', 'interventions'] as const

/**
 * What a draft refers to must be in it, and whom it is about in the chart.
 *
 * @param members present members of the chart
 * @throws Problem `invalid-request` with every fault; `unknown-reference` for somebody who is not in the chart
 */
export function checkDraft(
  draft: PlanDraft,
  kind: 'individual' | 'couple',
  members: readonly string[],
): void {
  const errors = [
    ...lists.flatMap(list => repeatedKeys(draft, list)),
    ...danglingKeys(draft),
    ...draft.objectives.flatMap(measureFaults),
    ...principalFaults(draft),
  ]
  if (errors.length > 0) throw new Problem('invalid-request', { errors })
  const unknown = strangers(draft, kind, members)
  if (unknown.length > 0) throw new Problem('unknown-reference', { errors: unknown })
}

const fault = (pointer: string, code: string, detail: string): FieldError => ({ pointer, code, detail })

function repeatedKeys(draft: PlanDraft, list: (typeof lists)[number]): FieldError[] {
  const keys = draft[list].map(({ key }) => key)
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index
      ? []
      : [fault(`/${list}/${index}/key`, 'twice', 'Each key names one thing of its list.')],
  )
}

function danglingKeys({ problems, goals, objectives, interventions }: PlanDraft): FieldError[] {
  const [known, goalKeys, objectiveKeys] = [problems, goals, objectives].map(
    list => new Set(list.map(({ key }) => key)),
  )
  const unknown = (pointer: string) => fault(pointer, 'unknown', 'Nothing in this plan has this key.')
  const among = (keys: readonly string[], all: ReadonlySet<string> | undefined, pointer: string) =>
    keys.flatMap((key, at) => (all?.has(key) ? [] : [unknown(`${pointer}/${at}`)]))
  return [
    ...goals.flatMap((goal, index) => among(goal.problemKeys, known, `/goals/${index}/problemKeys`)),
    ...objectives.flatMap(({ goalKey }, index) =>
      goalKeys?.has(goalKey) ? [] : [unknown(`/objectives/${index}/goalKey`)],
    ),
    ...interventions.flatMap((one, index) =>
      among(one.objectiveKeys, objectiveKeys, `/interventions/${index}/objectiveKeys`),
    ),
  ]
}

/** A plan of one client is about nobody else; a couple's is about both, or one of the two. */
function strangers(
  draft: PlanDraft,
  kind: 'individual' | 'couple',
  members: readonly string[],
): FieldError[] {
  const detail =
    kind === 'couple'
      ? 'Must be one of the two partners.'
      : 'Must be the client of this chart, or left empty.'
  return (['diagnoses', 'problems', 'goals'] as const).flatMap(list =>
    draft[list].flatMap(({ clientId }, index) =>
      clientId === null || members.includes(clientId)
        ? []
        : [fault(`/${list}/${index}/clientId`, 'unknown', detail)],
    ),
  )
}

function measureFaults({ measure }: PlanDraft['objectives'][number], index: number): FieldError[] {
  const named = measure.instrumentKey !== null && measure.scaleKey !== null
  const unnamed = measure.instrumentKey === null && measure.scaleKey === null
  const fits = measure.kind === 'instrument' ? named : unnamed
  return fits
    ? []
    : [
        fault(
          `/objectives/${index}/measure`,
          'measure',
          'An instrument and its scale belong to `instrument`.',
        ),
      ]
}

const principalFaults = ({ diagnoses }: PlanDraft): FieldError[] =>
  diagnoses.filter(({ principal }) => principal).length > 1
    ? [fault('/diagnoses', 'principal', 'At most one diagnosis is the principal one.')]
    : []

/**
 * A plan is offered only when it says what is wrong, what is wanted, and how anybody will tell.
 *
 * @throws Problem `invalid-state` that names what is missing
 */
export function requireComplete({ problems, goals, objectives, interventions }: PlanContent): void {
  const errors: FieldError[] = [
    ...emptyLists({ problems, goals, objectives, interventions }),
    ...goals.flatMap(({ key }, index) =>
      objectives.some(({ goalKey }) => goalKey === key)
        ? []
        : [fault(`/goals/${index}`, 'no-objective', 'Needs an objective.')],
    ),
    ...objectives.flatMap(({ measure, baseline, target }, index) =>
      measure.kind === 'observation' || (baseline !== null && target !== null)
        ? []
        : [fault(`/objectives/${index}`, 'no-target', 'What is measured needs a baseline and a target.')],
    ),
  ]
  if (errors.length === 0) return
  throw new Problem('invalid-state', { detail: 'The plan is not complete yet.', errors })
}

const emptyLists = (all: Record<string, readonly unknown[]>): FieldError[] =>
  Object.entries(all).flatMap(([name, list]) =>
    list.length > 0 ? [] : [fault(`/${name}`, 'required', 'Needs at least one.')],
  )
