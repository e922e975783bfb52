-- What each inbox has taken in, and what it turned away.
CREATE TABLE inbox (
    feed_id    INTEGER PRIMARY KEY REFERENCES feed (id),
    accepted   INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    refused    INTEGER NOT NULL,
    dropped    INTEGER NOT NULL
);

-- By what an entry is told from one that came before: ENTRY, its own key, for a while; EFFECT, the step and the change that
-- appended it, for good.
CREATE TABLE inbox_key (
    feed_id  INTEGER NOT NULL REFERENCES feed (id),
    kind     TEXT NOT NULL,
    key_hash BLOB NOT NULL,
    receipt  TEXT NOT NULL,
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (feed_id, kind, key_hash)
) WITHOUT ROWID;
CREATE INDEX inbox_key_by_age ON inbox_key (feed_id, kind, seen_at);
