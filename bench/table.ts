import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Case } from './cases.ts'

export interface Figures {
  perSecond: number
  p99Ms: number
  /** CPU milliseconds per request. */
  serverCpuMs: number
  databaseCpuMs: number
}

export interface CaseResult {
  /** The median over the rounds, with the least and the greatest. */
  ratio: number
  min: number
  max: number
  /** Of the last round. */
  product: Figures
  baseline: Figures
}

const readme = fileURLToPath(new URL('../README.md', import.meta.url))
const [start, end] = ['<!-- bench: written by npm run bench -->', '<!-- end of bench -->']

/** Writes the README's table. */
export async function writeTable(
  cases: Record<string, CaseResult>,
  described: readonly Case[],
): Promise<void> {
  const page = await readFile(readme, 'utf8')
  const rows = described.flatMap(({ name, what, against, aim }) => {
    const found = cases[name]
    if (!found) return []
    const { ratio, min, max, product, baseline } = found
    const cpu = `${product.serverCpuMs} + ${product.databaseCpuMs} (${baseline.serverCpuMs} + ${baseline.databaseCpuMs})`
    return [`| ${what} | ${against} | **${ratio}** (${min}–${max}) | ${aim} | ${cpu} |`]
  })
  const table = [
    '| case | against | ratio (min–max) | aim | CPU ms per request: service + database (baseline) |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
  const [before, after] = [page.slice(0, page.indexOf(start)), page.slice(page.indexOf(end))]
  await writeFile(readme, `${before}${start}\n${table}\n${after}`)
}
