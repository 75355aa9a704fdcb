import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../../../src/lib/limits.ts'
import type { Reply } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'
import { marker } from '../fuzz/values.ts'

/** Longest that one request may keep the event loop, in milliseconds of its own time on a processor. */
const mostBlockingMs = 200
/** No refusal needs more. */
const mostBytes = 8_192

export interface Watch {
  sent: number
  accepted: number
  slowestMs: number
  /** What must not have happened; empty at the end. */
  faults: string[]
  /** Sends something and looks at how it is answered. */
  send(name: string, request: () => Promise<Reply>, refused?: readonly number[]): Promise<Reply>
}

/**
 * Watches that no answer is a fault of ours, repeats what was sent, leaves open what is wrong, is out of bounds or
 * blocked everybody else.
 */
export function createWatch(longestMs = mostBlockingMs): Watch {
  const watch: Watch = {
    sent: 0,
    accepted: 0,
    slowestMs: 0,
    faults: [],
    async send(name, request, refused) {
      // Requests that are refused without the database never let timers run, of which one sheds load.
      await nextTurn()
      let { reply, blockedMs } = await timed(request)
      if (reply.status === 503) {
        // A machine that is busy with other things sheds load for a moment. What is wrong here shows twice.
        await sleep(2 * limits.http.eventLoopSampleMs)
        ;({ reply, blockedMs } = await timed(request))
      }
      // So may the collector of garbage: what blocks does so again.
      if (blockedMs > longestMs) blockedMs = Math.min(blockedMs, (await timed(request)).blockedMs)
      watch.sent += 1
      watch.slowestMs = Math.max(watch.slowestMs, blockedMs)
      const text = JSON.stringify([reply.body, reply.headers])
      const complain = (what: string) => watch.faults.push(`${name}: ${what}`)
      if (reply.status < 300) watch.accepted += 1
      if (reply.status >= 500) complain(`answered ${reply.status}`)
      if (refused && !refused.includes(reply.status))
        complain(`answered ${reply.status}, not ${refused.join(' or ')}`)
      if (reply.status >= 400 && text.length > mostBytes) complain(`answered with ${text.length} bytes`)
      if (reply.status >= 400 && text.includes(marker)) complain('repeated what was sent')
      if (reply.body?.code === 'invalid-request' && !(reply.body.errors?.length > 0))
        complain('did not say what is wrong')
      if (blockedMs > longestMs) complain(`blocked for ${Math.round(blockedMs)} ms`)
      return reply
    },
  }
  return watch
}

async function timed(request: () => Promise<Reply>): Promise<{ reply: Reply; blockedMs: number }> {
  const [before, startedAt] = [process.threadCpuUsage(), performance.now()]
  const reply = await request()
  const { user, system } = process.threadCpuUsage(before)
  const ms = (user + system) / 1_000
  // A reader who is kept waiting on purpose takes a little now and then, and blocks nobody.
  return { reply, blockedMs: performance.now() - startedAt > 10 * ms ? 0 : ms }
}

/** Every line must be one JSON object without control characters. @returns the lines that are not, cut */
export function brokenLogLines({ logLines }: TestApp): string[] {
  return logLines
    .filter(line => {
      try {
        const parsed: unknown = JSON.parse(line)
        const inner = line.slice(0, -1)
        return typeof parsed !== 'object' || !line.endsWith('\n') || /\p{Cc}|[\u2028\u2029]/u.test(inner)
      } catch {
        return true
      }
    })
    .map(line => line.slice(0, 120))
}
