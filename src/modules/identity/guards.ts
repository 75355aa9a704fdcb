import type { Statement } from '../../lib/database/statements.ts'
import { Problem } from '../../lib/problems.ts'
import type { Guard } from '../../lib/scope.ts'
import type { ApiClientClaims, UserClaims } from './access-tokens.ts'

const sessionSql = `select m.roles_version from sessions s
  join staff_members m on m.practice_id = s.practice_id and m.id = s.staff_id
  join users u on u.id = s.user_id and u.credentials_version = s.credentials_version and u.status = 'active'
  where s.practice_id = $1 and s.id = $2 and s.ended_at is null and s.absolute_expires_at > now() and m.status = 'active'`

const clientSql = `select version from api_clients
  where practice_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > now())`

/**
 * Sign-out, disabling, new credentials and role changes take effect on the next request: this row is read
 * with each.
 */
export function sessionGuard(claims: UserClaims): Guard {
  return guard(
    { sql: sessionSql, parameters: [claims.pid, claims.sid] },
    row => row.roles_version === claims.rv,
  )
}

export function apiClientGuard(claims: ApiClientClaims): Guard {
  return guard({ sql: clientSql, parameters: [claims.pid, claims.sub] }, row => row.version === claims.cv)
}

function guard(statement: Statement, holds: (row: Record<string, unknown>) => boolean): Guard {
  return {
    statement,
    accept(rows) {
      const row = rows[0]
      if (!row || !holds(row)) throw new Problem('authentication-required')
    },
  }
}
