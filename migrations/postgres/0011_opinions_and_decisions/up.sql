-- The finding or decision that a task was made from. Which of the two says origin_kind; so there is no REFERENCES, and
-- the slice that makes the task proves it.
ALTER TABLE tasks ADD COLUMN origin_kind TEXT COLLATE "C" CHECK (origin_kind IN ('finding', 'decision'));
ALTER TABLE tasks ADD COLUMN origin_id BIGINT CHECK ((origin_kind IS NULL) = (origin_id IS NULL));

CREATE INDEX tasks_by_origin ON tasks (origin_kind, origin_id);
