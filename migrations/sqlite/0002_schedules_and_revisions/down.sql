DROP INDEX time_nodes_by_entry;
DROP TABLE plan_changes;
DROP TABLE plan_revisions;
ALTER TABLE time_nodes DROP COLUMN period_from;
ALTER TABLE schedule_entries DROP COLUMN ended_on;
ALTER TABLE schedule_entries DROP COLUMN nodes;
ALTER TABLE schedule_entries DROP COLUMN rrule;
