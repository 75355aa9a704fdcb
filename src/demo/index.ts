import type { DemoAccount } from '../announce.ts'
import type { Config } from '../config.ts'
import { type DemoData, readDemoData } from './demo-data.ts'
import type { DemoMailer } from './demo-mailer.ts'
import { type Demo, readDemo, writeDemo } from './demo-state.ts'
import { loadDemo } from './load-demo.ts'

export { demoMailer } from './demo-mailer.ts'

/**
 * Loads the demo practice into an empty embedded database, through the API at `url`. Does nothing where there
 * is a practice already.
 *
 * @returns the fixed sign-ins of the demo, where this data folder holds one
 */
export async function loadDemoOnce({
  url,
  config,
  mailer,
  isEmpty,
  progress,
}: {
  url: string
  config: Config
  mailer: DemoMailer
  isEmpty: () => Promise<boolean>
  progress: (line: string) => void
}): Promise<DemoAccount[] | undefined> {
  const data = await readDemoData()
  let demo = await readDemo(config.CAIRN_DATA_DIR)
  // 'loading' was left by a start that was cut short, whose half database is gone by now.
  if (demo.state !== 'loaded') {
    if (!(await isEmpty())) return undefined
    await writeDemo(config.CAIRN_DATA_DIR, { state: 'loading' })
    const loaded = await mailer.keeping(inbox =>
      loadDemo({ url, inbox, setupToken: config.SETUP_TOKEN, data, progress }),
    )
    demo = { state: 'loaded', ...loaded }
    await writeDemo(config.CAIRN_DATA_DIR, demo)
  }
  return accounts(data, demo)
}

function accounts({ staff }: DemoData, demo: Demo): DemoAccount[] {
  const people = staff.map(({ role, email, password }) => ({ role, email, password }))
  // An API client has no e-mail address: its client id stands in that column, its secret in the other.
  const programs = (['integration', 'portal'] as const).flatMap(role => {
    const { clientId: email, clientSecret: password } = demo[role] ?? {}
    return email && password ? [{ role, email, password }] : []
  })
  return [...people, ...programs]
}
