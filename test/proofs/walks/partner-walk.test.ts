import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { forEach } from '../../../src/lib/for-each.ts'
import { type DocumentedOperation, operationsOf } from '../../support/operations.ts'
import { portalCaller } from '../../support/portal.ts'
import type { Reply } from '../../support/practice.ts'
import { proof } from '../../support/proof.ts'
import { partingOf, shapeOf, visibleOf } from '../../support/proofs/matrices/answers.ts'
import { crossingsOf, sendBoth } from '../../support/proofs/matrices/crossing.ts'
import { idsAboutClients } from '../../support/proofs/matrices/ids.ts'
import { createMarkers, type Marker, textOf } from '../../support/proofs/matrices/markers.ts'
import { isDisplayedName, mayKnow } from '../../support/proofs/matrices/may-know.ts'
import {
  createPartnerB,
  createSideA,
  createSideB,
  type Insider,
  insider,
  joinInCouple,
  numberAllEvents,
  singleScopes,
} from '../../support/proofs/matrices/partners.ts'
import { hasRoom, isAboutClients, plantableOf, withoutRoom } from '../../support/proofs/matrices/planting.ts'
import {
  type Answered,
  addressesOf,
  mayUse,
  nameOfReading,
  readAll,
  readdressed,
  readingsNear,
  readingsOf,
} from '../../support/proofs/matrices/reading.ts'
import { nameOfText, textPlacesOf } from '../../support/proofs/matrices/texts.ts'
import { slowerShare, tellableShare } from '../../support/proofs/matrices/timing.ts'
import { createTestApp } from '../../support/test-app.ts'
import { type Request, send } from '../../support/world/requests.ts'

// A couple in care is three charts. Whoever may see partner A and not partner B finds nothing of B by any operation:
// not in a list, a count, an event, a refusal, a stored answer, nor in the time it takes.

/**
 * What is of the whole practice: its templates and instruments hold nobody's data, nor does the list of who works there,
 * a calendar says that an hour is taken, by whomever, and reports count what is there of at least five. No name and no id of B may be in these either: that is looked at below.
 */
const isOfWholePractice = ({ id, permission }: DocumentedOperation) =>
  ['library:read', 'reports:read'].includes(permission) ||
  ['listIntensiveTemplates', 'listStaffMembers', 'getCalendar'].includes(id)

const anyId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

t.test('partner walk', async t => {
  const here = proof('partner-walk')
  const test = await createTestApp(t)
  const sides = await createSideA(test)
  const { a, coTherapist } = sides
  const { id: practiceId } = a.practice
  const scopes = await singleScopes(a)
  const ofA = await strangersOnSideA()
  const treatsCouple = insider('the co-therapist of the couple', coTherapist, ['clinician'])
  const atPortal: Insider = {
    name: 'A at the portal',
    caller: a.callers.portal,
    granted: new Set(['portal:use']),
  }
  const strangers = [...ofA, treatsCouple, atPortal]
  let compared = 0
  let crossed = 0
  let slowest = 0

  async function strangersOnSideA(): Promise<Insider[]> {
    const { clinician, associate, supervisor, outsider } = a.callers
    const blind = scopes.filter(({ scope }) => !mayBeToldOfClients(scope))
    const always = [
      insider("A's clinician", clinician, ['clinician']),
      ...blind.filter(({ scope }) => scope === 'events:read'),
    ]
    const rest = [
      insider('the supervisor of an associate of A', supervisor, ['supervisor']),
      insider('an associate of A', associate, ['clinician']),
      insider('a clinician with emergency access to a client beside A', outsider, ['clinician']),
      ...blind.filter(({ scope }) => scope !== 'events:read'),
    ]
    return here.long ? [...always, ...rest] : always
  }

  /** A token of the portal lives for minutes only. */
  async function* eachStranger(): AsyncGenerator<Insider> {
    for (const who of strangers) {
      if (who === atPortal) who.caller = await portalCaller(a.practice, sides.partnerA)
      yield who
    }
  }

  async function walk(who: Insider, readings: readonly Request[]): Promise<Answered[]> {
    const asked = readings.filter(
      ({ operation }) => mayUse(operation, who.granted) && !reviews(who, operation),
    )
    const answers = await readAll(a, asked, who.caller)
    for (const { reply } of answers) requireSignedIn(reply, who)
    return answers
  }

  // What everybody sees before there is anything of B's side; who knows of the couple, before it is more than that.
  const readings = (await readingsOf(a, [])).filter(({ operation }) => !isOfWholePractice(operation))
  await numberAllEvents(test)
  const before = new Map<Insider, Answered[]>()
  for (const who of ofA) before.set(who, await walk(who, readings))
  const idsOfA = await idsAboutClients(test, practiceId)
  const markers = createMarkers()
  const partner = await createPartnerB(sides, markers)
  const couple = await joinInCouple(sides, partner.id)
  const jointIds = without(await idsAboutClients(test, practiceId), idsOfA)
  const ofCouple = readdressed(readings, { ...couple, clientId: sides.partnerA })
  before.set(treatsCouple, await walk(treatsCouple, ofCouple))
  before.set(atPortal, await walk(atPortal, readings))
  const known = await idsAboutClients(test, practiceId)
  const sideB = await createSideB(sides, partner, markers)
  await numberAllEvents(test)
  const hiddenIds = without(await idsAboutClients(test, practiceId), known)
  const readingsOfB = await readingsOf(sideB.ofPartner, addressesOf(sideB.b, sideB.planted))

  const hidden = new Set(hiddenIds)
  const hiddenOrJoint = new Set([...hiddenIds, ...jointIds])

  /** What of B an answer holds that this caller must not know. */
  function leaksIn({ reply }: Pick<Answered, 'reply'>, who: Insider): string[] {
    const text = textOf(reply)
    const inCouple = who === treatsCouple || who === atPortal
    const ids = new Set(text.match(anyId)).intersection(inCouple ? hidden : hiddenOrJoint)
    const words = markers.all.filter(marker => !(who === treatsCouple && isDisplayedName(marker)))
    return [...ids, ...foundIn(text, words).map(nameOf)]
  }

  await t.test('a marker stands in every field in which something is written of a client', async t => {
    const planted = new Set(markers.all.map(nameOf))
    const unused = new Set(Object.keys(withoutRoom))
    for (const form of plantableOf(a)) {
      for (const place of textPlacesOf(test, form)) {
        const name = nameOfText(form, place)
        unused.delete(place.steps.join('/'))
        if (hasRoom(place)) t.ok(planted.has(`${form.id} ${name}`), `${form.id} ${name}: plant one`)
      }
    }
    t.same([...unused], [], 'exceptions that are no longer needed')
  })

  await t.test('nothing that somebody sees of A depends on what there is of B', async t => {
    const words = markers.all.map(({ text }) => text)
    for await (const who of eachStranger()) {
      const after = await walk(who, who === treatsCouple ? ofCouple : readings)
      for (const [index, one] of after.entries()) {
        const [was, is] = [before.get(who)?.[index], one].map(
          answer => answer && shapeOf(answer.reply, words),
        )
        t.ok(was === is, `${who.name}: ${nameOfReading(one.request)} ${partingOf(was ?? '', is ?? '')}`)
        t.same(leaksIn(one, who), [], `${who.name}: ${nameOfReading(one.request)}`)
        compared += 1
      }
    }
  })

  await t.test('no address of B says more to them than one that leads nowhere', async t => {
    for await (const who of eachStranger()) {
      for (const one of await walk(who, chosen(readingsOfB))) {
        t.same(leaksIn(one, who), [], `${who.name}: ${nameOfReading(one.request)}`)
        compared += 1
      }
    }
    const operations = chosen(operationsOf(test.app).filter(isAboutClients).filter(isGuarded))
    const places = await crossingsOf(a, sideB.ofPartner, operations)
    const ofClients = await idsAboutClients(test, practiceId)
    const crossings = places.filter(({ foreignId }) => ofClients.has(foreignId))
    crossed = crossings.length
    for await (const who of eachStranger()) {
      await forEach(crossings, async crossing => {
        const { operation } = crossing.request
        if (!mayUse(operation, who.granted) || reviews(who, operation)) return
        if (who === treatsCouple && crossing.foreignId === partner.id) return
        const { foreign, unknown } = await sendBoth(test, crossing, who.caller)
        requireSignedIn(foreign, who)
        const [one, other] = [foreign, unknown].map(reply => JSON.stringify(visibleOf(reply)))
        t.ok(one === other, `${who.name}: ${crossing.name} ${partingOf(one ?? '', other ?? '')}`)
        compared += 2
      })
    }
  })

  await t.test('a stored answer of the other side is not theirs, whatever key they give', async t => {
    for await (const who of eachStranger()) {
      await forEach(sideB.planted, async ({ request, key }) => {
        const again = Object.keys(request.params).length > 0 && mayUse(request.operation, who.granted)
        if (!again || reviews(who, request.operation) || !isGuarded(request.operation)) return
        const ask = (idempotencyKey: string) => {
          const headers = { ...request.headers, 'idempotency-key': idempotencyKey }
          return send(test, { ...request, by: who.caller, headers })
        }
        const reply = await ask(key)
        t.notOk(reply.headers['idempotency-replayed'], request.operation.id)
        t.same(leaksIn({ reply }, who), [], `${who.name}: ${request.operation.id} again`)
        if (reply.status >= 400) t.same(visibleOf(reply), visibleOf(await ask(uuidv7())))
        compared += 2
      })
    }
  })

  await t.test("words of B find nothing and nobody by A's side", async t => {
    const searches = readings.filter(({ operation }) => operation.id === 'searchClients')
    const [search] = searches
    if (!search) throw new Error('There is no search')
    const unknown = createMarkers()
    for (const marker of chosen(markers.all.filter(isSearchable))) {
      const fresh = unknown.plant('', '', marker.text)
      for (const body of searchesFor(marker.text)) {
        const twin = JSON.parse(JSON.stringify(body).replaceAll(marker.text, fresh))
        for (const who of strangers.filter(({ granted }) => granted.has('clients:read'))) {
          const ask = (words: unknown) => send(test, { ...search, by: who.caller, body: words })
          const [found, nothing] = [await ask(body), await ask(twin)]
          t.equal(found.status, 200)
          t.same(visibleOf(found), visibleOf(nothing), `${who.name}: ${nameOf(marker)}`)
          compared += 2
        }
      }
    }
  })

  await t.test('a refusal for what is hidden takes as long as one for what is not there', async t => {
    const rounds = here.amount(12, 200)
    const ids: Record<string, string> = { ...sideB.ofPartner.ids, ...couple }
    for (const path of [
      'clients/{clientId}',
      'charts/{chartId}',
      'appointments/{appointmentId}',
      'session-notes/{noteId}',
      'psychotherapy-notes/{psychotherapyNoteId}',
      'couples/{coupleId}',
    ]) {
      const at = (id: string) => () => a.callers.clinician.get(`/v1/${path.replace(/\{\w+\}/, id)}`)
      const name = /\{(\w+)\}/.exec(path)?.[1] ?? ''
      const hidden = at(name === 'chartId' ? partner.chartId : (ids[name] ?? ''))
      t.equal((await hidden()).status, 404, path)
      const shareIn = (count: number) => slowerShare(count, hidden, () => at(uuidv7())())
      const canBeTold = (share: number, count: number) => Math.abs(share - 0.5) >= tellableShare(count)
      // What a few rounds seem to tell is asked in more: a busy machine tells something else the next time.
      let [share, asked] = [await shareIn(rounds), rounds]
      if (canBeTold(share, asked)) [share, asked] = [await shareIn(4 * rounds), 4 * rounds]
      slowest = Math.max(slowest, Math.abs(share - 0.5))
      t.notOk(canBeTold(share, asked), `${path}: slower in ${share.toFixed(2)} of all pairs`)
    }
  })

  await t.test('who sees the whole practice sees of B what is theirs to see', async t => {
    const { admin, owner, biller } = sideB.b.callers
    const wide = [
      { ...insider('admin', admin, ['admin']), rule: 'admin' },
      { ...insider('biller', biller, ['biller']), rule: 'biller' },
      { ...insider('owner', owner, ['owner']), rule: 'owner' },
      ...scopes.map(one => ({ ...one, rule: one.scope })),
    ]
    // Said of all of them whoever is chosen, so that a new scope is not found out by luck.
    t.same(wide.map(({ rule }) => rule).sort(), Object.keys(mayKnow).sort())
    for (const who of chosen(wide)) {
      const may = mayKnow[who.rule] ?? (() => false)
      for (const { request, reply } of await walk(
        who,
        who.rule === 'owner' ? readingsOfB : chosen(readingsOfB),
      )) {
        const shown = foundIn(textOf(reply), markers.all)
        t.same(shown.filter(marker => !may(marker)).map(nameOf), [], `${who.name}: ${nameOfReading(request)}`)
        compared += 1
      }
    }
  })

  await t.test("B's own people do find every marker", async t => {
    const { owner, clinician, associate, supervisor, outsider } = sideB.b.callers
    const missing = new Set(markers.all)
    for (const caller of [clinician, owner, supervisor, associate, outsider]) {
      const asked = new Set<Request>()
      for (const one of sideB.planted) {
        const planted = foundIn(JSON.stringify(one.request.body), [...missing])
        for (const request of readingsNear(readingsOfB, one, addressesOf(sideB.b, [one]))) {
          if (planted.every(marker => !missing.has(marker))) break
          if (asked.has(request)) continue
          asked.add(request)
          const reply = await send(test, { ...request, by: caller })
          for (const marker of foundIn(textOf(reply), [...missing])) missing.delete(marker)
        }
      }
    }
    t.same([...missing].map(nameOf), [])
  })

  /** All of it in the long form, else some, others each time. */
  function chosen<T>(all: readonly T[]): T[] {
    const part = here.long ? 1 : 12
    return all.filter((_one, index) => (index + here.seed) % part === 0)
  }

  here.report({
    operations: operationsOf(test.app).filter(isAboutClients).length,
    'places for ids': crossed,
    markers: markers.all.length,
    'hidden ids': hiddenIds.length,
    callers: strangers.length + 3 + scopes.length,
    'answers looked at': compared,
    'most told by time, of 0.5': Number(slowest.toFixed(2)),
  })
})

const without = (all: ReadonlySet<string>, some: ReadonlySet<string>) => [...all].filter(id => !some.has(id))

/** Two refusals of a token that ran out are always alike. */
function requireSignedIn({ status }: Reply, { name }: Insider): void {
  if (status === 401) throw new Error(`${name} is no longer signed in`)
}

const nameOf = ({ operation, place }: Marker) => `${operation} ${place}`

const foundIn = (text: string, markers: readonly Marker[]) =>
  markers.filter(marker => text.includes(marker.text))

/** Whoever reviews emergency access reviews that of the whole practice: `charts/access-policy.ts`. */
const reviews = ({ granted }: Insider, { path }: { path: string }) =>
  granted.has('emergency-access:review') && path.startsWith('/v1/emergency-access')

/** Breaking the glass opens what is hidden, to a clinician who proves a second factor and is reviewed for it. */
const isGuarded = ({ id }: { id: string }) => id !== 'requestEmergencyAccess'

/** Scopes with which an API client learns nothing of any client. */
const mayBeToldOfClients = (scope: string) => !['practice:read', 'staff:read', 'events:read'].includes(scope)

/** Searches look for people: what is written of sessions is not among it. */
const isSearchable = ({ operation }: Marker) =>
  ['createClient', 'stageClientImportRows', 'addClientIdentifier', 'addRelatedPerson'].includes(operation)

const searchesFor = (text: string) => [
  { text },
  { identifier: { kind: 'insurance_member_id', value: text } },
  { externalId: { system: 'billing-system', value: text } },
  ...(text.includes('@') ? [{ email: text }] : []),
  ...(text.startsWith('+') ? [{ phone: text }] : []),
]
