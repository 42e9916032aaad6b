ALTER TABLE recognitions DROP COLUMN decision_id;
DROP INDEX plan_facts_by_decision;
ALTER TABLE plan_facts DROP COLUMN approved_by_decision_id;
DROP TABLE decision_opinions;
DROP TABLE decisions;
DROP TABLE opinions;
DROP INDEX tasks_by_origin;
ALTER TABLE tasks DROP COLUMN origin_id;
ALTER TABLE tasks DROP COLUMN origin_kind;
