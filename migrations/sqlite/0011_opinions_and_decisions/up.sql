-- The finding or decision that a task was made from. Which of the two says origin_kind; so there is no REFERENCES, and
-- the slice that makes the task proves it.
ALTER TABLE tasks ADD COLUMN origin_kind TEXT CHECK (origin_kind IN ('finding', 'decision'));
ALTER TABLE tasks ADD COLUMN origin_id BIGINT CHECK ((origin_kind IS NULL) = (origin_id IS NULL));

CREATE INDEX tasks_by_origin ON tasks (origin_kind, origin_id);

-- What a unit said to a meeting: an opinion or suggestion 意见建议. What became of it is written on it, once.
CREATE TABLE opinions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    unit_id BIGINT NOT NULL REFERENCES units (id),
    text TEXT NOT NULL,
    given_by BIGINT NOT NULL REFERENCES accounts (id),
    on_behalf BOOLEAN NOT NULL,
    given_on DATE NOT NULL,
    withdrawn_on DATE,
    disposition TEXT CHECK (disposition IN ('adopted', 'partly_adopted', 'not_adopted', 'noted')),
    reply TEXT,
    disposed_by BIGINT REFERENCES accounts (id),
    disposed_on DATE,
    version BIGINT NOT NULL,
    CHECK (withdrawn_on >= given_on),
    CHECK (disposed_on >= given_on),
    CHECK (withdrawn_on IS NULL OR disposed_on IS NULL),
    CHECK ((disposition IS NULL) = (disposed_on IS NULL)),
    CHECK ((reply IS NULL) = (disposed_on IS NULL)),
    CHECK ((disposed_by IS NULL) = (disposed_on IS NULL))
);

-- What a meeting decided: a resolution 决议 with its votes, a deployment 部署, or an information 通报. entitled is how many
-- could vote, as it was when the votes were entered.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    number BIGINT NOT NULL CHECK (number >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('resolution', 'deployment', 'information')),
    title TEXT,
    text TEXT NOT NULL,
    votes_for BIGINT CHECK (votes_for >= 0),
    votes_against BIGINT CHECK (votes_against >= 0),
    abstained BIGINT CHECK (abstained >= 0),
    present BIGINT,
    entitled BIGINT,
    due_on DATE,
    recorded_by BIGINT NOT NULL REFERENCES accounts (id),
    version BIGINT NOT NULL,
    recorded_on DATE NOT NULL,
    UNIQUE (meeting_id, number),
    CHECK (kind <> 'resolution' OR votes_for IS NOT NULL),
    CHECK ((votes_for IS NULL) = (votes_against IS NULL)),
    CHECK ((votes_for IS NULL) = (abstained IS NULL)),
    CHECK ((votes_for IS NULL) = (present IS NULL)),
    CHECK ((votes_for IS NULL) = (entitled IS NULL)),
    CHECK (votes_for + votes_against + abstained <= present),
    CHECK (present <= entitled)
);

-- Which opinions a decision takes up.
CREATE TABLE decision_opinions (
    decision_id BIGINT NOT NULL REFERENCES decisions (id),
    opinion_id BIGINT NOT NULL REFERENCES opinions (id),
    recorded_on DATE NOT NULL,
    PRIMARY KEY (decision_id, opinion_id)
);

-- The decision that approved the plan, where it was recorded here; approved_by says it in words.
ALTER TABLE plan_facts ADD COLUMN approved_by_decision_id BIGINT REFERENCES decisions (id);

-- The decision by which a branch is recognised.
ALTER TABLE recognitions ADD COLUMN decision_id BIGINT REFERENCES decisions (id) CHECK (verdict <> 'recognised' OR decision_id IS NOT NULL);

CREATE INDEX opinions_by_meeting ON opinions (meeting_id);
CREATE INDEX opinions_by_unit ON opinions (unit_id);
CREATE INDEX opinions_by_giver ON opinions (given_by);
CREATE INDEX decision_opinions_by_opinion ON decision_opinions (opinion_id);
CREATE INDEX plan_facts_by_decision ON plan_facts (approved_by_decision_id);
