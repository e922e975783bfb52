-- Writes to a CRM, each recorded before it is sent. request and answer are JSON; known holds ids that matched before it was sent.
CREATE TABLE intent (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id   INTEGER NOT NULL REFERENCES source (id),
    key_hash    BLOB NOT NULL,
    resource    TEXT NOT NULL,
    operation   TEXT NOT NULL,
    route_id    TEXT NOT NULL,
    natural_key BLOB NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT,
    planned_at  INTEGER NOT NULL,
    state_since INTEGER NOT NULL,
    sent_at     INTEGER,
    sends       INTEGER NOT NULL DEFAULT 0,
    record_id   TEXT,
    known       TEXT NOT NULL DEFAULT '',
    codec       INTEGER NOT NULL DEFAULT 0,
    key_id      INTEGER NOT NULL DEFAULT 0,
    request     BLOB NOT NULL,
    answer      BLOB,
    UNIQUE (source_id, key_hash)
);
CREATE INDEX intent_by_state ON intent (source_id, state, resource, state_since);
CREATE INDEX intent_by_natural_key ON intent (source_id, resource, natural_key);

-- Who must not be enrolled by the bridge: a contact's id or an e-mail address, each as a hash; sequence is an id, or * for all.
CREATE TABLE suppression (
    source_id    INTEGER NOT NULL REFERENCES source (id),
    sequence     TEXT NOT NULL,
    subject_hash BLOB NOT NULL,
    reason       TEXT NOT NULL,
    since        INTEGER NOT NULL,
    PRIMARY KEY (source_id, sequence, subject_hash)
);
