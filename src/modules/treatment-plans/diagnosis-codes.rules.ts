import shippedCodes from './diagnosis-codes.json' with { type: 'json' }

export const codeSystems = ['icd10cm', 'icd11'] as const
export type CodeSystem = (typeof codeSystems)[number]

/** A code from one day to another. */
export interface CodeEntry {
  system: CodeSystem
  code: string
  label: string
  validFrom: string
  validTo: string | null
  source: string
  confidence: 'verified' | 'general_knowledge' | 'imported'
}

/** What comes with the service: our own short labels, with source and confidence. In the order of `orderOf`. */
export const shipped = shippedCodes as readonly CodeEntry[]

/** The place of an entry in a list, by bytes as the database sorts `collate "C"`. */
export const orderOf = ({ system, code, validFrom }: Pick<CodeEntry, 'system' | 'code' | 'validFrom'>) =>
  `${system} ${code} ${validFrom}`

export const isValidOn = ({ validFrom, validTo }: Pick<CodeEntry, 'validFrom' | 'validTo'>, day: string) =>
  validFrom <= day && (validTo === null || validTo >= day)

/** The first text after all that begin with this one, for codes (letters, digits and points). */
export const afterPrefix = (prefix: string) => `${prefix}~`

export interface CodeFilter {
  system?: CodeSystem | undefined
  codePrefix?: string | undefined
  validOn?: string | undefined
}

/** Whether a shipped entry is asked for. The database answers the same of a practice's own. */
export const isAskedFor = (entry: CodeEntry, { system, codePrefix, validOn }: CodeFilter) =>
  (system === undefined || entry.system === system) &&
  (codePrefix === undefined || entry.code.startsWith(codePrefix)) &&
  (validOn === undefined || isValidOn(entry, validOn))
