import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createTestPractice } from '../test/support/practice.ts'
import { asAdmin } from '../test/support/test-server.ts'
import { type Case, casesOf, type Side } from './cases.ts'
import { fill, settle } from './fill.ts'
import { fillCare } from './fill-care.ts'
import { fillDesk } from './fill-desk.ts'
import { fillNotes } from './fill-notes.ts'
import { layGround, type Running } from './ground.ts'
import { type Measured, measure, memoryOf } from './load.ts'
import { type CaseResult, writeTable } from './table.ts'

// `npm run bench`: each case is measured side by side with its baseline, in turns, in one run. `BENCH_QUICK=1` takes
// less of everything; `npm run bench -- read-client` takes one case and writes nothing.

const quick = process.env.BENCH_QUICK === '1'
const many = quick ? 100_000 : 1_000_000
const [rounds, seconds] = quick ? [5, 1] : [5, 2]
const asked = process.argv.slice(2)

const say = (line: string) => process.stderr.write(`${line}\n`)

const ground = await layGround()

async function run(): Promise<void> {
  say(`Filling: ${many.toLocaleString('en-US')} clients and appointments`)
  await asAdmin(ground.adminUrl, admin => admin.query(bareTables))
  const [large, small] = [await createTestPractice(ground.test), await createTestPractice(ground.test)]
  const practices = {
    // Five thousand sessions each, so that every week that is read is full.
    large: await fill(ground, large, { clients: many, appointments: many, clinicians: many / 5_000 }),
    small: await fill(ground, small, { clients: 1_000, appointments: 1_000, clinicians: 20 }),
    care: await fillCare(ground, await createTestPractice(ground.test)),
    notes: await fillNotes(ground, await createTestPractice(ground.test)),
    desk: await fillDesk(ground, await createTestPractice(ground.test), 200_000),
    young: await fillDesk(ground, await createTestPractice(ground.test), 20_000),
  }
  await settle(ground)
  const service = await ground.startService()
  const servers = {
    service: [service],
    pair: [service, await ground.startService()],
    bare: [await ground.startBare()],
  }
  const atRest = await memoryOf(service)
  const cases = casesOf(practices).filter(({ name }) => asked.length === 0 || asked.includes(name))
  const results: Record<string, CaseResult> = {}
  for (const one of cases) {
    results[one.name] = await compare(one, servers)
    say(lineOf(one, results[one.name] as CaseResult))
  }
  const process = {
    cores: availableParallelism(),
    startMs: Math.round(service.startMs),
    memoryAtRestMb: atRest,
    memoryUnderLoadMb: await memoryOf(service),
  }
  say(JSON.stringify(process))
  if (asked.length > 0) return
  await writeResults({ ...results, process })
  if (quick) return
  await writeTable(results, casesOf(practices))
  await writeResults({ ...results, process: { ...process, testSeconds: await timeTests() } })
}

const writeResults = (all: object) =>
  writeFile(fileURLToPath(new URL('results.json', import.meta.url)), `${JSON.stringify(all, null, 2)}\n`)

/** Rounds in turns, so that whatever else the machine does meets both alike. The first warms up and is not counted. */
async function compare(
  { product, baseline }: Case,
  servers: Record<Side['server'], readonly Running[]>,
): Promise<CaseResult> {
  const ratios: number[] = []
  const last: { product?: Measured; baseline?: Measured } = {}
  for (let round = 0; round <= rounds; round++) {
    const productFirst = round % 2 === 0
    for (const side of productFirst
      ? (['product', 'baseline'] as const)
      : (['baseline', 'product'] as const)) {
      const { server, load } = side === 'product' ? product : baseline
      last[side] = await measure(ground, servers[server], load, round === 0 ? 1 : seconds)
    }
    if (round > 0 && last.product && last.baseline)
      ratios.push(last.product.perSecond / last.baseline.perSecond)
  }
  ratios.sort((a, b) => a - b)
  const { product: p, baseline: b } = last as Required<typeof last>
  return {
    ratio: rounded(ratios[Math.floor(ratios.length / 2)] ?? Number.NaN),
    min: rounded(ratios[0] ?? Number.NaN),
    max: rounded(ratios.at(-1) ?? Number.NaN),
    product: figuresOf(p),
    baseline: figuresOf(b),
  }
}

/** Beside nothing else: what is measured here has ended or waits. @throws when a test fails */
async function timeTests(): Promise<number> {
  const started = performance.now()
  const [code] = await once(spawn('npm', ['test'], { stdio: 'ignore' }), 'exit')
  if (code !== 0) throw new Error('npm test failed')
  return Math.round((performance.now() - started) / 1_000)
}

const rounded = (value: number) => Math.round(value * 1_000) / 1_000

const figuresOf = ({ perSecond, p99Ms, serverMs, databaseMs }: Measured) => ({
  perSecond: Math.round(perSecond),
  p99Ms: rounded(p99Ms),
  serverCpuMs: rounded(serverMs),
  databaseCpuMs: rounded(databaseMs),
})

const lineOf = ({ name, aim }: Case, { ratio, min, max, product, baseline }: CaseResult) =>
  `${name}: ${ratio} (${min}–${max}), aim ${aim}; ${JSON.stringify(product)} against ${JSON.stringify(baseline)}`

const bareTables = `
  create table bare_drafts (like cairn.session_note_drafts including all);
  create table bare_reservations (like cairn.reservations including defaults);
  alter table bare_reservations add primary key (practice_id, id),
    add constraint bare_reservations_excl exclude using gist (practice_id with =, resource_id with =,
      tstzrange(starts_at, ends_at, '[)') with &&) where (active)`

try {
  await run()
} finally {
  await ground.end()
}
