import { Problem } from '../../lib/problems.ts'
import type { Guard } from '../../lib/scope.ts'
import type { ApiClientClaims, PortalClaims, UserClaims } from './access-tokens.ts'

/**
 * Sign-out, disabling, new credentials and role changes take effect on the next request: they are looked at
 * with each.
 */
export const sessionGuard = ({ sid, rv }: UserClaims): Guard => guard('enter_as_user', sid, rv)

export const apiClientGuard = ({ sub, cv }: ApiClientClaims): Guard => guard('enter_as_api_client', sub, cv)

/** Looks at the portal session, the client's record, a representative's standing and the front-end. */
export const portalGuard = ({ sid, cv }: PortalClaims): Guard => guard('enter_as_portal', sid, cv)

function guard(entrance: Guard['entrance'], id: string, asInToken: number): Guard {
  return {
    entrance,
    id,
    accept(version) {
      if (version !== asInToken) throw new Problem('authentication-required')
    },
  }
}
