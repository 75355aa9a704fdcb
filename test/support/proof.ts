import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the long forms leave what they counted, for `npm run proofs` to write into docs/proofs.md. */
export const figuresFolder = fileURLToPath(new URL('../../.tap/proofs/', import.meta.url))

export type Figures = Record<string, number | string>

/** A suite that has a short form, in `npm test`, and a long one, by `npm run proofs -- <name>`. */
export interface Proof {
  long: boolean
  /** Chosen anew for each run unless `SEED` repeats one. The same seed asks the same questions. */
  seed: number
  /** How much to do; `variable` names the environment variable that shortens or lengthens a run. */
  amount(short: number, long: number, variable?: string): number
  /** Says what was counted, in one line. Call it last: figures of a failed run are not kept. */
  report(figures: Figures): void
}

export function proof(name: string): Proof {
  const long = process.env.PROOF === 'long'
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31))
  process.stderr.write(`# ${name}: SEED=${seed}${long ? ', long form' : ''}\n`)
  return {
    long,
    seed,
    amount: (short, longer, variable) =>
      Number((variable && process.env[variable]) || (long ? longer : short)),
    report: figures => {
      const all = { ...figures, seed }
      process.stderr.write(`# ${name}: ${sentenceOf(all)}\n`)
      if (long) keep(name, all)
    },
  }
}

function keep(name: string, figures: Figures): void {
  mkdirSync(figuresFolder, { recursive: true })
  writeFileSync(`${figuresFolder}${name}.json`, JSON.stringify(figures))
}

/** "requests 20,000, operations 151, seed 7" */
export function sentenceOf(figures: Figures): string {
  return Object.entries(figures)
    .map(
      ([what, count]) => `${what} ${typeof count === 'number' && what !== 'seed' ? grouped(count) : count}`,
    )
    .join(', ')
}

const grouped = (count: number) => count.toLocaleString('en-US', { maximumFractionDigits: 3 })

/**
 * For tap's `skip`: false when all of these programs are there, else why not, said loudly.
 * A proof that cannot run here never passes in silence.
 */
export function missing(...programs: string[]): string | false {
  const absent = programs.filter(program => spawnSync('which', [program]).status !== 0)
  if (absent.length === 0) return false
  return skipped(`needs ${absent.join(' and ')} (Debian: apt-get install ${absent.join(' ')})`)
}

/** For tap's `skip`, with another reason than a missing program. */
export function skipped(why: string): string {
  process.stderr.write(`# SKIPPED: ${why}\n`)
  return `SKIPPED: ${why}`
}
