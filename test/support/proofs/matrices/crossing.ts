import { v7 as uuidv7 } from 'uuid'
import { type DocumentedOperation, operationsOf } from '../../operations.ts'
import type { Caller } from '../../practice.ts'
import type { TestApp } from '../../test-app.ts'
import {
  type IdPlace,
  idAt,
  idPlacesOf,
  nameOfPlace,
  type Request,
  requestOf,
  send,
  withId,
} from '../../world/requests.ts'
import { variants } from '../../world/variants.ts'
import { idOf, type World } from '../../world.ts'

/** A request of one side, and an id of the other that could stand in it. */
export interface Crossing {
  /** Operation and place. */
  name: string
  place: IdPlace
  /** Valid in A but for the id at the place. */
  request: Request
  /** The same in B, with B's id. */
  inB: Request
  foreignId: string
}

/** Every place of these operations where an id is given. */
export async function crossingsOf(
  a: World,
  b: World,
  operations: readonly DocumentedOperation[] = operationsOf(a.test.app),
): Promise<Crossing[]> {
  const crossings: Crossing[] = []
  for (const operation of operations) {
    const places = idPlacesOf(a, operation)
    if (places.length === 0) continue
    const [own, foreign] = [await requestOf(a, operation), await requestOf(b, operation)]
    for (const place of places) {
      const name = `${operation.id} ${nameOfPlace(place)}`
      const vary = variants[name] ?? (request => request)
      const inB = vary(foreign, b)
      const foreignId = idAt(inB, place) ?? idOf(b, place.name)
      crossings.push({ name, place, request: vary(own, a), inB, foreignId })
    }
  }
  return crossings
}

/** The same request with B's id and with one that was never given. */
export async function sendBoth(test: TestApp, { request, place, foreignId }: Crossing, by: Caller | null) {
  const asked = { ...request, by }
  const ask = (id: string) => send(test, withId(asked, place, id))
  const [foreign, unknown] = await Promise.all([ask(foreignId), ask(uuidv7())])
  return { foreign, unknown }
}
