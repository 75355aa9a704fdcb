import { type Static, Type } from 'typebox'
import {
  CalendarDate,
  component,
  listOf,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Text,
} from '../../lib/schemas.ts'
import { codeSystems } from './diagnosis-codes.rules.ts'

export const icd10Code = (description: string) =>
  Type.String({ pattern: '^[A-Z][0-9][0-9A-Z](\\.[0-9A-Z]{1,4})?$', description, examples: ['F63.89'] })
export const icd11Code = (description: string) =>
  Type.String({
    pattern: '^[0-9A-Z][A-Z][0-9][0-9A-Z](\\.[0-9A-Z]{1,4})?$',
    description,
    examples: ['6C72'],
  })

const system = OneOf(codeSystems, {
  description: '`icd10cm`: the US clinical modification, which claims use. `icd11`: the WHO’s.',
})
const validFrom = CalendarDate('The first day it may be used.', '2015-10-01')
const validTo = Nullable(CalendarDate('The last day; null while there is none.', '2027-09-30'))
const label = Text(160, { description: 'A short label in the practice’s own words.' })
const source = Text(200, { description: 'Where the list comes from.' })

export const DiagnosisCode = component(
  'DiagnosisCode',
  strictObject(
    {
      system,
      code: Type.String(),
      label,
      validFrom,
      validTo,
      source,
      confidence: OneOf(['verified', 'general_knowledge', 'imported'] as const, {
        description:
          'How far the entry may be relied on: `imported` by the practice, or shipped as `verified` or from `general_knowledge`, to be checked against the current code set.',
      }),
    },
    {
      description: 'A diagnosis code, from one day to another.',
      examples: [
        {
          system: 'icd11',
          code: '6C72',
          label: 'Compulsive sexual behavior disorder',
          validFrom: '2022-01-01',
          validTo: null,
          source: 'ICD-11 MMS (WHO), in effect since 2022',
          confidence: 'verified',
        },
      ],
    },
  ),
)

const NewCode = component(
  'NewDiagnosisCode',
  strictObject(
    {
      code: Type.String({ pattern: '^[0-9A-Z]{3,4}(\\.[0-9A-Z]{1,4})?$', examples: ['F63.89'] }),
      label,
      validFrom,
      validTo: Type.Optional(validTo),
    },
    {
      description: 'A code of the list.',
      examples: [{ code: 'F63.89', label: 'Other impulse disorder', validFrom: '2015-10-01' }],
    },
  ),
)

export const mostCodesAtOnce = 1_000

export const DiagnosisCodeImport = component(
  'DiagnosisCodeImport',
  strictObject(
    {
      system,
      source,
      codes: Type.Array(NewCode, { minItems: 1, maxItems: mostCodesAtOnce, description: 'Each code once.' }),
    },
    {
      description: 'A part of a code list, such as the changes of October 1.',
      examples: [
        {
          system: 'icd10cm',
          source: 'ICD-10-CM FY 2027, file of changes (fictional)',
          codes: [{ code: 'F63.89', label: 'Other impulse disorder', validFrom: '2015-10-01' }],
        },
      ],
    },
  ),
)

export const DiagnosisCodeImported = component(
  'DiagnosisCodesImported',
  strictObject(
    {
      imported: Type.Integer({ description: 'Codes written.' }),
      ended: Type.Integer({ description: 'Entries that end the day before a newer one of their code.' }),
    },
    { description: 'What an import did.', examples: [{ imported: 1, ended: 0 }] },
  ),
)

export const DiagnosisCodeQuery = strictObject({
  ...PageQuery,
  system: Type.Optional(OneOf(codeSystems, { description: 'Only this system.', examples: ['icd10cm'] })),
  codePrefix: Type.Optional(
    Type.String({
      pattern: '^[0-9A-Z]{1,4}(\\.[0-9A-Z]{0,4})?$',
      description: 'Codes that begin so.',
      examples: ['F63'],
    }),
  ),
  validOn: Type.Optional(CalendarDate('Only those that may be used on this day.', '2026-11-20')),
})
export const DiagnosisCodePage = listOf('DiagnosisCodePage', DiagnosisCode)

export type DiagnosisCode = Static<typeof DiagnosisCode>
export type DiagnosisCodeImport = Static<typeof DiagnosisCodeImport>
export type DiagnosisCodeImported = Static<typeof DiagnosisCodeImported>
export type DiagnosisCodeQuery = Static<typeof DiagnosisCodeQuery>
