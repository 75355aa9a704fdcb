import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createTestPractice } from '../support/practice.ts'
import { createBookablePractice } from '../support/scheduling.ts'
import { headerFor, office, sessionEnding, startNote, step } from '../support/session-notes.ts'
import { createTestApp } from '../support/test-app.ts'

interface Warning {
  pointer: string
  code: string
}

const asKeys = (warnings: Warning[]) => warnings.map(({ pointer, code }) => `${pointer} ${code}`)

t.test('what a session should say of itself', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const bookable = await createBookablePractice(test, practice)
  const author = await practice.staff(['clinician'])
  const { clientId, chartId } = await bookable.client([author])
  const present = { attendance: [{ clientId, presence: 'present' }], risk: { status: 'denied' } }
  const warned = async (more: Record<string, unknown>) => {
    const { status, body } = await startNote(author, chartId, more)
    t.equal(status, 201, JSON.stringify(body))
    return asKeys(body.checks.warnings)
  }
  const untimed = { startedAt: null, endedAt: null, sessionDate: '2026-01-05' }

  t.test('times, place and check-in are warned about where somebody was there', async t => {
    const at = (kind: string, more: object = {}) => ({ header: { ...present, place: { kind, ...more } } })
    const checkIn = { address: 'x', emergencyContact: 'y', confirmedPrivate: true }
    const { startedAt } = sessionEnding(1)
    const table: [Record<string, unknown>, string[]][] = [
      [at('office'), []],
      [{ header: present }, ['/header/place place_missing']],
      [{ header: present, ...untimed }, ['/startedAt times_missing', '/header/place place_missing']],
      [{ ...at('office'), startedAt, endedAt: null }, ['/endedAt times_missing']],
      [at('telehealth_home'), ['/header/place/checkIn check_in_missing']],
      [at('telehealth_other'), ['/header/place/checkIn check_in_missing']],
      [at('phone'), ['/header/place/checkIn check_in_missing']],
      [at('telehealth_home', { checkIn }), []],
      [at('home_visit'), []],
      [{ header: { ...present, attendance: [{ clientId, presence: 'absent' }] }, ...untimed }, []],
    ]
    for (const [more, expected] of table) t.same(await warned(more), expected)
  })

  t.test('a contact without a session with the client is not warned about', async t => {
    const part = (kind: string, content: object) => ({ id: randomUUID(), kind, content })
    const call = part('case_management', { needs: ['housing'], actions: ['referral'] })
    const { body: kinds } = await author.get('/v1/note-part-kinds')
    t.ok(kinds.data.some(({ kind }: { kind: string }) => kind === 'case_management'))
    const begin = (parts: object[]) =>
      author.post(`/v1/charts/${chartId}/session-notes`, {
        template: 'case_management',
        sessionDate: '2026-01-05',
        header: present,
        parts,
      })
    const one = await begin([{ ...call, content: {} }])
    t.same(asKeys(one.body.checks.warnings), [])
    const both = await begin([{ ...call, content: {} }, part('cbt', {})])
    t.match(asKeys(both.body.checks.warnings), ['/startedAt times_missing', '/header/place place_missing'])
  })

  t.test('signed only with a reason for each, which stays with the note', async t => {
    const { body } = await startNote(author, chartId, { header: present, ...untimed })
    const refused = await step(author, body.id, 'signature', body.version)
    t.equal(refused.status, 409)
    t.same(asKeys(refused.body.errors), ['/startedAt times_missing', '/header/place place_missing'])
    const overrides = refused.body.errors.map(({ pointer, code }: Warning) => ({
      pointer,
      code,
      reason: 'Written down on paper (fictional).',
    }))
    const signed = await step(author, body.id, 'signature', body.version, { overrides })
    t.match(signed.body, { status: 'signed', overrides })
  })

  t.test('diagnoses are of the list, and valid on the day of the session', async t => {
    const admin = await practice.staff(['supervisor'])
    const imported = await admin.post('/v1/diagnosis-codes/import', {
      system: 'icd10cm',
      source: 'Fictional list',
      codes: [{ code: 'Z99.99', label: 'Fictional', validFrom: '2020-01-01', validTo: '2025-12-31' }],
    })
    t.equal(imported.status, 200, JSON.stringify(imported.body))
    const header = { ...(await headerFor(author, chartId)), place: office }
    const coded = (...codes: string[]) => ({
      header: { ...header, diagnoses: codes.map(code => ({ system: 'icd10cm', code })) },
    })
    const unlisted = await startNote(author, chartId, coded('F41.1', 'Q00.00'))
    t.match(unlisted, { status: 422, body: { errors: [{ pointer: '/header/diagnoses/1/code' }] } })
    const { body: note } = await startNote(author, chartId, coded('F41.1'))
    t.same(note.checks.warnings, [])
    const save = (change: object, ifMatch: number) =>
      author.patch(`/v1/session-notes/${note.id}`, change, { ifMatch })
    t.equal((await save({ header: { diagnoses: [{ system: 'icd11', code: 'F41.1' }] } }, 1)).status, 422)
    t.equal((await save({ header: { diagnoses: coded('Z99.99').header.diagnoses } }, 1)).status, 200)
    const refused = await step(author, note.id, 'signature', 2)
    t.match(refused, {
      status: 409,
      body: { errors: [{ pointer: '/header/diagnoses/0', code: 'diagnosis_not_valid' }] },
    })
    const then = { startedAt: '2025-11-03T18:00:00.000Z', endedAt: '2025-11-03T18:50:00.000Z' }
    t.equal((await save(then, 2)).status, 200)
    t.equal((await step(author, note.id, 'signature', 3)).status, 200, 'valid on the day of the session')
  })
})
