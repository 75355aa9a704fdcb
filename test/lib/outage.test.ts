import { pino } from 'pino'
import t from 'tap'
import { limits } from '../../src/lib/limits.ts'
import { createOutage } from '../../src/lib/outage.ts'

const { sayAgainMs, quietMs } = limits.outage
const lost = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })

function listen() {
  const lines: { level: number; msg: string; unsaid?: number; outageMs?: number }[] = []
  let now = 0
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { lines, outage: createOutage(log, () => now), pass: (ms: number) => void (now += ms) }
}

t.test('an outage is said once, then every some seconds, and its end', async t => {
  const { lines, outage, pass } = listen()
  for (let ms = 0; ms < 2 * sayAgainMs; ms += 100) {
    outage.failed(lost, 'the job queue failed')
    outage.refused(lost, 'request failed')
    pass(100)
  }
  t.match(lines, [
    { level: 50, unsaid: 0 },
    { level: 50, unsaid: (2 * sayAgainMs) / 100 - 1 },
  ])
  outage.answered()
  t.equal(lines.length, 2, 'one answer among failures is no recovery')
  pass(quietMs)
  outage.answered()
  outage.answered()
  t.match(lines.slice(2), [{ level: 30, msg: 'recovered', outageMs: 2 * sayAgainMs - 100 }])
  outage.failed(lost, 'request failed')
  t.equal(lines.length, 4, 'the next one is said at once')
})

t.test('what fails for another reason is always said', async t => {
  const { lines, outage } = listen()
  outage.failed(lost, 'request failed')
  for (let n = 0; n < 3; n++) outage.failed(new TypeError('ours'), 'the job queue failed')
  t.equal(lines.length, 4)
})

t.test('copies of errors are known too, as the job queue reports them', async t => {
  const { lines, outage } = listen()
  outage.failed({ message: 'Connection terminated unexpectedly', queue: 'send-mail' }, 'the job queue failed')
  outage.failed({ code: '57P01', severity: 'FATAL' }, 'the job queue failed')
  t.equal(lines.length, 1)
})
