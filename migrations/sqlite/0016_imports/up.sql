-- Files that were handed in to be imported. The file itself lies among the evidence files and is swept after a day.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    list TEXT NOT NULL CHECK (list IN ('units', 'accounts', 'tasks', 'standards', 'findings')),
    plan_id BIGINT REFERENCES plans (id),
    set_id BIGINT REFERENCES standard_sets (id),
    year BIGINT,
    sheet TEXT,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('checked', 'committed')),
    counted TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    made_by BIGINT REFERENCES accounts (id),
    made_on DATE NOT NULL,
    committed_on DATE,
    version BIGINT NOT NULL,
    CHECK ((state = 'committed') = (committed_on IS NOT NULL))
);
