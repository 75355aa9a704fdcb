import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Figures, sentenceOf } from '../support/proof.ts'
import { guarantees } from './guarantees.ts'

const figuresFile = fileURLToPath(new URL('figures.json', import.meta.url))
export const pageFile = fileURLToPath(new URL('../../docs/proofs.md', import.meta.url))
const [start, end] = ['<!-- table: written by npm run proofs -->', '<!-- end of table -->']

interface Kept {
  /** The day of the run, UTC. */
  day: string
  figures: Figures
}

/** Keeps what a long form counted, and writes the page anew. */
export function keepFigures(suite: string, figures: Figures): void {
  const kept = { ...readKept(), [suite]: { day: new Date().toISOString().slice(0, 10), figures } }
  const sorted = Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(figuresFile, `${JSON.stringify(sorted, null, 2)}\n`)
  writeFileSync(pageFile, pageOf())
}

/** docs/proofs.md as the guarantees and the last figures make it. */
export function pageOf(): string {
  const page = readFileSync(pageFile, 'utf8')
  const [before, after] = [page.slice(0, page.indexOf(start)), page.slice(page.indexOf(end))]
  return `${before}${start}\n${tableOf(readKept())}\n${after}`
}

function tableOf(kept: Record<string, Kept>): string {
  const rows = guarantees.map(({ suite, guarantee, how }) => {
    const last = kept[suite]
    const figures = last ? `${last.day}: ${sentenceOf(last.figures)}` : 'not run yet'
    return `| ${guarantee} | ${how} | \`npm run proofs -- ${suite}\` | ${figures} |`
  })
  return ['| guarantee | how it is shown | long form | last figures |', '|---|---|---|---|', ...rows].join(
    '\n',
  )
}

function readKept(): Record<string, Kept> {
  return JSON.parse(readFileSync(figuresFile, 'utf8'))
}
