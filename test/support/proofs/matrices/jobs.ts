import { createPool } from '../../../../src/lib/database/connect.ts'
import { inPractice } from '../../../../src/lib/database/in-practice.ts'
import { runJob } from '../../../../src/lib/jobs/handlers.ts'
import type { QueueName } from '../../../../src/lib/jobs/queues.ts'
import { enqueue } from '../../../../src/lib/outbox.ts'
import { systemScope } from '../../../../src/lib/scope.ts'
import { jobHandlers } from '../../../../src/modules/jobs.ts'
import type { TestApp } from '../../test-app.ts'
import { asAdmin } from '../../test-server.ts'

/** By queue: a table whose ids its jobs name. */
export const subjectTables: Readonly<Record<QueueName, string>> = {
  'send-mail': 'mails',
  'alert-response': 'alerts',
  'assessment-expiry': 'assessment_assignments',
  'release-hold-expiry': 'note_release_holds',
  'note-release': 'session_notes',
  'waitlist-opening': 'waitlist_openings',
  'client-message': 'client_messages',
  'journey-migration': 'journey_migration_batches',
  'partner-consent-withdrawal': 'abstinence_consents',
}

/** What a worker makes of a job of a practice about this subject: `done`, or the error's name. */
export async function outcomeOfJob(
  test: TestApp,
  practiceId: string,
  queue: QueueName,
  subjectId: string,
): Promise<string> {
  await inPractice(test.house.database, systemScope(practiceId, 'test'), async trx => {
    enqueue(trx, queue, subjectId)
  })
  const relay = createPool({ url: test.relayUrl, size: 1, applicationName: 'test', onError: () => {} })
  try {
    const { rows } = await relay.query<{ id: string }>(
      'select id from outbox where practice_id = $1 and subject_id = $2 and kind = $3',
      [practiceId, subjectId, queue],
    )
    const outboxId = rows[0]?.id
    if (!outboxId) throw new Error('The job is not in the outbox')
    await runJob(test.house, relay, { queue, outboxId, handler: jobHandlers[queue] })
    return 'done'
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown'
  } finally {
    await relay.end()
  }
}

/** Something of a practice that jobs of this queue are about. */
export async function subjectIn(test: TestApp, practiceId: string, queue: QueueName): Promise<string> {
  const { rows } = await asAdmin(test.adminUrl, admin =>
    admin.query<{ id: string }>(
      `select id from cairn.${subjectTables[queue]} where practice_id = $1 limit 1`,
      [practiceId],
    ),
  )
  if (!rows[0]) throw new Error(`The practice has nothing for ${queue}`)
  return rows[0].id
}
