import { v7 as uuidv7 } from 'uuid'
import { inPractice } from '../../src/lib/database/in-practice.ts'
import type { PracticeTransaction } from '../../src/lib/database/practice-transaction.ts'
import { type Scope, systemScope } from '../../src/lib/scope.ts'
import { permissionsOf, type Role } from '../../src/modules/charts/access-policy.ts'
import {
  type CareTeamRole,
  type NewTeamMember,
  openCoupleChart,
  openIndividualChart,
} from '../../src/modules/charts/index.ts'
import type { Caller, TestPractice } from './practice.ts'
import type { TestApp } from './test-app.ts'
import { asAdmin } from './test-server.ts'

/** Clients and their charts without the clients API, for tests of what stands below it. */

type Team = readonly (readonly [Caller, CareTeamRole])[]

/** Runs statements behind the fence. */
export function asOwner(
  test: TestApp,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  return asAdmin(test.adminUrl, async admin => {
    await admin.query('set search_path to cairn')
    return (await admin.query(sql, values)).rows
  })
}

/** A client with an individual chart. */
export async function layClient(
  test: TestApp,
  practice: TestPractice,
  givenName: string,
  careTeam: Team = [],
): Promise<{ clientId: string; chartId: string }> {
  const clientId = uuidv7()
  await asOwner(
    test,
    `insert into clients (practice_id, id, legal_given_name, legal_family_name, status) values ($1, $2, $3, 'Example', 'active')`,
    [practice.id, clientId, givenName],
  )
  const chartId = await asSystem(test, practice, trx => openIndividualChart(trx, clientId, toTeam(careTeam)))
  return { clientId, chartId }
}

/** The joint chart of two clients. */
export function layCoupleChart(
  test: TestApp,
  practice: TestPractice,
  clientIds: readonly [string, string],
  careTeam: Team = [],
): Promise<string> {
  return asSystem(test, practice, trx => openCoupleChart(trx, clientIds, toTeam(careTeam)))
}

/** Works in the practice as one of its staff, below HTTP, to ask the doors themselves. */
export function asStaff<T>(
  test: TestApp,
  practice: TestPractice,
  [caller, roles]: readonly [Caller, readonly Role[]],
  work: (trx: PracticeTransaction) => Promise<T>,
): Promise<T> {
  const system = systemScope(practice.id, 'test')
  const scope: Scope = {
    ...system,
    actor: {
      kind: 'user',
      id: caller.actorId,
      staffId: caller.staffId,
      representativeId: null,
      roles,
      permissions: permissionsOf(roles),
    },
  }
  return inPractice(test.house.database, scope, work)
}

export const asSystem = <T>(
  test: TestApp,
  practice: TestPractice,
  work: (trx: PracticeTransaction) => Promise<T>,
): Promise<T> => inPractice(test.house.database, systemScope(practice.id, 'test'), work)

const toTeam = (careTeam: Team): NewTeamMember[] =>
  careTeam.map(([caller, role]) => ({ staffId: caller.staffId, role }))
