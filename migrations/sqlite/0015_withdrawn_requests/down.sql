-- What was withdrawn becomes a refusal, or a waiver that was granted and withdrawn by the one who asked.
CREATE TABLE extensions_before AS SELECT * FROM extensions;
DROP TABLE extensions;
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
CREATE UNIQUE INDEX extensions_pending ON extensions (node_id) WHERE state = 'requested';
CREATE INDEX extensions_by_node ON extensions (node_id);
INSERT INTO extensions (
    id, node_id, from_due_on, due_on, reason, state, granted_late, requested_by, requested_on, decided_by,
    decided_on, decision_reason, version
)
SELECT
    id, node_id, from_due_on, due_on, reason, CASE WHEN state = 'withdrawn' THEN 'refused' ELSE state END,
    granted_late, requested_by, requested_on, COALESCE(decided_by, withdrawn_by), COALESCE(decided_on,
    withdrawn_on), COALESCE(decision_reason, withdrawal_reason), version
FROM extensions_before;
DROP TABLE extensions_before;

CREATE TABLE waivers_before AS SELECT * FROM waivers;
DROP TABLE waivers;
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
CREATE UNIQUE INDEX waivers_pending ON waivers (node_id) WHERE state = 'requested';
CREATE INDEX waivers_by_node ON waivers (node_id);
INSERT INTO waivers (
    id, node_id, kind, reason, state, requested_by, requested_on, decided_by, decided_on, decision_reason,
    withdrawn_by, withdrawn_on, withdrawal_reason, version
)
SELECT
    id, node_id, kind, reason, state, requested_by, requested_on, COALESCE(decided_by, withdrawn_by),
    COALESCE(decided_on, withdrawn_on), decision_reason, withdrawn_by, withdrawn_on, withdrawal_reason,
    version
FROM waivers_before;
DROP TABLE waivers_before;

CREATE TABLE cancellations_before AS SELECT * FROM cancellations;
DROP TABLE cancellations;
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
CREATE UNIQUE INDEX cancellations_pending ON cancellations (node_id) WHERE state = 'requested';
CREATE INDEX cancellations_by_node ON cancellations (node_id);
INSERT INTO cancellations (
    id, node_id, reason, state, requested_by, requested_on, decided_by, decided_on, decision_reason, version
)
SELECT
    id, node_id, reason, CASE WHEN state = 'withdrawn' THEN 'refused' ELSE state END, requested_by,
    requested_on, COALESCE(decided_by, withdrawn_by), COALESCE(decided_on, withdrawn_on),
    COALESCE(decision_reason, withdrawal_reason), version
FROM cancellations_before;
DROP TABLE cancellations_before;
