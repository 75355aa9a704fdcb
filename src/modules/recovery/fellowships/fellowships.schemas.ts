import { type Static, Type } from 'typebox'
import { component, Id, Nullable, OneOf, strictObject } from '../../../lib/schemas.ts'
import { addictionTypes } from '../addictions/addictions.rules.ts'
import { exampleIds } from '../documents/documents.schemas.ts'
import { fellowshipAudiences, fellowshipParticipation, fellowships } from '../records/kinds/fellowship.ts'
import { philosophies } from '../words.ts'
import { fellowshipApproaches, sobrietyBases } from './fellowships.ts'

const facts = {
  fellowship: OneOf(fellowships, { description: 'As records of kind `fellowship_participation` name it.' }),
  title: Type.String({ description: 'Its own name.' }),
  audience: OneOf(fellowshipAudiences, {
    description: 'For those who recover, for who is close to them, or for both together.',
  }),
  approach: OneOf(fellowshipApproaches),
  sobrietyBasis: OneOf(sobrietyBases, {
    description: 'Whether the fellowship says what sobriety is, each member does, or nothing is asked.',
  }),
  source: Type.String(),
  confidence: OneOf(['verified', 'general_knowledge'] as const, {
    description: '`general_knowledge`: check before relying on it.',
  }),
}

const factsExample = {
  fellowship: 'saa' as const,
  title: 'Sex Addicts Anonymous',
  audience: 'recovering' as const,
  approach: 'twelve_step' as const,
  sobrietyBasis: 'own_definition' as const,
  source: 'the fellowship’s own website',
  confidence: 'verified' as const,
}

export const KnownFellowship = component(
  'KnownFellowship',
  strictObject(
    {
      ...facts,
      addictionTypes: Type.Array(OneOf(addictionTypes), { description: 'What its members come for.' }),
      philosophies: Type.Array(OneOf(philosophies), {
        description: 'Those that its idea of sobriety does not speak against.',
      }),
    },
    {
      description: 'A fellowship that there is. That it is listed recommends nothing.',
      examples: [
        {
          ...factsExample,
          addictionTypes: ['sex', 'pornography'],
          philosophies: ['abstinence', 'harm_reduction', 'integrated'],
        },
      ],
    },
  ),
)

const suggestionExample = { ...factsExample, addictionIds: [exampleIds.addiction], participation: null }

const FellowshipSuggestion = component(
  'FellowshipSuggestion',
  strictObject(
    {
      ...facts,
      addictionIds: Type.Array(Id('An addiction of the chart.', exampleIds.addiction), {
        description: 'What of this chart its members come for.',
      }),
      participation: Nullable(
        OneOf(fellowshipParticipation.statuses, {
          description: 'The client’s part in it, as told last; null where nothing was told.',
        }),
      ),
    },
    { description: 'A fellowship that could fit.', examples: [suggestionExample] },
  ),
)

/** Shown with every answer: a front-end need not find words of its own. */
export const suggestionNote =
  'These are groups that some people find helpful. Whether to go, when, and to which one is the client’s own choice, and not going says nothing about anybody.'

export const FellowshipSuggestions = component(
  'FellowshipSuggestions',
  strictObject(
    {
      philosophy: Nullable(
        OneOf(philosophies, { description: 'The one followed today; none counts as `integrated`.' }),
      ),
      note: Type.String({ description: 'Neutral words to show with it.' }),
      suggestions: Type.Array(FellowshipSuggestion, {
        description: 'In no order of merit. What the client tried and left is not among them.',
      }),
    },
    {
      description: 'Fellowships that fit what is followed and the philosophy of treatment.',
      examples: [{ philosophy: 'integrated', note: suggestionNote, suggestions: [suggestionExample] }],
    },
  ),
)

export type FellowshipSuggestions = Static<typeof FellowshipSuggestions>
