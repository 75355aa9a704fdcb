import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { latestScores } from '../assessments/index.ts'
import type { OpenChart } from '../charts/index.ts'
import { planInForce } from '../treatment-plans/index.ts'
import type { NoteHeader } from './header.schemas.ts'
import type { DraftContent, NoteDocument } from './note-document.ts'
import { partOf } from './parts/index.ts'
import type { NotePart } from './parts/parts.schemas.ts'
import { openContent } from './sealing.ts'
import { documentOf } from './signed-content.ts'

/**
 * Fills what is empty in a note that begins from the plan in force, the author's last signed note of this chart and the
 * latest scores of what the plan measures. Who was there, risk, response and progress are never carried: they are of
 * this session. Each field that was filled is named in `carried`.
 */
export async function carryInto(
  trx: PracticeTransaction,
  chart: OpenChart,
  draft: DraftContent,
): Promise<DraftContent> {
  const [last, fromPlan] = await Promise.all([lastOwnNote(trx, chart), headerFromPlan(trx, chart)])
  const header = filled(draft.header, { ...(last ? headerFromLast(last.header) : {}), ...fromPlan })
  const sections = filled(draft.sections, sectionsFor(draft, last))
  const parts = draft.parts.map(part => filledPart(part, last))
  return {
    ...draft,
    header: header.value,
    sections: sections.value,
    parts: parts.map(({ value }) => value),
    carried: [
      ...draft.carried,
      ...header.names.map(name => `/header/${name}`),
      ...sections.names.map(name => `/sections/${name}`),
      ...parts.flatMap(({ value, names }) => names.map(name => `/parts/${value.id}/content/${name}`)),
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

/** Texts of the last note under the headings that this one has too. */
const sectionsFor = ({ headings }: DraftContent, last: NoteDocument | undefined) =>
  Object.fromEntries(headings.map(({ key }) => [key, last?.sections[key]]))

function filledPart(part: NotePart, last: NoteDocument | undefined) {
  const before = last?.parts.find(({ kind, version }) => kind === part.kind && version === part.version)
  const carried = before ? partOf(part.kind, part.version).carry?.(before.content) : undefined
  const { value, names } = filled(part.content, { ...carried })
  return { value: { ...part, content: value }, names }
}

/** What the actor's last signed note of this chart says. */
async function lastOwnNote(trx: PracticeTransaction, chart: OpenChart): Promise<NoteDocument | undefined> {
  const row = await trx
    .selectFrom('session_notes as n')
    .innerJoin('session_note_contents as c', join =>
      join
        .onRef('c.practice_id', '=', 'n.practice_id')
        .onRef('c.note_id', '=', 'n.id')
        .onRef('c.revision', '=', 'n.revision'),
    )
    .select(['c.note_id', 'c.revision', 'c.document'])
    .where('n.practice_id', '=', trx.practiceId)
    .where('n.chart_id', '=', chart.id)
    .where('n.author_id', '=', trx.scope.actor.staffId)
    .where(sql<boolean>`n.status = any(${['signed', 'pending_cosign', 'cosigned', 'locked']}::text[])`)
    .orderBy('n.session_date', 'desc')
    .orderBy('n.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && documentOf(await openContent(trx, row))
}
