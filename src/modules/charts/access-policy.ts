/**
 * The whole access policy, in one place. A permission is `resource:verb`; API client scopes use the same
 * words. What a role may *do* stands in `rolePermissions`; what it may *see* of a record stands in
 * `roleClasses`, by data class. A role that is not listed for something may not do it. Roles of one person add up,
 * but a door counts only the roles that hold the permission used. A role alone opens no chart: a care team does.
 */
export const roles = ['owner', 'admin', 'clinician', 'supervisor', 'biller'] as const
export type Role = (typeof roles)[number]

export const permissions = [
  'practice:read',
  'practice:write',
  'staff:read',
  'staff:write',
  'clients:read',
  'clients:write',
  'clients:merge',
  'clients:import',
  'inquiries:read',
  'inquiries:write',
  'couples:read',
  'couples:write',
  'charts:read',
  'charts:write',
  'care-team:write',
  'emergency-access:request',
  'emergency-access:review',
  'appointments:read',
  'appointments:write',
  'appointments:overbook',
  'notes:read',
  'notes:write',
  'notes:cosign',
  // What billing needs of a signed note, without the note.
  'billing-facts:read',
  'billing-facts:write',
  'psychotherapy:read',
  'psychotherapy:write',
  // Taking back what a client permitted an author who left: it shows that one authorization, and no more than that it ended.
  'psychotherapy-authorizations:withdraw',
  'alerts:read',
  'alerts:write',
  'library:read',
  'library:write',
  'assessments:read',
  'assessments:write',
  'programs:read',
  'programs:write',
  'programs:cosign',
  'recovery:read',
  'recovery:write',
  'plans:read',
  'plans:write',
  'plans:cosign',
  'releases:read',
  'releases:write',
  'dual-roles:read',
  'dual-roles:write',
  'reports:read',
  'events:read',
  'audit:read',
  'api-clients:read',
  'api-clients:write',
  'keys:write',
  // An API client gets tokens for clients; what a client may do with one. No role holds either.
  'portal:issue',
  'portal:use',
] as const
export type Permission = (typeof permissions)[number]

/**
 * Scopes an API client may hold: integrations never write clinical text nor act as a person. One that issues portal
 * tokens acts for clients only by them.
 */
export const apiClientScopes = [
  'practice:read',
  'staff:read',
  'clients:read',
  'clients:write',
  'couples:read',
  'charts:read',
  'appointments:read',
  'appointments:write',
  'notes:read',
  'billing-facts:read',
  'events:read',
  'portal:issue',
] as const satisfies readonly Permission[]

const everyone: readonly Permission[] = ['practice:read', 'staff:read']

const frontDesk: readonly Permission[] = [
  ...everyone,
  'practice:write',
  'staff:write',
  'clients:read',
  'clients:write',
  'clients:merge',
  'clients:import',
  'inquiries:read',
  'inquiries:write',
  'couples:read',
  'couples:write',
  'charts:read',
  'charts:write',
  'care-team:write',
  'appointments:read',
  'appointments:write',
  'appointments:overbook',
  'psychotherapy-authorizations:withdraw',
  'library:read',
  'reports:read',
  'events:read',
]

/** What those who treat write about a chart. Templates and instruments (the library) hold nobody's data. */
const treatment: readonly Permission[] = [
  'alerts:read',
  'alerts:write',
  'library:read',
  'assessments:read',
  'assessments:write',
  'programs:read',
  'programs:write',
  'recovery:read',
  'recovery:write',
  'plans:read',
  'plans:write',
  'releases:read',
  'releases:write',
]

export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  owner: [
    ...frontDesk,
    'billing-facts:read',
    'emergency-access:review',
    'library:write',
    'dual-roles:read',
    'dual-roles:write',
    'audit:read',
    'api-clients:read',
    'api-clients:write',
    'keys:write',
  ],
  admin: frontDesk,
  clinician: [
    ...everyone,
    'clients:read',
    'clients:write',
    'inquiries:read',
    'inquiries:write',
    'couples:read',
    'couples:write',
    'charts:read',
    'charts:write',
    'care-team:write',
    'emergency-access:request',
    'appointments:read',
    'appointments:write',
    'notes:read',
    'notes:write',
    'billing-facts:read',
    'billing-facts:write',
    'psychotherapy:read',
    'psychotherapy:write',
    ...treatment,
  ],
  supervisor: [
    ...everyone,
    'clients:read',
    'inquiries:read',
    'couples:read',
    'charts:read',
    'dual-roles:read',
    'dual-roles:write',
    'reports:read',
    'appointments:read',
    'notes:read',
    'notes:cosign',
    // Of those whom they train, and of authors whom a client permitted to show them: never by reach into a chart.
    'psychotherapy:read',
    'alerts:read',
    'alerts:write',
    'library:read',
    'library:write',
    'assessments:read',
    'programs:read',
    'programs:cosign',
    'recovery:read',
    'plans:read',
    'plans:cosign',
    'releases:read',
    'emergency-access:request',
    'emergency-access:review',
  ],
  biller: [...everyone, 'clients:read', 'appointments:read', 'billing-facts:read'],
}

/** Classes of data, from least to most guarded. */
export const dataClasses = [
  'administrative',
  'billing',
  'clinical',
  'restricted',
  'part2',
  'psychotherapy',
] as const
export type DataClass = (typeof dataClasses)[number]

/**
 * How far a role sees into a class: `all` of the practice, `care-team` (charts it is on the care team of),
 * `supervisees` (charts its supervisees are on the care team of), `author` (its own notes), `limited`
 * (name and insurance only), `none`.
 */
export type Reach = 'all' | 'care-team' | 'supervisees' | 'author' | 'limited' | 'none'

export const roleClasses: Readonly<Record<Role, Readonly<Record<DataClass, Reach>>>> = {
  owner: {
    administrative: 'all',
    billing: 'all',
    clinical: 'none',
    restricted: 'none',
    part2: 'none',
    psychotherapy: 'none',
  },
  admin: {
    administrative: 'all',
    billing: 'all',
    clinical: 'none',
    restricted: 'none',
    part2: 'none',
    psychotherapy: 'none',
  },
  clinician: {
    administrative: 'care-team',
    billing: 'care-team',
    clinical: 'care-team',
    restricted: 'care-team',
    part2: 'care-team',
    psychotherapy: 'author',
  },
  supervisor: {
    administrative: 'supervisees',
    billing: 'none',
    clinical: 'supervisees',
    restricted: 'none',
    part2: 'none',
    psychotherapy: 'none',
  },
  biller: {
    administrative: 'limited',
    billing: 'all',
    clinical: 'none',
    restricted: 'none',
    part2: 'none',
    psychotherapy: 'none',
  },
}

/**
 * What an API client sees follows from its scopes, in the whole practice. Restricted, part 2 and
 * psychotherapy records are in no scope.
 */
export const scopeClasses: Readonly<Partial<Record<Permission, readonly DataClass[]>>> = {
  'clients:read': ['administrative'],
  'clients:write': ['administrative'],
  'couples:read': ['administrative'],
  'charts:read': ['administrative'],
  'appointments:read': ['administrative'],
  'appointments:write': ['administrative'],
  'notes:read': ['clinical'],
  'billing-facts:read': ['billing'],
}

/**
 * What emergency access opens, for reading only: whom to reach, and what is needed to act safely.
 * Restricted material (inventories, disclosures, legal papers) averts no emergency; part 2 records need
 * the documentation of 42 CFR 2.51; psychotherapy notes stay with their author (45 CFR 164.508).
 */
export const emergencyClasses: readonly DataClass[] = ['administrative', 'clinical']

/** What holders of these roles may do, taken together. */
export function permissionsOf(held: readonly Role[]): ReadonlySet<Permission> {
  const key = held.join()
  const known = knownPermissions.get(key)
  if (known) return known
  const permissions = new Set(held.flatMap(role => rolePermissions[role]))
  knownPermissions.set(key, permissions)
  return permissions
}

/** By roles, of which there are few: asked with every request. */
const knownPermissions = new Map<string, ReadonlySet<Permission>>()

/** The widest reach that holders of these roles have into a class. */
export function reaches(held: readonly Role[], dataClass: DataClass): ReadonlySet<Reach> {
  return new Set(held.map(role => roleClasses[role][dataClass]).filter(reach => reach !== 'none'))
}
