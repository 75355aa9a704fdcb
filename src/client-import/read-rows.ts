import { parse } from 'csv-parse/sync'

export interface CsvRow {
  /** Its line in the file, counting the header as 1. */
  row: number
  /** The cells by column, without the empty ones. */
  values: Record<string, string>
}

/** Reads CSV (RFC 4180, UTF-8, with or without a byte order mark). @throws CsvError naming the line, never a value */
export function readRows(file: Uint8Array): CsvRow[] {
  const records = parse(Buffer.from(file), {
    columns: true,
    bom: true,
    skip_empty_lines: true,
    trim: true,
  }) as Record<string, string>[]
  return records.map((record, index) => ({
    row: index + 2,
    values: Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== '')),
  }))
}
