import t from 'tap'
import { Temporal } from 'temporal-polyfill'
import { createDesk, openBoard } from '../support/board.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { createTestApp } from '../support/test-app.ts'

// A browser is slow to start on a machine that is busy with other tests.
t.setTimeout(120_000)

t.test('the board', { skip: skipWithoutBrowser, timeout: 120_000 }, async t => {
  const test = await createTestApp(t)
  const desk = await createDesk(test)
  const { owner, clinicians, rooms } = desk
  const first = await desk.book(0, '09:00')
  const rival = await desk.book(1, '09:00', { clientId: desk.sasha, roomId: rooms[1] })
  const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
  const { page, outside, faults } = await openBrowser(t, url)
  const entry = (name: RegExp) =>
    page.locator('.lane.clinician .entry').and(page.getByRole('button', { name }))
  const said = (words: RegExp | string) => page.getByRole('status').filter({ hasText: words }).waitFor()
  const read = async (id: string) => (await owner.get(`/v1/appointments/${id}`)).body

  page.setDefaultTimeout(15_000)
  await openBoard(page, url, desk)

  t.test('shows the week to who signed in, under a policy that lets nothing else in', async t => {
    await entry(/09:00 to 09:50, Robin Example, Avery Example, Willow, scheduled/).waitFor()
    await entry(/Sasha Example/).waitFor()
    const { headers } = await test.app.inject({ method: 'GET', url: '/board' })
    t.notMatch(String(headers['content-security-policy']), /unsafe|\*|http/)
    t.equal(await page.locator('script:not([src]), style, [style*="expression"], [onclick]').count(), 0)
  })

  t.test('a conflict is told in words, and leaves everything as it was', async t => {
    const button = entry(/Robin Example/)
    await button.focus()
    await page.keyboard.press('Space')
    await said(/Taken up: .*09:00, Avery Example/)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Book over it?' })
    t.match(await dialog.innerText(), /The clinician is taken: Sasha Example/)
    await dialog.getByRole('button', { name: 'Leave it' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'The clinician is taken: Sasha Example' })
    await alert.waitFor()
    t.match(await alert.innerText(), /09:00 to 09:50, with Avery Example\./)
    t.equal((await read(first.id)).startsAt.slice(0, 16), desk.at(0, '09:00').slice(0, 16))
  })

  t.test('keys take an appointment up, move it, leave it, and put it down', async t => {
    await entry(/Robin Example/).focus()
    await page.keyboard.press('Space')
    for (const _ of [1, 2]) await page.keyboard.press('ArrowDown')
    await said(/09:30, Avery Example/)
    await page.keyboard.press('Escape')
    await said('Left where it was.')
    t.equal((await read(first.id)).version, 1)
    await entry(/Robin Example/).focus()
    await page.keyboard.press('Space')
    for (const _ of [1, 2]) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await said(/Wed.*09:30, Blake Example/)
    await page.keyboard.press('Enter')
    await said('Moved: Robin Example.')
    const moved = await read(first.id)
    t.equal(Date.parse(moved.startsAt), Date.parse(desk.at(2, '09:30')))
    t.equal(moved.clinicianId, clinicians[1])
    t.match(await page.locator(':focus').getAttribute('aria-label'), /Robin Example/)
    await page.getByRole('button', { name: 'Undo' }).click()
    await said('Taken back.')
    const back = await read(first.id)
    t.equal(Date.parse(back.startsAt), Date.parse(desk.at(0, '09:00')))
    t.equal(back.clinicianId, clinicians[0])
  })

  t.test('a pointer drags an appointment to another day and time', async t => {
    const from = await entry(/Sasha Example/).boundingBox()
    const lane = page.locator('.lane.clinician').nth(7).locator('.hours')
    const to = await lane.boundingBox()
    if (!from || !to) throw new Error('Nothing is drawn')
    await page.mouse.move(from.x + 20, from.y + 5)
    await page.mouse.down()
    await page.mouse.move(to.x + 20, to.y + 60)
    // Two hours and a quarter after eight, at 1.1 pixels a minute.
    await page.mouse.move(to.x + 20, to.y + 5 + 135 * 1.1)
    await page.mouse.up()
    await said('Moved: Sasha Example.')
    const moved = await read(rival.id)
    t.equal(Date.parse(moved.startsAt), Date.parse(desk.at(3, '10:15')))
    t.equal(moved.clinicianId, clinicians[1])
    t.equal(await page.getByRole('dialog').count(), 0, 'the end of a drag opens nothing')
  })

  t.test('a time is found, kept and booked', async t => {
    await page.getByRole('button', { name: 'Book', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Book an appointment' })
    await dialog.getByLabel('Find a client by name').fill('sasha')
    await dialog.getByRole('button', { name: 'Find', exact: true }).click()
    await dialog.getByLabel('For', { exact: true }).selectOption({ label: 'Sasha Example' })
    await dialog.getByLabel('Clinician').selectOption({ label: 'Blake Example' })
    await dialog.getByLabel('From').fill(desk.monday.add({ days: 1 }).toString())
    await dialog.getByLabel('Until').fill(desk.monday.add({ days: 1 }).toString())
    await dialog.getByLabel('Not before').fill('14:00')
    await dialog.getByRole('button', { name: 'Find times' }).click()
    await dialog.getByRole('button', { name: /14:15, Blake Example/ }).click()
    await dialog.getByRole('status').filter({ hasText: 'is kept for you until' }).waitFor()
    await dialog.getByRole('button', { name: 'Book this time' }).click()
    await said(/Sasha Example is booked: .*14:15/)
    await dialog.waitFor({ state: 'detached' })
    await entry(/14:15 to 15:05, Sasha Example, Blake Example/).waitFor()
    const holds = await desk.run(`select status from slot_holds`, [])
    t.same(holds, [{ status: 'booked' }])
  })

  t.test('what is booked opens by Enter, is moved by a form, confirmed and canceled', async t => {
    await entry(/Robin Example/).focus()
    await page.keyboard.press('Enter')
    let dialog = page.getByRole('dialog', { name: 'Robin Example' })
    await dialog.getByLabel('Starts').fill('11:00')
    await dialog.getByRole('button', { name: 'Move' }).click()
    await said('Moved: Robin Example.')
    t.equal(Date.parse((await read(first.id)).startsAt), Date.parse(desk.at(0, '11:00')))
    await entry(/Robin Example/).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click()
    await said('Confirmed.')
    await entry(/Robin Example.*confirmed/).click()
    dialog = page.getByRole('dialog', { name: 'Robin Example' })
    await dialog.getByText('Cancel', { exact: true }).click()
    await dialog.getByLabel('Why').selectOption('illness')
    await dialog.getByRole('button', { name: 'Cancel the appointment' }).click()
    await said('Canceled: Robin Example.')
    t.match((await read(first.id)).cancellation, { reasonCode: 'illness', by: 'client' })
    t.equal(await entry(/Robin Example/).count(), 0)
  })

  t.test('every control has a name, and a dialog gives the focus back', async t => {
    const book = page.getByRole('button', { name: 'Book', exact: true })
    await book.focus()
    await page.keyboard.press('Enter')
    const nameless = await page.evaluate(`[...document.querySelectorAll('button, input, select')]
      .filter(node => node.checkVisibility())
      .filter(node => ![node.ariaLabel, node.tagName === "BUTTON" && node.textContent, ...[...node.labels].map(label => label.textContent)]
        .some(text => text && text.trim()))
      .map(node => node.outerHTML)`)
    t.same(nameless, [])
    await page.keyboard.press('Escape')
    t.equal(await page.locator(':focus').getAttribute('id'), 'book')
  })

  t.test('what a person enters on the wall clock becomes the instant that Temporal says', async t => {
    const zones = ['America/Los_Angeles', 'America/Phoenix', 'Europe/London', 'Australia/Lord_Howe']
    const wanted = zones.flatMap(zone => {
      let change = Temporal.PlainDate.from('2026-01-01').toZonedDateTime(zone).getTimeZoneTransition('next')
      const days = change ? [] : ['2026-06-01']
      for (let count = 0; change && count < 2; count++) {
        days.push(change.toPlainDate().toString())
        change = change.getTimeZoneTransition('next')
      }
      return days.flatMap(day =>
        [0, 75, 90, 105, 120, 135, 150, 180, 600].map(minute => ({ zone, day, minute })),
      )
    })
    const got = await page.evaluate(async list => {
      const address = '/board/dates.js'
      const { instantOf } = await import(address)
      return list.map(({ zone, day, minute }) => instantOf(day, minute, zone) as string)
    }, wanted)
    t.same(
      got.map(instant => Date.parse(instant)),
      wanted.map(
        ({ zone, day, minute }) =>
          Temporal.PlainDateTime.from(day).add({ minutes: minute }).toZonedDateTime(zone).epochMilliseconds,
      ),
    )
  })

  t.test('nothing went anywhere else, and the browser had nothing to complain of', async t => {
    t.same(outside, [])
    t.same(
      faults.filter(fault => !/status of 409/.test(fault)),
      [],
    )
  })
})
