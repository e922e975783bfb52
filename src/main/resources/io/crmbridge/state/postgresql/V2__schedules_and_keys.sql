-- The fires of a scheduled route: a fire that was missed while no bridge ran is found by what stands here.
CREATE TABLE schedule (
    bundle       TEXT    NOT NULL,
    route_id     TEXT    NOT NULL,
    since        BIGINT  NOT NULL,
    due_at       BIGINT,
    fired_at     BIGINT,
    ended_at     BIGINT,
    failure      TEXT,
    succeeded_at BIGINT,
    next_at      BIGINT,
    PRIMARY KEY (bundle, route_id)
);

-- What was answered or processed once and must not be again, by scope.
CREATE TABLE seen_key (
    scope    TEXT    NOT NULL,
    key_hash BYTEA   NOT NULL,
    seen_at  BIGINT  NOT NULL,
    PRIMARY KEY (scope, key_hash)
);

-- Places of routes that are gone for long, and what waited there when they were given up.
CREATE TABLE expired_place (
    id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bundle          TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    route_id        TEXT    NOT NULL,
    feed_id         BIGINT  NOT NULL REFERENCES feed (id),
    position        BIGINT  NOT NULL,
    parked          BIGINT  NOT NULL,
    dead            BIGINT  NOT NULL,
    last_started_at BIGINT  NOT NULL,
    expired_at      BIGINT  NOT NULL
);
