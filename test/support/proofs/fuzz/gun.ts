import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { LightMyRequestResponse } from 'fastify'
import { countingOn } from '../../round-trips/index.ts'
import type { TestApp } from '../../test-app.ts'
import { answerChecks } from './checks.ts'
import { Fault, inject, type Seen, type Shot } from './shot.ts'
import type { Tally } from './tally.ts'
import { marker } from './values.ts'

/** Sends a request and holds the answer against everything that has to hold for every answer. */
export type Fire = (shot: Shot) => Promise<Seen>

/** No operation asks the database more often than this, whatever it is given. */
export const statementBudget = 60

const patience = 5

/** @throws Fault from the returned function */
export function createGun(test: TestApp, tally: Tally): Fire {
  const check = answerChecks(test)
  const costOf = countingOn(test)
  let sent = 0
  const once = async (shot: Shot): Promise<Seen> => {
    const linesBefore = test.logLines.length
    costOf()
    sent += 1
    // Sign-in failures are counted by address: each request comes from another one.
    const from = `10.${(sent >> 16) & 255}.${(sent >> 8) & 255}.${sent & 255}`
    const response = await inject(test, shot, from).catch(error => {
      throw new Fault(String(error instanceof Error ? error.message : error).slice(0, 800), shot)
    })
    const seen = seenOf(response, costOf().statements)
    tally.count(shot.operation.id, seen.status)
    await checkLog(test, linesBefore, shot, seen)
    return seen
  }
  return async shot => {
    let seen = await once(shot)
    // A machine that is busy with other things sheds load, as it should.
    for (let tried = 0; seen.status === 503 && tried < patience; tried++) {
      await sleep(1_000)
      seen = await once(shot)
    }
    check(shot, seen)
    if (seen.statements > statementBudget) throw new Fault(`sends ${seen.statements} statements`, shot, seen)
    return seen
  }
}

function seenOf({ statusCode, headers, payload }: LightMyRequestResponse, statements: number): Seen {
  const isJson = String(headers['content-type'] ?? '').includes('json') && payload !== ''
  return { status: statusCode, headers, payload, body: isJson ? JSON.parse(payload) : undefined, statements }
}

const logged = ['level', 'time', 'msg', 'operation', 'method', 'route', 'status', 'durationMs', 'code']
const ids = ['reqId', 'practiceId', 'actorId', 'pid', 'hostname', 'requestId', 'traceId', 'spanId']
const allowed = new Set([...logged, ...ids])

/** Each request is one line of JSON with the fields we know, and nothing of what was sent. */
async function checkLog(test: TestApp, before: number, shot: Shot, seen: Seen): Promise<void> {
  for (let turn = 0; test.logLines.length === before && turn < 100; turn++) await setImmediate()
  const lines = test.logLines.splice(before)
  if (lines.length === 0) throw new Fault('logs nothing', shot, seen)
  if (lines.join('').includes(marker)) throw new Fault(`logs what was sent: ${lines.join('')}`, shot, seen)
  const parsed = lines.map(line => JSON.parse(line) as Record<string, unknown>)
  const requests = parsed.filter(({ msg }) => msg === 'request')
  const [line = {}] = requests
  const unknown = Object.keys(line).filter(name => !allowed.has(name))
  if (requests.length !== 1 || line.status !== seen.status || lines.some(one => !one.endsWith('}\n')))
    throw new Fault(`is not one line of the log: ${lines.join('')}`, shot, seen)
  const { requestId = line.reqId } = (seen.body ?? {}) as { requestId?: unknown }
  if (seen.status >= 400 && requestId !== line.reqId)
    throw new Fault(`is logged as ${String(line.reqId)}`, shot, seen)
  if (unknown.length > 0) throw new Fault(`logs ${unknown.join(', ')}`, shot, seen)
}
