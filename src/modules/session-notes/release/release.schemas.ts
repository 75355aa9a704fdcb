import { type Static, Type } from 'typebox'
import { limits } from '../../../lib/limits.ts'
import {
  CalendarDate,
  component,
  Id,
  Instant,
  Nullable,
  OneOf,
  strictObject,
  Text,
} from '../../../lib/schemas.ts'
import { holdReasonCodes, holdReasons } from './release.rules.ts'

const ids = {
  note: '019c0000-0000-7000-8000-0000000000e1',
  hold: '019c0000-0000-7000-8000-0000000000e7',
  staff: '019c0000-0000-7000-8000-0000000000b1',
  partnerRelease: '019c0000-0000-7000-8000-0000000000e8',
  client: '019c0000-0000-7000-8000-0000000000c1',
  partner: '019c0000-0000-7000-8000-0000000000c2',
}

const reasonCode = OneOf(holdReasonCodes, {
  description: holdReasons.map(({ code, label, source }) => `\`${code}\`: ${label} (${source})`).join(' '),
})
const basis = Text(2_000, { description: 'What the determination rests on, for this note alone.' })

const exampleHold = {
  id: ids.hold,
  reasonCode: 'endangers_life_or_safety' as const,
  basis: 'Somebody at home reads the client’s mail and has threatened them. (Fictional.)',
  determinedById: ids.staff,
  placedAt: '2026-11-24T17:00:00.000Z',
  expiresAt: '2026-12-24T17:00:00.000Z',
  endedAt: null,
  endedById: null,
  inEffect: true,
}

const ReleaseHold = component(
  'NoteReleaseHold',
  strictObject(
    {
      id: Id('The hold.', ids.hold),
      reasonCode,
      basis,
      determinedById: Id('The clinician who determined it.', ids.staff),
      placedAt: Instant('Since when.', exampleHold.placedAt),
      expiresAt: Instant('When it ends by itself.', exampleHold.expiresAt),
      endedAt: Nullable(Instant('When it ended.', exampleHold.expiresAt)),
      endedById: Nullable(Id('Who ended it; null when it expired.', ids.staff)),
      inEffect: Type.Boolean(),
    },
    { description: 'A ground to keep one note from the client for a time.', examples: [exampleHold] },
  ),
)

const examplePartnerRelease = {
  id: ids.partnerRelease,
  clientId: ids.client,
  agreedById: ids.partner,
  signedOn: '2026-11-24',
  releasedById: ids.staff,
  releasedAt: '2026-11-25T17:00:00.000Z',
  revokedAt: null,
  revokedById: null,
}

const partner = {
  clientId: Id('The partner who may read it.', ids.client),
  agreedById: Id('The other one, who agreed to it in writing.', ids.partner),
  signedOn: CalendarDate('The day on which they signed.', '2026-11-22'),
}

const PartnerRelease = component(
  'NotePartnerRelease',
  strictObject(
    {
      id: Id('The release.', ids.partnerRelease),
      ...partner,
      releasedById: Id('Who released it.', ids.staff),
      releasedAt: Instant('When.', examplePartnerRelease.releasedAt),
      revokedAt: Nullable(Instant('When the agreement was taken back; null while it holds.')),
      revokedById: Nullable(Id('Who recorded that.', ids.staff)),
    },
    {
      description: 'A couple’s note for one of the two, with the written agreement of the other.',
      examples: [examplePartnerRelease],
    },
  ),
)

export const NewPartnerRelease = component(
  'NewNotePartnerRelease',
  strictObject(partner, {
    description: 'To whom a couple’s note is released, and the agreement of the other partner.',
    examples: [{ clientId: ids.client, agreedById: ids.partner, signedOn: '2026-11-22' }],
  }),
)

export const NoteRelease = component(
  'NoteRelease',
  strictObject(
    {
      noteId: Id('The note.', ids.note),
      visibleFrom: Nullable(
        Instant(
          'From when on the client may read it; null while it is not released.',
          '2026-11-25T17:30:00.000Z',
        ),
      ),
      releasedById: Nullable(Id('Who released it; null where the policy of the practice did.', ids.staff)),
      visible: Type.Boolean({ description: 'Whether the client can read it now.' }),
      holds: Type.Array(ReleaseHold, { description: 'Oldest first, those that ended among them.' }),
      partnerReleases: Type.Array(PartnerRelease, {
        description:
          'Of a couple’s note: to whom it is released with whose agreement, oldest first. `visible` and `visibleFrom` are of an individual’s note.',
      }),
    },
    {
      description: 'Whether, and since when, a client may read a note at the portal, and what keeps it back.',
      examples: [
        {
          noteId: ids.note,
          visibleFrom: '2026-11-25T17:30:00.000Z',
          releasedById: null,
          visible: false,
          holds: [exampleHold],
          partnerReleases: [],
        },
      ],
    },
  ),
)

export const NewReleaseHold = component(
  'NewNoteReleaseHold',
  strictObject(
    {
      reasonCode,
      basis,
      expiresAt: Instant(
        `When it ends by itself, at most ${limits.noteHoldDays} days from now.`,
        exampleHold.expiresAt,
      ),
    },
    {
      description: 'A determination about one note, by a clinician who treats the client.',
      examples: [
        {
          reasonCode: exampleHold.reasonCode,
          basis: exampleHold.basis,
          expiresAt: exampleHold.expiresAt,
        },
      ],
    },
  ),
)

export const NoteParams = strictObject({ noteId: Id('The note.', ids.note) })
export const HoldParams = strictObject({
  noteId: Id('The note.', ids.note),
  holdId: Id('The hold.', ids.hold),
})

export const PartnerReleaseParams = strictObject({
  noteId: Id('The note.', ids.note),
  partnerReleaseId: Id('The release.', ids.partnerRelease),
})

export type NewPartnerRelease = Static<typeof NewPartnerRelease>
export type PartnerRelease = Static<typeof PartnerRelease>
export type NoteRelease = Static<typeof NoteRelease>
export type ReleaseHold = Static<typeof ReleaseHold>
export type NewReleaseHold = Static<typeof NewReleaseHold>
