-- Up Migration
-- Four more kinds of records: safety in close relationships, feedback on a session, which way of working fits, and what a
-- session of it did. The checks let pass all that they let pass before, so no row needs to be looked at again.
alter table cairn.recovery_records drop constraint recovery_records_kind_check;
alter table cairn.recovery_records add constraint recovery_records_kind_check check (kind in (
    'block', 'consequence', 'containment_plan', 'readiness', 'harm_reduction_goal', 'harm_reduction_entry',
    'cycle_entry', 'escalation_entry', 'typology', 'support_person', 'contact_log', 'substitute_bond', 'attachment',
    'fellowship_participation', 'meeting_log', 'sponsor', 'step_work', 'tech_plan', 'accountability_event',
    'honesty_check_in', 'integration_rating', 'secret', 'intimacy_practice', 'sexuality_plan',
    'education_assignment', 'rating', 'trauma_event', 'discovery_event', 'partner_care', 'legal_matter',
    'legal_requirement', 'legal_report', 'mandated_report',
    'safety_screen', 'session_feedback', 'modality_fit', 'modality_response')) not valid;
alter table cairn.recovery_records drop constraint recovery_records_kind_status_check;
alter table cairn.recovery_records add constraint recovery_records_kind_status_check check (kind || ' ' || status in (
    'block identified', 'block addressed_in_plan', 'block improving', 'block resolved', 'block recurring',
    'block withdrawn', 'consequence active', 'consequence being_repaired', 'consequence resolved',
    'consequence withdrawn', 'containment_plan draft', 'containment_plan active', 'containment_plan breached',
    'containment_plan revised', 'containment_plan stepped_down', 'containment_plan archived',
    'containment_plan withdrawn', 'readiness recorded', 'readiness withdrawn', 'harm_reduction_goal negotiated',
    'harm_reduction_goal active', 'harm_reduction_goal met', 'harm_reduction_goal tightened',
    'harm_reduction_goal loosened', 'harm_reduction_goal converted_to_abstinence', 'harm_reduction_goal ended',
    'harm_reduction_goal withdrawn', 'harm_reduction_entry recorded', 'harm_reduction_entry withdrawn',
    'cycle_entry recorded', 'cycle_entry withdrawn', 'escalation_entry recorded', 'escalation_entry withdrawn',
    'typology considered', 'typology agreed', 'typology set_aside', 'typology withdrawn', 'support_person proposed',
    'support_person agreed', 'support_person inactive', 'support_person withdrawn', 'contact_log recorded',
    'contact_log withdrawn', 'substitute_bond recorded', 'substitute_bond withdrawn', 'attachment recorded',
    'attachment withdrawn', 'fellowship_participation suggested', 'fellowship_participation trying',
    'fellowship_participation attending', 'fellowship_participation home_group_and_sponsor',
    'fellowship_participation sponsoring', 'fellowship_participation stopped', 'fellowship_participation withdrawn',
    'meeting_log recorded', 'meeting_log withdrawn', 'sponsor active', 'sponsor ended', 'sponsor withdrawn',
    'step_work started', 'step_work done', 'step_work shared_with_sponsor', 'step_work withdrawn',
    'tech_plan planned', 'tech_plan installed', 'tech_plan active', 'tech_plan lapsed_coverage', 'tech_plan removed',
    'tech_plan withdrawn', 'accountability_event recorded', 'accountability_event withdrawn',
    'honesty_check_in recorded', 'honesty_check_in withdrawn', 'integration_rating recorded',
    'integration_rating withdrawn', 'secret held', 'secret preparing', 'secret disclosed', 'secret let_be',
    'secret withdrawn', 'intimacy_practice introduced', 'intimacy_practice practicing',
    'intimacy_practice integrated', 'intimacy_practice withdrawn', 'sexuality_plan draft',
    'sexuality_plan discussed', 'sexuality_plan active', 'sexuality_plan practicing', 'sexuality_plan maintained',
    'sexuality_plan paused', 'sexuality_plan withdrawn', 'education_assignment assigned',
    'education_assignment opened', 'education_assignment completed', 'education_assignment discussed',
    'education_assignment withdrawn', 'rating recorded', 'rating withdrawn', 'trauma_event identified',
    'trauma_event stabilizing', 'trauma_event ready_to_process', 'trauma_event processing', 'trauma_event resolved',
    'trauma_event deferred', 'trauma_event withdrawn', 'discovery_event recorded', 'discovery_event withdrawn',
    'partner_care not_engaged', 'partner_care offered', 'partner_care engaged', 'partner_care own_therapist',
    'partner_care group', 'partner_care withdrawn', 'legal_matter open', 'legal_matter closed',
    'legal_matter withdrawn', 'legal_requirement open', 'legal_requirement in_compliance',
    'legal_requirement out_of_compliance', 'legal_requirement satisfied', 'legal_requirement withdrawn',
    'legal_report draft', 'legal_report released', 'legal_report withdrawn', 'mandated_report suspected',
    'mandated_report consulted', 'mandated_report decided', 'mandated_report oral_made',
    'mandated_report written_filed', 'mandated_report acknowledged', 'mandated_report closed',
    'mandated_report withdrawn',
    'safety_screen open', 'safety_screen closed', 'safety_screen withdrawn', 'session_feedback recorded',
    'session_feedback withdrawn', 'modality_fit considered', 'modality_fit active', 'modality_fit paused',
    'modality_fit set_aside', 'modality_fit ended', 'modality_fit withdrawn', 'modality_response recorded',
    'modality_response withdrawn')) not valid;
alter table cairn.recovery_records drop constraint recovery_records_kind_class_check;
alter table cairn.recovery_records add constraint recovery_records_kind_class_check check (kind || ' ' || data_class in (
    'block clinical', 'block restricted', 'consequence clinical', 'consequence restricted',
    'containment_plan clinical', 'readiness clinical', 'readiness restricted', 'harm_reduction_goal clinical',
    'harm_reduction_goal restricted', 'harm_reduction_entry clinical', 'harm_reduction_entry restricted',
    'cycle_entry clinical', 'escalation_entry restricted', 'typology restricted', 'support_person clinical',
    'contact_log clinical', 'contact_log restricted', 'substitute_bond clinical', 'substitute_bond restricted',
    'attachment clinical', 'fellowship_participation clinical', 'meeting_log clinical', 'meeting_log restricted',
    'sponsor clinical', 'step_work clinical', 'tech_plan clinical', 'accountability_event clinical',
    'accountability_event restricted', 'honesty_check_in clinical', 'integration_rating clinical',
    'secret restricted', 'intimacy_practice clinical', 'sexuality_plan restricted', 'education_assignment clinical',
    'rating clinical', 'trauma_event restricted', 'discovery_event restricted', 'partner_care clinical',
    'legal_matter restricted', 'legal_requirement restricted', 'legal_report restricted', 'mandated_report restricted',
    'safety_screen clinical', 'session_feedback clinical', 'modality_fit clinical', 'modality_response clinical',
    'modality_response restricted')) not valid;

-- The session that an entry is about: of the same chart, which the writer looks at.
alter table cairn.recovery_records add column appointment_id uuid;
alter table cairn.recovery_records add constraint recovery_records_appointment_fkey foreign key (practice_id, appointment_id)
  references cairn.appointments (practice_id, id) not valid;

-- Down Migration
delete from cairn.recovery_record_revisions v using cairn.recovery_records r where r.practice_id = v.practice_id
  and r.id = v.record_id and r.kind in ('safety_screen', 'session_feedback', 'modality_fit', 'modality_response');
delete from cairn.recovery_records where kind = 'modality_response';
delete from cairn.recovery_records where kind in ('safety_screen', 'session_feedback', 'modality_fit');
alter table cairn.recovery_records drop constraint recovery_records_kind_check;
alter table cairn.recovery_records add constraint recovery_records_kind_check check (kind in (
    'block', 'consequence', 'containment_plan', 'readiness', 'harm_reduction_goal', 'harm_reduction_entry',
    'cycle_entry', 'escalation_entry', 'typology', 'support_person', 'contact_log', 'substitute_bond', 'attachment',
    'fellowship_participation', 'meeting_log', 'sponsor', 'step_work', 'tech_plan', 'accountability_event',
    'honesty_check_in', 'integration_rating', 'secret', 'intimacy_practice', 'sexuality_plan',
    'education_assignment', 'rating', 'trauma_event', 'discovery_event', 'partner_care', 'legal_matter',
    'legal_requirement', 'legal_report', 'mandated_report'));
alter table cairn.recovery_records drop constraint recovery_records_kind_status_check;
alter table cairn.recovery_records add constraint recovery_records_kind_status_check check (kind || ' ' || status in (
    'block identified', 'block addressed_in_plan', 'block improving', 'block resolved', 'block recurring',
    'block withdrawn', 'consequence active', 'consequence being_repaired', 'consequence resolved',
    'consequence withdrawn', 'containment_plan draft', 'containment_plan active', 'containment_plan breached',
    'containment_plan revised', 'containment_plan stepped_down', 'containment_plan archived',
    'containment_plan withdrawn', 'readiness recorded', 'readiness withdrawn', 'harm_reduction_goal negotiated',
    'harm_reduction_goal active', 'harm_reduction_goal met', 'harm_reduction_goal tightened',
    'harm_reduction_goal loosened', 'harm_reduction_goal converted_to_abstinence', 'harm_reduction_goal ended',
    'harm_reduction_goal withdrawn', 'harm_reduction_entry recorded', 'harm_reduction_entry withdrawn',
    'cycle_entry recorded', 'cycle_entry withdrawn', 'escalation_entry recorded', 'escalation_entry withdrawn',
    'typology considered', 'typology agreed', 'typology set_aside', 'typology withdrawn', 'support_person proposed',
    'support_person agreed', 'support_person inactive', 'support_person withdrawn', 'contact_log recorded',
    'contact_log withdrawn', 'substitute_bond recorded', 'substitute_bond withdrawn', 'attachment recorded',
    'attachment withdrawn', 'fellowship_participation suggested', 'fellowship_participation trying',
    'fellowship_participation attending', 'fellowship_participation home_group_and_sponsor',
    'fellowship_participation sponsoring', 'fellowship_participation stopped', 'fellowship_participation withdrawn',
    'meeting_log recorded', 'meeting_log withdrawn', 'sponsor active', 'sponsor ended', 'sponsor withdrawn',
    'step_work started', 'step_work done', 'step_work shared_with_sponsor', 'step_work withdrawn',
    'tech_plan planned', 'tech_plan installed', 'tech_plan active', 'tech_plan lapsed_coverage', 'tech_plan removed',
    'tech_plan withdrawn', 'accountability_event recorded', 'accountability_event withdrawn',
    'honesty_check_in recorded', 'honesty_check_in withdrawn', 'integration_rating recorded',
    'integration_rating withdrawn', 'secret held', 'secret preparing', 'secret disclosed', 'secret let_be',
    'secret withdrawn', 'intimacy_practice introduced', 'intimacy_practice practicing',
    'intimacy_practice integrated', 'intimacy_practice withdrawn', 'sexuality_plan draft',
    'sexuality_plan discussed', 'sexuality_plan active', 'sexuality_plan practicing', 'sexuality_plan maintained',
    'sexuality_plan paused', 'sexuality_plan withdrawn', 'education_assignment assigned',
    'education_assignment opened', 'education_assignment completed', 'education_assignment discussed',
    'education_assignment withdrawn', 'rating recorded', 'rating withdrawn', 'trauma_event identified',
    'trauma_event stabilizing', 'trauma_event ready_to_process', 'trauma_event processing', 'trauma_event resolved',
    'trauma_event deferred', 'trauma_event withdrawn', 'discovery_event recorded', 'discovery_event withdrawn',
    'partner_care not_engaged', 'partner_care offered', 'partner_care engaged', 'partner_care own_therapist',
    'partner_care group', 'partner_care withdrawn', 'legal_matter open', 'legal_matter closed',
    'legal_matter withdrawn', 'legal_requirement open', 'legal_requirement in_compliance',
    'legal_requirement out_of_compliance', 'legal_requirement satisfied', 'legal_requirement withdrawn',
    'legal_report draft', 'legal_report released', 'legal_report withdrawn', 'mandated_report suspected',
    'mandated_report consulted', 'mandated_report decided', 'mandated_report oral_made',
    'mandated_report written_filed', 'mandated_report acknowledged', 'mandated_report closed',
    'mandated_report withdrawn'));
alter table cairn.recovery_records drop constraint recovery_records_kind_class_check;
alter table cairn.recovery_records add constraint recovery_records_kind_class_check check (kind || ' ' || data_class in (
    'block clinical', 'block restricted', 'consequence clinical', 'consequence restricted',
    'containment_plan clinical', 'readiness clinical', 'readiness restricted', 'harm_reduction_goal clinical',
    'harm_reduction_goal restricted', 'harm_reduction_entry clinical', 'harm_reduction_entry restricted',
    'cycle_entry clinical', 'escalation_entry restricted', 'typology restricted', 'support_person clinical',
    'contact_log clinical', 'contact_log restricted', 'substitute_bond clinical', 'substitute_bond restricted',
    'attachment clinical', 'fellowship_participation clinical', 'meeting_log clinical', 'meeting_log restricted',
    'sponsor clinical', 'step_work clinical', 'tech_plan clinical', 'accountability_event clinical',
    'accountability_event restricted', 'honesty_check_in clinical', 'integration_rating clinical',
    'secret restricted', 'intimacy_practice clinical', 'sexuality_plan restricted', 'education_assignment clinical',
    'rating clinical', 'trauma_event restricted', 'discovery_event restricted', 'partner_care clinical',
    'legal_matter restricted', 'legal_requirement restricted', 'legal_report restricted', 'mandated_report restricted'));
alter table cairn.recovery_records drop column appointment_id;
