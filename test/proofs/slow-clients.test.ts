import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { createTestPractice } from '../support/practice.ts'
import { missing, proof } from '../support/proof.ts'
import { startProcesses } from '../support/proofs/identity/processes.ts'
import { type SlowClients, type SlowKind, serve, startSlowClients } from '../support/proofs/input/slow.ts'
import { createTestApp } from '../support/test-app.ts'

const here = proof('slow-clients')
const connections = here.amount(60, 500, 'SLOW_CONNECTIONS')
const requests = here.amount(60, 1_000, 'SLOW_REQUESTS')
const isTurnedAway = (failure: string) => failure === '503'
const kinds: readonly SlowKind[] = ['headers', 'body', 'reading']

t.test('slow clients', async t => {
  const test = await createTestApp(t)
  const { owner } = await createTestPractice(test)
  const [service] = await startProcesses(t, test, 1, { TRUST_PROXY: '' })
  const url = service?.url ?? ''
  const figures: Record<string, number> = {}
  await serve(url, owner.token, requests)

  /**
   * Served as before: all of it, and not much later. Measured again, with the slow ones still there, when the machine
   * was busy otherwise: then so many connections at once can make the service turn others away for a second.
   */
  async function isServed(t: Test, what: string): Promise<void> {
    let during = await serve(url, owner.token, requests)
    if (during.p99Ms > mostMs || during.failures.some(isTurnedAway))
      during = await serve(url, owner.token, requests)
    t.same(during.failures, [], what)
    t.ok(
      during.p99Ms <= mostMs,
      `${what}: p99 ${during.p99Ms.toFixed(1)} ms, ${mostMs.toFixed(1)} ms at most`,
    )
    figures[`p99 ms with ${what}`] = Math.round(during.p99Ms * 10) / 10
  }
  const before = await serve(url, owner.token, requests)
  figures['p99 ms before'] = Math.round(before.p99Ms * 10) / 10
  const mostMs = Math.max(5 * before.p99Ms, 100)

  for (const kind of kinds) {
    await t.test(
      `${connections} connections that are slow with their ${kind} keep nobody else waiting`,
      async t => {
        const slow = await startSlowClients(url, kind, connections)
        t.teardown(() => slow.stop())
        await isServed(t, `slow ${kind}`)
        // What nobody reads lies in buffers of the system: then the service is done with it.
        if (here.long && kind !== 'reading') await endedInTime(t, slow)
      },
    )
  }

  await t.test('slowhttptest', { skip: toolIsAway() }, async t => {
    for (const [what, mode] of Object.entries(modes)) {
      const attack = slowhttptest(url, mode)
      t.teardown(() => attack.kill('SIGKILL'))
      await sleep(5_000)
      await isServed(t, `slowhttptest, ${what}`)
      attack.kill('SIGKILL')
    }
  })

  t.teardown(() => here.report({ connections, requests, ...figures }))
})

/** Those that send slowly are refused when their time is over. */
async function endedInTime(t: Test, slow: SlowClients): Promise<void> {
  const limitMs = limits.http.requestTimeoutMs + limits.http.connectionCheckMs + 8_000
  const until = performance.now() + limitMs
  while (slow.ended() < slow.count && performance.now() < until) await sleep(200)
  t.equal(slow.ended(), slow.count, `all were ended within ${limitMs} ms`)
}

const modes: Readonly<Record<string, readonly string[]>> = {
  'slow headers': ['-H'],
  'slow body': ['-B', '-f', 'application/json', '-s', '100000'],
  'slow reading': ['-X', '-w', '1', '-y', '8', '-n', '5', '-z', '8'],
}

function slowhttptest(url: string, mode: readonly string[]): ChildProcess {
  const path = mode[0] === '-B' ? '/v1/sessions' : '/openapi.json'
  const args = [...mode, '-c', '500', '-r', '200', '-i', '5', '-l', '60', '-u', `${url}${path}`]
  return spawn('slowhttptest', args, { stdio: 'ignore' })
}

function toolIsAway(): string | false {
  return here.long ? missing('slowhttptest') : 'in the long form'
}
