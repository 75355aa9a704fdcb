import { createHash } from 'node:crypto'
import t from 'tap'
import { PdfDocument } from '../../src/lib/schemas.ts'
import { generateClient } from '../../src/openapi/generate-client.ts'
import { operation } from '../../src/plugins/operations/index.ts'
import { documentOf, type Json } from '../support/api-document.ts'
import { couplePeople } from '../support/couples.ts'
import { textOf } from '../support/pdf-text.ts'
import { type Caller, createTestPractice } from '../support/practice.ts'
import { createTestApp } from '../support/test-app.ts'
import { activePlan, objective, plansOf, startPlan, step } from '../support/treatment-plans.ts'

t.test('a plan on paper', async t => {
  const test = await createTestApp(t)
  const practice = await createTestPractice(test)
  const people = couplePeople(test, practice)
  const clinician = await practice.staff(['clinician'])
  const print = async (
    by: Caller,
    plan: { chartId: string; id: string },
    headers: Record<string, string> = {},
  ) =>
    test.app.inject({
      url: `${plansOf(plan.chartId)}/${plan.id}/document`,
      headers: { authorization: `Bearer ${by.token}`, ...headers },
    })

  t.test('it is a PDF with what was signed, and names nobody in its properties', async t => {
    const alex = await people.client('Alexandria', [clinician])
    const plan = await activePlan(clinician, alex, {
      clientWords: 'Café, naïve — “quoted” \u{1F642} \u4F60 (fictional).',
    })
    const { statusCode, headers, rawPayload } = await print(clinician, plan)
    t.equal(statusCode, 200)
    t.equal(headers['content-type'], 'application/pdf')
    t.equal(headers['content-disposition'], 'attachment; filename="treatment-plan.pdf"')
    t.equal(headers['cache-control'], 'no-store')
    t.match(rawPayload.subarray(0, 8).toString(), /^%PDF-1\.\d/)
    t.match(rawPayload.subarray(-6).toString(), /%%EOF/)
    const text = textOf(rawPayload)
    for (const words of [
      'Treatment plan',
      'Alexandria Example',
      'F63.89',
      'Evenings of my own.',
      'o1',
      'Signatures',
    ])
      t.ok(text.includes(words), words)
    t.ok(text.includes(plan.contentHash), 'the hash that was signed')
    t.match(text, /Caf\u00e9, na\u00efve/)
    const properties = rawPayload.toString('latin1').replace(/stream\n[\s\S]*?\nendstream/g, '')
    t.match(properties, /\(Treatment plan\)/)
    t.notMatch(properties, /Alexandria|Example|fictional/)
  })

  t.test('the same version gives the same bytes, and 304 to whoever has them', async t => {
    const plan = await activePlan(clinician, await people.client('Alex', [clinician]))
    const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    const first = await print(clinician, plan)
    await new Promise(resolve => setTimeout(resolve, 1_100))
    const again = await print(clinician, plan)
    t.equal(hash(again.rawPayload), hash(first.rawPayload))
    const etag = String(first.headers.etag)
    t.match(etag, new RegExp(`^"v${plan.version}-[\\w-]{10}"$`))
    t.equal(again.headers.etag, etag)
    const known = await print(clinician, plan, { 'if-none-match': etag })
    t.equal(known.statusCode, 304)
    t.equal(known.rawPayload.length, 0)
    t.equal(known.headers['content-type'], undefined)
  })

  t.test('what is offered has lines to sign on; a draft is not printed', async t => {
    const alex = await people.client('Alex', [clinician])
    const { body: draft } = await startPlan(clinician, alex.chartId)
    const refused = await print(clinician, draft)
    t.equal(refused.statusCode, 409)
    t.equal(refused.json().code, 'invalid-state')
    t.match(refused.headers['content-type'], /problem\+json/)
    const { body: offered } = await step(clinician, draft, 'offer')
    const { rawPayload } = await print(clinician, offered)
    t.match(textOf(rawPayload), /not signed by everybody yet/)
    t.match(textOf(rawPayload), /_{20}/)
  })

  t.test('a long plan goes over several pages, each with its number', async t => {
    const alex = await people.client('Alex', [clinician])
    const objectives = Array.from({ length: 40 }, (_, index) =>
      objective(`o${index + 1}`, { text: 'A long objective. '.repeat(20) }),
    )
    const { rawPayload } = await print(clinician, await activePlan(clinician, alex, { objectives }))
    const pages = Number(/page 1 of (\d+)/.exec(textOf(rawPayload))?.[1])
    t.ok(pages > 3)
    t.equal(
      [...rawPayload.toString('latin1').matchAll(/\/Type \/Page\n/g)].length,
      pages,
      'and none is empty',
    )
  })

  t.test('behaviors are not printed, and who may not see the chart gets the same 404', async t => {
    const plan = await activePlan(clinician, await people.client('Alex', [clinician]))
    const outsider = await practice.staff(['clinician'])
    const hidden = await print(outsider, plan)
    const missing = await print(clinician, { ...plan, id: plan.chartId })
    t.same({ ...hidden.json(), requestId: '' }, { ...missing.json(), requestId: '' })
    t.equal(hidden.statusCode, 404)
  })

  t.test('the documentation says that it is a PDF, and the client that it is a blob', async t => {
    const document = documentOf(test.app)
    const path = (document.paths as Record<string, Record<string, Json>>)[
      '/v1/charts/{chartId}/treatment-plans/{planId}/document'
    ]
    const responses = path?.get?.responses as Record<string, { content: Json; headers: Json }>
    t.same(Object.keys(responses['200']?.content ?? {}), ['application/pdf'])
    t.same(Object.keys(responses['200']?.headers ?? {}), ['ETag', 'Content-Disposition'])
    t.ok(responses['304'])
    const types = generateClient(document as Parameters<typeof generateClient>[0])
    t.match(types, /PdfDocument: Blob/)
    t.match(types, /'application\/pdf': components\['schemas'\]\['PdfDocument'\]/)
  })

  t.test(
    'only what is read may be something else than JSON: an answer that is replayed is stored as JSON',
    async t => {
      const declare = () =>
        operation({
          method: 'POST',
          path: '/v1/printed',
          operationId: 'print',
          tag: 'Charts',
          summary: 'Print',
          description: 'Prints something.',
          permission: 'any',
          success: { status: 200, schema: PdfDocument, mediaType: 'application/pdf', description: 'A PDF.' },
          handler: async () => ({ status: 200, body: new Uint8Array() }),
        })
      t.throws(declare, /only what is read/)
    },
  )
})
