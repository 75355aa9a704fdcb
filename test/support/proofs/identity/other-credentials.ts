import type { TestApp } from '../../test-app.ts'
import { createGround } from '../../world/ground.ts'
import { makeApiClient, makeInvited, makePerson, makeResetCode, makeSetupToken } from '../../world/people.ts'

/** One of each secret that the service gives out for something else than calling the API. */
export async function otherCredentials(test: TestApp): Promise<Record<string, string>> {
  const ground = await createGround(test)
  const { refreshToken } = await (await makePerson(test)).signIn()
  const { secret } = await makeApiClient(ground)
  return {
    'a refresh token': refreshToken,
    'a token to set up the second factor': await makeSetupToken(test),
    'a code to reset a password': await makeResetCode(test),
    'an invitation': await (await makeInvited(ground)).code(),
    'the secret of an API client': secret,
    'the token that makes practices': test.setupToken,
  }
}
