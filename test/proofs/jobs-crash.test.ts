import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { queues } from '../../src/lib/jobs/queues.ts'
import { limits } from '../../src/lib/limits.ts'
import { proof } from '../support/proof.ts'
import { jobQueueOf, type KeptJob, someQueue } from '../support/proofs/crash/job-queue.ts'
import { isOver, killed, workersOn } from '../support/proofs/crash/workers.ts'
import { startSmtpServer } from '../support/smtp-server.ts'
import { createTestApp } from '../support/test-app.ts'
import { until } from '../support/until.ts'
import { createGround } from '../support/world/ground.ts'
import { makeInvited } from '../support/world/people.ts'

// Workers are processes of their own here, and die as processes do. What is waited for in life (a dead worker's
// jobs are taken back after a while, and tried again after a pause) is let pass at once.

const here = proof('jobs-crash')

const ids = (count: number) => Array.from({ length: count }, () => uuidv7())

t.test('later work when workers die', async t => {
  const test = await createTestApp(t)
  const admin = new pg.Client({ connectionString: test.adminUrl })
  admin.on('error', () => {})
  await admin.connect()
  t.teardown(() => admin.end())
  const queue = await jobQueueOf(t, test, admin)
  const workers = await workersOn(t, test)
  const ground = await createGround(test)
  const practiceId = ground.practice.id
  const counts = { jobs: 0, deaths: 0, interrupted: 0, zombies: 0, mails: 0, mailsTwice: 0 }

  const jobsOf = async (subjects: readonly string[]): Promise<KeptJob[]> => {
    const all = await queue.jobs()
    return subjects.flatMap(subject => all.filter(job => job.subject_id === subject))
  }
  const allDone = async (subjects: readonly string[]) =>
    (await jobsOf(subjects)).every(job => job.done_at !== null && job.state === 'completed')
  const times = (what: 'began' | 'ended', subject: string) =>
    workers.journal().filter(entry => entry.what === what && entry.subjectId === subject)

  const poison = uuidv7()
  const started = await Promise.all([1, 2].map(() => workers.start({ jobMs: 60, poison })))
  const alive = () => started.filter(worker => !isOver(worker))
  const startAnother = async () => void started.push(await workers.start({ jobMs: 5, poison }))

  t.test('a worker that was thought dead changes nothing when it wakes, and goes on working', async t => {
    const subject = uuidv7()
    await queue.enqueue(practiceId, [subject])
    await until('one works', () => times('began', subject).length === 1)
    const zombie = started.find(({ pid }) => pid === times('began', subject)[0]?.pid)
    zombie?.kill('SIGSTOP')
    await queue.passTime()
    await until('the other does it', () => allDone([subject]))
    const [before] = await jobsOf([subject])
    zombie?.kill('SIGCONT')
    await until('it wakes', () => times('ended', subject).length === 2)
    await sleep(100)
    t.same((await jobsOf([subject]))[0], before)
    counts.jobs += 1
    counts.zombies += 1
  })

  t.test(
    'two workers and two relays: what one of them leaves when it dies, the other does, once',
    async t => {
      const subjects = ids(here.amount(24, 400))
      const [first] = started
      if (!first) throw new Error('There is no worker')
      await queue.enqueue(practiceId, subjects)
      const open = () =>
        subjects.filter(
          subject => times('began', subject)[0]?.pid === first.pid && times('ended', subject).length === 0,
        )
      await until('it works', () => open().length > 0)
      await killed(first)
      const left = open()
      await until('the other has done the rest', async () =>
        (await jobsOf(subjects.filter(subject => !left.includes(subject)))).every(
          // The first may have ended one and not said so.
          job => job.done_at !== null || times('began', job.subject_id)[0]?.pid === first.pid,
        ),
      )
      await queue.passTime()
      await until('all is done', () => allDone(subjects))
      const ended = subjects.map(subject => times('ended', subject).length)
      // It may end one, and die before it says so.
      t.ok(ended.every(count => count === 1 || count === 2))
      t.ok(ended.filter(count => count === 2).length <= limits.jobs.atOnce)
      t.ok(subjects.every(subject => times('began', subject).length <= (left.includes(subject) ? 2 : 1) + 1))
      counts.jobs += subjects.length
      counts.deaths += 1
      counts.interrupted += left.length
    },
  )

  t.test('a job that kills whoever does it is given up, and the queue moves past it', async t => {
    const { retryLimit } = queues[someQueue]
    // In the short form the attempts before the last one are taken as made.
    const before = here.long ? 0 : retryLimit
    const good = ids(here.amount(8, 60))
    await queue.enqueueTried(practiceId, poison, before)
    await queue.enqueue(practiceId, good)
    const isGivenUp = async () => (await jobsOf([poison]))[0]?.state === 'failed'
    let deaths = 0
    while (!(await isGivenUp())) {
      await until('it kills its worker', () => alive().length === 0)
      deaths += 1
      if (deaths > retryLimit + 1) throw new Error('It is never given up')
      await queue.passTime()
      await startAnother()
    }
    await until('the others are done', () => allDone(good))
    t.equal(before + deaths, retryLimit + 1, 'after as many deaths as there may be attempts')
    t.ok(good.every(subject => times('ended', subject).length === 1))
    t.equal((await jobsOf([poison]))[0]?.done_at, null)
    await Promise.all(alive().map(killed))
    counts.jobs += good.length + 1
    counts.deaths += deaths
  })

  t.test('mail goes out once, but for a death between the taking of it and the note that it was', async t => {
    const sink = await startSmtpServer()
    t.teardown(() => sink.close())
    const mails = async () =>
      (await admin.query<{ id: string }>('select id from cairn.mails order by id')).rows.map(row => row.id)
    for (let n = 0; n < here.amount(2, 12); n++) await makeInvited(ground)
    const doomed = await workers.start({ smtpUrl: sink.url })
    let diedFor = ''
    sink.onMessage = id => {
      if (diedFor === '') {
        diedFor = id
        doomed.kill('SIGKILL')
      }
    }
    await until('it dies', () => isOver(doomed))
    const successor = await workers.start({ smtpUrl: sink.url })
    await queue.passTime()
    await until('every mail is sent', async () => {
      const { rowCount } = await admin.query('select from cairn.mails where sent_at is null')
      return rowCount === 0
    })
    await killed(successor)
    const all = await mails()
    for (const id of all) {
      const count = sink.taken.filter(taken => taken.id === id).length
      // The others of the same hand are being sent at the same moment, and may be in the same gap.
      t.ok(count === 1 || count === 2, `${count} times under one Message-ID`)
      if (count > 1) counts.mailsTwice += 1
    }
    t.equal(
      sink.taken.filter(({ id }) => id === diedFor).length,
      2,
      'the receiver can tell by the Message-ID',
    )
    counts.mails += all.length
    counts.deaths += 1
  })

  t.test('counts', async () => here.report(counts))
})
