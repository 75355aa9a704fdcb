import { randomUUID } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import { kinds } from '../../src/modules/recovery/records/kinds/index.ts'
import { asOwner, layClient } from './clients-raw.ts'
import { type Caller, createTestPractice, type Reply, type TestPractice } from './practice.ts'
import type { TestApp } from './test-app.ts'

/** A chart in somebody's care, and what is needed to write records into it. */
export interface RecordGround {
  practice: TestPractice
  clinician: Caller
  supervisor: Caller
  clientId: string
  chartId: string
  addictionId: string
  behaviorId: string
  url: string
  /** Writes a record with the content of its kind's example, and whatever is given instead. */
  write(kind: string, more?: More, by?: Caller): Promise<Reply>
  /** As `write`, and it has to succeed. */
  made(kind: string, more?: More, by?: Caller): Promise<Reply['body']>
  step(record: { id: string; version: number }, step: Record<string, unknown>, by?: Caller): Promise<Reply>
}

interface More extends Record<string, unknown> {
  content?: Record<string, unknown>
}

export async function createRecordGround(test: TestApp, name = 'Riley'): Promise<RecordGround> {
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const { clientId, chartId } = await layClient(test, practice, name, [[clinician, 'primary']])
  const ground = recordsIn(practice, clinician, chartId)
  return {
    ...ground,
    supervisor,
    clientId,
    addictionId: await laySubject(test, practice, chartId, 'addiction'),
    behaviorId: await laySubject(test, practice, chartId, 'behavior'),
  }
}

/** Writing into one chart. */
export function recordsIn(practice: TestPractice, clinician: Caller, chartId: string) {
  const url = `/v1/charts/${chartId}/recovery-records`
  const write = (kind: string, { content, ...more }: More = {}, by: Caller = clinician) =>
    by.post(url, { kind, ...more, content: { ...exampleOf(kind), ...content } }, { key: randomUUID() })
  const made = async (kind: string, more: More = {}, by: Caller = clinician) => {
    const reply = await write(kind, more, by)
    if (reply.status !== 201) throw new Error(`${kind}: ${reply.status} ${JSON.stringify(reply.body)}`)
    return reply.body
  }
  const step = (
    record: { id: string; version: number },
    body: Record<string, unknown>,
    by: Caller = clinician,
  ) => by.post(`${url}/${record.id}/status-changes`, body, { ifMatch: record.version })
  return { practice, clinician, chartId, url, write, made, step }
}

export const exampleOf = (word: string) => kinds.find(({ kind }) => kind === word)?.example ?? {}

/** An addiction or behavior of a chart, as the database has it: that they can be made is proven elsewhere. */
export async function laySubject(
  test: TestApp,
  practice: TestPractice,
  chartId: string,
  kind: 'addiction' | 'behavior' | 'coping_skill',
): Promise<string> {
  const id = uuidv7()
  await asOwner(
    test,
    `insert into recovery_documents (practice_id, id, chart_id, kind, status, status_on)
     values ($1, $2, $3, $4, 'active', '2026-01-01')`,
    [practice.id, id, chartId, kind],
  )
  return id
}
