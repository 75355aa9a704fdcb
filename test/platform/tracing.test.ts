import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('traces go where they are asked to, with route patterns instead of addresses', async t => {
  const received: string[] = []
  const collector = createServer((request, response) => {
    request.setEncoding('latin1')
    request.on('data', chunk => received.push(chunk))
    request.on('end', () => response.end())
  })
  await new Promise<void>(done => collector.listen(0, '127.0.0.1', done))
  t.teardown(() => collector.close())
  const { port } = collector.address() as AddressInfo
  await t.test('a request', async t => {
    const test = await createTestApp(t, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` } })
    const { owner } = await createTestPractice(test)
    await owner.get('/v1/locations/019c0000-0000-7000-8000-00000000beef?x=1')
  })
  const spans = received.join('')
  t.match(spans, '/v1/locations/:locationId')
  t.notMatch(spans, '00000000beef')
})
