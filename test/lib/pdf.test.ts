import t from 'tap'
import { drawFact, drawHead, drawPaper, drawParagraph, type Pdf } from '../../src/lib/pdf.ts'
import { textOf } from '../support/pdf-text.ts'

const print = async (draw: (pdf: Pdf) => void) =>
  Buffer.from(
    await drawPaper({ title: 'Letter', createdAt: '2026-01-05T00:00:00.000Z', foot: 'Confidential' }, draw),
  )

const names = [
  'Łukasz Żółć',
  'Nguyễn Thị Hạnh',
  'Ștefan Țurcanu',
  'Øyvind Ærø',
  'Gülşen Çağ',
  'Dvořák Růžička',
  'Ελένη Παπαδοπούλου',
  'Ірина Шевченко',
  'Renée — “O’Neil”',
]

t.test('people’s names stand on paper as they are written', async t => {
  const pdf = await print(pdf => {
    drawHead(pdf, 'Ábrégó (fictional)', 'Słowo')
    for (const name of names) drawFact(pdf, 'Client', name)
  })
  const text = textOf(pdf)
  for (const name of ['Ábrégó (fictional)', 'Słowo', ...names]) t.ok(text.includes(name), name)
})

t.test('letters that are written apart or as one come out the same', async t => {
  const name = 'Nguyễn'
  const [apart, one] = await Promise.all(
    (['NFD', 'NFC'] as const).map(form => print(pdf => drawFact(pdf, 'Client', name.normalize(form)))),
  )
  t.same(apart, one)
})

t.test('what the font has no letter for is marked, and nothing else gets lost', async t => {
  const text = textOf(await print(pdf => drawParagraph(pdf, 'Words', 'a\u4F60b\u{1F642}c\u0007d\toffice')))
  t.match(text, 'a\uFFFDb')
  t.match(text, 'd    office')
  for (const letter of ['\u4F60', '\u0007']) t.notOk(text.includes(letter))
})

t.test('a paper holds the letters it uses, not the font, and is the same each time', async t => {
  const draw = (pdf: Pdf) => drawParagraph(pdf, 'Words', 'The quick brown fox. '.repeat(300))
  const first = await print(draw)
  t.ok(first.length < 40_000, `${first.length} bytes`)
  t.same(await print(draw), first)
  t.match(first.toString('latin1'), /\+DejaVuSans\b/)
})
