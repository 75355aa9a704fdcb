import type { Test } from 'tap'
import { read } from '../eight-months/cast.ts'
import { fillPath, operationsOf } from '../operations.ts'
import type { Caller } from '../practice.ts'
import { each } from '../proofs/canary/walk.ts'
import { completedNote, notes } from '../psychotherapy-notes.ts'
import { type Body, type Cast, day, noteUrl } from './cast.ts'

const word = 'zzmedallion'

/** What the lead wrote for themselves is found by nobody else, whatever they read. */
export async function tellThePrivateNote(t: Test, cast: Cast, sessionNote: Body): Promise<void> {
  const { practice, supervisor, biller, colleague, integration, lead, caleb, coupleId } = cast
  const id = await completedNote(lead, caleb.chartId, {
    conversationOn: day(2),
    text: `Why did I hurry? (${word})`,
  })
  t.match((await read(lead, `${notes}/${id}`)).text, word)
  const others: Readonly<Record<string, Caller>> = {
    'the owner': practice.owner,
    'the biller': biller,
    'the lead’s own supervisor': supervisor,
    'a colleague in the same chart': colleague,
    'an integration': integration,
    'Caleb himself': caleb.portal,
  }
  const known = {
    chartId: caleb.chartId,
    clientId: caleb.clientId,
    coupleId,
    staffId: lead.staffId,
    practiceId: practice.id,
    noteId: sessionNote.id,
    psychotherapyNoteId: id,
  }
  const urls = operationsOf(cast.test.app)
    .filter(({ method, permission }) => method === 'GET' && permission !== 'public')
    .map(operation => {
      const query = operation.parameters
        .filter(({ in: where, required, name }) => where === 'query' && (required || name === 'limit'))
        .map(({ name, example }) => [name, name === 'limit' ? '200' : String(example)])
      const search = new URLSearchParams(Object.fromEntries(query))
      return { operation, url: `${fillPath(operation.path, known)}?${search}` }
    })
  t.ok(
    urls.some(({ url }) => url.startsWith(`${notes}/${id}?`)),
    'its own address is among them',
  )
  const found = async (by: Caller, words: string): Promise<string[]> => {
    const { body } = await by.post(`${caleb.url}/note-search`, { words })
    return (body.data ?? []).map(({ noteId }: Body) => noteId)
  }
  t.same(await found(colleague, '"put away"'), [sessionNote.id], 'what is no secret is found')
  let answered = 0
  for (const [name, by] of Object.entries(others)) {
    await each(urls, 8, async ({ operation, url }) => {
      const { status, body, headers } = await by.get(url)
      const said = JSON.stringify([body, headers])
      // Who reviews the trail is told that somebody was here, and of nothing that stands there.
      const isNamed = operation.id !== 'listAudit' && said.includes(id)
      if (said.includes(word) || isNamed) t.fail(`${name}: ${operation.id}`)
      if (status === 200) answered += 1
    })
    t.not((await by.get(noteUrl(id))).status, 200, `${name}, as if it were a session note`)
    t.same(await found(by, word), [], `${name}, by a search`)
  }
  t.ok(answered > 150, `${answered} readings were answered`)
}
