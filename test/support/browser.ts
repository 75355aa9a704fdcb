import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path =>
  existsSync(path),
)

/** For the tests that need one. */
export const skipWithoutBrowser = browserPath ? false : 'SKIPPED: no Chromium is installed on this machine'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface WatchedPage {
  page: Page
  /** Requests that went to anywhere but the service. */
  outside: string[]
  /** Whatever the browser complained of: scripts that failed, and what a content policy stopped. */
  faults: string[]
}

/** A page in a headless Chromium of its own, looked over for the whole test. */
export async function openBrowser(
  t: Test,
  url: string,
  { timeZone = 'America/Los_Angeles' } = {},
): Promise<WatchedPage> {
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args: quiet })
  t.teardown(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, timezoneId: timeZone })
  const outside: string[] = []
  const faults: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) outside.push(request.url())
  })
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('pageerror', error => faults.push(String(error)))
  return { page, outside, faults }
}
