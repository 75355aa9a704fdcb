import t from 'tap'
import { workOnOpening } from '../../src/modules/scheduling/index.ts'
import { createDesk, openBoard } from '../support/board.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { createTestApp } from '../support/test-app.ts'
import { make } from '../support/world/ground.ts'

// A browser is slow to start on a machine that is busy with other tests.
t.setTimeout(120_000)

t.test('what a front desk does with a full day', { skip: skipWithoutBrowser, timeout: 120_000 }, async t => {
  const test = await createTestApp(t)
  const desk = await createDesk(test)
  const { owner, monday } = desk
  await desk.book(0, '09:00')
  const other = await desk.book(1, '11:00', { clientId: desk.sasha })
  const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
  const { page, outside, faults } = await openBrowser(t, url)
  page.setDefaultTimeout(15_000)
  await openBoard(page, url, desk)
  const dialog = page.getByRole('dialog')
  const over = page.getByRole('dialog', { name: 'Book over it?' })
  const said = (words: RegExp | string) => page.getByRole('status').filter({ hasText: words }).waitFor()
  const entry = (name: RegExp) =>
    page.locator('.lane.clinician .entry').and(page.getByRole('button', { name }))
  const choose = async (name: string, label: string) => {
    await dialog.getByLabel('Find a client by name').fill(name)
    await dialog.getByRole('button', { name: 'Find', exact: true }).click()
    await dialog.getByLabel('For', { exact: true }).selectOption({ label })
  }
  const bookAt = async (day: number, time: string) => {
    await dialog.getByText('At a time that is not offered').click()
    await dialog.getByLabel('On', { exact: true }).fill(monday.add({ days: day }).toString())
    await dialog.getByLabel('At', { exact: true }).fill(time)
    await dialog.getByRole('button', { name: 'Book exactly then' }).click()
  }

  t.test('a taken hour is said in words, and booked over with a reason that is kept', async t => {
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await choose('sasha', 'Sasha Example')
    await dialog.getByLabel('Clinician').selectOption({ label: 'Avery Example' })
    await bookAt(0, '09:15')
    t.match(await over.innerText(), /The clinician is taken: Robin Example, .* 09:00 to 09:50/)
    await over.getByRole('button', { name: 'Overbook' }).click()
    t.equal(await over.count(), 1, 'not without a reason')
    await over.getByLabel('Why both at once').fill('Both asked for it (fictional)')
    await over.getByRole('button', { name: 'Overbook' }).click()
    await said(/Sasha Example is overbooked: .*09:15/)
    await entry(/09:15 to 10:05, Sasha Example.*overbooked/).waitFor()
    const [made] = await desk.run('select id from appointments where overbooked', [])
    const changes = (await owner.get(`/v1/appointments/${made?.id}/changes`)).body.data
    t.match(changes, [{ kind: 'booked', note: 'Both asked for it (fictional)' }])
  })

  t.test('a client is never booked twice: nobody is asked for a reason', async t => {
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await choose('robin', 'Robin Example')
    await dialog.getByLabel('Clinician').selectOption({ label: 'Blake Example' })
    await bookAt(0, '09:30')
    await dialog.getByRole('alert').filter({ hasText: 'The client has something else' }).waitFor()
    t.equal(await over.count(), 0)
    await page.keyboard.press('Escape')
  })

  t.test('where a client is in the way too, a reason does not help', async t => {
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    await choose('robin', 'Robin Example')
    await dialog.getByLabel('Clinician').selectOption({ label: 'Avery Example' })
    await bookAt(0, '09:30')
    await over.getByLabel('Why both at once').fill('Nobody knows (fictional)')
    await page.keyboard.press('Enter')
    await dialog.getByRole('alert').filter({ hasText: 'This time cannot be booked over.' }).waitFor()
    await page.keyboard.press('Escape')
    t.equal((await desk.run('select id from appointments where overbooked', [])).length, 1)
  })

  t.test('an appointment is moved over another by its form', async t => {
    await entry(/11:00 to 11:50, Sasha Example/).click()
    await dialog.getByLabel('Day').fill(monday.toString())
    await dialog.getByLabel('Starts').fill('08:15')
    await dialog.getByRole('button', { name: 'Move', exact: true }).click()
    await over.getByLabel('Why both at once').fill('A train (fictional)')
    await page.keyboard.press('Enter')
    await said('Moved: Sasha Example.')
    t.match((await owner.get(`/v1/appointments/${other.id}`)).body, { overbooked: true, version: 2 })
  })

  t.test('an hour that is given back is offered to who waits, and their answer books it', async t => {
    const wish = {
      clientId: desk.sasha,
      serviceId: desk.services.individual,
      priority: 'soon',
      weekdays: [3],
    }
    await make(owner, '/v1/waitlist-entries', wish)
    await desk.book(2, '13:00')
    await page.getByRole('button', { name: 'Refresh' }).click()
    await entry(/13:00 to 13:50, Robin Example/).click()
    await dialog.getByText('Cancel', { exact: true }).click()
    await dialog.getByRole('button', { name: 'Cancel the appointment' }).click()
    await said('Canceled: Robin Example.')
    const [opening] = await desk.run('select practice_id, id from waitlist_openings', [])
    await workOnOpening(test.house, String(opening?.practice_id), String(opening?.id))
    await said(/The freed time is offered: Sasha Example, .* 13:00, Avery Example, until /)
    await page.getByRole('button', { name: 'Waitlist (1)' }).click()
    await dialog.getByText('Sasha Example, Individual session, Wed, soon').waitFor()
    await dialog.getByRole('button', { name: 'Accepted' }).click()
    await said('They are booked.')
    await entry(/13:00 to 13:50, Sasha Example/).waitFor()
    await page.getByRole('button', { name: 'Waitlist', exact: true }).click()
    await dialog.getByText('Nothing is offered just now.').waitFor()
    t.match(await dialog.innerText(), /Nobody waits\./)
    await page.keyboard.press('Escape')
  })

  t.test('nothing went anywhere else, and the browser had nothing to complain of', async t => {
    t.same(outside, [])
    t.same(
      faults.filter(fault => !/status of 409/.test(fault)),
      [],
    )
  })
})
