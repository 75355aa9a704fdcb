import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { hashSecret } from '../../../../src/lib/opaque-tokens.ts'
import { refreshTokenOf } from '../../../../src/modules/identity/issue-tokens.ts'
import type { Caller, Reply, TestPractice } from '../../practice.ts'
import { asAdmin } from '../../test-server.ts'
import type { Line, Message } from '../crash/line.ts'
import { createForge } from '../identity/forgery.ts'

/** One device of an author, with a session of its own, on which one note is open. */
export interface Device {
  name: string
  sessionId: string
  noteId: string
  token: string
  /** The same session's, ten minutes later. */
  expiredToken: string
  refreshToken: string
  /** The note as this device last knew it. */
  version: number
  text: string
  /** The words of this device of which it knows that they are saved. Each was saved by one request. */
  acknowledged: string[]
}

/** What happened to all devices together. */
export interface Tally {
  saves: number
  /** Saves that came second: answered 412, and sent again on top of the newer text. */
  stale: number
  /** Saves that were done although their answer was lost. */
  foundDone: number
  /** Access tokens that ran out. */
  expired: number
  renewals: number
  longestMs: number
  /** What an answer said that no answer may say. */
  wrong: string[]
}

export const emptyTally = (): Tally => ({
  saves: 0,
  stale: 0,
  foundDone: 0,
  expired: 0,
  renewals: 0,
  longestMs: 0,
  wrong: [],
})

/** A further sign-in of this author, laid by the administrator, with the note open as it was started. */
export async function openOnDevice(
  { id: practiceId, test }: TestPractice,
  author: Caller,
  note: { id: string; version: number; sections: { data: string } },
  name: string,
): Promise<Device> {
  const [sessionId, secret] = [uuidv7(), randomBytes(32)]
  await asAdmin(test.adminUrl, admin =>
    admin.query(
      `insert into cairn.sessions (practice_id, id, user_id, staff_id, refresh_hash, idle_expires_at, absolute_expires_at)
       values ($1, $2, $3, $4, $5, now() + interval '1 day', now() + interval '1 day')`,
      [practiceId, sessionId, author.actorId, author.staffId, hashSecret(secret)],
    ),
  )
  const token = test.app.signAccessToken({
    kind: 'user',
    pid: practiceId,
    sub: author.actorId,
    sid: sessionId,
    staff: author.staffId,
    roles: ['clinician'],
    rv: 1,
  })
  const forge = createForge(token, test.house.keyring.signingKey().key)
  const now = Math.floor(Date.now() / 1000)
  return {
    name,
    sessionId,
    noteId: note.id,
    token,
    expiredToken: forge({}, { iat: now - 900, exp: now - 300 }),
    refreshToken: refreshTokenOf({ practice_id: practiceId, id: sessionId, user_id: author.actorId }, secret),
    version: note.version,
    text: note.sections.data,
    acknowledged: [],
  }
}

export interface Typing {
  /** From one save to the next, when it is answered in time. */
  everyMs: number
  /** After so many saves its access token has run out. */
  expiresAfter: number
  isOver: () => boolean
}

/** Types a word, saves, and so on: as an editor does that saves while somebody writes. */
export async function typeOn(device: Device, line: Line, tally: Tally, typing: Typing): Promise<void> {
  for (let count = 1; !typing.isOver(); count++) {
    if (count === typing.expiresAfter) {
      device.token = device.expiredToken
      tally.expired += 1
    }
    const startedAt = performance.now()
    await saveWord(device, line, tally, `${device.name}.${count};`)
    const tookMs = performance.now() - startedAt
    tally.longestMs = Math.max(tally.longestMs, Math.round(tookMs))
    await sleep(Math.max(0, typing.everyMs - tookMs))
  }
}

/** Keeps at it until the word is in the note once, on top of what another device wrote meanwhile. */
async function saveWord(device: Device, line: Line, tally: Tally, word: string): Promise<void> {
  const url = `/v1/session-notes/${device.noteId}`
  for (;;) {
    const text = `${device.text} ${word}`
    const ifMatch = `"v${device.version}"`
    const body = { sections: { data: text } }
    const saved = await ask(device, line, tally, { method: 'PATCH', url, ifMatch, body })
    if (saved.status === 200) {
      Object.assign(device, { version: Number(saved.body.version), text })
      device.acknowledged.push(word)
      tally.saves += 1
      return
    }
    const now = saved.status === 412 ? await ask(device, line, tally, { method: 'GET', url }) : saved
    if (now.status !== 200) {
      tally.wrong.push(`${device.name}: ${now.status} ${JSON.stringify(now.body)}`)
      return
    }
    Object.assign(device, { version: Number(now.body.version), text: String(now.body.sections.data) })
    if (device.text.includes(` ${word}`)) {
      device.acknowledged.push(word)
      tally.foundDone += 1
      return
    }
    tally.stale += 1
  }
}

/** Sends it; a token that has run out is renewed, and the same is sent again. */
async function ask(
  device: Device,
  line: Line,
  tally: Tally,
  message: Omit<Message, 'token'>,
): Promise<Reply> {
  const reply = await line.definite({ ...message, token: device.token })
  if (reply.status !== 401) return reply
  const { refreshToken } = device
  const renewed = await line.definite({
    method: 'POST',
    url: '/v1/sessions/refresh',
    body: { refreshToken },
  })
  if (renewed.status !== 200) return renewed
  Object.assign(device, { token: renewed.body.accessToken, refreshToken: renewed.body.refreshToken })
  tally.renewals += 1
  return line.definite({ ...message, token: device.token })
}
