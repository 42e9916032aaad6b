-- A meeting or another activity of a unit. What can change is changed before it is held or closed; the day on which the
-- holding was recorded stays, so that a past day knows whether it had been held by then.
CREATE TABLE meetings (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    kind TEXT NOT NULL CHECK (kind IN (
        'committee_meeting', 'promotion_meeting', 'seminar', 'members_meeting', 'branch_committee_meeting',
        'group_meeting', 'party_lecture', 'theme_day', 'organisational_life_meeting', 'democratic_appraisal', 'other'
    )),
    title TEXT NOT NULL,
    called_for DATE NOT NULL,
    starts_at TEXT,
    place TEXT,
    chair TEXT,
    recorder TEXT,
    status TEXT NOT NULL CHECK (status IN ('scheduled', 'held', 'closed', 'cancelled')),
    held_on DATE,
    held_recorded_on DATE,
    ended_on DATE,
    cancellation_reason TEXT,
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK ((status IN ('held', 'closed')) = (held_on IS NOT NULL)),
    CHECK ((held_on IS NULL) = (held_recorded_on IS NULL)),
    CHECK (held_on <= held_recorded_on),
    CHECK ((status IN ('closed', 'cancelled')) = (ended_on IS NOT NULL)),
    CHECK (ended_on >= held_recorded_on),
    CHECK ((status = 'cancelled') = (cancellation_reason IS NOT NULL))
);

-- What is kept of a meeting beside its minutes: the record taken at it, and the evidence on paper.
CREATE TABLE meeting_records (
    meeting_id BIGINT NOT NULL PRIMARY KEY REFERENCES meetings (id),
    text TEXT,
    on_paper TEXT NOT NULL
);

-- Which stored files a meeting names, in order.
CREATE TABLE meeting_attachments (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    attachment_id BIGINT NOT NULL REFERENCES attachments (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, attachment_id)
);

-- What a meeting deals with. What an item links to is of several kinds, so link_id has no REFERENCES.
CREATE TABLE agenda_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    position BIGINT NOT NULL,
    title TEXT NOT NULL,
    presenter TEXT,
    link_kind TEXT CHECK (link_kind IN ('plan', 'task', 'finding', 'decision')),
    link_id BIGINT,
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK ((link_kind IS NULL) = (link_id IS NULL))
);

-- Who was expected at a meeting and who came, from one recorded day to another.
CREATE TABLE attendances (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    position BIGINT NOT NULL,
    person TEXT NOT NULL,
    unit_id BIGINT REFERENCES units (id),
    account_id BIGINT REFERENCES accounts (id),
    status TEXT NOT NULL CHECK (status IN ('expected', 'present', 'leave', 'absent', 'observer')),
    reason TEXT,
    recorded_from DATE NOT NULL,
    recorded_to DATE,
    CHECK (recorded_to > recorded_from),
    CHECK ((status = 'leave') = (reason IS NOT NULL))
);

-- The minutes of a meeting: drafted, signed, distributed.
CREATE TABLE meeting_minutes (
    meeting_id BIGINT NOT NULL PRIMARY KEY REFERENCES meetings (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'signed', 'distributed')),
    text TEXT NOT NULL,
    drafted_by BIGINT NOT NULL REFERENCES accounts (id),
    signed_by BIGINT REFERENCES accounts (id),
    signed_on DATE,
    distributed_by BIGINT REFERENCES accounts (id),
    distributed_on DATE,
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK ((status = 'draft') = (signed_on IS NULL)),
    CHECK ((signed_by IS NULL) = (signed_on IS NULL)),
    CHECK ((status = 'distributed') = (distributed_on IS NOT NULL)),
    CHECK ((distributed_by IS NULL) = (distributed_on IS NULL)),
    CHECK (signed_on >= recorded_on),
    CHECK (distributed_on >= signed_on)
);

-- Which units were called to a meeting or sent its minutes, and who of each signed for it: once a unit, kind and edition.
CREATE TABLE meeting_receipts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    kind TEXT NOT NULL CHECK (kind IN ('call', 'minutes')),
    edition BIGINT NOT NULL CHECK (edition >= 1),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    sent_on DATE NOT NULL,
    account_id BIGINT REFERENCES accounts (id),
    signed_on DATE,
    UNIQUE (meeting_id, kind, edition, unit_id),
    CHECK ((account_id IS NULL) = (signed_on IS NULL)),
    CHECK (signed_on >= sent_on)
);

-- Completion reports that were made of one activity: once a report.
CREATE TABLE meeting_time_nodes (
    report_id BIGINT NOT NULL PRIMARY KEY REFERENCES progress_reports (id),
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    node_id BIGINT NOT NULL REFERENCES time_nodes (id),
    recorded_on DATE NOT NULL
);

CREATE INDEX meetings_by_unit ON meetings (unit_id, held_on);
CREATE INDEX meeting_attachments_by_attachment ON meeting_attachments (attachment_id);
CREATE INDEX agenda_items_by_meeting ON agenda_items (meeting_id);
CREATE UNIQUE INDEX attendances_in_force ON attendances (meeting_id, position) WHERE recorded_to IS NULL;
CREATE INDEX attendances_by_meeting ON attendances (meeting_id);
CREATE INDEX attendances_by_unit ON attendances (unit_id);
CREATE INDEX meeting_receipts_by_unit ON meeting_receipts (unit_id);
CREATE INDEX meeting_time_nodes_by_meeting ON meeting_time_nodes (meeting_id);
