import type { Client } from 'pg'
import type { Caller, TestPractice } from '../test/support/practice.ts'
import { dapSections, signedNote, startNote } from '../test/support/session-notes.ts'
import { asAdmin } from '../test/support/test-server.ts'
import { draftCharacters } from './draft-characters.ts'
import { type Filled, fill } from './fill.ts'
import { copyRows } from './fill-care.ts'
import type { Ground } from './ground.ts'

/** A practice of one clinician with a hundred thousand notes. */
export interface Notes extends Filled {
  /** A chart with a thousand notes, and one of them. */
  long: ChartNote
  /** A chart with twenty. */
  short: ChartNote
  /** Drafts that may be saved. */
  drafts: Draft[]
}

interface ChartNote {
  chartId: string
  noteId: string
}

export interface Draft {
  id: string
  version: number
}

const charts = 100
/** More than connections in all rounds: one whose answer was cut off at the end of a round is used no more. */
const drafts = 250

export async function fillNotes(ground: Ground, practice: TestPractice): Promise<Notes> {
  const filled = await fill(ground, practice, { clients: charts, appointments: 0, clinicians: 1 })
  const [longId = '', shortId = '', draftsId = ''] = filled.chartIds
  const { clinician } = filled
  const [long, short] = [await firstNote(clinician, longId), await firstNote(clinician, shortId)]
  const started = await startDrafts(clinician, draftsId)
  await asAdmin(ground.adminUrl, async admin => {
    await admin.query(`set search_path to cairn; set session_replication_role = replica`)
    await copyNotes(admin, long.noteId, [longId, ...filled.chartIds.slice(3)], 999)
    await copyNotes(admin, short.noteId, [shortId], 19)
    await admin.query(
      `insert into public.bare_drafts select * from session_note_drafts where practice_id = $1`,
      [practice.id],
    )
  })
  return { ...filled, long, short, drafts: started }
}

async function firstNote(clinician: Caller, chartId: string): Promise<ChartNote> {
  const { status, body } = await signedNote(clinician, chartId)
  if (status !== 200) throw new Error(`No note could be signed: ${status} ${JSON.stringify(body)}`)
  return { chartId, noteId: body.id }
}

async function startDrafts(clinician: Caller, chartId: string): Promise<Draft[]> {
  const started: Draft[] = []
  const sections = { ...dapSections, data: 'Fictional. '.repeat(draftCharacters / 11) }
  for (let n = 0; n < drafts; n++) {
    const { status, body } = await startNote(clinician, chartId, { sections })
    if (status !== 201) throw new Error(`No note could be started: ${status} ${JSON.stringify(body)}`)
    started.push({ id: body.id, version: body.version })
  }
  return started
}

/** So many copies of a signed note in each of these charts, a day apart. The texts of copies do not open. */
async function copyNotes(admin: Client, noteId: string, chartIds: string[], each: number): Promise<void> {
  await admin.query(
    `create temporary table copied_notes as select uuidv7() as note_id, chart_id, n
     from unnest('{${chartIds.join(',')}}'::uuid[]) chart_id, generate_series(1, ${each}) n`,
  )
  await copyRows(admin, 'session_notes', 'copied_notes c', `o.id = '${noteId}'`, {
    id: 'c.note_id',
    chart_id: 'c.chart_id',
    session_date: 'o.session_date - c.n',
  })
  for (const table of ['session_note_contents', 'session_note_signatures'])
    await copyRows(admin, table, 'copied_notes c', `o.note_id = '${noteId}'`, { note_id: 'c.note_id' })
  await admin.query('drop table copied_notes')
}
