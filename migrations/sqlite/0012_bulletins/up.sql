-- What is published: bulletins, circulars, monthly reports. Once released, nothing of it changes.
CREATE TABLE bulletins (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    kind TEXT NOT NULL CHECK (kind IN ('bulletin', 'circular', 'monthly_report')),
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    submitter TEXT,
    meeting_id BIGINT REFERENCES meetings (id),
    period TEXT,
    figures TEXT,
    public BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'released')),
    written_by BIGINT NOT NULL REFERENCES accounts (id),
    approved_by BIGINT REFERENCES accounts (id),
    approved_on DATE,
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    CHECK ((state = 'draft') = (approved_by IS NULL)),
    CHECK ((approved_by IS NULL) = (approved_on IS NULL))
);

-- The release of a bulletin, with its number among those of its unit, kind and year.
CREATE TABLE bulletin_releases (
    bulletin_id BIGINT NOT NULL PRIMARY KEY REFERENCES bulletins (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    kind TEXT NOT NULL CHECK (kind IN ('bulletin', 'circular', 'monthly_report')),
    year BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    released_by BIGINT NOT NULL REFERENCES accounts (id),
    released_on DATE NOT NULL,
    released_at TIMESTAMP NOT NULL,
    UNIQUE (unit_id, kind, year, number)
);

-- Corrections of a released text, numbered.
CREATE TABLE bulletin_errata (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    bulletin_id BIGINT NOT NULL REFERENCES bulletins (id),
    number BIGINT NOT NULL CHECK (number > 0),
    text TEXT NOT NULL,
    made_by BIGINT NOT NULL REFERENCES accounts (id),
    made_on DATE NOT NULL,
    UNIQUE (bulletin_id, number)
);

-- Who has read a released text: once a reader.
CREATE TABLE bulletin_views (
    bulletin_id BIGINT NOT NULL REFERENCES bulletins (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    viewed_on DATE NOT NULL,
    PRIMARY KEY (bulletin_id, account_id)
);

-- Who of a unit signed for a circular: once a unit.
CREATE TABLE bulletin_receipts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    bulletin_id BIGINT NOT NULL REFERENCES bulletins (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    signed_on DATE NOT NULL,
    UNIQUE (bulletin_id, unit_id)
);

-- Whether released texts marked public are read without signing in.
ALTER TABLE settings ADD COLUMN public_bulletins BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX bulletins_by_unit ON bulletins (unit_id);
CREATE INDEX bulletin_receipts_by_unit ON bulletin_receipts (unit_id);
