import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { loadConfig } from '../../../../src/config.ts'
import type { JobHandler, JobHandlers } from '../../../../src/lib/jobs/handlers.ts'
import { type QueueName, queues } from '../../../../src/lib/jobs/queues.ts'
import { startWorker } from '../../../../src/lib/jobs/worker.ts'
import { createMailer } from '../../../../src/lib/mail.ts'
import { loadLocalKeyring } from '../../../../src/lib/sealing/keyring.ts'
import { openHouse } from '../../../../src/open-house.ts'
import type { WorkerOrders } from './workers.ts'

// A worker as a process of its own, which does every queue's jobs by writing down when it begins and ends one:
// written at once, so that it is there when the process is not. With a mail server it does the real work instead.

const orders = JSON.parse(process.argv[2] ?? '{}') as WorkerOrders
const config = loadConfig({ SMTP_URL: orders.smtpUrl ?? '', TEXT_GATEWAY_URL: orders.textUrl ?? '' })
const keyring = await loadLocalKeyring(orders.keyringFile)
const house = await openHouse({
  config,
  keyring,
  appUrl: orders.appUrl,
  log: pino({ level: 'silent' }),
  mailer: createMailer(config),
})

const note = (what: string, subjectId: string) =>
  appendFileSync(orders.journal, `${process.pid} ${what} ${subjectId}\n`)

const journaling: JobHandler = async (_house, { subjectId }) => {
  note('began', subjectId)
  if (subjectId === orders.poison) process.kill(process.pid, 'SIGKILL')
  await sleep(orders.jobMs)
  note('ended', subjectId)
}

const handlers = Object.fromEntries(
  (Object.keys(queues) as QueueName[]).map(queue => [queue, journaling]),
) as JobHandlers

const worker = await startWorker(house, {
  relayUrl: orders.relayUrl,
  ...(orders.smtpUrl ? {} : { handlers }),
})
process.once('disconnect', async () => {
  await worker.stop()
  await house.database.pool.end()
  keyring.close()
})
process.send?.('ready')
