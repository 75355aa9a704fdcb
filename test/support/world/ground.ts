import { randomUUID } from 'node:crypto'
import { apiClientScopes } from '../../../src/modules/charts/access-policy.ts'
import { createApiClientCaller } from '../api-client.ts'
import { patiently } from '../patiently.ts'
import { portalCaller } from '../portal.ts'
import { type Caller, createTestPractice, type Reply, type TestPractice } from '../practice.ts'
import type { TestApp } from '../test-app.ts'

/** The people of a practice, its places and its services: what everything else is made upon. */
export interface Ground {
  test: TestApp
  practice: TestPractice
  callers: Callers
  locationId: string
  roomId: string
  serviceIds: Record<'individual' | 'couple' | 'group' | 'intensive', string>
  /** Another number each time, for names that have to differ. */
  number(): number
  /** Another number each time, for hours that have to differ. */
  hour(): number
}

/** One actor of every kind, each with a second factor just proven. */
export interface Callers {
  owner: Caller
  admin: Caller
  /** On the care team of whatever is made. */
  clinician: Caller
  /** Supervised, and needs co-signatures. */
  associate: Caller
  supervisor: Caller
  /** A clinician on no care team. */
  outsider: Caller
  biller: Caller
  /** An API client with every scope there is. */
  integration: Caller
  /** A client of the clinician's at the practice's portal: `actorId` is the client. */
  portal: Caller
}

type Body = Reply['body']

interface Step {
  ifMatch?: number
  method?: 'post' | 'put' | 'patch'
}

/** Sends what has to succeed, with an Idempotency-Key of its own. @returns the body of the answer */
export async function make(
  by: Caller,
  url: string,
  body?: unknown,
  { ifMatch, method = 'post' }: Step = {},
): Promise<Body> {
  const options = { key: randomUUID(), ...(ifMatch === undefined ? {} : { ifMatch }) }
  return must(await patiently(() => by[method](url, body, options)), url)
}

/** Reads what has to be there. */
export async function read(by: Caller, url: string): Promise<Body> {
  return must(await patiently(() => by.get(url)), url)
}

function must(reply: Reply, url: string): Body {
  if (reply.status >= 300) throw new Error(`${url} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body
}

export async function createGround(test: TestApp): Promise<Ground> {
  const practice = await createTestPractice(test)
  const callers = await createCallers(test, practice)
  const { owner } = callers
  const place = (name: string) => make(owner, '/v1/locations', { name, timeZone: 'America/Los_Angeles' })
  const [location] = [await place('Pine Office'), await place('Dune Office')]
  const rooms = `/v1/locations/${location.id}/rooms`
  const space = (name: string) => make(owner, rooms, { name, capacity: 8 })
  const [room] = [await space('Alder'), await space('Birch')]
  const service = async (kind: string, durationMinutes: number): Promise<string> =>
    (
      await make(owner, '/v1/services', {
        name: `World ${kind}`,
        kind,
        durationMinutes,
        modes: ['in_person', 'telehealth'],
      })
    ).id
  return {
    test,
    practice,
    callers,
    number: counter(),
    hour: counter(),
    locationId: location.id,
    roomId: room.id,
    serviceIds: {
      individual: await service('individual', 50),
      couple: await service('couple', 80),
      group: await service('group', 90),
      intensive: await service('intensive', 180),
    },
  }
}

function counter(): () => number {
  let last = 0
  return () => (last += 1)
}

export async function createCallers(test: TestApp, practice: TestPractice): Promise<Callers> {
  const mfa = true
  const supervisor = await practice.staff(['supervisor'], { mfa })
  const owner = await practice.staff(['owner'], { mfa })
  const clinician = await practice.staff(['clinician'], { mfa })
  const callers = {
    owner,
    admin: await practice.staff(['admin'], { mfa }),
    clinician,
    associate: await practice.staff(['clinician'], { mfa, cosignRequired: true }),
    supervisor,
    outsider: await practice.staff(['clinician'], { mfa }),
    biller: await practice.staff(['biller'], { mfa }),
    integration: await createApiClientCaller(test, practice, [...apiClientScopes]),
    portal: await portalCaller(practice, await portalClient(owner, clinician)),
  }
  await supervise(callers.owner, callers.outsider, { supervisorId: supervisor.staffId })
  await supervise(callers.owner, callers.associate, { supervisorId: supervisor.staffId, forTraining: true })
  await supervise(callers.owner, callers.associate, { supervisorId: supervisor.staffId })
  return callers
}

/** A client who uses the portal. */
async function portalClient(owner: Caller, { staffId }: Caller): Promise<string> {
  const client = await make(owner, '/v1/clients', {
    legalGivenName: 'Porter',
    legalFamilyName: 'Example',
    birthDate: '1988-04-02',
    status: 'active',
    primaryClinicianId: staffId,
  })
  return String(client.id)
}

async function supervise(by: Caller, { staffId }: Caller, change: Body): Promise<void> {
  const url = `/v1/staff-members/${staffId}`
  const { version } = await read(by, url)
  await make(by, `${url}/supervision`, change, { method: 'put', ifMatch: version })
}
