-- How a unit's department lays tables out: columns in their order and wording, title lines, a signature line.
CREATE TABLE layouts (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    made_by BIGINT REFERENCES accounts (id),
    recorded_on DATE NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (unit_id, name)
);
