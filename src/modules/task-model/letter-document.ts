import type { PracticeTransaction } from '../../lib/database/practice-transaction.ts'
import { drawHead, drawPaper, drawText } from '../../lib/pdf.ts'
import { findPractice } from '../practice/index.ts'
import type { JourneyPlace } from './journey-door.ts'
import { getLetter } from './letters.service.ts'

/**
 * A letter on paper: its words as they were written, and the name of the practice. The file's own properties name nobody.
 *
 * @throws Problem `not-found`
 */
export async function printLetter(
  trx: PracticeTransaction,
  place: JourneyPlace & { letterId: string },
): Promise<Uint8Array> {
  const [letter, practice] = await Promise.all([getLetter(trx, place), findPractice(trx)])
  const paper = { title: 'Letter', createdAt: letter.writtenAt, foot: 'Confidential' }
  return drawPaper(paper, pdf => {
    drawHead(pdf, practice?.name ?? '', 'Letter')
    for (const paragraph of letter.text.split('\n\n')) drawText(pdf, paragraph)
  })
}
