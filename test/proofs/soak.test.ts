import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { verifyChain } from '../../src/lib/audit-verification.ts'
import { limits } from '../../src/lib/limits.ts'
import { proof } from '../support/proof.ts'
import { jobQueueOf } from '../support/proofs/crash/job-queue.ts'
import { openLine } from '../support/proofs/crash/line.ts'
import { randomFrom } from '../support/proofs/crash/random.ts'
import { sendTo, serviceOn } from '../support/proofs/crash/service.ts'
import { faultsAfter } from '../support/proofs/crash/soak-checks.ts'
import { emptyLedger, followEvents, soakClient } from '../support/proofs/crash/soak-clients.ts'
import type { RunningService } from '../support/service.ts'
import { startSmtpServer } from '../support/smtp-server.ts'
import { createTestApp } from '../support/test-app.ts'
import { until } from '../support/until.ts'
import { createGround } from '../support/world/ground.ts'

// The service is a real process, API and worker in one, that dies by `kill -9` again and again while clients keep
// at it and a reader follows the feed; at the end it is asked to end properly, under the same load.

const here = proof('soak')
const random = randomFrom(here.seed)
const clients = 8
const eventTypes = ['client.created', 'client.updated', 'appointment.booked', 'staff-member.created']

t.test(
  'clients that keep trying lose nothing and do nothing twice, however often the service dies',
  async t => {
    const test = await createTestApp(t)
    const admin = new pg.Client({ connectionString: test.adminUrl })
    admin.on('error', () => {})
    await admin.connect()
    t.teardown(() => admin.end())
    const queue = await jobQueueOf(t, test, admin)
    const sink = await startSmtpServer()
    t.teardown(() => sink.close())
    const ground = await createGround(test)
    const practiceId = ground.practice.id

    const running = new Set<RunningService>()
    t.teardown(() => Promise.all([...running].map(service => service.kill())))
    const start = async () => {
      const service = await serviceOn(test, { SMTP_URL: sink.url, DEV_INBOX: 'false' })
      running.add(service)
      return service
    }

    const line = openLine()
    const ledger = emptyLedger()
    let isOver = false
    let isRead = false
    const work = Promise.all(
      Array.from({ length: clients }, () =>
        soakClient(ground, line, { ledger, random, isOver: () => isOver }),
      ),
    )
    const reading = followEvents(line, ground.callers.owner, eventTypes, () => isRead)
    for (const promise of [work, reading]) promise.catch(() => {})

    const endAt = Date.now() + here.amount(2, 180, 'SOAK_SECONDS') * 1_000
    let kills = 0
    for (; kills < 1 || Date.now() < endAt; kills++) {
      const service = await start()
      line.serving = service
      // Now and then it lives long enough for every kind of work to be under way.
      await sleep(random.between(20, kills % 4 === 0 ? 1_000 : 200))
      await service.kill()
      running.delete(service)
    }

    // A balancer asks whether it is ready, and sends to the next one from the moment it is not.
    const [old, next] = [await start(), await start()]
    line.serving = old
    const { pid: oldPid = 0 } = old.process
    while ((line.answered.get(oldPid) ?? 0) < 5 * clients) await sleep(10)
    const askedAt = Date.now()
    old.process.kill('SIGTERM')
    let toldAt = 0
    while (toldAt === 0) {
      const probe = await sendTo(old, { method: 'GET', url: '/readyz', headers: {} }).catch(() => undefined)
      if (!probe || probe.status === 503) toldAt = probe ? Date.now() : Infinity
      else await sleep(10)
    }
    line.serving = next
    const exitCode = await old.ended
    const tookMs = Date.now() - askedAt
    running.delete(old)
    t.ok(toldAt < Infinity, 'it says that it is not ready before it ends connections')
    t.equal(exitCode, 0)
    t.ok(tookMs < limits.shutdown.graceMs, `it ended within its grace (${tookMs} ms)`)
    const lost = line.resets.filter(({ pid, sentAt }) => pid === oldPid && sentAt <= toldAt)
    t.same(lost, [], 'every request that it accepted was answered')

    isOver = true
    await work
    t.same(ledger.wrong, [])
    // What dead workers had in hand is taken back after a while; here at once.
    const undone = async () =>
      (
        await admin.query(
          'select from cairn.outbox where done_at is null and run_after <= now() union all select from cairn.event_backlog',
        )
      ).rowCount
    await queue.passTime()
    await until('everything is done', async () => (await undone()) === 0)
    isRead = true
    const events = await reading
    line.close()
    await next.stop()
    running.delete(next)

    t.same(await faultsAfter(admin, practiceId, { ledger, events, eventTypes }), [])
    const chain = await verifyChain(admin, test.house.keyring.auditKey, practiceId, [])
    t.equal(chain.firstBad, undefined)
    const mails = (await admin.query<{ id: string }>('select id from cairn.mails')).rows.map(row => row.id)
    const times = mails.map(id => sink.taken.filter(taken => taken.id === id).length)
    t.ok(
      times.every(count => count >= 1),
      'every mail went out',
    )
    const mailsTwice = times.filter(count => count > 1).length
    t.ok(
      mailsTwice <= (kills + 1) * limits.jobs.atOnce,
      'none twice but those that were being sent at a death',
    )
    here.report({
      kills,
      requests: line.requests,
      unanswered: line.resets.filter(({ why }) => why !== 'ECONNREFUSED').length,
      clients: ledger.clients.length,
      appointments: ledger.appointments.length,
      bookingsRefused: ledger.refused,
      notes: ledger.notes.length,
      events: events.length,
      auditRows: chain.intact,
      mails: mails.length,
      mailsTwice,
      endedAfterMs: tookMs,
    })
  },
)
