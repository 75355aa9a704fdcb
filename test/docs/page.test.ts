import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => existsSync(path))
const skip = browserPath ? false : 'SKIPPED: no Chromium is installed on this machine'
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

t.test('the docs page works in a browser, without a request to anywhere else', { skip, timeout: 60_000 }, async t => {
  const test = await createTestApp(t)
  await createTestPractice(test)
  const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args: quiet })
  t.teardown(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  const outside: string[] = []
  const faults: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) outside.push(request.url())
  })
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(`${url}/docs`)
  await page.getByText('List locations').first().waitFor({ timeout: 30_000 })
  if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT })
  t.same(outside, [])
  t.same(faults, [])
})
