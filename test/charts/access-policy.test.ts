import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  apiClientScopes,
  dataClasses,
  emergencyClasses,
  permissions,
  type Reach,
  roleClasses,
  rolePermissions,
  roles,
  scopeClasses,
} from '../../src/modules/charts/access-policy.ts'

// The access policy as two tables. A change of it shows here, to be read and agreed to. To accept it:
// UPDATE_POLICY=1 npx tap test/charts/access-policy.test.ts

const file = fileURLToPath(new URL('access-policy.txt', import.meta.url))

const yes = (holds: boolean) => (holds ? 'yes' : '·')

function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map(row => row[column]?.length ?? 0)))
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}

function picture(): string {
  const may = permissions.map(permission => [
    permission,
    ...roles.map(role => yes(rolePermissions[role].includes(permission))),
    yes((apiClientScopes as readonly string[]).includes(permission)),
  ])
  const sees = dataClasses.map(dataClass => [
    dataClass,
    ...roles.map(role => roleClasses[role][dataClass].replace('none', '·')),
    apiClientScopes.filter(scope => scopeClasses[scope]?.includes(dataClass)).join(' ') || '·',
    yes(emergencyClasses.includes(dataClass)),
  ])
  return [
    'What a role may do, and which scopes an API client may hold',
    table(['permission', ...roles, 'api client'], may),
    'How far a role sees into a class of data, which scopes see it, and what emergency access opens to read',
    table(['class', ...roles, 'api client by scope', 'emergency'], sees),
    '',
  ].join('\n\n')
}

t.test('the access policy is the one that was agreed to', async t => {
  const now = picture()
  if (process.env.UPDATE_POLICY) writeFileSync(file, now)
  t.comment(now)
  t.equal(now, readFileSync(file, 'utf8'))
})

t.test('nobody but its author sees a psychotherapy note', async t => {
  const allowed = new Set<Reach>(['author', 'none'])
  for (const role of roles) t.ok(allowed.has(roleClasses[role].psychotherapy), role)
  t.notOk(emergencyClasses.includes('psychotherapy'))
  for (const classes of Object.values(scopeClasses)) t.notOk(classes.includes('psychotherapy'))
})

t.test('the front desk and billing see nothing clinical, and integrations nothing restricted', async t => {
  for (const role of ['owner', 'admin', 'biller'] as const) {
    for (const dataClass of ['clinical', 'restricted', 'part2', 'psychotherapy'] as const)
      t.equal(roleClasses[role][dataClass], 'none', `${role} ${dataClass}`)
  }
  for (const classes of Object.values(scopeClasses))
    t.notOk(classes.includes('restricted') || classes.includes('part2'))
})

t.test('whoever sees any class of a chart sees its administration: lists of charts rely on it', async t => {
  for (const role of roles) {
    const { administrative, ...others } = roleClasses[role]
    if (Object.values(others).some(reach => reach !== 'none')) t.not(administrative, 'none', role)
  }
})

t.test('an API client never writes clinical text nor acts as a person', async t => {
  const never = ['notes:write', 'notes:cosign', 'emergency-access:request', 'emergency-access:review']
  for (const permission of [...never, 'care-team:write', 'charts:write', 'keys:write'])
    t.notOk((apiClientScopes as readonly string[]).includes(permission), permission)
})
