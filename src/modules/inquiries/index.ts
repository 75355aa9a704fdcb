import type { FastifyInstance } from 'fastify'
import { inquiryRoutes } from './inquiries.routes.ts'
import { passInquiryAgain } from './inquiry-door.ts'

export { anonymizeInquiries } from './retention.ts'

/** First contact: whoever asks for care, until they are a client or it comes to nothing. */
export default async function inquiries(app: FastifyInstance) {
  app.registerDoor('inquiry', (trx, { id, need }) => passInquiryAgain(trx, id, need))
  for (const route of inquiryRoutes) app.route(route)
}
