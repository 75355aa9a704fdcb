import t from 'tap'
import { compareTimeZones, differingZones } from '../../src/lib/time-zones.ts'
import { createTestApp } from '../support/test-app.ts'

const now = new Date('2026-11-22T12:00:00Z')

t.test('Node and PostgreSQL agree on the clocks of the next years, or the zones are named', async t => {
  const { house, logLines } = await createTestApp(t)
  const { pool } = house.database
  const zones = [
    'America/New_York',
    'America/Los_Angeles',
    'America/Phoenix',
    'Europe/London',
    'Australia/Lord_Howe',
  ]
  t.same(await differingZones(pool, now, zones), [])

  const oneHourOff = {
    query: async (...asked: unknown[]) => {
      const answer = await (
        pool.query as (...args: unknown[]) => Promise<{ rows: { name: string; offsets: number[] }[] }>
      )(...asked)
      const rows = answer.rows.map(row =>
        row.name === 'Europe/London'
          ? { ...row, offsets: row.offsets.with(40, (row.offsets[40] ?? 0) + 3_600) }
          : row,
      )
      return { ...answer, rows }
    },
  }
  t.same(await differingZones(oneHourOff as never, now, zones), ['Europe/London'])
  await compareTimeZones({ ...house, database: { ...house.database, pool: oneHourOff as never } })
  t.match(logLines.join(''), /Europe\/London.*different rules/)
  await compareTimeZones({ ...house, database: { ...house.database, pool: {} as never } })
  t.match(logLines.join(''), /could not be compared/)
})
