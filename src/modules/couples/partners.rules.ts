import { invalidField } from '../../lib/problems.ts'

/** The client named is not one of the two. */
export const notAPartner = () =>
  invalidField('/clientId', 'partner', 'Must be a partner of this couple who is a client.')
