import t from 'tap'
import { createPattern, layLike } from '../support/others-work.ts'
import { day } from '../support/recovery.ts'
import { keepingReads, type Work, workOf } from '../support/rows-read.ts'
import { createTestApp } from '../support/test-app.ts'

// What a request looks at depends on what it is about. Ten times as much work of colleagues, and in another practice, makes
// it look at no more rows: row security forbids most operators an index, so a filter that seems to be narrow may not be.

const own = { clients: 5, checkIns: 300 }
const others = [200, 2_000] as const

t.test('what others have costs a clinician nothing', async t => {
  const test = await createTestApp(t, { alone: 'reads what its own connections ask' })
  const pattern = () => createPattern(test, own.checkIns)
  const [here, elsewhere] = [await pattern(), await pattern()]
  const colleague = await here.ground.practice.staff(['clinician'])
  const stranger = await elsewhere.ground.practice.staff(['clinician'])

  const { clinician, supervisor, chartId } = here.ground
  const asked = keepingReads(test)
  const requests = [
    { name: 'the caseload of a clinician', by: clinician, url: '/v1/journeys?sort=progress' },
    { name: 'the caseload of a supervisor', by: supervisor, url: '/v1/journeys?sort=progress' },
    { name: 'a journey', by: clinician, url: `/v1/charts/${chartId}/journeys/${here.journey.id}` },
    {
      name: 'the trend of check-ins',
      by: clinician,
      url: `/v1/charts/${chartId}/check-in-trends?by=week&from=${day(-own.checkIns)}`,
    },
  ]
  const plans = ['force_custom_plan', 'force_generic_plan'] as const

  async function measure(): Promise<Work[]> {
    const found: Work[] = []
    for (const { name, by, url } of requests) {
      asked()
      const { status, body } = await by.get(url)
      t.equal(status, 200, name)
      if (body.data) t.equal(body.data.length, own.clients, name)
      const statements = asked()
      t.ok(statements.length > 0, name)
      const as = { practiceId: here.ground.practice.id, caller: by }
      for (const plan of plans) found.push(await workOf(test, as, statements, plan))
    }
    return found
  }

  await layLike(test, here, clinician.staffId, own.clients - 1)
  const [few, many] = others
  await layLike(test, here, colleague.staffId, few)
  await layLike(test, elsewhere, stranger.staffId, few)
  const before = await measure()
  await layLike(test, here, colleague.staffId, many - few)
  await layLike(test, elsewhere, stranger.staffId, many - few)
  const after = await measure()
  for (const [index, is] of after.entries()) {
    const was = before[index] ?? is
    const name = `${requests[Math.floor(index / plans.length)]?.name}, ${plans[index % plans.length]}`
    t.comment(`${name}: ${was.rows} rows, ${was.pages} pages; then ${is.rows}, ${is.pages}`)
    t.ok(is.rows <= was.rows + 5, `${name}: ${was.rows} rows, then ${is.rows}`)
    // An index that is ten times as large may be a level deeper. A plan that looks at fewer rows is another one.
    t.ok(is.rows < was.rows || is.pages <= was.pages * 1.6, `${name}: ${was.pages} pages, then ${is.pages}`)
  }
})
