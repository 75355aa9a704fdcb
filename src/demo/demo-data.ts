import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type {
  EmdrContent,
  NewCredential,
  NewEmdrTarget,
  NewLicense,
  NewLocation,
  NewNotePart,
  NewRoom,
  NewService,
} from '../../openapi/client/index.ts'
import type { DemoClinical } from './demo-clinical.ts'
import type { DemoSchedule } from './demo-schedule.ts'

export interface DemoPerson {
  key: string
  role: string
  roles: ('owner' | 'admin' | 'clinician' | 'supervisor' | 'biller')[]
  email: string
  password: string
  givenName: string
  familyName: string
  title?: string
  cosignRequired?: boolean
  /** The key of another person. */
  supervisor?: string
  credentials?: NewCredential[]
  licenses?: DemoLicense[]
}

type DemoLicense = Omit<NewLicense, 'expiresOn'> & { expiresInDays: number }

/** A session of EMDR, and the target it works on, which is registered before. */
export interface DemoEmdr {
  target: NewEmdrTarget
  work: Omit<NonNullable<EmdrContent['targets']>[number], 'targetId'>
  content: Omit<EmdrContent, 'targets'>
}

export interface DemoNote {
  template: 'soap' | 'dap' | 'birp' | 'girp'
  sections: Record<string, string>
  parts?: NewNotePart[]
  emdr?: DemoEmdr
  state: 'draft' | 'signed' | 'amended' | 'entered_in_error' | 'pending_cosign' | 'cosigned' | 'returned'
}

export type DemoProgram = 'integration' | 'portal'

/** The demo practice as its files tell it: obviously fictional. */
export interface DemoData extends DemoSchedule, DemoClinical {
  practice: {
    name: string
    timeZone: string
    jurisdiction: string
    phone: string
    email: string
    npi: string
  }
  staff: DemoPerson[]
  /** What acts for the practice: its billing sync, and the front-end in which clients sign in. */
  programs: Record<DemoProgram, { name: string; scopes: string[] }>
  locations: (NewLocation & { rooms: NewRoom[] })[]
  services: NewService[]
  clients: { file: string; externalSystem: string; primaryClinicians: Record<string, string> }
  couples: {
    partners: [string, string]
    clinician: string
    status: 'together' | 'separated'
    policy?: { kind: 'no_secrets' | 'limited_secrets'; text: string }
    agreement?: { topic: 'check_in'; title: string; terms: string }
  }[]
}

export const demoFolder = fileURLToPath(new URL('../../demo/', import.meta.url))

export async function readDemoData(): Promise<DemoData> {
  const parts = await Promise.all(
    ['practice', 'schedule', 'recovery'].map(async name =>
      JSON.parse(await readFile(`${demoFolder}${name}.json`, 'utf8')),
    ),
  )
  return Object.assign({}, ...parts)
}
