import { readFileSync } from 'node:fs'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { problemsPage } from './problems-page.ts'

const outsideContract = 'pages that explain the contract'
const asset = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')

/** Scripts and styles from here only; Scalar sets styles inline. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** `/docs`: the reference with a sign-in of its own, and `/docs/problems`. Served locally, nothing from outside. */
export default async function docsPage(app: FastifyInstance) {
  app.addHook('onRoute', route => {
    route.config = { ...route.config, outsideContract }
  })
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', contentPolicy)
  })
  const send = (reply: FastifyReply, type: string, text: string) =>
    reply.type(`${type}; charset=utf-8`).send(text)
  const page = asset('page.html')
  const script = asset('page.js')
  const style = asset('page.css')
  const problems = problemsPage()
  app.get('/docs', async (_request, reply) => send(reply, 'text/html', page))
  app.get('/docs/page.js', async (_request, reply) => send(reply, 'text/javascript', script))
  app.get('/docs/page.css', async (_request, reply) => send(reply, 'text/css', style))
  app.get('/docs/problems', async (_request, reply) => send(reply, 'text/html', problems))
  let reference: Promise<string> | undefined
  app.get('/docs/reference/js/scalar.js', async (_request, reply) => {
    reference ??= loadReference()
    return send(reply, 'text/javascript', await reference)
  })
}

/**
 * Scalar's script. Only that is used: the page around it is ours, for the sign-in. Its package gives it away as a
 * plugin alone, and loads three hundred modules: not before somebody looks at the docs.
 */
async function loadReference(): Promise<string> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const beside = fastify()
  await beside.register(scalar, { routePrefix: '/reference', configuration: { url: '/openapi.json' } })
  const { payload } = await beside.inject('/reference/js/scalar.js')
  await beside.close()
  return payload
}
