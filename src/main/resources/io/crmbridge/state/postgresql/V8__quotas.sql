-- What has been called with a connection's credential: recent holds the times of the latest calls, eight bytes each.
-- clean says that it was written at the end, and so that nothing is missing.
CREATE TABLE quota (
    source_id   BIGINT PRIMARY KEY REFERENCES source (id),
    limits      TEXT NOT NULL,
    recent      BYTEA NOT NULL,
    share       INTEGER NOT NULL,
    refusals    INTEGER NOT NULL,
    refused_at  BIGINT,
    quiet_until BIGINT,
    spent_at    BIGINT,
    saved_at    BIGINT NOT NULL,
    clean       BOOLEAN NOT NULL
);

-- How many calls began in each minute.
CREATE TABLE quota_minute (
    source_id BIGINT NOT NULL REFERENCES source (id),
    minute    BIGINT NOT NULL,
    calls     INTEGER NOT NULL,
    PRIMARY KEY (source_id, minute)
);
