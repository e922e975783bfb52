-- Instants are microseconds since 1970-01-01T00:00:00Z. Numbers of the log never return (AUTOINCREMENT).

CREATE TABLE source (
    id             INTEGER PRIMARY KEY,
    connection     TEXT    NOT NULL UNIQUE,
    type           TEXT    NOT NULL,
    workspace_id   TEXT,
    workspace_name TEXT,
    state          TEXT    NOT NULL,
    reason         TEXT,
    state_since    INTEGER NOT NULL
);

CREATE TABLE feed (
    id               INTEGER PRIMARY KEY,
    source_id        INTEGER NOT NULL REFERENCES source (id),
    name             TEXT    NOT NULL,
    started_at       INTEGER NOT NULL,
    lease            INTEGER NOT NULL DEFAULT 0,
    polls            INTEGER NOT NULL DEFAULT 0,
    proven           INTEGER,
    proven_locally   INTEGER NOT NULL DEFAULT 0,
    history_from     INTEGER,
    history_complete INTEGER NOT NULL DEFAULT 0,
    learnt_cap       INTEGER,
    anchors          TEXT    NOT NULL DEFAULT '[]',
    last_poll_at     INTEGER,
    fresh_at         INTEGER,
    page_rows        INTEGER,
    page_cap         INTEGER,
    error            TEXT,
    UNIQUE (source_id, name)
);

CREATE TABLE change (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id        INTEGER NOT NULL REFERENCES feed (id),
    record_id      TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    hash           BLOB    NOT NULL,
    kind           TEXT    NOT NULL,
    first_seen     INTEGER NOT NULL,
    baseline       INTEGER NOT NULL,
    changed_fields TEXT,
    previous       INTEGER,
    addressed_to   INTEGER,
    observed_at    INTEGER NOT NULL,
    codec          INTEGER NOT NULL DEFAULT 0,
    key_id         INTEGER NOT NULL DEFAULT 0,
    body           BLOB    NOT NULL
);
CREATE INDEX change_by_feed ON change (feed_id, seq);

CREATE TABLE mirror (
    feed_id   INTEGER NOT NULL REFERENCES feed (id),
    record_id TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    raw_hash  BLOB    NOT NULL,
    recent    BLOB    NOT NULL,
    PRIMARY KEY (feed_id, record_id)
) WITHOUT ROWID;

CREATE TABLE gap (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id   INTEGER NOT NULL REFERENCES feed (id),
    from_at   INTEGER NOT NULL,
    to_at     INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    evidence  TEXT
);

CREATE TABLE quarantine (
    feed_id    INTEGER NOT NULL REFERENCES feed (id),
    hash       BLOB    NOT NULL,
    reason     TEXT    NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    codec      INTEGER NOT NULL DEFAULT 0,
    key_id     INTEGER NOT NULL DEFAULT 0,
    body       BLOB    NOT NULL,
    PRIMARY KEY (feed_id, hash)
) WITHOUT ROWID;

CREATE TABLE subscription (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    bundle            TEXT    NOT NULL,
    name              TEXT    NOT NULL,
    route_id          TEXT    NOT NULL,
    feed_id           INTEGER NOT NULL REFERENCES feed (id),
    start_from        TEXT    NOT NULL,
    position          INTEGER NOT NULL,
    done_above        TEXT    NOT NULL DEFAULT '',
    state             TEXT    NOT NULL,
    reason            TEXT,
    state_since       INTEGER NOT NULL,
    delivered         INTEGER NOT NULL DEFAULT 0,
    handled           INTEGER NOT NULL DEFAULT 0,
    last_delivered_at INTEGER,
    last_started_at   INTEGER NOT NULL,
    options           TEXT,
    UNIQUE (bundle, name, feed_id)
);

CREATE TABLE parked (
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    seq             INTEGER NOT NULL,
    record_id       TEXT    NOT NULL,
    batch           INTEGER,
    attempts        INTEGER NOT NULL,
    next_try_at     INTEGER NOT NULL,
    reason          TEXT,
    effects         TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (subscription_id, seq)
) WITHOUT ROWID;

-- The boundaries of a batch, written down before it is delivered: a redelivered batch is the same batch.
CREATE TABLE batch (
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    first_seq       INTEGER NOT NULL,
    seqs            TEXT    NOT NULL,
    PRIMARY KEY (subscription_id, first_seq)
) WITHOUT ROWID;

CREATE TABLE dead_letter (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    seq             INTEGER NOT NULL,
    record_id       TEXT    NOT NULL,
    attempts        INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    effects         TEXT    NOT NULL DEFAULT '',
    died_at         INTEGER NOT NULL,
    state           TEXT    NOT NULL,
    state_since     INTEGER NOT NULL
);
CREATE INDEX dead_letter_by_seq ON dead_letter (seq);

CREATE TABLE export_file (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    slot      TEXT    NOT NULL,
    path      TEXT    NOT NULL,
    columns   TEXT,
    state     TEXT    NOT NULL,
    bytes     INTEGER NOT NULL,
    entries   INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER
);
CREATE INDEX export_file_by_slot ON export_file (slot, state);

CREATE TABLE export_key (
    key_hash BLOB PRIMARY KEY,
    file_id  INTEGER NOT NULL REFERENCES export_file (id)
) WITHOUT ROWID;

-- The routes of the bundle as it was last started; off_reason says why one does not run.
CREATE TABLE route (
    bundle     TEXT    NOT NULL,
    route_id   TEXT    NOT NULL,
    off_reason TEXT,
    paused     INTEGER NOT NULL DEFAULT 0,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (bundle, route_id)
);

-- What a command asks of the running bridge, which reads this every second.
CREATE TABLE command (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    argument   TEXT    NOT NULL,
    asked_at   INTEGER NOT NULL,
    done_at    INTEGER,
    result     TEXT
);
