-- Who was urged to do what, and when: at most once a node and day.
CREATE TABLE urges (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    node_id BIGINT NOT NULL REFERENCES time_nodes (id),
    note TEXT,
    urged_by BIGINT NOT NULL REFERENCES accounts (id),
    urged_on DATE NOT NULL
);

CREATE UNIQUE INDEX urges_once_a_day ON urges (node_id, urged_on);
