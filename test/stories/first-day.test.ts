import { randomUUID } from 'node:crypto'
import { access, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type CairnClient, createCairnClient } from '../../openapi/client/index.ts'
import { writeDemo } from '../../src/demo/demo-state.ts'
import { removeEmbeddedPostgres } from '../../src/embedded/server.ts'
import { missingForReadme, runReadmeStory } from '../support/readme-story.ts'
import { type RunningService, startService } from '../support/service.ts'

// A practice's first day on Cairn, told through HTTP with the typed client, as its three kinds of users.
// The service is a process of its own, started as `npm start` does; in the middle of the day it is killed.

const once = () => ({ 'idempotency-key': randomUUID() })
const ifStill = ({ version }: { version: number }) => ({ 'if-match': `"v${version}"` })
const daysAgo = (days: number, time: string) =>
  `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)}T${time}:00.000Z`
const later = (instant: string, minutes: number) =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString()

function present<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('The answer lacks what the story needs')
  return value
}

t.test('a first day on Cairn', { timeout: 110_000 }, async t => {
  const dataDir = await mkdtemp(join(tmpdir(), 'cairn-story-'))
  t.teardown(() => removeEmbeddedPostgres(dataDir))
  // As a start leaves it whose demo was cut short: this one has to load it all the same.
  await writeDemo(dataDir, { state: 'loading' })
  let service: RunningService = await startService(dataDir)
  const people: Record<string, CairnClient> = {}
  const person = (role: string) => present(people[role])
  const step = async (name: string, tell: (t: Test) => Promise<void>, skip: string | false = false) => {
    const told = await t.test(name, { skip }, tell)
    const mark = skip ? '–' : told?.ok === false ? '✗' : '✓'
    if (process.env.STORY_LINES) process.stderr.write(`  ${mark} ${name}${skip ? ` (${skip})` : ''}\n`)
  }

  const signIn = async (role: string) => {
    const { email, password } = present(service.demo.find(account => account.role === role))
    const { data } = await createCairnClient({ baseUrl: service.url }).POST('/v1/sessions', {
      body: { email, password },
    })
    if (data?.status !== 'signed_in') throw new Error(`${role} could not sign in`)
    people[role] = createCairnClient({ baseUrl: service.url, token: data.accessToken })
    return data
  }

  let clinicianId = ''
  await step('everybody signs in with a password, and is told who they are and what they may', async t => {
    for (const role of ['admin', 'supervisor', 'associate', 'biller']) await signIn(role)
    clinicianId = (await signIn('clinician')).staffMember.id
    const { data: me } = await person('clinician').GET('/v1/me')
    t.match(me, { practice: { name: 'Quiet Harbor Counseling (fictional)' } })
  })

  let jo = ''
  let sam = ''
  await step('the front desk registers two people in the care of a clinician', async t => {
    const body = { legalFamilyName: 'Storyline', primaryClinicianId: clinicianId }
    const first = await person('admin').POST('/v1/clients', {
      params: { header: once() },
      body: { ...body, legalGivenName: 'Jo', birthDate: '1988-04-12' },
    })
    const second = await person('admin').POST('/v1/clients', {
      params: { header: once() },
      body: { ...body, legalGivenName: 'Sam' },
    })
    t.equal(first.response.status, 201)
    jo = present(first.data).id
    sam = present(second.data).id
  })

  await step(
    'the front desk finds a client by a misspelled name, without the name in any address',
    async t => {
      const { data } = await person('admin').POST('/v1/clients/search', { body: { text: 'Storylime' } })
      t.ok(JSON.stringify(data).includes(jo))
    },
  )

  let coupleId = ''
  await step('they are linked as a couple: a joint chart opens beside two private ones', async t => {
    const { data } = await person('admin').POST('/v1/couples', {
      params: { header: once() },
      body: { clientId: jo, partnerClientId: sam, primaryClinicianId: clinicianId },
    })
    coupleId = present(data).id
    const charts = await person('clinician').GET('/v1/charts', { params: { query: { clientId: jo } } })
    t.same(charts.data?.data.map(({ kind }) => kind).toSorted(), ['couple', 'individual'])
  })

  const startsAt = daysAgo(3, '03:00')
  let appointmentId = ''
  await step(
    'two front desks book the same hour at once: one gets it, the other learns what is busy and of nobody',
    async t => {
      const { data: services } = await person('admin').GET('/v1/services')
      const serviceId = present(services?.data.find(({ kind }) => kind === 'individual')).id
      const book = (clientId: string) =>
        person('admin').POST('/v1/appointments', {
          params: { header: once() },
          body: { clientId, serviceId, clinicianId, mode: 'telehealth', startsAt },
        })
      const answers = await Promise.all([book(jo), book(jo)])
      t.same(answers.map(({ response }) => response.status).toSorted(), [201, 409])
      appointmentId = present(answers.find(({ data }) => data)?.data).id
      t.match(answers.find(({ error }) => error)?.error, { code: 'resource-busy', resource: 'clinician' })
    },
  )

  let chartId = ''
  let note = { id: '', version: 0 }
  await step(
    'the clinician records attendance and begins the note; a save that missed another is refused',
    async t => {
      const clinician = person('clinician')
      const params = { path: { appointmentId } }
      const { data: booked } = await clinician.GET('/v1/appointments/{appointmentId}', { params })
      await clinician.POST('/v1/appointments/{appointmentId}/attendance', {
        params: { ...params, header: { ...once(), ...ifStill(present(booked)) } },
        body: {
          actualStartsAt: startsAt,
          actualEndsAt: later(startsAt, 50),
          override: { reasonCode: 'recorded_elsewhere' },
        },
      })
      const { data: charts } = await clinician.GET('/v1/charts', {
        params: { query: { clientId: jo, kind: 'individual' } },
      })
      chartId = present(charts?.data[0]).id
      const { data: started } = await clinician.POST('/v1/charts/{chartId}/session-notes', {
        params: { path: { chartId }, header: once() },
        body: {
          template: 'soap',
          appointmentId,
          startedAt: startsAt,
          endedAt: later(startsAt, 50),
          sections: { subjective: 'A first session. (Fictional.)' },
        },
      })
      note = present(started)
      const save = (version: number, text: string) =>
        clinician.PATCH('/v1/session-notes/{noteId}', {
          params: { path: { noteId: note.id }, header: { 'if-match': `"v${version}"` } },
          body: { sections: { objective: text } },
        })
      const saved = await save(note.version, 'Calm and engaged.')
      t.equal(saved.response.status, 200)
      t.equal((await save(note.version, 'From another device.')).response.status, 412)
      note = present(saved.data)
    },
  )

  await step(
    'the service is killed in the middle of the day and starts again: nothing that was answered is lost',
    async t => {
      await service.kill()
      service = await startService(dataDir)
      for (const role of ['admin', 'supervisor', 'associate', 'clinician', 'biller']) await signIn(role)
      const { data } = await person('clinician').GET('/v1/session-notes/{noteId}', {
        params: { path: { noteId: note.id } },
      })
      t.match(data, { status: 'draft', version: note.version, sections: { objective: 'Calm and engaged.' } })
    },
  )

  await step(
    'the clinician completes and signs the note; sent twice with one key, it is signed once',
    async t => {
      const clinician = person('clinician')
      const path = { noteId: note.id }
      const { data: complete } = await clinician.PATCH('/v1/session-notes/{noteId}', {
        params: { path, header: ifStill(note) },
        body: {
          header: {
            attendance: [{ clientId: jo, presence: 'present' }],
            risk: { status: 'denied' },
            place: { kind: 'office' },
          },
          sections: { assessment: 'Willing and curious.', plan: 'Meet weekly.' },
        },
      })
      const header = { ...once(), ...ifStill(present(complete)) }
      const sign = () => clinician.POST('/v1/session-notes/{noteId}/signature', { params: { path, header } })
      const [first, second] = [await sign(), await sign()]
      t.equal(first.data?.status, 'signed')
      t.same(second.data, first.data)
      t.equal(second.response.headers.get('idempotency-replayed'), 'true')
      t.equal(present(first.data).signatures.length, 1)
    },
  )

  await step(
    'the front desk, the biller and another clinician cannot read it; for the other clinician the client does not exist',
    async t => {
      for (const role of ['admin', 'biller', 'associate']) {
        const { response } = await person(role).GET('/v1/session-notes/{noteId}', {
          params: { path: { noteId: note.id } },
        })
        t.ok([403, 404].includes(response.status), role)
      }
      const { response, error } = await person('associate').GET('/v1/clients/{clientId}', {
        params: { path: { clientId: jo } },
      })
      t.equal(response.status, 404)
      t.notMatch(JSON.stringify(error), /Storyline/)
      t.equal(
        (await person('associate').GET('/v1/couples/{coupleId}', { params: { path: { coupleId } } })).response
          .status,
        404,
      )
    },
  )

  await step('the associate signs a note of hers, and her supervisor co-signs it', async t => {
    const { data: drafts } = await person('associate').GET('/v1/session-notes', {
      params: { query: { view: 'unsigned' } },
    })
    const draft = present(drafts?.data.find(({ status }) => status === 'draft'))
    const path = { noteId: draft.id }
    const signed = await person('associate').POST('/v1/session-notes/{noteId}/signature', {
      params: { path, header: { ...once(), ...ifStill(draft) } },
    })
    t.equal(signed.data?.status, 'pending_cosign')
    const { data: waiting } = await person('supervisor').GET('/v1/session-notes', {
      params: { query: { view: 'awaiting_cosign' } },
    })
    t.ok(waiting?.data.some(({ id }) => id === draft.id))
    const cosigned = await person('supervisor').POST('/v1/session-notes/{noteId}/cosignature', {
      params: { path, header: { ...once(), ...ifStill(present(signed.data)) } },
    })
    t.equal(cosigned.data?.status, 'cosigned')
  })

  await step(
    'the integrator signs in with its own credentials and is told of all of it, in order, by ids alone',
    async t => {
      const { email, password } = present(service.demo.find(({ role }) => role === 'integration'))
      const answer = await fetch(`${service.url}/oauth/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: 'grant_type=client_credentials',
      })
      const { access_token: token } = (await answer.json()) as { access_token: string }
      const sync = createCairnClient({ baseUrl: service.url, token })
      const seen: { type: string; resource: { id: string } }[] = []
      for (let cursor: string | undefined, more = true; more; ) {
        const { data } = await sync.GET('/v1/events', {
          params: { query: { limit: 200, waitSeconds: 1, ...(cursor ? { cursor } : {}) } },
        })
        seen.push(...present(data).data)
        more = present(data).data.length > 0
        cursor = present(data).nextCursor ?? undefined
      }
      const place = (type: string, id: string) =>
        seen.findIndex(event => event.type === type && event.resource.id === id)
      const order = [
        place('client.created', jo),
        place('couple.created', coupleId),
        place('appointment.booked', appointmentId),
        place('session-note.signed', note.id),
      ]
      t.ok(
        order.every((at, index) => at >= 0 && at > (order[index - 1] ?? -1)),
        JSON.stringify(order),
      )
      t.notMatch(JSON.stringify(seen), /Storyline|Fictional/)
      const { data: read } = await sync.GET('/v1/session-notes/{noteId}', {
        params: { path: { noteId: note.id } },
      })
      t.equal(read?.status, 'signed')
    },
  )

  await step(
    "the README's story works by copy and paste",
    t => runReadmeStory(t, service.url, dataDir),
    missingForReadme(),
  )

  await step(
    'Ctrl-C ends everything, the embedded server included, and no line of the log told of anybody',
    async t => {
      t.equal(await service.stop(), 0)
      t.notMatch(service.output(), /Storyline|Fictional\.|Willing/)
      await t.rejects(access(join(dataDir, 'postgres', 'postmaster.pid')))
    },
  )
})
