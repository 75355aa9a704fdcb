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
  const url = `${await test.app.listen({ host: '127.0.0.1', port: 0 })}/v1/practice`
  // Tests' own requests are sent again when they are turned away; these are a client's.
  const ask = () => fetch(url, { headers: { authorization: `Bearer ${owner.token}`, connection: 'close' } })
  let response = await ask()
  t.equal(response.status, 200)
  for (let attempt = 0; response.ok && attempt < 6; attempt++) {
    hold(limits.http.eventLoopDelayMs * 1.5)
    await setImmediate()
    response = await ask()
  }
  t.equal(response.status, 503)
  t.equal(response.headers.get('retry-after'), '2')
  t.match(await response.json(), { code: 'service-busy' })
  t.equal((await test.app.inject({ url: '/livez' })).statusCode, 200)
  t.equal((await owner.get('/v1/practice')).status, 200, 'sent again while it recovers')
  t.equal((await ask()).status, 200)
})
