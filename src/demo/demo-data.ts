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
  licenses?: NewLicense[]
}

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

export interface DemoAppointment {
  clinician: string
  /** Days from today, in the practice's zone. */
  day: number
  /** Wall clock there. */
  time: string
  service: string
  mode: 'in_person' | 'telehealth'
  room?: string
  client?: string
  /** Place in `couples`. */
  couple?: number
  outcome?: 'attended' | 'no_show' | 'canceled'
  note?: DemoNote
}

/** What a client works on. */
export interface DemoRecovery {
  client: string
  clinician: string
  philosophy: 'abstinence' | 'harm_reduction' | 'integrated'
  addiction: {
    type: 'pornography' | 'gaming' | 'alcohol'
    ownWord: string
    /** Since when days are counted. */
    daysAgo: number
    circles: { text: string; circle: 'inner' | 'middle' | 'outer' }[]
  }
  containment: {
    behaviorsToStop: string[]
    accessBlocks: { what: 'device' | 'account' | 'cash' | 'place'; action: string; inPlace: boolean }[]
    accountability: string[]
  }
  checkIns: { daysAgo: number; mood: number; urge: number }[]
  program: { key: string; daysAgo: number; begun: string[] }
  assessment: { instrument: string; answers: number[] }
}

export type DemoProgram = 'integration' | 'portal'

/** The demo practice as its file tells it: obviously fictional. */
export interface DemoData {
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
  group: { name: string; clinician: string; members: string[] }
  appointments: DemoAppointment[]
  recovery: DemoRecovery[]
}

export const demoFolder = fileURLToPath(new URL('../../demo/', import.meta.url))

export async function readDemoData(): Promise<DemoData> {
  return JSON.parse(await readFile(`${demoFolder}practice.json`, 'utf8'))
}
