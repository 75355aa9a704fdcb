import { ok, operation } from '../../plugins/operations/index.ts'
import * as schemas from './tasks.schemas.ts'
import * as service from './tasks.service.ts'

const base = '/v1/charts/{chartId}/journeys/{journeyId}/tasks/{taskId}'
const oneTask = { tag: 'Task programs', params: schemas.TaskParams } as const
const changed = {
  status: 200,
  schema: schemas.JourneyTaskDetail,
  description: 'The task as it is now.',
} as const

export const taskRoutes = [
  operation({
    ...oneTask,
    method: 'GET',
    path: base,
    operationId: 'getJourneyTask',
    summary: 'Read a task',
    description: 'With its performables, its history, its signatures and the days it spent in each status.',
    permission: 'programs:read',
    success: { status: 200, schema: schemas.JourneyTaskDetail, description: 'The task.' },
    handler: async (trx, { params }) => ok(await service.getTask(trx, params)),
  }),
  operation({
    ...oneTask,
    method: 'POST',
    path: `${base}/status-changes`,
    operationId: 'changeJourneyTaskStatus',
    summary: 'Take a step with a task',
    description:
      'Starts, submits, returns, defers, sets aside or maintains a task. Several tasks are worked at once and in any order; prerequisites are hints.',
    permission: 'programs:write',
    ifMatch: true,
    body: schemas.TaskStatusChange,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.changeTaskStatus(trx, params, version, body)),
  }),
  operation({
    ...oneTask,
    method: 'POST',
    path: `${base}/sign-off`,
    operationId: 'signOffJourneyTask',
    summary: 'Sign a task off',
    description:
      'A clinician’s signature under a submitted task, with their credentials as they are now. What a clinician who needs co-signatures signs waits for their supervisor. Where a required performable is not accepted it is said why it is signed off all the same.',
    permission: 'programs:write',
    ifMatch: true,
    idempotency: 'required',
    body: schemas.TaskSignOff,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) => ok(await service.signOff(trx, params, version, body)),
  }),
  operation({
    ...oneTask,
    method: 'POST',
    path: `${base}/cosignature`,
    operationId: 'cosignJourneyTask',
    summary: 'Co-sign a task',
    description: 'The signature of the signer’s own supervisor; with it the task is signed off.',
    permission: 'programs:cosign',
    ifMatch: true,
    idempotency: 'required',
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, version }) => ok(await service.cosign(trx, params, version)),
  }),
  operation({
    ...oneTask,
    method: 'POST',
    path: `${base}/cosignature-refusal`,
    operationId: 'returnJourneyTaskToSigner',
    summary: 'Give a task back to its signer',
    description: 'The supervisor does not co-sign, and says why. The task is submitted again.',
    permission: 'programs:cosign',
    ifMatch: true,
    body: schemas.TaskReturn,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.returnToSigner(trx, params, version, body.remarks)),
  }),
  operation({
    ...oneTask,
    method: 'POST',
    path: `${base}/reopening`,
    operationId: 'reopenJourneyTask',
    summary: 'Reopen a task',
    description:
      'Opens a task again that was signed off, for a reason: new information, a lapse, a new addiction, the clinician’s judgment or the client’s request. With a lapse it may say which one. Its history and signatures stay.',
    permission: 'programs:write',
    ifMatch: true,
    body: schemas.TaskReopening,
    success: changed,
    problems: ['invalid-state', 'unknown-reference'],
    handler: async (trx, { params, body, version }) => ok(await service.reopen(trx, params, version, body)),
  }),
  operation({
    ...oneTask,
    method: 'POST',
    path: `${base}/reopen-request-refusal`,
    operationId: 'refuseJourneyTaskReopening',
    summary: 'Leave a task as it is',
    description: 'Answers a client who asked to reopen a task. To agree, reopen it.',
    permission: 'programs:write',
    ifMatch: true,
    body: schemas.ReopenRefusal,
    success: changed,
    problems: ['invalid-state'],
    handler: async (trx, { params, body, version }) =>
      ok(await service.refuseReopening(trx, params, version, body.note ?? null)),
  }),
]
