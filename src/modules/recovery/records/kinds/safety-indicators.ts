/** What points to danger in a close relationship. Not a score: each stands for itself. */
interface SafetyIndicator {
  key: string
  /** Our own short label. */
  explains: string
  /** With a yes to one of these, somebody looks at once, whatever else was said. */
  grave: boolean
  source: string
  confidence: 'verified' | 'general_knowledge'
}

const study = 'J. C. Campbell et al., American Journal of Public Health 93 (2003) 1089–1097'
const adjusted = { source: `${study}: associated in multivariate analysis`, confidence: 'verified' } as const
const single = { source: `${study}: associated by itself`, confidence: 'verified' } as const
const own = {
  source: 'own: asked in practice; no published threshold is applied',
  confidence: 'general_knowledge',
} as const

export const safetyIndicators = [
  { key: 'gun_access', explains: 'The other has a gun at hand.', grave: true, ...adjusted },
  { key: 'weapon_threat', explains: 'The other threatened with a weapon.', grave: true, ...adjusted },
  {
    key: 'stepchild_in_home',
    explains: 'A child lives there that is not the other’s.',
    grave: false,
    ...adjusted,
  },
  { key: 'recent_separation', explains: 'They separated, or are about to.', grave: false, ...adjusted },
  { key: 'control', explains: 'The other controls most of the day.', grave: false, ...adjusted },
  { key: 'stalking', explains: 'The other follows, watches or tracks.', grave: false, ...single },
  { key: 'forced_sex', explains: 'Sex was forced.', grave: true, ...single },
  { key: 'violence_in_pregnancy', explains: 'There was violence in a pregnancy.', grave: false, ...single },
  {
    key: 'strangulation',
    explains: 'There was choking or strangling.',
    grave: true,
    source: 'N. Glass et al., Journal of Emergency Medicine 35 (2008) 329–335',
    confidence: 'general_knowledge',
  },
  { key: 'threat_to_kill', explains: 'The other threatened to kill.', grave: true, ...own },
  { key: 'escalation', explains: 'It is becoming more frequent or worse.', grave: false, ...own },
  { key: 'afraid_now', explains: 'The client is afraid to go home.', grave: true, ...own },
  { key: 'children_exposed', explains: 'Children are there when it happens.', grave: false, ...own },
] as const satisfies readonly SafetyIndicator[]

export const indicatorKeys = safetyIndicators.map(({ key }) => key)

export const graveIndicators: ReadonlySet<string> = new Set(
  safetyIndicators.filter(({ grave }) => grave).map(({ key }) => key),
)
