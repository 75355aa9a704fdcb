import { setTimeout as sleep } from 'node:timers/promises'

/** A machine that is busy with other tests makes the service shed load, rightly: whoever is told so asks again. */
export async function patiently<T extends { status: number }>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const reply = await send()
    if (reply.status !== 503 || attempt === 20) return reply
    await sleep(250)
  }
}
