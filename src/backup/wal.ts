// Names and places in PostgreSQL's write-ahead log. A segment's name is timeline, high part and low part, eight
// hexadecimal digits each; a position (LSN) is written "high/low".

export const segmentPattern = /^[0-9A-F]{24}$/

/** The segment that holds a position; a position on a border belongs to the later one. */
export function segmentAt(timeline: number, lsn: string, segmentBytes: number): string {
  return segmentName(timeline, lsnToNumber(lsn) / BigInt(segmentBytes), segmentBytes)
}

export function segmentAfter(name: string, segmentBytes: number): string {
  const perHigh = 0x1_0000_0000n / BigInt(segmentBytes)
  const number = BigInt(`0x${name.slice(8, 16)}`) * perHigh + BigInt(`0x${name.slice(16)}`)
  return segmentName(Number.parseInt(name.slice(0, 8), 16), number + 1n, segmentBytes)
}

export const timelineOf = (segment: string) => Number.parseInt(segment.slice(0, 8), 16)

/** How far into its segment a position lies, in bytes. */
export const offsetOf = (lsn: string, segmentBytes: number) => Number(lsnToNumber(lsn) % BigInt(segmentBytes))

function segmentName(timeline: number, number: bigint, segmentBytes: number): string {
  const perHigh = 0x1_0000_0000n / BigInt(segmentBytes)
  return [BigInt(timeline), number / perHigh, number % perHigh].map(hex8).join('')
}

function lsnToNumber(lsn: string): bigint {
  const [high = '', low = ''] = lsn.split('/')
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}

const hex8 = (part: bigint) => part.toString(16).toUpperCase().padStart(8, '0')

const recordHeaderBytes = 24

/**
 * Whether the log may really end at this place of its last archived segment. An archived segment is full: what
 * follows its last whole record is a record that goes on in the next one. Anything else is damage.
 */
export function endsHere(segment: Buffer, offset: number): boolean {
  if (offset === 0 || offset + recordHeaderBytes > segment.length) return true
  const pageHeader = offset % 8192 === 0 ? 24 : 0
  const length = segment.readUInt32LE(offset + pageHeader)
  return length > 0 && offset + pageHeader + length > segment.length
}
