import { created, publicOperation } from '../../plugins/operations/index.ts'
import { NewPractice, Practice } from './practice.schemas.ts'
import { signUp } from './sign-up.service.ts'

export const signUpRoutes = [
  publicOperation({
    method: 'POST',
    path: '/v1/practices',
    operationId: 'createPractice',
    tag: 'Practice',
    summary: 'Create a practice',
    description:
      "Creates a practice and its owner. Send the installation's setup token as `Authorization: Bearer …`; where none is configured, practices cannot be made this way and the answer is 404. An owner who signs in elsewhere already gives the password of that account.",
    body: NewPractice,
    success: { status: 201, schema: Practice, description: 'The practice. Its owner can sign in.' },
    problems: ['not-found', 'authentication-required', 'sign-in-failed', 'already-exists'],
    handler: async (house, { body, requestId, remoteAddress, headers }) =>
      created(
        '/v1/practice',
        await signUp(house, body, { requestId, remoteAddress, authorization: headers.authorization }),
      ),
  }),
]
