import { ok, operation } from '../../../plugins/operations/index.ts'
import { CoupleOfNotices, SafetyNotices } from './safety-notices.schemas.ts'
import { getSafetyNotices } from './safety-notices.service.ts'

export const safetyNoticeRoutes = [
  operation({
    tag: 'Recovery',
    method: 'GET',
    path: '/v1/couples/{coupleId}/safety-notices',
    operationId: 'getSafetyNotices',
    summary: 'Read what to mind before work with both',
    description:
      'For whoever treats a couple and may also read a partner’s own chart: what the newest open `safety_screen` there means for joint work. It is made of those charts when it is asked for and kept nowhere; everybody else gets none, as where nobody was asked. Do not show it where a partner can see the screen.',
    permission: 'recovery:read',
    params: CoupleOfNotices,
    success: { status: 200, schema: SafetyNotices, description: 'The notices.' },
    handler: async (trx, { params }) => ok(await getSafetyNotices(trx, params.coupleId)),
  }),
]
