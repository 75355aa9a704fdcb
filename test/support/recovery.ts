import { randomUUID } from 'node:crypto'
import { layClient } from './clients-raw.ts'
import { day } from './couples.ts'
import { type Caller, createTestPractice, type Reply, type TestPractice } from './practice.ts'
import type { TestApp } from './test-app.ts'

type Body = Record<string, unknown>

/** A client's chart in a clinician's care, and short ways to write recovery work into it. */
export interface RecoveryGround {
  practice: TestPractice
  clinician: Caller
  supervisor: Caller
  clientId: string
  chartId: string
  url: string
  /** Posts with a key of its own. */
  post(path: string, body: Body, by?: Caller): Promise<Reply>
  /** As `post`, and it has to succeed. */
  made(path: string, body: Body, by?: Caller): Promise<Reply['body']>
  /** Reads what has to be there. */
  read(path: string, by?: Caller): Promise<Reply['body']>
  addiction(more?: Body): Promise<Reply['body']>
  lapse(addictionId: string, occurredOn: string, more?: Body): Promise<Reply['body']>
  checkIn(coversOn: string, more?: Body): Promise<Reply['body']>
  figures(): Promise<Reply['body']>
}

export async function createRecoveryGround(test: TestApp, name = 'Rowan'): Promise<RecoveryGround> {
  const practice = await createTestPractice(test)
  const supervisor = await practice.staff(['supervisor'])
  const clinician = await practice.staff(['clinician'], { supervisorId: supervisor.staffId })
  const { clientId, chartId } = await layClient(test, practice, name, [[clinician, 'primary']])
  const url = `/v1/charts/${chartId}`
  const post = (path: string, body: Body, by: Caller = clinician) =>
    by.post(`${url}/${path}`, body, { key: randomUUID() })
  const made = async (path: string, body: Body, by: Caller = clinician) =>
    succeeded(await post(path, body, by), path)
  const read = async (path: string, by: Caller = clinician) => succeeded(await by.get(`${url}/${path}`), path)
  return {
    practice,
    clinician,
    supervisor,
    clientId,
    chartId,
    url,
    post,
    made,
    read,
    addiction: (more = {}) => made('addictions', { type: 'pornography', ...more }),
    lapse: (addictionId, occurredOn, more = {}) =>
      made('lapses', { addictionId, occurredOn, severity: 'lapse', circle: 'inner', ...more }),
    checkIn: (coversOn, more = {}) => made('check-ins', { kind: 'daily', coversOn, ...more }),
    figures: () => read('recovery-figures'),
  }
}

function succeeded({ status, body }: Reply, path: string): Reply['body'] {
  if (status >= 300) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
  return body
}

/** Today in the zone of the test practices, moved by some days. */
export { day }
