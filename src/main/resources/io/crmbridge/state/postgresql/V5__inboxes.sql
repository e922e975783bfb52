-- What each inbox has taken in, and what it turned away.
CREATE TABLE inbox (
    feed_id    BIGINT PRIMARY KEY REFERENCES feed (id),
    accepted   BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    refused    BIGINT NOT NULL,
    dropped    BIGINT NOT NULL
);

-- By what an entry is told from one that came before: ENTRY, its own key, for a while; EFFECT, the step and the change that
-- appended it, for good.
CREATE TABLE inbox_key (
    feed_id  BIGINT NOT NULL REFERENCES feed (id),
    kind     TEXT NOT NULL,
    key_hash BYTEA NOT NULL,
    receipt  TEXT NOT NULL,
    seen_at  BIGINT NOT NULL,
    PRIMARY KEY (feed_id, kind, key_hash)
);
CREATE INDEX inbox_key_by_age ON inbox_key (feed_id, kind, seen_at);
