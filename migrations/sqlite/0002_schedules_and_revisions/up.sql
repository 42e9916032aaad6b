-- A recurrence (RFC 5545), and the nodes that a recurrence or words make, as JSON. An entry that ends may end on the day
-- it was recorded, so its end is this day and not recorded_to.
ALTER TABLE schedule_entries ADD COLUMN rrule TEXT;
ALTER TABLE schedule_entries ADD COLUMN nodes TEXT;
ALTER TABLE schedule_entries ADD COLUMN ended_on DATE;

-- First day of a recurring period; null for a dated node, whose period is its plan's year up to the due day.
ALTER TABLE time_nodes ADD COLUMN period_from DATE;

-- A change of an issued plan or of its lists, with its reason. effects says as JSON what it did to time nodes.
CREATE TABLE plan_revisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    number BIGINT NOT NULL CHECK (number > 0),
    reason TEXT NOT NULL,
    made_by BIGINT NOT NULL REFERENCES accounts (id),
    made_on DATE NOT NULL,
    effects TEXT NOT NULL,
    UNIQUE (plan_id, number)
);

-- What a revision added, changed or removed: the item before and after, as JSON.
CREATE TABLE plan_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    revision_id BIGINT NOT NULL REFERENCES plan_revisions (id),
    kind TEXT NOT NULL CHECK (kind IN ('plan', 'key_point', 'task', 'responsibility', 'schedule_entry')),
    item_id BIGINT NOT NULL,
    before TEXT,
    after TEXT,
    CHECK (before IS NOT NULL OR after IS NOT NULL)
);

CREATE INDEX plan_changes_by_revision ON plan_changes (revision_id);
CREATE INDEX time_nodes_by_entry ON time_nodes (entry_id);
