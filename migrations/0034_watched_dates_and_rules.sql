-- Up Migration
-- Dates that the clock watches, rules for low scores and single answers, and to whom an overdue alert goes up.

-- Days of review stand in the sealed terms of a contract as well; those of contracts made before are not watched.
alter table cairn.abstinence_contracts add column reviews_on date[] not null default '{}';
alter table cairn.abstinence_contract_steps drop constraint abstinence_contract_steps_step_check;
alter table cairn.abstinence_contract_steps add constraint abstinence_contract_steps_step_check check (step in ('proposed',
  'agreed', 'started', 'broken', 'continued', 'restarted', 'extended', 'completed', 'ended_early', 'partner_consented',
  'reviewed')) not valid;

-- Until when a partner is to be told of a lapse; null where nobody is, or they were told.
alter table cairn.lapses add column partner_disclosure_due_at timestamptz;
grant update (partner_disclosure_due_at) on cairn.lapses to cairn_app;

-- A rule is about numbers from one to another, without an end where that is infinite; so far all had only a first one.
-- `scale` is a key of what `subject` says.
alter table cairn.assessment_alert_rules add column at_most double precision not null default 'Infinity';
alter table cairn.assessment_alert_rules add column subject text not null default 'scale';
alter table cairn.assessment_alert_rules add constraint assessment_alert_rules_subject_check
  check (subject in ('scale', 'item')) not valid;

-- Who supervised the owner when the time to respond was over.
alter table cairn.alerts add column escalated_to uuid;
alter table cairn.alerts add constraint alerts_escalated_to_fkey foreign key (practice_id, escalated_to)
  references cairn.staff_members (practice_id, id) not valid;

-- Down Migration
alter table cairn.alerts drop column escalated_to;
delete from cairn.assessment_alert_rules where subject <> 'scale' or at_most < 'Infinity';
alter table cairn.assessment_alert_rules drop column at_most, drop column subject;
alter table cairn.lapses drop column partner_disclosure_due_at;
delete from cairn.abstinence_contract_steps where step = 'reviewed';
alter table cairn.abstinence_contract_steps drop constraint abstinence_contract_steps_step_check;
alter table cairn.abstinence_contract_steps add constraint abstinence_contract_steps_step_check check (step in ('proposed',
  'agreed', 'started', 'broken', 'continued', 'restarted', 'extended', 'completed', 'ended_early', 'partner_consented')) not valid;
alter table cairn.abstinence_contracts drop column reviews_on;
