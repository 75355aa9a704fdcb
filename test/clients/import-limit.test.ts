import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const chunkOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const row = first + index
    return {
      row,
      values: {
        legal_given_name: `Given${row}`,
        legal_family_name: `Example${row}`,
        birth_date: '1980-01-01',
        phone: `+1555${5_550_000 + row}`,
        external_system: 'old-system',
        external_id: `M-${row}`,
      },
    }
  })

t.test('five thousand rows become clients in one transaction, and not one more', async t => {
  const test = await createTestApp(t)
  const { owner } = await createTestPractice(test)
  const begun = await owner.post('/v1/client-imports', { dryRun: false })
  const url = `/v1/client-imports/${begun.body.id}`
  for (let first = 2; first < 5000; first += 1000) {
    const staged = await owner.post(`${url}/rows`, { rows: chunkOf(first, 1000) })
    t.equal(staged.body.accepted, 1000)
  }
  t.equal((await owner.post(`${url}/rows`, { rows: chunkOf(9000, 1) })).body.code, 'invalid-state')
  const { etag } = await owner.get(url)
  const done = await owner.post(`${url}/commit`, { rowCount: 5000 }, { key: randomUUID(), ifMatch: etag })
  t.equal(done.status, 200)
  for (const text of ['Given4711', 'Givne4711', 'Gien4711', 'given4711 exam', 'exampel4711 given']) {
    const { body } = await owner.post('/v1/clients/search', { text })
    t.equal(body.data[0].client.legalGivenName, 'Given4711', `found among many as ${text}`)
  }
})
