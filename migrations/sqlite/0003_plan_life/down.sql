DROP TABLE carry_overs;
DROP TABLE pinned_reports;
ALTER TABLE tasks DROP COLUMN origin_task_id;
ALTER TABLE plans DROP COLUMN from_plan_id;
ALTER TABLE plan_facts DROP COLUMN approved_by;
ALTER TABLE plan_facts DROP COLUMN consulted_on;
