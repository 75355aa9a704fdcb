import type { TestApp } from './test-app.ts'

/** A practice whose owner signs in with a password, made as an operator makes one. */
export async function createOwnerWithPassword(test: TestApp) {
  const owner = {
    email: 'owner@practice.example',
    password: 'a long enough pass phrase',
    givenName: 'Olive',
    familyName: 'Example',
  }
  const practiceName = 'Browser Practice (fictional)'
  const response = await test.app.inject({
    method: 'POST',
    url: '/v1/practices',
    headers: { authorization: `Bearer ${test.setupToken}`, 'content-type': 'application/json' },
    payload: JSON.stringify({
      name: practiceName,
      timeZone: 'America/Los_Angeles',
      jurisdiction: 'US-CA',
      owner,
    }),
  })
  if (response.statusCode !== 201) throw new Error(`No practice was made: ${response.payload}`)
  return { ...owner, practiceName }
}
