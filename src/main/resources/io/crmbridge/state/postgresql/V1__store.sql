-- Instants are microseconds since 1970-01-01T00:00:00Z. These tables are those of ../sqlite, and the three below.

-- The highest number of the log. Numbers are drawn by an UPDATE: its row lock is held to the end of the transaction, so
-- numbers become visible in order, never return, and a transaction that fails leaves no hole. A sequence has none of these.
CREATE TABLE log_head (
    head BIGINT NOT NULL
) WITH (fillfactor = 50);
INSERT INTO log_head VALUES (0);

-- Who may write: the bridge that knows the lease, until the database's clock says so. Only that bridge moves until on.
CREATE TABLE holder (
    lease BIGINT NOT NULL,
    node  TEXT   NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL
) WITH (fillfactor = 50);
INSERT INTO holder VALUES (0, '', 0, 0);

-- Who waits for its turn.
CREATE TABLE standby (
    node  TEXT   PRIMARY KEY,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL
);

CREATE TABLE source (
    id             BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection     TEXT    NOT NULL UNIQUE,
    type           TEXT    NOT NULL,
    workspace_id   TEXT,
    workspace_name TEXT,
    state          TEXT    NOT NULL,
    reason         TEXT,
    state_since    BIGINT  NOT NULL
);

CREATE TABLE feed (
    id               BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id        BIGINT  NOT NULL REFERENCES source (id),
    name             TEXT    NOT NULL,
    started_at       BIGINT  NOT NULL,
    lease            BIGINT  NOT NULL DEFAULT 0,
    polls            BIGINT  NOT NULL DEFAULT 0,
    proven           BIGINT,
    proven_locally   BOOLEAN NOT NULL DEFAULT FALSE,
    history_from     BIGINT,
    history_complete BOOLEAN NOT NULL DEFAULT FALSE,
    learnt_cap       BIGINT,
    anchors          TEXT    NOT NULL DEFAULT '[]',
    last_poll_at     BIGINT,
    fresh_at         BIGINT,
    page_rows        BIGINT,
    page_cap         BIGINT,
    error            TEXT,
    UNIQUE (source_id, name)
);

CREATE TABLE change (
    seq            BIGINT PRIMARY KEY,
    feed_id        BIGINT  NOT NULL REFERENCES feed (id),
    record_id      TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    hash           BYTEA   NOT NULL,
    kind           TEXT    NOT NULL,
    first_seen     BOOLEAN NOT NULL,
    baseline       BOOLEAN NOT NULL,
    changed_fields TEXT,
    previous       BIGINT,
    addressed_to   BIGINT,
    observed_at    BIGINT  NOT NULL,
    codec          BIGINT  NOT NULL DEFAULT 0,
    key_id         BIGINT  NOT NULL DEFAULT 0,
    body           BYTEA   NOT NULL
);
CREATE INDEX change_by_feed ON change (feed_id, seq);

CREATE TABLE mirror (
    feed_id   BIGINT  NOT NULL REFERENCES feed (id),
    record_id TEXT    NOT NULL,
    seq       BIGINT  NOT NULL,
    raw_hash  BYTEA   NOT NULL,
    recent    BYTEA   NOT NULL,
    PRIMARY KEY (feed_id, record_id)
);

CREATE TABLE gap (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_id   BIGINT  NOT NULL REFERENCES feed (id),
    from_at   BIGINT  NOT NULL,
    to_at     BIGINT  NOT NULL,
    reason    TEXT    NOT NULL,
    opened_at BIGINT  NOT NULL,
    closed_at BIGINT,
    evidence  TEXT
);

CREATE TABLE quarantine (
    feed_id    BIGINT  NOT NULL REFERENCES feed (id),
    hash       BYTEA   NOT NULL,
    reason     TEXT    NOT NULL,
    first_seen BIGINT  NOT NULL,
    last_seen  BIGINT  NOT NULL,
    codec      BIGINT  NOT NULL DEFAULT 0,
    key_id     BIGINT  NOT NULL DEFAULT 0,
    body       BYTEA   NOT NULL,
    PRIMARY KEY (feed_id, hash)
);

CREATE TABLE subscription (
    id                BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bundle            TEXT    NOT NULL,
    name              TEXT    NOT NULL,
    route_id          TEXT    NOT NULL,
    feed_id           BIGINT  NOT NULL REFERENCES feed (id),
    start_from        TEXT    NOT NULL,
    position          BIGINT  NOT NULL,
    done_above        TEXT    NOT NULL DEFAULT '',
    state             TEXT    NOT NULL,
    reason            TEXT,
    state_since       BIGINT  NOT NULL,
    delivered         BIGINT  NOT NULL DEFAULT 0,
    handled           BIGINT  NOT NULL DEFAULT 0,
    last_delivered_at BIGINT,
    last_started_at   BIGINT  NOT NULL,
    options           TEXT,
    UNIQUE (bundle, name, feed_id)
) WITH (fillfactor = 50);

CREATE TABLE parked (
    subscription_id BIGINT  NOT NULL REFERENCES subscription (id),
    seq             BIGINT  NOT NULL,
    record_id       TEXT    NOT NULL,
    batch           BIGINT,
    attempts        BIGINT  NOT NULL,
    next_try_at     BIGINT  NOT NULL,
    reason          TEXT,
    effects         TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (subscription_id, seq)
);

-- The boundaries of a batch, written down before it is delivered: a redelivered batch is the same batch.
CREATE TABLE batch (
    subscription_id BIGINT  NOT NULL REFERENCES subscription (id),
    first_seq       BIGINT  NOT NULL,
    seqs            TEXT    NOT NULL,
    PRIMARY KEY (subscription_id, first_seq)
);

CREATE TABLE dead_letter (
    id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id BIGINT  NOT NULL REFERENCES subscription (id),
    seq             BIGINT  NOT NULL,
    record_id       TEXT    NOT NULL,
    attempts        BIGINT  NOT NULL,
    reason          TEXT    NOT NULL,
    effects         TEXT    NOT NULL DEFAULT '',
    died_at         BIGINT  NOT NULL,
    state           TEXT    NOT NULL,
    state_since     BIGINT  NOT NULL
);
CREATE INDEX dead_letter_by_seq ON dead_letter (seq);

CREATE TABLE export_file (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slot      TEXT    NOT NULL,
    path      TEXT    NOT NULL,
    columns   TEXT,
    state     TEXT    NOT NULL,
    bytes     BIGINT  NOT NULL,
    entries   BIGINT  NOT NULL,
    opened_at BIGINT  NOT NULL,
    closed_at BIGINT
);
CREATE INDEX export_file_by_slot ON export_file (slot, state);

CREATE TABLE export_key (
    key_hash BYTEA PRIMARY KEY,
    file_id  BIGINT  NOT NULL REFERENCES export_file (id)
);

-- The routes of the bundle as it was last started; off_reason says why one does not run.
CREATE TABLE route (
    bundle     TEXT    NOT NULL,
    route_id   TEXT    NOT NULL,
    off_reason TEXT,
    paused     BOOLEAN NOT NULL DEFAULT FALSE,
    seen_at    BIGINT  NOT NULL,
    PRIMARY KEY (bundle, route_id)
);

-- What a command asks of the running bridge, which reads this every second.
CREATE TABLE command (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       TEXT    NOT NULL,
    argument   TEXT    NOT NULL,
    asked_at   BIGINT  NOT NULL,
    done_at    BIGINT,
    result     TEXT
);
