-- A set of work standards of a unit: freely edited as a draft, frozen once published.
CREATE TABLE standard_sets (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    title TEXT NOT NULL,
    edition TEXT NOT NULL,
    from_set_id BIGINT REFERENCES standard_sets (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'published')),
    published_on DATE,
    published_by BIGINT REFERENCES accounts (id),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK ((status = 'published') = (published_on IS NOT NULL))
);

-- What is asked, point by point.
CREATE TABLE clauses (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    set_id BIGINT NOT NULL REFERENCES standard_sets (id),
    position BIGINT NOT NULL CHECK (position >= 1),
    code TEXT NOT NULL,
    category TEXT NOT NULL,
    title TEXT NOT NULL,
    requirement TEXT,
    points_tenths BIGINT NOT NULL CHECK (points_tenths >= 0),
    mandatory BOOLEAN NOT NULL,
    curable BOOLEAN NOT NULL,
    evidence_months BIGINT CHECK (evidence_months >= 1),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL
);

-- The procedure documents of a clause, in order.
CREATE TABLE clause_documents (
    clause_id BIGINT NOT NULL REFERENCES clauses (id),
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (clause_id, attachment_id)
);

-- Which tasks do what a clause asks, from one recorded day to another. No part of the text of the set.
CREATE TABLE clause_tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    clause_id BIGINT NOT NULL REFERENCES clauses (id),
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    version BIGINT NOT NULL,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- An assessment of a branch against a published set. Each step keeps the day it was recorded.
CREATE TABLE assessments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    set_id BIGINT NOT NULL REFERENCES standard_sets (id),
    state TEXT NOT NULL CHECK (
        state IN ('draft', 'self_assessed', 'checked', 'recognised', 'not_recognised', 'withdrawn')
    ),
    opened_by BIGINT NOT NULL REFERENCES accounts (id),
    self_assessed_by BIGINT REFERENCES accounts (id),
    self_assessed_on DATE,
    on_behalf BOOLEAN NOT NULL,
    checked_by BIGINT REFERENCES accounts (id),
    checked_on DATE,
    check_recorded_on DATE,
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK ((checked_on IS NULL) = (check_recorded_on IS NULL)),
    CHECK (checked_on <= check_recorded_on)
);

-- The ruling on a checked assessment: once, by a decision; a withdrawal of the recognition is marked on it.
CREATE TABLE recognitions (
    assessment_id BIGINT NOT NULL REFERENCES assessments (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('recognised', 'not_recognised')),
    reason TEXT,
    ruled_by BIGINT NOT NULL REFERENCES accounts (id),
    recorded_on DATE NOT NULL,
    withdrawn_by BIGINT REFERENCES accounts (id),
    withdrawn_on DATE,
    withdrawal_reason TEXT,
    PRIMARY KEY (assessment_id),
    CHECK (withdrawn_on >= recorded_on)
);

-- What an assessment says of each clause of its set: by the unit itself beside, by the checker.
CREATE TABLE assessment_results (
    assessment_id BIGINT NOT NULL REFERENCES assessments (id),
    clause_id BIGINT NOT NULL REFERENCES clauses (id),
    self_result TEXT CHECK (self_result IN ('met', 'partly', 'not_met', 'not_applicable', 'not_assessed')),
    self_points_tenths BIGINT CHECK (self_points_tenths >= 0),
    self_note TEXT,
    self_on_paper TEXT NOT NULL,
    result TEXT CHECK (result IN ('met', 'partly', 'not_met', 'not_applicable', 'not_assessed')),
    points_tenths BIGINT CHECK (points_tenths >= 0),
    deduction_reason TEXT,
    proposal TEXT CHECK (proposal IN ('met', 'partly', 'not_met')),
    overrule_reason TEXT,
    note TEXT,
    evidence_on DATE,
    on_paper TEXT NOT NULL,
    approved_by BIGINT REFERENCES accounts (id),
    PRIMARY KEY (assessment_id, clause_id)
);

-- The stored evidence of a result, in order: of the unit itself or of the checker.
CREATE TABLE assessment_attachments (
    assessment_id BIGINT NOT NULL,
    clause_id BIGINT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('self', 'check')),
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (assessment_id, clause_id, side, attachment_id),
    FOREIGN KEY (assessment_id, clause_id) REFERENCES assessment_results (assessment_id, clause_id)
);

CREATE UNIQUE INDEX standard_sets_once ON standard_sets (unit_id, title, edition);
CREATE UNIQUE INDEX clauses_by_code ON clauses (set_id, code);
CREATE INDEX clause_documents_by_attachment ON clause_documents (attachment_id);
CREATE UNIQUE INDEX clause_tasks_now ON clause_tasks (clause_id, task_id) WHERE recorded_to IS NULL;
CREATE INDEX clause_tasks_by_task ON clause_tasks (task_id);
CREATE UNIQUE INDEX assessments_open ON assessments (unit_id) WHERE state IN ('draft', 'self_assessed');
CREATE INDEX assessments_by_unit ON assessments (unit_id, set_id);
CREATE INDEX assessment_attachments_by_attachment ON assessment_attachments (attachment_id);
