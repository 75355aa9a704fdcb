import type { ProgramDocument } from '../templates.schemas.ts'

type Task = ProgramDocument['tasks'][number]
type Performable = Task['performables'][number]

/**
 * Thirty tasks in our own short labels. The official wording, performables and life competencies belong to their author
 * and publisher: a practice that holds the license brings them in as a template of its own with the same keys.
 *
 * The numbers 1 to 8, 27 and 30 agree with published charts; the order of the others differs between editions. That
 * is why everything refers to keys.
 */
export const thirtyTasks: ProgramDocument = {
  format: 1,
  key: 'thirty-tasks',
  title: 'Thirty recovery tasks',
  kind: 'task_program',
  audience: 'individual',
  source:
    'After the task model of Patrick J. Carnes, in labels of our own. Which performables belong to which task is general knowledge, not taken from a manual.',
  licenseNote:
    'The official wording is under copyright and not part of this template. A practice that holds the license imports it under a key of its own.',
  orderConfidence: 'unsure',
  sections: [
    { key: 'early', label: 'Early recovery' },
    { key: 'internal', label: 'Long-term recovery, within' },
    { key: 'external', label: 'Long-term recovery, in life' },
    { key: 'relational', label: 'Relationship' },
    { key: 'family', label: 'Family' },
    { key: 'all', label: 'Throughout' },
  ],
  tasks: [
    task(1, 'denial', 'See through denial', 'early', [
      writing('problem_list', 'List of problems'),
      writing('secret_list', 'List of secrets', 'restricted'),
      writing('excuse_list', 'List of excuses'),
      writing('consequence_inventory', 'Inventory of consequences'),
      writing('distortion_inventory', 'Inventory of distorted thinking'),
      { ...writing('told_therapist', 'Told the therapist everything'), evidenceType: 'session' },
    ]),
    task(2, 'understand_illness', 'Learn how the addiction works', 'early', [
      { ...writing('reading', 'Reading done'), evidenceType: 'date' },
      writing('sexual_history', 'Sexual history', 'restricted'),
    ]),
    task(3, 'surrender', 'Give in to the process', 'early', [writing('first_step', 'First step')]),
    task(4, 'damage_control', 'Limit the damage', 'early', [
      writing('damage_control_plan', 'Damage-control plan'),
    ]),
    task(5, 'sobriety', 'Set up sobriety', 'early', [
      writing('sobriety_statement', 'Statement of sobriety'),
      { ...writing('abstinence_contract', 'Abstinence contract kept'), evidenceType: 'date' },
      writing('relapse_prevention_plan', 'Relapse-prevention plan'),
    ]),
    task(6, 'physical_integrity', 'Take care of the body', 'early', [
      { ...writing('medical_exam', 'Medical examination'), evidenceType: 'date' },
    ]),
    task(7, 'support_culture', 'Join a culture of support', 'early', [
      { ...writing('meetings', 'Meetings attended'), evidenceType: 'count' },
      { ...writing('steps_two_three', 'Second and third step'), evidenceType: 'attestation' },
    ]),
    task(8, 'multiple_addictions', 'Understand multiple addictions and sobriety', 'internal', [
      { ...writing('interaction_screen', 'Screen for interacting addictions'), evidenceType: 'instrument' },
      writing('several_addictions_plan', 'Relapse plan for several addictions'),
    ]),
    task(9, 'abuse_cycles', 'Recognize cycles of abuse', 'internal', [
      writing('abuse_inventory', 'Inventory of abuse', 'restricted'),
    ]),
    task(10, 'shame', 'Lower shame', 'internal', [
      { ...writing('steps_four_five', 'Fourth and fifth step'), evidenceType: 'attestation' },
    ]),
    task(11, 'grief', 'Grieve losses', 'internal'),
    task(12, 'shame_closure', 'Close out addiction shame', 'internal', [
      { ...writing('steps_eight_nine', 'Eighth and ninth step'), evidenceType: 'attestation' },
    ]),
    task(13, 'money', 'Repair finances', 'external'),
    task(14, 'work', 'Restore meaningful work', 'external'),
    task(15, 'balance', 'Balance lifestyle', 'external'),
    task(16, 'friendships', 'Build supportive relationships', 'external'),
    task(17, 'body_care', 'Exercise and nutrition habits', 'external'),
    task(18, 'self_relationship', 'Rebuild the relation with oneself', 'internal'),
    task(19, 'original_wounds', 'Work through original wounds', 'internal'),
    task(20, 'healthy_sexuality', 'Restore healthy sexuality', 'relational'),
    task(21, 'family_in_therapy', 'Bring family into therapy', 'family'),
    task(22, 'family_patterns', 'Change unhealthy family patterns', 'family'),
    task(23, 'family_recovery', 'Each member commits to own recovery', 'family'),
    task(24, 'children', 'Settle matters with children', 'family'),
    task(25, 'extended_family', 'Settle matters with extended family', 'family'),
    task(26, 'differentiation', 'Work on differentiation', 'relational'),
    task(27, 'recommit', 'Recommit to the primary relationship', 'relational'),
    task(28, 'coupleship', 'Commit to the coupleship', 'relational'),
    task(29, 'intimacy', 'Succeed in primary intimacy', 'relational'),
    task(30, 'spirituality', 'Grow a spiritual life', 'all'),
  ],
  stages: [],
}

function task(
  number: number,
  key: string,
  label: string,
  sectionKey: string,
  performables: readonly Performable[] = [],
): Task {
  return {
    key,
    number,
    label,
    sectionKey,
    prerequisiteKeys: [],
    lifeCompetency: null,
    performables: [...performables],
  }
}

function writing(key: string, label: string, shownTo: 'clinical' | 'restricted' = 'clinical'): Performable {
  return { key, label, evidenceType: 'text', required: true, restricted: shownTo === 'restricted' }
}
