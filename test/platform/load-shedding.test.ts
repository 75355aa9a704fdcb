import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

/** Holds the event loop, as a request that computes too long would. */
function hold(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

t.test('a process that cannot keep up says 503 at once, stays alive, and recovers', async t => {
  const test = await createTestApp(t)
  const { owner } = await createTestPractice(test)
  let status = 200
  for (let attempt = 0; status === 200 && attempt < 6; attempt++) {
    hold(limits.http.eventLoopDelayMs * 1.5)
    await setImmediate()
    status = (await owner.get('/v1/practice')).status
  }
  t.equal(status, 503)
  t.equal((await test.app.inject({ url: '/livez' })).statusCode, 200)
  for (let attempt = 0; status === 503 && attempt < 20; attempt++) {
    await new Promise(done => setTimeout(done, 500))
    status = (await owner.get('/v1/practice')).status
  }
  t.equal(status, 200)
})
