import type { Clock } from '../clock.ts'
import { limits } from '../limits.ts'

/** A few practices' unwrapped keys, the least recently used leaving first, none for longer than the limit. */
export function createKeyCache<T>(clock: Clock) {
  const entries = new Map<string, { readonly value: T; readonly expiresAt: number }>()

  function removeExpired(now: number): void {
    for (const [id, entry] of entries) if (entry.expiresAt <= now) entries.delete(id)
  }

  return {
    get(id: string): T | undefined {
      const entry = entries.get(id)
      if (!entry) return undefined
      entries.delete(id)
      if (entry.expiresAt <= clock.now().getTime()) return undefined
      // A Map keeps the order of insertion: putting it back makes it the most recently used.
      entries.set(id, entry)
      return entry.value
    },

    set(id: string, value: T): void {
      const now = clock.now().getTime()
      removeExpired(now)
      entries.delete(id)
      entries.set(id, { value, expiresAt: now + limits.sealing.dataKeyCacheMs })
      const [oldest] = entries.keys()
      if (entries.size > limits.sealing.cachedPractices && oldest !== undefined) entries.delete(oldest)
    },

    delete: (id: string) => void entries.delete(id),
  }
}
