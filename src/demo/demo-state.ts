import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of an API client. */
export interface Credentials {
  clientId: string
  clientSecret: string
}

/** What became of the demo in this data folder, and the credentials that the API made up for it. */
export interface Demo {
  state: 'none' | 'loading' | 'loaded'
  integration?: Credentials
  portal?: Credentials
  /** The secret path of a clinician's calendar, which the API tells once. */
  calendarFeed?: string
}

const fileIn = (dataDir: string) => join(dataDir, 'demo.json')

export async function readDemo(dataDir: string): Promise<Demo> {
  try {
    return JSON.parse(await readFile(fileIn(dataDir), 'utf8'))
  } catch {
    return { state: 'none' }
  }
}

export async function writeDemo(dataDir: string, demo: Demo): Promise<void> {
  await writeFile(fileIn(dataDir), `${JSON.stringify(demo)}\n`, { mode: 0o600 })
}

/** The process ended while the demo was loaded: its database holds half a practice. */
export const demoWasCutShort = async (dataDir: string) => (await readDemo(dataDir)).state === 'loading'
