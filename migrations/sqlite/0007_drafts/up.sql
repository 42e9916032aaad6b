-- A report being written: freely edited, no report until it is signed, gone once it is.
CREATE TABLE report_drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    node_id BIGINT NOT NULL REFERENCES time_nodes (id),
    kind TEXT NOT NULL CHECK (kind IN ('progress', 'completion')),
    text TEXT NOT NULL,
    percent BIGINT CHECK (percent BETWEEN 0 AND 100),
    held_on DATE,
    on_paper TEXT NOT NULL,
    reported_on DATE,
    drafted_by BIGINT NOT NULL REFERENCES accounts (id),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL
);

-- Which stored files a draft names, in order.
CREATE TABLE draft_attachments (
    draft_id BIGINT NOT NULL REFERENCES report_drafts (id),
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (draft_id, attachment_id)
);

CREATE INDEX report_drafts_by_node ON report_drafts (node_id);
CREATE INDEX draft_attachments_by_attachment ON draft_attachments (attachment_id);
