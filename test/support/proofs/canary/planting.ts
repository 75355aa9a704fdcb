import { execFile } from 'node:child_process'
import { asAdmin } from '../../test-server.ts'
import type { Form, Hit } from './forms.ts'
import type { Stage } from './stage.ts'

/** Plants other words in every place that is searched, in every form. */
export async function plant(stage: Stage, control: readonly Form[]): Promise<void> {
  await asAdmin(stage.test.adminUrl, async admin => {
    await admin.query('create schema control')
    await admin.query('create table control.planted (words text, bytes bytea, listed jsonb)')
    const insert = 'insert into control.planted values ($1, $2, $3)'
    for (const { bytes } of control) await admin.query(insert, [null, bytes, null])
    for (const text of readable(control).map(wordsOf)) {
      await admin.query(insert, [text, null, JSON.stringify([text])])
      await admin.query(`do $$ begin raise warning '%', ${admin.escapeLiteral(text)}; end $$`)
    }
  })
  await fetch(stage.otlpUrl, { method: 'POST', body: Buffer.concat(control.map(({ bytes }) => bytes)) })
  stage.hear('control', await shout(readable(control).map(wordsOf).join('\n')))
}

/** Forms that can stand in a text: those of two bytes a letter cannot. */
export const readable = (control: readonly Form[]) => control.filter(({ bytes }) => !bytes.includes(0))
const wordsOf = ({ bytes }: Form) => bytes.toString('latin1')

/** Forms of what was planted that were not found. */
export const missingOf = (planted: readonly Form[], hits: readonly Hit[]) => {
  const found = new Set(hits.map(hit => hit.form))
  return planted.map(one => one.form).filter(form => !found.has(form))
}

function shout(text: string): Promise<string> {
  const script = 'process.stdout.write(process.argv[1]); process.stderr.write(process.argv[1])'
  return new Promise(resolve =>
    execFile(process.execPath, ['-e', script, text], (_error, out, err) => resolve(`${out}${err}`)),
  )
}
