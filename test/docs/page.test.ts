import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import t from 'tap'
import { createOwnerWithPassword } from '../support/password-owner.ts'
import { createTestApp } from '../support/test-app.ts'

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path =>
  existsSync(path),
)
const skip = browserPath ? false : 'SKIPPED: no Chromium is installed on this machine'
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

t.test(
  'on the docs page signing in and trying a call work, without a request to anywhere else',
  { skip, timeout: 60_000 },
  async t => {
    const test = await createTestApp(t)
    const { email, password, practiceName } = await createOwnerWithPassword(test)
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
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText(`Signed in as ${email}`).waitFor()
    await page.locator('aside, nav').getByText('Practice', { exact: true }).first().click()
    await page.locator('aside, nav').getByText('Read the practice', { exact: true }).first().click()
    const signIn = await page.getByRole('button', { name: 'Sign in', exact: true }).boundingBox()
    t.ok(signIn && signIn.y >= 0 && signIn.y < 100, 'the sign-in stays in sight, however far one scrolls')
    await page.getByRole('button', { name: /test request.*get \/v1\/practice\)$/i }).click()
    const answer = page.waitForResponse(response => response.url() === `${url}/v1/practice`)
    await page.getByRole('button', { name: /^Send/ }).first().click()
    t.equal((await answer).status(), 200)
    await page.getByText(practiceName).first().waitFor()

    await page.keyboard.press('Escape')
    await page.locator('aside, nav').getByText('List staff', { exact: true }).first().click()
    await page.getByRole('button', { name: /test request.*get \/v1\/staff-members\)$/i }).click()
    const list = page.waitForResponse(response => response.url().startsWith(`${url}/v1/staff-members`))
    await page.getByRole('button', { name: /^Send/ }).first().click()
    t.equal((await list).status(), 200, 'a list is tried without the examples of its filters')

    t.same(outside, [])
    t.same(faults, [])
  },
)
