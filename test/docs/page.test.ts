import t from 'tap'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { createOwnerWithPassword } from '../support/password-owner.ts'
import { createTestApp } from '../support/test-app.ts'

// A browser is slow to start on a machine that is busy with other tests.
t.setTimeout(120_000)

t.test(
  'on the docs page signing in and trying a call work, without a request to anywhere else',
  { skip: skipWithoutBrowser, timeout: 60_000 },
  async t => {
    const test = await createTestApp(t)
    const { email, password, practiceName } = await createOwnerWithPassword(test)
    const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
    const { page, outside, faults } = await openBrowser(t, url)

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
