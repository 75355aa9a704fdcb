import { type Static, Type } from 'typebox'
import {
  component,
  Id,
  Instant,
  listOf,
  Money,
  Name,
  Nullable,
  OneOf,
  PageQuery,
  strictObject,
  Version,
} from '../../lib/schemas.ts'
import { Features } from './weekly-hours.ts'

export const serviceKinds = ['individual', 'couple', 'group', 'intensive'] as const
export const serviceModes = ['in_person', 'telehealth'] as const
export const serviceStatuses = ['active', 'retired'] as const

const buffer = (description: string) => Type.Integer({ minimum: 0, maximum: 240, description })

const fields = {
  name: Name(120, { description: 'Unique within the practice.' }),
  kind: OneOf(serviceKinds, { description: 'Whom it is for, or an intensive block.' }),
  durationMinutes: Type.Integer({ minimum: 5, maximum: 1440, description: 'Time with the clinician.' }),
  bufferBeforeMinutes: buffer('Kept free before, for clinician and room.'),
  bufferAfterMinutes: buffer('Kept free after, for clinician and room.'),
  modes: Type.Array(OneOf(serviceModes), {
    minItems: 1,
    maxItems: serviceModes.length,
    uniqueItems: true,
    description: 'How it may be held.',
  }),
  // The shape alone: which codes exist, and what they mean, is licensed content this product does not hold.
  defaultCode: Nullable(
    Type.String({
      pattern: '^([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})$',
      description: 'Procedure code to propose when billing: five characters of the CPT or HCPCS shape.',
    }),
  ),
  fee: Nullable(Money),
  requiredFeatures: Features('What a room must have to be offered for it.'),
  credentialCodes: Type.Array(Type.String({ pattern: '^[A-Z][A-Z0-9-]{0,19}$' }), {
    maxItems: 20,
    uniqueItems: true,
    description: 'Who may give it: those who hold one of these credentials. Empty is every clinician.',
    examples: [['CSAT']],
  }),
  locationIds: Type.Array(Id('A location.', '019c0000-0000-7000-8000-0000000000a1'), {
    maxItems: 50,
    uniqueItems: true,
    description: 'Where it is given in person; empty is everywhere.',
  }),
}

const example = {
  name: 'Individual session',
  kind: 'individual',
  durationMinutes: 50,
  bufferBeforeMinutes: 0,
  bufferAfterMinutes: 10,
  modes: ['in_person', 'telehealth'],
  defaultCode: '90834',
  fee: { amount: 18500, currency: 'USD' },
  requiredFeatures: [],
  credentialCodes: [],
  locationIds: [],
}

export const Service = component(
  'Service',
  strictObject(
    {
      id: Id('The service.', '019c0000-0000-7000-8000-0000000000f1'),
      ...fields,
      status: OneOf(serviceStatuses),
      version: Version,
      createdAt: Instant('When it was created.'),
      updatedAt: Instant('When it last changed.'),
    },
    {
      description: 'Something the practice offers and books.',
      examples: [
        {
          id: '019c0000-0000-7000-8000-0000000000f1',
          ...example,
          status: 'active',
          version: 1,
          createdAt: '2026-11-01T17:00:00.000Z',
          updatedAt: '2026-11-01T17:00:00.000Z',
        },
      ],
    },
  ),
)

export const NewService = component(
  'NewService',
  strictObject(
    {
      name: fields.name,
      kind: fields.kind,
      durationMinutes: fields.durationMinutes,
      bufferBeforeMinutes: Type.Optional(fields.bufferBeforeMinutes),
      bufferAfterMinutes: Type.Optional(fields.bufferAfterMinutes),
      modes: fields.modes,
      defaultCode: Type.Optional(fields.defaultCode),
      fee: Type.Optional(fields.fee),
      requiredFeatures: Type.Optional(fields.requiredFeatures),
      credentialCodes: Type.Optional(fields.credentialCodes),
      locationIds: Type.Optional(fields.locationIds),
    },
    { description: 'A service to offer; without buffers when nothing is said.', examples: [example] },
  ),
)

/** Its kind stays: appointments and charts were matched to it. */
const { kind: _kind, ...changeable } = fields

export const ServiceChange = component(
  'ServiceChange',
  Type.Partial(
    strictObject({
      ...changeable,
      status: OneOf(serviceStatuses, { description: 'A retired service takes no new appointments.' }),
    }),
    {
      additionalProperties: false,
      minProperties: 1,
      description: 'The fields to change; what is left out stays. The kind of a service cannot change.',
      examples: [{ fee: { amount: 19500, currency: 'USD' } }],
    },
  ),
)

export const ServiceParams = strictObject({
  serviceId: Id('The service.', '019c0000-0000-7000-8000-0000000000f1'),
})
export const ServiceQuery = strictObject({
  ...PageQuery,
  status: Type.Optional(OneOf(serviceStatuses, { description: 'Only these.', examples: ['active'] })),
  kind: Type.Optional(OneOf(serviceKinds, { description: 'Only this kind.', examples: ['couple'] })),
})
export const ServicePage = listOf('ServicePage', Service)

export type Service = Static<typeof Service>
export type NewService = Static<typeof NewService>
export type ServiceChange = Static<typeof ServiceChange>
export type ServiceQuery = Static<typeof ServiceQuery>
