-- Up Migration
-- Outside a transaction
-- Whether somebody is on a chart's care team today is asked for each row of every list. With the days in the index the
-- planner answers from it alone; before, it took the exclusion constraint's, where the same search costs twenty times as much.
create index concurrently if not exists care_team_members_reach on cairn.care_team_members (practice_id, staff_id, chart_id)
  include (starts_on, ends_on);
drop index concurrently if exists cairn.care_team_members_staff;

-- Down Migration
create index care_team_members_staff on cairn.care_team_members (practice_id, staff_id, chart_id);
drop index cairn.care_team_members_reach;
