-- What was said of a task, a time node, a report or a meeting. Never changed; a withdrawal is marked.
CREATE TABLE comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('task', 'time_node', 'progress_report', 'meeting')),
    subject_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('comment', 'instruction')),
    text TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    recorded_on DATE NOT NULL,
    withdrawn_on DATE,
    version BIGINT NOT NULL,
    CHECK (withdrawn_on >= recorded_on)
);

-- Who of a unit signed for an issued plan (revision 0) or one of its revisions: once a unit and revision.
CREATE TABLE plan_receipts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    revision BIGINT NOT NULL CHECK (revision >= 0),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    signed_on DATE NOT NULL,
    UNIQUE (plan_id, revision, unit_id)
);

CREATE INDEX comments_by_subject ON comments (subject, subject_id);
CREATE INDEX plan_receipts_by_unit ON plan_receipts (unit_id);
