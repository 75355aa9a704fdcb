import pg from 'pg'
import t from 'tap'
import { verifyPracticeNotes } from '../../src/commands/notes.ts'
import { PracticeTransaction } from '../../src/lib/database/practice-transaction.ts'
import { systemScope } from '../../src/lib/scope.ts'
import { verifyNotes } from '../../src/modules/session-notes/index.ts'
import { createTestPractice } from '../support/practice.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import { addAddendum, marker, signedNote, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

const signedTables = [
  'session_note_contents',
  'session_note_signatures',
  'session_note_addenda',
  'session_note_corrections',
  'session_note_figures',
  'session_note_objectives',
  'session_note_locks',
]

t.test('signed is final in the database too', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const supervisor = await practice.staff(['supervisor'])
  const author = await practice.staff(['clinician'], {
    supervisorId: supervisor.staffId,
    cosignRequired: true,
  })
  const { chartId } = await bookable.client([author])

  /** A note with everything a note can have: two revisions, both signatures, an addendum and a mark. */
  async function fullNote(): Promise<string> {
    const pending = await signedNote(author, chartId)
    const { id } = pending.body
    await step(supervisor, id, 'return', 2, { remarks: `Remark ${marker}` })
    await step(author, id, 'signature', 3)
    await step(supervisor, id, 'cosignature', 4)
    await step(author, id, 'lock', 5)
    await addAddendum(author, id, `Addendum ${marker}`)
    const marked = await step(author, id, 'entered-in-error', 7, { reason: `Reason ${marker}` })
    t.equal(marked.status, 200)
    return id
  }

  const verify = () => verifyPracticeNotes(test.house.database, practice.id)

  /** What verification finds while a change by the administrator stands; it is rolled back afterwards. */
  const findingsAfter = (statement: string, noteId: string) =>
    asAdmin(test.adminUrl, async admin => {
      await admin.query('set search_path to cairn')
      admin.setTypeParser(pg.types.builtins.DATE, (text: string) => text)
      await admin.query('begin')
      await admin.query(statement, [noteId])
      const scope = systemScope(practice.id, 'verify-notes')
      // One after the other: pg stops keeping what is asked meanwhile.
      let turn: Promise<pg.QueryResult | undefined> = Promise.resolve(undefined)
      const trx = new PracticeTransaction(scope, test.house.database, ({ sql, parameters }) => {
        const answer = turn.then(() => admin.query(sql, [...parameters]))
        turn = answer.catch(() => undefined)
        return answer
      })
      return (await verifyNotes(trx, { after: undefined, limit: 100 })).findings
    })

  t.test('the runtime role can add to what was signed, not change or remove it', async t => {
    await fullNote()
    const app = new pg.Client({ connectionString: test.appUrl })
    await app.connect()
    t.teardown(() => app.end())
    for (const table of signedTables) {
      for (const statement of [
        `update cairn.${table} set practice_id = practice_id`,
        `delete from cairn.${table}`,
        `truncate cairn.${table} cascade`,
      ]) {
        await app.query('begin')
        await app.query('select app.use_practice($1, $2, false)', [practice.id, author.actorId])
        await t.rejects(app.query(statement), { code: '42501' }, statement)
        await app.query('rollback')
      }
    }
  })

  t.test('no text of a note, draft, addendum, remark or reason lies open in any table', async t => {
    await fullNote()
    await startNote(author, chartId)
    const tables = await bookable.run(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'cairn' and c.relkind = 'r'`,
      [],
    )
    const hex = Buffer.from(marker).toString('hex')
    for (const { name } of tables) {
      const [found] = await bookable.run(
        `select count(*)::int as rows from cairn.${name} x where strpos(x::text, $1) > 0 or strpos(x::text, $2) > 0`,
        [marker, hex],
      )
      t.equal(found?.rows, 0, String(name))
    }
    t.notOk(test.logLines.some(line => line.includes(marker)))
  })

  t.test('verification finds nothing in what the service wrote', async t => {
    const { checked, findings } = await verify()
    t.ok(checked >= 2)
    t.same(findings, [])
  })

  const tamperings: Record<string, { sql: string; problem: string }> = {
    'a changed text': {
      sql: 'update session_note_contents set document = set_byte(document, 40, get_byte(document, 40) # 1) where note_id = $1 and revision = 1',
      problem: 'content-altered',
    },
    'the text of another revision': {
      sql: `update session_note_contents c set document = (select document from session_note_contents o
        where o.note_id = c.note_id and o.revision = 1) where c.note_id = $1 and c.revision = 2`,
      problem: 'content-altered',
    },
    'another hash': {
      sql: `update session_note_signatures set content_hash = sha256('x') where note_id = $1 and role = 'author'`,
      problem: 'signature-altered',
    },
    'a signature dated back': {
      sql: `update session_note_signatures set signed_at = signed_at - interval '3 days' where note_id = $1 and role = 'cosigner'`,
      problem: 'signature-altered',
    },
    'other credentials': {
      sql: `update session_note_signatures set credentials = 'Somebody Else, MD' where note_id = $1 and role = 'author'`,
      problem: 'signature-altered',
    },
    'a signature taken away': {
      sql: `delete from session_note_signatures where note_id = $1 and role = 'author'`,
      problem: 'signature-missing',
    },
    'a head that says another day': {
      sql: 'update session_notes set session_date = session_date - 1 where id = $1',
      problem: 'header-altered',
    },
    'a late entry made timely': {
      sql: 'update session_notes set late_entry = not late_entry where id = $1',
      problem: 'header-altered',
    },
    'a mark that was wiped off': {
      sql: `update session_notes set status = 'cosigned' where id = $1`,
      problem: 'status-altered',
    },
    'a lock in nobody’s name': {
      sql: 'update session_note_locks set locked_by = null where note_id = $1',
      problem: 'lock-altered',
    },
    'other kinds of work': {
      sql: `update session_notes set part_kinds = '{emdr}' where id = $1`,
      problem: 'header-altered',
    },
    'a changed addendum': {
      sql: 'update session_note_addenda set document = set_byte(document, 40, get_byte(document, 40) # 1) where note_id = $1',
      problem: 'addendum-altered',
    },
    'an addendum under another name': {
      sql: 'update session_note_addenda set author_id = (select supervisor_id from staff_members s where s.id = author_id) where note_id = $1',
      problem: 'addendum-altered',
    },
    'a changed reason': {
      sql: `update session_note_corrections set document = set_byte(document, 40, get_byte(document, 40) # 1) where note_id = $1 and kind = 'entered_in_error'`,
      problem: 'correction-altered',
    },
  }

  t.test('verification finds what was done behind the service’s back', async t => {
    const noteId = await fullNote()
    for (const [name, { sql, problem }] of Object.entries(tamperings)) {
      const findings = await findingsAfter(sql, noteId)
      t.same([...new Set(findings.map(finding => finding.noteId))], [noteId])
      t.ok(
        findings.some(finding => finding.problem === problem),
        `${name}: ${JSON.stringify(findings)}`,
      )
    }
    t.same((await verify()).findings, [])
  })
})
