import { readFileSync } from 'node:fs'
import scalar from '@scalar/fastify-api-reference'
import type { FastifyInstance, FastifyReply } from 'fastify'
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
  // Only its script is used: the page around it is ours, for the sign-in.
  await app.register(scalar, { routePrefix: '/docs/reference', configuration: { url: '/openapi.json' } })
}
