import t from 'tap'
import { addictionTypes } from '../../src/modules/recovery/addictions/addictions.rules.ts'
import { knownFellowships } from '../../src/modules/recovery/fellowships/fellowships.ts'
import { suggestionsFor } from '../../src/modules/recovery/fellowships/suggestions.rules.ts'
import { fellowships } from '../../src/modules/recovery/records/kinds/fellowship.ts'
import { createRecoveryGround, type RecoveryGround } from '../support/recovery.ts'
import { createTestApp } from '../support/test-app.ts'

t.test('every fellowship that records may name is described once', async t => {
  const described = knownFellowships.map(({ key }): string => key)
  t.same(described.toSorted(), fellowships.filter(key => key !== 'other').toSorted())
  for (const type of addictionTypes)
    t.ok(
      suggestionsFor([{ id: 'a', type }], 'harm_reduction', []).length > 0,
      `${type} has one without abstinence`,
    )
})

t.test('what fits follows from types, philosophy and what was tried', async t => {
  const keys = (...asked: Parameters<typeof suggestionsFor>) =>
    suggestionsFor(...asked).map(({ fellowship }) => fellowship.key)
  const sex = [{ id: 'a', type: 'sex' as const }]
  const groups = ['smart', 'recovery_dharma', 's_anon', 'cosa', 'rca']
  t.same(keys(sex, 'abstinence', []), ['sa', 'saa', 'slaa', 'sca', 'sra', ...groups])
  t.same(keys(sex, 'integrated', []), ['sa', 'saa', 'slaa', 'sca', 'sra', ...groups])
  t.same(
    keys(sex, 'harm_reduction', []),
    ['saa', 'slaa', 'sca', ...groups],
    'none that sets what sobriety is',
  )
  const alcohol = [{ id: 'b', type: 'alcohol' as const }]
  t.same(keys(alcohol, 'harm_reduction', []), [
    'smart',
    'recovery_dharma',
    'moderation_management',
    'hams',
    'al_anon',
    'nar_anon',
    'rca',
  ])
  t.notOk(keys(alcohol, 'abstinence', []).includes('hams'))
  t.same(keys([], 'integrated', []), [])
  const tried = [
    { fellowship: 'saa', status: 'stopped' },
    { fellowship: 'slaa', status: 'stopped' },
    { fellowship: 'slaa', status: 'attending' },
  ]
  const left = suggestionsFor([...sex, ...alcohol], 'integrated', tried)
  t.notOk(
    left.some(({ fellowship }) => fellowship.key === 'saa'),
    'what was left is not brought up again',
  )
  t.equal(left.find(({ fellowship }) => fellowship.key === 'slaa')?.participation, 'attending')
  t.same(left.find(({ fellowship }) => fellowship.key === 'smart')?.addictionIds, ['a', 'b'])
})

t.test('fellowships that could fit a chart', async t => {
  const test = await createTestApp(t)
  const ground = await createRecoveryGround(test)
  const { practice, clinician, supervisor, chartId, url } = ground
  const suggested = async (one: RecoveryGround) => {
    const { suggestions, ...head } = await one.read('fellowship-suggestions')
    return {
      ...head,
      keys: suggestions.map(({ fellowship }: { fellowship: string }) => fellowship),
      suggestions,
    }
  }
  t.match(await suggested(ground), { philosophy: null, keys: [] })
  const { id } = await ground.addiction({ type: 'gambling' })
  const first = await suggested(ground)
  t.same(first.keys, ['ga', 'smart', 'recovery_dharma', 'gam_anon', 'rca'])
  t.match(first.suggestions[0], {
    title: 'Gamblers Anonymous',
    audience: 'recovering',
    sobrietyBasis: 'set_by_fellowship',
    addictionIds: [id],
    participation: null,
    confidence: 'general_knowledge',
  })
  t.notMatch(first.note, /should|must|need to/, 'nobody is told to go')
  await clinician.put(`${url}/philosophy`, { philosophy: 'harm_reduction', agreedBy: 'both' })
  t.match(await suggested(ground), {
    philosophy: 'harm_reduction',
    keys: ['smart', 'recovery_dharma', 'gam_anon', 'rca'],
  })
  const content = { fellowship: 'smart', audience: 'recovering', meetingsPerWeek: 1 }
  const part = await ground.made('recovery-records', { kind: 'fellowship_participation', content })
  t.match((await suggested(ground)).suggestions[0], { fellowship: 'smart', participation: 'suggested' })
  await clinician.post(
    `${url}/recovery-records/${part.id}/status-changes`,
    { status: 'stopped' },
    { ifMatch: 1 },
  )
  t.same((await suggested(ground)).keys, ['recovery_dharma', 'gam_anon', 'rca'])
  t.equal((await clinician.get('/v1/recovery-reference')).body.fellowships.length, knownFellowships.length)

  const path = `/v1/charts/${chartId}/fellowship-suggestions`
  t.equal((await supervisor.get(path)).status, 200)
  t.equal((await (await practice.staff(['clinician'])).get(path)).status, 404)
  t.equal((await (await practice.staff(['biller'])).get(path)).status, 403)
  t.equal((await (await createRecoveryGround(test)).clinician.get(path)).status, 404)
})
