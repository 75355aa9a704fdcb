import type { Marker } from './markers.ts'

/** What is written of a client, by who may come to know it. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  client: [
    'createClient',
    'changeClient',
    'stageClientImportRows',
    'addRelatedPerson',
    'changeRelatedPerson',
    'acceptInquiry',
  ],
  inquiry: ['receiveInquiry', 'changeInquiry'],
  dualRole: ['justifyDualRole'],
  identifier: ['addClientIdentifier'],
  group: ['createGroupChart', 'createGroup', 'changeGroup', 'bookGroupMeetings', 'moveGroupMeeting'],
  couple: ['changeCoupleStatus', 'draftCouplePolicy', 'changeCouplePolicy'],
  appointment: [
    'bookAppointment',
    'moveAppointment',
    'changeAppointmentSeries',
    'cancelAppointmentSeries',
    'pauseAppointmentSeries',
    'cancelAppointment',
    'startAppointment',
    'recordAttendance',
    'setTelehealthLink',
    'checkInForTelehealth',
    'judgeCheckIn',
    'checkInMyself',
    'waiveAppointmentFee',
    'joinWaitlist',
    'changeWaitlistEntry',
    'cancelIntensive',
    'moveIntensive',
    'bookIntensive',
    'planAftercareTask',
    'markIntensiveGate',
  ],
  emergency: ['requestEmergencyAccess', 'reviewEmergencyAccess'],
  agreement: ['proposeCoupleAgreement'],
  draft: ['startSessionNote', 'saveSessionNote', 'returnSessionNote', 'reviewSessionNoteAddendum'],
  note: [
    'addSessionNoteAddendum',
    'markSessionNoteAsError',
    'markGroupSessionAsError',
    // Whoever hands out notes has to know that one is held back, and why.
    'holdSessionNoteRelease',
    'enterNoteAmendmentRequest',
    'extendNoteAmendmentRequest',
    'acceptNoteAmendmentRequest',
    'denyNoteAmendmentRequest',
    'enterNoteAmendmentDisagreement',
    'rebutNoteAmendmentDisagreement',
    'requestOwnNoteAmendment',
    'disagreeWithOwnNoteAmendment',
  ],
  billing: ['decideNoteBillingFacts'],
  training: [
    'recordNeurofeedbackBaseline',
    'startNeurofeedbackProtocol',
    'reviseNeurofeedbackProtocol',
    'changeNeurofeedbackProtocolStatus',
  ],
}

const isName = /(legal_?given_?name|legal_?family_?name|preferred_?name)$/i
const isDisplayed = /(legal_?family_?name|preferred_?name)$/i
const isExternalId = /(externalIds\/\*|external_id)$/

/** A client's own name, as a list shows it: the preferred one with the family's. */
export const isDisplayedName = ({ operation, place }: Marker) =>
  kindOf(operation) === 'client' && isDisplayed.test(place)

/** An operation that nobody has sorted is a kind of its own, which only those see who see everything. */
function kindOf(operation: string): string {
  return Object.keys(kinds).find(kind => kinds[kind]?.includes(operation)) ?? operation
}

const ofKind =
  (...some: readonly string[]) =>
  ({ operation }: Marker) =>
    some.includes(kindOf(operation))

/** Who asked, and never what they said. */
const ofAsker = (marker: Marker) => ofKind('inquiry')(marker) && !marker.place.startsWith('words')

const frontDesk = ['client', 'identifier', 'group', 'couple', 'appointment']

/** What those who see the whole practice may come to know of a client who is in nobody's care of theirs. */
export const mayKnow: Readonly<Record<string, (marker: Marker) => boolean>> = {
  owner: marker => ofKind(...frontDesk, 'emergency', 'billing', 'dualRole')(marker) || ofAsker(marker),
  admin: marker => ofKind(...frontDesk)(marker) || ofAsker(marker),
  // Name and insurance; an external id says which record of the billing system it is.
  biller: marker =>
    ofKind('identifier', 'billing')(marker) ||
    (ofKind('client')(marker) && (isName.test(marker.place) || isExternalId.test(marker.place))),
  'clients:read': ofKind('client', 'identifier'),
  'couples:read': marker => ofKind('couple')(marker) || isDisplayedName(marker),
  'charts:read': marker => ofKind('group')(marker) || isDisplayedName(marker),
  // An integration is given what is signed.
  'notes:read': ofKind('note', 'training'),
  // Why a code is another than the suggested one is said to who bills.
  'billing-facts:read': ofKind('billing'),
  'clients:write': () => false,
  // The name and the topics of a group stand in its calendar.
  'appointments:read': ofKind('group'),
  'appointments:write': () => false,
  'practice:read': () => false,
  'staff:read': () => false,
  'events:read': () => false,
  'portal:issue': () => false,
}
