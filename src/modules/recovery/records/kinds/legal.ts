import { Type } from 'typebox'
import { invalidField } from '../../../../lib/problems.ts'
import { CalendarDate, Instant, OneOf } from '../../../../lib/schemas.ts'
import { contentOf, defineKind, Flag, Words } from '../kind.ts'

/** keys: type, role. */
export const legalMatter = defineKind({
  kind: 'legal_matter',
  name: 'RecoveryLegalMatter',
  title: 'Legal matter',
  about: 'A matter before a court or a board. `reviewOn` is its next date.',
  dataClass: 'restricted',
  charts: ['individual'],
  content: contentOf(
    {
      type: OneOf(['criminal', 'family', 'dependency', 'licensing_board', 'civil'] as const),
      court: Type.Optional(Words(160, 'Which court or board.')),
      caseNumber: Type.Optional(Words(60, 'Its number there.')),
      mandatedBy: Type.Optional(Words(160, 'Who requires treatment, if anybody does.')),
      attorney: Type.Optional(Words(120, 'Who acts for the client.')),
      reportsTo: Type.Optional(Words(160, 'Who receives reports.')),
      releaseSignedOn: Type.Optional(
        CalendarDate('When the client released what may be reported.', '2026-01-12'),
      ),
      role: OneOf(['treating', 'forensic', 'both'] as const, {
        description: 'What the practice is in this matter. `both` is answered with a warning.',
      }),
    },
    'A legal matter.',
    {
      type: 'family',
      court: 'Example County Court (fictional)',
      caseNumber: 'FL-0000 (fictional)',
      mandatedBy: 'Nobody',
      attorney: 'Ms. Example (fictional)',
      reportsTo: 'The client alone',
      role: 'treating',
    },
  ),
  steps: { open: ['closed'], closed: ['open'] },
  over: ['closed'],
  reviewOn: 'The next date of the matter.',
  notices: ({ role }) => (role === 'both' ? ['treating_and_forensic'] : []),
  indexed: ({ type, role }) => ({ keys: [type, role] }),
})

/** keys: type. */
export const legalRequirement = defineKind({
  kind: 'legal_requirement',
  name: 'RecoveryLegalRequirement',
  title: 'Requirement of a legal matter',
  about: 'What a court or board asks for. `reviewOn` is when it is due next.',
  dataClass: 'restricted',
  charts: ['individual'],
  content: contentOf(
    {
      type: OneOf(['sessions', 'group', 'assessment', 'testing', 'classes', 'report', 'other'] as const),
      requirement: Words(500, 'What is asked for.'),
    },
    'A requirement.',
    { type: 'sessions', requirement: 'Weekly sessions for six months (fictional).' },
  ),
  steps: {
    open: ['in_compliance', 'out_of_compliance', 'satisfied'],
    in_compliance: ['out_of_compliance', 'satisfied'],
    out_of_compliance: ['in_compliance', 'satisfied'],
    satisfied: ['open'],
  },
  over: ['satisfied'],
  related: { kinds: ['legal_matter'], required: true },
  endsOn: 'The last day it applies.',
  reviewOn: 'When it is due next.',
  indexed: ({ type }) => ({ keys: [type] }),
})

/** keys: type. */
export const legalReport = defineKind({
  kind: 'legal_report',
  name: 'RecoveryLegalReport',
  title: 'Report of a legal matter',
  about:
    'A report from `occurredOn` to `endsOn`: facts that a release of information allows, which the step to `released` names. Once released it stands as it is, and is a disclosure; `effectiveOn` of that step is when.',
  dataClass: 'restricted',
  charts: ['individual'],
  content: contentOf(
    {
      type: OneOf(['attendance', 'compliance', 'progress', 'evaluation'] as const),
      text: Words(20_000, 'What the report says.'),
      releasedTo: Words(160, 'Who receives it: as the release of information names them.'),
    },
    'A report.',
    {
      type: 'attendance',
      text: 'Attended 11 of 12 sessions (fictional).',
      releasedTo: 'Example County Court (fictional)',
    },
  ),
  steps: { draft: ['released'], released: [] },
  over: ['released'],
  locked: ['released'],
  related: { kinds: ['legal_matter'], required: true },
  tells: ({ type, releasedTo }) => ({ category: type, recipient: releasedTo }),
  endsOn: 'The last day of the period.',
  reviewOn: 'When it is due.',
  indexed: ({ type }) => ({ keys: [type] }),
})

/** Clocks differ a little. */
const toleranceMs = 60_000

/** keys: type, decision, jurisdiction. measures: minutes from 1970 until the clinician came to know. */
export const mandatedReport = defineKind({
  kind: 'mandated_report',
  name: 'RecoveryMandatedReport',
  title: 'Mandated report',
  about:
    'What a clinician must report by law, from suspicion to acknowledgment. Which duty applies the clinician decides by the law of the jurisdiction. `GET …/deadlines` tells what is known of the time there is; `reviewOn` is the deadline the clinician sets.',
  dataClass: 'restricted',
  charts: ['individual', 'couple'],
  content: contentOf(
    {
      type: OneOf([
        'child_abuse',
        'csam_access',
        'elder_abuse',
        'dependent_adult_abuse',
        'threat_to_identifiable_victim',
        'gravely_disabled',
        'partner_violence',
        'impaired_professional',
      ] as const),
      jurisdiction: Type.String({
        pattern: '^[A-Z]{2}-[A-Z0-9]{1,3}$',
        description: 'ISO 3166-2: whose law applies.',
        examples: ['US-CA'],
      }),
      basis: Words(2_000, 'The facts it rests on, as few as possible.'),
      decision: OneOf(['pending', 'report', 'not_reportable'] as const),
      rationale: Type.Optional(Words(2_000, 'Why it was decided so.')),
      consulted: Type.Optional(Words(200, 'Who was consulted.')),
      agency: Type.Optional(Words(160, 'Where it was reported.')),
      reference: Type.Optional(Words(60, 'The number they gave.')),
      knownAt: Type.Optional(
        Instant('When the clinician came to know: the time for a report runs from then. Not in the future.'),
      ),
      oralAt: Type.Optional(Instant('When it was told by phone.')),
      writtenAt: Type.Optional(Instant('When it was filed.')),
      clientInformed: Flag('Whether the client knows.'),
    },
    'A mandated report.',
    {
      type: 'elder_abuse',
      jurisdiction: 'US-CA',
      basis: 'Fictional.',
      decision: 'report',
      rationale: 'What was told is enough for a suspicion (fictional).',
      consulted: 'The supervisor',
      agency: 'Example County (fictional)',
      reference: 'R-0000 (fictional)',
      clientInformed: false,
    },
  ),
  steps: {
    suspected: ['consulted', 'decided'],
    consulted: ['decided'],
    decided: ['oral_made', 'closed'],
    oral_made: ['written_filed'],
    written_filed: ['acknowledged', 'closed'],
    acknowledged: ['closed'],
    closed: [],
  },
  over: ['written_filed', 'acknowledged', 'closed'],
  locked: ['closed'],
  reviewOn: 'The deadline of the next step.',
  check: ({ knownAt }) => {
    if (knownAt && Date.parse(knownAt) > Date.now() + toleranceMs)
      throw invalidField('/content/knownAt', 'not-future', 'Must not be in the future.')
  },
  indexed: ({ type, decision, jurisdiction, knownAt }) => ({
    keys: [type, decision, jurisdiction],
    measures: [knownAt ? Math.floor(Date.parse(knownAt) / 60_000) : null],
  }),
})
