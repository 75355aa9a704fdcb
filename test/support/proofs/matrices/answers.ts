import type { Reply } from '../../practice.ts'

/** What differs between any two answers. */
const ownOfEachAnswer = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset']

/** What somebody who compares two answers can see of them. */
export function visibleOf({ status, headers, body }: Reply) {
  const { requestId: _, ...rest } = typeof body === 'object' && body !== null ? body : { requestId: body }
  const shown = Object.entries(headers).filter(([name]) => !ownOfEachAnswer.includes(name))
  return { status, headers: Object.fromEntries(shown), body: rest }
}

const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const instants = /\d{4}-\d\d-\d\dT[\d:.]+Z/g
const cursors = /"nextCursor":"[^"]*"/g

/** The same without what no two answers share: ids, instants, what a cursor holds (its length stays), and these words. */
export function shapeOf(reply: Reply, words: readonly string[] = []): string {
  const { status, headers, body } = visibleOf(reply)
  const { etag: _, 'content-length': __, ...kept } = headers
  let text = JSON.stringify({ status, headers: kept, body })
    .replace(ids, 'ID')
    .replace(instants, 'TIME')
    .replace(cursors, cursor => `"nextCursor":${cursor.length}`)
  for (const word of words) text = text.replaceAll(word, 'WORD')
  return text
}

/** Where two texts part, for the message of a failure; nothing where they do not. */
export function partingOf(one: string, other: string): string {
  if (one === other) return ''
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  const from = Math.max(0, at - 60)
  return `…${one.slice(from, at + 100)}…\nbut …${other.slice(from, at + 100)}…`
}
