import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { importFile, signIn } from '../../src/commands/import.ts'
import { importColumns } from '../../src/modules/clients/index.ts'
import { password, signIn as signInAs, signUp } from '../support/identity.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('npm run import -- clients', async t => {
  const test = await createTestApp(t)
  const url = await test.app.listen({ host: '127.0.0.1', port: 0 })
  const { email } = await signUp(test)
  const owner = await signInAs(test, email)
  const token = await signIn(url, { email, password })
  const folder = t.testdir()

  const run = async (content: string | Buffer, commit: boolean) => {
    const file = join(folder, 'clients.csv')
    await writeFile(file, content)
    const lines: string[] = []
    const good = await importFile({ url, token, file, commit }, line => lines.push(line))
    return { good, text: lines.join('\n') }
  }
  const count = async () => (await owner.get('/v1/clients?limit=200')).body.data.length

  const header = 'legal_family_name,legal_given_name,birth_date,phone'
  const good = `\uFEFF${header}\r\n"O'Example, Jr",Jordan,1988-04-12,(555) 555-0123\r\nSample,Sam,,\r\n`

  t.test('a wrong password signs nobody in', async t => {
    await t.rejects(signIn(url, { email, password: 'not the password' }), { name: 'CannotImport' })
  })

  t.test('without --commit nothing is written', async t => {
    const { good: fine, text } = await run(good, false)
    t.ok(fine)
    t.match(text, '2 rows are valid. Nothing was imported')
    t.equal(await count(), 0)
  })

  t.test('a half-bad file is told by row, column and code, and not imported', async t => {
    const bad = `${header}\nExample,Jordan,1988-04-12,\nExample,=canary(),12/4/1988,\n,Canary,,\n`
    const { good: fine, text } = await run(bad, true)
    t.notOk(fine)
    t.match(text, /^3 +legal_given_name +formula$/m)
    t.match(text, /^3 +birth_date +date$/m)
    t.match(text, /^4 +legal_family_name +required$/m)
    t.match(text, '2 of 3 rows have problems. Nothing was imported.')
    t.notMatch(text, /canary|Canary/)
    t.equal(await count(), 0)
  })

  t.test('a file of more rows than one chunk holds is imported whole or not at all', async t => {
    const rows = Array.from({ length: 600 }, (_, index) => `Example${index},Jordan,,`)
    const lastBad = await run([header, ...rows, 'Example,Jordan,2999-01-01,'].join('\n'), true)
    t.match(lastBad.text, /^602 +birth_date +in-the-future$/m)
    t.equal(await count(), 0)
  })

  t.test('with --commit a good file becomes clients', async t => {
    const { good: fine, text } = await run(good, true)
    t.ok(fine)
    t.match(text, '2 clients were imported.')
    const { data } = (await owner.get('/v1/clients')).body
    t.same(
      data.map((client: { legalFamilyName: string }) => client.legalFamilyName),
      ["O'Example, Jr", 'Sample'],
    )
  })

  t.test('a file in another encoding is refused, as its names would be damaged', async t => {
    const latin1 = Buffer.from(`${header}\nM\u00fcller,Jos\u00e9,,\n`, 'latin1')
    await t.rejects(run(latin1, true), { name: 'NotUnicode', message: /CSV UTF-8/ })
    const utf16 = Buffer.from(`\ufeff${header}\nM\u00fcller,Jos\u00e9,,\n`, 'utf16le')
    t.match((await run(utf16, false)).text, '1 rows are valid')
    t.match((await run(utf16.swap16(), false)).text, '1 rows are valid')
  })

  t.test('rows are numbered as a spreadsheet shows them', async t => {
    const { text } = await run(`\n${header}\n\nExample,Jordan,,\n\n"Exam\nple",Jordan,,\nExample,,,\n`, false)
    t.match(text, /^7 +legal_given_name +required$/m)
  })

  t.test('a header that is not known is told by its place, never by its words', async t => {
    const headless = run('Example,Canary,1988-04-12,\n', false)
    await t.rejects(headless, { name: 'CannotImport', message: /column 1, 2, 3, 4/ })
    await t.rejects(run('legal_given_name,legal_given_name\nA,B\n', false), /twice/)
  })

  t.test('the documentation names every column', async t => {
    const { readFile } = await import('node:fs/promises')
    const page = await readFile(new URL('../../docs/import.md', import.meta.url), 'utf8')
    for (const column of Object.keys(importColumns)) t.match(page, `\`${column}\``)
  })
})
