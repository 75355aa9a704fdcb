/** Where a diary card's content stands; sealed for one card, it does not open in another. */
export const sealedCard = (cardId: string) => ({
  table: 'dbt_diary_cards',
  column: 'content_sealed',
  rowId: cardId,
  rowVersion: 1,
})
