import type { Static } from 'typebox'
import { component, Id, Nullable, strictObject } from '../../lib/schemas.ts'
import { headExample, heads } from './plans.schemas.ts'
import { PlanRevision } from './revisions.schemas.ts'
import { exampleHash, exampleIds as ids } from './schema-examples.ts'
import { contentHash } from './signatures.schemas.ts'

export const PortalPlan = component(
  'PortalTreatmentPlan',
  strictObject(
    {
      ...heads,
      inForce: Nullable(PlanRevision),
      offered: Nullable(PlanRevision),
    },
    {
      description: 'A plan as the client was given it: what is in force, and what waits for signatures.',
      examples: [{ ...headExample, inForce: null, offered: null }],
    },
  ),
)

export const PortalSignature = component(
  'PortalPlanSignature',
  strictObject(
    { contentHash },
    { description: 'The hash of what was shown to whoever signs.', examples: [{ contentHash: exampleHash }] },
  ),
)

export const PortalPlanParams = strictObject({ planId: Id('The plan.', ids.plan) })

export type PortalPlan = Static<typeof PortalPlan>
