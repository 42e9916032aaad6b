-- The recorded business day: one row that only moves forward.
CREATE TABLE business_day (
    id BIGINT NOT NULL CHECK (id = 1) PRIMARY KEY,
    day DATE NOT NULL
);

-- Answers of POSTs, kept a day, so that a repeat has no second effect.
CREATE TABLE idempotency_keys (
    account_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    operation TEXT NOT NULL,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, key)
);

-- What was done, written in the transaction that did it. Never changed.
CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    at TIMESTAMP NOT NULL,
    day DATE NOT NULL,
    account_id BIGINT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BIGINT,
    details TEXT NOT NULL,
    request_id TEXT NOT NULL,
    content_hash TEXT NOT NULL
);

-- Position and chain hash that the sealer gave to committed entries.
CREATE TABLE audit_seals (
    position BIGINT NOT NULL PRIMARY KEY CHECK (position > 0),
    entry_id BIGINT NOT NULL REFERENCES audit_entries (id) UNIQUE,
    chain_hash TEXT NOT NULL,
    sealed_at TIMESTAMP NOT NULL
);

-- Identity of a unit; what is said of it stands in unit_facts.
CREATE TABLE units (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL
);

-- What was recorded of a unit, from one day to another. path is /ancestor/…/unit/.
CREATE TABLE unit_facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    parent_id BIGINT REFERENCES units (id),
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('committee', 'general_branch', 'branch', 'party_group', 'department', 'discipline', 'mass_organisation', 'superior')),
    code TEXT,
    short_names TEXT NOT NULL,
    established_on DATE,
    dissolved_on DATE,
    successor_id BIGINT REFERENCES units (id),
    dissolution_reason TEXT,
    term_ends_on DATE,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from),
    CHECK (parent_id <> unit_id),
    CHECK (dissolved_on >= established_on)
);

-- Who signs in.
CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL
);

-- An account's post at a unit, from one day to another, both included; administrators and auditors without a unit.
CREATE TABLE appointments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    unit_id BIGINT REFERENCES units (id),
    role TEXT NOT NULL CHECK (role IN ('secretary', 'deputy_secretary', 'cadre', 'department', 'leader', 'inspector', 'auditor', 'administrator')),
    from_on DATE NOT NULL,
    until_on DATE,
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK (until_on >= from_on),
    CHECK ((unit_id IS NULL) = (role IN ('auditor', 'administrator')))
);

-- A sign-in: the family of its refresh tokens.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);

-- Digests of the refresh tokens of a session; all but the newest are replaced.
CREATE TABLE refresh_tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    digest TEXT NOT NULL UNIQUE,
    issued_at TIMESTAMP NOT NULL,
    replaced_at TIMESTAMP,
    grace_used BOOLEAN NOT NULL
);

-- Failed sign-ins in a row by name, whether or not such an account exists.
CREATE TABLE sign_in_failures (
    username TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until TIMESTAMP,
    failed_at TIMESTAMP NOT NULL
);

-- Keys of the access tokens, the private half sealed.
CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL,
    public_x TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

-- Identity of a plan: one a year and issuing unit.
CREATE TABLE plans (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    year BIGINT NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    revision BIGINT NOT NULL CHECK (revision >= 0),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    UNIQUE (unit_id, year)
);

-- What was recorded of a plan, from one day to another.
CREATE TABLE plan_facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    title TEXT NOT NULL,
    target_percent BIGINT NOT NULL CHECK (target_percent BETWEEN 1 AND 100),
    target_on DATE NOT NULL,
    closes_on DATE NOT NULL,
    document_no TEXT,
    status TEXT NOT NULL CHECK (status IN ('draft', 'issued', 'closed')),
    issued_on DATE,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from),
    CHECK ((status = 'draft') = (issued_on IS NULL))
);

-- Identity of a key point.
CREATE TABLE key_points (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL
);

-- What was recorded of a key point, from one day to another.
CREATE TABLE key_point_facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    key_point_id BIGINT NOT NULL REFERENCES key_points (id),
    title TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- Identity of a task.
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    key_point_id BIGINT NOT NULL REFERENCES key_points (id),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL
);

-- What was recorded of a task, from one day to another.
CREATE TABLE task_facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    position BIGINT NOT NULL CHECK (position > 0),
    title TEXT NOT NULL,
    requirement TEXT,
    deliverable TEXT,
    evidence_required BOOLEAN NOT NULL,
    tags TEXT NOT NULL,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- Which unit has which part in a task, from one recorded day to another.
CREATE TABLE responsibilities (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    part TEXT NOT NULL CHECK (part IN ('lead', 'responsible', 'support', 'supervise')),
    person TEXT,
    version BIGINT NOT NULL,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from)
);

-- When a task is due, from one recorded day to another.
CREATE TABLE schedule_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    position BIGINT NOT NULL,
    title TEXT,
    due_on DATE,
    grace_days BIGINT NOT NULL CHECK (grace_days BETWEEN 0 AND 60),
    times BIGINT NOT NULL CHECK (times BETWEEN 1 AND 366),
    unscheduled BOOLEAN NOT NULL,
    words TEXT,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from),
    CHECK (unscheduled = (due_on IS NULL))
);

-- A time node as it was born: one an entry, owing unit and period.
CREATE TABLE time_nodes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plan_id BIGINT NOT NULL REFERENCES plans (id),
    task_id BIGINT NOT NULL REFERENCES tasks (id),
    entry_id BIGINT NOT NULL REFERENCES schedule_entries (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    period TEXT NOT NULL,
    title TEXT NOT NULL,
    due_on DATE NOT NULL,
    late_after DATE NOT NULL,
    times BIGINT NOT NULL CHECK (times >= 1),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    UNIQUE (entry_id, unit_id, period),
    CHECK (late_after >= due_on)
);

-- How a time node stood, from one recorded day to another: the ground of every verdict.
CREATE TABLE time_node_states (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    node_id BIGINT NOT NULL REFERENCES time_nodes (id),
    due_on DATE NOT NULL,
    late_after DATE NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('open', 'returned', 'reported', 'accepted')),
    excluded TEXT CHECK (excluded IN ('before_issue', 'waived', 'not_applicable', 'cancelled', 'plan_closed')),
    approved_by BIGINT REFERENCES accounts (id),
    met_on DATE,
    reported_on DATE,
    pending_from DATE,
    first_report_on DATE,
    has_report BOOLEAN NOT NULL,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from),
    CHECK (late_after >= due_on),
    CHECK (phase <> 'accepted' OR met_on IS NOT NULL),
    CHECK (phase <> 'reported' OR (reported_on IS NOT NULL AND pending_from IS NOT NULL))
);

-- Requests for a later due day.
CREATE TABLE extensions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    node_id BIGINT NOT NULL REFERENCES time_nodes (id),
    from_due_on DATE NOT NULL,
    due_on DATE NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'refused')),
    granted_late BOOLEAN NOT NULL,
    requested_by BIGINT NOT NULL REFERENCES accounts (id),
    requested_on DATE NOT NULL,
    decided_by BIGINT REFERENCES accounts (id),
    decided_on DATE,
    decision_reason TEXT,
    version BIGINT NOT NULL,
    CHECK (due_on > from_due_on),
    CHECK ((state = 'requested') = (decided_by IS NULL))
);

-- Requests that a node be waived or found not applicable.
CREATE TABLE waivers (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    node_id BIGINT NOT NULL REFERENCES time_nodes (id),
    kind TEXT NOT NULL CHECK (kind IN ('waived', 'not_applicable')),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'refused', 'withdrawn')),
    requested_by BIGINT NOT NULL REFERENCES accounts (id),
    requested_on DATE NOT NULL,
    decided_by BIGINT REFERENCES accounts (id),
    decided_on DATE,
    decision_reason TEXT,
    withdrawn_by BIGINT REFERENCES accounts (id),
    withdrawn_on DATE,
    withdrawal_reason TEXT,
    version BIGINT NOT NULL,
    CHECK ((state = 'requested') = (decided_by IS NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_by IS NOT NULL))
);

-- Requests that a node be cancelled.
CREATE TABLE cancellations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    node_id BIGINT NOT NULL REFERENCES time_nodes (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'refused')),
    requested_by BIGINT NOT NULL REFERENCES accounts (id),
    requested_on DATE NOT NULL,
    decided_by BIGINT REFERENCES accounts (id),
    decided_on DATE,
    decision_reason TEXT,
    version BIGINT NOT NULL,
    CHECK ((state = 'requested') = (decided_by IS NULL))
);

-- Stored evidence files, by digest.
CREATE TABLE attachments (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    file_name TEXT NOT NULL,
    uploaded_by BIGINT NOT NULL REFERENCES accounts (id),
    recorded_on DATE NOT NULL
);

-- What was reported of a node. Append-only: a withdrawal is marked, nothing is rewritten.
CREATE TABLE progress_reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    node_id BIGINT NOT NULL REFERENCES time_nodes (id),
    kind TEXT NOT NULL CHECK (kind IN ('progress', 'completion')),
    text TEXT NOT NULL,
    percent BIGINT CHECK (percent BETWEEN 0 AND 100),
    held_on DATE,
    on_paper TEXT NOT NULL,
    addition_to BIGINT REFERENCES progress_reports (id),
    reported_on DATE NOT NULL,
    reported_by BIGINT NOT NULL REFERENCES accounts (id),
    on_behalf BOOLEAN NOT NULL,
    content_hash TEXT NOT NULL,
    withdrawn_on DATE,
    withdrawn_by BIGINT REFERENCES accounts (id),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK (reported_on <= recorded_on),
    CHECK (kind = 'completion' OR addition_to IS NULL),
    CHECK ((withdrawn_on IS NULL) = (withdrawn_by IS NULL))
);

-- Which stored files a report names, in order.
CREATE TABLE report_attachments (
    report_id BIGINT NOT NULL REFERENCES progress_reports (id),
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (report_id, attachment_id)
);

-- The ruling on a completion: one a report; a revocation is marked on it.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    report_id BIGINT NOT NULL REFERENCES progress_reports (id) UNIQUE,
    verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'returned')),
    return_kind TEXT CHECK (return_kind IN ('not_done', 'supplement')),
    comment TEXT,
    on_paper_seen BOOLEAN NOT NULL,
    content_hash TEXT NOT NULL,
    reviewed_by BIGINT NOT NULL REFERENCES accounts (id),
    recorded_on DATE NOT NULL,
    revoked_on DATE,
    revoked_by BIGINT REFERENCES accounts (id),
    revocation_reason TEXT,
    CHECK ((verdict = 'returned') = (return_kind IS NOT NULL)),
    CHECK (verdict = 'accepted' OR comment IS NOT NULL),
    CHECK (verdict = 'accepted' OR revoked_on IS NULL)
);

CREATE UNIQUE INDEX unit_facts_now ON unit_facts (unit_id) WHERE recorded_to IS NULL;
CREATE INDEX unit_facts_by_path ON unit_facts (path);
CREATE INDEX unit_facts_by_unit ON unit_facts (unit_id, recorded_from);
CREATE INDEX appointments_by_account ON appointments (account_id);
CREATE INDEX appointments_by_unit ON appointments (unit_id);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE UNIQUE INDEX plan_facts_now ON plan_facts (plan_id) WHERE recorded_to IS NULL;
CREATE INDEX plan_facts_by_plan ON plan_facts (plan_id, recorded_from);
CREATE INDEX key_points_by_plan ON key_points (plan_id);
CREATE UNIQUE INDEX key_point_facts_now ON key_point_facts (key_point_id) WHERE recorded_to IS NULL;
CREATE INDEX key_point_facts_by_key_point ON key_point_facts (key_point_id, recorded_from);
CREATE INDEX tasks_by_key_point ON tasks (key_point_id);
CREATE UNIQUE INDEX task_facts_now ON task_facts (task_id) WHERE recorded_to IS NULL;
CREATE INDEX task_facts_by_task ON task_facts (task_id, recorded_from);
CREATE UNIQUE INDEX responsibilities_now ON responsibilities (task_id, unit_id, part) WHERE recorded_to IS NULL;
CREATE INDEX responsibilities_by_unit ON responsibilities (unit_id);
CREATE INDEX schedule_entries_by_task ON schedule_entries (task_id);
CREATE INDEX time_nodes_by_unit ON time_nodes (unit_id, plan_id);
CREATE INDEX time_nodes_by_plan ON time_nodes (plan_id, unit_id);
CREATE INDEX time_nodes_by_task ON time_nodes (task_id);
CREATE UNIQUE INDEX time_node_states_now ON time_node_states (node_id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX time_node_states_by_node ON time_node_states (node_id, recorded_from);
CREATE UNIQUE INDEX extensions_pending ON extensions (node_id) WHERE state = 'requested';
CREATE INDEX extensions_by_node ON extensions (node_id);
CREATE UNIQUE INDEX waivers_pending ON waivers (node_id) WHERE state = 'requested';
CREATE INDEX waivers_by_node ON waivers (node_id);
CREATE UNIQUE INDEX cancellations_pending ON cancellations (node_id) WHERE state = 'requested';
CREATE INDEX cancellations_by_node ON cancellations (node_id);
CREATE INDEX attachments_by_digest ON attachments (sha256);
CREATE INDEX progress_reports_by_node ON progress_reports (node_id);
CREATE INDEX report_attachments_by_attachment ON report_attachments (attachment_id);
