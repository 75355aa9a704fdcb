import { sql } from 'kysely'
import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import type { OpenChart } from '../charts/index.ts'
import { writeBillingFacts } from './billing/facts.ts'
import type { GivenBlocks } from './blocks.ts'
import { moveTargets, takeMovesBack } from './emdr/moves.ts'
import { tieToMeeting } from './group/ties.ts'
import { headerFigures, headerKind } from './header-figures.ts'
import { noShow } from './parts/endings.ts'
import { partOf } from './parts/index.ts'
import { releaseByPolicy } from './release/release.service.ts'
import type { NoteRow, OpenNote } from './session-notes.repository.ts'
import type { SignedContentV2 } from './signed-content.ts'

// What a signature brings about in other records, in its own transaction.

/** A note that its author signs right now. */
export interface NoteSigned {
  chart: OpenChart
  note: NoteRow
  content: SignedContentV2
  /** The blocks of an intensive that it documents. */
  given: GivenBlocks | undefined
}

/** The content stands in the database already; the head is written as the transaction commits. */
export async function afterSigning(trx: PracticeTransaction, signed: NoteSigned): Promise<void> {
  writeFigures(trx, signed)
  writeObjectives(trx, signed)
  writeAttendance(trx, signed)
  const meeting = await tieToMeeting(trx, signed.note.id, signed.content.parts)
  await Promise.all([writeBillingFacts(trx, signed, meeting), releaseByPolicy(trx, signed)])
  const { chart, note, content } = signed
  await moveTargets(trx, chart, note, content.parts)
}

/** A signed note was returned, or marked as entered in error. */
export async function afterWithdrawal(trx: PracticeTransaction, { chart, row }: OpenNote): Promise<void> {
  await takeMovesBack(trx, chart, row)
}

/** Numbers leave the sealed document here and nowhere else. */
function writeFigures(trx: PracticeTransaction, { chart, note, content }: NoteSigned): void {
  const ofHeader = headerFigures(content.header).map(figure => ({ id: note.id, kind: headerKind, ...figure }))
  const ofParts = content.parts.flatMap(({ id, kind, version, content: of }) =>
    partOf(kind, version)
      .figures(of)
      .map(figure => ({ id, kind, ...figure })),
  )
  const figures = [...ofHeader, ...ofParts]
  if (figures.length === 0) return
  trx.later(
    sql`
    insert into session_note_figures (practice_id, note_id, revision, number, chart_id, session_date,
      part_id, part_kind, measure, subject_id, value)
    select ${trx.practiceId}, ${note.id}, ${content.revision}, f.number, ${chart.id}, ${note.session_date},
      f.part_id, f.part_kind, f.measure, f.subject_id, f.value
    from unnest(${figures.map(({ id }) => id)}::uuid[], ${figures.map(({ kind }) => kind)}::text[],
      ${figures.map(({ measure }) => measure)}::text[], ${figures.map(({ subjectId }) => subjectId ?? null)}::uuid[],
      ${figures.map(({ value }) => value)}::float8[])
      with ordinality as f (part_id, part_kind, measure, subject_id, value, number)`.compile(trx),
  )
}

function writeObjectives(trx: PracticeTransaction, { note, content }: NoteSigned): void {
  const objectives = content.header.objectives ?? []
  if (objectives.length === 0) return
  trx.later(
    sql`
    insert into session_note_objectives (practice_id, note_id, revision, plan_id, objective_key, progress)
    select ${trx.practiceId}, ${note.id}, ${content.revision}, o.plan_id, o.objective_key,
      ${content.header.progress ?? null}
    from unnest(${objectives.map(({ planId }) => planId)}::uuid[],
      ${objectives.map(({ objectiveKey }) => objectiveKey)}::text[]) as o (plan_id, objective_key)`.compile(
      trx,
    ),
  )
}

/** Who was there, for counting. A part says where somebody stayed away without a word. */
function writeAttendance(trx: PracticeTransaction, { note, content }: NoteSigned): void {
  const { attendance = [] } = content.header
  if (attendance.length === 0) return
  const missed = content.parts.some(({ kind }) => kind === noShow.kind) ? 'no_show' : 'absent'
  const byClient = new Map(
    attendance.map(({ clientId, presence }) => [clientId, presence === 'absent' ? missed : presence]),
  )
  trx.later(
    sql`
    insert into session_note_attendance (practice_id, note_id, revision, client_id, presence)
    select ${trx.practiceId}, ${note.id}, ${content.revision}, a.client_id, a.presence
    from unnest(${[...byClient.keys()]}::uuid[], ${[...byClient.values()]}::text[]) as a (client_id, presence)
    on conflict do nothing`.compile(trx),
  )
}
