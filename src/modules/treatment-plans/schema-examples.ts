/** The ids, the hash and the instant of this module's examples. */
export const exampleIds = {
  plan: '019c0000-0000-7000-8000-0000000000a1',
  review: '019c0000-0000-7000-8000-0000000000a2',
  progress: '019c0000-0000-7000-8000-0000000000a3',
  chart: '019c0000-0000-7000-8000-0000000000b1',
  client: '019c0000-0000-7000-8000-0000000000c1',
  relatedPerson: '019c0000-0000-7000-8000-0000000000c9',
  staff: '019c0000-0000-7000-8000-0000000000f1',
}

export const exampleHash = '9b3c1d5e7f80912a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809112'
export const when = '2026-11-20T18:00:00.000Z'
