import t from 'tap'
import { createDesk, openBoard } from '../support/board.ts'
import { openBrowser, skipWithoutBrowser } from '../support/browser.ts'
import { createTestApp } from '../support/test-app.ts'
import { make } from '../support/world/ground.ts'

// A browser is slow to start on a machine that is busy with other tests.
t.setTimeout(120_000)

t.test('series and intensives on the board', { skip: skipWithoutBrowser, timeout: 120_000 }, async t => {
  const test = await createTestApp(t)
  const desk = await createDesk(test)
  const { owner, monday } = desk
  // In the way of the third date of the series, and of the intensive.
  await desk.book(15, '09:00', { clientId: desk.sasha })
  const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
  const { page, outside, faults } = await openBrowser(t, url)
  page.setDefaultTimeout(15_000)
  await openBoard(page, url, desk)
  const said = (words: RegExp | string) => page.getByRole('status').filter({ hasText: words }).waitFor()
  const dialog = page.getByRole('dialog')
  const list = async (path: string) => (await owner.get(path)).body.data
  const chooseRobin = async () => {
    await dialog.getByLabel('Find a client by name').fill('robin')
    await dialog.getByRole('button', { name: 'Find', exact: true }).click()
    await dialog.getByLabel('For', { exact: true }).selectOption({ label: 'Robin Example' })
  }

  t.test('a series is previewed with its conflicts, and booked without the dates that are taken', async t => {
    await page.getByRole('button', { name: 'Series' }).click()
    await chooseRobin()
    await dialog.getByLabel('Service').selectOption({ label: 'Individual session' })
    await dialog.getByLabel('Clinician').selectOption({ label: 'Avery Example' })
    await dialog.getByLabel('First day').fill(monday.add({ days: 1 }).toString())
    await dialog.getByLabel('Starts').fill('09:00')
    await dialog.getByLabel('Times').fill('4')
    await dialog.getByRole('button', { name: 'Preview' }).click()
    await dialog.getByRole('status').filter({ hasText: '3 dates free, 1 left out.' }).waitFor()
    const clash = dialog.locator('tr.clash')
    t.match(
      await clash.innerText(),
      /The clinician is taken: Sasha Example, .* 09:00 to 09:50, with Avery Example/,
    )
    await dialog.getByRole('button', { name: 'Book the series' }).click()
    const alert = dialog.getByRole('alert').filter({ hasText: 'Nothing was booked.' })
    t.match(await alert.innerText(), /: The clinician is taken: Sasha Example/)
    t.same(await list('/v1/appointment-series'), [])
    await dialog.getByLabel('When a date is taken').selectOption({ label: 'Leave that date out' })
    await dialog.getByRole('button', { name: 'Book the series' }).click()
    await said('Robin Example: 3 dates booked, 1 left out.')
    t.equal((await list('/v1/appointment-series')).length, 1)
  })

  t.test('this and the following dates of a series are moved, and all to come canceled', async t => {
    const entry = page
      .locator('.lane.clinician .entry')
      .and(page.getByRole('button', { name: /Robin Example/ }))
    await entry.click()
    await dialog.getByText('The series it is part of').click()
    const part = dialog.locator('details').filter({ hasText: 'The series it is part of' })
    await part.getByLabel('Starts').fill('10:00')
    await part.getByLabel('When a date is taken').selectOption({ label: 'Leave that date out' })
    await part.getByRole('button', { name: 'Preview' }).click()
    await part.getByRole('row', { name: /10:00/ }).first().waitFor()
    await part.getByRole('button', { name: 'Change them' }).click()
    await said('The series is changed')
    await page
      .getByRole('button', { name: /10:00 to 10:50, Robin Example/ })
      .first()
      .click()
    await dialog.getByText('The series it is part of').click()
    const again = dialog.locator('details').filter({ hasText: 'The series it is part of' })
    await again.getByLabel('Which dates').selectOption({ label: 'All to come' })
    await again.getByRole('button', { name: 'Cancel them' }).click()
    await said('The series is canceled')
    t.equal((await list('/v1/appointment-series'))[0].status, 'ended')
    t.equal(await entry.count(), 0)
  })

  t.test('an intensive goes from inquiry to booking, past its gates with a reason', async t => {
    await desk.run(
      `insert into services (practice_id, name, kind, duration_minutes, modes)
       select practice_id, 'Intensive', 'intensive', 60, '{in_person}' from locations where id = $1`,
      [desk.locationId],
    )
    await page.reload()
    await openBoard(page, url, desk)
    await page.getByRole('button', { name: 'Intensive' }).click()
    await chooseRobin()
    await dialog.getByLabel('Clinician').selectOption({ label: 'Avery Example' })
    await dialog.getByLabel('Price in dollars').fill('9000')
    await dialog.getByLabel('Deposit in dollars').fill('2000.50')
    await dialog.getByRole('button', { name: 'Open' }).click()
    await dialog.getByRole('button', { name: 'Now screened' }).click()
    await dialog
      .getByRole('alert')
      .filter({ hasText: 'Still open: stability of A, medical of A, risk of A.' })
      .waitFor()
    // A clinician of the care team judges those.
    await desk.run(
      `insert into intensive_gate_marks (practice_id, intensive_id, gate, participant, status, recorded_by)
       select practice_id, id, gate, 'a', 'met', lead_staff_id
       from intensives cross join unnest(array['stability', 'medical', 'risk']) gate`,
      [],
    )
    await dialog.getByRole('button', { name: 'Now screened' }).click()
    await dialog.getByRole('status').filter({ hasText: 'It is screened now.' }).waitFor()
    for (const step of ['contracted', 'deposit due']) {
      await dialog.getByLabel('When gates are open').selectOption('recorded_elsewhere')
      await dialog.getByRole('button', { name: `Now ${step}` }).click()
      await dialog
        .getByRole('status')
        .filter({ hasText: `It is ${step} now.` })
        .waitFor()
    }
    await dialog.getByLabel('First day from').fill(monday.toString())
    await dialog.getByLabel('Until').fill(monday.add({ days: 4 }).toString())
    await dialog.getByRole('button', { name: 'Find days' }).click()
    await dialog
      .getByRole('button', { name: /^From .* blocks$/ })
      .first()
      .click()
    await dialog.getByRole('status').filter({ hasText: 'These days are planned' }).waitFor()
    const [intensive] = await list('/v1/intensives')
    t.equal((await owner.get(`/v1/intensives/${intensive.id}`)).body.depositCents, 200_050)
    const planned = (await owner.get(`/v1/intensives/${intensive.id}`)).body.blocks
    const rival = await owner.post(
      '/v1/appointments',
      {
        clientId: desk.sasha,
        serviceId: desk.services.individual,
        clinicianId: planned[0].clinicianIds[0],
        mode: 'telehealth',
        startsAt: planned[0].startsAt,
      },
      { key: crypto.randomUUID() },
    )
    await dialog.getByLabel('When gates are open').selectOption('urgent')
    await dialog.getByRole('button', { name: 'Book all blocks' }).click()
    const alert = dialog.getByRole('alert').filter({ hasText: 'Nothing was booked.' })
    t.match(await alert.innerText(), /The clinician is taken: Sasha Example/)
    const reason = { reasonCode: 'other', by: 'practice' }
    await owner.post(`/v1/appointments/${rival.body.id}/cancellation`, reason, { ifMatch: 1 })
    await dialog.getByRole('button', { name: 'Book all blocks' }).click()
    await dialog.getByRole('status').filter({ hasText: 'All blocks are booked.' }).waitFor()
    t.equal((await owner.get(`/v1/intensives/${intensive.id}`)).body.status, 'scheduled')
    await dialog.getByText(/^Deposit due by .*: \$2,000\.50$/).waitFor()
    await dialog.getByLabel('Amount in dollars').fill('1500.5')
    await dialog.getByRole('button', { name: 'Record the deposit' }).click()
    await dialog.getByText(/^Deposit received on .*: \$1,500\.50$/).waitFor()
    t.equal(await dialog.getByLabel('Amount in dollars').inputValue(), '500')
    const { money } = (await owner.get(`/v1/intensives/${intensive.id}`)).body
    t.same(
      money.map(({ kind, amountCents }: Record<string, unknown>) => [kind, amountCents]),
      [
        ['deposit_due', 200_050],
        ['deposit_received', 150_050],
      ],
    )
  })

  t.test('a booked intensive opens from the calendar, moves as one, and is canceled as one', async t => {
    await page.keyboard.press('Escape')
    const blocks = page.locator('.entry.intensive_block')
    await blocks.first().click()
    await dialog.getByLabel('New first day').fill(monday.add({ days: 8 }).toString())
    await dialog.getByRole('button', { name: 'Move all blocks' }).click()
    await dialog.getByRole('status').filter({ hasText: 'All blocks are moved.' }).waitFor()
    await dialog.getByText('Cancel', { exact: true }).click()
    const cancel = dialog.locator('details').filter({ hasText: 'Cancel all of it' })
    await cancel.getByLabel('Asked for by').selectOption({ label: 'Practice' })
    await cancel.getByRole('button', { name: 'Cancel all of it' }).click()
    await dialog.getByRole('status').filter({ hasText: 'It is canceled.' }).waitFor()
    await dialog.getByText(/^Refund due since .*: \$/).waitFor()
    await dialog.getByRole('button', { name: 'Record the refund' }).click()
    await dialog.getByText(/^Refund paid on .*: \$/).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await blocks.first().waitFor({ state: 'detached' })
    const [intensive] = await list('/v1/intensives')
    t.equal(intensive.status, 'canceled')
  })

  t.test('what comes after an intensive is planned and done', async t => {
    const { id } = await make(owner, '/v1/intensives', {
      clientId: desk.sasha,
      serviceId: (await list('/v1/services')).find(({ kind }: { kind: string }) => kind === 'intensive').id,
      locationId: desk.locationId,
      priceCents: 100_000,
      depositCents: 0,
    })
    await desk.run(`update intensives set status = 'aftercare' where id = $1`, [id])
    await page.getByRole('button', { name: 'Intensive', exact: true }).click()
    await dialog.getByRole('button', { name: 'Sasha Example: aftercare' }).click()
    await dialog.getByText('Plan a task').click()
    await dialog.getByLabel('Due on').fill(monday.toString())
    await dialog.getByRole('button', { name: 'Plan it' }).click()
    await dialog.getByText(/^Check-in call, by .*, open$/).waitFor()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await dialog.getByText(/^Check-in call, by .*, done$/).waitFor()
    const [task] = (await owner.get(`/v1/intensives/${id}`)).body.aftercareTasks
    t.match(task, { kind: 'check_in_call', dueOn: monday.toString(), status: 'done' })
  })

  t.test('nothing went anywhere else, and the browser had nothing to complain of', async t => {
    t.same(outside, [])
    t.same(
      faults.filter(fault => !/status of 409/.test(fault)),
      [],
    )
  })
})
