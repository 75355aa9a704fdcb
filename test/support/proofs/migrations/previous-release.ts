import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { skipped } from '../../proof.ts'
import { type SuiteResult, wholeSuite } from '../cluster/whole-suite.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** They compare what the migrations make with files of their own release, and rightly find it changed. */
const aboutTheSchemaItself = [
  'test/platform/catalog.test.ts',
  // As it was called before.
  'test/platform/catalogue.test.ts',
  'test/platform/structure.test.ts',
]

export const previousRelease = {
  /** For tap's `skip`. */
  whyNot(release: string, long: boolean): string | false {
    if (!long) return 'the tests of another release: long form only'
    if (!release)
      return skipped('PREVIOUS_RELEASE names no tag or commit whose tests could run on this schema')
    return false
  },

  /**
   * Runs the tests of a release, with its own code, on databases that have the migrations of this one: while
   * processes are replaced one by one, both work on the new schema.
   */
  async run(t: Test, release: string): Promise<SuiteResult> {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-release-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const archive = execFileSync('git', ['archive', release], { cwd: root, maxBuffer: 2 ** 30 })
    execFileSync('tar', ['-x', '-C', folder], { input: archive })
    cpSync(join(root, 'migrations'), join(folder, 'migrations'), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    return wholeSuite({}, { root: folder, without: aboutTheSchemaItself })
  },
}
