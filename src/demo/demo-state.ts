import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What became of the demo in this data folder. */
export type DemoState = 'none' | 'loading' | 'loaded'

const fileIn = (dataDir: string) => join(dataDir, 'demo.state')

export async function readDemoState(dataDir: string): Promise<DemoState> {
  try {
    const text = (await readFile(fileIn(dataDir), 'utf8')).trim()
    return text === 'loading' || text === 'loaded' ? text : 'none'
  } catch {
    return 'none'
  }
}

export async function writeDemoState(dataDir: string, state: DemoState): Promise<void> {
  await writeFile(fileIn(dataDir), `${state}\n`)
}

/** The process ended while the demo was loaded: its database holds half a practice. */
export const demoWasCutShort = async (dataDir: string) => (await readDemoState(dataDir)) === 'loading'
