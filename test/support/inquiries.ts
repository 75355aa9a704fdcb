/** What somebody says who calls: obviously fictional. */
export const newInquiry = (changes: object = {}) => ({
  source: 'podcast',
  askedFor: ['individual'],
  person: {
    givenName: 'Casey',
    familyName: 'Example',
    preferredName: null,
    pronouns: null,
    birthDate: '1990-05-01',
  },
  contact: {
    role: 'self',
    givenName: null,
    familyName: null,
    points: [{ system: 'phone', value: '(555) 555-0123', kind: 'mobile', primary: true }],
  },
  words: { selfDescription: 'It has got out of hand (fictional).', concern: 'Is this the right place?' },
  ...changes,
})
