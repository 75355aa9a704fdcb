import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createTestPractice, type TestPractice } from '../support/practice.ts'
import { proof } from '../support/proof.ts'
import { type Device, emptyTally, openOnDevice, typeOn } from '../support/proofs/autosave/devices.ts'
import { openLine } from '../support/proofs/crash/line.ts'
import { randomFrom } from '../support/proofs/crash/random.ts'
import { serviceOn } from '../support/proofs/crash/service.ts'
import { agreedCost, type Cost, countingOn } from '../support/round-trips/index.ts'
import { type BookablePractice, createBookablePractice } from '../support/scheduling.ts'
import type { RunningService } from '../support/service.ts'
import { dapSections, startNote } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

// Clinicians type, and what they type is saved twice a second. Each has the same note open on a second device. The
// service, a real process, is killed under them, and every access token runs out once.

const here = proof('autosave')
const random = randomFrom(here.seed)
const clinicians = here.amount(6, 50)
const everyMs = here.amount(100, 500)

t.test('what was typed and acknowledged is there, once, whatever happened between', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const running = new Set<RunningService>()
  t.teardown(() => Promise.all([...running].map(service => service.kill())))
  const start = async () => {
    const service = await serviceOn(test, { PROCESS_ROLE: 'api' })
    running.add(service)
    return service
  }
  const line = openLine()
  // The next one is up before the former dies: else nobody saves for as long as a start takes.
  const [first, second, devices] = await Promise.all([start(), start(), openDevices(practice, bookable)])
  line.serving = first

  const tally = emptyTally()
  let isOver = false
  const startedAt = performance.now()
  const typing = Promise.all(
    devices.map(device =>
      typeOn(device, line, tally, {
        everyMs: device.name.endsWith('a') ? everyMs : 4 * everyMs,
        expiresAfter: random.between(1, here.amount(2, 25)),
        isOver: () => isOver,
      }),
    ),
  )
  typing.catch(() => {})
  const endAt = startedAt + here.amount(1, 60, 'AUTOSAVE_SECONDS') * 1_000
  let kills = 0
  for (let next = second; kills === 0 || performance.now() < endAt; kills++) {
    if (kills > 0) next = await start()
    await sleep(here.amount(700, 5_000))
    const old = line.serving
    await old.kill()
    running.delete(old)
    line.serving = next
    await sleep(here.amount(800, 1_000))
  }
  isOver = true
  await typing
  const seconds = (performance.now() - startedAt) / 1_000
  line.close()
  t.same(tally.wrong, [])
  t.ok(tally.expired > 0)
  t.equal(tally.renewals, tally.expired, 'a token that ran out cost nothing but its renewal')

  const notes = Map.groupBy(devices, ({ noteId }) => noteId)
  for (const [one, other] of notes.values()) {
    if (!one || !other) throw new Error('A note is open on two devices')
    const body = await readBy(practice, one)
    const text = String(body.sections.data)
    const words = text.slice(dapSections.data.length + 1).split(' ')
    t.same(words.toSorted(), [...one.acknowledged, ...other.acknowledged].toSorted(), 'each word, and once')
    for (const { name, acknowledged } of [one, other])
      t.same(
        words.filter(word => word.startsWith(`${name}.`)),
        acknowledged,
        'in the order in which it was typed',
      )
    t.ok(text.startsWith(dapSections.data))
    t.equal(body.version, 1 + words.length, 'each version is one save')
    t.match(body.sections, { assessment: dapSections.assessment, plan: dapSections.plan }, 'the rest stays')
  }

  const sittings = await bookable.run(
    `select session_id, resource_id, count(*)::int as rows from audit_log
     where practice_id = $1 and operation = 'saveSessionNote' and decision = 'granted' group by 1, 2`,
    [practice.id],
  )
  t.equal(sittings.length, devices.length)
  t.ok(
    sittings.every(({ rows }) => rows === 1),
    'one audit row for all that one session saved in one sitting',
  )
  const events = await bookable.run(
    `select type, count(*)::int as count from events where practice_id = $1 group by type`,
    [practice.id],
  )
  t.same(events, [{ type: 'session-note.created', count: clinicians }], 'and no event')
  here.report({
    clinicians,
    devices: devices.length,
    kills,
    saves: tally.saves,
    savesPerSecond: Math.round(tally.saves / seconds),
    stale: tally.stale,
    foundDone: tally.foundDone,
    unanswered: line.resets.length,
    renewals: tally.renewals,
    longestMs: tally.longestMs,
  })
})

/** Every clinician has one note of one client open on two devices. */
async function openDevices(practice: TestPractice, bookable: BookablePractice): Promise<Device[]> {
  const devices: Device[] = []
  for (let n = 1; n <= clinicians; n++) {
    const author = await practice.staff(['clinician'])
    const { chartId } = await bookable.client([author])
    const { body } = await startNote(author, chartId)
    for (const letter of ['a', 'b']) devices.push(await openOnDevice(practice, author, body, `${n}${letter}`))
  }
  return devices
}

/** The note as its author reads it in the end, from a process that has not been there before. */
async function readBy({ test }: TestPractice, { noteId, token }: Device) {
  const headers = { authorization: `Bearer ${token}` }
  const reply = await test.app.inject({ method: 'GET', url: `/v1/session-notes/${noteId}`, headers })
  return reply.json()
}

t.test('a save costs the same statements, however long the note and however often it was saved', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const author = await practice.staff(['clinician'])
  const { chartId } = await bookable.client([author])
  const costOf = countingOn(test)

  const { body: note } = await startNote(author, chartId)
  const url = `/v1/session-notes/${note.id}`
  let version = Number(note.version)
  const save = async (change: unknown): Promise<Cost> => {
    costOf()
    const { status } = await author.patch(url, change, { ifMatch: version })
    const cost = costOf()
    t.equal(status, 200)
    version += 1
    return cost
  }
  const part = () => ({
    kind: 'cbt',
    content: { work: [{ technique: 'exposure' }], summary: 'Fictional. '.repeat(200) },
  })
  const changes: [what: string, change: unknown][] = [
    ['the second of a sitting', { sections: { plan: 'b' } }],
    ['long text', { sections: { data: 'x '.repeat(9_000), plan: 'y '.repeat(9_000) } }],
    ['after long text', { sections: { plan: 'c' } }],
    ...Array.from({ length: 12 }, (_, n): [string, unknown] => [
      `number ${n}`,
      { sections: { plan: `${n}` } },
    ]),
  ]
  const first = await save({ sections: { plan: 'a' } })
  const agreed = agreedCost('saveSessionNote')
  t.ok(agreed && first.statements <= agreed.statements && first.trips <= agreed.trips, 'as was agreed')
  const { statements } = first
  for (const [what, change] of changes) t.equal((await save(change)).statements, statements, what)
  const ids = Array.from({ length: 8 }, () => randomUUID())
  const added = await save({ parts: Object.fromEntries(ids.map(id => [id, part()])) })
  t.equal(added.statements, statements + 1, 'a new kind of part is in the head too')
  const edited = await save({
    parts: { [ids[3] ?? '']: { kind: 'cbt', content: { summary: 'Shorter (fictional).' } } },
  })
  t.equal(edited.statements, statements, 'one of eight parts is changed')
  const refused = await author.patch(url, { sections: { plan: 'late' } }, { ifMatch: 1 })
  t.equal(refused.status, 412)
})
