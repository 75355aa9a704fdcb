import { globSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const tests = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs the test files of a folder one after the other in this process. Loading the service costs more than most files
 * take, so `npm test` does it once for a folder; each file also runs by itself.
 */
export async function runFolder(folder: string): Promise<void> {
  const files = globSync(`${folder}/**/*.test.ts`, { cwd: tests }).sort()
  if (files.length === 0) throw new Error(`There are no tests in ${folder}`)
  for (const file of files) await import(pathToFileURL(`${tests}${file}`).href)
}
