import fc from 'fast-check'

/**
 * Stands in every text that has room for it: neither a log line nor a refusal may ever hold it. Letters only,
 * so that no name or search rule minds.
 */
export const marker = 'qzxfuzzjq'

/** Texts that are allowed wherever a text is, and break what is careless. */
export const oddTexts: Readonly<Record<string, string>> = {
  'right to left': '\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627',
  'joined emoji': '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  'four bytes': '\u{20000}\u{10ffff}',
  composed: 'Zo\u00eb \u00c5',
  decomposed: 'Zoe\u0308 A\u030a',
  'spreadsheet formula': '=HYPERLINK("http://x.example","y")',
  'spreadsheet plus': '+1+1',
  'spreadsheet at': '@SUM(1)',
  'SQL quote': "'; drop table clients; --",
  'SQL wildcard': '%_\\%',
  'template marks': '{{7*7}} ${7*7} <%= 7 %> #{7}',
  markup: '<img src=x onerror=alert(1)>',
  'header line': 'x\r\nset-cookie: a=b',
  'log line': '\n{"level":30,"msg":"request"}',
  'terminal escape': '\u001b[31mred\u0007',
  'byte order mark': '\ufeffname',
  'zero width': 'a\u200bb\u00adc',
  backslashes: '\\u0000 \\x00 \\',
  'replacement sign': '\ufffd',
  'line separators': 'a\u2028b\u2029c\u0085d',
  control: '\u0001\u001f\u007f',
  'words of programs': 'null undefined NaN true __proto__ constructor',
}

/** Texts that no JSON body may hold. */
export const forbiddenTexts: Readonly<Record<string, string>> = {
  NUL: 'a\u0000b',
  'high surrogate alone': 'a\ud800b',
  'low surrogate alone': '\udc00',
}

export const badDates = [
  '2026-02-30',
  '2025-02-29',
  '2026-13-01',
  '2026-00-10',
  '2026-1-1',
  '275760-09-14',
  '+275760-09-13',
  '-000001-01-01',
  '2026-02-3',
  '20260203',
  '2026-02-03T00:00:00Z',
  ' 2026-02-03',
  '2026-02-03\n',
  'infinity',
  'now',
  '',
]

/** Years at the ends of what four digits can say. PostgreSQL has no year 0. */
export const edgeDates = ['0000-01-01', '0001-01-01', '1582-10-10', '1900-02-28', '9999-12-31', '2024-02-29']

export const badInstants = [
  '2026-02-30T10:00:00Z',
  '2026-02-03T24:00:00Z',
  '2026-02-03T25:00:00Z',
  '2026-02-03T10:60:00Z',
  '2026-02-03T10:00:00',
  '2026-02-03',
  '275760-09-13T00:00:01Z',
  '2026-02-03T10:00:00+25:00',
  '2026-02-03T10:00:00Z\n',
  'infinity',
  '-infinity',
  '0',
  '',
]

export const edgeInstants = [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59-23:59',
  '2026-06-30T23:59:60Z',
  '2026-02-03T10:00:00.123456789Z',
  '2026-02-03t10:00:00z',
  '2026-02-03T10:00:00+23:59',
  '2026-03-08T02:30:00-08:00',
  '1970-01-01T00:00:00-00:00',
]

export const badIds = [
  'not-an-id',
  '019c0000-0000-7000-8000-00000000000',
  '019c0000-0000-7000-8000-00000000000g',
  '{019c0000-0000-7000-8000-000000000001}',
  '019c0000000070008000000000000001',
  "019c0000-0000-7000-8000-000000000001'--",
  '019c0000-0000-7000-8000-000000000001\n',
  '../practice',
  'urn:uuid:019c0000-0000-7000-8000-0000000000aa',
  '',
]

/** Ids that some validators take: whatever is taken has to be understood by everything behind. */
export const oddIds = [
  '019C0000-0000-7000-8000-0000000000AA',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
]

export const badMails = [
  'no-at-sign',
  '@x.example',
  'a@',
  'a b@x.example',
  'a@x.example\n',
  'a@@x.example',
  '',
]
export const badZones = ['Mars/Olympus', 'America/Los_Angeles\n', 'EST', '../etc', 'utc', '+02:00', '']

const hourMs = 3_600_000

/** A whole hour within two months, seen from now: most instants of a request mean something there only. */
export const nearInstant = fc
  .integer({ min: -24 * 30, max: 24 * 60 })
  .map(hours => new Date((Math.floor(Date.now() / hourMs) + hours) * hourMs).toISOString())

export const nearDate = fc
  .integer({ min: -400, max: 90 })
  .map(days => new Date(Date.now() + days * 24 * hourMs).toISOString().slice(0, 10))

/** A text that the schema allows, often an odd one, with the marker where there is room. */
export function textArbitrary(minLength: number, maxLength: number): fc.Arbitrary<string> {
  const fit = (text: string) => padded(cut(text, maxLength), minLength)
  return fc.oneof(
    fc.constantFrom(...Object.values(oddTexts)).map(text => fit(marked(text, maxLength))),
    fc.string({ unit: 'grapheme', maxLength: 40 }).map(text => fit(marked(clean(text), maxLength))),
    fc.string({ unit: 'binary', maxLength: 40 }).map(text => fit(marked(clean(text), maxLength))),
    fc.constant(fit(marker.repeat(Math.ceil(Math.min(maxLength, 20_000) / marker.length)))),
    fc.constant(fit('\u{1f600}'.repeat(Math.min(maxLength, 20_000)))),
    fc.constant(fit('x')),
  )
}

const clean = (text: string) => text.toWellFormed().replaceAll('\0', '')

const marked = (text: string, maxLength: number) =>
  [...text].length + marker.length <= maxLength ? `${text}${marker}` : text

/** Lengths are counted in code points, as JSON Schema has it. */
const cut = (text: string, length: number) => [...text].slice(0, length).join('')

const padded = (text: string, length: number) => text + 'x'.repeat(Math.max(0, length - [...text].length))
