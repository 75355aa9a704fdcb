import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { latestScores } from '../assessments/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { planInForce } from '../treatment-plans/index.ts'
import { openTargetsOf } from './emdr/targets-in-notes.ts'
import type { NoteHeader } from './header.schemas.ts'
import { lastOwnNotes } from './last-notes.ts'
import { activeIds } from './neurofeedback/protocols.repository.ts'
import type { DraftContent, NoteDocument } from './note-document.ts'
import { emdr } from './parts/emdr.ts'
import { partOf } from './parts/index.ts'
import { neurofeedback } from './parts/neurofeedback.ts'
import type { ChartNow } from './parts/part.ts'
import { kindsOf } from './parts/parts.rules.ts'
import type { NotePart } from './parts/parts.schemas.ts'

/** What a note begins as, and under what. */
export interface Begun {
  templateKey: string
  /** Keys of the sections whose text goes on from one session to the next. */
  carriedSections: readonly string[]
  draft: DraftContent
}

/**
 * Fills what is empty in a note that begins: from the plan in force and the latest scores of what it measures, from the
 * author's last signed note under the same template (or their last one at all), and each part as its kind declares, from
 * the author's last part of that kind. Who was there, risk, response and progress are never carried: they are of this
 * session. Each field that was filled is named in `carried`.
 */
export async function carryInto(
  trx: PracticeTransaction,
  chart: OpenChart,
  { templateKey, carriedSections, draft }: Begun,
): Promise<DraftContent> {
  const kinds = kindsOf(draft.parts)
  const [{ last, ofKind }, fromPlan, now] = await Promise.all([
    lastOwnNotes(trx, chart, templateKey, kinds),
    headerFromPlan(trx, chart),
    chartNow(trx, chart, kinds),
  ])
  const header = filled(draft.header, { ...(last ? headerFromLast(last.header) : {}), ...fromPlan })
  const texts = carriedSections.map(key => [key, last?.sections[key]])
  const sections = filled(draft.sections, Object.fromEntries(texts))
  const parts = draft.parts.map(part => filledPart(part, ofKind.get(part.kind), now))
  return {
    ...draft,
    header: header.value,
    sections: sections.value,
    parts: parts.map(({ value }) => value),
    carried: [
      ...draft.carried,
      ...header.names.map(name => `/header/${name}`),
      ...sections.names.map(name => `/sections/${name}`),
      ...parts.flatMap(pointersOf),
    ],
  }
}

/** What is there stays; `names` are the fields that came in. */
function filled<Target extends object>(target: Target, from: Readonly<Record<string, unknown>>) {
  const names = Object.entries(from)
    .filter(([name, value]) => value !== undefined && !Object.hasOwn(target, name))
    .map(([name]) => name)
  const added = Object.fromEntries(names.map(name => [name, from[name]]))
  return { value: { ...target, ...added }, names }
}

async function headerFromPlan(trx: PracticeTransaction, chart: OpenChart): Promise<NoteHeader> {
  const plan = await planInForce(trx, chart)
  if (!plan) return {}
  const keys = [...new Set(plan.objectives.flatMap(({ instrumentKey }) => instrumentKey ?? []))]
  const measures = await latestScores(trx, chart, keys)
  const objectives = plan.objectives.map(({ key }) => ({ planId: plan.planId, objectiveKey: key }))
  return {
    ...(objectives.length > 0 ? { objectives: objectives.slice(0, 30) } : {}),
    ...(plan.diagnoses.length > 0 ? { diagnoses: plan.diagnoses } : {}),
    ...(measures.length > 0 ? { measures: measures.slice(0, 40) } : {}),
  }
}

/** The check-in of a session by video is asked anew each time, and what was to be done is asked about. */
function headerFromLast({ place, diagnoses, interventions, homework = [] }: NoteHeader): NoteHeader {
  const { checkIn: _checkIn, ...stays } = place ?? {}
  return {
    ...(place ? { place: { ...stays, kind: place.kind } } : {}),
    ...(diagnoses ? { diagnoses } : {}),
    ...(interventions ? { interventions } : {}),
    ...(homework.length > 0 ? { homeworkReview: homework.map(({ what }) => ({ what })) } : {}),
  }
}

/** The parts alone, for a note that takes the rest from elsewhere. */
export async function goOn(
  trx: PracticeTransaction,
  chart: OpenChart,
  draft: DraftContent,
): Promise<DraftContent> {
  const kinds = kindsOf(draft.parts)
  const [{ ofKind }, now] = await Promise.all([
    lastOwnNotes(trx, chart, noTemplate, kinds),
    chartNow(trx, chart, kinds),
  ])
  const parts = draft.parts.map(part => filledPart(part, ofKind.get(part.kind), now))
  return {
    ...draft,
    parts: parts.map(({ value }) => value),
    carried: [...draft.carried, ...parts.flatMap(pointersOf)],
  }
}

const noTemplate = ''

type FilledPart = ReturnType<typeof filledPart>

const pointersOf = ({ value, names }: FilledPart) => names.map(name => `/parts/${value.id}/content/${name}`)

/** What goes on from a part to the next one of its kind, by the declaration of the kind. */
function filledPart(part: NotePart, last: NoteDocument | undefined, now: ChartNow) {
  const before = last?.parts.findLast(({ kind, version }) => kind === part.kind && version === part.version)
  const carried = partOf(part.kind, part.version).carry?.(before?.content ?? {}, now)
  const { value, names } = filled(part.content, { ...carried })
  return { value: { ...part, content: value }, names }
}

/** Asked for where a part goes by it only. */
async function chartNow(
  trx: PracticeTransaction,
  chart: OpenChart,
  kinds: readonly string[],
): Promise<ChartNow> {
  const [targets, activeProtocolIds] = await Promise.all([
    kinds.includes(emdr.kind) ? openTargetsOf(trx, chart) : [],
    kinds.includes(neurofeedback.kind) ? activeIds(trx, chart) : [],
  ])
  const incomplete = targets.filter(({ status }) => status === 'incomplete')
  return { incompleteTargetIds: incomplete.map(({ id }) => id), activeProtocolIds }
}
