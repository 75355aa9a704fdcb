import { Secret, TOTP } from 'otpauth'
import type { Permission } from '../modules/charts/access-policy.ts'
import { answered, apiAs, type DemoApi, once } from './demo-api.ts'
import type { DemoData } from './demo-data.ts'
import { type LoadedPractice, person } from './load-practice.ts'

/**
 * The API client that follows the event feed. Making one needs a recent second factor, so the owner enrolls
 * one for it and removes it again: the demo signs in with a password alone.
 */
export async function loadIntegration(
  practice: LoadedPractice,
  { integration, staff }: DemoData,
): Promise<{ clientId: string; clientSecret: string }> {
  const owner = staff.find(({ roles }) => roles.includes('owner'))
  if (!owner) throw new Error('The demo has no owner')
  const proven = await proveSecondFactor(practice.url, person(practice, owner.key), owner.password)
  const body = { name: integration.name, scopes: integration.scopes as Permission[] as never }
  const made = await answered(proven.client.POST('/v1/api-clients', { params: once(), body }))
  await answered(proven.client.DELETE('/v1/me/totp'))
  return { clientId: made.clientId, clientSecret: made.clientSecret ?? '' }
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
