import { type Static, Type } from 'typebox'
import { given } from '../../../lib/given.ts'
import { CalendarDate, OneOf } from '../../../lib/schemas.ts'
import { content, figure, growing, mean, minutes, rating, several, words } from './fields.ts'
import { rise } from './numbers.ts'
import { listed, type PartFigure, partKind } from './part.ts'

/** Names of thinking errors as they are commonly taught; a practice that uses others writes them down as `other`. */
export const distortions = [
  'all_or_nothing',
  'overgeneralizing',
  'mental_filter',
  'disqualifying_the_positive',
  'mind_reading',
  'fortune_telling',
  'magnifying_or_minimizing',
  'emotional_reasoning',
  'should_statements',
  'labeling',
  'personalizing',
  'entitlement_or_justifying',
  'other',
] as const

const techniques = [
  'socratic_questioning',
  'behavioral_activation',
  'exposure',
  'behavioral_experiment',
  'problem_solving',
  'activity_schedule',
  'urge_surfing',
  'other',
] as const

const strength = (what: string) => rating(0, 100, what)

const ThoughtRecord = growing(
  {
    situation: words('What happened, where and when.'),
    occurredOn: CalendarDate('The day of it.', '2026-11-20'),
    emotions: several(
      growing(
        {
          name: words('In the client’s word.', 80),
          before: strength('How strong before'),
          after: strength('How strong after'),
        },
        'A feeling.',
      ),
      'What was felt.',
      20,
    ),
    thoughts: several(
      growing(
        {
          text: words('As it came.', 1_000),
          hot: Type.Boolean({ description: 'The thought that the feeling hangs on.' }),
          beliefBefore: strength('How far it was believed before'),
          beliefAfter: strength('How far it was believed after'),
        },
        'An automatic thought.',
      ),
      'What went through the mind.',
      20,
    ),
    distortions: Type.Array(OneOf(distortions), { maxItems: 13, uniqueItems: true }),
    evidenceFor: words('What speaks for the thought.'),
    evidenceAgainst: words('What speaks against it.'),
    balancedThought: words('What takes its place.', 1_000),
    balancedBelief: strength('How far that is believed'),
    action: words('What follows from it.', 1_000),
  },
  'A thought record.',
)

const CbtContent = content({
  mood: growing(
    {
      before: strength('Mood as the session begins, 0 the worst'),
      after: strength('Mood as it ends, 0 the worst'),
    },
    'The mood check.',
  ),
  bridge: words('What links this session to the last one.'),
  agenda: several(
    growing(
      {
        item: words('What.', 200),
        minutes: minutes('Time set aside for it'),
        done: Type.Boolean({ description: 'Whether it was come to.' }),
      },
      'A topic.',
    ),
    'The agenda, in order.',
    20,
  ),
  homeworkReview: several(
    growing(
      {
        item: words('What was agreed.', 500),
        percentDone: rating(0, 100, 'How much of it was done, in percent'),
        obstacles: words('What was in the way.', 1_000),
        learned: words('What it showed.', 1_000),
      },
      'An item of homework.',
    ),
    'Homework since the last session.',
    20,
  ),
  work: several(
    growing({ technique: OneOf(techniques), about: words('On what, and how it went.') }, 'A piece of work.'),
    'What was worked on.',
    20,
  ),
  thoughtRecords: several(ThoughtRecord, 'Thought records.', 10),
  intermediateBelief: words('Rule or assumption that came up.', 1_000),
  coreBelief: words('Core belief that came up.', 1_000),
  homework: several(
    growing(
      {
        what: words('What is to be done.', 500),
        due: CalendarDate('By when.', '2026-11-30'),
        confidence: rating(0, 10, 'How sure the client is to do it'),
      },
      'An item of homework.',
    ),
    'New homework.',
    20,
  ),
  summary: words('What the session came to.'),
  feedback: words('What the client said of the session.'),
})

type Cbt = Static<typeof CbtContent>

type Rated = readonly [before: number | undefined, after: number | undefined]

/** Of what was rated twice: how much less it is after. */
const drops = (pairs: readonly Rated[]) => pairs.flatMap(([before, after]) => rise(after, before) ?? [])

function distortionCounts(records: readonly Static<typeof ThoughtRecord>[]): PartFigure[] {
  const named = records.flatMap(record => record.distortions ?? [])
  return distortions.flatMap(name => {
    const value = named.filter(other => other === name).length
    return value === 0 ? [] : [{ measure: `distortion_${name}`, value }]
  })
}

/**
 * `belief_drop` and `emotion_drop` are means over all thoughts and feelings that were rated twice, in points of 100;
 * `homework_completion` is the mean percentage over the items reviewed; a distortion counts once for each thought record.
 */
function cbtFigures({ mood = {}, homeworkReview = [], thoughtRecords = [] }: Cbt): PartFigure[] {
  const thoughts = thoughtRecords.flatMap(record => record.thoughts ?? [])
  const emotions = thoughtRecords.flatMap(record => record.emotions ?? [])
  return [
    ...figure('mood_before', mood.before),
    ...figure('mood_after', mood.after),
    ...figure('mood_delta', rise(mood.before, mood.after)),
    ...figure('belief_drop', mean(drops(thoughts.map(t => [t.beliefBefore, t.beliefAfter])))),
    ...figure('emotion_drop', mean(drops(emotions.map(e => [e.before, e.after])))),
    ...figure('homework_completion', mean(homeworkReview.flatMap(({ percentDone }) => percentDone ?? []))),
    ...distortionCounts(thoughtRecords),
  ]
}

export const cbt = partKind({
  kind: 'cbt',
  version: 1,
  title: 'Cognitive behavioral work',
  about: 'Mood check, agenda, homework, thought records and techniques of one session.',
  source: 'Session structure and thought record as commonly taught in cognitive therapy; ratings 0 to 100.',
  charts: ['individual', 'couple'],
  content: CbtContent,
  example: {
    mood: { before: 40, after: 55 },
    bridge: 'The call with the landlord (fictional).',
    agenda: [{ item: 'Thought record', minutes: 25, done: true }],
    homeworkReview: [
      { item: 'Write down one worry a day', percentDone: 60, learned: 'Evenings are hardest.' },
    ],
    work: [{ technique: 'socratic_questioning', about: 'What a delay in answering means (fictional).' }],
    thoughtRecords: [
      {
        situation: 'A friend did not write back (fictional).',
        occurredOn: '2026-11-20',
        emotions: [{ name: 'anxious', before: 70, after: 40 }],
        thoughts: [{ text: 'They are done with me.', hot: true, beliefBefore: 80, beliefAfter: 35 }],
        distortions: ['mind_reading'],
        evidenceFor: 'No answer for a day.',
        evidenceAgainst: 'They were traveling.',
        balancedThought: 'There are many reasons not to answer.',
        balancedBelief: 70,
        action: 'Call on Friday.',
      },
    ],
    intermediateBelief: 'If I am not answered, I do not matter.',
    coreBelief: 'I am easily forgotten.',
    homework: [{ what: 'Two thought records', due: '2026-11-30', confidence: 8 }],
    summary: 'The thought was tested and lost weight.',
    feedback: 'Hard, and worth it.',
  },
  missing: ({ work = [], thoughtRecords = [] }) =>
    work.length + thoughtRecords.length > 0
      ? []
      : [{ pointer: '/work', code: 'required', detail: 'Needs a piece of work or a thought record.' }],
  warnings: ({ thoughtRecords = [] }) =>
    thoughtRecords.flatMap(({ thoughts = [] }, record) =>
      thoughts.flatMap(({ beliefBefore, beliefAfter }, thought) =>
        beliefBefore === undefined || beliefAfter !== undefined
          ? []
          : [
              {
                code: 'belief_not_rated_again',
                pointer: `/thoughtRecords/${record}/thoughts/${thought}`,
                detail: 'How far this thought is believed was asked before, and not after.',
              },
            ],
      ),
    ),
  // What was to be done is asked about, what was not come to is on the agenda again, and beliefs are worked on for long.
  carry: ({ homework = [], agenda = [], intermediateBelief, coreBelief }) =>
    given({
      homeworkReview: listed(homework.flatMap(({ what }) => (what === undefined ? [] : [{ item: what }]))),
      agenda: listed(agenda.filter(({ done }) => done === false).map(({ done: _done, ...topic }) => topic)),
      intermediateBelief,
      coreBelief,
    }),
  figures: cbtFigures,
})
