-- When the bytes of a file were destroyed; its digest stays.
ALTER TABLE attachments ADD COLUMN destroyed_on DATE;

-- Requests that the bytes of a file be destroyed: one person asks, another decides.
CREATE TABLE attachment_destructions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'refused')),
    requested_by BIGINT NOT NULL REFERENCES accounts (id),
    requested_on DATE NOT NULL,
    decided_by BIGINT REFERENCES accounts (id),
    decided_on DATE,
    decision_reason TEXT,
    CHECK ((state = 'requested') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_on IS NULL)),
    CHECK (decided_by <> requested_by),
    CHECK (state <> 'refused' OR decision_reason IS NOT NULL)
);

CREATE UNIQUE INDEX attachment_destructions_pending ON attachment_destructions (attachment_id) WHERE state = 'requested';
CREATE INDEX attachment_destructions_by_attachment ON attachment_destructions (attachment_id);
