import { drawFact, drawHead, drawItem, drawPaper, drawSection, drawSmall, wordsOf } from '../../../lib/pdf.ts'
import type { Itinerary } from './itinerary.schemas.ts'

export interface PrintedItinerary {
  practiceName: string
  /** Of the participant; null where the caller may not know it. */
  name: string | null
  itinerary: Itinerary
  createdAt: string
}

/** The days of one participant on paper. The same itinerary always gives the same bytes. */
export function drawItinerary({
  practiceName,
  name,
  itinerary,
  createdAt,
}: PrintedItinerary): Promise<Uint8Array> {
  const paper = { title: 'Itinerary', createdAt, foot: `Confidential · version ${itinerary.version}` }
  return drawPaper(paper, pdf => {
    drawHead(pdf, practiceName, 'Itinerary')
    if (name !== null) drawFact(pdf, 'For', name)
    drawFact(pdf, 'Where', [itinerary.locationName, itinerary.address].filter(Boolean).join(', '))
    for (const { date, blocks } of itinerary.days) {
      const standing = blocks.filter(({ status }) => status === 'booked' || status === 'given')
      drawSection(pdf, date, standing, block =>
        drawItem(
          pdf,
          `${block.localStart}–${block.localEnd}`,
          wordsOf(block.kind === 'emdr' ? 'EMDR' : block.kind),
          [...block.clinicians, ...(block.room ? [block.room] : [])].join(', ') || null,
        ),
      )
    }
    drawSmall(pdf, `Times are those of ${itinerary.timeZone.replaceAll('_', ' ')}.`)
  })
}
