import { Secret, TOTP } from 'otpauth'
import type { Permission } from '../modules/charts/access-policy.ts'
import { answered, apiAs, type DemoApi, once } from './demo-api.ts'
import type { DemoData, DemoProgram } from './demo-data.ts'
import type { Credentials } from './demo-state.ts'
import { type LoadedPractice, person } from './load-practice.ts'

/**
 * The API clients that follow the event feed and get portal tokens. Making one needs a recent second factor, so the
 * owner enrolls one for it and removes it again: the demo signs in with a password alone.
 */
export async function loadPrograms(
  practice: LoadedPractice,
  { programs, staff }: DemoData,
): Promise<Record<DemoProgram, Credentials>> {
  const owner = staff.find(({ roles }) => roles.includes('owner'))
  if (!owner) throw new Error('The demo has no owner')
  const { client } = await proveSecondFactor(practice.url, person(practice, owner.key), owner.password)
  const make = async ({ name, scopes }: DemoData['programs'][DemoProgram]): Promise<Credentials> => {
    const body = { name, scopes: scopes as Permission[] as never }
    const made = await answered(client.POST('/v1/api-clients', { params: once(), body }))
    return { clientId: made.clientId, clientSecret: made.clientSecret ?? '' }
  }
  const made = { integration: await make(programs.integration), portal: await make(programs.portal) }
  await answered(client.DELETE('/v1/me/totp'))
  return made
}

async function proveSecondFactor(url: string, { client }: DemoApi, password: string): Promise<DemoApi> {
  const { secret } = await answered(client.POST('/v1/me/totp', { body: { password } }))
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  await answered(client.POST('/v1/me/totp/confirmation', { body: { totp: totp.generate() } }))
  // A code is accepted once: the next one is already good, because clocks may differ by a step.
  const next = totp.generate({ timestamp: Date.now() + 30_000 })
  const { accessToken } = await answered(client.POST('/v1/me/step-up', { body: { totp: next } }))
  return apiAs(url, accessToken)
}
