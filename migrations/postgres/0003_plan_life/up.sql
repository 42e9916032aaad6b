-- When those concerned were consulted, and the decision that approved the plan.
ALTER TABLE plan_facts ADD COLUMN consulted_on DATE;
ALTER TABLE plan_facts ADD COLUMN approved_by TEXT COLLATE "C";

-- The plan whose lists were copied: as a rule last year's.
ALTER TABLE plans ADD COLUMN from_plan_id BIGINT REFERENCES plans (id);

-- The task of the plan before that this one carries on.
ALTER TABLE tasks ADD COLUMN origin_task_id BIGINT REFERENCES tasks (id);

-- The report of a plan's year as it read when the plan was closed, to the byte.
CREATE TABLE pinned_reports (
    plan_id BIGINT NOT NULL PRIMARY KEY REFERENCES plans (id),
    as_of DATE NOT NULL,
    body TEXT COLLATE "C" NOT NULL
);

-- What was open and past due when a plan was closed: carried over into a task of the next plan, or left with a reason.
CREATE TABLE carry_overs (
    node_id BIGINT NOT NULL PRIMARY KEY REFERENCES time_nodes (id),
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    to_plan_id BIGINT REFERENCES plans (id),
    to_task_id BIGINT REFERENCES tasks (id),
    reason TEXT COLLATE "C",
    CHECK ((to_plan_id IS NULL) = (to_task_id IS NULL)),
    CHECK (to_task_id IS NOT NULL OR reason IS NOT NULL)
);

CREATE INDEX carry_overs_from ON carry_overs (plan_id);
CREATE INDEX carry_overs_to ON carry_overs (to_plan_id);
