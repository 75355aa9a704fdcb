import { parse } from 'csv-parse/sync'

export interface CsvRow {
  /** Its row as a spreadsheet shows it: the header is 1, and empty lines count. */
  row: number
  /** The cells by column, without the empty ones. */
  values: Record<string, string>
}

/** Spreadsheets save "CSV" in an encoding of the machine's own: read as UTF-8 it would damage names for good. */
export class NotUnicode extends Error {
  override readonly name = 'NotUnicode'
  override readonly message = 'The file is not in UTF-8. Save it again as “CSV UTF-8”.'
}

/**
 * Reads CSV (RFC 4180; UTF-8, or UTF-16 with its byte order mark).
 *
 * @throws CsvError naming the line, never a value
 * @throws NotUnicode
 */
export function readRows(file: Uint8Array): CsvRow[] {
  const records = parse<{ record: Record<string, string>; info: { empty_lines: number } }>(decodeText(file), {
    columns: true,
    info: true,
    skip_empty_lines: true,
    trim: true,
  })
  return records.map(({ record, info }, index) => ({
    row: index + 2 + info.empty_lines,
    values: Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== '')),
  }))
}

/** @throws NotUnicode */
export function decodeText(file: Uint8Array): string {
  const [first, second] = file
  const mark =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(mark, { fatal: true }).decode(file)
  } catch {
    throw new NotUnicode()
  }
}
