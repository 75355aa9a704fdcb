import t from 'tap'
import { kinds, reasonWords, statuses } from '../../src/modules/recovery/records/kinds/index.ts'
import { createAjv } from '../../src/plugins/validation.ts'
import { createTestApp } from '../support/test-app.ts'
import { asAdmin } from '../support/test-server.ts'

// The kinds are declared in code, and their words stand in the checks of the table: both are the same.

t.test('kinds, statuses, classes and reasons of the code are those of the database', async t => {
  const test = await createTestApp(t)
  const checks = await asAdmin(test.adminUrl, async admin => {
    const { rows } = await admin.query<{ name: string; words: string }>(
      `select conname as name, pg_get_constraintdef(oid) as words from pg_constraint
       where contype = 'c' and conrelid = any(array['cairn.recovery_records', 'cairn.recovery_record_revisions']::regclass[])`,
    )
    return new Map(rows.map(({ name, words }) => [name, words]))
  })
  const wordsOf = (name: string) =>
    [...(checks.get(name) ?? '').matchAll(/'([a-z_]+(?: [a-z_]+)?)'::text/g)].map(([, word]) => word).sort()
  const kindWords = kinds.map(({ kind }) => kind)
  const pairs = kinds.flatMap(kind => kind.statuses.map(status => `${kind.kind} ${status}`))
  const classes = kinds.flatMap(kind => kind.dataClasses.map(dataClass => `${kind.kind} ${dataClass}`))
  t.same(wordsOf('recovery_records_kind_check'), kindWords.toSorted())
  t.same(wordsOf('recovery_records_status_check'), statuses.toSorted())
  t.same(wordsOf('recovery_record_revisions_status_check'), statuses.toSorted())
  t.same(wordsOf('recovery_records_kind_status_check'), pairs.toSorted())
  t.same(wordsOf('recovery_records_kind_class_check'), classes.toSorted())
  t.same(wordsOf('recovery_record_revisions_reason_check'), reasonWords.toSorted())
})

t.test('every kind is well-formed', async t => {
  for (const kind of kinds) {
    const { steps, over = [], locked = [], oneIn = [], reasons = {}, statuses: own } = kind
    const named = [...Object.values(steps).flat(), ...over, ...locked, ...oneIn, ...Object.keys(reasons)]
    t.ok(
      named.every(status => own.includes(status)),
      `${kind.kind} names statuses of its own only`,
    )
    const reachable = new Set([kind.initial])
    for (const status of reachable) for (const next of steps[status] ?? []) reachable.add(next)
    t.same([...reachable].toSorted(), own.toSorted(), `${kind.kind}: every status can be reached`)
    for (const status of own)
      t.equal(
        steps[status]?.includes('withdrawn'),
        status !== 'withdrawn',
        `${kind.kind} ${status} can be withdrawn`,
      )
    if (kind.log) t.same(own, ['recorded', 'withdrawn'], `${kind.kind} is a log`)
    t.ok(createAjv().validate(kind.content, kind.example), `${kind.kind}: its example fits`)
    const { keys = [], measures = [] } = kind.indexed?.(kind.example) ?? {}
    t.ok(
      keys.every(key => key === null || /^[a-z_]+$|^[A-Z]{3}$|^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(key)),
      `${kind.kind}: its keys are words of lists`,
    )
    t.ok(
      measures.every(measure => measure === null || Number.isFinite(measure)),
      `${kind.kind}: its measures are numbers`,
    )
    for (const related of kind.related?.kinds ?? [])
      t.ok(
        kinds.some(({ kind }) => kind === related),
        `${kind.kind} belongs to a kind that is there`,
      )
  }
})
