import { setTimeout as sleep } from 'node:timers/promises'
import { documentOf, type Json, schemaChecker } from '../../api-document.ts'
import { type DocumentedOperation, operationsOf } from '../../operations.ts'
import type { TestApp } from '../../test-app.ts'
import { createGround, type Ground } from '../../world/ground.ts'
import { requestOf } from '../../world/requests.ts'
import { createWorld, type World } from '../../world.ts'
import { createGun, type Fire } from './gun.ts'
import { type Schemas, schemasOf } from './schemas.ts'
import type { Shot } from './shot.ts'
import { createTally, type Tally } from './tally.ts'

/** Where the fuzzer shoots: a service with two practices. */
export interface Range {
  test: TestApp
  document: Json
  operations: DocumentedOperation[]
  schemas: Schemas
  tally: Tally
  fire: Fire
  seed: number
  /** The practice that nothing here belongs to. */
  other: Ground
  /** Checks a value against the documented schema of the operation's body. */
  fitsBody(operation: DocumentedOperation): ReturnType<ReturnType<typeof schemaChecker>> | undefined
  world(): Promise<World>
  /** A request that has to succeed, in a world that has what it needs. */
  prepare(operation: DocumentedOperation): Promise<{ world: World; shot: Shot }>
}

/** A world's month has room for some hundred sessions, and its people wear out: then there is a new one. */
const usesOfAWorld = 60

export async function createRange(test: TestApp, seed: number): Promise<Range> {
  const document = documentOf(test.app)
  const compile = schemaChecker(document)
  const tally = createTally()
  let [world, uses] = [await patiently(() => createWorld(test)), 0]
  const renewed = async () => {
    ;[world, uses] = [await patiently(() => createWorld(test)), 0]
    return world
  }
  const inWorld = async (here: World, operation: DocumentedOperation) => ({
    world: here,
    shot: (await requestOf(here, operation)) as Shot,
  })
  return {
    test,
    document,
    operations: operationsOf(test.app),
    schemas: schemasOf(test),
    tally,
    fire: createGun(test, tally),
    seed,
    other: await patiently(() => createGround(test)),
    fitsBody: ({ path, method, bodyType }) =>
      bodyType === undefined
        ? undefined
        : compile('paths', path, method.toLowerCase(), 'requestBody', 'content', bodyType, 'schema'),
    world: async () => world,
    async prepare(operation) {
      uses += 1
      if (uses > usesOfAWorld) return inWorld(await renewed(), operation)
      // What was done in this world may have taken what the request needs.
      return inWorld(world, operation).catch(async () => inWorld(await renewed(), operation))
    },
  }
}

/** A busy machine sheds load while something is prepared, too. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work()
    } catch (error) {
      if (tried >= 4 || !String(error).includes('service-busy')) throw error
      await sleep(1_500)
    }
  }
}

/** A seed of its own for each part of a run, so that a part asks the same questions alone. */
export function seedFor({ seed }: Pick<Range, 'seed'>, ...parts: (string | number)[]): number {
  let hash = seed | 0
  for (const character of parts.join(' ')) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0
  return hash
}
