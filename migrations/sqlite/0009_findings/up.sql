-- A problem 问题 that was found: what never changes of it. relapse_of is the earlier life that failed its re-check.
CREATE TABLE findings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    year BIGINT NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    source_body TEXT NOT NULL,
    source_on DATE NOT NULL,
    source_document TEXT,
    relapse_of BIGINT REFERENCES findings (id),
    raised_by BIGINT NOT NULL REFERENCES accounts (id),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK (source_on <= recorded_on)
);

-- What is said of a finding, from one recorded day to another.
CREATE TABLE finding_facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    finding_id BIGINT NOT NULL REFERENCES findings (id),
    title TEXT NOT NULL,
    problem TEXT,
    root_cause TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('immediate', 'time_limited', 'long_term')),
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- Which units must put it right, from one recorded day to another.
CREATE TABLE finding_units (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    finding_id BIGINT NOT NULL REFERENCES findings (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- Where a finding stands, from one recorded day to another; who brought it there, and why.
CREATE TABLE finding_states (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    finding_id BIGINT NOT NULL REFERENCES findings (id),
    state TEXT NOT NULL
        CHECK (state IN ('open', 'rectifying', 'applied', 'checked', 'closed', 'stage_done', 'dismissed')),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    reason TEXT,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- Identity of a measure 整改措施 against a finding.
CREATE TABLE measures (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    finding_id BIGINT NOT NULL REFERENCES findings (id),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL
);

-- What is said of a measure, from one recorded day to another. One that was removed has no facts in force.
CREATE TABLE measure_facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    measure_id BIGINT NOT NULL REFERENCES measures (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    text TEXT NOT NULL,
    leader TEXT,
    person TEXT,
    due_on DATE,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- Which tasks of plans carry a measure out. A task that is deleted while its plan is a draft takes its links along.
CREATE TABLE measure_tasks (
    measure_id BIGINT NOT NULL REFERENCES measures (id),
    task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    recorded_on DATE NOT NULL,
    PRIMARY KEY (measure_id, task_id)
);

-- A unit says that a finding is put right, and asks for its close-out 销号申请.
CREATE TABLE finding_applications (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    finding_id BIGINT NOT NULL REFERENCES findings (id),
    text TEXT NOT NULL,
    on_paper TEXT NOT NULL,
    applied_by BIGINT NOT NULL REFERENCES accounts (id),
    applied_on DATE NOT NULL
);

-- Which stored files an application names, in order.
CREATE TABLE finding_application_attachments (
    application_id BIGINT NOT NULL REFERENCES finding_applications (id),
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (application_id, attachment_id)
);

-- The ruling on an application: one each.
CREATE TABLE finding_checks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    finding_id BIGINT NOT NULL REFERENCES findings (id),
    application_id BIGINT NOT NULL UNIQUE REFERENCES finding_applications (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'failed')),
    reason TEXT,
    checked_by BIGINT NOT NULL REFERENCES accounts (id),
    checked_on DATE NOT NULL,
    CHECK (verdict = 'passed' OR reason IS NOT NULL)
);

-- A look back 回头看 at a closed finding. A failed one names the finding that it made.
CREATE TABLE finding_rechecks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    finding_id BIGINT NOT NULL REFERENCES findings (id),
    verdict TEXT NOT NULL CHECK (verdict IN ('held', 'failed')),
    note TEXT,
    relapse_id BIGINT UNIQUE REFERENCES findings (id),
    rechecked_by BIGINT NOT NULL REFERENCES accounts (id),
    rechecked_on DATE NOT NULL,
    CHECK ((verdict = 'failed') = (relapse_id IS NOT NULL)),
    CHECK (verdict = 'held' OR note IS NOT NULL)
);

CREATE UNIQUE INDEX finding_facts_now ON finding_facts (finding_id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX finding_units_now ON finding_units (finding_id, unit_id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX finding_states_now ON finding_states (finding_id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX measure_facts_now ON measure_facts (measure_id) WHERE recorded_to IS NULL;
CREATE INDEX findings_by_year ON findings (year);
CREATE INDEX findings_by_relapse ON findings (relapse_of);
CREATE INDEX finding_units_by_unit ON finding_units (unit_id);
CREATE INDEX measures_by_finding ON measures (finding_id);
CREATE INDEX measure_tasks_by_task ON measure_tasks (task_id);
CREATE INDEX finding_applications_by_finding ON finding_applications (finding_id);
CREATE INDEX finding_application_attachments_by_attachment ON finding_application_attachments (attachment_id);
CREATE INDEX finding_checks_by_finding ON finding_checks (finding_id);
CREATE INDEX finding_rechecks_by_finding ON finding_rechecks (finding_id);
