import type { Test } from 'tap'
import { must, read } from '../eight-months/cast.ts'
import { step } from '../session-notes.ts'
import {
  type Body,
  type Cast,
  type Day,
  draft,
  noteUrl,
  part,
  present,
  readNote,
  session,
  signed,
  trendOf,
} from './cast.ts'

/** Iris’s three notes, by day. */
export interface Settled {
  first: Body
  second: Body
  third: Body
}

/** Start, peak and end of activation (0 to 10), and minutes from the peak until it settled. */
const days: Readonly<Record<Day, readonly [start: number, peak: number, end: number, settling: number]>> = {
  1: [5, 8, 3, 20],
  2: [4, 6, 2, 14],
  3: [3, 5, 1, 8],
}

const block = (number: Day) => {
  const [start, peak, end, settlingMinutes] = days[number]
  return part('somatic', {
    entries: [
      { channel: 'sensation', text: 'Cold hands (fictional).', minute: 3 },
      { channel: 'image', text: 'A gray sea.', minute: 9 },
      { channel: 'behavior', text: 'Turned to the window.', minute: 15 },
      { channel: 'affect', text: 'Sad, then calm.', minute: 22 },
      { channel: 'meaning', text: 'The shore holds.', minute: 30 },
    ],
    activation: { start, peak, end },
    settlingMinutes,
    pendulationCycles: 3,
    endOrientation: 'oriented',
  })
}

const times: Readonly<Record<Day, readonly [from: string, to: string]>> = {
  1: ['11:00', '11:37'],
  2: ['11:00', '11:38'],
  3: ['11:00', '11:53'],
}

const noteOf = (number: Day, clientId: string) => ({
  ...session(number, ...times[number]),
  header: present([clientId]),
  parts: [block(number)],
})

/** Iris’s body settles sooner each day; what an associate wrote counts once her supervisor signed too. */
export async function tellTheBody(t: Test, cast: Cast): Promise<Settled> {
  const { bodyTherapist, lead, iris } = cast
  const first = await signed(bodyTherapist, iris.chartId, noteOf(1, iris.clientId))
  const third = await signed(bodyTherapist, iris.chartId, noteOf(3, iris.clientId))
  t.same([first.lateEntry, third.lateEntry], [true, false], 'signed more than 48 hours after it, and less')
  const second = await tellTheReturn(t, cast)

  const peaks = await trendOf(bodyTherapist, iris.chartId, 'activation_peak')
  t.same(peaks.values, [8, 6, 5])
  // (8 + 6 + 5) / 3 = 6.33; from the first to the last of three: (5 − 8) / 2.
  t.same(peaks.summary, { first: 8, last: 5, change: -3, mean: 6.33, min: 5, max: 8, slopePerSession: -1.5 })
  // 8 − 3, 6 − 2, 5 − 1.
  const drops = await trendOf(bodyTherapist, iris.chartId, 'activation_drop')
  t.same([drops.values, drops.summary.mean, drops.summary.slopePerSession], [[5, 4, 4], 4.33, -0.5])
  const settling = await trendOf(bodyTherapist, iris.chartId, 'settling_minutes')
  t.same([settling.values, settling.summary.mean, settling.summary.slopePerSession], [[20, 14, 8], 14, -6])
  const over = await trendOf(bodyTherapist, iris.chartId, 'over_activation')
  t.same(over.rates, [{ rate: 'over_activated_sessions', value: 0, of: 3 }], 'never 9 or more')

  for (const what of ['', '/note-trends', '/session-notes', '/golden-thread'])
    t.equal((await lead.get(`${iris.url}${what}`)).status, 404, 'who treats the couple does not treat her')
  t.equal((await lead.get(noteUrl(first.id))).status, 404)
  return { first, second, third }
}

/** The associate’s note comes back with a question about touch, is answered, and is signed by both. */
async function tellTheReturn(t: Test, { supervisor, associate, bodyTherapist, iris, biller }: Cast) {
  const counted = async () => (await trendOf(bodyTherapist, iris.chartId, 'activation_peak')).values
  const note = noteOf(2, iris.clientId)
  const [body] = note.parts
  if (!body) throw new Error('The second day has no part')
  const begun = await draft(associate, iris.chartId, note)
  const waiting = must(await step(associate, begun.id, 'signature', begun.version))
  t.equal(waiting.status, 'pending_cosign')
  t.same(await counted(), [8, 5], 'it does not count yet')
  t.equal((await biller.get(`${noteUrl(begun.id)}/billing-facts`)).status, 404, 'nor is it billed')
  const mine = async () => (await read(supervisor, '/v1/session-notes?view=awaiting_cosign')).data
  t.same(
    (await mine()).map(({ id }: Body) => id),
    [begun.id],
  )

  const remarks = 'Was there touch, and how was it agreed on? (fictional)'
  must(await step(supervisor, begun.id, 'return', waiting.version, { remarks }))
  const back = await readNote(associate, begun.id)
  t.match(back, {
    status: 'draft',
    signatures: [],
    returns: [{ remarks, revision: 1, staffId: supervisor.staffId }],
  })
  t.equal((await bodyTherapist.get(noteUrl(begun.id))).status, 404, 'a draft again: its author’s alone')
  const touch = { used: true, consent: 'asked_each_time', text: 'A hand on the shoulder.' }
  const change = { parts: { [body.id]: { kind: 'somatic', content: { touch } } } }
  const mended = must(await associate.patch(noteUrl(begun.id), change, { ifMatch: back.version }))
  const again = must(await step(associate, begun.id, 'signature', mended.version))
  const cosigned = must(await step(supervisor, begun.id, 'cosignature', again.version))
  t.match(cosigned, {
    status: 'cosigned',
    revision: 2,
    signatures: [
      { role: 'author', signerId: associate.staffId },
      { role: 'cosigner', signerId: supervisor.staffId },
    ],
  })
  t.equal(
    new Set(cosigned.signatures.map(({ contentHash }: Body) => contentHash)).size,
    1,
    'both of the same text',
  )
  const former = await read(associate, `${noteUrl(begun.id)}/revisions/1`)
  t.notMatch(JSON.stringify(former), /shoulder/, 'what was signed first stays as it was')
  t.match(await readNote(bodyTherapist, begun.id), { parts: [{ content: { touch } }], returns: [] })
  t.same(await counted(), [8, 6, 5])
  t.same(await mine(), [])
  return cosigned
}
