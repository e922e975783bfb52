-- Writes to a CRM, each recorded before it is sent. request and answer are JSON; known holds ids that matched before it was sent.
CREATE TABLE intent (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   BIGINT NOT NULL REFERENCES source (id),
    key_hash    BYTEA NOT NULL,
    resource    TEXT NOT NULL,
    operation   TEXT NOT NULL,
    route_id    TEXT NOT NULL,
    natural_key BYTEA NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT,
    planned_at  BIGINT NOT NULL,
    state_since BIGINT NOT NULL,
    sent_at     BIGINT,
    sends       BIGINT NOT NULL DEFAULT 0,
    record_id   TEXT,
    known       TEXT NOT NULL DEFAULT '',
    codec       BIGINT NOT NULL DEFAULT 0,
    key_id      BIGINT NOT NULL DEFAULT 0,
    request     BYTEA NOT NULL,
    answer      BYTEA,
    UNIQUE (source_id, key_hash)
);
CREATE INDEX intent_by_state ON intent (source_id, state, resource, state_since);
CREATE INDEX intent_by_natural_key ON intent (source_id, resource, natural_key);

-- Who must not be enrolled by the bridge: a contact's id or an e-mail address, each as a hash; sequence is an id, or * for all.
CREATE TABLE suppression (
    source_id    BIGINT NOT NULL REFERENCES source (id),
    sequence     TEXT NOT NULL,
    subject_hash BYTEA NOT NULL,
    reason       TEXT NOT NULL,
    since        BIGINT NOT NULL,
    PRIMARY KEY (source_id, sequence, subject_hash)
);
